// SPDX-License-Identifier: Apache-2.0
/* The equity of a run at bar closes, as columns. */
#include "report/equity.h"

#include "base/error.h"
#include "base/mem.h"
#include "store/runs/run_blocks.h"

#include <stdlib.h>
#include <string.h>

/* ---- the stored table --------------------------------------------------------------------------------- */

enum { TS, NET, FEES, DRAWDOWN, N_COLUMNS };
static const px_column_def columns[N_COLUMNS] = {
    [TS] = {"ts", PX_COLUMN_TIME},
    [NET] = {"equity_net", PX_COLUMN_F64},
    [FEES] = {"fees_paid", PX_COLUMN_F64},
    [DRAWDOWN] = {"drawdown_pct", PX_COLUMN_F64},
};

typedef struct reading {
    size_t points;
    px_session_cursor cursor;
    const px_calendar *calendar;
    pxi_thinning thinning;
    pxi_equity equity;
} reading;

static px_status begin(size_t n_rows, void *context, px_error *err) {
    reading *r = context;
    r->equity.n = n_rows;
    return pxi_thinning_begin(&r->thinning, n_rows, PXI_N_CURVES, r->points, err);
}

static px_status begin_day(reading *r, size_t row, int64_t ts_us, px_error *err) {
    pxi_equity *equity = &r->equity;
    const int32_t date = px_calendar_date(r->calendar, ts_us);
    if (!pxi_grow(&equity->days, &equity->capacity, equity->n_days + 1, sizeof *equity->days))
        return pxi_fail_memory(err);
    equity->days[equity->n_days++] = (pxi_equity_day){.date = date, .row = row};
    return PX_OK;
}

static px_status take(const px_table *block, void *context, px_error *err) {
    reading *r = context;
    const int64_t *ts_us = block->columns[TS].u.i64;
    const double *net = block->columns[NET].u.f64;
    double *gross = block->columns[FEES].u.f64; /* as the metrics have it: fees given back */
    px_status status = PX_OK;
    for (size_t i = 0; i < block->n_rows && !status; i++) {
        gross[i] = net[i] + gross[i];
        if (px_session_advance(&r->cursor, ts_us[i]))
            status = begin_day(r, r->thinning.at + i, ts_us[i], err);
        if (!status) {
            r->equity.days[r->equity.n_days - 1].net = net[i];
            r->equity.days[r->equity.n_days - 1].gross = gross[i];
        }
    }
    const double *const curves[PXI_N_CURVES] = {
        [PXI_NET] = net, [PXI_GROSS] = gross, [PXI_DRAWDOWN] = block->columns[DRAWDOWN].u.f64};
    if (!status)
        pxi_thinning_add(&r->thinning, ts_us, curves, block->n_rows);
    return status;
}

px_status pxi_equity_read(px_home *home, const pxi_stored_run *run, const char *run_id, size_t points,
                          pxi_equity *out, px_error *err) {
    reading r = {
        .points = points, .cursor = px_session_cursor_make(run->calendar), .calendar = run->calendar};
    const pxi_run_blocks wanted = {run_id, "equity", columns, N_COLUMNS, begin, take, &r};
    px_status status = pxi_run_read_blocks(home, &wanted, err);
    if (status) {
        pxi_thinning_free(&r.thinning);
        pxi_equity_free(&r.equity);
        return status;
    }
    r.equity.points = r.thinning.kept;
    r.equity.n_points = r.thinning.n_kept;
    *out = r.equity;
    return PX_OK;
}

void pxi_equity_free(pxi_equity *equity) {
    free(equity->points);
    free(equity->days);
    memset(equity, 0, sizeof *equity);
}

/* ---- columns ------------------------------------------------------------------------------------------ */

px_status pxi_equity_columns(const pxi_equity *equity, const pxi_stored_run *run, px_columns *out,
                             px_error *err) {
    static const pxi_series_def defs[PXI_N_CURVES] = {[PXI_NET] = {"equity_net", "rupees"},
                                                      [PXI_GROSS] = {"equity_gross", "rupees"},
                                                      [PXI_DRAWDOWN] = {"drawdown_pct", "%"}};
    const px_zone *zone = px_calendar_zone(run->calendar);
    px_status status = pxi_columns_init(out, defs, PXI_N_CURVES, equity->n_points, err);
    if (status)
        return status;
    for (size_t i = 0; i < equity->n_points; i++) {
        out->time_s[i] = pxi_wall_seconds(equity->points[i].ts_us, zone);
        for (size_t c = 0; c < PXI_N_CURVES; c++)
            out->columns[c].values[i] = equity->points[i].values[c];
    }
    out->total = equity->n;
    out->bars_per_point = pxi_bars_per_point(equity->n, equity->n_points);
    out->timeframe_minutes = run->request.timeframe_minutes;
    pxi_columns_set_zone(out, zone);
    return PX_OK;
}

px_status px_run_equity_columns(px_home *home, const char *run_id, size_t points, px_columns *out,
                                px_error *err) {
    pxi_stored_run run = {0};
    pxi_equity equity = {0};
    px_status status = pxi_stored_run_open(home, run_id, &run, err);
    if (!status)
        status = pxi_equity_read(home, &run, run_id, points, &equity, err);
    if (!status)
        status = pxi_equity_columns(&equity, &run, out, err);
    pxi_equity_free(&equity);
    pxi_stored_run_close(&run);
    return status;
}
