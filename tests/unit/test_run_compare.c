// SPDX-License-Identifier: Apache-2.0
/* Runs side by side. */
#include "store_fixture.h"

#include "pixity/backtest.h"

#include <jansson.h>

/* What a run.json says that a test cares about. */
typedef struct facts {
    const char *id, *symbol, *end, *profile, *fingerprint, *data, *config, *metrics;
} facts;

static const facts plain = {
    .id = "a",
    .symbol = "ACME",
    .end = "2020-12-31",
    .profile = "honest",
    .fingerprint = "f1",
    .data = "d1",
    .config = "\"sl_mult\": 1.0, \"symbol\": null, \"square_off\": null",
    .metrics = "\"# Trades\": 7, \"PnL [Rs]\": 1.5, \"Sharpe Ratio\": null",
};

static void save(px_home *home, facts f) {
    char json[2048];
    snprintf(
        json, sizeof json,
        "{\"run_id\": \"%s\", \"status\": \"done\", \"fingerprint\": \"%s\", \"strategy\": \"ema_cross\","
        " \"symbol\": \"%s\", \"timeframe\": \"1h\", \"profile\": \"%s\", \"start\": \"2020-01-01\","
        " \"end\": \"%s\", \"metrics\": {%s}, \"warnings\": [\"about %s\"], \"config\": {%s},"
        " \"data\": {\"fingerprint\": \"%s\"}, \"model\": null, \"version\": \"1\"}",
        f.id, f.fingerprint, f.symbol, f.profile, f.end, f.metrics, f.id, f.config, f.data);
    assert_ok(px_run_save(home, f.id, json, NULL, 0, err));
}

static json_t *compare(px_home *home, const char *const *ids, size_t n) {
    char *text = NULL;
    assert_ok(px_runs_compare(home, ids, n, &text, err));
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    free(text);
    return document;
}

/* The member reached by a path of keys is this JSON. */
static void assert_member(json_t *document, const char *object, const char *name, const char *wanted) {
    json_t *found = json_object_get(object ? json_object_get(document, object) : document, name);
    char *text = found ? json_dumps(found, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    if (!text || strcmp(text, wanted) != 0)
        fail_msg("%s.%s is %s, not %s", object ? object : "", name, text ? text : "absent", wanted);
    free(text);
}

static void assert_size(json_t *document, const char *name, size_t wanted) {
    json_t *found = json_object_get(document, name);
    assert_int_equal(json_is_array(found) ? json_array_size(found) : json_object_size(found), wanted);
}

static const char *const ab[] = {"a", "b"}, *const abc[] = {"a", "b", "c"};

static void test_the_same_results_are_identical(void **state) {
    (void)state;
    px_home *home = open_home();
    facts b = plain, c = plain;
    b.id = "b", c.id = "c";
    b.fingerprint = "f2";
    b.config = "\"sl_mult\": 1.5, \"symbol\": null, \"square_off\": \"15:15\"";
    b.metrics = "\"# Trades\": 7, \"New\": 4, \"PnL [Rs]\": -2.5, \"Sharpe Ratio\": 0.5";
    save(home, plain);
    save(home, b);
    save(home, c);
    json_t *document = compare(home, abc, 3);
    assert_member(document, NULL, "identical", "[[\"a\",\"c\"]]");
    assert_member(document, NULL, "not_comparable", "{}");
    assert_member(document, "metrics", "# Trades", "{\"a\":7,\"b\":7,\"c\":7}"); /* equal ones too */
    assert_member(document, "metrics", "PnL [Rs]", "{\"a\":1.5,\"b\":-2.5,\"c\":1.5}");
    assert_member(document, "metrics", "Sharpe Ratio", "{\"a\":null,\"b\":0.5,\"c\":null}");
    assert_member(document, "metrics", "New", "{\"a\":null,\"b\":4,\"c\":null}");
    assert_size(document, "metrics", 4);
    assert_member(document, "config", "sl_mult", "{\"a\":1.0,\"b\":1.5,\"c\":1.0}");
    assert_member(document, "config", "square_off", "{\"a\":null,\"b\":\"15:15\",\"c\":null}");
    assert_size(document, "config", 2);
    json_t *second = json_array_get(json_object_get(document, "runs"), 1);
    assert_member(second, NULL, "run_id", "\"b\"");
    assert_member(second, NULL, "warnings", "[\"about b\"]");
    json_decref(document);
    px_home_close(&home);
}

static void test_what_must_not_be_compared(void **state) {
    (void)state;
    px_home *home = open_home();
    facts b = plain;
    b.id = "b";
    b.symbol = "EMCA", b.end = "2021-06-30", b.profile = "reference", b.data = "d2", b.fingerprint = "f2";
    save(home, plain);
    save(home, b);
    json_t *document = compare(home, ab, 2);
    assert_size(document, "identical", 0);
    assert_size(document, "not_comparable", 3);
    assert_member(document, "not_comparable", "symbol", "{\"a\":\"ACME\",\"b\":\"EMCA\"}");
    assert_member(document, "not_comparable", "window",
                  "{\"a\":\"2020-01-01 .. 2020-12-31\",\"b\":\"2020-01-01 .. 2021-06-30\"}");
    assert_member(document, "not_comparable", "profile", "{\"a\":\"honest\",\"b\":\"reference\"}");
    assert_member(document, "config", "symbol", "{\"a\":\"ACME\",\"b\":\"EMCA\"}");
    assert_member(document, "config", "end", "{\"a\":\"2020-12-31\",\"b\":\"2021-06-30\"}");
    assert_member(document, "config", "data_fingerprint", "{\"a\":\"d1\",\"b\":\"d2\"}");
    assert_size(document, "config", 4);
    json_decref(document);
    px_home_close(&home);
}

static void test_other_bars_of_one_window(void **state) {
    (void)state;
    px_home *home = open_home();
    facts b = plain;
    b.id = "b";
    b.data = "d2", b.fingerprint = "f2";
    save(home, plain);
    save(home, b);
    json_t *document = compare(home, ab, 2);
    assert_member(document, NULL, "not_comparable", "{\"data_fingerprint\":{\"a\":\"d1\",\"b\":\"d2\"}}");
    json_decref(document);
    px_home_close(&home);
}

static void test_a_failed_run_has_no_numbers(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, plain);
    assert_ok(
        px_run_save(home, "b",
                    "{\"run_id\": \"b\", \"status\": \"failed\", \"message\": \"no bars\", \"start\": null,"
                    " \"end\": null, \"symbol\": \"ACME\", \"profile\": \"honest\", \"config\": {}}",
                    NULL, 0, err));
    json_t *document = compare(home, ab, 2);
    assert_member(document, "metrics", "# Trades", "{\"a\":7,\"b\":null}");
    assert_member(json_array_get(json_object_get(document, "runs"), 1), NULL, "message", "\"no bars\"");
    assert_size(document, "identical", 0);
    json_decref(document);
    px_home_close(&home);
}

static void test_wrong_requests(void **state) {
    (void)state;
    px_home *home = open_home();
    const char *const twice[] = {"a", "b", "a"}, *const later[] = {"a", "b", "c", "c"};
    const char *const unknown[] = {"a", "bb"};
    facts b = plain;
    char *json = NULL;
    b.id = "b";
    save(home, plain);
    save(home, b);
    assert_fails(px_runs_compare(home, ab, 1, &json, err), PX_EINPUT, "at least two");
    assert_fails(px_runs_compare(home, twice, 3, &json, err), PX_EINPUT, "run a is named twice");
    assert_fails(px_runs_compare(home, later, 4, &json, err), PX_EINPUT, "run c is named twice");
    assert_fails(px_runs_compare(home, unknown, 2, &json, err), PX_ENOTFOUND, "\"bb\"; did you mean \"b\"?");
    write_text(in_folder("home/runs/b/run.json"), "{\"run_id\": ");
    assert_fails(px_runs_compare(home, ab, 2, &json, err), PX_ECORRUPT, "run b is damaged");
    write_text(in_folder("home/runs/b/run.json"), "[]");
    assert_fails(px_runs_compare(home, ab, 2, &json, err), PX_ECORRUPT, "run b is damaged");
    assert_null(json);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_the_same_results_are_identical),
        STORE_TEST(test_what_must_not_be_compared),
        STORE_TEST(test_other_bars_of_one_window),
        STORE_TEST(test_a_failed_run_has_no_numbers),
        STORE_TEST(test_wrong_requests),
    };
    return cmocka_run_group_tests_name("run compare", tests, NULL, NULL);
}
