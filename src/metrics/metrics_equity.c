// SPDX-License-Identifier: Apache-2.0
/* What the equity says at closes: its drawdowns. */
#include <math.h>
#include "metrics/metrics.h"

static void end_drawdown(pxi_drawdowns *d, int64_t ts_us, int64_t session) {
    double days = (double)(ts_us - d->peak_us) / PX_US_PER_DAY,
           sessions = (double)(session - d->peak_session);
    d->n++;
    d->depths += d->depth;
    d->days += days;
    d->sessions += sessions;
    d->longest_days = fmax(d->longest_days, days);
    d->longest_sessions = fmax(d->longest_sessions, sessions);
}

void pxi_drawdowns_add(pxi_drawdowns *d, double equity, int64_t ts_us, int64_t session) {
    double depth = pxi_change(d->peak, equity);
    if (depth < 0.0) {
        d->depth = depth < d->depth ? depth : d->depth;
        d->deepest = depth < d->deepest ? depth : d->deepest;
        d->n_below++;
        return;
    }
    if (d->depth < 0.0)
        end_drawdown(d, ts_us, session);
    d->depth = 0.0;
    d->peak = fmax(d->peak, equity);
    d->peak_us = ts_us;
    d->peak_session = session;
}

void pxi_drawdowns_describe(pxi_drawdowns *d, const pxi_timeline *timeline, px_equity_metrics *set) {
    if (d->depth < 0.0)
        end_drawdown(d, timeline->ts_us[timeline->n - 1], (int64_t)timeline->n_sessions);
    d->depth = 0.0;
    const double n = (double)d->n;
    set->peak_equity = d->peak;
    set->max_drawdown_pct = 100.0 * d->deepest;
    set->average_drawdown_pct = 100.0 * pxi_ratio(d->depths, n);
    set->max_drawdown_days = d->longest_days;
    set->average_drawdown_days = pxi_ratio(d->days, n);
    set->max_drawdown_sessions = d->longest_sessions;
    set->average_drawdown_sessions = pxi_ratio(d->sessions, n);
    set->underwater_pct = 100.0 * pxi_ratio((double)d->n_below, (double)timeline->n);
}
