// SPDX-License-Identifier: Apache-2.0
/* Journals made by hand and their metrics: of an account of 1,000 rupees that is flat, its equity in cash. */
#ifndef METRICS_KIT_H
#define METRICS_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "metrics/run_tally.h"

#include <math.h>
#include <string.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

/* The bars of a test. */
enum { MAX_BARS = 1024 };
static int64_t bar_us[MAX_BARS];
static int32_t bar_date[MAX_BARS];
static double closes[MAX_BARS]; /* 0 but where a test sets them */
static int64_t n_missing;       /* sessions without bars; 0 but where a test sets them */

static inline size_t find_sessions(size_t n_bars, size_t ends[MAX_BARS]) {
    size_t n = 0;
    for (size_t i = 0; i < n_bars; i++)
        if (i + 1 == n_bars || bar_date[i] != bar_date[i + 1])
            ends[n++] = i + 1;
    return n;
}

/* The instrument, from 80 to 100, by closes where a test sets them. */
static inline const double *market_of(size_t n_bars) {
    static double market[MAX_BARS];
    memcpy(market, closes, n_bars * sizeof *market);
    if (n_bars && closes[0] == 0.0)
        market[0] = 80, market[n_bars - 1] = 100;
    return market;
}

/* Trades of a journal that begin on a bar, then those that end there, then the account at its close: as the
 * engine tells a sink. */
static inline void tell_trades(pxi_tally *tally, const pxi_journal *journal, size_t bar) {
    for (size_t i = 0; i < journal->n_trades; i++)
        if (journal->trades[i].entry_bar == bar)
            assert_int_equal(pxi_tally_sink.fill(tally, &(pxi_fill){.quantity = 1}, NULL), PX_OK);
    for (size_t i = 0; i < journal->n_trades; i++)
        if (journal->trades[i].exit_bar == bar)
            assert_int_equal(pxi_tally_sink.trade(tally, &journal->trades[i], NULL), PX_OK);
}

static inline void tell_close(pxi_tally *tally, size_t bar, const pxi_account_state *account) {
    const pxi_moment moment = {
        .ts_us = bar_us[bar],
        .equity = pxi_equity_at(account, closes[bar]),
        .fees_paid = account->fees_paid,
    };
    assert_int_equal(pxi_tally_sink.moment(tally, &moment, NULL), PX_OK);
}

static inline px_metrics compute_with(const pxi_journal *journal, const px_model *model) {
    size_t ends[MAX_BARS];
    int32_t dates[MAX_BARS];
    px_metrics metrics;
    pxi_tally tally = {0};
    const size_t n_bars = journal->n_states ? journal->states[journal->n_states - 1].bar + 1 : 0;
    const size_t n_sessions = find_sessions(n_bars, ends);
    const pxi_timeline moments = {
        .ts_us = bar_us,
        .market = market_of(n_bars),
        .n = n_bars,
        .session_ends = ends,
        .n_sessions = n_sessions,
        .session_dates = dates,
        .n_due = (int64_t)n_sessions + n_missing,
        .n_met = (int64_t)n_sessions,
        .days_per_year = 248,
    };
    for (size_t k = 0; k < n_sessions; k++)
        dates[k] = bar_date[ends[k] - 1];
    assert_int_equal(pxi_tally_begin(&tally, &moments, 1000, model, NULL), PX_OK);
    for (size_t i = 0, state = 0; i < n_bars; i++) {
        state += state + 1 < journal->n_states && journal->states[state + 1].bar == i;
        tell_trades(&tally, journal, i);
        tell_close(&tally, i, &journal->states[state]);
    }
    if (n_bars == 0)
        tell_trades(&tally, journal, 0);
    assert_int_equal(pxi_tally_end(&tally, &metrics, NULL), PX_OK);
    pxi_tally_free(&tally);
    return metrics;
}

static inline px_metrics compute(const pxi_journal *journal) {
    return compute_with(journal, NULL);
}

/* Ten shares bought at 100. */
static inline pxi_trade *add_trade(pxi_journal *journal, double pnl, double fees, double risk,
                                   px_exit_reason reason, int bars_held) {
    pxi_trade trade = {
        .side = PX_LONG,
        .quantity = 10,
        .entry_price = 100,
        .exit_price = 100 + pnl / 10,
        .pnl = pnl,
        .fees = fees,
        .risk = risk,
        .reason = reason,
        .bars_held = bars_held,
    };
    pxi_journal_trade(journal, &trade);
    return &journal->trades[journal->n_trades - 1];
}

static inline void lasts(pxi_trade *trade, size_t entry_bar, size_t exit_bar, int hours) {
    trade->entry_bar = entry_bar;
    trade->exit_bar = exit_bar;
    trade->exit_us = hours * 60 * PX_US_PER_MINUTE;
}

static inline void add_point(pxi_journal *journal, int32_t date, double equity, double fees_paid) {
    const size_t n = journal->n_states;
    const pxi_account_state account = {.bar = n, .cash = equity, .fees_paid = fees_paid, .peak = equity};
    assert_true(n < MAX_BARS);
    bar_date[n] = date;
    bar_us[n] = n && bar_date[n - 1] == date ? bar_us[n - 1] + 60 * PX_US_PER_MINUTE : date * PX_US_PER_DAY;
    pxi_journal_state(journal, &account);
}

/* Sessions that follow, in which nothing happens, until there are `n`. */
static inline void add_quiet_sessions(pxi_journal *journal, int n) {
    const pxi_account_state last = journal->states[journal->n_states - 1];
    size_t ends[MAX_BARS];
    const int there = (int)find_sessions(journal->n_states, ends);
    for (int i = there; i < n; i++)
        add_point(journal, bar_date[journal->n_states - 1] + 1, last.cash, last.fees_paid);
}

/* One bar a session. */
static inline pxi_journal make_curve(const double *equity, size_t n) {
    pxi_journal journal = {0};
    for (size_t i = 0; i < n; i++)
        add_point(&journal, (int32_t)i + 1, equity[i], 0);
    return journal;
}

/* Four trades: 300, 5 (a loss after fees), -100, -200; fees 10 each; risk 100 each but for the last. */
static inline pxi_journal make_journal(void) {
    pxi_journal journal = {0};
    lasts(add_trade(&journal, 300, 10, 100, PX_EXIT_TAKE_PROFIT, 4), 0, 1, 1);
    lasts(add_trade(&journal, 5, 10, 100, PX_EXIT_TIME_STOP, 12), 1, 2, 24);
    lasts(add_trade(&journal, -100, 10, 100, PX_EXIT_STOP_LOSS, 2), 3, 3, 0);
    lasts(add_trade(&journal, -200, 10, NAN, PX_EXIT_STOP_LOSS, 6), 5, 5, 0);
    for (size_t i = 0; i < 4; i++) {
        journal.trades[i].mae = 2 + (double)i;
        journal.trades[i].mfe = 5;
    }
    journal.trades[2].ambiguous = true;
    /* three sessions, two bars each */
    add_point(&journal, 1, 1100, 5);
    add_point(&journal, 1, 1290, 10);
    add_point(&journal, 2, 1000, 20);
    add_point(&journal, 2, 1285, 20);
    add_point(&journal, 3, 1200, 30);
    add_point(&journal, 3, 965, 40);
    return journal;
}

static inline double net_of(const px_metrics *m, const char *key) {
    const px_metric *metric = px_metric_find(key);
    assert_non_null(metric);
    return px_metric_value(m, metric);
}

#endif
