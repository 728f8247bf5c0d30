// SPDX-License-Identifier: Apache-2.0
/* The home folder: schema versions, instruments. */
#include "store_fixture.h"

#include "store/home/home.h"
#include "store/home/sql.h"

#include <sys/wait.h>

/* Older versions had no accounts yet. */
static void set_version(int version) {
    sqlite3 *db = NULL;
    char sql[128];
    assert_int_equal(sqlite3_open(in_folder("home/pixity.db"), &db), SQLITE_OK);
    snprintf(sql, sizeof sql, "DROP TABLE accounts; DROP TABLE account_signals; PRAGMA user_version = %d",
             version);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void test_home_is_made_and_opened_again(void **state) {
    (void)state;
    px_home *home = NULL;
    assert_ok(px_home_open(in_folder("a/b/c"), &home, err));
    assert_string_equal(px_home_path(home), in_folder("a/b/c"));
    px_home_close(&home);
    assert_null(home);
    px_home_close(&home);
    assert_ok(px_home_open(in_folder("a/b/c"), &home, err));
    px_home_close(&home);
}

static void test_newer_schema_is_refused(void **state) {
    (void)state;
    px_home *home = open_home();
    char known[64];
    px_home_close(&home);
    set_version(77);
    snprintf(known, sizeof known, "version 77, this program knows versions up to %d",
             px_home_schema_version());
    assert_fails(px_home_open(in_folder("home"), &home, err), PX_EMISMATCH, known);
    assert_null(home);
}

static void test_older_schema_is_migrated(void **state) {
    (void)state;
    px_home *home = open_home();
    instrument_of(home, "MINE");
    assert_ok(pxi_sql_run(home->db, err, "DROP TABLE runs", "")); /* as version 1 had it */
    px_home_close(&home);
    set_version(1);
    home = open_home();
    px_instrument instrument;
    px_table list = {0};
    assert_ok(px_instrument_find(home, "MINE", NULL, PX_NO_DATE, &instrument, err));
    assert_ok(px_runs_list(home, &list, err));
    px_table_free(&list);
    px_home_close(&home);
}

/* Version 2 called the index's columns otherwise, and its runs their metrics. */
static void test_index_of_version_2_is_made_anew(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    assert_ok(px_run_save(home, "old", "{\"status\": \"done\", \"metrics\": {\"trades\": 7}}", NULL, 0, err));
    assert_ok(pxi_sql_run(home->db, err, "DROP TABLE runs", ""));
    assert_ok(pxi_sql_run(home->db, err, "CREATE TABLE runs (run_id TEXT PRIMARY KEY, return_pct REAL)", ""));
    assert_ok(pxi_sql_run(home->db, err, "INSERT INTO runs VALUES ('old', 1.5), ('gone', 2.5)", ""));
    px_home_close(&home);
    set_version(2);
    home = open_home();
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(px_table_text(&list, px_table_find(&list, "run_id"), 0), "old");
    assert_string_equal(px_table_text(&list, px_table_find(&list, "status"), 0), "done");
    assert_true(indexed_metric(home, "old", "trades") == 7 &&
                isnan(indexed_metric(home, "old", "Return [%]")));
    px_table_free(&list);
    px_home_close(&home);
}

/* Version 3 had a few metrics as columns: all of those of the runs that are there come from their folders. */
static void test_index_of_version_3_is_made_anew(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    const char *run = "{\"status\": \"done\", \"metrics\": {\"# Sessions\": 7, \"CAGR [%]\": 1.5,"
                      "\"Session Sharpe Ratio\": 0.25}}";
    assert_ok(px_run_save(home, "old", run, NULL, 0, err));
    assert_ok(pxi_sql_run(home->db, err, "DROP TABLE runs", ""));
    assert_ok(pxi_sql_run(home->db, err, "CREATE TABLE runs (run_id TEXT PRIMARY KEY, message TEXT)", ""));
    assert_ok(pxi_sql_run(home->db, err, "INSERT INTO runs VALUES ('old', NULL)", ""));
    px_home_close(&home);
    set_version(3);
    home = open_home();
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_true(indexed_metric(home, "old", "# Sessions") == 7);
    assert_true(indexed_metric(home, "old", "CAGR [%]") == 1.5);
    assert_true(indexed_metric(home, "old", "Session Sharpe Ratio") == 0.25);
    assert_true(isnan(indexed_metric(home, "old", "Probabilistic Sharpe Ratio")));
    px_table_free(&list);
    px_home_close(&home);
}

static void test_paths_that_are_no_home(void **state) {
    (void)state;
    px_home *home = NULL;
    write_text(in_folder("file"), "text");
    assert_fails(px_home_open(in_folder("file"), &home, err), PX_EINPUT, "file");
    assert_fails(px_home_open(in_folder("file/sub"), &home, err), PX_EINPUT, "file");
    assert_fails(px_home_open("", &home, err), PX_EINPUT, "empty");
    home = open_home();
    px_home_close(&home);
    write_text(in_folder("home/pixity.db"), "this is no database, but it is long enough to look at in full");
    assert_fails(px_home_open(in_folder("home"), &home, err), PX_ECORRUPT, "pixity.db is damaged");
}

/* Opens the home as somebody who may only read it. */
static int read_as_another(void) {
    px_home *home = NULL;
    px_instrument instrument;
    px_error err = {0};
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    if (px_home_open(in_folder("home"), &home, &err) != PX_OK)
        return 2;
    if (px_instrument_find(home, "MINE", NULL, PX_NO_DATE, &instrument, &err) != PX_OK)
        return 3;
    return px_instrument_set_tick(home, "MINE", PX_NO_DATE, 0.05, 1, &err) == PX_EIO ? 0 : 4;
}

static void assert_another_can_read(void) {
    int exit_status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(read_as_another());
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    assert_true(WIFEXITED(exit_status));
    assert_int_equal(WEXITSTATUS(exit_status), 0);
}

static void test_home_of_somebody_else(void **state) {
    (void)state;
    px_home *home = open_home();
    instrument_of(home, "MINE");
    px_home_close(&home);
    assert_int_equal(chmod(fixture_folder, 0755), 0);
    assert_int_equal(chmod(in_folder("home"), 0555), 0);
    assert_another_can_read();
    assert_int_equal(chmod(in_folder("home"), 0755), 0);
    if (geteuid() != 0)
        return;
    home = open_home(); /* and while its owner is at work */
    instrument_of(home, "MORE");
    assert_another_can_read();
    px_home_close(&home);
}

static void test_many_processes_make_one_home(void **state) {
    (void)state;
    enum { N = 8 };
    for (int round = 0; round < 5; round++) {
        pid_t children[N];
        char path[300];
        snprintf(path, sizeof path, "%s/home%d", fixture_folder, round);
        for (int i = 0; i < N; i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (children[i] == 0) {
                px_home *home = NULL;
                px_instrument instrument;
                _exit(px_home_open(path, &home, NULL) ||
                      px_instrument_ensure(home, "NEW", NULL, &instrument, NULL));
            }
        }
        for (int i = 0; i < N; i++) {
            int exit_status;
            assert_int_equal(waitpid(children[i], &exit_status, 0), children[i]);
            assert_int_equal(exit_status, 0);
        }
    }
}

/* ---- instruments --------------------------------------------------------------------------------------- */

static void test_names_of_one_instrument(void **state) {
    (void)state;
    px_home *home = open_home();
    const char *names[] = {"RELIANCE",           "reliance",
                           "RELIANCE [FO]",      "Reliance Industries",
                           " RELIANCE ",         "NSE_EQ|INE002A01018",
                           "nse_eq|ine002a01018"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        px_instrument instrument;
        assert_ok(px_instrument_find(home, names[i], i % 2 ? "nse" : NULL, PX_NO_DATE, &instrument, err));
        assert_string_equal(instrument.key, "NSE_EQ|INE002A01018");
        assert_string_equal(instrument.symbol, "RELIANCE");
        assert_string_equal(instrument.exchange, "NSE");
    }
    const char *nifty[] = {"NIFTY", "nifty50", "NIFTY 50", "NSE_INDEX|Nifty 50"};
    for (size_t i = 0; i < sizeof nifty / sizeof *nifty; i++) {
        px_instrument instrument;
        assert_ok(px_instrument_find(home, nifty[i], "NSE", PX_NO_DATE, &instrument, err));
        assert_string_equal(instrument.key, "NSE_INDEX|Nifty 50");
        assert_true(instrument.tick == 0 && instrument.lot_size == 1);
    }
    px_home_close(&home);
}

static void test_unknown_names(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument;
    assert_fails(px_instrument_find(home, "RELAINCE", NULL, 0, &instrument, err), PX_ENOTFOUND,
                 "no instrument is named \"RELAINCE\"; did you mean \"RELIANCE\"?");
    assert_fails(px_instrument_find(home, "Qwertyuiop", NULL, 0, &instrument, err), PX_ENOTFOUND,
                 "Qwertyuiop");
    assert_fails(px_instrument_find(home, "", NULL, 0, &instrument, err), PX_ENOTFOUND, "no instrument");
    assert_fails(px_instrument_find(home, "RELIANCE", "BSE", 0, &instrument, err), PX_ENOTFOUND,
                 "\"RELIANCE\" is traded on NSE, not on BSE");
    assert_fails(px_instrument_find(home, "x'; DROP TABLE instruments; --", NULL, 0, &instrument, err),
                 PX_ENOTFOUND, "DROP");
    assert_ok(px_instrument_find(home, "TCS", NULL, 0, &instrument, err));
    px_home_close(&home);
}

static void test_ticks_have_dates(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument;
    const struct {
        const char *symbol, *date;
        double tick;
    } cases[] = {
        {"RELIANCE", "2005-01-03", 0.05},  {"RELIANCE", "2025-04-14", 0.05},
        {"RELIANCE", "2025-04-15", 0.10},  {"TATASTEEL", "2024-06-09", 0.05},
        {"TATASTEEL", "2024-06-10", 0.01}, {"MARUTI", "2025-06-01", 1.0},
        {"SBIN", "2025-06-01", 0.05},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t date;
        assert_ok(px_date_parse(cases[i].date, &date, err));
        assert_ok(px_instrument_find(home, cases[i].symbol, "NSE", date, &instrument, err));
        assert_true(instrument.tick == cases[i].tick);
    }
    int32_t date;
    assert_ok(px_date_parse("2026-02-01", &date, err));
    assert_ok(px_instrument_set_tick(home, "reliance", date, 0.5, 25, err));
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, date - 1, &instrument, err));
    assert_true(instrument.tick == 0.10 && instrument.lot_size == 1);
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, date, &instrument, err));
    assert_true(instrument.tick == 0.5 && instrument.lot_size == 25);
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, PX_NO_DATE, &instrument, err));
    assert_true(instrument.tick == 0.5);
    assert_fails(px_instrument_set_tick(home, "RELIANCE", date, -1, 1, err), PX_EINPUT, "a tick is");
    assert_fails(px_instrument_set_tick(home, "RELIANCE", date, NAN, 1, err), PX_EINPUT, "a tick is");
    const double no_lots[] = {-1, 1e-10, 2e9, NAN, INFINITY};
    for (size_t i = 0; i < sizeof no_lots / sizeof no_lots[0]; i++)
        assert_fails(px_instrument_set_tick(home, "RELIANCE", date, 1, no_lots[i], err), PX_EINPUT,
                     "a lot 0 (any fraction) or from 1e-9");
    const double fractions[] = {0.001, 0, 2.5};
    for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++) {
        assert_ok(px_instrument_set_tick(home, "RELIANCE", date, 0.5, fractions[i], err));
        assert_ok(px_instrument_find(home, "RELIANCE", NULL, date, &instrument, err));
        assert_true(instrument.lot_size == fractions[i]);
    }
    assert_fails(px_instrument_set_tick(home, "NOBODY", date, 1, 1, err), PX_ENOTFOUND, "NOBODY");
    px_home_close(&home);
}

/* The tick of RELIANCE changes on 2025-04-15; a lot that is set before holds on. */
static void test_a_lot_outlives_a_change_of_the_tick(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument;
    const int32_t september = px_date_from_civil((px_civil){2022, 9, 1});
    const int32_t later = px_date_from_civil((px_civil){2025, 4, 15}),
                  last = px_date_from_civil((px_civil){2026, 1, 1});
    assert_ok(px_instrument_set_tick(home, "RELIANCE", PX_NO_DATE, 0.05, 505, err));
    assert_ok(px_instrument_set_tick(home, "RELIANCE", september, 0.05, 250, err));
    assert_ok(px_instrument_set_tick(home, "RELIANCE", last, 0.10, 500, err));
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, september - 1, &instrument, err));
    assert_true(px_instrument_unit(&instrument, september - 1).lot_size == 505);
    assert_true(px_instrument_unit(&instrument, september).lot_size == 250);
    assert_true(px_instrument_unit(&instrument, later).lot_size == 250);
    assert_true(px_instrument_unit(&instrument, later).tick == 0.10);
    assert_true(px_instrument_unit(&instrument, last).lot_size == 500);
    assert_ok(px_instrument_set_tick(home, "RELIANCE", later, 0.2, 250, err));
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, last, &instrument, err));
    assert_true(instrument.tick == 0.2 && instrument.lot_size == 500);
    px_home_close(&home);
}

static void test_new_instruments(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = {0}, again = {0};
    assert_ok(px_instrument_ensure(home, "Acme [FO]", "NSE", &instrument, err));
    assert_string_equal(instrument.key, "NSE_EQ|Acme");
    assert_string_equal(instrument.symbol, "Acme");
    assert_true(instrument.tick == 0 && instrument.lot_size == 1);
    assert_ok(px_instrument_ensure(home, "ACME", "NSE", &again, err));
    assert_string_equal(again.key, "NSE_EQ|Acme");
    assert_ok(px_instrument_ensure(home, "ACME", "XNYS", &again, err));
    assert_string_equal(again.key, "XNYS_EQ|ACME");
    assert_fails(px_instrument_find(home, "ACME", NULL, 0, &again, err), PX_EINPUT,
                 "\"ACME\" is traded on NSE and XNYS");
    assert_ok(px_instrument_find(home, "ACME", "XNYS", 0, &again, err));
    assert_ok(px_instrument_ensure(home, "NSE_FO|54321", NULL, &again, err));
    assert_string_equal(again.key, "NSE_FO|54321");
    assert_string_equal(again.exchange, "NSE");
    assert_string_equal(again.symbol, "54321");
    char name[300];
    memset(name, 'A', sizeof name);
    name[sizeof name - 1] = '\0';
    const char *bad[] = {"",      "  ",      "a\"b",  "a\nb", "x*y",
                         "NSE|A", "NSE_EQ|", "A|B|C", name,   name + 299 - 127};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_fails(px_instrument_ensure(home, bad[i], "NSE", &again, err), PX_EINPUT, "");
    px_home_close(&home);
}

/* ISO 6166: letters count 10 to 35, then the Luhn sum over the digits. */
static bool is_isin(const char *isin) {
    int digits[24], n = 0, sum = 0;
    if (strlen(isin) != 12)
        return false;
    for (const char *p = isin; *p; p++) {
        int value = *p <= '9' ? *p - '0' : *p - 'A' + 10;
        if (value >= 10)
            digits[n++] = value / 10;
        digits[n++] = value % 10;
    }
    for (int i = 0; i < n; i++) {
        int twice = digits[n - 1 - i] * (1 + i % 2);
        sum += twice > 9 ? twice - 9 : twice;
    }
    return sum % 10 == 0;
}

/* A table of the database that cannot be read is an error, not an empty list. */
static void test_a_damaged_table_is_told(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(in_folder("home/pixity.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DROP TABLE instrument_ticks", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_fails(px_instruments_list(home, &list, err), PX_ELIBRARY, "instrument_ticks");
    assert_true(list.n_rows == 0 && list.columns == NULL);
    px_home_close(&home);
}

static void test_built_in_table(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    size_t n_isins = 0;
    assert_ok(px_instruments_list(home, &list, err));
    for (size_t row = 0; row < list.n_rows; row++) {
        const char *key = px_table_text(&list, 0, row);
        if (strncmp(key, "NSE_EQ|", 7) == 0) {
            if (!is_isin(key + 7))
                fail_msg("%s", key);
            n_isins++;
        }
        if (strcmp(key, "NSE_EQ|INE002A01018") == 0)
            assert_string_equal(px_table_text(&list, 3, row), "RELIANCE INDUSTRIES");
    }
    assert_true(n_isins > 20);
    assert_false(is_isin("INE002A01019"));
    px_table_free(&list);
    px_home_close(&home);
}

/* ---- encoding ------------------------------------------------------------------------------------------ */

static void test_keys_as_folder_names(void **state) {
    (void)state;
    const char *pairs[][2] = {{"NSE_EQ|INE002A01018", "NSE_EQ%7CINE002A01018"},
                              {"NSE_INDEX|Nifty 50", "NSE_INDEX%7CNifty%2050"},
                              {"../..", "%2E.%2F.."},
                              {"M&M", "M%26M"},
                              {"100%", "100%25"}};
    char back[64];
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char *encoded = pxi_percent_encode(pairs[i][0], "");
        assert_string_equal(encoded, pairs[i][1]);
        assert_true(pxi_percent_decode(encoded, back, sizeof back));
        assert_string_equal(back, pairs[i][0]);
        assert_false(pxi_percent_decode(encoded, back, strlen(pairs[i][0])));
        free(encoded);
    }
    const char *bad[] = {"", "%", "%1", "%zz", "%00", "a%2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(pxi_percent_decode(bad[i], back, sizeof back));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_home_is_made_and_opened_again),
        STORE_TEST(test_newer_schema_is_refused),
        STORE_TEST(test_older_schema_is_migrated),
        STORE_TEST(test_index_of_version_2_is_made_anew),
        STORE_TEST(test_index_of_version_3_is_made_anew),
        STORE_TEST(test_paths_that_are_no_home),
        STORE_TEST(test_home_of_somebody_else),
        STORE_TEST(test_many_processes_make_one_home),
        STORE_TEST(test_names_of_one_instrument),
        STORE_TEST(test_unknown_names),
        STORE_TEST(test_ticks_have_dates),
        STORE_TEST(test_a_lot_outlives_a_change_of_the_tick),
        STORE_TEST(test_new_instruments),
        STORE_TEST(test_a_damaged_table_is_told),
        STORE_TEST(test_built_in_table),
        cmocka_unit_test(test_keys_as_folder_names),
    };
    return cmocka_run_group_tests_name("home", tests, NULL, NULL);
}
