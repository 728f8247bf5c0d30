// SPDX-License-Identifier: Apache-2.0
/* A run to its document and back. */
#include "store_fixture.h"

#include "base/json.h"
#include "pixity/backtest.h"
#include "store/runs/run_json.h"

#include <math.h>

/* A run with every member, in the order in which they are written. */
static const char whole[] =
    "{\"run_id\": \"r\", \"status\": \"done\", \"message\": null, \"created\": \"2026-01-01T00:00:00+00:00\","
    "\"fingerprint\": \"f\", \"strategy\": \"premium_tp_sl\", \"symbol\": \"ACME\", \"timeframe\": \"15m\","
    "\"profile\": \"honest\", \"start\": \"2022-01-03\", \"end\": \"2022-06-30\","
    "\"metrics\": {\"# Trades\": 12, \"Sharpe Ratio\": 0.1, \"SQN\": null}, \"metrics_basis\": \"net\","
    "\"not_annualised\": \"19 sessions\","
    "\"events\": {\"candidates\": 3, \"approved\": 2, \"executed\": 1}, \"in_sample_trades\": 4,"
    "\"findings\": [{\"code\": \"split\", \"severity\": \"error\", \"what\": \"one\", \"where\": "
    "\"2022-01-03\","
    "\"count\": 3, \"effect\": \"e\", \"remedy\": \"r\", \"accepted\": true},"
    "{\"code\": \"of_another_version\", \"severity\": \"info\", \"what\": \"two\", \"where\": null, "
    "\"count\": 0,"
    "\"effect\": \"e\", \"remedy\": \"r\"}],"
    "\"warnings\": [\"one\", \"two\"],"
    "\"request\": {\"strategy\": \"premium_tp_sl\", \"parameters\": {\"stop_atrs\": 2.0, \"hold_bars\": 30},"
    "\"symbol\": \"acme\", \"exchange\": \"NSE\", \"timeframe\": \"15m\", \"start\": null, \"end\": null,"
    "\"input\": \"a.csv\", \"data_dir\": null, \"input_timeframe\": \"1m\", \"stamp\": \"open\","
    "\"input_adjustments\": null, \"tz\": \"UTC\", \"columns\": \"time=Date\", \"header\": \"no\","
    "\"date_format\": \"%d\", \"source\": \"kite\", \"table\": \"t\", \"sheet\": \"s\", \"volume\": "
    "\"traded\","
    "\"as_is\": \"yes\", \"accept\": \"split\", \"model\": \"m\", \"signals\": \"s.csv\"},"
    "\"config\": {\"capital\": 250000.0, \"swing\": \"centered\"},"
    "\"fees\": {\"table\": \"fees of x\", \"sha256\": \"aa\", \"segment\": \"a\", \"segment_overnight\": "
    "\"b\"},"
    "\"data\": {\"source\": \"home\", \"instrument_key\": \"NSE_EQ|X\", \"tick\": 0.05, \"lot_size\": 1.0,"
    "\"fingerprint\": \"d\", \"adjustments\": [{\"ex_date\": \"2022-02-01\", \"factor\": 2.0}],"
    "\"entry\": 4, \"source_bars\": 9, \"excluded_bars\": 1, \"warmup_bars\": 2, \"bars\": 6, \"first_bar\": "
    "\"a\","
    "\"last_bar\": \"b\"},"
    "\"model\": {\"name\": \"m\", \"sha256\": \"cc\", \"train_begin\": null, \"train_end\": null},"
    "\"signals\": {\"path\": \"s.csv\", \"sha256\": \"bb\", \"rows\": 9, \"used\": 5, \"rejected\": 4,"
    "\"outside_window\": 0, \"other_symbols\": 0, \"rejections\": [{\"line\": 7, \"reason\": \"no side\"}]},"
    "\"version\": \"0.1.0\"}";

static json_t *parsed(const char *text) {
    json_t *json = NULL;
    assert_ok(pxi_json_parse(text, strlen(text), "document", &json, err));
    return json;
}

static char *dumped(const json_t *json) {
    char *text = NULL;
    assert_ok(pxi_json_dump(json, &text, err));
    return text;
}

static void test_every_member_comes_back(void **state) {
    (void)state;
    px_run run = {0};
    json_t *json = parsed(whole);
    char *before = dumped(json), *after = NULL;
    assert_ok(pxi_run_parse("r", whole, &run, NULL, err));
    assert_ok(px_run_to_json(&run, &after, err));
    assert_string_equal(after, before);
    assert_true(px_run_number_of(&run.metrics, "# Trades") == 12);
    assert_true(isnan(px_run_number_of(&run.metrics, "SQN")));
    assert_true(isnan(px_run_number_of(&run.metrics, "nothing")));
    assert_string_equal(run.request.profile_of_source, "kite");
    assert_string_equal(run.request.as_is, "yes");
    assert_true(run.in_sample_trades == 4 && run.warnings.n == 2 && run.findings.n == 2 &&
                run.data.n_adjustments == 1);
    assert_true(run.config.capital == 250000 && run.config.swing == PX_SWING_CENTERED && !run.config_error);
    assert_true(run.signals.rejections[0].line == 7 && !px_run_failed(&run) && run.trials.n == 0);
    px_run_free(&run);
    px_run_free(&run); /* nothing is left */
    px_run_free(NULL);
    json_decref(json);
    free(before);
    free(after);
}

static void test_trials_stand_last(void **state) {
    (void)state;
    px_run run = {0};
    char *text = NULL;
    assert_ok(pxi_run_parse("r", whole, &run, NULL, err));
    run.trials = (px_trials){3, 0.5, NAN, 0.25};
    assert_ok(px_run_to_json(&run, &text, err));
    const char *trials = strstr(text, "\"trials\": {");
    assert_non_null(trials);
    assert_true(trials > strstr(text, "\"version\""));
    assert_non_null(strstr(trials, "\"n\": 3"));
    assert_non_null(strstr(trials, "\"best_sharpe\": null"));
    px_run_free(&run);
    free(text);
}

/* Whatever stands in the place of a member: the others are read, and what was read can be written. */
static void spoil(json_t *document, json_t *object, const json_t *junk) {
    const char *name;
    void *next;
    json_t *value;
    json_object_foreach_safe(object, next, name, value) {
        px_run run = {0};
        char *text = NULL;
        json_t *kept = json_incref(value);
        assert_int_equal(json_object_set_new(object, name, json_deep_copy(junk)), 0);
        assert_ok(pxi_run_decode(document, &run, err));
        assert_ok(px_run_to_json(&run, &text, err));
        assert_true(strcmp(name, "symbol") == 0 || (run.symbol && strcmp(run.symbol, "ACME") == 0));
        px_run_free(&run);
        free(text);
        assert_int_equal(json_object_set(object, name, kept), 0);
        if (json_is_object(kept))
            spoil(document, kept, junk);
        json_decref(kept);
    }
}

static void test_members_of_another_kind_are_absent(void **state) {
    (void)state;
    static const char *const junk[] = {"null",          "7",  "-1.5", "\"text\"",   "[]",
                                       "[1, null, {}]", "{}", "true", "{\"a\": []}"};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        json_t *document = parsed(whole), *instead = json_loads(junk[i], JSON_DECODE_ANY, NULL);
        spoil(document, document, instead);
        json_decref(instead);
        json_decref(document);
    }
}

static void test_what_is_no_run(void **state) {
    (void)state;
    px_run run = {0};
    assert_fails(pxi_run_parse("r", "[1]", &run, NULL, err), PX_ECORRUPT, "its run.json is no object");
    assert_fails(pxi_run_parse("r", "{", &run, NULL, err), PX_ECORRUPT, "line 1");
    assert_ok(pxi_run_parse("r", "{}", &run, NULL, err));
    assert_true(run.in_sample_trades == -1 && !run.run_id && run.metrics.n == 0);
    assert_non_null(run.config_error);
    assert_true(run.config.capital == px_config_default().capital);
    px_run_free(&run);
    assert_ok(pxi_run_parse("r", "{\"config\": {\"capital\": 7.0, \"no_such_key\": 1}}", &run, NULL, err));
    assert_non_null(strstr(run.config_error, "no_such_key"));
    assert_true(run.config.capital == px_config_default().capital);
    px_run_free(&run);
}

/* A failed run says what was asked, and nothing of results. */
static void test_failed_run(void **state) {
    (void)state;
    px_home *home = open_home();
    px_run run = {0};
    char *text = NULL;
    const px_config config = px_config_default();
    const px_backtest_request request = {.data = {.symbol = "ACME", .timeframe_minutes = 15},
                                         .strategy_id = "ema_cross",
                                         .parameters = "fast=10",
                                         .run_id = "f"};
    assert_ok(px_backtest_save_failure(home, &request, &config, 0, "no luck", err));
    assert_ok(px_run_load(home, "f", &run, err));
    assert_true(px_run_failed(&run));
    assert_string_equal(run.message, "no luck");
    assert_string_equal(run.created, "1970-01-01T00:00:00+00:00");
    assert_true(run.request.parameters.n == 1 && run.request.parameters.items[0].value == 10);
    assert_ok(px_run_read(home, "f", &text, err));
    assert_null(strstr(text, "metrics"));
    assert_null(strstr(text, "fingerprint"));
    px_run_free(&run);
    free(text);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_every_member_comes_back),
        STORE_TEST(test_trials_stand_last),
        STORE_TEST(test_members_of_another_kind_are_absent),
        STORE_TEST(test_what_is_no_run),
        STORE_TEST(test_failed_run),
    };
    return cmocka_run_group_tests_name("run_json", tests, NULL, NULL);
}
