// SPDX-License-Identifier: Apache-2.0
/* A run's stored equity. */
#ifndef PXI_REPORT_EQUITY_H
#define PXI_REPORT_EQUITY_H

#include "report/stored.h"

typedef struct pxi_equity {
    size_t n;
    const int64_t *ts_us; /* bar starts; equity is that of their closes */
    const double *net, *drawdown_pct;
    double *gross;
    px_table table; /* owns ts_us, net and drawdown_pct */
} pxi_equity;
/* `out` from a zeroed struct. Errors: as px_run_read_table, PX_ECORRUPT. */
px_status pxi_equity_read(px_home *home, const char *run_id, pxi_equity *out, px_error *err);
void pxi_equity_free(pxi_equity *equity);

/* As px_run_equity_columns. */
px_status pxi_equity_columns(const pxi_equity *equity, const pxi_stored_run *run, size_t points,
                             px_columns *out, px_error *err);

#endif
