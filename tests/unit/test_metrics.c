// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "backtest/metrics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

static void add_trade(pxi_journal *journal, double pnl, double fees, double risk, px_exit_reason reason,
                      int bars_held) {
    pxi_trade trade = {.pnl = pnl, .fees = fees, .risk = risk, .reason = reason, .bars_held = bars_held};
    pxi_journal_trade(journal, &trade);
}

static void add_point(pxi_journal *journal, int32_t date, double equity, double fees_paid) {
    pxi_point point = {.date = date, .equity = equity, .fees_paid = fees_paid};
    pxi_journal_point(journal, &point);
}

/* Four trades: 300, 5 (a loss after fees), -100, -200; fees 10 each; risk 100 each but for the last. */
static pxi_journal make_journal(void) {
    pxi_journal journal = {0};
    add_trade(&journal, 300, 10, 100, PX_EXIT_TAKE_PROFIT, 4);
    add_trade(&journal, 5, 10, 100, PX_EXIT_TIME_STOP, 12);
    add_trade(&journal, -100, 10, 100, PX_EXIT_STOP_LOSS, 2);
    add_trade(&journal, -200, 10, NAN, PX_EXIT_STOP_LOSS, 6);
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

static void test_trades(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = pxi_metrics_compute(&journal, 1000, 248);
    assert_int_equal(m.n_trades, 4);
    assert_int_equal(m.n_wins_gross, 2);
    assert_int_equal(m.n_wins_net, 1);
    assert_int_equal(m.n_ambiguous, 1);
    assert_int_equal(m.n_exits[PX_EXIT_STOP_LOSS], 2);
    assert_near(m.win_rate_gross_pct, 50);
    assert_near(m.win_rate_net_pct, 25);
    assert_near(m.pnl_gross, 5);
    assert_near(m.fees, 40);
    assert_near(m.pnl_net, -35);
    assert_near(m.profit_factor_gross, 305.0 / 300);
    assert_near(m.profit_factor_net, 290.0 / (5 + 110 + 210));
    assert_near(m.expectancy_gross, 1.25);
    assert_near(m.expectancy_net, -8.75);
    assert_near(m.average_r_gross, (3 + 0.05 - 1) / 3);
    assert_near(m.average_r_net, (2.9 - 0.05 - 1.1) / 3);
    assert_near(m.average_bars_held, 6);
    pxi_journal_free(&journal);
}

static void test_equity(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = pxi_metrics_compute(&journal, 1000, 248);
    assert_near(m.final_equity, 965);
    assert_near(m.return_net_pct, -3.5);
    assert_near(m.return_gross_pct, 0.5);
    assert_near(m.max_drawdown_net_pct, 100 * (965.0 / 1290 - 1));
    assert_near(m.max_drawdown_gross_pct, 100 * (1005.0 / 1305 - 1));
    assert_int_equal(m.n_sessions, 3);
    /* returns by session: 1290/1000, 1285/1290, 965/1285, each less 1 */
    double r[] = {0.29, 1285.0 / 1290 - 1, 965.0 / 1285 - 1};
    double mean = (r[0] + r[1] + r[2]) / 3, squares = 0;
    for (int i = 0; i < 3; i++)
        squares += (r[i] - mean) * (r[i] - mean);
    assert_near(m.sharpe_net, mean / sqrt(squares / 2) * sqrt(248));
    pxi_journal_free(&journal);
}

static void test_undefined_is_undefined(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_point(&journal, 1, 1000, 0);
    px_metrics m = pxi_metrics_compute(&journal, 1000, 248);
    assert_int_equal(m.n_trades, 0);
    assert_true(isnan(m.win_rate_net_pct) && isnan(m.profit_factor_net) && isnan(m.expectancy_net));
    assert_true(isnan(m.average_r_net) && isnan(m.sharpe_net) && isnan(m.average_bars_held));
    assert_true(m.return_net_pct == 0 && m.max_drawdown_net_pct == 0);
    add_trade(&journal, 10, 1, NAN, PX_EXIT_SIGNAL, 1);
    m = pxi_metrics_compute(&journal, 1000, 248);
    assert_true(isnan(m.profit_factor_net) && isnan(m.average_r_net)); /* no loss, no stop */
    assert_near(m.win_rate_net_pct, 100);
    add_point(&journal, 2, 1000, 0);
    m = pxi_metrics_compute(&journal, 1000, 248);
    assert_true(isnan(m.sharpe_net)); /* two sessions, no deviation */
    pxi_journal_free(&journal);
}

static void test_drawdown_counts_from_the_capital(void **state) {
    (void)state;
    pxi_journal journal = {0};
    add_point(&journal, 1, 900, 0);
    add_point(&journal, 1, 950, 0);
    assert_near(pxi_metrics_compute(&journal, 1000, 248).max_drawdown_net_pct, -10);
    pxi_journal_free(&journal);
}

static void test_names_and_json_are_one_table(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = pxi_metrics_compute(&journal, 1000, 248);
    json_t *object = pxi_metrics_json(&m);
    size_t n = 0;
    for (; px_metric_name(n); n++) {
        const json_t *value = json_object_get(object, px_metric_name(n));
        assert_true(json_is_number(value) && json_number_value(value) == px_metric_value(&m, n));
    }
    assert_int_equal(json_object_size(object), n);
    assert_true(json_is_integer(json_object_get(object, "# Trades")));
    assert_near(json_number_value(json_object_get(object, "Commissions [Rs]")), 40);
    m.sharpe_net = NAN;
    json_decref(object);
    object = pxi_metrics_json(&m);
    assert_true(json_is_null(json_object_get(object, "Sharpe Ratio")));
    json_decref(object);
    pxi_journal_free(&journal);
}

/* A plain name is net, as Backtesting.py's are. */
static void test_names_say_what_they_are(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = pxi_metrics_compute(&journal, 1000, 248);
    const struct {
        const char *name;
        double net, gross;
    } pairs[] = {
        {"# Wins", (double)m.n_wins_net, (double)m.n_wins_gross},
        {"Win Rate [%]", m.win_rate_net_pct, m.win_rate_gross_pct},
        {"Profit Factor", m.profit_factor_net, m.profit_factor_gross},
        {"Expectancy [Rs]", m.expectancy_net, m.expectancy_gross},
        {"Avg. R", m.average_r_net, m.average_r_gross},
        {"Return [%]", m.return_net_pct, m.return_gross_pct},
        {"Max. Drawdown [%]", m.max_drawdown_net_pct, m.max_drawdown_gross_pct},
        {"Sharpe Ratio", m.sharpe_net, m.sharpe_gross},
        {"PnL [Rs]", m.pnl_net, m.pnl_gross},
    };
    json_t *object = pxi_metrics_json(&m);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char gross[64];
        snprintf(gross, sizeof gross, "%s (gross)", pairs[i].name);
        assert_true(pairs[i].net != pairs[i].gross);
        assert_true(json_number_value(json_object_get(object, pairs[i].name)) == pairs[i].net);
        assert_true(json_number_value(json_object_get(object, gross)) == pairs[i].gross);
    }
    assert_int_equal(json_integer_value(json_object_get(object, "# Exits stop_loss")), 2);
    assert_near(json_number_value(json_object_get(object, "Equity Final [Rs]")), 965);
    json_decref(object);
    pxi_journal_free(&journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_trades),
        cmocka_unit_test(test_equity),
        cmocka_unit_test(test_undefined_is_undefined),
        cmocka_unit_test(test_drawdown_counts_from_the_capital),
        cmocka_unit_test(test_names_and_json_are_one_table),
        cmocka_unit_test(test_names_say_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
