// SPDX-License-Identifier: Apache-2.0
/* The one table of metrics: names, places, texts. */
#include "metrics_kit.h"

#include <stdio.h>
#include <string.h>

static void test_names_and_values_are_one_table(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    add_quiet_sessions(&journal, 20);
    add_point(&journal, 40, 960, 40); /* a month that loses before fees too */
    for (size_t i = 0; i < journal.n_states; i++)
        closes[i] = 100 + (double)(i % 3);
    const px_model model = {.train_begin_us = 1, .train_end_us = 2};
    px_metrics m = compute_with(&journal, &model);
    memset(closes, 0, sizeof closes);
    const px_metric *metric;
    for (size_t n = 0; (metric = px_metric_at(n)); n++) {
        if (isnan(px_metric_value(&m, metric)))
            fail_msg("%s is undefined", metric->key);
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
        cmocka_unit_test(test_names_and_values_are_one_table),
        cmocka_unit_test(test_rows_explain_themselves),
        cmocka_unit_test(test_headlines_have_one_place_each),
        cmocka_unit_test(test_names_say_what_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
