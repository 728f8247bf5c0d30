// SPDX-License-Identifier: Apache-2.0
/* Labelled events as a learner sees them. */
#ifndef PXI_ROWS_H
#define PXI_ROWS_H

#include "pixity/labels.h"

/* One row an event whose whole horizon is known, in time order. */
typedef struct pxi_rows {
    size_t n;
    float *x;      /* n x PX_N_INPUTS, row-major, NaN = missing */
    uint8_t *y;    /* 1 = the target was reached */
    double *r;     /* realized R */
    size_t *label; /* index into the label list */
    size_t *begin_bar, *end_bar;
} pxi_rows;

/* *out from a zeroed struct. Errors: PX_ENOMEM. */
px_status pxi_rows_build(const px_event_list *events, const px_label_list *labels, pxi_rows *out,
                         px_error *err);
void pxi_rows_free(pxi_rows *rows);
/* Copies the rows of mask 1, or all with NULL; `x` and `y` only. */
size_t pxi_rows_select(const pxi_rows *rows, const uint8_t *mask, float *x, uint8_t *y);

/* The inputs of n events as the learner takes them: training and serving both come through here. */
void pxi_inputs_to_floats(const double inputs[PX_N_INPUTS], float *x);

#endif
