// SPDX-License-Identifier: Apache-2.0
/* Learner rf: bagged classification trees, each on a bootstrap of the rows, each leaf the class frequency,
 * the probability the mean over trees (Breiman, Random Forests, 2001). XGBoost grows them. Its own
 * random-forest mode draws rows without replacement, so each tree is one boosting call with our bootstrap
 * counts w: gradient -w y and hessian w without regularisation make every leaf sum(w y) / sum(w), the class
 * frequency, and every split the one that lowers the Gini impurity most; with step 1/trees from a base of 0
 * the margin is the mean over the trees. */
#include "learners/rf.h"

#include "pixity/number.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/rng.h"
#include "learners/trees.h"
#include "learners/xgboost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TREES, MAX_DEPTH, INPUTS_PER_NODE, SEED, N_PARAMETERS };

static const px_parameter parameters[N_PARAMETERS] = {
    [TREES] = {"trees", NULL, "Trees", "", "trees of the forest", 1, 10000, 50, 100, true},
    [MAX_DEPTH] = {"max_depth", "depth", "Depth", "", "most splits between root and leaf", 1, 30, 1, 7, true},
    /* floor(sqrt(7)) */
    [INPUTS_PER_NODE] = {"inputs_per_node", "inputs", "Inputs a node", "", "inputs tried at every split", 1,
                         PX_N_INPUTS, 1, 2, true},
    [SEED] = {"seed", NULL, "Seed", "", "begins the random draws of rows and inputs", 0, INT32_MAX, 1, 42,
              true},
};

/* ---- rows --------------------------------------------------------------------------------------------- */

void pxi_forest_bootstrap(uint64_t seed, int tree, size_t n, float *counts) {
    pxi_rng rng;
    pxi_rng_seed(&rng, seed << 32 | (uint64_t)tree);
    memset(counts, 0, n * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[pxi_rng_below(&rng, n)] += 1;
}

/* One bit an input, of the first eight: whether the row lies above the input's mean. */
static void find_cells(const float *x, size_t n, uint8_t *cell) {
    enum { N_BITS = PX_N_INPUTS < 8 ? PX_N_INPUTS : 8 };
    for (int k = 0; k < N_BITS; k++) {
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

/* ---- training ----------------------------------------------------------------------------------------- */

/* What one training holds. */
typedef struct trainer {
    size_t n;
    uint64_t seed;
    size_t *row_at;
    float *x, *y; /* in that order */
} trainer;

static void trainer_free(trainer *t) {
    free(t->row_at);
    free(t->x);
    free(t->y);
}

static px_status take_rows(trainer *t, const float *x, const uint8_t *y, px_error *err) {
    t->row_at = pxi_new_array(t->n, sizeof *t->row_at);
    t->x = pxi_new_array(t->n * PX_N_INPUTS, sizeof *t->x);
    t->y = pxi_new_array(t->n, sizeof *t->y);
    if (!t->row_at || !t->x || !t->y)
        return pxi_fail_memory(err);
    px_status status = pxi_forest_order(x, t->n, t->row_at, err);
    for (size_t i = 0; i < t->n && !status; i++) {
        t->y[i] = y[t->row_at[i]];
        memcpy(&t->x[i * PX_N_INPUTS], &x[t->row_at[i] * PX_N_INPUTS], PX_N_INPUTS * sizeof *x);
    }
    return status;
}

static void gradients(void *user, int tree, float *gradient, float *hessian) {
    const trainer *t = user;
    pxi_forest_bootstrap(t->seed, tree, t->n, hessian);
    for (size_t i = 0; i < t->n; i++)
        gradient[i] = -hessian[i] * t->y[i];
}

static px_status grow(const px_learner_config *config, trainer *t, pxi_ensemble *out, px_error *err) {
    const double *values = config->values;
    char inputs[32], depth[32], seed[32];
    char eta[PX_DOUBLE_TEXT_SIZE], share[PX_DOUBLE_TEXT_SIZE]; /* in no locale but C */
    snprintf(inputs, sizeof inputs, "%d", PX_N_INPUTS);
    px_double_format(1.0 / values[TREES], eta);
    px_double_format(values[INPUTS_PER_NODE] / PX_N_INPUTS, share);
    snprintf(depth, sizeof depth, "%.0f", values[MAX_DEPTH]);
    snprintf(seed, sizeof seed, "%.0f", values[SEED]);
    const pxi_tree_setting settings[] = {
        {"booster", "gbtree"},
        {"num_feature", inputs},
        {"objective", "reg:squarederror"}, /* the sum of the trees is the prediction */
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
    const pxi_growth growth = {
        .settings = settings,
        .n_settings = sizeof settings / sizeof *settings,
        .n_trees = (int)values[TREES],
        .x = t->x,
        .n = t->n,
        .gradients = gradients,
        .user = t,
        .work = &config->work,
    };
    return pxi_xgboost_grow(&growth, out, err);
}

static px_status train(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                       px_predictor **out, px_error *err) {
    trainer t = {.n = n, .seed = (uint64_t)config->values[SEED]};
    pxi_ensemble forest = {0};
    px_status status = take_rows(&t, x, y, err);
    if (!status)
        status = grow(config, &t, &forest, err);
    trainer_free(&t);
    return status ? status : pxi_trees_make(&pxi_rf, &forest, out, err);
}

const px_learner pxi_rf = {
    .name = "rf",
    .summary = "random forest: 100 bootstrapped trees of depth 7, probability = mean class frequency",
    .ending = PXI_TREES_ENDING,
    .importance = "share of gain",
    .parameters = parameters,
    .n_parameters = N_PARAMETERS,
    .train = train,
    .predict = pxi_trees_predict,
    .exchange = pxi_trees_exchange,
    .serialize = pxi_trees_serialize,
    .deserialize = pxi_trees_deserialize,
    .measure = pxi_trees_gain,
    .free = pxi_trees_free,
};
