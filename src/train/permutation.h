// SPDX-License-Identifier: Apache-2.0
/* Permutation importance (Breiman, Random Forests, 2001): how much worse the predictions of rows become when
 * one input of theirs is shuffled. On rows that the predictor has not seen it tells what helps there, not
 * what the fit has used. */
#ifndef PXI_PERMUTATION_H
#define PXI_PERMUTATION_H

#include "pixity/learner.h"

/* Each input is shuffled so often, each time in another order. */
#define PXI_N_SHUFFLES 3

typedef struct pxi_permutation {
    double auc_drop[PX_N_INPUTS]; /* means over the shuffles; NaN where undefined */
    double log_loss_rise[PX_N_INPUTS];
} pxi_permutation;

pxi_permutation pxi_permutation_undefined(void);
/* The rows that importance is measured on. */
typedef struct pxi_permutation_rows {
    const float *x;
    const uint8_t *y; /* their classes */
    size_t n;
    uint64_t stream;     /* orders come from this alone */
    const px_work *work; /* asked whether to go on; NULL = nobody */
} pxi_permutation_rows;
/* Errors: PX_ENOMEM, PX_ELIBRARY. */
px_status pxi_permutation_measure(const px_predictor *predictor, const pxi_permutation_rows *rows,
                                  pxi_permutation *out, px_error *err);
/* Means over the items where a number is defined. */
pxi_permutation pxi_permutation_mean(const pxi_permutation *items, size_t n);

#endif
