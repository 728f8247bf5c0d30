// SPDX-License-Identifier: Apache-2.0
#include "backtest/metrics.h"

#include <math.h>
#include <stddef.h>
#include "base/json.h"

/* ---- trades ------------------------------------------------------------------------------------------- */

typedef struct tally {
    int64_t n, wins, n_r;
    double profit, loss, total, r;
} tally;

static void count_trade(tally *t, double pnl, double risk) {
    t->n++;
    t->wins += pnl > 0.0;
    t->total += pnl;
    *(pnl > 0.0 ? &t->profit : &t->loss) += fabs(pnl);
    if (!isnan(risk)) {
        t->n_r++;
        t->r += pnl / risk;
    }
}

static double ratio(double a, double b) {
    return b != 0.0 ? a / b : NAN;
}

static double win_rate_pct(const tally *t) {
    return 100.0 * ratio((double)t->wins, (double)t->n);
}

static double expectancy(const tally *t) {
    return ratio(t->total, (double)t->n);
}

static double average_r(const tally *t) {
    return ratio(t->r, (double)t->n_r);
}

/* ---- equity ------------------------------------------------------------------------------------------- */

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

static double max_drawdown_pct(const curve *c) {
    double peak = c->capital, worst = 0.0;
    for (size_t i = 0; i < c->journal->n_points; i++) {
        double equity = equity_at(c, i);
        peak = fmax(peak, equity);
        worst = fmin(worst, equity / peak - 1.0);
    }
    return 100.0 * worst;
}

/* Walks the returns from one session's last close to the next, the first against the capital; false at the
 * end. */
typedef struct return_walk {
    const curve *c;
    size_t i;
    double before;
} return_walk;

static bool next_return(return_walk *walk, double *out) {
    const pxi_journal *journal = walk->c->journal;
    if (walk->i == journal->n_points)
        return false;
    int32_t date = journal->points[walk->i].date;
    while (walk->i + 1 < journal->n_points && journal->points[walk->i + 1].date == date)
        walk->i++;
    double equity = equity_at(walk->c, walk->i++);
    *out = equity / walk->before - 1.0;
    walk->before = equity;
    return true;
}

/* Mean over sample standard deviation of the sessions' returns, annualised; *n_sessions counts them. */
static double sharpe(const curve *c, int days_per_year, int64_t *n_sessions) {
    double value, sum = 0.0, squares = 0.0;
    int64_t n = 0;
    for (return_walk walk = {c, 0, c->capital}; next_return(&walk, &value); n++)
        sum += value;
    double mean = ratio(sum, (double)n);
    for (return_walk walk = {c, 0, c->capital}; next_return(&walk, &value);)
        squares += (value - mean) * (value - mean);
    *n_sessions = n;
    double deviation = n > 1 ? sqrt(squares / (double)(n - 1)) : NAN;
    return ratio(mean, deviation) * sqrt(days_per_year);
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static void count_trades(px_metrics *m, const pxi_journal *journal) {
    tally gross = {0}, net = {0};
    double bars_held = 0.0;
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        count_trade(&gross, trade->pnl, trade->risk);
        count_trade(&net, trade->pnl - trade->fees, trade->risk);
        m->fees += trade->fees;
        m->n_ambiguous += trade->ambiguous;
        m->n_exits[trade->reason]++;
        bars_held += trade->bars_held;
    }
    m->n_trades = gross.n;
    m->n_wins_gross = gross.wins;
    m->n_wins_net = net.wins;
    m->pnl_gross = gross.total;
    m->pnl_net = net.total;
    m->win_rate_gross_pct = win_rate_pct(&gross);
    m->win_rate_net_pct = win_rate_pct(&net);
    m->profit_factor_gross = ratio(gross.profit, gross.loss);
    m->profit_factor_net = ratio(net.profit, net.loss);
    m->expectancy_gross = expectancy(&gross);
    m->expectancy_net = expectancy(&net);
    m->average_r_gross = average_r(&gross);
    m->average_r_net = average_r(&net);
    m->average_bars_held = ratio(bars_held, (double)gross.n);
}

px_metrics pxi_metrics_compute(const pxi_journal *journal, double capital, int days_per_year) {
    px_metrics m = {0};
    curve gross = {journal, capital, true}, net = {journal, capital, false};
    size_t n = journal->n_points;
    count_trades(&m, journal);
    m.final_equity = n ? equity_at(&net, n - 1) : capital;
    m.return_gross_pct = 100.0 * ((n ? equity_at(&gross, n - 1) : capital) / capital - 1.0);
    m.return_net_pct = 100.0 * (m.final_equity / capital - 1.0);
    m.max_drawdown_gross_pct = max_drawdown_pct(&gross);
    m.max_drawdown_net_pct = max_drawdown_pct(&net);
    m.sharpe_gross = sharpe(&gross, days_per_year, &m.n_sessions);
    m.sharpe_net = sharpe(&net, days_per_year, &m.n_sessions);
    return m;
}

/* ---- names -------------------------------------------------------------------------------------------- */

#define COUNT(field)  .offset = offsetof(px_metrics, n_##field), .is_count = true
#define REAL(field)   .offset = offsetof(px_metrics, field)
#define EXITS(reason) .offset = offsetof(px_metrics, n_exits[reason]), .is_count = true

static const struct {
    const char *name;
    size_t offset;
    bool is_count;
} metrics_table[] = {
    {"# Trades", COUNT(trades)},
    {"Win Rate [%] (gross)", REAL(win_rate_gross_pct)},
    {"Win Rate [%]", REAL(win_rate_net_pct)},
    {"Profit Factor (gross)", REAL(profit_factor_gross)},
    {"Profit Factor", REAL(profit_factor_net)},
    {"Expectancy [Rs] (gross)", REAL(expectancy_gross)},
    {"Expectancy [Rs]", REAL(expectancy_net)},
    {"Avg. R (gross)", REAL(average_r_gross)},
    {"Avg. R", REAL(average_r_net)},
    {"Return [%] (gross)", REAL(return_gross_pct)},
    {"Return [%]", REAL(return_net_pct)},
    {"Max. Drawdown [%] (gross)", REAL(max_drawdown_gross_pct)},
    {"Max. Drawdown [%]", REAL(max_drawdown_net_pct)},
    {"Sharpe Ratio (gross)", REAL(sharpe_gross)},
    {"Sharpe Ratio", REAL(sharpe_net)},
    {"PnL [Rs] (gross)", REAL(pnl_gross)},
    {"Commissions [Rs]", REAL(fees)},
    {"PnL [Rs]", REAL(pnl_net)},
    {"Equity Final [Rs]", REAL(final_equity)},
    {"Avg. Bars Held", REAL(average_bars_held)},
    {"# Wins (gross)", COUNT(wins_gross)},
    {"# Wins", COUNT(wins_net)},
    {"# Ambiguous Bars", COUNT(ambiguous)},
    {"# Sessions", COUNT(sessions)},
    {"# Exits stop_loss", EXITS(PX_EXIT_STOP_LOSS)},
    {"# Exits take_profit", EXITS(PX_EXIT_TAKE_PROFIT)},
    {"# Exits time_stop", EXITS(PX_EXIT_TIME_STOP)},
    {"# Exits square_off", EXITS(PX_EXIT_SQUARE_OFF)},
    {"# Exits exit_signal", EXITS(PX_EXIT_SIGNAL)},
    {"# Exits kill_switch", EXITS(PX_EXIT_KILL_SWITCH)},
    {"# Exits end_of_data", EXITS(PX_EXIT_END_OF_DATA)},
};
enum { N_METRICS = sizeof metrics_table / sizeof metrics_table[0] };

static int64_t count_of(const px_metrics *metrics, size_t i) {
    return *(const int64_t *)(const void *)((const char *)metrics + metrics_table[i].offset);
}

static double real_of(const px_metrics *metrics, size_t i) {
    return *(const double *)(const void *)((const char *)metrics + metrics_table[i].offset);
}

const char *px_metric_name(size_t i) {
    return i < N_METRICS ? metrics_table[i].name : NULL;
}

double px_metric_value(const px_metrics *metrics, size_t i) {
    return metrics_table[i].is_count ? (double)count_of(metrics, i) : real_of(metrics, i);
}

json_t *pxi_metrics_json(const px_metrics *metrics) {
    bool failed = false;
    json_t *object = json_object();
    for (size_t i = 0; i < N_METRICS; i++)
        pxi_json_put(object, metrics_table[i].name,
                     metrics_table[i].is_count ? json_integer(count_of(metrics, i))
                                               : pxi_json_real(real_of(metrics, i)),
                     &failed);
    return pxi_json_built(object, failed);
}
