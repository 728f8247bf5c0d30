// SPDX-License-Identifier: Apache-2.0
/* What the equity says: drawdowns at bar closes, returns by session. */
#include <math.h>
#include "backtest/metrics.h"
#include "backtest/sharpe.h"

/* Equity at closes, net of fees or with them given back. */
typedef struct curve {
    const pxi_journal *journal;
    double capital;
    bool gross;
} curve;

static double equity_at(const curve *c, size_t i) {
    const pxi_point *point = &c->journal->points[i];
    return c->gross ? point->equity + point->fees_paid : point->equity;
}

static double last_equity(const curve *c) {
    return c->journal->n_points ? equity_at(c, c->journal->n_points - 1) : c->capital;
}

/* One past the last bar of the session of bar `begin`. Dates ascend: growing steps and then halved ones find
 * it without a look at every bar. */
static size_t session_end(const pxi_journal *journal, size_t begin) {
    size_t n = journal->n_points, inside = begin, outside = begin + 1;
    int32_t date = journal->points[begin].date;
    for (size_t step = 1; outside < n && journal->points[outside].date == date; step *= 2) {
        inside = outside;
        outside = step < n - outside ? outside + step : n;
    }
    while (outside - inside > 1) {
        size_t middle = inside + (outside - inside) / 2;
        if (journal->points[middle].date == date)
            inside = middle;
        else
            outside = middle;
    }
    return outside;
}

/* Relative change. What the sums of an account cannot tell from no change is none: else a position bought and
 * priced at the same price would be a drawdown, or a loss. */
static double change(double before, double now) {
    double relative = now / before - 1.0;
    return fabs(relative) > 1e-12 ? relative : 0.0;
}

/* ---- drawdowns ---------------------------------------------------------------------------------------- */

/* A drawdown lasts from the last close at the peak to the first that is back at it, or to the last bar. */
typedef struct drawdowns {
    double peak, depth; /* depth: of the present one so far */
    int64_t peak_us, peak_session;
    int64_t n;
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
    double depth = change(d->peak, equity);
    if (depth < 0.0) {
        d->depth = fmin(d->depth, depth);
        d->deepest = fmin(d->deepest, depth);
        return;
    }
    if (d->depth < 0.0)
        end_drawdown(d, ts_us, session);
    d->depth = 0.0;
    d->peak = fmax(d->peak, equity);
    d->peak_us = ts_us;
    d->peak_session = session;
}

/* Of both curves in one walk over the bars. The capital is the first peak: at the first bar, before the first
 * session has ended. */
static void find_drawdowns(const curve *gross, const curve *net, drawdowns *of_gross, drawdowns *of_net) {
    const pxi_journal *journal = net->journal;
    size_t n = journal->n_points;
    int64_t session = 0, ts_us = n ? journal->points[0].ts_us : 0;
    *of_gross = *of_net = (drawdowns){.peak = net->capital, .peak_us = ts_us};
    for (size_t i = 0, end = 0; i < n; i++) {
        if (i == end) {
            end = session_end(journal, i);
            session++;
        }
        ts_us = journal->points[i].ts_us;
        add_close(of_gross, equity_at(gross, i), ts_us, session);
        add_close(of_net, equity_at(net, i), ts_us, session);
    }
    if (of_gross->depth < 0.0)
        end_drawdown(of_gross, ts_us, session);
    if (of_net->depth < 0.0)
        end_drawdown(of_net, ts_us, session);
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
    size_t i; /* first bar of the session to come */
    double before;
} return_walk;

static bool next_return(return_walk *walk, double *out) {
    if (walk->i == walk->c->journal->n_points)
        return false;
    walk->i = session_end(walk->c->journal, walk->i);
    double equity = equity_at(walk->c, walk->i - 1);
    *out = change(walk->before, equity);
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
    for (return_walk walk = {c, 0, c->capital}; next_return(&walk, &value); m.n++) {
        sum += value;
        m.ruined |= walk.before <= 0.0;
    }
    m.mean = pxi_ratio(sum, (double)m.n);
    for (return_walk walk = {c, 0, c->capital}; next_return(&walk, &value);) {
        double distance = value - m.mean, square = distance * distance;
        m.second += square;
        m.third += square * distance;
        m.fourth += square * square;
        m.downside += value < 0.0 ? value * value : 0.0;
    }
    return m;
}

static void leave_undefined(px_metric_set *set) {
    set->cagr_pct = set->volatility_pct = set->sharpe = set->sortino = set->calmar = NAN;
    set->session_sharpe = set->skewness = set->kurtosis = set->probabilistic_sharpe = NAN;
}

/* Years of so few sessions that growth leaves the doubles have none. */
static double cagr_pct(const curve *c, double years) {
    double growth = pow(last_equity(c) / c->capital, 1.0 / years);
    return isfinite(growth) ? 100.0 * (growth - 1.0) : NAN;
}

static void describe_returns(const curve *c, int days_per_year, px_metric_set *set) {
    moments m = find_moments(c);
    double n = (double)m.n, year = sqrt(days_per_year);
    leave_undefined(set);
    if (m.ruined || m.n == 0)
        return;
    double deviation = m.n > 1 ? sqrt(m.second / (n - 1.0)) : NAN;
    set->cagr_pct = cagr_pct(c, n / days_per_year);
    set->calmar = pxi_ratio(set->cagr_pct, -set->max_drawdown_pct);
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

static void describe(const curve *c, const drawdowns *d, int days_per_year, px_metric_set *set) {
    set->final_equity = last_equity(c);
    set->return_pct = 100.0 * (set->final_equity / c->capital - 1.0);
    describe_drawdowns(d, set);
    describe_returns(c, days_per_year, set);
}

/* Sessions, and the mean equity that they end with. */
static double mean_equity(const curve *c, int64_t *n_sessions) {
    double sum = 0.0;
    for (size_t i = 0; i < c->journal->n_points;) {
        i = session_end(c->journal, i);
        sum += equity_at(c, i - 1);
        ++*n_sessions;
    }
    return pxi_ratio(sum, (double)*n_sessions);
}

void pxi_metrics_of_equity(const pxi_metrics_input *in, px_metrics *m) {
    const pxi_journal *journal = in->journal;
    size_t n = journal->n_points;
    curve gross = {journal, in->capital, true}, net = {journal, in->capital, false};
    drawdowns of_gross, of_net;
    find_drawdowns(&gross, &net, &of_gross, &of_net);
    describe(&gross, &of_gross, in->days_per_year, &m->gross);
    describe(&net, &of_net, in->days_per_year, &m->net);
    double mean = mean_equity(&net, &m->n_sessions);
    double times = mean > 0.0 ? m->turnover / mean : NAN;
    m->turnover_annual = times * pxi_ratio(in->days_per_year, (double)m->n_sessions);
    m->duration_days =
        n ? (double)(journal->points[n - 1].ts_us - journal->points[0].ts_us) / PX_US_PER_DAY : NAN;
    m->buy_hold_pct = 100.0 * (in->last_close / in->first_close - 1.0);
}
