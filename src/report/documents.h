// SPDX-License-Identifier: Apache-2.0
/* The documents of a run, from what is read of it already. */
#ifndef PXI_DOCUMENTS_H
#define PXI_DOCUMENTS_H

#include "report/equity.h"
#include "base/text.h"
#include "report/stored.h"

/* As px_run_months and px_run_distributions. */
px_status pxi_months_document(const pxi_stored_run *run, const char *run_id, const pxi_equity *equity,
                              const px_table *trades, char **json, px_error *err);
px_status pxi_distributions_document(const px_table *trades, const char *run_id, char **json, px_error *err);

/* The stored trades; a failed run, which has none, says so itself. `out` from a zeroed struct. */
px_status pxi_trades_read(px_home *home, const char *run_id, px_table *out, px_error *err);
/* The rows that have this text in a column. `out` from a zeroed struct. */
px_status pxi_rows_with(const px_table *from, const char *column, const char *text, px_table *out,
                        px_error *err);
/* {"total", "offset", "items"}, and "left_out" where there are fewer rows than `total`. Malloc'ed. */
px_status pxi_rows_document(const px_table *rows, size_t total, const px_zone *zone, char **json,
                            px_error *err);

#endif
