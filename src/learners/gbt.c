// SPDX-License-Identifier: Apache-2.0
/* Learner gbt: gradient-boosted trees (Friedman, Greedy Function Approximation, 2001; Chen and Guestrin,
 * XGBoost, 2016), each a small correction of the log odds. Labelled events are few and noisy, so the trees
 * are shallow, their leaves hold many events and are shrunk, and there are few of them; nothing is left to a
 * search and nothing stops early, as both would need a hold-out of their own. No draw is random: the seed is
 * recorded and changes nothing. */
#include "learners/trees.h"
#include "learners/xgboost.h"
#include "pixity/number.h"

#include <math.h>
#include <stdio.h>

enum { TREES, MAX_DEPTH, LEARNING_RATE, MIN_CHILD_WEIGHT, LAMBDA, SEED, N_PARAMETERS };

static const px_parameter parameters[N_PARAMETERS] = {
    [TREES] = {"trees", NULL, "Trees", "", "trees, each a correction of those before", 1, 10000, 50, 100,
               true},
    [MAX_DEPTH] = {"max_depth", "depth", "Depth", "", "most splits between root and leaf", 1, 30, 1, 3, true},
    [LEARNING_RATE] = {"learning_rate", "rate", "Learning rate", "",
                       "share of its correction that a tree makes", 1e-4, 1, 0.01, 0.03, false},
    /* 5: some 20 events */
    [MIN_CHILD_WEIGHT] = {"min_child_weight", "weight", "Least weight of a leaf", "",
                          "least sum of p (1 - p) over the events of a leaf", 0, 1e6, 1, 5, false},
    [LAMBDA] = {"lambda", NULL, "Lambda", "", "L2 penalty of a leaf's log odds", 0, 1e6, 1, 5, false},
    [SEED] = {"seed", NULL, "Seed", "", "kept on record; nothing is drawn", 0, INT32_MAX, 1, 42, true},
};

/* Log odds where boosting starts: of the share of targets with one event of each class added, which keeps
 * those of one class finite. */
static double start_margin(const uint8_t *y, size_t n) {
    size_t targets = 0;
    for (size_t i = 0; i < n; i++)
        targets += y[i];
    return log(((double)targets + 1) / ((double)(n - targets) + 1));
}

static px_status grow(const double *values, pxi_growth *growth, pxi_ensemble *out, px_error *err) {
    char inputs[32], depth[32], seed[32];
    char rate[PX_DOUBLE_TEXT_SIZE], weight[PX_DOUBLE_TEXT_SIZE], lambda[PX_DOUBLE_TEXT_SIZE];
    snprintf(inputs, sizeof inputs, "%d", PX_N_INPUTS);
    snprintf(depth, sizeof depth, "%.0f", values[MAX_DEPTH]);
    snprintf(seed, sizeof seed, "%.0f", values[SEED]);
    px_double_format(values[LEARNING_RATE], rate);
    px_double_format(values[MIN_CHILD_WEIGHT], weight);
    px_double_format(values[LAMBDA], lambda);
    const pxi_tree_setting settings[] = {
        {"booster", "gbtree"},
        {"num_feature", inputs},
        {"objective", "binary:logistic"},
        {"base_score", "0.5"}, /* margin 0 */
        {"tree_method", "hist"},
        {"max_bin", "256"},
        {"eta", rate},
        {"max_depth", depth},
        {"min_child_weight", weight},
        {"lambda", lambda},
        {"alpha", "0"},
        {"gamma", "0"},
        {"seed", seed},
    };
    growth->settings = settings;
    growth->n_settings = sizeof settings / sizeof *settings;
    return pxi_xgboost_grow(growth, out, err);
}

/* The library's part ends with the trees: the start is ours, and added in double. */
static px_status train(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                       px_predictor **out, px_error *err) {
    const double start = start_margin(y, n);
    pxi_growth growth = {.n_trees = (int)config->values[TREES],
                         .x = x,
                         .n = n,
                         .y = y,
                         .start = (float)start,
                         .work = &config->work};
    pxi_ensemble trees = {0};
    px_status status = grow(config->values, &growth, &trees, err);
    if (status)
        return status;
    trees.vote = PXI_VOTE_LOGIT;
    trees.start = start;
    return pxi_trees_make(&pxi_gbt, &trees, out, err);
}

const px_learner pxi_gbt = {
    .name = "gbt",
    .summary = "gradient-boosted trees: 100 of depth 3, shrunk and regularised",
    .ending = PXI_TREES_ENDING,
    .importance = "share of gain",
    .tolerance = 1e-12,
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
