// SPDX-License-Identifier: Apache-2.0
/* Tables that are filled column by column. */
#ifndef PXI_TABLE_H
#define PXI_TABLE_H

#include "pixity/table.h"

/* Gives an empty table rows whose cells are the caller's to write, each of them. Errors: PX_ENOMEM; the table
 * is then to be freed. */
px_status pxi_table_set_rows(px_table *table, size_t n_rows, px_error *err);

#endif
