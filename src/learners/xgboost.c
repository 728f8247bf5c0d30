// SPDX-License-Identifier: Apache-2.0
#include "learners/xgboost.h"
#include "learners/xgboost_library.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PXI_LIBRARY(xgboost, PXI_XGBOOST_FILE, PXI_XGBOOST_FUNCTIONS)

/* XGBoost's message without its stack trace. */
static px_status fail(px_error *err, const char *doing) {
    const char *text = XGBGetLastError();
    const char *at = strncmp(text, "[", 1) == 0 ? strstr(text, "] ") : NULL;
    text = at ? at + 2 : text;
    return pxi_fail(err, PX_ELIBRARY, "XGBoost failed to %s: %.*s", doing, (int)strcspn(text, "\n"), text);
}

#define TRY(call, doing)                                                                                     \
    do {                                                                                                     \
        if ((call) != 0) {                                                                                   \
            status = fail(err, doing);                                                                       \
            goto done;                                                                                       \
        }                                                                                                    \
    } while (0)

char *px_xgboost_version(char buf[PX_XGBOOST_VERSION_SIZE]) {
    int major, minor, patch;
    if (open_library(NULL))
        return NULL;
    XGBoostVersion(&major, &minor, &patch);
    snprintf(buf, PX_XGBOOST_VERSION_SIZE, "%d.%d.%d", major, minor, patch);
    return buf;
}

/* ---- growing ------------------------------------------------------------------------------------------ */

/* XGBoost's log is a setting of the calling thread. */
static int silence(void) {
    return XGBSetGlobalConfig("{\"verbosity\": 0}");
}

static px_status make_booster(const pxi_growth *growth, BoosterHandle *out, px_error *err) {
    px_status status = open_library(err);
    if (status)
        return status;
    TRY(silence(), "silence its log");
    TRY(XGBoosterCreate(NULL, 0, out), "make a booster");
    TRY(XGBoosterSetParam(*out, "nthread", "1"), "set nthread"); /* starts no threads */
    for (size_t i = 0; i < growth->n_settings; i++)
        TRY(XGBoosterSetParam(*out, growth->settings[i].name, growth->settings[i].value),
            growth->settings[i].name);
done:
    return status;
}

static px_status grow_from_gradients(const pxi_growth *growth, BoosterHandle booster, DMatrixHandle matrix,
                                     px_error *err) {
    px_status status = PX_OK;
    const size_t n = growth->n;
    float *gradient = pxi_new_array(n, sizeof *gradient), *hessian = pxi_new_array(n, sizeof *hessian);
    if (!gradient || !hessian) {
        status = pxi_fail_memory(err);
        goto done;
    }
    for (int tree = 0; tree < growth->n_trees; tree++) {
        if ((status = pxi_work_ask(growth->work, err)))
            goto done;
        growth->gradients(growth->user, tree, gradient, hessian);
        TRY(XGBoosterBoostOneIter(booster, matrix, gradient, hessian, n), "grow a tree");
    }
done:
    free(gradient);
    free(hessian);
    return status;
}

/* The start is given row by row: what a version makes of its own start value does not matter then. */
static px_status grow_by_objective(const pxi_growth *growth, BoosterHandle booster, DMatrixHandle matrix,
                                   px_error *err) {
    px_status status = PX_OK;
    const size_t n = growth->n;
    float *values = pxi_new_array(n, sizeof *values);
    if (!values)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        values[i] = growth->y[i];
    TRY(XGDMatrixSetFloatInfo(matrix, "label", values, n), "take the training rows' classes");
    for (size_t i = 0; i < n; i++)
        values[i] = growth->start;
    TRY(XGDMatrixSetFloatInfo(matrix, "base_margin", values, n), "take the training rows' start");
    for (int tree = 0; tree < growth->n_trees; tree++) {
        if ((status = pxi_work_ask(growth->work, err)))
            goto done;
        TRY(XGBoosterUpdateOneIter(booster, tree, matrix), "grow a tree");
    }
done:
    free(values);
    return status;
}

px_status pxi_xgboost_grow(const pxi_growth *growth, pxi_ensemble *out, px_error *err) {
    px_status status = PX_OK;
    BoosterHandle booster = NULL;
    DMatrixHandle matrix = NULL;
    bst_ulong size;
    const char *file;
    if ((status = make_booster(growth, &booster, err)))
        goto done;
    TRY(XGDMatrixCreateFromMat_omp(growth->x, growth->n, PX_N_INPUTS, NAN, &matrix, 1),
        "take the training rows");
    if ((status =
             (growth->gradients ? grow_from_gradients : grow_by_objective)(growth, booster, matrix, err)))
        goto done;
    TRY(XGBoosterSaveModelToBuffer(booster, "{\"format\": \"ubj\"}", &size, &file), "save");
    status = pxi_tree_file_read(file, size, PX_N_INPUTS, out, err);
done:
    if (matrix)
        XGDMatrixFree(matrix);
    if (booster)
        XGBoosterFree(booster);
    return status;
}
