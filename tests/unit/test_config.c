// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/config.h"

#include <jansson.h>
#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

static px_status read_text(px_config *config, const char *json, px_error *err) {
    return px_config_read(config, json, strlen(json), "test.json", err);
}

static void test_defaults_are_honest(void **state) {
    (void)state;
    px_config config = px_config_default();
    assert_int_equal(config.profile, PX_PROFILE_HONEST);
    assert_false(px_config_looks_ahead(&config));
    assert_int_equal(px_config_warmup_backtest(&config), PX_WARMUP_ALL);
    assert_true(config.time_stop_bars == 12 && config.cooldown_bars == 3 && isnan(config.max_position_size));
}

/* Configs of before know no lot_size: one that does not set it reads and is written as before, since accounts
 * and fingerprints go by that text. */
static void test_a_lot_is_written_where_it_is_set(void **state) {
    (void)state;
    px_config config = px_config_default(), read = px_config_default();
    px_error err = {0};
    char *json = NULL;
    assert_int_equal(px_config_to_json(&config, &json, NULL), PX_OK);
    assert_null(strstr(json, "lot_size"));
    free(json);
    assert_int_equal(px_config_set(&config, "lot_size", "0.001", NULL), PX_OK);
    assert_int_equal(px_config_to_json(&config, &json, NULL), PX_OK);
    assert_non_null(strstr(json, "\"lot_size\": 0.001"));
    assert_int_equal(read_text(&read, json, NULL), PX_OK);
    assert_true(read.lot_size == 0.001);
    free(json);
    assert_int_equal(px_config_set(&read, "lot_size", "1e-12", &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "lot_size is 1e-12; it must be 0, or a number from 1e-09"));
}

static void test_reference_presets_the_profile_table(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    assert_true(px_config_looks_ahead(&config));
    assert_int_equal(px_config_warmup_research(&config), 0);
    assert_int_equal(px_config_warmup_backtest(&config), 90);
    assert_int_equal(px_config_entry_labels(&config), PX_ENTRY_NEXT_OPEN);
    assert_int_equal(px_config_entry_replay(&config), PX_ENTRY_SIGNAL_CLOSE);
    assert_true(config.fees == PX_FEES_FLAT_SIDES && config.resample_anchor == PX_ANCHOR_MIDNIGHT_15);
}

static void test_profile_presets_before_other_keys(void **state) {
    (void)state;
    px_config config = px_config_default();
    assert_int_equal(read_text(&config, "{\"swing\": \"confirmed\", \"profile\": \"reference\"}", NULL),
                     PX_OK);
    assert_int_equal(config.swing, PX_SWING_CONFIRMED);
    assert_int_equal(config.stop_fill, PX_STOP_FILL_LEVEL);
}

/* The keys of the original's pixityAI_config.json. */
static void test_original_config_is_accepted(void **state) {
    (void)state;
    px_config config = px_config_default();
    const char *original =
        "{\"strategy_id\": \"pixityAI_meta\", \"lookback\": 100, \"swing_period\": 7, \"reversion_k\": 2.5,"
        "\"sl_mult\": 1, \"tp_mult\": 2.0, \"time_stop_bars\": 10, \"bar_minutes\": 15, \"long_threshold\": "
        "0.5,"
        "\"short_threshold\": 0.55, \"cooldown_bars\": 3, \"risk_per_trade\": 500.0, \"max_daily_trades\": "
        "10,"
        "\"model_path\": \"m.joblib\", \"skip_meta_model\": true, \"preferred_timeframe\": \"15m\","
        "\"symbol\": \"RELIANCE\", \"symbols\": [\"A\"], \"timeframe\": \"15m\", \"notes\": \"hello\"}";
    px_error err = {0};
    assert_int_equal(read_text(&config, original, &err), PX_OK);
    assert_true(config.swing_period == 7 && config.sl_mult == 1.0 && config.skip_meta_model);
    assert_string_equal(config.symbol, "RELIANCE");
}

static void check_refused(const char *json, const char *message) {
    px_config config = px_config_default(), before = config;
    px_error err = {0};
    assert_int_equal(read_text(&config, json, &err), PX_EINPUT);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    assert_memory_equal(&config, &before, sizeof config);
}

static void test_bad_configs_change_nothing_and_say_why(void **state) {
    (void)state;
    check_refused("{\"sl_mul\": 1}", "did you mean \"sl_mult\"?");
    check_refused("{\"sl_mult\": -1}", "sl_mult is -1; it must be a number from");
    check_refused("{\"tp_mult\": 3, \"sl_mult\": \"2\"}", "sl_mult");
    check_refused("{\"swing\": \"late\"}", "\"confirmed\" or \"centered\"");
    check_refused("{\"time_stop_bars\": 2.5}", "whole number");
    check_refused("{\"square_off\": \"25:00\"}", "HH:MM");
    check_refused("{\"skip_meta_model\": 1}", "true or false");
    check_refused("{\"warmup_days\": \"some\"}", "\"all\"");
    check_refused("{\"slippage\": \"volume\"}", "\"volume:F\"");
    check_refused("{\"slippage\": \"ticks:-1\"}", "from 0 to 10000");
    check_refused("{\"slippage\": \"tick:1\"}", "\"ticks:N\"");
    check_refused("{\"slippage\": 3}", "\"bps:X\"");
    check_refused("{\"symbol\": 5}", "symbol");
    check_refused("[1]", "JSON object");
    check_refused("{\"sl_mult\": 1,}", "line 1");
    check_refused("", "test.json");
}

static void test_set_from_text(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_error err = {0};
    char value[1024];
    assert_int_equal(px_config_set(&config, "square_off", "15:15", NULL), PX_OK);
    assert_int_equal(config.square_off, 15 * 60 + 15);
    assert_int_equal(px_config_set(&config, "square_off", "none", NULL), PX_OK);
    assert_int_equal(config.square_off, PX_NO_TIME);
    assert_int_equal(px_config_set(&config, "square_off", "null", NULL), PX_OK);
    assert_int_equal(config.square_off, PX_TIME_BY_PRODUCT);
    assert_int_equal(px_config_set(&config, "max_position_size", "500", NULL), PX_OK);
    assert_true(config.max_position_size == 500);
    assert_int_equal(px_config_set(&config, "max_position_size", "none", NULL), PX_OK);
    assert_true(isnan(config.max_position_size));
    const struct {
        const char *text;
        double own, lot;
    } lots[] = {{"0.001", 25, 0.001}, {"0", 25, 0}, {"75", 1, 75}, {"null", 25, 25}};
    for (size_t i = 0; i < sizeof lots / sizeof lots[0]; i++) {
        assert_int_equal(px_config_set(&config, "lot_size", lots[i].text, NULL), PX_OK);
        assert_int_equal(px_config_check(&config, NULL), PX_OK);
        assert_true(px_config_lot(&config, lots[i].own) == lots[i].lot);
    }
    assert_int_equal(px_config_set(&config, "lot_size", "-0.1", &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "0, or a number from 1e-09 to 1e+09, or null"));
    assert_int_equal(px_config_set(&config, "fees", "none", NULL), PX_OK);
    assert_int_equal(config.fees, PX_FEES_NONE);
    assert_int_equal(px_config_set(&config, "slippage", "volume:0.25", NULL), PX_OK);
    assert_int_equal(config.slippage.kind, PX_SLIPPAGE_VOLUME);
    assert_true(config.slippage.amount == 0.25);
    assert_int_equal(px_config_get(&config, "slippage", value, sizeof value, NULL), PX_OK);
    assert_string_equal(value, "volume:0.25");
    assert_int_equal(px_config_set(&config, "warmup_days", "30", NULL), PX_OK);
    assert_int_equal(px_config_set(&config, "skip_meta_model", "true", NULL), PX_OK);
    assert_int_equal(px_config_set(&config, "profile", "reference", NULL), PX_OK);
    assert_int_equal(config.swing, PX_SWING_CENTERED);
    assert_int_equal(px_config_set(&config, "cooldown_bars", "x", &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "cooldown_bars"));
    assert_int_equal(px_config_get(&config, "sl_mult", value, sizeof value, NULL), PX_OK);
    assert_string_equal(value, "1.0");
    assert_int_equal(px_config_get(&config, "nothing", value, sizeof value, &err), PX_EINPUT);
}

static void set(px_config *config, const char *key, const char *value) {
    assert_int_equal(px_config_set(config, key, value, NULL), PX_OK);
}

static void assert_slippage(const px_config *config, px_slippage_kind kind, double amount) {
    const px_slippage slippage = px_config_slippage(config);
    assert_int_equal(px_config_check(config, NULL), PX_OK);
    assert_int_equal(slippage.kind, kind);
    assert_true(slippage.amount == amount);
}

static void test_two_names_of_slippage(void **state) {
    (void)state;
    px_config config = px_config_default();
    set(&config, "slippage_bps", "3");
    assert_slippage(&config, PX_SLIPPAGE_BPS, 3);
    set(&config, "slippage", "none"); /* the later one holds */
    assert_slippage(&config, PX_SLIPPAGE_NONE, 0);
    set(&config, "slippage_bps", "3");
    assert_slippage(&config, PX_SLIPPAGE_BPS, 3);
    set(&config, "slippage", "ticks:2");
    assert_int_equal(px_config_check(&config, NULL), PX_EINPUT); /* said twice */
    set(&config, "slippage_bps", "0");
    assert_slippage(&config, PX_SLIPPAGE_NONE, 0);
    set(&config, "slippage", "ticks:0");
    set(&config, "slippage_bps", "4");
    assert_slippage(&config, PX_SLIPPAGE_BPS, 4);
    set(&config, "slippage", "range:0");
    assert_slippage(&config, PX_SLIPPAGE_RANGE, 0);

    config.slippage_bps = 5;
    assert_int_equal(read_text(&config, "{\"slippage\": \"none\"}", NULL), PX_OK);
    assert_slippage(&config, PX_SLIPPAGE_NONE, 0);
    set(&config, "slippage", "ticks:2");
    assert_int_equal(read_text(&config, "{\"slippage_bps\": 0}", NULL), PX_OK);
    assert_slippage(&config, PX_SLIPPAGE_NONE, 0);
    /* Of one object both hold, in either order: so a config is written. */
    assert_int_equal(read_text(&config, "{\"slippage_bps\": 6, \"slippage\": \"none\"}", NULL), PX_OK);
    assert_slippage(&config, PX_SLIPPAGE_BPS, 6);
    assert_int_equal(read_text(&config, "{\"slippage\": \"volume:1\", \"slippage_bps\": 0}", NULL), PX_OK);
    assert_slippage(&config, PX_SLIPPAGE_VOLUME, 1);
    assert_int_equal(read_text(&config, "{\"slippage_bps\": 1, \"slippage\": \"bps:1\"}", NULL), PX_OK);
    assert_int_equal(px_config_check(&config, NULL), PX_EINPUT);
}

static void test_products(void **state) {
    (void)state;
    const struct {
        px_product product;
        int square_off;
        bool allows_short;
        double leverage;
    } rows[] = {
        {PX_PRODUCT_ANY, PX_NO_TIME, true, 5},       {PX_PRODUCT_INTRADAY, 915, true, 5},
        {PX_PRODUCT_DELIVERY, PX_NO_TIME, false, 1}, {PX_PRODUCT_FUTURES, PX_NO_TIME, true, 5},
        {PX_PRODUCT_INDEX, PX_NO_TIME, true, 5},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        px_config config = px_config_default();
        config.product = rows[i].product;
        assert_int_equal(px_config_square_off(&config), rows[i].square_off);
        assert_int_equal(px_config_allows_short(&config), rows[i].allows_short);
        assert_true(px_config_leverage(&config) == rows[i].leverage);
        assert_int_equal(px_config_check(&config, NULL), PX_OK);
        config.leverage = 0.5;
        assert_true(px_config_leverage(&config) == 0.5);
        config.square_off = 14 * 60; /* said so, it holds */
        assert_int_equal(px_config_square_off(&config), 14 * 60);
        config.square_off = PX_NO_TIME;
        assert_int_equal(px_config_square_off(&config), PX_NO_TIME);
    }
}

static void test_intraday_without_square_off_contradicts(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_error err = {0};
    assert_int_equal(read_text(&config, "{\"square_off\": \"none\", \"product\": \"intraday\"}", NULL),
                     PX_OK);
    assert_int_equal(px_config_check(&config, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "square_off none contradicts product intraday"));
    assert_int_equal(read_text(&config, "{\"square_off\": null}", NULL), PX_OK); /* the product's own */
    assert_int_equal(px_config_check(&config, NULL), PX_OK);
    assert_int_equal(px_config_square_off(&config), 915);
}

static void test_json_round_trip(void **state) {
    (void)state;
    px_config config = px_config_default(), again = px_config_default();
    char *json = NULL, *second = NULL;
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    config.sl_mult = 1.0 / 3;
    strcpy(config.model_path, "models/x");
    strcpy(config.fee_table, "rates/mine.json");
    const int times[] = {905, PX_NO_TIME, PX_TIME_BY_PRODUCT};
    for (size_t i = 0; i < 3; i++) {
        config.square_off = times[i];
        again = px_config_default();
        assert_int_equal(px_config_to_json(&config, &json, NULL), PX_OK);
        assert_int_equal(read_text(&again, json, NULL), PX_OK);
        assert_int_equal(again.square_off, times[i]);
        assert_int_equal(px_config_to_json(&again, &second, NULL), PX_OK);
        assert_string_equal(json, second);
        free(json);
        free(second);
    }
}

/* What the schema lets pass is what is read, whatever the number looks like. */
static void test_schema_of_slippage_is_what_is_read(void **state) {
    (void)state;
    static const char *const texts[] = {
        "none",        "bps:5",  "bps:1e-07", "bps:1E3", "ticks:5.", "range:.5", "bps:+5", "bps:1e+02",
        "volume:0.25", "bps:",   "bps:x",     "bps:1e",  "bps:.",    "bps: 5",   "foo:1",  "bps:0x1",
        "bps:nan",     "bps:5 ", "None",      "bps:1:2", "5",        "bps:1.5.2"};
    char *text = NULL, setting[64];
    regex_t pattern;
    assert_int_equal(px_config_schema(&text, NULL), PX_OK);
    json_t *schema = json_loads(text, 0, NULL);
    const json_t *of = json_object_get(json_object_get(schema, "properties"), "slippage");
    assert_int_equal(
        regcomp(&pattern, json_string_value(json_object_get(of, "pattern")), REG_EXTENDED | REG_NOSUB), 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        px_config config = px_config_default();
        snprintf(setting, sizeof setting, "{\"slippage\": \"%s\"}", texts[i]);
        const bool reads = read_text(&config, setting, NULL) == PX_OK;
        if (reads != (regexec(&pattern, texts[i], 0, NULL, 0) == 0))
            fail_msg("\"%s\" is %s", texts[i], reads ? "read" : "refused");
    }
    regfree(&pattern);
    json_decref(schema);
    free(text);
}

static void test_schema_lists_every_key(void **state) {
    (void)state;
    char *text = NULL;
    assert_int_equal(px_config_schema(&text, NULL), PX_OK);
    json_t *schema = json_loads(text, 0, NULL);
    assert_non_null(schema);
    const json_t *properties = json_object_get(schema, "properties");
    size_t n = 0;
    for (; px_config_key_name(n); n++) {
        assert_non_null(json_object_get(properties, px_config_key_name(n)));
        assert_true(strlen(px_config_key_help(n)) > 5);
    }
    assert_int_equal(json_object_size(properties), n);
    json_decref(schema);
    free(text);
}

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static void test_document_lists_every_key(void **state) {
    (void)state;
    char *text = NULL;
    assert_int_equal(px_config_keys_document(&text, NULL), PX_OK);
    json_t *list = json_loads(text, 0, NULL);
    px_config config = px_config_default();
    size_t i = 0;
    for (; px_config_key_name(i); i++) {
        const json_t *key = json_array_get(list, i), *choices = json_object_get(key, "choices");
        const char *const *words = px_config_key_choices(i);
        assert_string_equal(text_of(key, "key"), px_config_key_name(i));
        assert_string_equal(text_of(key, "unit"), px_config_key_unit(i));
        assert_true(json_is_array(choices) == (words != NULL));
        for (size_t c = 0; words && words[c]; c++)
            assert_string_equal(json_string_value(json_array_get(choices, c)), words[c]);
        /* a value is written so that it can be set, and lies inside the limits */
        const char *honest = text_of(key, "honest");
        const json_t *minimum = json_object_get(key, "minimum");
        if (honest && strcmp(text_of(key, "type"), "unused"))
            assert_int_equal(px_config_set(&config, px_config_key_name(i), honest, NULL), PX_OK);
        if (honest && json_is_number(minimum) && strcmp(text_of(key, "type"), "days"))
            assert_true(strtod(honest, NULL) >= json_number_value(minimum));
    }
    assert_int_equal(json_array_size(list), i);
    assert_null(px_config_key_choices(i));
    json_decref(list);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_are_honest),
        cmocka_unit_test(test_a_lot_is_written_where_it_is_set),
        cmocka_unit_test(test_reference_presets_the_profile_table),
        cmocka_unit_test(test_profile_presets_before_other_keys),
        cmocka_unit_test(test_original_config_is_accepted),
        cmocka_unit_test(test_bad_configs_change_nothing_and_say_why),
        cmocka_unit_test(test_set_from_text),
        cmocka_unit_test(test_two_names_of_slippage),
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_intraday_without_square_off_contradicts),
        cmocka_unit_test(test_json_round_trip),
        cmocka_unit_test(test_schema_of_slippage_is_what_is_read),
        cmocka_unit_test(test_schema_lists_every_key),
        cmocka_unit_test(test_document_lists_every_key),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
