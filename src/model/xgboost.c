// SPDX-License-Identifier: Apache-2.0
/* A random forest through XGBoost. Its own random-forest mode draws rows without replacement, so each tree is
 * one boosting call with our bootstrap counts w: gradient -w y and hessian w without regularisation make
 * every leaf sum(w y) / sum(w), the class frequency, and every split the one that lowers the Gini impurity
 * most; with step 1/n_trees from a base of 0 the margin is the mean over the trees. */
#include "model/forest.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xgboost/c_api.h>

struct px_forest {
    BoosterHandle booster;
};

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

px_forest_config px_forest_config_default(void) {
    px_forest_config config = {.n_trees = 100, .max_depth = 7, .max_features = 2, .seed = 42};
    return config;
}

void pxi_forest_library_version(char buf[PXI_VERSION_SIZE]) {
    int major, minor, patch;
    XGBoostVersion(&major, &minor, &patch);
    snprintf(buf, PXI_VERSION_SIZE, "%d.%d.%d", major, minor, patch);
}

char *px_xgboost_version(char buf[PX_XGBOOST_VERSION_SIZE]) {
    pxi_forest_library_version(buf);
    return buf;
}

void pxi_forest_bootstrap(const px_forest_config *config, int tree, size_t n, float *counts) {
    pxi_rng rng;
    pxi_rng_seed(&rng, config->seed << 32 | (uint64_t)tree);
    memset(counts, 0, n * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[pxi_rng_below(&rng, n)] += 1;
}

/* XGBoost's log is a setting of the calling thread. */
static int silence(void) {
    return XGBSetGlobalConfig("{\"verbosity\": 0}");
}

/* A booster that starts no threads. */
static px_status booster_new(px_forest **out, px_error *err) {
    px_status status = PX_OK;
    px_forest *forest = pxi_new_array(1, sizeof *forest);
    if (!forest)
        return pxi_fail_memory(err);
    TRY(silence(), "silence its log");
    TRY(XGBoosterCreate(NULL, 0, &forest->booster), "make a booster");
    TRY(XGBoosterSetParam(forest->booster, "nthread", "1"), "set nthread");
    *out = forest;
    return PX_OK;
done:
    px_forest_free(&forest);
    return status;
}

void px_forest_free(px_forest **forest) {
    if (!*forest)
        return;
    if ((*forest)->booster)
        XGBoosterFree((*forest)->booster);
    free(*forest);
    *forest = NULL;
}

static px_status configure(px_forest *forest, const px_forest_config *config, px_error *err) {
    char inputs[32], depth[32], seed[32];
    char eta[PX_DOUBLE_TEXT_SIZE], share[PX_DOUBLE_TEXT_SIZE]; /* in no locale but C */
    snprintf(inputs, sizeof inputs, "%d", PX_N_INPUTS);
    px_double_format(1.0 / config->n_trees, eta);
    px_double_format((double)config->max_features / PX_N_INPUTS, share);
    snprintf(depth, sizeof depth, "%d", config->max_depth);
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)config->seed);
    const struct {
        const char *name, *value;
    } params[] = {
        {"booster", "gbtree"},
        {"num_feature", inputs},
        {"objective", "reg:squarederror"}, /* predictions are the margin as it is */
        {"base_score", "0"},
        {"tree_method", "hist"},   /* four times faster than exact, same quality; docs/model.md */
        {"max_bin", "256"},        /* the most that fit one byte a cell */
        {"min_child_weight", "1"}, /* at least one drawn row a leaf */
        {"lambda", "0"},
        {"alpha", "0"},
        {"gamma", "0"},
        {"eta", eta},
        {"max_depth", depth},
        {"colsample_bynode", share},
        {"seed", seed}, /* of the inputs tried: one stream through all trees */
    };
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        if (XGBoosterSetParam(forest->booster, params[i].name, params[i].value) != 0)
            return fail(err, params[i].name);
    return PX_OK;
}

static px_status check_config(const px_forest_config *config, size_t n, px_error *err) {
    if (n == 0)
        return pxi_fail(err, PX_EINPUT, "cannot train a forest on no rows");
    if (config->n_trees < 1 || config->max_depth < 1 || config->max_features < 1 ||
        config->max_features > PX_N_INPUTS || config->seed > INT32_MAX)
        return pxi_fail(err, PX_EINPUT,
                        "a forest needs at least 1 tree and depth 1, 1 to %d features a node and a seed "
                        "below 2^31",
                        PX_N_INPUTS);
    return PX_OK;
}

/* One bit an input: whether the row lies above the input's mean. */
static void find_cells(const float *x, size_t n, uint8_t *cell) {
    _Static_assert(PX_N_INPUTS <= 8, "a cell's number fits a byte");
    for (int k = 0; k < PX_N_INPUTS; k++) {
        double sum = 0;
        size_t defined = 0;
        for (size_t i = 0; i < n; i++) {
            float value = x[i * PX_N_INPUTS + (size_t)k];
            sum += isnan(value) ? 0 : (double)value;
            defined += !isnan(value);
        }
        double mean = defined ? sum / (double)defined : 0;
        for (size_t i = 0; i < n; i++)
            cell[i] |= (uint8_t)(((double)x[i * PX_N_INPUTS + (size_t)k] > mean) << k);
    }
}

px_status pxi_forest_order(const float *x, size_t n, size_t *row_at, px_error *err) {
    size_t begin[257] = {0};
    uint8_t *cell = pxi_new_array(n, sizeof *cell);
    if (!cell)
        return pxi_fail_memory(err);
    find_cells(x, n, cell);
    for (size_t i = 0; i < n; i++)
        begin[cell[i] + 1]++;
    for (int k = 0; k < 256; k++)
        begin[k + 1] += begin[k];
    for (size_t i = 0; i < n; i++)
        row_at[begin[cell[i]]++] = i;
    free(cell);
    return PX_OK;
}

/* What one training holds. */
typedef struct trainer {
    size_t n;
    size_t *row_at;
    float *x, *y; /* in that order */
    float *gradient, *hessian;
    DMatrixHandle matrix;
    px_forest *forest;
} trainer;

static void trainer_free(trainer *t) {
    free(t->row_at);
    free(t->x);
    free(t->y);
    free(t->gradient);
    free(t->hessian);
    if (t->matrix)
        XGDMatrixFree(t->matrix);
    px_forest_free(&t->forest);
}

static px_status take_rows(trainer *t, const float *x, const uint8_t *y, size_t n, px_error *err) {
    if (n > SIZE_MAX / PX_N_INPUTS)
        return pxi_fail_memory(err);
    t->n = n;
    t->row_at = pxi_new_array(n, sizeof *t->row_at);
    t->x = pxi_new_array(n * PX_N_INPUTS, sizeof *t->x);
    t->y = pxi_new_array(n, sizeof *t->y);
    t->gradient = pxi_new_array(n, sizeof *t->gradient);
    t->hessian = pxi_new_array(n, sizeof *t->hessian);
    if (!t->row_at || !t->x || !t->y || !t->gradient || !t->hessian)
        return pxi_fail_memory(err);
    px_status status = pxi_forest_order(x, n, t->row_at, err);
    for (size_t i = 0; i < n && !status; i++) {
        t->y[i] = y[t->row_at[i]];
        memcpy(&t->x[i * PX_N_INPUTS], &x[t->row_at[i] * PX_N_INPUTS], PX_N_INPUTS * sizeof *x);
    }
    return status;
}

static px_status grow_trees(trainer *t, const px_forest_config *config, px_error *err) {
    px_status status = PX_OK;
    TRY(XGDMatrixCreateFromMat_omp(t->x, t->n, PX_N_INPUTS, NAN, &t->matrix, 1), "take the training rows");
    for (int tree = 0; tree < config->n_trees; tree++) {
        pxi_forest_bootstrap(config, tree, t->n, t->hessian);
        for (size_t i = 0; i < t->n; i++)
            t->gradient[i] = -t->hessian[i] * t->y[i];
        TRY(XGBoosterBoostOneIter(t->forest->booster, t->matrix, t->gradient, t->hessian, t->n),
            "grow a tree");
    }
done:
    return status;
}

px_status px_forest_train(const float *x, const uint8_t *y, size_t n, const px_forest_config *config,
                          px_forest **out, px_error *err) {
    trainer t = {0};
    px_status status;
    if ((status = check_config(config, n, err)) || (status = take_rows(&t, x, y, n, err)) ||
        (status = booster_new(&t.forest, err)) || (status = configure(t.forest, config, err)) ||
        (status = grow_trees(&t, config, err)))
        goto done;
    *out = t.forest;
    t.forest = NULL;
done:
    trainer_free(&t);
    return status;
}

/* Means of frequencies: outside [0, 1] there is only rounding of float sums. */
static px_status to_probabilities(const float *margin, size_t n, double *p, px_error *err) {
    const float dust = 1e-5f;
    for (size_t i = 0; i < n; i++)
        if (!(margin[i] >= -dust && margin[i] <= 1 + dust))
            return pxi_fail(err, PX_ELIBRARY,
                            "the model gave %g for a probability: it is no forest of class "
                            "frequencies",
                            (double)margin[i]);
    for (size_t i = 0; i < n; i++)
        p[i] = fmin(fmax((double)margin[i], 0), 1);
    return PX_OK;
}

px_status px_forest_predict(const px_forest *forest, const float *x, size_t n, double *p, px_error *err) {
    static const char how[] = "{\"type\": 0, \"training\": false, \"iteration_begin\": 0, "
                              "\"iteration_end\": 0, \"strict_shape\": true}";
    px_status status = PX_OK;
    DMatrixHandle matrix = NULL; /* always a fresh one: predictions of a known matrix come from a cache */
    const bst_ulong *shape;
    bst_ulong n_dimensions;
    const float *margin;
    if (n == 0)
        return PX_OK;
    TRY(silence(), "silence its log");
    TRY(XGDMatrixCreateFromMat_omp(x, n, PX_N_INPUTS, NAN, &matrix, 1), "take the rows to predict");
    TRY(XGBoosterPredictFromDMatrix(forest->booster, matrix, how, &shape, &n_dimensions, &margin), "predict");
    if (n_dimensions != 2 || shape[0] != n || shape[1] != 1)
        status = pxi_fail(err, PX_ELIBRARY, "XGBoost's prediction has another shape than %zu x 1", n);
    else
        status = to_probabilities(margin, n, p, err);
done:
    if (matrix)
        XGDMatrixFree(matrix);
    return status;
}

px_status px_forest_serialize(const px_forest *forest, char **bytes, size_t *length, px_error *err) {
    px_status status = PX_OK;
    bst_ulong size;
    const char *buffer;
    TRY(XGBoosterSaveModelToBuffer(forest->booster, "{\"format\": \"ubj\"}", &size, &buffer), "save");
    char *copy = pxi_new_array(size, 1);
    if (!copy)
        return pxi_fail_memory(err);
    memcpy(copy, buffer, size);
    *bytes = copy;
    *length = size;
done:
    return status;
}

px_status px_forest_deserialize(const char *bytes, size_t length, px_forest **out, px_error *err) {
    bst_ulong n_inputs = 0;
    px_forest *forest = NULL;
    px_status status = booster_new(&forest, err);
    if (status)
        return status;
    TRY(XGBoosterLoadModelFromBuffer(forest->booster, bytes, length), "load the model");
    TRY(XGBoosterGetNumFeature(forest->booster, &n_inputs), "count the model's inputs");
    if (n_inputs != PX_N_INPUTS) {
        status = pxi_fail(err, PX_EMISMATCH, "the model has %llu inputs, events have %d",
                          (unsigned long long)n_inputs, PX_N_INPUTS);
        goto done;
    }
    *out = forest;
    return PX_OK;
done:
    px_forest_free(&forest);
    return status;
}

int pxi_forest_n_trees(const px_forest *forest) {
    int n = 0;
    return XGBoosterBoostedRounds(forest->booster, &n) == 0 ? n : 0;
}

px_status px_forest_dump(const px_forest *forest, char **out, px_error *err) {
    px_status status = PX_OK;
    bst_ulong n;
    const char **trees;
    pxi_text text = {0};
    TRY(XGBoosterDumpModelEx(forest->booster, "", 1, "json", &n, &trees), "write out its trees");
    pxi_text_puts(&text, "[");
    for (bst_ulong i = 0; i < n; i++)
        pxi_text_printf(&text, "%s\n%s", i ? "," : "", trees[i]);
    pxi_text_puts(&text, "\n]\n");
    status = pxi_text_take(&text, out, err);
done:
    return status;
}

px_status px_forest_importance(const px_forest *forest, double share[PX_N_INPUTS], px_error *err) {
    px_status status = PX_OK;
    bst_ulong n, n_dimensions;
    const bst_ulong *shape;
    const char **names;
    const float *gain;
    double total = 0, sums[PX_N_INPUTS] = {0};
    TRY(XGBoosterFeatureScore(forest->booster, "{\"importance_type\": \"total_gain\"}", &n, &names,
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
