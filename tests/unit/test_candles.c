// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.h"

#include "store/candles/series.h"

#include <fcntl.h>
#include <sys/wait.h>

/* 2023-01-01 00:00 UTC. */
#define NEW_YEAR_US INT64_C(1672531200000000)

static px_status merge(px_home *home, const px_instrument *instrument, const px_bars *bars,
                       px_on_conflict on_conflict, px_import_report *report, px_error *err) {
    return px_candles_merge(home, instrument, 1, bars, on_conflict, report, err);
}

static void test_what_is_merged_is_read(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "reliance");
    px_bars bars = make_bars(FIRST_US, 5000, 1);
    px_import_report report = {0};
    assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
    assert_int_equal(report.n_stored, 5000);
    px_home_close(&home);

    home = open_home();
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&bars, &read);
    px_bars_free(&read);
    assert_true(access(in_folder("home/candles/NSE_EQ%%7CINE002A01018/1m/2022.parquet"), R_OK) == 0);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_range_is_half_open_and_crosses_years(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(NEW_YEAR_US - 3000 * PX_US_PER_MINUTE, 6000, 1), read = {0};
    px_import_report report;
    assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
    for (size_t begin = 0; begin < 6000; begin += 1013) {
        size_t end = begin + 977 < 6000 ? begin + 977 : 6000;
        assert_ok(
            px_candles_read(home, &instrument, 1, bars.ts_us[begin], bars.ts_us[end - 1] + 1, &read, err));
        px_bars wanted = px_bars_slice(&bars, begin, end);
        assert_same_bars(&wanted, &read);
        px_bars_free(&read);
    }
    assert_ok(px_candles_read(home, &instrument, 1, bars.ts_us[10], bars.ts_us[10], &read, err));
    assert_int_equal(read.n, 0);
    assert_ok(px_candles_read(home, &instrument, 1, 0, PX_US_PER_DAY, &read, err));
    assert_int_equal(read.n, 0);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_merges_fill_gaps_in_any_order(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(NEW_YEAR_US - 1500 * PX_US_PER_MINUTE, 3000, 1);
    const size_t cuts[][2] = {{2000, 3000}, {0, 700}, {600, 2100}, {0, 3000}};
    const size_t news[] = {1000, 700, 1300, 0};
    for (size_t i = 0; i < 4; i++) {
        px_import_report report = {0};
        px_bars part = px_bars_slice(&bars, cuts[i][0], cuts[i][1]);
        assert_ok(merge(home, &instrument, &part, PX_CONFLICT_ERROR, &report, err));
        assert_int_equal(report.n_stored, news[i]);
        assert_int_equal(report.n_duplicate, part.n - news[i]);
    }
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&bars, &read);
    px_bars_free(&read);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_conflict_policies(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars old = make_bars(NEW_YEAR_US - 100 * PX_US_PER_MINUTE, 200, 1);
    px_bars new = make_bars(NEW_YEAR_US - 50 * PX_US_PER_MINUTE, 200, 1);
    px_import_report report = {0}, untouched = {.n_stored = 77};
    memcpy(new.open, old.open + 50, 10 * sizeof *new.open); /* ten bars are equal */
    memcpy(new.high, old.high + 50, 10 * sizeof *new.high);
    memcpy(new.low, old.low + 50, 10 * sizeof *new.low);
    memcpy(new.close, old.close + 50, 10 * sizeof *new.close);
    memcpy(new.volume, old.volume + 50, 10 * sizeof *new.volume);
    assert_ok(merge(home, &instrument, &old, PX_CONFLICT_ERROR, &report, err));

    assert_fails(merge(home, &instrument, &new, PX_CONFLICT_ERROR, &untouched, err), PX_EEXISTS,
                 "ACME already has another bar at 2023-01-01T04:50:00+05:30");
    assert_int_equal(untouched.n_stored, 77);
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&old, &read);
    px_bars_free(&read);

    assert_ok(merge(home, &instrument, &new, PX_CONFLICT_SKIP, &report, err));
    assert_int_equal(report.n_duplicate, 10);
    assert_int_equal(report.n_skipped, 140);
    assert_int_equal(report.n_stored, 50);
    read = read_all(home, &instrument, 1);
    assert_int_equal(read.n, 250);
    assert_memory_equal(read.close, old.close, 200 * sizeof(double));
    px_bars_free(&read);

    assert_ok(merge(home, &instrument, &new, PX_CONFLICT_REPLACE, &report, err));
    assert_int_equal(report.n_duplicate, 60);
    assert_int_equal(report.n_replaced, 140);
    assert_int_equal(report.n_stored, 0);
    read = read_all(home, &instrument, 1);
    assert_memory_equal(read.close, old.close, 50 * sizeof(double));
    assert_memory_equal(read.close + 50, new.close, 200 * sizeof(double));
    px_bars_free(&read);
    px_bars_free(&old);
    px_bars_free(&new);
    px_home_close(&home);
}

static void test_bars_that_are_none_are_refused(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(FIRST_US, 10, 1), empty = {0};
    px_import_report report = {0};
    bars.ts_us[5] = bars.ts_us[4];
    assert_fails(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err), PX_EINPUT, "bar 6");
    bars.ts_us[5] += PX_US_PER_MINUTE;
    bars.high[7] = 1;
    assert_fails(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err), PX_EINPUT, "bar 8");
    bars.high[7] = NAN;
    assert_fails(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err), PX_EINPUT, "bar 8");
    assert_ok(merge(home, &instrument, &empty, PX_CONFLICT_ERROR, &report, err));
    assert_fails(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &empty, err), PX_ENOTFOUND,
                 "no 1m bars of ACME");
    assert_false(pxi_path_exists(in_folder("home/candles")));
    px_bars_free(&bars);
    px_home_close(&home);
}

static void damage(const char *path, off_t keep, const char *bytes, off_t at) {
    if (keep >= 0)
        assert_int_equal(truncate(path, keep), 0);
    if (bytes) {
        int fd = open(path, O_WRONLY);
        assert_true(fd >= 0);
        assert_int_equal(pwrite(fd, bytes, strlen(bytes), at), strlen(bytes));
        close(fd);
    }
}

static void test_damaged_files_are_named(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(NEW_YEAR_US - 500 * PX_US_PER_MINUTE, 1000, 1), read = {0};
    px_import_report report;
    px_table list = {0};
    assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
    char path[600];
    snprintf(path, sizeof path, "%s/home/candles/NSE_EQ%%7CACME/1m/2023.parquet", fixture_folder);

    for (int way = 0; way < 4; way++) {
        assert_ok(pxi_remove_tree(in_folder("home/candles/NSE_EQ%%7CACME/1m"), err));
        assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
        damage(path,
               way == 0   ? 0
               : way == 1 ? 5000
                          : -1,
               way == 2   ? "garbage!"
               : way == 3 ? "xxxx"
                          : NULL,
               way == 2 ? 0 : 4);
        if (way == 2)
            damage(path, 12, NULL, 0);
        if (way == 3) { /* a footer that says something else */
            struct stat info;
            assert_int_equal(stat(path, &info), 0);
            damage(path, -1, "\xff\xff\xff\xff\xff\xff\xff\xff\xff", info.st_size - 60);
        }
        assert_fails(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, err), PX_ECORRUPT,
                     "2023.parquet is damaged");
        assert_null(read.ts_us);
        assert_fails(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err), PX_ECORRUPT,
                     "2023.parquet is damaged");
        assert_ok(px_candles_list(home, &list, err)); /* nor is the list, which says so */
        assert_int_equal(list.n_rows, 1);
        assert_non_null(strstr(px_table_text(&list, 7, 0), "2023.parquet is damaged"));
        assert_true(list.columns[6].u.i64[0] == PX_NULL_I64);
        px_table_free(&list);
        /* the other year is not concerned */
        assert_ok(px_candles_read(home, &instrument, 1, 0, NEW_YEAR_US, &read, err));
        assert_int_equal(read.n, 500);
        px_bars_free(&read);
    }
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_order_is_checked_on_read(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(FIRST_US, 1000, 1), read = {0};
    px_import_report report;
    pxi_duck *duck;
    assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
    bars.ts_us[700] = bars.ts_us[699];
    assert_ok(pxi_home_duck(home, &duck, err));
    assert_ok(
        pxi_bars_write(duck, &bars, NULL, in_folder("home/candles/NSE_EQ%%7CACME/1m/2022.parquet"), err));
    assert_fails(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, err), PX_ECORRUPT,
                 "2022.parquet is damaged: its times do not increase");
    bars.ts_us[700] += PX_US_PER_MINUTE;
    bars.close[3] = NAN; /* written as NULL */
    assert_ok(
        pxi_bars_write(duck, &bars, NULL, in_folder("home/candles/NSE_EQ%%7CACME/1m/2022.parquet"), err));
    assert_fails(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, err), PX_ECORRUPT,
                 "a value is missing");
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_foreign_columns_are_damage(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = make_bars(FIRST_US, 10, 1), read = {0};
    px_import_report report;
    pxi_duck *duck;
    assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
    assert_ok(pxi_home_duck(home, &duck, err));
    assert_ok(pxi_duck_run(duck, err, "COPY (SELECT 1 AS a) TO %Q (FORMAT parquet)",
                           in_folder("home/candles/NSE_EQ%%7CACME/1m/2022.parquet")));
    assert_fails(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, err), PX_ECORRUPT,
                 "2022.parquet");
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_list_shows_coverage(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument acme = instrument_of(home, "ACME"), nifty = instrument_of(home, "NIFTY");
    px_bars bars = make_bars(NEW_YEAR_US - 500 * PX_US_PER_MINUTE, 1000, 1);
    px_import_report report;
    px_table list = {0};
    assert_ok(px_candles_list(home, &list, err));
    assert_int_equal(list.n_rows, 0);
    px_table_free(&list);
    assert_ok(merge(home, &acme, &bars, PX_CONFLICT_ERROR, &report, err));
    assert_ok(px_candles_merge(home, &nifty, 15, &bars, PX_CONFLICT_ERROR, &report, err));
    assert_ok(px_candles_merge(home, &nifty, 1440, &bars, PX_CONFLICT_ERROR, &report, err));
    assert_ok(px_candles_list(home, &list, err));
    assert_int_equal(list.n_rows, 3);
    assert_string_equal(px_table_text(&list, 0, 0), "ACME");
    assert_string_equal(px_table_text(&list, 1, 0), "NSE_EQ|ACME");
    assert_string_equal(px_table_text(&list, 0, 1), "NIFTY 50");
    assert_string_equal(px_table_text(&list, 2, 1), "NSE");
    assert_string_equal(px_table_text(&list, 3, 1), "15m");
    assert_string_equal(px_table_text(&list, 3, 2), "1d");
    assert_int_equal(list.columns[4].u.i64[0], bars.ts_us[0]);
    assert_int_equal(list.columns[5].u.i64[0], bars.ts_us[999]);
    assert_int_equal(list.columns[6].u.i64[0], 1000);
    px_table_free(&list);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_odd_folder_names(void **state) {
    (void)state;
    px_home *home = NULL;
    const char *names[] = {"it's a \"home\"", "stars*and?", "[brackets]", "100% # of ; it",
                           "\xe0\xa4\x98\xe0\xa4\xb0"};
    px_bars bars = make_bars(FIRST_US, 100, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        px_import_report report;
        assert_ok(px_home_open(in_folder("%s", names[i]), &home, err));
        px_instrument instrument = instrument_of(home, "M&M");
        assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, &report, err));
        px_bars read = read_all(home, &instrument, 1);
        assert_same_bars(&bars, &read);
        px_bars_free(&read);
        px_home_close(&home);
        assert_true(pxi_path_exists(in_folder("%s/pixity.db", names[i])));
    }
    px_bars_free(&bars);
}

static void test_relative_folder_names(void **state) {
    (void)state;
    const char *names[] = {"plain", "~/home", "s3:/bucket/home"};
    char *here = getcwd(NULL, 0);
    assert_int_equal(chdir(fixture_folder), 0);
    px_bars bars = make_bars(FIRST_US, 100, 1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        px_home *home = NULL;
        assert_ok(px_home_open(names[i], &home, err));
        px_instrument instrument = instrument_of(home, "ACME");
        assert_ok(merge(home, &instrument, &bars, PX_CONFLICT_ERROR, NULL, err));
        px_bars read = read_all(home, &instrument, 1);
        assert_same_bars(&bars, &read);
        px_bars_free(&read);
        px_home_close(&home);
        assert_true(pxi_path_exists(in_folder("%s/candles/NSE_EQ%%7CACME/1m/2022.parquet", names[i])));
    }
    px_bars_free(&bars);
    assert_int_equal(chdir(here), 0);
    free(here);
}

/* ---- several processes --------------------------------------------------------------------------------- */

/* Runs in a child: merges every second bar, offset 0 or 1, in small pieces. */
static void write_pieces(int offset) {
    px_home *home = NULL;
    if (px_home_open(in_folder("home"), &home, NULL) != PX_OK)
        _exit(1);
    px_instrument instrument;
    if (px_instrument_ensure(home, "ACME", NULL, &instrument, NULL) != PX_OK)
        _exit(2);
    px_bars bars = make_bars(NEW_YEAR_US - 1000 * PX_US_PER_MINUTE, 2000, 1);
    for (size_t begin = 0; begin < 2000; begin += 100) {
        px_bars piece = {0};
        for (size_t i = begin + (size_t)offset; i < begin + 100; i += 2) {
            px_bar bar = px_bars_at(&bars, i);
            if (px_bars_append(&piece, &bar, NULL) != PX_OK)
                _exit(3);
        }
        if (merge(home, &instrument, &piece, PX_CONFLICT_ERROR, NULL, NULL) != PX_OK)
            _exit(4);
        px_bars_free(&piece);
    }
    px_bars_free(&bars);
    px_home_close(&home);
    _exit(0);
}

static void test_two_writers_of_one_series(void **state) {
    (void)state;
    pid_t children[2];
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            write_pieces(i);
    }
    /* Meanwhile a reader sees bars that are in order and never fewer than before. */
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    size_t seen = 0;
    int running = 2;
    while (running > 0) {
        px_bars read = {0};
        px_error err = {0};
        px_status status = px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, &err);
        if (status != PX_OK && status != PX_ENOTFOUND)
            fail_msg("%s", err.message);
        assert_true(read.n >= seen);
        seen = read.n;
        px_bars_free(&read);
        int exit_status;
        pid_t done = waitpid(-1, &exit_status, WNOHANG);
        if (done > 0) {
            assert_true(WIFEXITED(exit_status));
            assert_int_equal(WEXITSTATUS(exit_status), 0);
            running--;
        }
    }
    px_bars wanted = make_bars(NEW_YEAR_US - 1000 * PX_US_PER_MINUTE, 2000, 1);
    px_bars read = read_all(home, &instrument, 1);
    assert_same_bars(&wanted, &read);
    px_bars_free(&read);
    px_bars_free(&wanted);
    px_home_close(&home);
}

/* A reader takes a committed change as done before the files are in place. */
static void test_a_commit_stands_though_its_writer_died(void **state) {
    (void)state;
    px_home *home = open_home();
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars old = make_bars(NEW_YEAR_US - 100 * PX_US_PER_MINUTE, 200, 1);
    px_bars new = make_bars(NEW_YEAR_US - 100 * PX_US_PER_MINUTE, 200, 2);
    px_import_report report;
    pxi_duck *duck;
    assert_ok(merge(home, &instrument, &old, PX_CONFLICT_ERROR, &report, err));
    assert_ok(pxi_home_duck(home, &duck, err));

    char folder[600];
    snprintf(folder, sizeof folder, "%s/home/candles/NSE_EQ%%7CACME/1m", fixture_folder);
    pxi_series_change change = {0};
    assert_ok(pxi_series_change_begin(folder, &change, err));
    for (int year = 2022; year <= 2023; year++) {
        char *path = pxi_series_year_path(change.staged, year);
        px_bars part = px_bars_slice(&new, year == 2022 ? 0 : 100, year == 2022 ? 100 : 200);
        assert_ok(pxi_bars_write(duck, &part, NULL, path, err));
        free(path);
    }
    px_bars read = read_all(home, &instrument, 1); /* staged: not yet */
    assert_same_bars(&old, &read);
    px_bars_free(&read);

    char staged[700], commit[700], moved[800], place[800];
    snprintf(staged, sizeof staged, "%s/.staged", folder);
    snprintf(commit, sizeof commit, "%s/.commit", folder);
    assert_int_equal(rename(staged, commit), 0); /* and here the writer dies */
    pxi_series_change_end(&change);
    read = read_all(home, &instrument, 1);
    assert_same_bars(&new, &read);
    px_bars_free(&read);

    snprintf(moved, sizeof moved, "%s/2023.parquet", commit); /* or here */
    snprintf(place, sizeof place, "%s/2023.parquet", folder);
    assert_int_equal(rename(moved, place), 0);
    read = read_all(home, &instrument, 1);
    assert_same_bars(&new, &read);
    px_bars_free(&read);

    assert_ok(merge(home, &instrument, &new, PX_CONFLICT_ERROR, &report, err)); /* the next writer tidies */
    assert_int_equal(report.n_duplicate, 200);
    assert_false(pxi_path_exists(commit));
    assert_false(pxi_path_exists(staged));
    read = read_all(home, &instrument, 1);
    assert_same_bars(&new, &read);
    px_bars_free(&read);
    px_bars_free(&old);
    px_bars_free(&new);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_what_is_merged_is_read),
        STORE_TEST(test_range_is_half_open_and_crosses_years),
        STORE_TEST(test_merges_fill_gaps_in_any_order),
        STORE_TEST(test_conflict_policies),
        STORE_TEST(test_bars_that_are_none_are_refused),
        STORE_TEST(test_damaged_files_are_named),
        STORE_TEST(test_order_is_checked_on_read),
        STORE_TEST(test_foreign_columns_are_damage),
        STORE_TEST(test_list_shows_coverage),
        STORE_TEST(test_odd_folder_names),
        STORE_TEST(test_relative_folder_names),
        STORE_TEST(test_two_writers_of_one_series),
        STORE_TEST(test_a_commit_stands_though_its_writer_died),
    };
    return cmocka_run_group_tests_name("candles", tests, NULL, NULL);
}
