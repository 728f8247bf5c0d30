// SPDX-License-Identifier: Apache-2.0
/* One row of a file of signals: which column means what, and what the cells say. */
#ifndef PXI_SIGNAL_ROW_H
#define PXI_SIGNAL_ROW_H

#include "pixity/signals.h"
#include "files/duck/records.h"

typedef enum pxi_signal_role {
    PXI_SIGNAL_TIME,
    PXI_SIGNAL_SIDE,
    PXI_SIGNAL_STOP,
    PXI_SIGNAL_TARGET,
    PXI_SIGNAL_STOP_DISTANCE,
    PXI_SIGNAL_TARGET_DISTANCE,
    PXI_SIGNAL_H_BARS,
    PXI_SIGNAL_QUANTITY,
    PXI_SIGNAL_PROBABILITY,
    PXI_SIGNAL_TAG,
    PXI_SIGNAL_SYMBOL,
    PXI_N_SIGNAL_ROLES,
} pxi_signal_role;

/* Which column holds what, SIZE_MAX where none does. */
typedef struct pxi_signal_columns {
    size_t at[PXI_N_SIGNAL_ROLES];
} pxi_signal_columns;

/* Assigns columns by their names in any case; lists the others in `unread`. Errors: PX_EINPUT naming what is
 * missing or given twice. */
px_status pxi_signal_columns_find(const pxi_records *records, pxi_signal_columns *out, char *unread,
                                  size_t size, px_error *err);

#define PXI_SIGNAL_REASON_SIZE sizeof(((px_rejection *)0)->reason)
/* Reads a row; its tag is the row's own field, valid as long as that. False if it is no signal; `reason` says
 * why and names the column. */
bool pxi_signal_row_parse(const pxi_signal_columns *columns, const pxi_field *fields, const px_zone *zone,
                          px_signal *out, char reason[PXI_SIGNAL_REASON_SIZE]);

#endif
