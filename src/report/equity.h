// SPDX-License-Identifier: Apache-2.0
/* A run's stored equity, read block by block: the points that a chart shows, and the close of each day. */
#ifndef PXI_REPORT_EQUITY_H
#define PXI_REPORT_EQUITY_H

#include "report/columns.h"
#include "report/stored.h"

/* Curves, in the order of a point's values. */
enum { PXI_NET, PXI_GROSS, PXI_DRAWDOWN, PXI_N_CURVES };

/* Rows of one date of the exchange. */
typedef struct pxi_equity_day {
    int32_t date;
    size_t row;        /* the first */
    double net, gross; /* of the last */
} pxi_equity_day;

typedef struct pxi_equity {
    size_t n; /* rows stored: bars, whose times are their starts and whose equity is that of their closes */
    size_t n_points;
    pxi_point *points; /* ascending; the first and the last row are among them */
    size_t n_days, capacity;
    pxi_equity_day *days;
} pxi_equity;
/* Keeps at most `points` points (at least 8; 0 = all). `out` from a zeroed struct. Errors: as
 * px_run_read_table, PX_ECORRUPT. */
px_status pxi_equity_read(px_home *home, const pxi_stored_run *run, const char *run_id, size_t points,
                          pxi_equity *out, px_error *err);
void pxi_equity_free(pxi_equity *equity);

/* As px_run_equity_columns, of the points. */
px_status pxi_equity_columns(const pxi_equity *equity, const pxi_stored_run *run, px_columns *out,
                             px_error *err);

#endif
