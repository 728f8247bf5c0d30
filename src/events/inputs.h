// SPDX-License-Identifier: Apache-2.0
/* Model inputs: what each is made of, and how. */
#ifndef PXI_INPUTS_H
#define PXI_INPUTS_H

#include "events/detect.h"

typedef struct pxi_input {
    const char *name, *title, *unit;
    const char *const *columns; /* as of a type */
} pxi_input;
extern const pxi_input pxi_inputs[PX_N_INPUTS];

/* The place of an input, PX_N_INPUTS where there is none of the name; `hint` then takes the nearest one. */
size_t pxi_input_find(const char *name, char *hint, size_t size);

/* One bar: element `at` of the columns, with the one before it. */
typedef struct pxi_input_view {
    const double *close;
    const double *column[PX_N_INPUTS][PXI_NAMED_COLUMNS]; /* those that each input names */
} pxi_input_view;
void pxi_inputs_compute(const pxi_input_view *view, size_t at, int minute_of_day, double out[PX_N_INPUTS]);

#endif
