// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "metrics/metrics.h"
#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

/* The bars of a test. The account is flat and has its equity in cash. */
enum { MAX_BARS = 1024 };
static int64_t bar_us[MAX_BARS];
static int32_t bar_date[MAX_BARS];
static double closes[MAX_BARS]; /* 0 but where a test sets them */
static int64_t n_missing;       /* sessions without bars; 0 but where a test sets them */

static size_t find_sessions(size_t n_bars, size_t ends[MAX_BARS]) {
    size_t n = 0;
    for (size_t i = 0; i < n_bars; i++)
        if (i + 1 == n_bars || bar_date[i] != bar_date[i + 1])
            ends[n++] = i + 1;
    return n;
}

static px_metrics compute_with(const pxi_journal *journal, int64_t n_in_sample) {
    size_t ends[MAX_BARS];
    int32_t dates[MAX_BARS];
    px_metrics metrics;
    const size_t n_bars = journal->n_states ? journal->states[journal->n_states - 1].bar + 1 : 0;
    const pxi_curve curve = {0, n_bars, bar_us, closes, journal->states, journal->n_states};
    const size_t n_sessions = find_sessions(n_bars, ends);
    pxi_metrics_input input = {
        .journal = journal,
        .closes = &curve,
        .session_ends = ends,
        .n_sessions = n_sessions,
        .session_dates = dates,
        .n_due = (int64_t)n_sessions + n_missing,
        .n_met = (int64_t)n_sessions,
        .capital = 1000,
        .days_per_year = 248,
        .first_close = 80,
        .last_close = 100,
        .n_in_sample = n_in_sample,
    };
    for (size_t k = 0; k < n_sessions; k++)
        dates[k] = bar_date[ends[k] - 1];
    assert_int_equal(pxi_metrics_compute(&input, &metrics, NULL), PX_OK);
    return metrics;
}

static px_metrics compute(const pxi_journal *journal) {
    return compute_with(journal, 0);
}

/* Ten shares bought at 100. */
static pxi_trade *add_trade(pxi_journal *journal, double pnl, double fees, double risk, px_exit_reason reason,
                            int bars_held) {
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

static void lasts(pxi_trade *trade, size_t entry_bar, size_t exit_bar, int hours) {
    trade->entry_bar = entry_bar;
    trade->exit_bar = exit_bar;
    trade->exit_us = hours * 60 * PX_US_PER_MINUTE;
}

static void add_point(pxi_journal *journal, int32_t date, double equity, double fees_paid) {
    const size_t n = journal->n_states;
    const pxi_account_state account = {.bar = n, .cash = equity, .fees_paid = fees_paid, .peak = equity};
    assert_true(n < MAX_BARS);
    bar_date[n] = date;
    bar_us[n] = n && bar_date[n - 1] == date ? bar_us[n - 1] + 60 * PX_US_PER_MINUTE : date * PX_US_PER_DAY;
    pxi_journal_state(journal, &account);
}

/* Sessions that follow, in which nothing happens, until there are `n`. */
static void add_quiet_sessions(pxi_journal *journal, int n) {
    const pxi_account_state last = journal->states[journal->n_states - 1];
    size_t ends[MAX_BARS];
    const int there = (int)find_sessions(journal->n_states, ends);
    for (int i = there; i < n; i++)
        add_point(journal, bar_date[journal->n_states - 1] + 1, last.cash, last.fees_paid);
}

/* One bar a session. */
static pxi_journal make_curve(const double *equity, size_t n) {
    pxi_journal journal = {0};
    for (size_t i = 0; i < n; i++)
        add_point(&journal, (int32_t)i + 1, equity[i], 0);
    return journal;
}

/* Four trades: 300, 5 (a loss after fees), -100, -200; fees 10 each; risk 100 each but for the last. */
static pxi_journal make_journal(void) {
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

/* ---- trades ------------------------------------------------------------------------------------------- */

static double net_of(const px_metrics *m, const char *key) {
    const px_metric *metric = px_metric_find(key);
    assert_non_null(metric);
    return px_metric_value(m, metric);
}

static void test_trades(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_int_equal(m.n_trades, 4);
    assert_int_equal(m.gross.n_wins, 2);
    assert_int_equal(m.net.n_wins, 1);
    assert_int_equal(m.n_ambiguous, 1);
    assert_int_equal(m.n_exits[PX_EXIT_STOP_LOSS], 2);
    assert_near(m.gross.win_rate_pct, 50);
    assert_near(m.net.win_rate_pct, 25);
    assert_near(m.gross.pnl, 5);
    assert_near(m.fees, 40);
    assert_near(m.net.pnl, -35);
    assert_near(m.gross.profit_factor, 305.0 / 300);
    assert_near(m.net.profit_factor, 290.0 / (5 + 110 + 210));
    assert_near(m.gross.expectancy, 1.25);
    assert_near(m.net.expectancy, -8.75);
    assert_near(m.gross.expectancy_pct, 0.125);
    assert_near(m.net.expectancy_pct, -0.875);
    assert_near(m.gross.average_r, (3 + 0.05 - 1) / 3);
    assert_near(m.net.average_r, (2.9 - 0.05 - 1.1) / 3);
    pxi_journal_free(&journal);
}

static void test_best_and_worst_trades(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_true(m.gross.best_trade == 300 && m.gross.worst_trade == -200);
    assert_true(m.net.best_trade == 290 && m.net.worst_trade == -210);
    assert_near(m.gross.best_trade_pct, 30);
    assert_near(m.net.worst_trade_pct, -21);
    assert_near(m.gross.average_trade_pct, 100 * (pow(1.3 * 1.005 * 0.9 * 0.8, 0.25) - 1));
    assert_int_equal(m.gross.max_consecutive_losses, 2);
    assert_int_equal(m.net.max_consecutive_losses, 3);
    double squares = 298.75 * 298.75 + 3.75 * 3.75 + 101.25 * 101.25 + 201.25 * 201.25;
    assert_near(m.gross.sqn, 2 * 1.25 / sqrt(squares / 3));
    assert_near(m.gross.kelly, 0.5 - 0.5 / (152.5 / 150));
    assert_near(m.net.kelly, 0.25 - 0.75 / (290 / (325.0 / 3)));
    pxi_journal_free(&journal);
}

static void test_holding(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_near(m.average_bars_held, 6);
    assert_near(m.median_bars_held, 5);
    assert_near(m.max_bars_held, 12);
    assert_near(m.average_trade_hours, 6.25);
    assert_near(m.max_trade_hours, 24);
    assert_near(m.average_mae_r, (2 + 3 + 4) / 30.0); /* the trade without a stop has none */
    assert_near(m.average_mfe_r, 0.5);
    assert_near(m.exposure_pct, 500.0 / 6); /* bars 0 to 3, and 5; the reversal's bar counts once */
    assert_near(m.turnover, 10 * (130 + 100.5 + 90 + 80 + 400));
    add_trade(&journal, 1, 0, NAN, PX_EXIT_SIGNAL, 3);
    assert_near(compute(&journal).median_bars_held, 4);
    pxi_journal_free(&journal);
}

/* Every way in which a median by counting can go wrong: ties, gaps, zeros, one trade. */
static void test_medians(void **state) {
    (void)state;
    const struct {
        int held[6];
        size_t n;
        double median;
    } cases[] = {{{7}, 1, 7},          {{0}, 1, 0},          {{0, 1}, 2, 0.5},
                 {{3, 3, 3, 3}, 4, 3}, {{9, 1, 1, 9}, 4, 5}, {{5, 1, 100000}, 3, 5},
                 {{0, 0, 0, 8}, 4, 0}, {{8, 0, 8, 8}, 4, 8}, {{2, 4, 4, 1, 9, 5}, 6, 4}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pxi_journal journal = {0};
        for (size_t k = 0; k < cases[i].n; k++)
            add_trade(&journal, 1, 0, NAN, PX_EXIT_SIGNAL, cases[i].held[k]);
        assert_true(compute(&journal).median_bars_held == cases[i].median);
        pxi_journal_free(&journal);
    }
}

static void assert_trades_undefined(const px_metric_set *set) {
    assert_true(isnan(set->win_rate_pct) && isnan(set->profit_factor) && isnan(set->kelly) &&
                isnan(set->sqn));
    assert_true(isnan(set->expectancy) && isnan(set->expectancy_pct) && isnan(set->average_r));
    assert_true(isnan(set->best_trade) && isnan(set->worst_trade) && isnan(set->average_trade_pct));
    assert_true(isnan(set->best_trade_pct) && isnan(set->worst_trade_pct));
    assert_true(set->pnl == 0 && set->n_wins == 0 && set->max_consecutive_losses == 0);
}

static void test_no_trades(void **state) {
    (void)state;
    const double flat[] = {1000, 1000, 1000};
    pxi_journal journal = make_curve(flat, 3);
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    assert_trades_undefined(&m.gross);
    assert_trades_undefined(&m.net);
    assert_true(isnan(m.average_bars_held) && isnan(m.median_bars_held) && isnan(m.max_bars_held));
    assert_true(isnan(m.average_trade_hours) && isnan(m.max_trade_hours));
    assert_true(isnan(m.average_mae_r) && isnan(m.average_mfe_r) && isnan(m.in_sample_pct));
    assert_true(m.exposure_pct == 0 && m.turnover == 0 && m.turnover_annual == 0 && m.fees == 0);
    pxi_journal_free(&journal);
}

static void test_one_trade(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_trade(&journal, 10, 1, NAN, PX_EXIT_SIGNAL, 1);
    px_metrics m = compute(&journal);
    assert_true(m.net.win_rate_pct == 100 && m.net.expectancy == 9 && m.net.max_consecutive_losses == 0);
    assert_true(isnan(m.net.profit_factor) && isnan(m.net.kelly)); /* no loss */
    assert_true(isnan(m.net.sqn));                                 /* no deviation */
    assert_true(isnan(m.net.average_r) && isnan(m.average_mae_r)); /* no stop */
    assert_true(m.net.best_trade == 9 && m.net.worst_trade == 9);
    pxi_journal_free(&journal);
}

static void test_all_wins_and_all_losses(void **state) {
    (void)state;
    pxi_journal wins = {0}, losses = {0};
    for (int i = 1; i < 4; i++) {
        add_trade(&wins, 10 * i, 1, 10, PX_EXIT_TAKE_PROFIT, 1);
        add_trade(&losses, -10 * i, 1, 10, PX_EXIT_STOP_LOSS, 1)->ambiguous = true;
    }
    px_metrics m = compute(&wins);
    assert_true(isnan(m.net.profit_factor) && isnan(m.net.kelly) && m.net.win_rate_pct == 100);
    assert_near(m.net.sqn, sqrt(3) * 19 / 10);
    assert_int_equal(m.net.max_consecutive_losses, 0);
    m = compute(&losses);
    assert_true(m.net.profit_factor == 0 && isnan(m.net.kelly) && m.net.win_rate_pct == 0);
    assert_int_equal(m.net.max_consecutive_losses, 3);
    assert_int_equal(m.n_ambiguous, 3);
    pxi_journal_free(&wins);
    pxi_journal_free(&losses);
}

static void test_trades_of_one_result(void **state) {
    (void)state;
    pxi_journal journal = {0};
    for (int i = 0; i < 3; i++)
        add_trade(&journal, 0, 0, 10, PX_EXIT_TIME_STOP, 1);
    px_metrics m = compute(&journal);
    assert_true(isnan(m.net.sqn) && isnan(m.net.profit_factor) && isnan(m.net.kelly));
    assert_true(m.net.win_rate_pct == 0 && m.net.average_r == 0 && m.net.average_trade_pct == 0);
    assert_int_equal(m.net.max_consecutive_losses, 3); /* nothing won is lost */
    add_trade(&journal, 5, 0, 10, PX_EXIT_TIME_STOP, 1);
    assert_near(compute(&journal).net.kelly, 0.25); /* losses of nothing cost nothing */
    pxi_journal_free(&journal);
}

static void test_a_trade_that_loses_all_and_more(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_trade(&journal, -1000, 0, NAN, PX_EXIT_SIGNAL, 1);
    add_trade(&journal, 500, 0, NAN, PX_EXIT_SIGNAL, 1);
    assert_true(compute(&journal).net.average_trade_pct == -100);
    add_trade(&journal, -1500, 0, NAN, PX_EXIT_SIGNAL, 1);
    assert_true(isnan(compute(&journal).net.average_trade_pct));
    assert_near(compute(&journal).net.worst_trade_pct, -150);
    pxi_journal_free(&journal);
}

static void test_in_sample_share(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    assert_near(compute_with(&journal, 1).in_sample_pct, 25);
    assert_true(compute_with(&journal, 0).in_sample_pct == 0);
    assert_true(isnan(compute_with(&journal, -1).in_sample_pct));
    pxi_journal_free(&journal);
}

/* ---- equity ------------------------------------------------------------------------------------------- */

static void test_equity(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_near(m.net.final_equity, 965);
    assert_near(m.gross.final_equity, 1005);
    assert_true(m.net.peak_equity == 1290 && m.gross.peak_equity == 1305);
    assert_near(m.net.return_pct, -3.5);
    assert_near(m.gross.return_pct, 0.5);
    assert_near(m.buy_hold_pct, 25);
    assert_near(m.duration_days, 2 + 1.0 / 24);
    assert_int_equal(m.n_sessions, 3);
    add_quiet_sessions(&journal, 20);
    m = compute(&journal);
    assert_near(m.turnover_annual, m.turnover / ((1290 + 1285 + 18 * 965) / 20.0) * 248 / 20);
    pxi_journal_free(&journal);
}

static void test_returns(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    /* returns by session: 1290/1000, 1285/1290, 965/1285, each less 1, and none after */
    double r[20] = {0.29, 1285.0 / 1290 - 1, 965.0 / 1285 - 1}, powers[5] = {0};
    double mean = (r[0] + r[1] + r[2]) / 20;
    for (int i = 0; i < 20; i++)
        for (int k = 0; k < 5; k++)
            powers[k] += pow(r[i] - mean, k);
    double deviation = sqrt(powers[2] / 19), variance = powers[2] / 20;
    assert_near(m.net.sharpe, mean / deviation * sqrt(248));
    assert_near(m.net.session_sharpe, mean / deviation);
    assert_near(m.net.volatility_pct, 100 * deviation * sqrt(248));
    assert_near(m.net.sortino, mean / sqrt((r[1] * r[1] + r[2] * r[2]) / 20) * sqrt(248));
    assert_near(m.net.cagr_pct, 100 * (pow(0.965, 365.25 / 20) - 1));
    assert_near(net_of(&m, "Calmar Ratio"), m.net.cagr_pct / (100 * (1 - 965.0 / 1290)));
    double skewness = powers[3] / 20 / pow(variance, 1.5), kurtosis = powers[4] / 20 / (variance * variance);
    assert_near(m.net.skewness, skewness);
    assert_near(m.net.kurtosis, kurtosis);
    double s = mean / deviation, spread = 1 - skewness * s + (kurtosis - 1) / 4 * s * s;
    assert_near(m.net.probabilistic_sharpe, 0.5 * erfc(-s * sqrt(19) / sqrt(spread) / sqrt(2)));
    pxi_journal_free(&journal);
}

/* Those of a set that are of a year, and the session's own. */
static void assert_annualised(const px_metrics *m, bool annualised) {
    const px_metric_set *const sets[] = {&m->gross, &m->net};
    assert_int_equal(!annualised, isnan(m->turnover_annual));
    assert_int_equal(annualised, *m->not_annualised == '\0');
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(!annualised, isnan(sets[i]->cagr_pct) && isnan(sets[i]->volatility_pct));
        assert_int_equal(!annualised, isnan(sets[i]->sharpe) && isnan(sets[i]->sortino));
        assert_false(isnan(sets[i]->session_sharpe) || isnan(sets[i]->probabilistic_sharpe));
    }
    assert_int_equal(!annualised,
                     isnan(net_of(m, "Calmar Ratio")) && isnan(net_of(m, "Calmar Ratio (gross)")));
}

static void test_a_few_sessions_are_no_year(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 19);
    px_metrics m = compute(&journal);
    assert_annualised(&m, false);
    assert_string_equal(m.not_annualised, "19 sessions, and yearly figures need 20");
    add_quiet_sessions(&journal, 20);
    m = compute(&journal);
    assert_annualised(&m, true);
    pxi_journal_free(&journal);
}

/* 20 of 22 are 90.9 %, 20 of 23 are 87 %; and 27 of 30 are 90 %. */
static void test_a_window_with_holes_is_no_year(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 20);
    n_missing = 2;
    px_metrics m = compute(&journal);
    assert_annualised(&m, true);
    n_missing = 3;
    m = compute(&journal);
    assert_annualised(&m, false);
    assert_string_equal(m.not_annualised,
                        "bars in 20 of the calendar's 23 sessions, and yearly figures need 90 % of them");
    add_quiet_sessions(&journal, 27);
    m = compute(&journal);
    assert_annualised(&m, true);
    n_missing = 0;
    pxi_journal_free(&journal);
}

/* The years are those of the calendar: sessions that are missing do not make growth faster. */
static void test_growth_is_by_the_calendar(void **state) {
    (void)state;
    pxi_journal journal = {0};
    for (int i = 0; i < 25; i++)
        add_point(&journal, 30 * i, 1000 + i, 0);
    px_metrics m = compute(&journal);
    assert_near(m.net.cagr_pct, 100 * (pow(1.024, 365.25 / (30 * 24 + 1)) - 1));
    pxi_journal_free(&journal);
}

/* 21 sessions: 1 % up, twice 2 % down, then nothing; in two months of two years. */
static void test_tails_and_periods(void **state) {
    (void)state;
    pxi_journal journal = {0};
    const double equity[] = {1010, 1010 * 0.98, 1010 * 0.98 * 0.98};
    for (int i = 0; i < 21; i++) {
        add_point(&journal, 364 + i, equity[i < 2 ? i : 2], 0); /* 1970-12-31 and on */
        closes[i] = i == 0 ? 88 : i == 1 ? 80 : 100;
    }
    px_metrics m = compute(&journal);
    memset(closes, 0, sizeof closes);
    assert_near(m.net.best_day_pct, 1);
    assert_near(m.net.worst_day_pct, -2);
    assert_near(m.net.var_pct, -2); /* the second smallest of 21 */
    assert_near(m.net.cvar_pct, -2);
    assert_near(m.net.tail_ratio, 0);
    assert_near(m.net.omega, 1.0 / 4);
    assert_near(m.net.best_month_pct, 1);
    assert_near(m.net.worst_month_pct, 100 * (0.98 * 0.98 - 1));
    assert_true(m.net.best_year_pct == m.net.best_month_pct && m.net.worst_year_pct == m.net.worst_month_pct);
    assert_near(m.net.winning_months_pct, 50);
    assert_near(m.net.gain_to_pain, (0.01 + 0.98 * 0.98 - 1) / (1 - 0.98 * 0.98));
    assert_near(m.net.underwater_pct, 2000.0 / 21);
    assert_near(m.net.ulcer_pct, 100 * sqrt((0.02 * 0.02 + 19 * pow(1 - 0.98 * 0.98, 2)) / 21));
    assert_near(net_of(&m, "Recovery Factor"), (1.01 * 0.98 * 0.98 - 1) / (1 - 0.98 * 0.98));
    assert_near(m.net.martin, m.net.cagr_pct / m.net.ulcer_pct);
    pxi_journal_free(&journal);
}

/* An account that moves half as far as the instrument, and gains a little in each session. */
static void test_beside_the_instrument(void **state) {
    (void)state;
    pxi_journal journal = {0};
    double price = 80, equity = 1000, mean = 0, squares = 0, apart[22], apart_mean = 0;
    for (int i = 0; i < 22; i++) {
        const double r = i % 2 ? 0.02 : -0.01;
        price *= 1 + r;
        equity *= 1 + r / 2 + 0.001;
        apart[i] = 0.001 - r / 2;
        apart_mean += apart[i] / 22;
        mean += r / 22;
        add_point(&journal, i, equity, 0);
        closes[i] = price;
    }
    for (int i = 0; i < 22; i++)
        squares += pow(apart[i] - apart_mean, 2) / 21;
    px_metrics m = compute(&journal);
    memset(closes, 0, sizeof closes);
    assert_near(m.net.beta, 0.5);
    assert_near(m.net.correlation, 1);
    assert_near(m.net.alpha_pct, 100 * 0.001 * 248);
    assert_near(m.net.information_ratio, apart_mean / sqrt(squares) * sqrt(248));
    assert_near(mean, 0.005);
    pxi_journal_free(&journal);
}

static void test_wins_and_losses(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_near(m.gross.average_win, 152.5);
    assert_near(m.gross.average_loss, -150);
    assert_near(m.net.payoff_ratio, 290 / (325.0 / 3));
    assert_int_equal(m.gross.max_consecutive_wins, 2);
    assert_int_equal(m.net.max_consecutive_wins, 1);
    assert_true(isnan(m.net.var_pct) && isnan(m.net.tail_ratio)); /* of three sessions */
    pxi_journal_free(&journal);
}

static void test_drawdowns(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    /* net: from the second bar to the end */
    assert_near(m.net.max_drawdown_pct, 100 * (965.0 / 1290 - 1));
    assert_near(m.net.average_drawdown_pct, m.net.max_drawdown_pct);
    assert_near(m.net.max_drawdown_days, 2);
    assert_near(m.net.max_drawdown_sessions, 2);
    /* gross: from the second bar to the fourth, and on to the end */
    assert_near(m.gross.max_drawdown_pct, 100 * (1005.0 / 1305 - 1));
    assert_near(m.gross.average_drawdown_pct, 50 * (1020.0 / 1300 - 1 + 1005.0 / 1305 - 1));
    assert_near(m.gross.max_drawdown_days, 1);
    assert_near(m.gross.average_drawdown_days, 1);
    assert_near(m.gross.average_drawdown_sessions, 1);
    pxi_journal_free(&journal);
}

static void test_drawdown_counts_from_the_capital(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_point(&journal, 1, 900, 0);
    add_point(&journal, 1, 950, 0);
    assert_near(compute(&journal).net.max_drawdown_pct, -10);
    assert_true(compute(&journal).net.max_drawdown_sessions == 1); /* before the first session to its end */
    add_point(&journal, 2, 1000, 0);
    assert_true(compute(&journal).net.max_drawdown_sessions == 2);
    assert_true(compute(&journal).net.max_drawdown_days == 1);
    add_point(&journal, 2, 990, 0);
    add_point(&journal, 2, 1000, 0);
    px_metrics m = compute(&journal);
    assert_true(m.net.average_drawdown_sessions == 1 && m.net.max_drawdown_sessions == 2);
    assert_near(m.net.average_drawdown_pct, -5.5);
    pxi_journal_free(&journal);
}

/* Sessions of 1 to 40 bars have the returns of their last bars, wherever they end. */
static void test_sessions_of_every_length(void **state) {
    (void)state;
    pxi_journal journal = {0};
    double last[40];
    for (int session = 0; session < 40; session++) {
        for (int bar = 0; bar < session; bar++)
            add_point(&journal, 3 * session, 500 + bar, 0);
        last[session] = 1000 + (session * session) % 77;
        add_point(&journal, 3 * session, last[session], 0);
    }
    px_metrics m = compute(&journal);
    pxi_journal daily = make_curve(last, 40);
    px_metrics of_daily = compute(&daily);
    assert_int_equal(m.n_sessions, 40);
    assert_true(m.net.sharpe == of_daily.net.sharpe && m.net.kurtosis == of_daily.net.kurtosis);
    assert_true(m.net.volatility_pct == of_daily.net.volatility_pct && m.net.sortino == of_daily.net.sortino);
    pxi_journal_free(&journal);
    pxi_journal_free(&daily);
}

/* An account that is written down where it changes has the metrics of one that is written down at every
 * close. */
static void test_states_between_changes(void **state) {
    (void)state;
    enum { N = 900, HELD = 13 };
    pxi_journal full = {0}, changes = {0};
    double cash = 1000, bought = 0, fees = 0;
    pxi_rng rng;
    pxi_rng_seed(&rng, 7);
    for (size_t i = 0; i < N; i++) {
        const bool changed = i % HELD == 0;
        add_point(&full, (int32_t)(i / 40), 0, 0);
        closes[i] = 100 + pxi_rng_uniform(&rng);
        if (changed) {
            cash += i / HELD % 2 ? 5 * closes[i] - 0.1 : -5 * closes[i] - 0.1;
            bought = closes[i];
            fees += 0.1;
        }
        const double position = i / HELD % 2 ? 0 : 5;
        full.states[i] = (pxi_account_state){i, cash, position, bought, 0, fees, 1000, 0};
        if (changed || i == N - 1) /* the last bar, which ends the curve here */
            pxi_journal_state(&changes, &full.states[i]);
    }
    const px_metrics a = compute(&full), b = compute(&changes);
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        const double want = px_metric_value(&a, metric), got = px_metric_value(&b, metric);
        assert_true(got == want || (isnan(got) && isnan(want)));
    }
    assert_true(a.net.max_drawdown_pct < 0 && a.n_sessions == 23);
    memset(closes, 0, sizeof closes);
    pxi_journal_free(&full);
    pxi_journal_free(&changes);
}

static void test_rounding_is_no_drawdown(void **state) {
    (void)state;
    const double wobbling[] = {1000, nextafter(1000, 0), 1000, nextafter(1000, 2000), 1000};
    pxi_journal journal = make_curve(wobbling, 5);
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    assert_true(m.net.max_drawdown_pct == 0 && isnan(m.net.average_drawdown_pct));
    assert_true(m.net.volatility_pct == 0 && isnan(m.net.sharpe) && isnan(m.net.sortino));
    pxi_journal_free(&journal);
}

static void test_equity_that_stays(void **state) {
    (void)state;
    const double flat[] = {1000, 1000, 1000};
    pxi_journal journal = make_curve(flat, 3);
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    assert_true(m.net.return_pct == 0 && m.net.cagr_pct == 0 && m.net.volatility_pct == 0);
    assert_true(isnan(m.net.sharpe) && isnan(m.net.sortino) && isnan(net_of(&m, "Calmar Ratio")));
    assert_true(isnan(m.net.session_sharpe) && isnan(m.net.skewness) && isnan(m.net.kurtosis));
    assert_true(isnan(m.net.probabilistic_sharpe));
    assert_true(m.net.max_drawdown_pct == 0 && isnan(m.net.average_drawdown_pct));
    assert_true(m.net.max_drawdown_days == 0 && m.net.max_drawdown_sessions == 0);
    assert_true(isnan(m.net.average_drawdown_days) && isnan(m.net.average_drawdown_sessions));
    assert_true(m.net.peak_equity == 1000);
    pxi_journal_free(&journal);
}

static void test_equity_that_only_rises(void **state) {
    (void)state;
    const double rising[] = {1010, 1030, 1030};
    pxi_journal journal = make_curve(rising, 3);
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    assert_true(isnan(m.net.sortino) && isnan(net_of(&m, "Calmar Ratio"))); /* nothing below 0, no drawdown */
    assert_true(m.net.sharpe > 0 && m.net.probabilistic_sharpe > 0.5);
    pxi_journal_free(&journal);
}

static void test_one_session_and_none(void **state) {
    (void)state;
    const double one[] = {1001};
    pxi_journal journal = make_curve(one, 1), empty = {0};
    px_metrics m = compute(&journal);
    assert_true(isnan(m.net.cagr_pct) && isnan(m.net.volatility_pct) && isnan(m.net.sharpe));
    assert_true(isnan(m.net.sortino) && isnan(m.turnover_annual));
    assert_string_equal(m.not_annualised, "1 session, and yearly figures need 20");
    assert_true(isnan(m.net.skewness) && isnan(m.net.kurtosis) && isnan(m.net.probabilistic_sharpe));
    assert_true(m.duration_days == 0);
    add_quiet_sessions(&journal, 20);
    journal.states[journal.n_states - 1].cash = 1e25; /* to the 18th power is beyond a double */
    m = compute(&journal);
    assert_true(isnan(m.net.cagr_pct) && !isnan(m.net.sharpe));
    m = compute(&empty);
    assert_true(m.net.final_equity == 1000 && m.net.return_pct == 0 && m.net.max_drawdown_pct == 0);
    assert_true(isnan(m.net.cagr_pct) && isnan(m.duration_days) && isnan(m.exposure_pct));
    pxi_journal_free(&journal);
}

static void assert_ruined(const double *equity, size_t n) {
    pxi_journal journal = make_curve(equity, n);
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    assert_true(isnan(m.net.cagr_pct) && isnan(m.net.volatility_pct) && isnan(m.net.sharpe));
    assert_true(isnan(m.net.sortino) && isnan(net_of(&m, "Calmar Ratio")) && isnan(m.net.session_sharpe));
    assert_true(isnan(m.net.skewness) && isnan(m.net.kurtosis) && isnan(m.net.probabilistic_sharpe));
    assert_near(m.net.return_pct, 100 * (equity[n - 1] / 1000 - 1));
    assert_true(m.net.max_drawdown_pct <= -100);
    pxi_journal_free(&journal);
}

static void test_equity_at_zero_and_below(void **state) {
    (void)state;
    assert_ruined((const double[]){1100, 0}, 2);
    assert_ruined((const double[]){1100, 0, 0}, 3);
    assert_ruined((const double[]){1100, -50, 200}, 3); /* what it recovers from has no return */
    assert_ruined((const double[]){-50, -80}, 2);
    pxi_journal within = {0}; /* below 0 inside a session only: sessions have returns */
    add_point(&within, 1, -10, 0);
    add_point(&within, 1, 900, 0);
    add_point(&within, 2, 950, 0);
    add_quiet_sessions(&within, 20);
    px_metrics m = compute(&within);
    assert_near(m.net.max_drawdown_pct, -101);
    assert_true(!isnan(m.net.sharpe) && !isnan(m.net.cagr_pct));
    pxi_journal_free(&within);
}

/* ---- names -------------------------------------------------------------------------------------------- */

static void test_names_and_values_are_one_table(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 20);
    add_point(&journal, 40, 960, 40); /* a month that loses before fees too */
    for (size_t i = 0; i < journal.n_states; i++)
        closes[i] = 100 + (double)(i % 3);
    px_metrics m = compute(&journal);
    memset(closes, 0, sizeof closes);
    const px_metric *metric;
    for (size_t n = 0; (metric = px_metric_at(n)); n++) {
        assert_false(isnan(px_metric_value(&m, metric)));
        assert_ptr_equal(px_metric_find(metric->key), metric);
        if (!metric->value)
            assert_ptr_equal(px_metric_of(metric->offset), metric);
    }
    assert_null(px_metric_find("sharpe ratio"));
    assert_string_equal(PX_METRIC_OF(n_trades)->key, "# Trades");
    assert_true(PX_METRIC_OF(n_trades)->is_count && !PX_METRIC_OF(net.sharpe)->is_count);
    assert_string_equal(PX_METRIC_OF(gross.sharpe)->key, "Sharpe Ratio (gross)");
    assert_null(px_metric_of(sizeof(px_metrics)));
    assert_near(px_metric_value(&m, px_metric_find("Commissions [Rs]")), 40);
    m.net.sharpe = NAN;
    assert_true(isnan(px_metric_value(&m, px_metric_find("Sharpe Ratio"))));
    pxi_journal_free(&journal);
}

/* Every row is whole, and gross and net say the same of themselves. */
static void test_rows_explain_themselves(void **state) {
    (void)state;
    const px_metric *metric, *before = NULL;
    for (size_t i = 0; (metric = px_metric_at(i)); before = metric, i++) {
        const bool gross = strstr(metric->key, PX_METRIC_GROSS_SUFFIX) != NULL;
        if (!*metric->title || !*metric->formula || !*metric->meaning || metric->decimals < 0)
            fail_msg("%s is not explained in src/metrics/metric_table.c", metric->key);
        assert_int_equal(gross, metric->basis == PX_METRIC_GROSS);
        if (metric->basis == PX_METRIC_NET) {
            assert_int_equal(strncmp(before->key, metric->key, strlen(metric->key)), 0);
            assert_string_equal(before->key + strlen(metric->key), PX_METRIC_GROSS_SUFFIX);
            assert_string_equal(before->title, metric->title);
        }
    }
    assert_int_equal(px_metric_find("Commissions [Rs]")->basis, PX_METRIC_NO_BASIS);
}

/* Places are 1, 2, 3, ...: whoever shows headlines stops at the first that is missing. */
static void test_headlines_have_one_place_each(void **state) {
    (void)state;
    const px_metric *metric;
    int most = 0, n = 0;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        most = metric->headline > most ? metric->headline : most;
        n += metric->headline > 0 && metric->basis != PX_METRIC_GROSS;
        if (metric->headline > 0)
            assert_ptr_equal(px_metric_headline(metric->headline, metric->basis), metric);
    }
    assert_true(most > 0 && n == most);
    assert_null(px_metric_headline(most + 1, PX_METRIC_NET));
}

/* A plain name is net, as Backtesting.py's are, and its gross twin differs where fees were paid. */
static void test_names_say_what_they_are(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 20);
    px_metrics m = compute(&journal);
    const struct {
        const char *name;
        double net, gross;
    } pairs[] = {
        {"# Wins", (double)m.net.n_wins, (double)m.gross.n_wins},
        {"Win Rate [%]", m.net.win_rate_pct, m.gross.win_rate_pct},
        {"Profit Factor", m.net.profit_factor, m.gross.profit_factor},
        {"Expectancy [Rs]", m.net.expectancy, m.gross.expectancy},
        {"Avg. R", m.net.average_r, m.gross.average_r},
        {"Return [%]", m.net.return_pct, m.gross.return_pct},
        {"Max. Drawdown [%]", m.net.max_drawdown_pct, m.gross.max_drawdown_pct},
        {"Sharpe Ratio", m.net.sharpe, m.gross.sharpe},
        {"PnL [Rs]", m.net.pnl, m.gross.pnl},
        {"SQN", m.net.sqn, m.gross.sqn},
        {"CAGR [%]", m.net.cagr_pct, m.gross.cagr_pct},
        {"Sortino Ratio", m.net.sortino, m.gross.sortino},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char gross[64];
        snprintf(gross, sizeof gross, "%s (gross)", pairs[i].name);
        assert_true(pairs[i].net != pairs[i].gross);
        assert_true(px_metric_value(&m, px_metric_find(pairs[i].name)) == pairs[i].net);
        assert_true(px_metric_value(&m, px_metric_find(gross)) == pairs[i].gross);
    }
    assert_near(px_metric_value(&m, px_metric_find("# Exits stop_loss")), 2);
    assert_near(px_metric_value(&m, px_metric_find("Equity Final [Rs]")), 965);
    pxi_journal_free(&journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trades),
        cmocka_unit_test(test_best_and_worst_trades),
        cmocka_unit_test(test_holding),
        cmocka_unit_test(test_medians),
        cmocka_unit_test(test_no_trades),
        cmocka_unit_test(test_one_trade),
        cmocka_unit_test(test_all_wins_and_all_losses),
        cmocka_unit_test(test_trades_of_one_result),
        cmocka_unit_test(test_a_trade_that_loses_all_and_more),
        cmocka_unit_test(test_in_sample_share),
        cmocka_unit_test(test_equity),
        cmocka_unit_test(test_returns),
        cmocka_unit_test(test_a_few_sessions_are_no_year),
        cmocka_unit_test(test_a_window_with_holes_is_no_year),
        cmocka_unit_test(test_growth_is_by_the_calendar),
        cmocka_unit_test(test_tails_and_periods),
        cmocka_unit_test(test_beside_the_instrument),
        cmocka_unit_test(test_wins_and_losses),
        cmocka_unit_test(test_drawdowns),
        cmocka_unit_test(test_drawdown_counts_from_the_capital),
        cmocka_unit_test(test_sessions_of_every_length),
        cmocka_unit_test(test_states_between_changes),
        cmocka_unit_test(test_rounding_is_no_drawdown),
        cmocka_unit_test(test_equity_that_stays),
        cmocka_unit_test(test_equity_that_only_rises),
        cmocka_unit_test(test_one_session_and_none),
        cmocka_unit_test(test_equity_at_zero_and_below),
        cmocka_unit_test(test_names_and_values_are_one_table),
        cmocka_unit_test(test_rows_explain_themselves),
        cmocka_unit_test(test_headlines_have_one_place_each),
        cmocka_unit_test(test_names_say_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
