// SPDX-License-Identifier: Apache-2.0
/* The columns that events need, and where each stands: the features, which every event has, then what types
 * and inputs name beyond them, each once. Looked up once, where a driver is opened. */
#ifndef PXI_EVENT_COLUMNS_H
#define PXI_EVENT_COLUMNS_H

#include "events/inputs.h"

#define PXI_MAX_EVENT_COLUMNS (PX_N_FEATURES + PXI_NAMED_COLUMNS * (PX_MAX_EVENT_TYPES + PX_N_INPUTS))

typedef struct pxi_event_columns {
    size_t n;
    const char *specs[PXI_MAX_EVENT_COLUMNS + 1]; /* ended by NULL */
    unsigned char of_type[PX_MAX_EVENT_TYPES][PXI_NAMED_COLUMNS];
    unsigned char of_input[PX_N_INPUTS][PXI_NAMED_COLUMNS];
    size_t n_unread; /* those that no type looks at, only inputs */
    unsigned char unread[PXI_MAX_EVENT_COLUMNS];
} pxi_event_columns;
_Static_assert(PXI_MAX_EVENT_COLUMNS <= 256, "a column's number fits a byte");

/* Errors: PX_EINPUT where one names a column that is none. */
px_status pxi_event_columns_find(const px_config *config, pxi_event_columns *out, px_error *err);

/* The columns as types and inputs are given them. Not copied or moved while it is used. */
typedef struct pxi_event_views {
    pxi_event_view type[PX_MAX_EVENT_TYPES];
    pxi_input_view inputs;
    const double *close, *atr;
    size_t n_unread;
    const double *unread[PXI_MAX_EVENT_COLUMNS];
} pxi_event_views;
/* `at[c]` is column c, which lives as long as the views. */
void pxi_event_views_make(const pxi_event_columns *columns, const double *close, const double *const *at,
                          pxi_event_views *out);

#endif
