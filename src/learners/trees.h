// SPDX-License-Identifier: Apache-2.0
/* Predictors made of trees, for the learners that have them. No library is asked for a prediction. */
#ifndef PXI_TREES_H
#define PXI_TREES_H

#include "learners/learner.h"
#include "learners/tree.h"

#define PXI_TREES_ENDING ".ubj"

/* Takes the ensemble, also where it fails. */
px_status pxi_trees_make(const px_learner *learner, pxi_ensemble *ensemble, px_predictor **out,
                         px_error *err);
/* The same of trees whose inputs are the columns of a file. */
px_status pxi_trees_place(const px_learner *learner, pxi_ensemble *ensemble, const int *input_of,
                          px_predictor **out, px_error *err);
const pxi_ensemble *pxi_trees_ensemble(const px_predictor *trees);

/* Functions of px_learner. Rows that are spread lie on conditions, over all that each input has; an input
 * without any is missing. The measure is the share of the total gain. */
void pxi_trees_spread(const px_predictor *trees, double *x, size_t n);
px_status pxi_trees_predict(const px_predictor *trees, const float *x, size_t n, double *p, px_error *err);
px_status pxi_trees_exchange(const px_predictor *trees, const pxi_exchange *exchange, double *p,
                             px_error *err);
px_status pxi_trees_serialize(const px_predictor *trees, char **bytes, size_t *length, px_error *err);
px_status pxi_trees_deserialize(const px_learner *learner, const pxi_model_bytes *file, px_predictor **out,
                                px_error *err);
px_status pxi_trees_gain(const px_predictor *trees, double share[PX_N_INPUTS], px_error *err);
void pxi_trees_free(px_predictor *trees);

#endif
