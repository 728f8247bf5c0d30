// SPDX-License-Identifier: Apache-2.0
/* What the returns of sessions, months and years say, and how they move with the instrument. */
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "metrics/metrics.h"
#include "metrics/sharpe.h"

/* Of each session: equity at its last close, its return, that of the instrument; and room to sort in. */
typedef struct sessions {
    const pxi_timeline *in;
    size_t n;
    double capital;
    const double *equity;
    double *returns, *market, *sorted;
    bool ruined; /* one ended without equity: what follows is no return */
} sessions;

/* ---- reading ------------------------------------------------------------------------------------------ */

static void read_equity(sessions *s, const double *equity) {
    double before = s->capital;
    s->equity = equity;
    s->ruined = false;
    for (size_t k = 0; k < s->n; k++) {
        s->returns[k] = pxi_change(before, equity[k]);
        s->ruined |= equity[k] <= 0.0;
        before = equity[k];
    }
}

static void read_market(sessions *s) {
    const double *market = s->in->market;
    for (size_t k = 0; k < s->n; k++) {
        const size_t before = k ? s->in->session_ends[k - 1] - 1 : 0;
        s->market[k] = pxi_change(market[before], market[s->in->session_ends[k] - 1]);
    }
}

/* ---- moments ------------------------------------------------------------------------------------------ */

static double mean_of(const double *values, size_t n) {
    double sum = 0.0;
    for (size_t k = 0; k < n; k++)
        sum += values[k];
    return sum / (double)n;
}

typedef struct moments {
    double mean;
    double second, third, fourth; /* sums of powers of the distance to the mean */
    double downside;              /* sum of squares of the returns below 0 */
} moments;

static moments find_moments(const sessions *s) {
    moments m = {.mean = mean_of(s->returns, s->n)};
    for (size_t k = 0; k < s->n; k++) {
        const double value = s->returns[k], distance = value - m.mean, square = distance * distance;
        m.second += square;
        m.third += square * distance;
        m.fourth += square * square;
        m.downside += value < 0.0 ? value * value : 0.0;
    }
    return m;
}

/* Growth that leaves the doubles has none. */
static double cagr_pct(const sessions *s) {
    const int32_t *dates = s->in->session_dates;
    const double years = (dates[s->n - 1] - dates[0] + 1) / 365.25;
    const double growth = pow(s->equity[s->n - 1] / s->capital, 1.0 / years);
    return isfinite(growth) ? 100.0 * (growth - 1.0) : NAN;
}

static void describe_returns(const sessions *s, bool annualised, px_equity_metrics *set) {
    const moments m = find_moments(s);
    const double n = (double)s->n, year = annualised ? sqrt(s->in->days_per_year) : NAN;
    const double deviation = s->n > 1 ? sqrt(m.second / (n - 1.0)) : NAN;
    set->cagr_pct = annualised ? cagr_pct(s) : NAN;
    set->volatility_pct = 100.0 * deviation * year;
    set->session_sharpe = pxi_ratio(m.mean, deviation);
    set->sharpe = set->session_sharpe * year;
    set->sortino = pxi_ratio(m.mean, sqrt(m.downside / n)) * year;
    set->skewness = pxi_ratio(m.third / n, pow(m.second / n, 1.5));
    set->kurtosis = pxi_ratio(n * m.fourth, m.second * m.second);
    const pxi_sharpe sharpe = {set->session_sharpe, set->skewness, set->kurtosis, (int64_t)s->n};
    set->probabilistic_sharpe = pxi_sharpe_probability(&sharpe, 0.0);
}

/* ---- tails -------------------------------------------------------------------------------------------- */

static int by_size(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The value below which `twentieths` / 20 of the sorted ones lie, between two in proportion. */
static double quantile(const double *sorted, size_t n, size_t twentieths) {
    const size_t at = (n - 1) * twentieths / 20;
    const double part = (double)((n - 1) * twentieths % 20) / 20.0;
    return part > 0.0 ? sorted[at] + part * (sorted[at + 1] - sorted[at]) : sorted[at];
}

static void describe_tails(const sessions *s, px_equity_metrics *set) {
    double sum = 0.0;
    for (size_t k = 0; k < s->n; k++)
        s->sorted[k] = s->returns[k];
    qsort(s->sorted, s->n, sizeof *s->sorted, by_size);
    set->best_day_pct = 100.0 * s->sorted[s->n - 1];
    set->worst_day_pct = 100.0 * s->sorted[0];
    if (s->n < PXI_LEAST_SESSIONS)
        return;
    const size_t n_worst = (s->n - 1) / 20 + 1;
    for (size_t k = 0; k < n_worst; k++)
        sum += s->sorted[k];
    const double low = quantile(s->sorted, s->n, 1);
    set->var_pct = 100.0 * low;
    set->cvar_pct = 100.0 * sum / (double)n_worst;
    set->tail_ratio = low < 0.0 ? quantile(s->sorted, s->n, 19) / -low : NAN;
}

static void describe_pain(const sessions *s, px_equity_metrics *set) {
    double peak = s->capital, squares = 0.0, gains = 0.0, losses = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        peak = fmax(peak, s->equity[k]);
        const double depth = pxi_change(peak, s->equity[k]);
        squares += depth * depth;
        *(s->returns[k] > 0.0 ? &gains : &losses) += fabs(s->returns[k]);
    }
    set->ulcer_pct = 100.0 * sqrt(squares / (double)s->n);
    set->martin = pxi_ratio(set->cagr_pct, set->ulcer_pct);
    set->omega = pxi_ratio(gains, losses);
}

/* ---- months and years --------------------------------------------------------------------------------- */

typedef struct periods {
    double best, worst, sum, losses, n, n_won;
} periods;

static void add_period(periods *p, double before, double now) {
    const double value = pxi_change(before, now);
    p->best = p->n > 0.0 ? fmax(p->best, value) : value;
    p->worst = p->n > 0.0 ? fmin(p->worst, value) : value;
    p->sum += value;
    p->losses += value < 0.0 ? -value : 0.0;
    p->n++;
    p->n_won += value > 0.0;
}

static int month_of(int32_t date) {
    const px_civil day = px_civil_from_date(date);
    return day.year * 12 + day.month - 1;
}

/* Of calendar months in groups of `length` that have sessions, each against the one before. */
static periods find_periods(const sessions *s, int length) {
    periods p = {0};
    double before = s->capital;
    for (size_t k = 0; k < s->n; k++) {
        const int32_t *dates = s->in->session_dates;
        if (k + 1 < s->n && month_of(dates[k]) / length == month_of(dates[k + 1]) / length)
            continue;
        add_period(&p, before, s->equity[k]);
        before = s->equity[k];
    }
    return p;
}

static void describe_periods(const sessions *s, px_equity_metrics *set) {
    const periods months = find_periods(s, 1), years = find_periods(s, 12);
    set->best_month_pct = 100.0 * months.best;
    set->worst_month_pct = 100.0 * months.worst;
    set->best_year_pct = 100.0 * years.best;
    set->worst_year_pct = 100.0 * years.worst;
    set->winning_months_pct = 100.0 * pxi_ratio(months.n_won, months.n);
    set->gain_to_pain = pxi_ratio(months.sum, months.losses);
}

/* ---- beside the instrument ---------------------------------------------------------------------------- */

static void describe_market(const sessions *s, bool annualised, px_equity_metrics *set) {
    const double year = annualised ? s->in->days_per_year : NAN;
    const double own_mean = mean_of(s->returns, s->n), mean = mean_of(s->market, s->n);
    double own = 0.0, market = 0.0, both = 0.0, apart = 0.0;
    for (size_t k = 0; k < s->n; k++) {
        const double a = s->returns[k] - own_mean, b = s->market[k] - mean;
        own += a * a;
        market += b * b;
        both += a * b;
        apart += (a - b) * (a - b);
    }
    const double spread = s->n > 1 ? sqrt(apart / (double)(s->n - 1)) : NAN;
    set->beta = pxi_ratio(both, market);
    set->alpha_pct = 100.0 * (own_mean - set->beta * mean) * year;
    set->correlation = pxi_ratio(both, sqrt(own) * sqrt(market));
    set->information_ratio = pxi_ratio(own_mean - mean, spread) * sqrt(year);
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static void leave_undefined(px_equity_metrics *set) {
    set->cagr_pct = set->volatility_pct = set->sharpe = set->sortino = NAN;
    set->session_sharpe = set->skewness = set->kurtosis = set->probabilistic_sharpe = NAN;
    set->var_pct = set->cvar_pct = set->tail_ratio = set->ulcer_pct = set->martin = set->omega = NAN;
    set->gain_to_pain = set->best_day_pct = set->worst_day_pct = set->best_month_pct = NAN;
    set->worst_month_pct = set->best_year_pct = set->worst_year_pct = set->winning_months_pct = NAN;
    set->alpha_pct = set->beta = set->information_ratio = set->correlation = NAN;
}

static void describe(sessions *s, const double *equity, bool annualised, px_equity_metrics *set) {
    leave_undefined(set);
    if (s->n == 0)
        return;
    read_equity(s, equity);
    if (s->ruined)
        return;
    describe_returns(s, annualised, set);
    describe_tails(s, set);
    describe_pain(s, set);
    describe_periods(s, set);
    describe_market(s, annualised, set);
}

/* Of the mean of the net equity. */
static double turnover_annual(const sessions *s, const double *equity, double turnover) {
    const double mean = mean_of(equity, s->n);
    return mean > 0.0 ? turnover / mean * pxi_ratio(s->in->days_per_year, (double)s->n) : NAN;
}

px_status pxi_sessions_describe(const pxi_timeline *timeline, const pxi_session_equity *equity, px_metrics *m,
                                px_error *err) {
    const size_t n = timeline->n_sessions;
    double *room = pxi_new_array(3 * n + 1, sizeof *room);
    if (!room)
        return pxi_fail_memory(err);
    sessions s = {
        .in = timeline,
        .n = n,
        .capital = equity->capital,
        .returns = room,
        .market = room + n,
        .sorted = room + 2 * n,
    };
    read_market(&s);
    const bool annualised = !*m->not_annualised;
    m->n_sessions = (int64_t)n;
    describe(&s, equity->gross, annualised, &m->gross);
    describe(&s, equity->net, annualised, &m->net);
    m->turnover_annual = annualised ? turnover_annual(&s, equity->net, m->trades.turnover) : NAN;
    free(room);
    return PX_OK;
}
