// SPDX-License-Identifier: Apache-2.0
/* The number that tells whether the index of runs says the same; and names that are no files. */
#include "store_fixture.h"

#include "pixity/account.h"
#include "pixity/model.h"

static uint64_t version_of(px_home *home) {
    uint64_t version = 0;
    assert_ok(px_runs_version(home, &version, err));
    return version;
}

static void save(px_home *home, const char *id, const char *fingerprint) {
    char json[512];
    snprintf(json, sizeof json,
             "{\"run_id\": \"%s\", \"status\": \"done\", \"created\": \"2024-01-01T00:00:00+00:00\", "
             "\"fingerprint\": \"%s\", \"metrics\": {\"# Trades\": 3}}",
             id, fingerprint);
    assert_ok(px_run_save(home, id, json, NULL, 0, err));
}

static void test_version_follows_the_index(void **state) {
    (void)state;
    px_home *home = open_home(), *other = open_home();
    uint64_t empty = version_of(home);
    assert_true(version_of(home) == empty && version_of(other) == empty);

    save(home, "a", "f1");
    uint64_t one = version_of(home);
    assert_true(one != empty);
    assert_true(version_of(other) == one); /* written by another connection */

    save(other, "b", "f2");
    uint64_t two = version_of(home);
    assert_true(two != one && version_of(other) == two);

    assert_ok(px_run_delete(home, "b", err));
    assert_true(version_of(other) == one && version_of(home) == one);

    /* another run under the same name */
    assert_ok(px_run_delete(home, "a", err));
    save(home, "a", "f3");
    assert_true(version_of(other) != one && version_of(other) == version_of(home));

    /* a folder that is removed by hand */
    assert_ok(pxi_remove_tree(in_folder("home/runs/a"), err));
    assert_true(version_of(home) == empty && version_of(other) == empty);
    px_home_close(&other);
    px_home_close(&home);
}

/* Writes that are no runs' leave the number as it is. */
static void test_version_keeps_still_otherwise(void **state) {
    (void)state;
    px_home *home = open_home(), *other = open_home();
    px_instrument instrument;
    save(home, "a", "f1");
    uint64_t before = version_of(home);
    assert_ok(px_instrument_ensure(other, "ACME", "NSE", &instrument, err));
    assert_ok(px_instrument_ensure(home, "BOLT", "NSE", &instrument, err));
    assert_true(version_of(home) == before && version_of(other) == before);
    px_home_close(&other);
    px_home_close(&home);
}

/* What reaches the library from outside is no path. */
static void test_hostile_names_are_refused(void **state) {
    (void)state;
    static const char *const names[] = {
        "",        ".",    "..",    "../../etc/passwd",       "/etc/passwd", "a/b", "a/../b",
        ".hidden", "a\nb", "a\x01", "a'; DROP TABLE runs; --"};
    px_home *home = open_home();
    write_text(in_folder("secret.card.json"), "{}");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *json = NULL, exchange[16];
        px_table table = {0};
        assert_int_not_equal(px_model_card(home, names[i], &json, NULL), PX_OK);
        assert_int_not_equal(px_model_delete(home, names[i], NULL), PX_OK);
        assert_int_not_equal(px_account_show(home, names[i], &json, NULL), PX_OK);
        assert_int_not_equal(px_account_table(home, names[i], PX_ACCOUNT_TRADES, &table, NULL), PX_OK);
        assert_int_not_equal(px_account_exchange(home, names[i], exchange, NULL), PX_OK);
        assert_int_not_equal(px_account_halt(home, names[i], "x", NULL), PX_OK);
        assert_int_not_equal(px_account_resume(home, names[i], NULL), PX_OK);
        assert_int_not_equal(px_account_reset(home, names[i], NULL), PX_OK);
        assert_int_not_equal(px_run_read(home, names[i], &json, NULL), PX_OK);
        assert_int_not_equal(px_run_read_table(home, names[i], "trades", &table, NULL), PX_OK);
        assert_int_not_equal(px_run_delete(home, names[i], NULL), PX_OK);
        assert_null(json);
    }
    assert_true(access(in_folder("secret.card.json"), F_OK) == 0);
    px_home_close(&home);
}

/* What asks for a model by name checks that it is none by path. */
static void test_paths_of_models_are_told_from_names(void **state) {
    (void)state;
    assert_ok(px_model_check_name("RELIANCE_1h", err));
    assert_fails(px_model_check_name("../secret", err), PX_EINPUT, "cannot name a model");
    assert_fails(px_model_check_name("/tmp/m.ubj", err), PX_EINPUT, "cannot name a model");
    assert_fails(px_model_check_name("m.ubj", err), PX_EINPUT, "path of a file");
}

/* A part of a run is one of its tables, never a path. */
static void test_hostile_parts_are_refused(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table table = {0};
    save(home, "a", "f1");
    static const char *const parts[] = {"", "..", "../a/run", "../../pixity.db", "/etc/passwd", "run.json"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_int_not_equal(px_run_read_table(home, "a", parts[i], &table, NULL), PX_OK);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_version_follows_the_index), STORE_TEST(test_version_keeps_still_otherwise),
        STORE_TEST(test_hostile_names_are_refused), STORE_TEST(test_paths_of_models_are_told_from_names),
        STORE_TEST(test_hostile_parts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
