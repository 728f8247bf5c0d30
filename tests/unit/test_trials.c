// SPDX-License-Identifier: Apache-2.0
/* Trials of stored runs and the deflated Sharpe ratio: from the index, on reading, never stored. */
#include "store_fixture.h"

#include "base/json.h"
#include "pixity/backtest.h"
#include "store/runs/run_index.h"
#include "store/home/sql.h"

/* What distinguishes the runs of a test; NULL is what most have. */
typedef struct stored {
    const char *id, *fingerprint, *sharpe;
    const char *strategy, *symbol, *timeframe, *start, *end, *status;
} stored;

static const char *or_default(const char *text, const char *fallback) {
    return text ? text : fallback;
}

static void save(px_home *home, stored s) {
    char json[2048];
    snprintf(json, sizeof json,
             "{\"run_id\": \"%s\", \"status\": \"%s\", \"created\": \"2026-01-02T03:04:05+00:00\","
             "\"strategy\": \"%s\", \"symbol\": \"%s\", \"timeframe\": \"%s\", \"start\": \"%s\","
             "\"end\": \"%s\", \"fingerprint\": \"%s\", \"metrics\": {\"# Sessions\": 250,"
             "\"Session Sharpe Ratio\": %s, \"Session Skewness\": -0.5, \"Session Kurtosis\": 4.0}}",
             s.id, or_default(s.status, "done"), or_default(s.strategy, "ema_cross"),
             or_default(s.symbol, "ACME"), or_default(s.timeframe, "1h"), or_default(s.start, "2024-01-01"),
             or_default(s.end, "2024-12-31"), or_default(s.fingerprint, s.id), s.sharpe);
    assert_ok(px_run_save(home, s.id, json, NULL, 0, err));
}

static px_trials trials_of(px_home *home, const char *id) {
    px_trials trials;
    assert_ok(px_run_trials(home, id, &trials, err));
    return trials;
}

static void test_one_trial_is_none_to_choose_from(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, (stored){.id = "a", .fingerprint = "f", .sharpe = "0.1"});
    save(home,
         (stored){.id = "again", .fingerprint = "f", .sharpe = "0.1"}); /* the same request, the same trial */
    px_trials trials = trials_of(home, "a");
    assert_int_equal(trials.n, 1);
    assert_true(isnan(trials.sharpe_variance) && isnan(trials.best_sharpe) && isnan(trials.deflated_sharpe));
    px_home_close(&home);
}

static void test_trials_deflate(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, (stored){.id = "a", .sharpe = "0.125"});
    save(home, (stored){.id = "b", .sharpe = "0.0625"});
    save(home, (stored){.id = "c", .sharpe = "-0.125"});
    px_trials a = trials_of(home, "a"), b = trials_of(home, "b");
    assert_int_equal(a.n, 3);
    double mean = 0.0625 / 3, squares = 0;
    const double sharpes[] = {0.125, 0.0625, -0.125};
    for (int i = 0; i < 3; i++)
        squares += (sharpes[i] - mean) * (sharpes[i] - mean);
    assert_true(fabs(a.sharpe_variance - squares / 2) < 1e-15);
    /* NormalDist().inv_cdf of 2/3 and of 1 - 1/(3 e) */
    double z1 = 0.43072729929545733, z2 = 1.1619569289127327, gamma = 0.57721566490153286;
    double best = sqrt(squares / 2) * ((1 - gamma) * z1 + gamma * z2);
    assert_true(fabs(a.best_sharpe - best) < 1e-12);
    double spread = 1 + 0.5 * 0.125 + 0.75 * 0.125 * 0.125;
    double expected = 0.5 * erfc(-(0.125 - best) * sqrt(249) / sqrt(spread) / sqrt(2));
    assert_true(fabs(a.deflated_sharpe - expected) < 1e-12);
    assert_true(b.n == 3 && b.sharpe_variance == a.sharpe_variance && b.best_sharpe == a.best_sharpe);
    assert_true(b.deflated_sharpe < a.deflated_sharpe);
    px_home_close(&home);
}

static void test_what_is_no_trial(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, (stored){.id = "a", .sharpe = "0.1"});
    save(home, (stored){.id = "strategy", .sharpe = "0.2", .strategy = "ehma_pivot"});
    save(home, (stored){.id = "symbol", .sharpe = "0.2", .symbol = "ACME2"});
    save(home, (stored){.id = "timeframe", .sharpe = "0.2", .timeframe = "15m"});
    save(home, (stored){.id = "before", .sharpe = "0.2", .start = "2023-01-01", .end = "2023-12-31"});
    save(home, (stored){.id = "after", .sharpe = "0.2", .start = "2025-01-01", .end = "2025-12-31"});
    save(home, (stored){.id = "failed", .sharpe = "0.2", .status = "failed"});
    assert_int_equal(trials_of(home, "a").n, 1);
    save(home, (stored){.id = "first-day", .sharpe = "0.2", .start = "2023-01-01", .end = "2024-01-01"});
    save(home, (stored){.id = "last-day", .sharpe = "0.2", .start = "2024-12-31", .end = "2025-12-31"});
    save(home, (stored){.id = "around", .sharpe = "0.2", .start = "2020-01-01", .end = "2026-12-31"});
    save(home, (stored){.id = "within", .sharpe = "0.2", .start = "2024-06-01", .end = "2024-06-01"});
    assert_int_equal(trials_of(home, "a").n, 5);
    assert_int_equal(trials_of(home, "before").n, 3); /* itself, first-day, around */
    px_home_close(&home);
}

/* One without a Sharpe ratio was tried all the same, and says nothing about their spread. */
static void test_trial_without_a_sharpe(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, (stored){.id = "a", .sharpe = "0.1"});
    save(home, (stored){.id = "flat", .sharpe = "null"});
    px_trials trials = trials_of(home, "a");
    assert_true(trials.n == 2 && isnan(trials.sharpe_variance) && isnan(trials.deflated_sharpe));
    save(home, (stored){.id = "b", .sharpe = "0.3"});
    trials = trials_of(home, "a");
    assert_int_equal(trials.n, 3);
    assert_true(fabs(trials.sharpe_variance - 0.02) < 1e-15);
    trials = trials_of(home, "flat");
    assert_true(trials.n == 3 && !isnan(trials.best_sharpe) && isnan(trials.deflated_sharpe));
    px_home_close(&home);
}

static json_t *document_of(px_home *home, const char *id) {
    char *text;
    json_t *json;
    assert_ok(px_backtest_read(home, id, &text, err));
    assert_ok(pxi_json_parse(text, strlen(text), "run", &json, err));
    free(text);
    return json;
}

static void test_read_tells_and_stores_nothing(void **state) {
    (void)state;
    px_home *home = open_home();
    char *before, *after;
    save(home, (stored){.id = "a", .sharpe = "0.1"});
    save(home, (stored){.id = "b", .sharpe = "0.3"});
    assert_ok(px_run_read(home, "a", &before, err));
    json_t *json = document_of(home, "a"), *trials = json_object_get(json, "trials");
    assert_int_equal(json_integer_value(json_object_get(trials, "n")), 2);
    assert_true(json_real_value(json_object_get(trials, "deflated_sharpe")) ==
                trials_of(home, "a").deflated_sharpe);
    assert_non_null(strstr(json_string_value(json_object_get(trials, "basis")), "not stored"));
    json_decref(json);
    assert_ok(px_run_read(home, "a", &after, err));
    assert_string_equal(before, after);
    assert_null(strstr(after, "trials"));
    assert_ok(px_run_delete(home, "b", err));
    json = document_of(home, "a");
    trials = json_object_get(json, "trials");
    assert_int_equal(json_integer_value(json_object_get(trials, "n")), 1);
    assert_true(json_is_null(json_object_get(trials, "deflated_sharpe")));
    json_decref(json);
    free(before);
    free(after);
    px_home_close(&home);
}

static void test_documents_of_no_finished_run(void **state) {
    (void)state;
    px_home *home = open_home();
    char *text;
    px_trials trials;
    save(home, (stored){.id = "failed", .sharpe = "null", .status = "failed"});
    assert_true(trials_of(home, "failed").n == 0 && isnan(trials_of(home, "failed").deflated_sharpe));
    assert_ok(px_backtest_read(home, "failed", &text, err));
    assert_null(strstr(text, "trials"));
    free(text);
    const char *broken[] = {"{\"run_id\": ", "[1]", "{}", "7"};
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        write_text(in_folder("home/runs/failed/run.json"), broken[i]);
        assert_ok(px_backtest_read(home, "failed", &text, err));
        assert_string_equal(text, broken[i]);
        free(text);
    }
    write_text(in_folder("home/runs/failed/run.json"), broken[0]);
    assert_fails(px_run_trials(home, "failed", &trials, err), PX_ECORRUPT, "run failed is damaged");
    assert_fails(px_run_trials(home, "fialed", &trials, err), PX_ENOTFOUND, "did you mean \"failed\"");
    assert_fails(px_backtest_read(home, "nobody", &text, err), PX_ENOTFOUND, "nobody");
    px_home_close(&home);
}

/* The index is only an index: a run that it has lost is found, one that is gone no trial. */
static void test_folders_are_the_truth(void **state) {
    (void)state;
    px_home *home = open_home();
    save(home, (stored){.id = "a", .sharpe = "0.1"});
    save(home, (stored){.id = "b", .sharpe = "0.3"});
    save(home, (stored){.id = "gone", .sharpe = "0.5"});
    assert_ok(pxi_sql_run(home->db, err, "DELETE FROM runs WHERE run_id IN ('a', 'b')", ""));
    assert_int_equal(remove(in_folder("home/runs/gone/run.json")), 0);
    assert_int_equal(rmdir(in_folder("home/runs/gone")), 0);
    assert_int_equal(trials_of(home, "a").n, 2);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_one_trial_is_none_to_choose_from),
        STORE_TEST(test_trials_deflate),
        STORE_TEST(test_what_is_no_trial),
        STORE_TEST(test_trial_without_a_sharpe),
        STORE_TEST(test_read_tells_and_stores_nothing),
        STORE_TEST(test_documents_of_no_finished_run),
        STORE_TEST(test_folders_are_the_truth),
    };
    return cmocka_run_group_tests_name("trials", tests, NULL, NULL);
}
