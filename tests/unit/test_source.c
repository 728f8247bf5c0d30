// SPDX-License-Identifier: Apache-2.0
/* Reading bar files: Parquet, DuckDB, folders; which reader takes which. CSV alone: test_csv; times that name
 * a bar's end: test_stamps. */
#include "store_fixture.h"

#include "files/source.h"
#include "files/duck/table_parquet.h"

static pxi_duck *duck;

static int source_setup(void **state) {
    return fixture_setup(state) != 0 || pxi_duck_open(&duck, NULL) != PX_OK ? -1 : 0;
}

static int source_teardown(void **state) {
    pxi_duck_close(&duck);
    return fixture_teardown(state);
}

#define SOURCE_TEST(function) cmocka_unit_test_setup_teardown(function, source_setup, source_teardown)

static px_zone *india(void) {
    px_zone *zone = NULL;
    assert_ok(px_zone_open("Asia/Kolkata", &zone, err));
    return zone;
}

static px_status read_with(px_source_config config, const char *path, px_source *out, px_error *err) {
    px_zone *zone = india();
    config.path = path;
    config.zone = zone;
    if (config.timeframe_minutes == 0)
        config.timeframe_minutes = 1;
    px_status status = px_source_read(&config, out, err);
    px_zone_close(&zone);
    return status;
}

static px_status read_file(const char *path, px_source *out, px_error *err) {
    return read_with((px_source_config){0}, path, out, err);
}

static void write_parquet(const char *path, const char *select) {
    assert_ok(pxi_duck_run(duck, err, "COPY (%s) TO %Q (FORMAT parquet)", select, path));
}

/* Makes a DuckDB file with these statements; their tables are in the catalog x. */
static void write_duckdb(const char *path, const char *statements) {
    assert_ok(pxi_duck_run(duck, err, "ATTACH %Q AS x; %s; DETACH x", path, statements));
}

#define ROW "10.5 AS open, 11 AS high, 9.25 AS low, 10 AS close, 7 AS volume"

static void test_times_of_all_kinds(void **state) {
    (void)state;
    const char *times[] = {
        "TIMESTAMP '2022-08-16 09:15:00' AS datetime",
        "CAST('2022-08-16 03:45:00+00' AS TIMESTAMPTZ) AS ts",
        "CAST('2022-08-16 09:15:00' AS TIMESTAMP_S) AS \"Date\"",
        "CAST('2022-08-16 09:15:00' AS TIMESTAMP_NS) AS TIME",
        "1660621500::BIGINT AS ts",
        "1660621500::UINTEGER AS ts",
        "1660621500000.0::DOUBLE AS ts",
        "1660621500000000000::BIGINT AS timestamp",
        "'2022-08-16T09:15:00+0530' AS date",
        "'2022-08-16 09:15' AS date",
    };
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char select[400];
        px_source source = {0};
        const char *path = in_folder("%zu [a*b] it's.parquet", i);
        snprintf(select, sizeof select, "SELECT %s, " ROW, times[i]);
        write_parquet(path, select);
        assert_ok(read_file(path, &source, err));
        if (source.n_rejected)
            fail_msg("%s: %s", times[i], source.rejections[0].reason);
        assert_int_equal(source.n_series, 1);
        char stem[64];
        snprintf(stem, sizeof stem, "%zu [a*b] it's", i);
        assert_string_equal(source.series[0].symbol, stem);
        px_bar bar = px_bars_at(&source.series[0].bars, 0);
        assert_int_equal(bar.ts_us, FIRST_US);
        assert_true(bar.open == 10.5 && bar.high == 11 && bar.low == 9.25 && bar.close == 10 &&
                    bar.volume == 7);
        px_source_free(&source);
    }
}

static void test_columns_by_short_names_and_without_volume(void **state) {
    (void)state;
    px_source source = {0};
    write_parquet(in_folder("a.parquet"),
                  "SELECT 'x' AS noise, 9::SMALLINT AS L, '10.5' AS o, 11::FLOAT AS h, "
                  "CAST(10 AS DECIMAL(9,2)) AS c, TIMESTAMP '2022-08-16 09:15:00' AS t, "
                  "1660621500 AS ts");
    assert_ok(read_file(in_folder("a.parquet"), &source, err));
    assert_int_equal(source.series[0].bars.n, 1);
    px_bar bar = px_bars_at(&source.series[0].bars, 0);
    assert_true(bar.open == 10.5 && bar.low == 9 && bar.volume == 0);
    px_source_free(&source);
    write_parquet(in_folder("b.parquet"), "SELECT 1 AS open, 1 AS high, 1 AS low, 1660621500 AS ts");
    assert_fails(read_file(in_folder("b.parquet"), &source, err), PX_EINPUT, "no column for the close");
    write_parquet(in_folder("c.parquet"),
                  "SELECT 1 AS o, 1 AS high, 1 AS low, 1 AS close, 1 AS open, 1 AS ts");
    assert_fails(read_file(in_folder("c.parquet"), &source, err), PX_EINPUT, "both give the open");
}

static void assert_column(const px_source *source, size_t at, const char *name, const char *meaning) {
    assert_string_equal(source->columns[at].name, name);
    if (!meaning)
        assert_null(source->columns[at].meaning);
    else
        assert_string_equal(source->columns[at].meaning, meaning);
}

static void test_columns_and_times_are_told(void **state) {
    (void)state;
    static const struct {
        const char *time, *text;
        px_time_form form;
    } cases[] = {
        {"TIMESTAMP '2022-08-16 09:15:00'", "2022-08-16 09:15:00", PX_TIME_LOCAL},
        {"CAST('2022-08-16 03:45:00+00' AS TIMESTAMPTZ)", "2022-08-16T03:45:00+00:00", PX_TIME_OFFSET},
        {"1660621500", "1660621500", PX_TIME_SECONDS},
        {"'2022-08-16T09:15+0530'", "2022-08-16T09:15+0530", PX_TIME_OFFSET},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char select[400];
        px_source source = {0};
        snprintf(select, sizeof select, "SELECT 'x' AS noise, %s AS ts, '1m' AS timeframe, " ROW,
                 cases[i].time);
        write_parquet(in_folder("%zu.parquet", i), select);
        assert_ok(read_file(in_folder("%zu.parquet", i), &source, err));
        assert_int_equal(source.n_columns, 8);
        assert_column(&source, 0, "noise", NULL);
        assert_column(&source, 1, "ts", "time");
        assert_column(&source, 2, "timeframe", "timeframe");
        assert_column(&source, 7, "volume", "volume");
        assert_string_equal(source.time_text, cases[i].text);
        assert_int_equal(source.time_form, cases[i].form);
        assert_int_equal(source.time_us, FIRST_US);
        px_source_free(&source);
    }
}

static void test_rows_that_are_no_bars(void **state) {
    (void)state;
    px_source source = {0};
    write_parquet(
        in_folder("a.parquet"),
        "SELECT * FROM (VALUES"
        " ('2022-08-16 09:15', 10.0, 11.0, 9.0, 10.0, 5.0), (NULL, 10, 11, 9, 10, 5),"
        " ('noon', 10, 11, 9, 10, 5), ('2022-08-16 09:16', 10, 8, 9, 10, 5),"
        " ('2022-08-16 09:17', NULL, 11, 9, 10, 5), ('2022-08-16 09:18', 'nan'::DOUBLE, 11, 9, 10, 5),"
        " ('2022-08-16 09:19', 10, 'inf'::DOUBLE, 9, 10, 5), ('2022-08-16 09:20', 10, 11, -9, 10, 5),"
        " ('2022-08-16 09:21', 10, 11, 9, 10, -5), ('2022-08-16 09:22', 10, 11, 9, 10, 5)"
        ") t(ts, open, high, low, close, volume)");
    assert_ok(read_file(in_folder("a.parquet"), &source, err));
    assert_int_equal(source.n_read, 10);
    assert_int_equal(source.n_rejected, 8);
    assert_int_equal(source.series[0].bars.n, 2);
    const char *reasons[] = {"time",
                             "noon",
                             "high",
                             "open is missing",
                             "open is missing",
                             "high is missing",
                             "price not above zero",
                             "volume"};
    for (size_t i = 0; i < 8; i++) {
        assert_int_equal(source.rejections[i].line, i + 2);
        if (!strstr(source.rejections[i].reason, reasons[i]))
            fail_msg("%s", source.rejections[i].reason);
    }
    px_source_free(&source);
}

static void test_more_rejections_than_are_kept(void **state) {
    (void)state;
    px_source source = {0};
    write_parquet(in_folder("a.parquet"),
                  "SELECT 1660621500 + i * 60 AS ts, -1 AS open, 1 AS high, 1 AS low, 1 AS "
                  "close FROM range(5000) r(i)");
    assert_ok(read_file(in_folder("a.parquet"), &source, err));
    assert_int_equal(source.n_rejected, 5000);
    assert_int_equal(source.n_series, 0);
    assert_int_equal(source.rejections[PX_MAX_REJECTIONS - 1].line, PX_MAX_REJECTIONS);
    px_source_free(&source);
}

static const char several[] =
    "CREATE TABLE x.candles AS SELECT CASE i % 3 WHEN 0 THEN 'ACME' WHEN 1 THEN 'OTHER [FO]' ELSE 'LAST' END "
    "AS "
    "symbol, CASE WHEN i < 60 THEN '1m' ELSE '5minute' END AS timeframe, TIMESTAMP '2022-08-16 09:15:00' + "
    "INTERVAL (i // 3) MINUTE AS timestamp, 10 + i AS open, 11 + i AS high, 9 + i AS low, 10 + i AS close, 5 "
    "AS "
    "volume, false AS is_synthetic FROM range(90) r(i)";

static void test_duckdb_file_with_symbols_and_timeframes(void **state) {
    (void)state;
    px_source source = {0};
    const char *path = in_folder("day.duckdb");
    write_duckdb(path, several);
    assert_ok(read_file(path, &source, err));
    assert_int_equal(source.n_series, 3);
    assert_int_equal(source.n_read, 60);
    assert_string_equal(source.series[1].symbol, "OTHER [FO]");
    assert_int_equal(source.series[1].bars.n, 20);
    assert_true(source.series[1].bars.open[1] == 14);
    px_source_free(&source);

    assert_ok(read_with((px_source_config){.symbol = "other", .as_symbol = "MINE", .timeframe_minutes = 5},
                        path, &source, err));
    assert_int_equal(source.n_series, 1);
    assert_string_equal(source.series[0].symbol, "MINE");
    assert_int_equal(source.series[0].bars.n, 10);
    assert_int_equal(source.series[0].bars.ts_us[0], FIRST_US + 20 * PX_US_PER_MINUTE);
    px_source_free(&source);

    assert_fails(read_with((px_source_config){.symbol = "NOBODY"}, path, &source, err), PX_ENOTFOUND,
                 "no rows of the symbol NOBODY; there are: ACME, LAST, OTHER [FO]");
    assert_fails(read_with((px_source_config){.timeframe_minutes = 15}, path, &source, err), PX_ENOTFOUND,
                 "there are: 1m, 5minute");
}

/* Where each row is of another symbol than the row before, and each symbol comes again. */
static void test_a_symbol_in_each_row(void **state) {
    (void)state;
    enum { SYMBOLS = 60000 };
    px_source source = {0};
    const char *path = in_folder("many.parquet");
    char select[400];
    snprintf(
        select, sizeof select,
        "SELECT 'S' || (i %% %d) AS symbol, TIMESTAMP '2022-08-16 09:15:00' + INTERVAL (i // %d) MINUTE AS "
        "timestamp, 10 AS open, 11 AS high, 9 AS low, 10.5 AS close, i AS volume FROM range(%d) r(i)",
        SYMBOLS, SYMBOLS, 2 * SYMBOLS);
    write_parquet(path, select);
    assert_ok(read_file(path, &source, err));
    assert_int_equal(source.n_series, SYMBOLS);
    for (size_t i = 0; i < SYMBOLS; i++) {
        char symbol[16];
        snprintf(symbol, sizeof symbol, "S%zu", i);
        assert_string_equal(source.series[i].symbol, symbol);
        assert_int_equal(source.series[i].bars.n, 2);
        assert_true(source.series[i].bars.volume[1] == (double)(SYMBOLS + i));
    }
    px_source_free(&source);
    assert_fails(read_with((px_source_config){.limits.memory = 40 << 20}, path, &source, err), PX_EINPUT,
                 "--max-memory raises this limit");
}

static void test_rows_keep_their_numbers_when_filtered(void **state) {
    (void)state;
    px_source source = {0};
    write_duckdb(in_folder("day.duckdb"), several);
    assert_ok(pxi_duck_run(duck, err,
                           "ATTACH %Q AS x; UPDATE x.candles SET high = 1 WHERE open = 32; DETACH x",
                           in_folder("day.duckdb")));
    assert_ok(read_with((px_source_config){.symbol = "OTHER"}, in_folder("day.duckdb"), &source, err));
    assert_int_equal(source.n_rejected, 1);
    assert_int_equal(source.rejections[0].line, 23);
    assert_int_equal(source.series[0].bars.n, 19);
    px_source_free(&source);
}

static void test_table_of_a_duckdb_file(void **state) {
    (void)state;
    px_source source = {0};
    write_duckdb(in_folder("one.db"), "CREATE TABLE x.\"my \"\"bars\"\"\" AS SELECT 1660621500 AS ts, " ROW);
    assert_ok(read_file(in_folder("one.db"), &source, err));
    assert_int_equal(source.series[0].bars.n, 1);
    assert_string_equal(source.series[0].symbol, "one");
    px_source_free(&source);
    write_duckdb(in_folder("two.db"), "CREATE TABLE x.a (i INT); CREATE TABLE x.b (i INT)");
    assert_fails(read_file(in_folder("two.db"), &source, err), PX_EINPUT, "several tables");
    write_duckdb(in_folder("none.db"), "SELECT 1");
    assert_fails(read_file(in_folder("none.db"), &source, err), PX_EINPUT, "no table");
    write_duckdb(in_folder("candles.db"),
                 "CREATE TABLE x.a (i INT); CREATE TABLE x.candles AS SELECT 1660621500 AS ts, " ROW);
    assert_ok(read_file(in_folder("candles.db"), &source, err));
    px_source_free(&source);
}

static void test_folder_with_a_file_a_day(void **state) {
    (void)state;
    px_source source = {0};
    for (int day = 16; day <= 18; day++) {
        char statements[600];
        snprintf(
            statements, sizeof statements,
            "CREATE TABLE x.candles AS SELECT '%s' AS symbol, '1m' AS timeframe, TIMESTAMP '2022-08-%d "
            "09:15:00' + INTERVAL (i) MINUTE AS timestamp, 10.0 AS open, %s AS high, 9.0 AS low, 10.0 AS "
            "close, 5 AS volume, false AS is_synthetic FROM range(375) r(i)",
            day == 17 ? "OTHER" : "ACME", day, day == 18 ? "CASE i WHEN 7 THEN 1.0 ELSE 11.0 END" : "11.0");
        write_duckdb(in_folder("2022-08-%d.duckdb", day), statements);
    }
    write_text(in_folder("notes.txt"), "not a database");
    const char *folder = in_folder(".");
    assert_ok(read_with((px_source_config){.symbol = "ACME", .as_symbol = "ACME"}, folder, &source, err));
    assert_int_equal(source.n_files, 2);
    assert_non_null(strstr(source.files[1].path, "2022-08-18.duckdb"));
    assert_int_equal(source.files[1].series[0].bars.n, 374);
    assert_null(strstr(source.files[1].rejections[0].reason, ".duckdb"));
    assert_ok(px_source_join(&source, err));
    assert_int_equal(source.n_series, 1);
    assert_int_equal(source.series[0].bars.n, 749);
    assert_int_equal(source.n_rejected, 1);
    assert_int_equal(source.rejections[0].line, 8);
    assert_non_null(strstr(source.rejections[0].reason, "2022-08-18.duckdb: "));
    px_source_free(&source);
    assert_fails(read_with((px_source_config){.symbol = "NONE"}, folder, &source, err), PX_ENOTFOUND, "ACME");

    px_dataset data = {0};
    px_data_request request = {.symbol = "ACME [FO]",
                               .timeframe_minutes = 15,
                               .data_dir = folder,
                               .start_date = PX_NO_DATE,
                               .end_date = PX_NO_DATE};
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_int_equal(data.bars.n, 50);
    assert_string_equal(data.instrument.key, "ACME [FO]");
    assert_int_equal(data.n_rejected, 1);
    px_dataset_free(&data);
}

static void test_choosing_symbols(void **state) {
    (void)state;
    px_source sources[2] = {0};
    const char *const both[] = {"OTHER", "last [FO]"}, *const absent[] = {"ACME", "OTHR"};
    write_duckdb(in_folder("day.duckdb"), several);
    write_text(in_folder("LAST.csv"), "ts,o,h,l,c\n1660621500,1,1,1,1\n");
    assert_ok(read_file(in_folder("day.duckdb"), &sources[0], err));
    assert_ok(read_file(in_folder("LAST.csv"), &sources[1], err));
    assert_fails(px_source_choose(sources, 2, absent, 2, err), PX_ENOTFOUND,
                 "no bars of OTHR; did you mean \"OTHER\"? (of 4: ACME, ");
    assert_int_equal(sources[0].n_series, 3);
    assert_ok(px_source_choose(sources, 2, NULL, 0, err));
    assert_int_equal(sources[0].n_series, 3);
    assert_ok(px_source_choose(sources, 2, both, 2, err));
    assert_int_equal(sources[0].n_series, 2);
    assert_string_equal(sources[0].series[0].symbol, "OTHER [FO]");
    assert_int_equal(sources[0].series[0].bars.n, 20);
    assert_int_equal(sources[0].n_left_out, 20);
    assert_int_equal(sources[1].n_series, 1);
    assert_string_equal(sources[1].series[0].symbol, "LAST");
    /* one symbol alone: of several series it is chosen, a single one gets its name */
    assert_ok(px_source_choose(sources, 2, &both[0], 1, err));
    assert_int_equal(sources[0].n_series, 1);
    assert_int_equal(sources[0].n_left_out, 40);
    assert_string_equal(sources[1].series[0].symbol, "OTHER");
    px_source_free(&sources[0]);
    px_source_free(&sources[1]);
}

static void test_rows_that_name_no_symbol(void **state) {
    (void)state;
    px_source source = {0};
    write_text(in_folder("x.csv"), "ts,o,h,l,c,symbol\n1660621500,1,1,1,1,\n1660621560,1,1,1,1,ACME\n");
    assert_ok(read_file(in_folder("x.csv"), &source, err));
    assert_true(source.n_rejected == 1 && source.n_series == 1);
    px_source_free(&source);
    assert_ok(read_with((px_source_config){.default_symbol = "MINE"}, in_folder("x.csv"), &source, err));
    assert_true(source.n_rejected == 0 && source.n_series == 2);
    assert_string_equal(source.series[0].symbol, "MINE");
    px_source_free(&source);
}

static void test_files_that_are_none(void **state) {
    (void)state;
    px_source source = {0};
    assert_fails(read_file(in_folder("missing.csv"), &source, err), PX_ENOTFOUND, "missing.csv");
    write_text(in_folder("a.parquet"), "PAR1 and then some garbage that is no Parquet");
    assert_fails(read_file(in_folder("a.parquet"), &source, err), PX_EINPUT, "a.parquet");
    write_text(in_folder("b.parquet"), "ts,open\n");
    assert_fails(read_file(in_folder("b.parquet"), &source, err), PX_EINPUT, "no Parquet file");
    write_text(in_folder("c.duckdb"), "12345678DUCKand garbage");
    assert_fails(read_file(in_folder("c.duckdb"), &source, err), PX_EINPUT, "c.duckdb");
    write_text(in_folder("d.duckdb"), "");
    assert_fails(read_file(in_folder("d.duckdb"), &source, err), PX_EINPUT, "no DuckDB file");
    write_parquet(in_folder("e.parquet"), "SELECT 1660621500 + i AS ts, " ROW " FROM range(100000) r(i)");
    assert_int_equal(truncate(in_folder("e.parquet"), 20000), 0);
    assert_fails(read_file(in_folder("e.parquet"), &source, err), PX_EINPUT, "e.parquet");
    assert_int_equal(mkdir(in_folder("empty"), 0777), 0);
    assert_fails(read_file(in_folder("empty"), &source, err), PX_EINPUT, "holds no files");
    assert_null(source.series);
}

/* ---- export -------------------------------------------------------------------------------------------- */

static void test_exports_read_back(void **state) {
    (void)state;
    const char *names[] = {"out.csv", "out.parquet", "OUT.PQ", "out.feather", "out.jsonl", "out.json"};
    px_zone *zone = india();
    px_bars bars = make_bars(FIRST_US, 1000, 3);
    bars.close[5] = 1000.0 + 1.0 / 3.0;
    bars.high[5] = 1100;
    bars.low[5] = 900 + 1e-13;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        px_source source = {0};
        assert_ok(px_bars_export(&bars, i ? "M&M" : NULL, zone, in_folder("%s", names[i]), err));
        assert_ok(read_file(in_folder("%s", names[i]), &source, err));
        assert_int_equal(source.n_rejected, 0);
        assert_string_equal(source.series[0].symbol, i ? "M&M" : "out");
        assert_same_bars(&bars, &source.series[0].bars);
        px_source_free(&source);
        assert_fails(px_bars_export(&bars, NULL, zone, in_folder("%s", names[i]), err), PX_EEXISTS,
                     "exists already");
    }
    assert_fails(px_bars_export(&bars, NULL, zone, in_folder("out.xlsx"), err), PX_EINPUT,
                 ".csv, .json, .parquet, .arrow, .jsonl");
    assert_fails(px_bars_export(&bars, NULL, zone, in_folder("no/such/out.csv"), err), PX_EINPUT, "no/such");
    assert_fails(px_bars_export(&bars, NULL, zone, in_folder("no/such/out.pq"), err), PX_EINPUT, "no/such");
    px_bars_free(&bars);
    px_zone_close(&zone);
}

static void test_real_file_with_duplicates(void **state) {
    (void)state;
    px_source source = {0};
    const char *path = shared_file("data/dirty/RELIANCE_2022_exact_duplicates.csv");
    assert_ok(read_file(path, &source, err));
    assert_int_equal(source.n_series, 1);
    assert_int_equal(source.n_rejected, 0);
    size_t n_read = source.n_read, n_duplicates, n_conflicts;
    assert_ok(px_bars_normalize(&source.series[0].bars, &n_duplicates, &n_conflicts, NULL, err));
    assert_int_equal(n_duplicates, 7500);
    assert_int_equal(n_conflicts, 0);
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "RELIANCE");
    px_import_report report;
    assert_ok(
        px_candles_merge(home, &instrument, 1, &source.series[0].bars, PX_CONFLICT_ERROR, &report, err));
    assert_int_equal(report.n_stored, n_read - 7500);
    px_bars bars = read_all(home, &instrument, 1);
    assert_same_bars(&bars, &source.series[0].bars);
    px_bars_free(&bars);
    px_home_close(&home);
    px_source_free(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        SOURCE_TEST(test_times_of_all_kinds),
        SOURCE_TEST(test_columns_by_short_names_and_without_volume),
        SOURCE_TEST(test_columns_and_times_are_told),
        SOURCE_TEST(test_rows_that_are_no_bars),
        SOURCE_TEST(test_more_rejections_than_are_kept),
        SOURCE_TEST(test_duckdb_file_with_symbols_and_timeframes),
        SOURCE_TEST(test_a_symbol_in_each_row),
        SOURCE_TEST(test_rows_keep_their_numbers_when_filtered),
        SOURCE_TEST(test_table_of_a_duckdb_file),
        SOURCE_TEST(test_folder_with_a_file_a_day),
        SOURCE_TEST(test_choosing_symbols),
        SOURCE_TEST(test_rows_that_name_no_symbol),
        SOURCE_TEST(test_files_that_are_none),
        SOURCE_TEST(test_exports_read_back),
        SOURCE_TEST(test_real_file_with_duplicates),
    };
    return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
