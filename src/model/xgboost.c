// SPDX-License-Identifier: Apache-2.0
#include "model/xgboost.h"
#include "model/xgboost_library.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

PXI_LIBRARY(xgboost, PXI_XGBOOST_FILE, PXI_XGBOOST_FUNCTIONS)

typedef struct trees {
    px_predictor base;
    BoosterHandle booster;
} trees;

static BoosterHandle booster_of(const px_predictor *predictor) {
    return ((const trees *)predictor)->booster;
}

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

/* ---- making ------------------------------------------------------------------------------------------- */

/* XGBoost's log is a setting of the calling thread. */
static int silence(void) {
    return XGBSetGlobalConfig("{\"verbosity\": 0}");
}

px_status pxi_trees_new(const px_learner *learner, const pxi_tree_setting *settings, size_t n,
                        px_predictor **out, px_error *err) {
    px_status status = open_library(err);
    if (status)
        return status;
    trees *made = pxi_new_array(1, sizeof *made);
    if (!made)
        return pxi_fail_memory(err);
    made->base.learner = learner;
    TRY(silence(), "silence its log");
    TRY(XGBoosterCreate(NULL, 0, &made->booster), "make a booster");
    TRY(XGBoosterSetParam(made->booster, "nthread", "1"), "set nthread"); /* starts no threads */
    for (size_t i = 0; i < n; i++)
        TRY(XGBoosterSetParam(made->booster, settings[i].name, settings[i].value), settings[i].name);
    *out = &made->base;
    return PX_OK;
done:
    pxi_trees_free(&made->base);
    return status;
}

void pxi_trees_free(px_predictor *predictor) {
    if (booster_of(predictor))
        XGBoosterFree(booster_of(predictor));
    free(predictor);
}

px_status pxi_trees_grow(px_predictor *predictor, const float *x, size_t n, int n_trees,
                         pxi_gradient_fn *gradients, void *user, px_error *err) {
    px_status status = PX_OK;
    DMatrixHandle matrix = NULL;
    float *gradient = pxi_new_array(n, sizeof *gradient), *hessian = pxi_new_array(n, sizeof *hessian);
    if (!gradient || !hessian) {
        status = pxi_fail_memory(err);
        goto done;
    }
    TRY(XGDMatrixCreateFromMat_omp(x, n, PX_N_INPUTS, NAN, &matrix, 1), "take the training rows");
    for (int tree = 0; tree < n_trees; tree++) {
        gradients(user, tree, gradient, hessian);
        TRY(XGBoosterBoostOneIter(booster_of(predictor), matrix, gradient, hessian, n), "grow a tree");
    }
done:
    if (matrix)
        XGDMatrixFree(matrix);
    free(gradient);
    free(hessian);
    return status;
}

px_status pxi_trees_boost(px_predictor *predictor, const float *x, const uint8_t *y, size_t n, int n_trees,
                          px_error *err) {
    px_status status = PX_OK;
    DMatrixHandle matrix = NULL;
    float *target = pxi_new_array(n, sizeof *target);
    if (!target)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        target[i] = y[i];
    TRY(XGDMatrixCreateFromMat_omp(x, n, PX_N_INPUTS, NAN, &matrix, 1), "take the training rows");
    TRY(XGDMatrixSetFloatInfo(matrix, "label", target, n), "take the training rows' classes");
    for (int tree = 0; tree < n_trees; tree++)
        TRY(XGBoosterUpdateOneIter(booster_of(predictor), tree, matrix), "grow a tree");
done:
    if (matrix)
        XGDMatrixFree(matrix);
    free(target);
    return status;
}

/* ---- predicting --------------------------------------------------------------------------------------- */

/* What the trees [begin, end) say of each row; 0 .. 0 is all of them. Valid until the booster's next call. */
static px_status predict_range(const px_predictor *predictor, DMatrixHandle matrix, size_t n, int begin,
                               int end, const float **out, px_error *err) {
    char how[160];
    px_status status = PX_OK;
    const bst_ulong *shape;
    bst_ulong n_dimensions;
    snprintf(how, sizeof how,
             "{\"type\": 0, \"training\": false, \"iteration_begin\": %d, \"iteration_end\": %d, "
             "\"strict_shape\": true}",
             begin, end);
    TRY(XGBoosterPredictFromDMatrix(booster_of(predictor), matrix, how, &shape, &n_dimensions, out),
        "predict");
    if (n_dimensions != 2 || shape[0] != n || shape[1] != 1)
        status = pxi_fail(err, PX_ELIBRARY, "XGBoost's prediction has another shape than %zu x 1", n);
done:
    return status;
}

/* Outside [0, 1] there is only the rounding of sums of frequencies. */
static px_status to_probabilities(double *p, size_t n, px_error *err) {
    const double dust = 1e-5;
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= -dust && p[i] <= 1 + dust))
            return pxi_fail(err, PX_ELIBRARY, "the model gave %g for a probability", p[i]);
    for (size_t i = 0; i < n; i++)
        p[i] = fmin(fmax(p[i], 0), 1);
    return PX_OK;
}

/* Adds up what each stretch of `step` trees says; 0 = all trees in one. */
static px_status predict(const px_predictor *predictor, const float *x, size_t n, int step, double *p,
                         px_error *err) {
    px_status status = PX_OK;
    DMatrixHandle matrix = NULL; /* always a fresh one: predictions of a known matrix come from a cache */
    const int n_trees = pxi_trees_count(predictor);
    const float *part = NULL;
    for (size_t i = 0; i < n; i++)
        p[i] = 0;
    TRY(silence(), "silence its log");
    TRY(XGDMatrixCreateFromMat_omp(x, n, PX_N_INPUTS, NAN, &matrix, 1), "take the rows to predict");
    for (int begin = 0; begin < n_trees && !status; begin += step ? step : n_trees) {
        int end = !step ? 0 : begin + step < n_trees ? begin + step : n_trees;
        status = predict_range(predictor, matrix, n, begin, end, &part, err);
        for (size_t i = 0; i < n && !status; i++)
            p[i] += (double)part[i];
    }
    if (!status)
        status = to_probabilities(p, n, err);
done:
    if (matrix)
        XGDMatrixFree(matrix);
    return status;
}

px_status pxi_trees_predict(const px_predictor *predictor, const float *x, size_t n, double *p,
                            px_error *err) {
    return predict(predictor, x, n, 0, p, err);
}

/* XGBoost adds up floats, and the rounding of a thousand trees shows in the sixth decimal: so it adds up a
 * few trees at a time, and the parts are added in double. */
px_status pxi_trees_predict_sum(const px_predictor *predictor, const float *x, size_t n, double *p,
                                px_error *err) {
    enum { TREES_AT_ONCE = 32 };
    return predict(predictor, x, n, TREES_AT_ONCE, p, err);
}

/* ---- on disk ------------------------------------------------------------------------------------------ */

px_status pxi_trees_serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err) {
    px_status status = PX_OK;
    bst_ulong size;
    const char *buffer;
    TRY(XGBoosterSaveModelToBuffer(booster_of(predictor), "{\"format\": \"ubj\"}", &size, &buffer), "save");
    char *copy = pxi_new_array(size, 1);
    if (!copy)
        return pxi_fail_memory(err);
    memcpy(copy, buffer, size);
    *bytes = copy;
    *length = size;
done:
    return status;
}

px_status pxi_trees_deserialize(const px_learner *learner, const char *bytes, size_t length,
                                px_predictor **out, px_error *err) {
    bst_ulong n_inputs = 0;
    px_predictor *loaded = NULL;
    px_status status = pxi_trees_new(learner, NULL, 0, &loaded, err);
    if (status)
        return status;
    TRY(XGBoosterLoadModelFromBuffer(booster_of(loaded), bytes, length), "load the model");
    TRY(XGBoosterGetNumFeature(booster_of(loaded), &n_inputs), "count the model's inputs");
    if (n_inputs != PX_N_INPUTS) {
        status = pxi_fail(err, PX_EMISMATCH, "the model has %llu inputs, events have %d",
                          (unsigned long long)n_inputs, PX_N_INPUTS);
        goto done;
    }
    *out = loaded;
    return PX_OK;
done:
    pxi_trees_free(loaded);
    return status;
}

/* ---- looking inside ----------------------------------------------------------------------------------- */

int pxi_trees_count(const px_predictor *predictor) {
    int n = 0;
    return XGBoosterBoostedRounds(booster_of(predictor), &n) == 0 ? n : 0;
}

px_status pxi_trees_dump(const px_predictor *predictor, char **out, px_error *err) {
    px_status status = PX_OK;
    bst_ulong n;
    const char **dumps;
    pxi_text text = {0};
    TRY(XGBoosterDumpModelEx(booster_of(predictor), "", 1, "json", &n, &dumps), "write out its trees");
    pxi_text_puts(&text, "[");
    for (bst_ulong i = 0; i < n; i++)
        pxi_text_printf(&text, "%s\n%s", i ? "," : "", dumps[i]);
    pxi_text_puts(&text, "\n]\n");
    status = pxi_text_take(&text, out, err);
done:
    return status;
}

px_status pxi_trees_gain(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    px_status status = PX_OK;
    bst_ulong n, n_dimensions;
    const bst_ulong *shape;
    const char **names;
    const float *gain;
    double total = 0, sums[PX_N_INPUTS] = {0};
    TRY(XGBoosterFeatureScore(booster_of(predictor), "{\"importance_type\": \"total_gain\"}", &n, &names,
                              &n_dimensions, &shape, &gain),
        "sum up gains");
    for (bst_ulong i = 0; i < n; i++) { /* inputs without a split are absent */
        long long input;
        if (names[i][0] != 'f' || !pxi_parse_i64(names[i] + 1, strlen(names[i] + 1), &input) || input < 0 ||
            input >= PX_N_INPUTS)
            return pxi_fail(err, PX_ELIBRARY, "XGBoost names an input \"%s\"", names[i]);
        sums[input] = (double)gain[i];
        total += (double)gain[i];
    }
    for (int k = 0; k < PX_N_INPUTS; k++)
        share[k] = total > 0 ? sums[k] / total : 0;
done:
    return status;
}
