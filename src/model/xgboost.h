// SPDX-License-Identifier: Apache-2.0
/* Tree ensembles of the XGBoost library, for the learners that are made of them; xgboost.c alone sees the
 * library's header. Rows are n x PX_N_INPUTS row-major, NaN = missing. One thread. */
#ifndef PXI_XGBOOST_H
#define PXI_XGBOOST_H

#include "model/learner.h"

#define PXI_TREES_ENDING ".ubj"

/* A setting of the library by its own name. */
typedef struct pxi_tree_setting {
    const char *name, *value;
} pxi_tree_setting;

/* Gradient and hessian of every row for tree number `tree`, from 0. */
typedef void pxi_gradient_fn(void *user, int tree, float *gradient, float *hessian);

/* An ensemble without trees. */
px_status pxi_trees_new(const px_learner *learner, const pxi_tree_setting *settings, size_t n,
                        px_predictor **out, px_error *err);
/* Grows trees from the caller's gradients. */
px_status pxi_trees_grow(px_predictor *trees, const float *x, size_t n, int n_trees,
                         pxi_gradient_fn *gradients, void *user, px_error *err);
/* Grows trees against the objective of the settings; y: 0 or 1. */
px_status pxi_trees_boost(px_predictor *trees, const float *x, const uint8_t *y, size_t n, int n_trees,
                          px_error *err);

/* Probability = what the objective makes of the trees' sum. */
px_status pxi_trees_predict(const px_predictor *trees, const float *x, size_t n, double *p, px_error *err);
/* Probability = the sum over trees, which are frequencies over the number of trees. */
px_status pxi_trees_predict_sum(const px_predictor *trees, const float *x, size_t n, double *p,
                                px_error *err);

/* A tree made elsewhere. Its root is node 0; the right child of a node is the one after the left. */
typedef struct pxi_tree_node {
    int left, parent;  /* -1 = a leaf has none, the root has none */
    int input;         /* of an inner node, whose rows go left if x < value */
    bool missing_left; /* where rows without that input go */
    float value;       /* of a leaf: what it adds */
    float weight, gain;
} pxi_tree_node;
typedef struct pxi_tree {
    size_t n; /* below 2^31 */
    pxi_tree_node *nodes;
} pxi_tree;
/* An ensemble whose prediction is the sum over the trees (tree_file.c). */
px_status pxi_trees_build(const px_learner *learner, const pxi_tree *trees, size_t n_trees,
                          px_predictor **out, px_error *err);

/* Functions of px_learner. The format is XGBoost's UBJSON; the measure is the share of the total gain. */
px_status pxi_trees_serialize(const px_predictor *trees, char **bytes, size_t *length, px_error *err);
px_status pxi_trees_deserialize(const px_learner *learner, const char *bytes, size_t length,
                                px_predictor **out, px_error *err);
px_status pxi_trees_gain(const px_predictor *trees, double share[PX_N_INPUTS], px_error *err);
void pxi_trees_free(px_predictor *trees);

int pxi_trees_count(const px_predictor *trees);
/* The trees as a JSON array (XGBoost's dump with statistics), malloc'ed; the caller frees. */
px_status pxi_trees_dump(const px_predictor *trees, char **out, px_error *err);

#endif
