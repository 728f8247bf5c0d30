// SPDX-License-Identifier: Apache-2.0
/* Rows on the card with the probabilities that the model gave them when it was made. Whoever opens it gives
 * them the same, or the model is refused: a file must not mean something else to another program, machine or
 * library without a word. */
#ifndef PXI_CHECK_H
#define PXI_CHECK_H

#include "base/json.h"
#include "learners/learner.h"
#include "models/card_terms.h"

#define PXI_N_CHECK_ROWS 10

/* Ten of n rows, n > 0, evenly spread from the first to the last. */
void pxi_check_rows_pick(const float *x, size_t n, double out[PXI_N_CHECK_ROWS * PX_N_INPUTS]);
/* Of ten rows each {"inputs": [...], "probability": p}, with the inputs of `columns`; a missing one is null.
 */
px_status pxi_check_rows_make(const px_predictor *predictor, const pxi_columns *columns,
                              const double x[PXI_N_CHECK_ROWS * PX_N_INPUTS], json_t **out, px_error *err);
/* Holds a predictor against the rows of its card, whose inputs are those of `terms`. `name` is the model's.
 * Errors: PX_ECORRUPT where there are no such rows, PX_EMISMATCH with both probabilities. */
px_status pxi_check_rows(const json_t *card, const pxi_card_terms *terms, const char *name,
                         const px_predictor *predictor, px_error *err);

#endif
