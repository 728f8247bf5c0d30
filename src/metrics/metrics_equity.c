// SPDX-License-Identifier: Apache-2.0
/* What the equity says: drawdowns at bar closes, returns by session. */
#include <math.h>
#include "metrics/metrics.h"
#include "metrics/sharpe.h"

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

/* The state that holds at a bar, from the one of an earlier bar on. */
static size_t state_at(const pxi_curve *closes, size_t state, size_t bar) {
    while (pxi_state_end(closes, state) <= bar)
        state++;
    return state;
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

/* ---- returns by session ------------------------------------------------------------------------------- */

/* Walks the returns from one session's last close to the next, the first against the capital; false at the
 * end. */
typedef struct return_walk {
    const curve *c;
    size_t session, state;
    double before;
} return_walk;

static bool next_return(return_walk *walk, double *out) {
    if (walk->session == walk->c->in->n_sessions)
        return false;
    const size_t last = walk->c->in->session_ends[walk->session++] - 1;
    walk->state = state_at(walk->c->closes, walk->state, last);
    double equity = equity_of(walk->c, &walk->c->closes->states[walk->state], last);
    *out = pxi_change(walk->before, equity);
    walk->before = equity;
    return true;
}

typedef struct moments {
    int64_t n;
    bool ruined; /* a session ended without equity: what follows is no return */
    double mean;
    double second, third, fourth; /* sums of powers of the distance to the mean */
    double downside;              /* sum of squares of the returns below 0 */
} moments;

static moments find_moments(const curve *c) {
    moments m = {0};
    double value, sum = 0.0;
    for (return_walk walk = {c, 0, 0, c->in->capital}; next_return(&walk, &value); m.n++) {
        sum += value;
        m.ruined |= walk.before <= 0.0;
    }
    m.mean = pxi_ratio(sum, (double)m.n);
    for (return_walk walk = {c, 0, 0, c->in->capital}; next_return(&walk, &value);) {
        double distance = value - m.mean, square = distance * distance;
        m.second += square;
        m.third += square * distance;
        m.fourth += square * square;
        m.downside += value < 0.0 ? value * value : 0.0;
    }
    return m;
}

static void leave_undefined(px_metric_set *set) {
    set->cagr_pct = set->volatility_pct = set->sharpe = set->sortino = NAN;
    set->session_sharpe = set->skewness = set->kurtosis = set->probabilistic_sharpe = NAN;
}

/* Growth that leaves the doubles has none. */
static double cagr_pct(const curve *c) {
    const int32_t *dates = c->in->session_dates;
    const double years = (dates[c->in->n_sessions - 1] - dates[0] + 1) / 365.25;
    double growth = pow(last_equity(c) / c->in->capital, 1.0 / years);
    return isfinite(growth) ? 100.0 * (growth - 1.0) : NAN;
}

static void describe_returns(const curve *c, bool annualised, px_metric_set *set) {
    moments m = find_moments(c);
    double n = (double)m.n, year = annualised ? sqrt(c->in->days_per_year) : NAN;
    leave_undefined(set);
    if (m.ruined || m.n == 0)
        return;
    double deviation = m.n > 1 ? sqrt(m.second / (n - 1.0)) : NAN;
    set->cagr_pct = annualised ? cagr_pct(c) : NAN;
    set->volatility_pct = 100.0 * deviation * year;
    set->session_sharpe = pxi_ratio(m.mean, deviation);
    set->sharpe = set->session_sharpe * year;
    set->sortino = pxi_ratio(m.mean, sqrt(m.downside / n)) * year;
    set->skewness = pxi_ratio(m.third / n, pow(m.second / n, 1.5));
    set->kurtosis = pxi_ratio(n * m.fourth, m.second * m.second);
    pxi_sharpe sharpe = {set->session_sharpe, set->skewness, set->kurtosis, m.n};
    set->probabilistic_sharpe = pxi_sharpe_probability(&sharpe, 0.0);
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static void describe(const curve *c, const drawdowns *d, bool annualised, px_metric_set *set) {
    set->final_equity = last_equity(c);
    set->return_pct = 100.0 * (set->final_equity / c->in->capital - 1.0);
    describe_drawdowns(d, set);
    set->underwater_pct = 100.0 * pxi_ratio((double)d->n_below, (double)(c->closes->end - c->closes->begin));
    describe_returns(c, annualised, set);
}

/* Of the sessions' last closes. */
static double mean_equity(const curve *c) {
    double sum = 0.0;
    for (size_t session = 0, state = 0; session < c->in->n_sessions; session++) {
        const size_t last = c->in->session_ends[session] - 1;
        state = state_at(c->closes, state, last);
        sum += equity_of(c, &c->closes->states[state], last);
    }
    return pxi_ratio(sum, (double)c->in->n_sessions);
}

void pxi_metrics_of_equity(const pxi_metrics_input *in, px_metrics *m) {
    const pxi_curve *closes = in->closes;
    const size_t begin = closes->begin, end = closes->end;
    const curve gross = {in, closes, true}, net = {in, closes, false};
    const drawdowns of_gross = find_drawdowns(&gross), of_net = find_drawdowns(&net);
    const bool annualised = !*m->not_annualised;
    describe(&gross, &of_gross, annualised, &m->gross);
    describe(&net, &of_net, annualised, &m->net);
    const double mean = mean_equity(&net);
    m->n_sessions = (int64_t)in->n_sessions;
    double times = mean > 0.0 && annualised ? m->turnover / mean : NAN;
    m->turnover_annual = times * pxi_ratio(in->days_per_year, (double)m->n_sessions);
    m->duration_days =
        end > begin ? (double)(closes->ts_us[end - 1] - closes->ts_us[begin]) / PX_US_PER_DAY : NAN;
    m->buy_hold_pct = 100.0 * (in->last_close / in->first_close - 1.0);
}
