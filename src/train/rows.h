// SPDX-License-Identifier: Apache-2.0
/* Labelled events as a learner sees them. */
#ifndef PXI_ROWS_H
#define PXI_ROWS_H

#include "train/panel.h"

/* One row an event whose whole horizon is known, in the order of the panel's labels. */
typedef struct pxi_rows {
    size_t n;
    float *x;   /* n x PX_N_INPUTS, row-major, NaN = missing */
    uint8_t *y; /* 1 = the target was reached */
    double *r;  /* realized R */
    px_side *side;
    size_t *label;               /* index into the labels of the panel */
    size_t *begin_bar, *end_bar; /* counted on the panel's times */
} pxi_rows;

/* *out from a zeroed struct. Errors: PX_ENOMEM. */
px_status pxi_rows_build(const pxi_panel *panel, pxi_rows *out, px_error *err);
void pxi_rows_free(pxi_rows *rows);
/* Copies the rows of mask 1, or all with NULL; `x` and `y` only. */
size_t pxi_rows_select(const pxi_rows *rows, const uint8_t *mask, float *x, uint8_t *y);

#endif
