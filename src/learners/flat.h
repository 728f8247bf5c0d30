// SPDX-License-Identifier: Apache-2.0
/* Trees laid out for prediction: eight bytes a node, all in one array, and a walk without a branch that
 * depends on the rows. Several rows go through a tree at once, or one row through several trees, so that the
 * processor waits for none of them. Sums are those of XGBoost: floats, in the order of the trees. */
#ifndef PXI_FLAT_H
#define PXI_FLAT_H

#include "learners/tree.h"

typedef struct pxi_flat pxi_flat;

/* Errors: PX_EINPUT for more nodes than can be numbered, PX_ENOMEM. */
px_status pxi_flat_make(const pxi_tree *trees, size_t n, pxi_flat **out, px_error *err);
void pxi_flat_free(pxi_flat *flat);

/* Adds to the sum of each row what the trees say of it. Floats are added up over `step_trees` trees at a time
 * from `start`, these parts in double. x: n x PX_N_INPUTS, any floats, NaN = missing. sum: n. Any number of
 * threads. */
void pxi_flat_add(const pxi_flat *flat, const float *x, size_t n, size_t step_trees, float start,
                  double *sum);

#endif
