// SPDX-License-Identifier: Apache-2.0
/* What the closed trades say. */
#include <math.h>
#include "metrics/metrics.h"

/* ---- gross or net ------------------------------------------------------------------------------------- */

typedef struct tally {
    int64_t n_r, wins_in_a_row, losses_in_a_row;
    double profit, loss;       /* absolute */
    double r;                  /* of trades with a stop */
    double shares, log_growth; /* of the results as shares of the value at entry */
} tally;

static double result_of(const pxi_trade *trade, bool gross) {
    return gross ? trade->pnl : trade->pnl - trade->fees;
}

static void count_result(tally *t, px_metric_set *set, const pxi_trade *trade, double pnl) {
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

/* Standard deviation (ddof 1) of the results. */
static double deviation(const pxi_journal *journal, bool gross, double mean) {
    double squares = 0.0;
    for (size_t i = 0; i < journal->n_trades; i++) {
        double distance = result_of(&journal->trades[i], gross) - mean;
        squares += distance * distance;
    }
    return journal->n_trades > 1 ? sqrt(squares / (double)(journal->n_trades - 1)) : NAN;
}

/* p - q / (mean win / mean loss): what is not a win is a loss, also a result of 0. */
static double kelly(const tally *t, double n, double wins) {
    double mean_win = pxi_ratio(t->profit, wins), mean_loss = pxi_ratio(t->loss, n - wins);
    return pxi_ratio(wins, n) - pxi_ratio(n - wins, n) * mean_loss / mean_win;
}

static px_metric_set set_of_trades(const pxi_journal *journal, bool gross) {
    px_metric_set set = {
        .best_trade = NAN, .worst_trade = NAN, .best_trade_pct = NAN, .worst_trade_pct = NAN};
    tally t = {0};
    for (size_t i = 0; i < journal->n_trades; i++)
        count_result(&t, &set, &journal->trades[i], result_of(&journal->trades[i], gross));
    double n = (double)journal->n_trades, wins = (double)set.n_wins;
    set.win_rate_pct = 100.0 * pxi_ratio(wins, n);
    set.profit_factor = pxi_ratio(t.profit, t.loss);
    set.expectancy = pxi_ratio(set.pnl, n);
    set.expectancy_pct = 100.0 * pxi_ratio(t.shares, n);
    set.average_trade_pct = 100.0 * expm1(pxi_ratio(t.log_growth, n));
    set.average_r = pxi_ratio(t.r, (double)t.n_r);
    set.sqn = sqrt(n) * pxi_ratio(set.expectancy, deviation(journal, gross, set.expectancy));
    set.average_win = pxi_ratio(t.profit, wins);
    set.average_loss = pxi_ratio(-t.loss, n - wins);
    set.payoff_ratio = pxi_ratio(set.average_win, -set.average_loss);
    set.kelly = kelly(&t, n, wins);
    return set;
}

/* ---- the same before fees and after -------------------------------------------------------------------- */

static int64_t n_held_at_most(const pxi_journal *journal, int bars) {
    int64_t n = 0;
    for (size_t i = 0; i < journal->n_trades; i++)
        n += journal->trades[i].bars_held <= bars;
    return n;
}

/* The rank-th smallest number of bars held, from 1: the lowest that so many trades do not exceed. Halving the
 * range of values needs no sorted copy. */
static int held_at_rank(const pxi_journal *journal, int64_t rank, int most) {
    int low = 0, high = most;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (n_held_at_most(journal, middle) >= rank)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static double median_held(const pxi_journal *journal, int most) {
    int64_t n = (int64_t)journal->n_trades;
    if (n == 0)
        return NAN;
    return (held_at_rank(journal, (n + 1) / 2, most) + held_at_rank(journal, n / 2 + 1, most)) / 2.0;
}

static void describe_holding(const pxi_journal *journal, px_metrics *m) {
    double bars = 0.0, hours = 0.0, n = (double)journal->n_trades;
    int most = 0;
    m->max_bars_held = m->max_trade_hours = NAN;
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        double length = (double)(trade->exit_us - trade->entry_us) / (60.0 * PX_US_PER_MINUTE);
        bars += trade->bars_held;
        hours += length;
        most = trade->bars_held > most ? trade->bars_held : most;
        m->max_trade_hours = fmax(m->max_trade_hours, length);
        m->max_bars_held = most;
    }
    m->average_bars_held = pxi_ratio(bars, n);
    m->median_bars_held = median_held(journal, most);
    m->average_trade_hours = pxi_ratio(hours, n);
}

static void describe_excursions(const pxi_journal *journal, px_metrics *m) {
    double mae = 0.0, mfe = 0.0, n = 0.0;
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        if (isnan(trade->risk))
            continue;
        mae += trade->mae * trade->quantity / trade->risk;
        mfe += trade->mfe * trade->quantity / trade->risk;
        n++;
    }
    m->average_mae_r = pxi_ratio(mae, n);
    m->average_mfe_r = pxi_ratio(mfe, n);
}

/* Bars from entries to exits, both included, each once. Trades are in the order of their entries. */
static double bars_in_position(const pxi_journal *journal) {
    size_t n = 0, counted = 0; /* bars before `counted` are */
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        size_t begin = trade->entry_bar > counted ? trade->entry_bar : counted, end = trade->exit_bar + 1;
        if (end > begin) {
            n += end - begin;
            counted = end;
        }
    }
    return (double)n;
}

void pxi_metrics_of_trades(const pxi_metrics_input *in, px_metrics *m) {
    const pxi_journal *journal = in->journal;
    m->gross = set_of_trades(journal, true);
    m->net = set_of_trades(journal, false);
    m->n_trades = (int64_t)journal->n_trades;
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        m->fees += trade->fees;
        m->turnover += trade->quantity * (trade->entry_price + trade->exit_price);
        m->n_ambiguous += trade->ambiguous;
        m->n_exits[trade->reason]++;
    }
    describe_holding(journal, m);
    describe_excursions(journal, m);
    m->exposure_pct =
        100.0 * pxi_ratio(bars_in_position(journal), (double)(in->closes->end - in->closes->begin));
    m->in_sample_pct =
        in->n_in_sample < 0 ? NAN : 100.0 * pxi_ratio((double)in->n_in_sample, (double)m->n_trades);
}
