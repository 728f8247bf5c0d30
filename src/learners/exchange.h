// SPDX-License-Identifier: Apache-2.0
/* What a predictor says of rows in which one input is that of another row. */
#ifndef PXI_EXCHANGE_H
#define PXI_EXCHANGE_H

#include "learners/tree.h"
#include "pixity/learner.h"

#include <stdint.h>

typedef struct pxi_exchange {
    const float *x; /* n x PX_N_INPUTS */
    size_t n;       /* 1 to UINT32_MAX */
    size_t n_orders;
    /* Rows, n_orders times n for each input: in order s of input k, row i is given input k of row
     * from[(k * n_orders + s) * n + i]. Results stand in the same places. */
    const uint32_t *from;
    const px_work *work; /* asked whether to go on; NULL = nobody */
} pxi_exchange;

/* p: a probability for each element of `from`; to the last bit those of px_predictor_predict on such rows.
 * Errors: PX_ENOMEM, PX_ECORRUPT, PX_ELIBRARY. */
px_status pxi_exchange_predict(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                               px_error *err);
/* The same for any predictor, by predicting copies of the rows. */
px_status pxi_exchange_copies(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                              px_error *err);

/* How trees do it (exchange_trees.c): true where none has more leaves than fit a set of bits. */
bool pxi_exchange_fits(const pxi_tree *trees, size_t n);
/* Adds what the trees say to `sum`, which is laid out as `from`; otherwise as pxi_flat_add. */
px_status pxi_exchange_add(const pxi_exchange *exchange, const pxi_ensemble *ensemble, size_t step_trees,
                           float start, double *sum, px_error *err);

#endif
