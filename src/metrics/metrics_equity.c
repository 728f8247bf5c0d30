// SPDX-License-Identifier: Apache-2.0
/* What the equity says at bar closes: where it ends, and its drawdowns. */
#include <math.h>
#include "metrics/metrics.h"

/* Equity at closes, net of fees or with them given back. */
typedef struct curve {
    const pxi_metrics_input *in;
    const pxi_curve *closes;
    bool gross;
} curve;

static double equity_of(const curve *c, const pxi_account_state *state, size_t bar) {
    const double net = pxi_equity_at(state, c->closes->close[bar]);
    return c->gross ? net + state->fees_paid : net;
}

static double last_equity(const curve *c) {
    const size_t n = c->closes->n_states;
    return n ? equity_of(c, &c->closes->states[n - 1], c->closes->end - 1) : c->in->capital;
}

/* ---- drawdowns ---------------------------------------------------------------------------------------- */

/* A drawdown lasts from the last close at the peak to the first that is back at it, or to the last bar. */
typedef struct drawdowns {
    double peak, depth; /* depth: of the present one so far */
    int64_t peak_us, peak_session;
    int64_t n;
    size_t n_below; /* closes inside of one */
    double deepest, depths;
    double longest_days, days;
    double longest_sessions, sessions;
} drawdowns;

static void end_drawdown(drawdowns *d, int64_t ts_us, int64_t session) {
    double days = (double)(ts_us - d->peak_us) / PX_US_PER_DAY,
           sessions = (double)(session - d->peak_session);
    d->n++;
    d->depths += d->depth;
    d->days += days;
    d->sessions += sessions;
    d->longest_days = fmax(d->longest_days, days);
    d->longest_sessions = fmax(d->longest_sessions, sessions);
}

static void add_close(drawdowns *d, double equity, int64_t ts_us, int64_t session) {
    double depth = pxi_change(d->peak, equity);
    if (depth < 0.0) {
        d->depth = fmin(d->depth, depth);
        d->deepest = fmin(d->deepest, depth);
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

/* Closes [begin, end) of one state and session. A flat account is worth the same at each: the first and the
 * last say all. */
static void add_closes(drawdowns *d, const curve *c, const pxi_account_state *state, size_t begin, size_t end,
                       int64_t session) {
    const size_t step = state->position == 0.0 && end - begin > 1 ? end - begin - 1 : 1;
    for (size_t i = begin; i < end; i += step)
        add_close(d, equity_of(c, state, i), c->closes->ts_us[i], session);
    if (step > 1 && d->depth < 0.0) /* those between the first and the last are as these two */
        d->n_below += end - begin - 2;
}

/* The capital is the first peak: at the first bar, before the first session has ended. */
static drawdowns find_drawdowns(const curve *c) {
    const pxi_curve *closes = c->closes;
    const size_t begin = closes->begin, end = closes->end;
    drawdowns d = {.peak = c->in->capital, .peak_us = end > begin ? closes->ts_us[begin] : 0};
    size_t state = 0, session = 0;
    for (size_t i = begin, stop; i < end; i = stop) {
        const size_t held = pxi_state_end(closes, state), day = c->in->session_ends[session];
        stop = held < day ? held : day;
        add_closes(&d, c, &closes->states[state], i, stop, (int64_t)session + 1);
        state += stop == held;
        session += stop == day;
    }
    if (d.depth < 0.0)
        end_drawdown(&d, closes->ts_us[end - 1], (int64_t)session);
    return d;
}

static void describe_drawdowns(const drawdowns *d, px_metric_set *set) {
    double n = (double)d->n;
    set->peak_equity = d->peak;
    set->max_drawdown_pct = 100.0 * d->deepest;
    set->average_drawdown_pct = 100.0 * pxi_ratio(d->depths, n);
    set->max_drawdown_days = d->longest_days;
    set->average_drawdown_days = pxi_ratio(d->days, n);
    set->max_drawdown_sessions = d->longest_sessions;
    set->average_drawdown_sessions = pxi_ratio(d->sessions, n);
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static void describe(const curve *c, px_metric_set *set) {
    const drawdowns d = find_drawdowns(c);
    set->final_equity = last_equity(c);
    set->return_pct = 100.0 * (set->final_equity / c->in->capital - 1.0);
    describe_drawdowns(&d, set);
    set->underwater_pct = 100.0 * pxi_ratio((double)d.n_below, (double)(c->closes->end - c->closes->begin));
}

void pxi_metrics_of_equity(const pxi_metrics_input *in, px_metrics *m) {
    const pxi_curve *closes = in->closes;
    const size_t begin = closes->begin, end = closes->end;
    describe(&(curve){in, closes, true}, &m->gross);
    describe(&(curve){in, closes, false}, &m->net);
    m->duration_days =
        end > begin ? (double)(closes->ts_us[end - 1] - closes->ts_us[begin]) / PX_US_PER_DAY : NAN;
    m->buy_hold_pct = 100.0 * (in->last_close / in->first_close - 1.0);
}
