// SPDX-License-Identifier: Apache-2.0
/* What the forest lets its tests see. */
#ifndef PXI_RF_H
#define PXI_RF_H

#include "learners/learner.h"

/* Training takes the rows in this order: sorted by the side of each input's mean on which they lie, so that
 * neighbours go the same way at most splits, and the branch that XGBoost takes for every row, tree and level
 * is predictable. Saves a fifth of the time. row_at: n. Errors: PX_ENOMEM. */
px_status pxi_forest_order(const float *x, size_t n, size_t *row_at, px_error *err);
/* How often each of n places in that order is drawn for tree `tree`: n draws with replacement. */
void pxi_forest_bootstrap(uint64_t seed, int tree, size_t n, float *counts);

#endif
