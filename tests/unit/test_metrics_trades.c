// SPDX-License-Identifier: Apache-2.0
/* What the closed trades say. */
#include "metrics_kit.h"

static void test_trades(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_int_equal(m.trades.n, 4);
    assert_int_equal(m.trades.gross.n_wins, 2);
    assert_int_equal(m.trades.net.n_wins, 1);
    assert_int_equal(m.trades.n_ambiguous, 1);
    assert_int_equal(m.trades.n_exits[PX_EXIT_STOP_LOSS], 2);
    assert_near(m.trades.gross.win_rate_pct, 50);
    assert_near(m.trades.net.win_rate_pct, 25);
    assert_near(m.trades.gross.pnl, 5);
    assert_near(m.trades.fees, 40);
    assert_near(m.trades.net.pnl, -35);
    assert_near(m.trades.gross.profit_factor, 305.0 / 300);
    assert_near(m.trades.net.profit_factor, 290.0 / (5 + 110 + 210));
    assert_near(m.trades.gross.expectancy, 1.25);
    assert_near(m.trades.net.expectancy, -8.75);
    assert_near(m.trades.gross.expectancy_pct, 0.125);
    assert_near(m.trades.net.expectancy_pct, -0.875);
    assert_near(m.trades.gross.average_r, (3 + 0.05 - 1) / 3);
    assert_near(m.trades.net.average_r, (2.9 - 0.05 - 1.1) / 3);
    pxi_journal_free(&journal);
}

static void test_best_and_worst_trades(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_true(m.trades.gross.best_trade == 300 && m.trades.gross.worst_trade == -200);
    assert_true(m.trades.net.best_trade == 290 && m.trades.net.worst_trade == -210);
    assert_near(m.trades.gross.best_trade_pct, 30);
    assert_near(m.trades.net.worst_trade_pct, -21);
    assert_near(m.trades.gross.average_trade_pct, 100 * (pow(1.3 * 1.005 * 0.9 * 0.8, 0.25) - 1));
    assert_int_equal(m.trades.gross.max_consecutive_losses, 2);
    assert_int_equal(m.trades.net.max_consecutive_losses, 3);
    double squares = 298.75 * 298.75 + 3.75 * 3.75 + 101.25 * 101.25 + 201.25 * 201.25;
    assert_near(m.trades.gross.sqn, 2 * 1.25 / sqrt(squares / 3));
    assert_near(m.trades.gross.kelly, 0.5 - 0.5 / (152.5 / 150));
    assert_near(m.trades.net.kelly, 0.25 - 0.75 / (290 / (325.0 / 3)));
    pxi_journal_free(&journal);
}

static void test_holding(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_near(m.trades.average_bars_held, 6);
    assert_near(m.trades.median_bars_held, 5);
    assert_near(m.trades.max_bars_held, 12);
    assert_near(m.trades.average_trade_hours, 6.25);
    assert_near(m.trades.max_trade_hours, 24);
    assert_near(m.trades.average_mae_r, (2 + 3 + 4) / 30.0); /* the trade without a stop has none */
    assert_near(m.trades.average_mfe_r, 0.5);
    assert_near(m.exposure_pct, 500.0 / 6); /* bars 0 to 3, and 5; the reversal's bar counts once */
    assert_near(m.trades.turnover, 10 * (130 + 100.5 + 90 + 80 + 400));
    add_trade(&journal, 1, 0, NAN, PX_EXIT_SIGNAL, 3);
    assert_near(compute(&journal).trades.median_bars_held, 4);
    pxi_journal_free(&journal);
}

/* Each side has its own sums, rows of wins and median, in the order in which its trades ended. */
static void test_sides(void **state) {
    (void)state;
    const struct {
        px_side side;
        double pnl, fees, risk;
        int bars_held;
    } trades[] = {{PX_LONG, 50, 5, 100, 2},    {PX_SHORT, -40, 6, NAN, 9}, {PX_LONG, 30, 5, 60, 4},
                  {PX_SHORT, 70, 7, 100, 100}, {PX_LONG, -20, 5, NAN, 7},  {PX_SHORT, 80, 8, 40, 50}};
    pxi_journal journal = {0};
    for (size_t i = 0; i < sizeof trades / sizeof *trades; i++) {
        pxi_trade *trade = add_trade(&journal, trades[i].pnl, trades[i].fees, trades[i].risk, PX_EXIT_SIGNAL,
                                     trades[i].bars_held);
        trade->side = trades[i].side;
        trade->reason = trades[i].pnl < 0 ? PX_EXIT_STOP_LOSS : PX_EXIT_TAKE_PROFIT;
    }
    px_metrics m = compute(&journal);
    const px_trade_metrics *longs = &m.longs, *shorts = &m.shorts;
    assert_true(m.trades.n == 6 && longs->n == 3 && shorts->n == 3);
    assert_near(longs->net.pnl, 45);
    assert_near(shorts->net.pnl, 89);
    assert_near(shorts->gross.pnl, 110);
    assert_true(longs->fees == 15 && shorts->fees == 21 && m.trades.fees == 36);
    assert_near(longs->net.win_rate_pct, 200.0 / 3);
    assert_near(longs->net.profit_factor, 70.0 / 25);
    assert_near(shorts->net.payoff_ratio, (63 + 72) / 2.0 / 46);
    assert_near(longs->net.average_r, (0.45 + 25.0 / 60) / 2);
    assert_near(shorts->net.average_r, (0.63 + 1.8) / 2);
    assert_near(longs->net.sqn, sqrt(3) * 15 / sqrt((30 * 30 + 10 * 10 + 40 * 40) / 2.0));
    assert_true(longs->net.max_consecutive_wins == 2 && longs->net.max_consecutive_losses == 1);
    assert_true(shorts->net.max_consecutive_wins == 2 && m.trades.net.max_consecutive_wins == 2);
    assert_true(longs->net.best_trade == 45 && shorts->net.worst_trade == -46);
    assert_true(longs->median_bars_held == 4 && shorts->median_bars_held == 50 &&
                m.trades.median_bars_held == 8);
    assert_true(longs->max_bars_held == 7 && shorts->max_bars_held == 100);
    assert_true(longs->n_exits[PX_EXIT_STOP_LOSS] == 1 && shorts->n_exits[PX_EXIT_TAKE_PROFIT] == 2);
    assert_near(longs->turnover + shorts->turnover, m.trades.turnover);
    assert_near(net_of(&m, "PnL [Rs] (long)"), 45);
    assert_near(net_of(&m, "Median Bars Held (short)"), 50);
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
        assert_true(compute(&journal).trades.median_bars_held == cases[i].median);
        pxi_journal_free(&journal);
    }
}

static void assert_trades_undefined(const px_result_metrics *set) {
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
    assert_trades_undefined(&m.trades.gross);
    assert_trades_undefined(&m.trades.net);
    assert_trades_undefined(&m.longs.net);
    assert_trades_undefined(&m.shorts.net);
    assert_true(isnan(m.trades.average_bars_held) && isnan(m.trades.median_bars_held) &&
                isnan(m.trades.max_bars_held));
    assert_true(isnan(m.trades.average_trade_hours) && isnan(m.trades.max_trade_hours));
    assert_true(isnan(m.trades.average_mae_r) && isnan(m.trades.average_mfe_r) && isnan(m.in_sample_pct));
    assert_true(m.exposure_pct == 0 && m.trades.turnover == 0 && m.turnover_annual == 0 &&
                m.trades.fees == 0);
    pxi_journal_free(&journal);
}

static void test_one_trade(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_trade(&journal, 10, 1, NAN, PX_EXIT_SIGNAL, 1);
    px_metrics m = compute(&journal);
    assert_true(m.trades.net.win_rate_pct == 100 && m.trades.net.expectancy == 9 &&
                m.trades.net.max_consecutive_losses == 0);
    assert_true(isnan(m.trades.net.profit_factor) && isnan(m.trades.net.kelly)); /* no loss */
    assert_true(isnan(m.trades.net.sqn));                                        /* no deviation */
    assert_true(isnan(m.trades.net.average_r) && isnan(m.trades.average_mae_r)); /* no stop */
    assert_true(m.trades.net.best_trade == 9 && m.trades.net.worst_trade == 9);
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
    assert_true(isnan(m.trades.net.profit_factor) && isnan(m.trades.net.kelly) &&
                m.trades.net.win_rate_pct == 100);
    assert_near(m.trades.net.sqn, sqrt(3) * 19 / 10);
    assert_int_equal(m.trades.net.max_consecutive_losses, 0);
    m = compute(&losses);
    assert_true(m.trades.net.profit_factor == 0 && isnan(m.trades.net.kelly) &&
                m.trades.net.win_rate_pct == 0);
    assert_int_equal(m.trades.net.max_consecutive_losses, 3);
    assert_int_equal(m.trades.n_ambiguous, 3);
    pxi_journal_free(&wins);
    pxi_journal_free(&losses);
}

static void test_trades_of_one_result(void **state) {
    (void)state;
    pxi_journal journal = {0};
    for (int i = 0; i < 3; i++)
        add_trade(&journal, 0, 0, 10, PX_EXIT_TIME_STOP, 1);
    px_metrics m = compute(&journal);
    assert_true(isnan(m.trades.net.sqn) && isnan(m.trades.net.profit_factor) && isnan(m.trades.net.kelly));
    assert_true(m.trades.net.win_rate_pct == 0 && m.trades.net.average_r == 0 &&
                m.trades.net.average_trade_pct == 0);
    assert_int_equal(m.trades.net.max_consecutive_losses, 3); /* nothing won is lost */
    add_trade(&journal, 5, 0, 10, PX_EXIT_TIME_STOP, 1);
    assert_near(compute(&journal).trades.net.kelly, 0.25); /* losses of nothing cost nothing */
    pxi_journal_free(&journal);
}

static void test_a_trade_that_loses_all_and_more(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_trade(&journal, -1000, 0, NAN, PX_EXIT_SIGNAL, 1);
    add_trade(&journal, 500, 0, NAN, PX_EXIT_SIGNAL, 1);
    assert_true(compute(&journal).trades.net.average_trade_pct == -100);
    add_trade(&journal, -1500, 0, NAN, PX_EXIT_SIGNAL, 1);
    assert_true(isnan(compute(&journal).trades.net.average_trade_pct));
    assert_near(compute(&journal).trades.net.worst_trade_pct, -150);
    pxi_journal_free(&journal);
}

static void test_in_sample_share(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_model model = {.train_begin_us = 100, .train_end_us = 200};
    journal.trades[2].entry_us = 100;
    journal.trades[3].entry_us = 200;
    assert_near(compute_with(&journal, &model).in_sample_pct, 25);
    model.train_begin_us = 150;
    assert_true(compute_with(&journal, &model).in_sample_pct == 0);
    model.train_end_us = model.train_begin_us; /* nobody knows */
    assert_true(isnan(compute_with(&journal, &model).in_sample_pct));
    pxi_journal_free(&journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trades),
        cmocka_unit_test(test_best_and_worst_trades),
        cmocka_unit_test(test_holding),
        cmocka_unit_test(test_sides),
        cmocka_unit_test(test_medians),
        cmocka_unit_test(test_no_trades),
        cmocka_unit_test(test_one_trade),
        cmocka_unit_test(test_all_wins_and_all_losses),
        cmocka_unit_test(test_trades_of_one_result),
        cmocka_unit_test(test_a_trade_that_loses_all_and_more),
        cmocka_unit_test(test_in_sample_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
