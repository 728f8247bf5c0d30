// SPDX-License-Identifier: Apache-2.0
/* SQL over all runs, and that it can do nothing but that. */
#include "store_fixture.h"

#include "files/duck/duck.h"
#include "store/runs/run_index.h"

#include <dirent.h>

static const px_column_def trade_columns[] = {{"entry_ts", PX_COLUMN_TIME},
                                              {"pnl", PX_COLUMN_F64},
                                              {"qty", PX_COLUMN_I64},
                                              {"exit_reason", PX_COLUMN_TEXT},
                                              {"later", PX_COLUMN_F64}};

/* Trades an hour apart; with n_columns 4 those of an earlier version. */
static void save(px_home *home, const char *id, size_t n_rows, size_t n_columns) {
    px_table trades = {0};
    char json[600];
    assert_ok(px_table_init(&trades, trade_columns, n_columns, err));
    for (size_t i = 0; i < n_rows; i++) {
        assert_ok(px_table_add_row(&trades, err));
        px_table_set_i64(&trades, 0, FIRST_US + (int64_t)i * 60 * PX_US_PER_MINUTE);
        px_table_set_f64(&trades, 1, i % 2 ? -0.5 : 1.25);
        px_table_set_i64(&trades, 2, (int64_t)i);
        assert_ok(px_table_set_text(&trades, 3, i % 2 ? "stop_loss" : "caf\xc3\xa9", err));
    }
    const px_run_part part = {"trades", &trades};
    snprintf(json, sizeof json,
             "{\"run_id\": \"%s\", \"status\": \"done\", \"created\": \"2024-01-02T03:04:05.678+00:00\","
             " \"start\": \"2022-01-03\", \"end\": \"2022-12-30\","
             " \"metrics\": {\"# Trades\": %zu, \"PnL [Rs] (gross)\": 2.5, \"PnL [Rs]\": 1.5, \"Sharpe "
             "Ratio\": null},"
             " \"config\": {\"sl_mult\": 1.5}}",
             id, n_rows);
    assert_ok(px_run_save(home, id, json, &part, 1, err));
    px_table_free(&trades);
}

static px_home *home_with_runs(void) {
    px_home *home = open_home();
    save(home, "a", 7, 4);
    save(home, "b", 5, 5);
    assert_ok(px_run_save(home, "failed", "{\"status\": \"failed\", \"metrics\": null}", NULL, 0, err));
    return home;
}

/* The answer as CSV. */
static char *ask(px_home *home, const char *query) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    char *text = NULL;
    size_t length;
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(px_runs_query(home, query, px_calendar_zone(calendar), &table, err));
    assert_ok(px_table_render(&table, PX_TABLE_CSV, px_calendar_zone(calendar), &text, &length, err));
    px_table_free(&table);
    px_calendar_close(&calendar);
    return text;
}

static void assert_answer(px_home *home, const char *query, const char *wanted) {
    char *text = ask(home, query);
    if (strcmp(text, wanted) != 0)
        fail_msg("%s\n  gives %s", query, text);
    free(text);
}

static void test_runs_and_their_tables(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    assert_answer(home, "SELECT run_id, count(*) n, sum(pnl) s, sum(qty) q FROM trades GROUP BY 1 ORDER BY 1",
                  "run_id,n,s,q\na,7,3.5,21\nb,5,2.75,10\n");
    assert_answer(home, "SELECT DISTINCT typeof(qty) AS t FROM trades", "t\nDOUBLE\n");
    assert_answer(home,
                  "SELECT run_id, status, n_trades, pnl_gross, pnl_net, sharpe_net, start_date, created, "
                  "json->>'$.config.sl_mult' AS sl FROM runs ORDER BY run_id",
                  "run_id,status,n_trades,pnl_gross,pnl_net,sharpe_net,start_date,created,sl\n"
                  "a,done,7,2.5,1.5,,2022-01-03,2024-01-02 08:34:05,1.5\n"
                  "b,done,5,2.5,1.5,,2022-01-03,2024-01-02 08:34:05,1.5\n"
                  "failed,failed,,,,,,,\n");
    assert_answer(home, "SELECT count(later), count(*) FROM trades", "count(later),count_star()\n0,12\n");
    px_home_close(&home);
}

static void test_times_are_those_of_the_zone(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    assert_answer(home,
                  "SELECT min(entry_ts) AS first, hour(min(entry_ts)) AS h, min(entry_ts)::DATE AS d, "
                  "strftime(min(entry_ts), '%Y-%m') AS m FROM trades",
                  "first,h,d,m\n2022-08-16 09:15:00,9,2022-08-16,2022-08\n");
    px_table table = {0};
    assert_ok(px_runs_query(home, "SELECT hour(min(entry_ts)) FROM trades", NULL, &table, err));
    assert_int_equal(table.columns[0].u.i64[0], 3); /* UTC */
    px_table_free(&table);
    px_home_close(&home);
}

static void test_every_form_of_query_and_type(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    assert_answer(
        home,
        "SELECT 1::TINYINT AS i, 1.5 AS d, true AS b, NULL AS n, [1, 2] AS l, {'x': 1} AS s, "
        "2.5::FLOAT AS f, 'a,b' AS t, DATE '2024-02-29' AS day, sum(qty)::HUGEINT AS h FROM trades; -- end",
        "i,d,b,n,l,s,f,t,day,h\n1,1.5,true,,\"[1, 2]\",{'x': 1},2.5,\"a,b\",2024-02-29,31\n");
    assert_answer(home, "WITH x AS (FROM range(3)) SELECT range AS r FROM x ORDER BY r DESC", "r\n2\n1\n0\n");
    assert_answer(home, "VALUES (2), (1);\n\n", "col0\n2\n1\n");
    assert_answer(home, "SELECT 1 AS a, 2 AS a", "a,a_1\n1,2\n");
    assert_answer(home, "FROM (DESCRIBE trades) SELECT column_name LIMIT 2",
                  "column_name\nrun_id\nentry_ts\n");
    char *text = ask(home, "DESCRIBE trades ;");
    assert_non_null(strstr(text, "exit_reason,VARCHAR"));
    free(text);
    text = ask(home, "SHOW TABLES");
    assert_string_equal(text, "name\nruns\ntrades\n");
    free(text);
    px_home_close(&home);
}

/* ---- what it must not do ------------------------------------------------------------------------------- */

static size_t count_entries(const char *path) {
    size_t n = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static void test_nothing_can_be_written_or_read_elsewhere(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    write_text(in_folder("secret.csv"), "a\n1\n");
    char folder[300], queries[24][700];
    snprintf(folder, sizeof folder, "%s", fixture_folder);
    size_t n = 0;
#define QUERY(...) snprintf(queries[n++], sizeof queries[0], __VA_ARGS__)
    QUERY("COPY (SELECT 1) TO '%s/out.csv'", folder);
    QUERY("COPY (SELECT 1) TO '%s/home/runs/out.csv'", folder);
    QUERY("EXPLAIN ANALYZE COPY (SELECT 1) TO '%s/home/runs/out.csv'", folder);
    QUERY("SELECT 1; COPY (SELECT 1) TO '%s/home/runs/out.csv'", folder);
    QUERY("SELECT 1) TO '%s/home/runs/out.csv'; COPY (SELECT 1", folder);
    QUERY("ATTACH '%s/home/runs/new.db'", folder);
    QUERY("EXPORT DATABASE '%s/home/runs/all'", folder);
    QUERY("SELECT * FROM enable_logging(storage = 'file', storage_path = '%s/log')", folder);
    QUERY("WITH x AS (FROM Enable_Logging(storage = 'file', storage_config = {'path': '%s/home/runs/log'})) "
          "FROM x",
          folder);
    QUERY("SELECT (SELECT count(*) FROM enable_logging(storage = 'file', storage_path = '%s/log'))", folder);
    QUERY("DESCRIBE SELECT * FROM enable_logging(storage = 'file', storage_path = '%s/log')", folder);
    QUERY("CALL enable_logging(storage = 'file', storage_path = '%s/home/runs/log')", folder);
    QUERY("FROM query('FROM enable_logging()')");
    QUERY("FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))");
    QUERY("SELECT * FROM read_csv('%s/secret.csv')", folder);
    QUERY("SELECT * FROM '%s/secret.csv'", folder);
    QUERY("SELECT * FROM '%s/home/runs/../../secret.csv'", folder);
    QUERY("SELECT * FROM read_text('%s/home/runs/a/run.json')", folder);
    QUERY("SELECT * FROM glob('%s/*')", folder);
    QUERY("SELECT * FROM pixity_rows()");
    QUERY("SET enable_external_access = true");
    QUERY("INSTALL httpfs");
    QUERY("CREATE VIEW v AS SELECT 1");
    QUERY("DROP VIEW trades");
    assert_int_equal(n, 24);
    size_t outside = count_entries(fixture_folder), inside = count_entries(in_folder("home/runs"));
    for (size_t i = 0; i < n; i++) {
        px_table table = {0};
        px_error err = {0};
        if (px_runs_query(home, queries[i], NULL, &table, &err) != PX_EINPUT)
            fail_msg("%s: %s", queries[i], err.message);
        assert_null(table.columns);
    }
    assert_int_equal(count_entries(fixture_folder), outside);
    assert_int_equal(count_entries(in_folder("home/runs")), inside);
    px_home_close(&home);
}

static void test_wrong_queries(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table table = {0};
    assert_fails(px_runs_query(home, "SELECT 1", NULL, &table, err), PX_ENOTFOUND, "no runs are stored");
    px_home_close(&home);
    home = home_with_runs();
    assert_fails(px_runs_query(home, "SELEC 1", NULL, &table, err), PX_EINPUT, "at or near \"SELEC\"");
    assert_fails(px_runs_query(home, "FROM tradess", NULL, &table, err), PX_EINPUT,
                 "Did you mean \"trades\"");
    assert_fails(px_runs_query(home, "SELECT pnll FROM trades", NULL, &table, err), PX_EINPUT, "pnll");
    assert_fails(px_runs_query(home, "", NULL, &table, err), PX_EINPUT, "one query");
    assert_fails(px_runs_query(home, "-- nothing", NULL, &table, err), PX_EINPUT, "one query");
    assert_fails(px_runs_query(home, "SELECT 1; SELECT 2", NULL, &table, err), PX_EINPUT, "one query, not 2");
    assert_fails(px_runs_query(home, "SELECT 1e400::BIGINT", NULL, &table, err), PX_EINPUT, "the query");
    px_home_close(&home);
}

/* Damaged, unfinished and foreign things in runs/, and a path that means something to DuckDB. */
static void test_what_else_lies_there(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    assert_int_equal(mkdir(in_folder("home/runs/.unfinished-1-0"), 0777), 0);
    write_text(in_folder("home/runs/.unfinished-1-0/trades.parquet"), "half");
    write_text(in_folder("home/runs/.unfinished-1-0/run.json"), "{}");
    assert_int_equal(mkdir(in_folder("home/runs/broken"), 0777), 0);
    write_text(in_folder("home/runs/broken/run.json"), "{\"run_id\": ");
    write_text(in_folder("home/runs/README"), "mine");
    assert_answer(home, "SELECT run_id FROM runs ORDER BY 1", "run_id\na\nb\nfailed\n");
    assert_answer(home, "SELECT count(DISTINCT run_id) AS n FROM trades", "n\n2\n");
    px_home_close(&home);
    const char *odd = "it's a [home]*? %s";
    char path[400];
    snprintf(path, sizeof path, "%s/%s", fixture_folder, odd);
    assert_int_equal(rename(in_folder("home"), path), 0);
    assert_ok(px_home_open(path, &home, err));
    assert_answer(home, "SELECT count(DISTINCT run_id) AS n FROM trades", "n\n2\n");
    px_home_close(&home);
}

/* ---- another DuckDB ------------------------------------------------------------------------------------ */

static void test_views_for_another_duckdb(void **state) {
    (void)state;
    px_home *home = home_with_runs();
    pxi_duck *duck = NULL;
    pxi_duck_rows *rows = NULL;
    char *views = NULL;
    assert_ok(px_runs_views(home, &views, err));
    assert_ok(pxi_duck_open(&duck, err));
    assert_ok(pxi_duck_run(duck, err, "%s", views));
    assert_ok(pxi_duck_query(
        duck, &rows, err, "SELECT count(*), sum(pnl), (SELECT sum(n_trades)::BIGINT FROM runs) FROM trades"));
    assert_int_equal(pxi_duck_fetch(rows), 1);
    assert_int_equal(pxi_duck_i64(rows, 0)[0], 12);
    assert_true(pxi_duck_f64(rows, 1)[0] == 6.25);
    assert_int_equal(pxi_duck_i64(rows, 2)[0], 12);
    pxi_duck_rows_free(&rows);
    pxi_duck_close(&duck);
    free(views);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_runs_and_their_tables),
        STORE_TEST(test_times_are_those_of_the_zone),
        STORE_TEST(test_every_form_of_query_and_type),
        STORE_TEST(test_nothing_can_be_written_or_read_elsewhere),
        STORE_TEST(test_wrong_queries),
        STORE_TEST(test_what_else_lies_there),
        STORE_TEST(test_views_for_another_duckdb),
    };
    return cmocka_run_group_tests_name("run query", tests, NULL, NULL);
}
