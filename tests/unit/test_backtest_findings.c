// SPDX-License-Identifier: Apache-2.0
/* What a run says of itself, and what it refuses. */
#include "backtest_kit.h"

/* ---- warnings and errors ------------------------------------------------------------------------------ */

static void test_warnings(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    px_backtest_result *result = run(&request, &config);
    json_t *json = json_of(result);
    assert_true(warns(json, "look-ahead settings: swing=centered vwap_fallback=dataset"));
    assert_false(warns(json, "without fees") || warns(json, "fees before") || warns(json, "were cut"));
    json_decref(json);
    px_backtest_result_free(&result);

    config = make_config();
    config.product = PX_PRODUCT_INDEX;
    config.max_drawdown_limit = 0.0001;
    result = run(&request, &config);
    json = json_of(result);
    assert_true(warns(json, "without fees") && warns(json, "kill switch") && warns(json, "too few to judge"));
    assert_true(warns(json, "no slippage: every") && !warns(json, "look-ahead"));
    assert_true(result->metrics.trades.fees == 0);
    json_decref(json);
    px_backtest_result_free(&result);
}

static void test_cut_quantities_and_borrowed_nights_are_told(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    config.risk_per_trade = 1e6;
    config.time_stop_bars = 100;
    config.sl_mult = 5;
    config.tp_mult = 20;
    px_backtest_result *result = run(&request, &config);
    json_t *json = json_of(result);
    assert_true(warns(json, "quantities were cut: ") && warns(json, " by leverage"));
    assert_true(warns(json, "long trades worth more than the equity were held overnight, up to "));
    json_decref(json);
    px_backtest_result_free(&result);
    config.product = PX_PRODUCT_DELIVERY;
    config.capital = 1e7; /* many shares: what is left of a share does not pay the fees */
    result = run(&request, &config);
    json = json_of(result);
    assert_true(warns(json, "quantities were cut: ") && warns(json, " by cash"));
    assert_false(warns(json, "held overnight"));
    json_decref(json);
    px_backtest_result_free(&result);
}

static void test_slippage_is_told_or_refused(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 20));
    px_config config = make_config();
    px_backtest_result *result = NULL;
    px_error error;
    config.slippage = (px_slippage){PX_SLIPPAGE_TICKS, 1}; /* a file's bars have no tick */
    assert_int_equal(px_backtest_run(NULL, &request, &config, &result, &error), PX_EINPUT);
    assert_non_null(strstr(error.message, "needs the tick of ACME"));
    config.slippage_bps = 1;
    assert_int_equal(px_backtest_run(NULL, &request, &config, &result, &error), PX_EINPUT);
    assert_non_null(strstr(error.message, "are both set"));
}

/* Whose lot is known only from some date on has a known lot. */
static void test_a_lot_that_is_known_is_not_warned_of(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = {0};
    px_calendar *nse = NULL;
    px_backtest_request request = make_request("pixityAI_meta", NULL);
    px_config config = make_config();
    const px_instrument acme = instrument_of(home, "ACME");
    request.data.symbol = "ACME";
    config.product = PX_PRODUCT_FUTURES;
    assert_ok(px_calendar_open("NSE", &nse, err));
    assert_ok(
        px_synth_bars(PX_SYNTH_TREND, 7, 20, px_date_from_civil((px_civil){2024, 11, 4}), nse, &bars, err));
    assert_ok(px_candles_merge(home, &acme, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    for (int known = 0; known < 2; known++) {
        px_backtest_result *result = NULL;
        assert_ok(px_backtest_run(home, &request, &config, &result, err));
        json_t *json = json_of(result);
        assert_int_equal(warns(json, "the lot of ACME is not known"), !known);
        json_decref(json);
        px_backtest_result_free(&result);
        const int32_t from = px_date_from_civil((px_civil){2024, 11, 11});
        assert_ok(px_instrument_set_tick(home, acme.key, from, 0.05, 25, err));
    }
    px_bars_free(&bars);
    px_calendar_close(&nse);
    px_home_close(&home);
}

static void test_rates_used_before_their_date(void **state) {
    (void)state;
    px_calendar *nse;
    px_bars bars = {0};
    char path[1024];
    snprintf(path, sizeof path, "%s/OLD.csv", fixture_folder);
    assert_ok(px_calendar_open("NSE", &nse, err));
    assert_ok(
        px_synth_bars(PX_SYNTH_TREND, 3, 20, px_date_from_civil((px_civil){2019, 1, 1}), nse, &bars, err));
    assert_ok(px_bars_export(&bars, "OLD", px_calendar_zone(nse), path, err));
    px_backtest_request request = make_request("pixityAI_meta", path);
    px_config config = make_config();
    px_backtest_result *result = run(&request, &config);
    json_t *json = json_of(result);
    assert_true(warns(json, "fees before 2024-10-01"));
    json_decref(json);
    px_backtest_result_free(&result);
    px_bars_free(&bars);
    px_calendar_close(&nse);
}

static void test_errors_leave_nothing(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 1));
    px_config config = make_config();
    px_backtest_result *result = NULL;
    assert_fails(px_backtest_run(NULL, &request, &config, &result, err), PX_EINPUT,
                 "25 bars of ACME are too few");
    request.strategy_id = "pixityAI_mta";
    assert_fails(px_backtest_run(NULL, &request, &config, &result, err), PX_EINPUT,
                 "did you mean \"pixityAI_meta\"");
    assert_null(result);
}

static void test_a_file_name_may_be_any_bytes(void **state) {
    (void)state;
    const char *named = in_folder("caf\xc3\xa9 \xff.csv");
    assert_int_equal(rename(synth_file(PX_SYNTH_TREND, 10), named), 0);
    px_backtest_request request = make_request("ema_cross", named);
    px_config config = make_config();
    px_backtest_result *result = run(&request, &config);
    json_t *json = json_of(result);
    assert_string_equal(json_string_value(json_object_get(json, "symbol")), "caf?? ?");
    json_decref(json);
    px_backtest_result_free(&result);
}

static bool count_phase(void *user, const char *phase, size_t done, size_t total) {
    (void)done;
    (void)total;
    *(int *)user += *phase != '\0';
    return true;
}

static void test_progress_names_phases(void **state) {
    (void)state;
    px_backtest_request request = make_request("pixityAI_meta", synth_file(PX_SYNTH_TREND, 10));
    px_config config = make_config();
    px_backtest_result *result = NULL;
    int phases = 0;
    request.data.work = (px_work){.progress = count_phase, .user = &phases};
    assert_ok(px_backtest_run(NULL, &request, &config, &result, err));
    assert_int_equal(phases, 5);
    px_backtest_result_free(&result);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_warnings),
        STORE_TEST(test_slippage_is_told_or_refused),
        STORE_TEST(test_cut_quantities_and_borrowed_nights_are_told),
        STORE_TEST(test_a_lot_that_is_known_is_not_warned_of),
        STORE_TEST(test_rates_used_before_their_date),
        STORE_TEST(test_errors_leave_nothing),
        STORE_TEST(test_a_file_name_may_be_any_bytes),
        STORE_TEST(test_progress_names_phases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
