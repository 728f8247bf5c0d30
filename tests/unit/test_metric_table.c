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
    for (size_t i = 0; i < 4; i++) /* each side gains and loses */
        journal.trades[i].side = i % 3 ? PX_LONG : PX_SHORT;
    journal.trades[3].risk = 100;
    journal.trades[1].pnl += 100;
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
    assert_string_equal(PX_METRIC_OF(trades.n)->key, "# Trades");
    assert_true(PX_METRIC_OF(trades.n)->is_count && !PX_METRIC_OF(net.sharpe)->is_count);
    assert_string_equal(PX_METRIC_OF(gross.sharpe)->key, "Sharpe Ratio (gross)");
    assert_null(px_metric_of(sizeof(px_metrics)));
    assert_near(px_metric_value(&m, px_metric_find("Commissions [Rs]")), 40);
    m.net.sharpe = NAN;
    assert_true(isnan(px_metric_value(&m, px_metric_find("Sharpe Ratio"))));
    pxi_journal_free(&journal);
}

/* What stands behind the key of a metric on a basis. */
static const char *suffix_of(px_metric_basis basis) {
    static const char *const suffixes[] = {"", PX_METRIC_GROSS_SUFFIX, "", PX_METRIC_LONG_SUFFIX,
                                           PX_METRIC_SHORT_SUFFIX};
    return suffixes[basis];
}

/* Every row is whole, and a metric says the same of itself on every basis. */
static void test_rows_explain_themselves(void **state) {
    (void)state;
    const px_metric *metric;
    size_t n[5] = {0};
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        const char *const suffix = suffix_of(metric->basis), *const bracket = strstr(metric->key, " (");
        char key[64];
        if (!*metric->title || !*metric->formula || !*metric->meaning || metric->decimals < 0)
            fail_msg("%s is not explained in src/metrics/metric_table.c", metric->key);
        n[metric->basis]++;
        if (*suffix)
            assert_string_equal(metric->key + strlen(metric->key) - strlen(suffix), suffix);
        else
            assert_true(!bracket || strcmp(bracket, " (Ann.)") == 0 || strcmp(bracket, " (Ann.) [%]") == 0);
        snprintf(key, sizeof key, "%.*s", (int)(strlen(metric->key) - strlen(suffix)), metric->key);
        const px_metric *const plain = px_metric_find(key);
        assert_non_null(plain);
        assert_string_equal(plain->title, metric->title);
        assert_string_equal(plain->formula, metric->formula);
        assert_true(plain->headline == metric->headline && plain->decimals == metric->decimals);
    }
    assert_true(n[PX_METRIC_GROSS] == n[PX_METRIC_NET] && n[PX_METRIC_LONG] == n[PX_METRIC_SHORT]);
    assert_true(n[PX_METRIC_LONG] > 30 && n[PX_METRIC_NO_BASIS] > 5);
    assert_int_equal(px_metric_find("Commissions [Rs]")->basis, PX_METRIC_NO_BASIS);
    assert_int_equal(px_metric_find("Commissions [Rs] (short)")->basis, PX_METRIC_SHORT);
    assert_null(px_metric_find("Sharpe Ratio (long)"));
}

/* Places are 1, 2, 3, ...: whoever shows headlines stops at the first that is missing. */
static void test_headlines_have_one_place_each(void **state) {
    (void)state;
    const px_metric *metric;
    int most = 0, n = 0;
    for (size_t i = 0; (metric = px_metric_at(i)); i++) {
        most = metric->headline > most ? metric->headline : most;
        n += metric->headline > 0 && !*suffix_of(metric->basis);
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
        {"# Wins", (double)m.trades.net.n_wins, (double)m.trades.gross.n_wins},
        {"Win Rate [%]", m.trades.net.win_rate_pct, m.trades.gross.win_rate_pct},
        {"Profit Factor", m.trades.net.profit_factor, m.trades.gross.profit_factor},
        {"Expectancy [Rs]", m.trades.net.expectancy, m.trades.gross.expectancy},
        {"Avg. R", m.trades.net.average_r, m.trades.gross.average_r},
        {"Return [%]", m.net.return_pct, m.gross.return_pct},
        {"Max. Drawdown [%]", m.net.max_drawdown_pct, m.gross.max_drawdown_pct},
        {"Sharpe Ratio", m.net.sharpe, m.gross.sharpe},
        {"PnL [Rs]", m.trades.net.pnl, m.trades.gross.pnl},
        {"SQN", m.trades.net.sqn, m.trades.gross.sqn},
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
