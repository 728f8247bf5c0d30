// SPDX-License-Identifier: Apache-2.0
/* What the closed trades say. */
#include <math.h>
#include "base/mem.h"
#include "metrics/metrics.h"

/* ---- gross or net ------------------------------------------------------------------------------------- */

static void count_result(pxi_results *t, px_result_metrics *set, const pxi_trade *trade, double pnl) {
    bool won = pnl > 0.0;
    double share = pnl / (trade->quantity * trade->entry_price);
    *(won ? &t->profit : &t->loss) += fabs(pnl);
    t->wins_in_a_row = won ? t->wins_in_a_row + 1 : 0;
    t->losses_in_a_row = won ? 0 : t->losses_in_a_row + 1;
    t->shares += share;
    t->log_growth += log1p(share);
    if (!isnan(trade->risk)) {
        t->n_r++;
        t->r += pnl / trade->risk;
    }
    set->n_wins += won;
    set->pnl += pnl;
    set->best_trade = fmax(set->best_trade, pnl); /* of NaN and a number: the number */
    set->worst_trade = fmin(set->worst_trade, pnl);
    set->best_trade_pct = fmax(set->best_trade_pct, 100.0 * share);
    set->worst_trade_pct = fmin(set->worst_trade_pct, 100.0 * share);
    if (t->wins_in_a_row > set->max_consecutive_wins)
        set->max_consecutive_wins = t->wins_in_a_row;
    if (t->losses_in_a_row > set->max_consecutive_losses)
        set->max_consecutive_losses = t->losses_in_a_row;
}

static double result_of(const pxi_kept_trade *trade, bool gross) {
    return gross ? trade->gross : trade->net;
}

/* Standard deviation (ddof 1) of the results. */
static double deviation(const pxi_trade_sums *sums, bool gross, double mean) {
    double squares = 0.0;
    for (size_t i = 0; i < sums->n; i++) {
        double distance = result_of(&sums->kept[i], gross) - mean;
        squares += distance * distance;
    }
    return sums->n > 1 ? sqrt(squares / (double)(sums->n - 1)) : NAN;
}

/* p - q / (mean win / mean loss): what is not a win is a loss, also a result of 0. */
static double kelly(const pxi_results *t, double n, double wins) {
    double mean_win = pxi_ratio(t->profit, wins), mean_loss = pxi_ratio(t->loss, n - wins);
    return pxi_ratio(wins, n) - pxi_ratio(n - wins, n) * mean_loss / mean_win;
}

static void describe_results(const pxi_trade_sums *sums, bool gross, px_result_metrics *set) {
    const pxi_results *t = gross ? &sums->gross : &sums->net;
    double n = (double)sums->n, wins = (double)set->n_wins;
    set->win_rate_pct = 100.0 * pxi_ratio(wins, n);
    set->profit_factor = pxi_ratio(t->profit, t->loss);
    set->expectancy = pxi_ratio(set->pnl, n);
    set->expectancy_pct = 100.0 * pxi_ratio(t->shares, n);
    set->average_trade_pct = 100.0 * expm1(pxi_ratio(t->log_growth, n));
    set->average_r = pxi_ratio(t->r, (double)t->n_r);
    set->sqn = sqrt(n) * pxi_ratio(set->expectancy, deviation(sums, gross, set->expectancy));
    set->average_win = pxi_ratio(t->profit, wins);
    set->average_loss = pxi_ratio(-t->loss, n - wins);
    set->payoff_ratio = pxi_ratio(set->average_win, -set->average_loss);
    set->kelly = kelly(t, n, wins);
}

/* ---- the same before fees and after -------------------------------------------------------------------- */

static int64_t n_held_at_most(const pxi_trade_sums *sums, int bars) {
    int64_t n = 0;
    for (size_t i = 0; i < sums->n; i++)
        n += sums->kept[i].bars_held <= bars;
    return n;
}

/* The rank-th smallest number of bars held, from 1: the lowest that so many trades do not exceed. Halving the
 * range of values needs no sorted copy. */
static int held_at_rank(const pxi_trade_sums *sums, int64_t rank) {
    int low = 0, high = sums->most_bars;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (n_held_at_most(sums, middle) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static double median_held(const pxi_trade_sums *sums) {
    int64_t n = (int64_t)sums->n;
    return n ? (held_at_rank(sums, (n + 1) / 2) + held_at_rank(sums, n / 2 + 1)) / 2.0 : NAN;
}

static void count_holding(pxi_trade_sums *sums, const pxi_trade *trade, px_trade_metrics *m) {
    const double length = (double)(trade->exit_us - trade->entry_us) / (60.0 * PX_US_PER_MINUTE);
    sums->bars += trade->bars_held;
    sums->hours += length;
    sums->most_bars = trade->bars_held > sums->most_bars ? trade->bars_held : sums->most_bars;
    m->max_trade_hours = fmax(m->max_trade_hours, length);
    m->max_bars_held = sums->most_bars;
    if (!isnan(trade->risk)) {
        sums->mae += trade->mae * trade->quantity / trade->risk;
        sums->mfe += trade->mfe * trade->quantity / trade->risk;
    }
}

/* ---- all ---------------------------------------------------------------------------------------------- */

static void begin_set(px_result_metrics *set) {
    set->best_trade = set->worst_trade = set->best_trade_pct = set->worst_trade_pct = NAN;
}

void pxi_trades_begin(px_trade_metrics *m) {
    begin_set(&m->gross);
    begin_set(&m->net);
    m->max_bars_held = m->max_trade_hours = NAN;
}

bool pxi_trades_add(pxi_trade_sums *sums, const pxi_trade *trade, px_trade_metrics *m) {
    const pxi_kept_trade kept = {trade->pnl, trade->pnl - trade->fees, trade->bars_held};
    if (!pxi_grow(&sums->kept, &sums->capacity, sums->n + 1, sizeof kept))
        return false;
    sums->kept[sums->n++] = kept;
    count_result(&sums->gross, &m->gross, trade, kept.gross);
    count_result(&sums->net, &m->net, trade, kept.net);
    count_holding(sums, trade, m);
    m->n++;
    m->fees += trade->fees;
    m->turnover += trade->quantity * (trade->entry_price + trade->exit_price);
    m->n_ambiguous += trade->ambiguous;
    m->n_exits[trade->reason]++;
    return true;
}

void pxi_trades_describe(const pxi_trade_sums *sums, px_trade_metrics *m) {
    const double n = (double)sums->n, n_with_stop = (double)sums->gross.n_r;
    describe_results(sums, true, &m->gross);
    describe_results(sums, false, &m->net);
    m->average_bars_held = pxi_ratio(sums->bars, n);
    m->median_bars_held = median_held(sums);
    m->average_trade_hours = pxi_ratio(sums->hours, n);
    m->average_mae_r = pxi_ratio(sums->mae, n_with_stop);
    m->average_mfe_r = pxi_ratio(sums->mfe, n_with_stop);
}
