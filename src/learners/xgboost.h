// SPDX-License-Identifier: Apache-2.0
/* Growing trees with the XGBoost library; xgboost.c alone sees it. Nothing is predicted with it, so that a
 * model means the same whichever version is there. Rows are n x PX_N_INPUTS row-major, NaN = missing. One
 * thread. */
#ifndef PXI_XGBOOST_H
#define PXI_XGBOOST_H

#include "learners/tree.h"
#include "pixity/learner.h"

/* A setting of the library by its own name. */
typedef struct pxi_tree_setting {
    const char *name, *value;
} pxi_tree_setting;

/* Gradient and hessian of every row for tree number `tree`, from 0. */
typedef void pxi_gradient_fn(void *user, int tree, float *gradient, float *hessian);

typedef struct pxi_growth {
    const pxi_tree_setting *settings;
    size_t n_settings;
    int n_trees;
    const float *x;
    size_t n;
    /* Trees grow from the caller's gradients, or with NULL against the objective of the settings. */
    pxi_gradient_fn *gradients;
    void *user;
    const uint8_t *y;    /* without gradients: 0 or 1 */
    float start;         /* without gradients: the margin of every row before the first tree */
    const px_work *work; /* asked before each tree */
} pxi_growth;

/* *out from a zeroed struct. Errors: PX_ELIBRARY, PX_ENOMEM. */
px_status pxi_xgboost_grow(const pxi_growth *growth, pxi_ensemble *out, px_error *err);

#endif
