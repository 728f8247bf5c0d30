// SPDX-License-Identifier: Apache-2.0
/* Logistic regression on standardised inputs: a missing one counts as the mean. */
#ifndef PXI_LOGISTIC_H
#define PXI_LOGISTIC_H

#include "learners/learner.h"

enum { PXI_INTERCEPT = PX_N_INPUTS, PXI_N_WEIGHTS };

typedef struct pxi_logistic_model {
    double mean[PX_N_INPUTS], scale[PX_N_INPUTS]; /* of the training rows; scale is never 0 */
    double weights[PXI_N_WEIGHTS];                /* of standardised inputs, and the intercept */
} pxi_logistic_model;

/* Log odds of a row; z takes its standardised inputs and the intercept's 1. */
double pxi_logistic_odds(const pxi_logistic_model *model, const float *x, double z[PXI_N_WEIGHTS]);
/* Minimises 1/2 |w|^2 + c times the log loss, to convergence. Errors: PX_EINPUT if there is none. */
px_status pxi_logistic_fit(const float *x, const uint8_t *y, size_t n, double c, pxi_logistic_model *out,
                           px_error *err);

#endif
