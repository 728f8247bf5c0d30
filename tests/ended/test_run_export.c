// SPDX-License-Identifier: Apache-2.0
/* Runs as files. */
#include "store_fixture.h"

#include "depth.h"
#include "kill_at.h"
#include "pixity/pixity.h"
#include "files/duck/duck.h"
#include "files/duck/table_parquet.h"

#include <jansson.h>
#include <math.h>

/* 1000 rows in the first table, an undefined cell in each column. */
static px_table make_table(size_t n) {
    static const px_column_def columns[] = {
        {"ts", PX_COLUMN_TIME}, {"qty", PX_COLUMN_I64}, {"pnl", PX_COLUMN_F64}, {"why", PX_COLUMN_TEXT}};
    px_table table = {0};
    assert_ok(px_table_init(&table, columns, 4, err));
    for (size_t i = 0; i < n; i++) {
        assert_ok(px_table_add_row(&table, err));
        if (i == 1)
            continue;
        px_table_set_i64(&table, 0, FIRST_US + (int64_t)i * PX_US_PER_MINUTE);
        px_table_set_i64(&table, 1, (int64_t)i);
        px_table_set_f64(&table, 2, 0.1 * (double)i);
        assert_ok(px_table_set_text(&table, 3, "stop, \"loss\"", err));
    }
    return table;
}

#define RUN_JSON                                                                                             \
    "{\n  \"run_id\": \"r\",\n  \"request\": {\n    \"exchange\": null\n  },\n  \"metrics\": {\n    \"x\": " \
    "0.1\n  }\n}\n"

static px_home *home_with_a_run(size_t n) {
    px_home *home = open_home();
    px_table trades = make_table(n), equity = make_table(2 * n);
    const px_run_part parts[] = {{"trades", &trades}, {"equity", &equity}};
    assert_ok(px_run_save(home, "r", RUN_JSON, parts, 2, err));
    px_table_free(&trades);
    px_table_free(&equity);
    return home;
}

static char *read_file(const char *path) {
    char *text = NULL;
    size_t length;
    assert_ok(pxi_file_read(path, &text, &length, err));
    return text;
}

/* A file holds the table as it is rendered. */
static void assert_holds(const char *path, size_t n_rows, px_table_style style) {
    px_table table = make_table(n_rows);
    px_calendar *calendar = NULL;
    char *wanted = NULL, *found = read_file(path);
    size_t length;
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(px_table_render(&table, style, px_calendar_zone(calendar), &wanted, &length, err));
    assert_string_equal(wanted, found);
    px_calendar_close(&calendar);
    px_table_free(&table);
    free(wanted);
    free(found);
}

static void test_a_folder_of_csv(void **state) {
    (void)state;
    px_home *home = home_with_a_run(1000);
    assert_ok(px_run_export(home, "r", NULL, PX_FILE_CSV, in_folder("out/"), err));
    assert_holds(in_folder("out/trades.csv"), 1000, PX_TABLE_CSV);
    assert_holds(in_folder("out/equity.csv"), 2000, PX_TABLE_CSV);
    char *json = read_file(in_folder("out/run.json"));
    assert_string_equal(json, RUN_JSON);
    free(json);
    assert_ok(px_run_export(home, "r", "trades", PX_FILE_CSV, in_folder("t.csv"), err));
    assert_holds(in_folder("t.csv"), 1000, PX_TABLE_CSV);
    assert_ok(px_run_export(home, "r", "trades", PX_FILE_JSON, in_folder("t.json"), err));
    assert_holds(in_folder("t.json"), 1000, PX_TABLE_JSON);
    px_home_close(&home);
}

static void test_a_folder_of_parquet(void **state) {
    (void)state;
    px_home *home = home_with_a_run(1000);
    pxi_duck *duck = NULL;
    pxi_duck_rows *rows = NULL;
    assert_ok(px_run_export(home, "r", NULL, PX_FILE_PARQUET, in_folder("out"), err));
    assert_ok(pxi_duck_open(&duck, err));
    assert_ok(pxi_duck_query(duck, &rows, err,
                             "SELECT count(*), count(ts), min(ts), sum(qty)::BIGINT, sum(pnl), count(why) "
                             "FROM read_parquet(%Q) WHERE why IS NULL OR why = 'stop, \"loss\"'",
                             in_folder("out/trades.parquet")));
    assert_int_equal(pxi_duck_fetch(rows), 1);
    assert_int_equal(pxi_duck_i64(rows, 0)[0], 1000);
    assert_int_equal(pxi_duck_i64(rows, 1)[0], 999);
    assert_int_equal(pxi_duck_column_type(rows, 2), PXI_DUCK_INSTANT);
    assert_int_equal(pxi_duck_i64(rows, 2)[0], FIRST_US);
    assert_int_equal(pxi_duck_i64(rows, 3)[0], 999 * 500 - 1);
    assert_int_equal(pxi_duck_i64(rows, 5)[0], 999);
    pxi_duck_rows_free(&rows);
    pxi_duck_close(&duck);
    px_home_close(&home);
}

/* Written over what was there, -0.0 as 0; who wrote it and the exchange's zone are in the metadata. */
static void test_a_table_for_others(void **state) {
    (void)state;
    px_table table = make_table(3000);
    px_calendar *calendar = NULL;
    pxi_duck *duck = NULL;
    pxi_duck_rows *rows = NULL;
    const char *path = in_folder("it's.parquet");
    px_table_set_f64(&table, 2, -0.0);
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(pxi_file_write(path, "old", 3, err));
    assert_ok(px_table_save(NULL, &table, PX_FILE_PARQUET, px_calendar_zone(calendar), path, err));
    px_table read = {0};
    assert_ok(pxi_duck_open(&duck, err));
    assert_ok(pxi_table_read(duck, path, &read, err));
    assert_int_equal(read.n_rows, 3000);
    for (size_t c = 0; c < 3; c++) {
        assert_int_equal(read.columns[c].type, table.columns[c].type);
        for (size_t row = 0; row < 3000; row++)
            if (c != 2 || (row != 1 && row != 2999))
                assert_int_equal(read.columns[c].u.i64[row], table.columns[c].u.i64[row]);
    }
    assert_int_equal(read.columns[2].u.i64[2999], 0); /* no bit of a sign */
    assert_true(isnan(read.columns[2].u.f64[1]) && !px_table_text(&read, 3, 1));
    assert_string_equal(px_table_text(&read, 3, 2999), "stop, \"loss\"");
    assert_ok(pxi_duck_query(duck, &rows, err,
                             "SELECT string_agg(decode(key) || '=' || decode(value), ' ' ORDER BY key) "
                             "FROM parquet_kv_metadata(%Q) WHERE decode(key) <> 'ARROW:schema'",
                             path));
    assert_int_equal(pxi_duck_fetch(rows), 1);
    size_t length;
    const char *found = pxi_duck_text(rows, 0, 0, &length);
    const char *wanted = "timezone=Asia/Kolkata writer=pixity " PX_VERSION;
    assert_int_equal(length, strlen(wanted));
    assert_memory_equal(found, wanted, length);
    pxi_duck_rows_free(&rows);
    pxi_duck_close(&duck);
    px_calendar_close(&calendar);
    px_table_free(&read);
    px_table_free(&table);
}

static void test_one_document(void **state) {
    (void)state;
    px_home *home = home_with_a_run(100);
    assert_ok(px_run_export(home, "r", NULL, PX_FILE_JSON, in_folder("r.json"), err));
    json_t *run = json_load_file(in_folder("r.json"), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(run);
    json_t *tables = json_object_get(run, "tables"), *row;
    assert_int_equal(json_array_size(json_object_get(tables, "trades")), 100);
    assert_int_equal(json_array_size(json_object_get(tables, "equity")), 200);
    row = json_array_get(json_object_get(tables, "trades"), 2);
    assert_string_equal(json_string_value(json_object_get(row, "ts")), "2022-08-16T09:17:00+05:30");
    assert_true(json_real_value(json_object_get(row, "pnl")) == 0.2);
    assert_true(json_is_null(json_object_get(json_array_get(json_object_get(tables, "trades"), 1), "ts")));
    assert_int_equal(json_object_del(run, "tables"), 0);
    json_t *wanted = json_loads(RUN_JSON, 0, NULL);
    assert_true(json_equal(run, wanted));
    json_decref(wanted);
    json_decref(run);
    px_home_close(&home);
}

/* A run that failed has no tables. */
static void test_a_run_without_tables(void **state) {
    (void)state;
    px_home *home = open_home();
    assert_ok(px_run_save(home, "r", RUN_JSON, NULL, 0, err));
    assert_ok(px_run_export(home, "r", NULL, PX_FILE_JSON, in_folder("r.json"), err));
    json_t *run = json_load_file(in_folder("r.json"), 0, NULL);
    assert_non_null(run);
    assert_int_equal(json_object_size(json_object_get(run, "tables")), 0);
    json_decref(run);
    assert_ok(px_run_export(home, "r", NULL, PX_FILE_CSV, in_folder("out"), err));
    assert_true(pxi_path_exists(in_folder("out/run.json")));
    px_home_close(&home);
}

static void test_nothing_is_overwritten(void **state) {
    (void)state;
    px_home *home = home_with_a_run(10);
    write_text(in_folder("there"), "mine");
    assert_int_equal(mkdir(in_folder("empty"), 0777), 0);
    const px_file_format formats[] = {PX_FILE_CSV, PX_FILE_PARQUET, PX_FILE_JSON, PX_FILE_ARROW,
                                      PX_FILE_JSONL};
    for (size_t i = 0; i < 3; i++) {
        assert_fails(px_run_export(home, "r", NULL, formats[i], in_folder("there"), err), PX_EEXISTS,
                     "there exists already");
        assert_fails(px_run_export(home, "r", "trades", formats[i], in_folder("there"), err), PX_EEXISTS,
                     "there exists already");
        assert_fails(px_run_export(home, "r", NULL, formats[i], in_folder("empty/"), err), PX_EEXISTS,
                     "empty exists already");
        assert_fails(px_run_export(home, "r", NULL, formats[i], in_folder("no/where"), err), PX_EINPUT,
                     "no/where");
    }
    char *text = read_file(in_folder("there"));
    assert_string_equal(text, "mine");
    free(text);
    px_home_close(&home);
}

static void test_wrong_names(void **state) {
    (void)state;
    px_home *home = home_with_a_run(10);
    assert_fails(px_run_export(home, "q", NULL, PX_FILE_CSV, in_folder("out"), err), PX_ENOTFOUND,
                 "no run is named \"q\"");
    assert_fails(px_run_export(home, "r", "tades", PX_FILE_CSV, in_folder("out"), err), PX_ENOTFOUND,
                 "no table \"tades\"; did you mean \"trades\"?");
    assert_fails(px_run_export(home, "r", "../r/trades", PX_FILE_CSV, in_folder("out"), err), PX_ENOTFOUND,
                 "no table");
    assert_fails(px_run_export(home, "r", NULL, PX_FILE_CSV, "", err), PX_EINPUT, "empty");
    assert_int_equal(truncate(in_folder("home/runs/r/trades.parquet"), 100), 0);
    const px_file_format formats[] = {PX_FILE_CSV, PX_FILE_PARQUET, PX_FILE_JSON, PX_FILE_ARROW,
                                      PX_FILE_JSONL};
    for (size_t i = 0; i < 3; i++)
        assert_fails(px_run_export(home, "r", NULL, formats[i], in_folder("out"), err), PX_ECORRUPT,
                     "trades.parquet is damaged");
    write_text(in_folder("home/runs/r/run.json"), "{");
    assert_fails(px_run_export(home, "r", NULL, PX_FILE_CSV, in_folder("out"), err), PX_ECORRUPT,
                 "run r is damaged");
    assert_false(pxi_path_exists(in_folder("out")));
    px_home_close(&home);
}

static bool export_run(long round) {
    px_home *home = NULL;
    return px_home_open(in_folder("home"), &home, NULL) == PX_OK &&
           px_run_export(home, "r", NULL, round % 2 ? PX_FILE_CSV : PX_FILE_PARQUET,
                         in_folder("out%ld", round), NULL) == PX_OK;
}

/* Killed at every step of the work: nothing stands under the name, or all of it. */
static void test_killed_exports(void **state) {
    (void)state;
    px_home *home = home_with_a_run(2000);
    px_home_close(&home);
    for (long parity = 0; parity < 2; parity++) {
        int before = 0, after = 0;
        bool died = true;
        for (long n = 0; died; n += every_step()) {
            long round = 2 * n + parity;
            died = killed_at(n, export_run, round);
            if (!pxi_path_exists(in_folder("out%ld", round))) {
                assert_true(died);
                before++;
                continue;
            }
            after++;
            assert_true(pxi_path_exists(in_folder("out%ld/run.json", round)));
            if (parity) {
                assert_holds(in_folder("out%ld/trades.csv", round), 2000, PX_TABLE_CSV);
                assert_holds(in_folder("out%ld/equity.csv", round), 4000, PX_TABLE_CSV);
            } else
                assert_true(pxi_path_exists(in_folder("out%ld/trades.parquet", round)) &&
                            pxi_path_exists(in_folder("out%ld/equity.parquet", round)));
        }
        assert_true(before > 0 && after > 0); /* a folder, three files and a name at least */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_a_folder_of_csv),        STORE_TEST(test_a_folder_of_parquet),
        STORE_TEST(test_one_document),           STORE_TEST(test_a_run_without_tables),
        STORE_TEST(test_nothing_is_overwritten), STORE_TEST(test_wrong_names),
        STORE_TEST(test_killed_exports),         STORE_TEST(test_a_table_for_others),
    };
    return cmocka_run_group_tests_name("run export", tests, NULL, NULL);
}
