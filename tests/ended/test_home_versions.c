// SPDX-License-Identifier: Apache-2.0
/* Homes as every earlier schema version left them: nothing is lost, whoever dies on the way. The databases
 * are made by homes/<version>.sql, which are never changed; candles and runs lie on disk as they always did.
 */
#include "store_fixture.h"

#include "depth.h"
#include "kill_at.h"
#include "store/home/home.h"
#include "store/home/sql.h"

#include <sys/stat.h>
#include <sys/wait.h>

static const char *const versions[] = {"version_1", "version_2", "version_2_renamed", "version_3",
                                       "version_4", "version_5", "version_6",         "version_7",
                                       "version_8", "version_9", "version_10"};
#define N_VERSIONS (sizeof versions / sizeof *versions)

/* ---- homes --------------------------------------------------------------------------------------------- */

static char *read_sql(const char *name) {
    char path[1024], *sql = NULL;
    const char *source = getenv("PIXITY_SOURCE");
    size_t length;
    snprintf(path, sizeof path, "%s/tests/unit/homes/%s.sql", source ? source : ".", name);
    assert_ok(pxi_file_read(path, &sql, &length, err));
    return sql;
}

static void remove_database(void) {
    const char *const files[] = {"pixity.db", "pixity.db-wal", "pixity.db-shm"};
    for (size_t i = 0; i < 3; i++)
        assert_ok(pxi_remove_tree(in_folder("home/%s", files[i]), err));
}

static void make_database(const char *name) {
    char *sql = read_sql(name), *message = NULL;
    sqlite3 *db = NULL;
    remove_database();
    assert_int_equal(sqlite3_open(in_folder("home/pixity.db"), &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", name, message);
    sqlite3_close(db);
    free(sql);
}

#define RUN_JSON                                                                                             \
    "{\"run_id\": \"stays\", \"status\": \"done\", \"created\": \"2024-01-02T03:04:05+00:00\","              \
    " \"strategy\": \"ema_cross\", \"symbol\": \"MINE\", \"fingerprint\": \"abc\","                          \
    " \"metrics\": {\"# Trades\": 7, \"PnL [Rs]\": 1.5, \"Return [%]\": 0.25}}"

/* Candles and a run, without a database. */
static void make_folders(void) {
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "NSE_EQ|MINE");
    px_bars bars = make_bars(FIRST_US, 500, 1);
    px_table trades = {0};
    const px_column_def columns[] = {{"entry_ts", PX_COLUMN_TIME}};
    const px_run_part part = {"trades", &trades};
    assert_ok(px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_ERROR, NULL, err));
    assert_ok(px_table_init(&trades, columns, 1, err));
    assert_ok(px_table_add_row(&trades, err));
    assert_ok(px_run_save(home, "stays", RUN_JSON, &part, 1, err));
    px_table_free(&trades);
    px_bars_free(&bars);
    px_home_close(&home);
    remove_database();
}

static int32_t date_of(const char *text) {
    int32_t date = 0;
    assert_ok(px_date_parse(text, &date, err));
    return date;
}

/* ---- what must be there -------------------------------------------------------------------------------- */

static void assert_instruments(px_home *home) {
    px_instrument instrument = {0};
    assert_ok(px_instrument_find(home, "MY OWN", "NSE", date_of("2022-01-01"), &instrument, err));
    assert_string_equal(instrument.key, "NSE_EQ|MINE");
    assert_true(instrument.tick == 0.25 && instrument.lot_size == 1 && instrument.n_changes == 1);
    assert_true(instrument.changes[0].tick == 0.5 && instrument.changes[0].lot_size == 40);
    assert_ok(px_instrument_find(home, "reliance industries", NULL, 0, &instrument, err));
    assert_true(instrument.tick == 0.05);
}

static void assert_candles(px_home *home) {
    px_instrument instrument = {0};
    assert_ok(px_instrument_find(home, "MINE", NULL, PX_NO_DATE, &instrument, err));
    px_bars read = read_all(home, &instrument, 1), wanted = make_bars(FIRST_US, 500, 1);
    assert_same_bars(&wanted, &read);
    px_bars_free(&wanted);
    px_bars_free(&read);
}

static void assert_runs(px_home *home) {
    px_table list = {0}, trades = {0};
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1); /* "gone" has no folder */
    assert_string_equal(px_table_text(&list, px_table_find(&list, "run_id"), 0), "stays");
    assert_string_equal(px_table_text(&list, px_table_find(&list, "status"), 0), "done");
    assert_true(indexed_metric(home, "stays", "# Trades") == 7);
    assert_true(indexed_metric(home, "stays", "Return [%]") == 0.25);
    assert_true(isnan(indexed_metric(home, "stays", "CAGR [%]")));
    assert_true(isnan(indexed_metric(home, "gone", "Return [%]")));
    assert_ok(px_run_read_table(home, "stays", "trades", &trades, err));
    assert_int_equal(trades.n_rows, 1);
    px_table_free(&trades);
    px_table_free(&list);
}

/* Which versions before the fifth did not have. */
static void assert_accounts(px_home *home, int version) {
    sqlite3_stmt *query = NULL;
    bool more;
    assert_ok(pxi_sql_query(home->db, &query, err,
                            "SELECT (SELECT count(*) FROM accounts WHERE name = 'paper'),"
                            " (SELECT count(*) FROM account_bars WHERE close = 100.5),"
                            " (SELECT count(*) FROM account_trades WHERE pnl = 10.0)",
                            ""));
    assert_ok(pxi_sql_row(query, &more, err));
    for (int c = 0; c < 3; c++)
        assert_int_equal(sqlite3_column_int(query, c), version >= 5);
    sqlite3_finalize(query);
}

static void assert_whole(px_home *home) {
    assert_instruments(home);
    assert_candles(home);
    assert_runs(home);
}

static int stored_version(void) {
    int version = -1;
    assert_ok(px_home_read_version(in_folder("home"), &version, err));
    return version;
}

/* ---- migration ----------------------------------------------------------------------------------------- */

static void test_every_version_is_migrated(void **state) {
    (void)state;
    make_folders();
    make_database(versions[N_VERSIONS - 1]);
    assert_int_equal(stored_version(), px_home_schema_version()); /* a new version needs its file here */
    for (size_t i = 0; i < N_VERSIONS; i++) {
        make_database(versions[i]);
        int before = stored_version();
        assert_int_equal(before, (int)strtol(versions[i] + strlen("version_"), NULL, 10));
        px_home *home = open_home();
        assert_whole(home);
        assert_accounts(home, before);
        px_home_close(&home);
        assert_int_equal(stored_version(), px_home_schema_version());
        home = open_home(); /* and stays so */
        assert_whole(home);
        assert_ok(px_run_save(home, "new", "{\"status\": \"done\"}", NULL, 0, err));
        assert_ok(px_run_delete(home, "new", err));
        px_home_close(&home);
    }
}

static void test_a_version_is_read_without_migrating(void **state) {
    (void)state;
    int version = -1;
    assert_ok(px_home_read_version(in_folder("home"), &version, err));
    assert_int_equal(version, 0);
    assert_false(pxi_path_exists(in_folder("home")));
    make_folders();
    make_database("version_1");
    assert_int_equal(stored_version(), 1);
    assert_int_equal(stored_version(), 1);
    write_text(in_folder("home/pixity.db"), "this is no database, but it is long enough to look at in full");
    assert_fails(px_home_read_version(in_folder("home"), &version, err), PX_ECORRUPT, "pixity.db is damaged");
}

static bool open_one(long round) {
    px_home *home = NULL;
    (void)round;
    return px_home_open(in_folder("home"), &home, NULL) == PX_OK;
}

/* Killed at any step of its work, a migration has happened or not. */
static void test_killed_migrations(void **state) {
    (void)state;
    make_folders();
    for (size_t i = 0; i + 1 < N_VERSIONS; i++) {
        int before = 0, after = 0;
        bool died = true;
        for (long n = 0; died; n += every_step()) {
            make_database(versions[i]);
            int old = stored_version();
            died = killed_at(n, open_one, n);
            int now = stored_version();
            before += now == old;
            after += now == px_home_schema_version();
            assert_true(now == old || now == px_home_schema_version());
            assert_true(died || now != old);
            px_home *home = open_home();
            assert_whole(home);
            px_home_close(&home);
        }
        assert_true(before > 0 && after > 0);
    }
}

static void test_many_processes_migrate_one_home(void **state) {
    (void)state;
    enum { N = 8 };
    make_folders();
    for (size_t i = 0; i < N_VERSIONS; i++) {
        pid_t children[N];
        make_database(versions[i]);
        for (int k = 0; k < N; k++) {
            children[k] = fork();
            assert_true(children[k] >= 0);
            if (children[k] == 0) {
                px_home *home = NULL;
                px_table list = {0};
                _exit(px_home_open(in_folder("home"), &home, NULL) || px_runs_list(home, &list, NULL) ||
                      list.n_rows != 1);
            }
        }
        for (int k = 0; k < N; k++) {
            int exit_status;
            assert_int_equal(waitpid(children[k], &exit_status, 0), children[k]);
            assert_int_equal(exit_status, 0);
        }
        px_home *home = open_home();
        assert_whole(home);
        px_home_close(&home);
    }
}

/* ---- a lost database ----------------------------------------------------------------------------------- */

static void test_a_lost_database_is_made_anew(void **state) {
    (void)state;
    px_home *home = NULL;
    px_instrument instrument = {0};
    px_table list = {0};
    make_folders();
    home = open_home();
    assert_candles(home);
    assert_runs(home);
    assert_ok(px_instrument_find(home, "mine", "NSE", PX_NO_DATE, &instrument, err));
    assert_string_equal(instrument.key, "NSE_EQ|MINE");
    assert_string_equal(instrument.symbol, "MINE");
    assert_ok(px_instrument_find(home, "RELIANCE", NULL, 0, &instrument, err));
    assert_true(instrument.tick == 0.05);
    assert_ok(px_candles_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    assert_string_equal(px_table_text(&list, 0, 0), "MINE");
    assert_string_equal(px_table_text(&list, 2, 0), "NSE");
    px_table_free(&list);
    px_home_close(&home);
}

/* Folders that were copied from another home while this one was in use. */
static void test_copied_candles_are_found(void **state) {
    (void)state;
    px_home *home = NULL;
    px_instrument instrument = {0};
    make_folders();
    home = open_home();
    assert_int_equal(
        rename(in_folder("home/candles/NSE_EQ%%7CMINE"), in_folder("home/candles/XNYS_EQ%%7CM%%26M%%20CO")),
        0);
    assert_int_equal(mkdir(in_folder("home/candles/NSE_EQ%%7CA%%7CB"), 0777), 0);
    assert_int_equal(mkdir(in_folder("home/candles/nothing"), 0777), 0);
    assert_int_equal(mkdir(in_folder("home/candles/.NSE_EQ%%7CHIDDEN"), 0777), 0);
    assert_ok(px_instrument_find(home, "m&m co", NULL, PX_NO_DATE, &instrument, err));
    assert_string_equal(instrument.key, "XNYS_EQ|M&M CO");
    assert_string_equal(instrument.exchange, "XNYS");
    px_bars bars = read_all(home, &instrument, 1);
    assert_int_equal(bars.n, 500);
    px_bars_free(&bars);
    assert_ok(px_instrument_ensure(home, "M&M CO", "XNYS", &instrument, err));
    assert_string_equal(instrument.key, "XNYS_EQ|M&M CO");
    const char *const none[] = {"A|B", "nothing", "HIDDEN"};
    for (size_t i = 0; i < 3; i++)
        assert_fails(px_instrument_find(home, none[i], NULL, 0, &instrument, err), PX_ENOTFOUND, none[i]);
    px_home_close(&home);
}

static void test_a_damaged_database_says_what_to_do(void **state) {
    (void)state;
    px_home *home = NULL;
    make_folders();
    write_text(in_folder("home/pixity.db"), "this is no database, but it is long enough to look at in full");
    assert_fails(px_home_open(in_folder("home"), &home, err), PX_ECORRUPT,
                 "restore it from a copy, or move it away: it is made anew");
    assert_int_equal(rename(in_folder("home/pixity.db"), in_folder("home/damaged.db")), 0);
    home = open_home();
    assert_candles(home);
    assert_runs(home);
    px_home_close(&home);
}

/* ---- homes that cannot be written ---------------------------------------------------------------------- */

/* What somebody does who may only read; 0 if all of it went as it should. */
static int use_as_another(void) {
    px_home *home = NULL;
    px_instrument instrument = {0};
    px_table list = {0};
    char *json = NULL;
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
        return 1;
    if (px_home_open(in_folder("home"), &home, NULL))
        return 2;
    if (px_instrument_find(home, "MINE", NULL, PX_NO_DATE, &instrument, NULL))
        return 3;
    if (px_runs_list(home, &list, NULL) || list.n_rows != 1)
        return 4;
    if (px_run_read(home, "stays", &json, NULL))
        return 5;
    free(json);
    if (px_instrument_set_tick(home, "MINE", PX_NO_DATE, 0.05, 1, NULL) != PX_EIO ||
        px_run_delete(home, "stays", NULL) != PX_EIO)
        return 6;
    px_table_free(&list);
    px_home_close(&home);
    return 0;
}

static void assert_another_can_read(const char *what) {
    int exit_status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(use_as_another());
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    if (exit_status != 0)
        fail_msg("%s: %d", what, exit_status);
}

static void test_older_homes_that_cannot_be_written(void **state) {
    (void)state;
    assert_int_equal(mkdir(in_folder("home"), 0755), 0); /* shared, and so is what is made in it */
    make_folders();
    assert_int_equal(chmod(fixture_folder, 0755), 0);
    for (size_t i = 0; i < N_VERSIONS; i++) {
        make_database(versions[i]);
        int before = stored_version();
        assert_int_equal(chmod(in_folder("home"), 0555), 0);
        assert_another_can_read(versions[i]);
        assert_int_equal(chmod(in_folder("home"), 0755), 0);
        assert_int_equal(stored_version(), before);
    }
}

/* Their index may be behind their folders. */
static void test_the_index_of_a_home_that_cannot_be_written(void **state) {
    (void)state;
    assert_int_equal(mkdir(in_folder("home"), 0755), 0); /* shared, and so is what is made in it */
    make_folders();
    make_database("version_3");
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(in_folder("home/pixity.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "DELETE FROM runs; DELETE FROM instruments", NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(chmod(fixture_folder, 0755), 0);
    assert_int_equal(chmod(in_folder("home"), 0555), 0);
    assert_another_can_read("an empty index");
    assert_int_equal(chmod(in_folder("home"), 0755), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_every_version_is_migrated),
        STORE_TEST(test_a_version_is_read_without_migrating),
        STORE_TEST(test_killed_migrations),
        STORE_TEST(test_many_processes_migrate_one_home),
        STORE_TEST(test_a_lost_database_is_made_anew),
        STORE_TEST(test_copied_candles_are_found),
        STORE_TEST(test_a_damaged_database_says_what_to_do),
        STORE_TEST(test_older_homes_that_cannot_be_written),
        STORE_TEST(test_the_index_of_a_home_that_cannot_be_written),
    };
    return cmocka_run_group_tests_name("home versions", tests, NULL, NULL);
}
