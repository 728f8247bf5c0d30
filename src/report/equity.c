// SPDX-License-Identifier: Apache-2.0
/* The equity of a run at bar closes, as columns. */
#include "report/equity.h"

#include "base/error.h"
#include "base/mem.h"
#include "report/columns.h"

#include <stdlib.h>
#include <string.h>

/* ---- the stored table --------------------------------------------------------------------------------- */

static px_status take_columns(const px_table *table, const char *run_id, pxi_equity *out, px_error *err) {
    size_t ts, net, fees, drawdown;
    px_status status = pxi_table_column(table, "ts", PX_COLUMN_TIME, run_id, &ts, err);
    if (!status)
        status = pxi_table_column(table, "equity_net", PX_COLUMN_F64, run_id, &net, err);
    if (!status)
        status = pxi_table_column(table, "fees_paid", PX_COLUMN_F64, run_id, &fees, err);
    if (!status)
        status = pxi_table_column(table, "drawdown_pct", PX_COLUMN_F64, run_id, &drawdown, err);
    if (status)
        return status;
    out->n = table->n_rows;
    out->ts_us = table->columns[ts].u.i64;
    out->net = table->columns[net].u.f64;
    out->drawdown_pct = table->columns[drawdown].u.f64;
    out->gross = pxi_new_array(out->n, sizeof *out->gross);
    if (!out->gross)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < out->n; i++) /* as the metrics have it: fees given back */
        out->gross[i] = out->net[i] + table->columns[fees].u.f64[i];
    return PX_OK;
}

px_status pxi_equity_read(px_home *home, const char *run_id, pxi_equity *out, px_error *err) {
    pxi_equity made = {0};
    px_status status = px_run_read_table(home, run_id, "equity", &made.table, err);
    if (!status)
        status = take_columns(&made.table, run_id, &made, err);
    if (status) {
        pxi_equity_free(&made);
        return status;
    }
    *out = made;
    return PX_OK;
}

void pxi_equity_free(pxi_equity *equity) {
    free(equity->gross);
    px_table_free(&equity->table);
    memset(equity, 0, sizeof *equity);
}

/* ---- columns ------------------------------------------------------------------------------------------ */

enum { NET, GROSS, DRAWDOWN, N_CURVES };

px_status pxi_equity_columns(const pxi_equity *equity, const pxi_stored_run *run, size_t points,
                             px_columns *out, px_error *err) {
    static const pxi_series_def defs[N_CURVES] = {[NET] = {"equity_net", "rupees"},
                                                  [GROSS] = {"equity_gross", "rupees"},
                                                  [DRAWDOWN] = {"drawdown_pct", "%"}};
    const double *const curves[N_CURVES] = {
        [NET] = equity->net, [GROSS] = equity->gross, [DRAWDOWN] = equity->drawdown_pct};
    const px_zone *zone = px_calendar_zone(run->calendar);
    size_t *kept = NULL, n_kept = 0;
    px_status status = pxi_thin_curves(curves, N_CURVES, equity->n, points, &kept, &n_kept, err);
    if (!status)
        status = pxi_columns_init(out, defs, N_CURVES, n_kept, err);
    if (!status) {
        for (size_t i = 0; i < n_kept; i++) {
            out->time_s[i] = pxi_wall_seconds(equity->ts_us[kept[i]], zone);
            for (size_t c = 0; c < N_CURVES; c++)
                out->columns[c].values[i] = curves[c][kept[i]];
        }
        out->total = equity->n;
        out->bars_per_point = pxi_bars_per_point(equity->n, n_kept);
        out->timeframe_minutes = run->request.timeframe_minutes;
        pxi_columns_set_zone(out, zone);
    }
    free(kept);
    return status;
}

px_status px_run_equity_columns(px_home *home, const char *run_id, size_t points, px_columns *out,
                                px_error *err) {
    pxi_stored_run run = {0};
    pxi_equity equity = {0};
    px_status status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = pxi_equity_read(home, run_id, &equity, err);
    if (!status)
        status = pxi_equity_columns(&equity, &run, points, out, err);
    pxi_equity_free(&equity);
    pxi_stored_run_close(&run);
    return status;
}
