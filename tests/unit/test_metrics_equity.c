// SPDX-License-Identifier: Apache-2.0
/* What the equity says. */
#include "metrics_kit.h"
#include "base/rng.h"

#include <string.h>

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
    assert_near(m.turnover_annual, m.trades.turnover / ((1290 + 1285 + 18 * 965) / 20.0) * 248 / 20);
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
    const px_equity_metrics *const sets[] = {&m->gross, &m->net};
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
        const double r = i == 0 ? 0 : i % 2 ? 0.02 : -0.01;
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
    assert_near(mean, 0.12 / 22);
    pxi_journal_free(&journal);
}

static void test_wins_and_losses(void **state) {
    (void)state;
    pxi_journal journal = make_journal();
    px_metrics m = compute(&journal);
    assert_near(m.trades.gross.average_win, 152.5);
    assert_near(m.trades.gross.average_loss, -150);
    assert_near(m.trades.net.payoff_ratio, 290 / (325.0 / 3));
    assert_int_equal(m.trades.gross.max_consecutive_wins, 2);
    assert_int_equal(m.trades.net.max_consecutive_wins, 1);
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

int main(void) {
    const struct CMUnitTest tests[] = {
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
