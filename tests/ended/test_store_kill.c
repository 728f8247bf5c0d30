// SPDX-License-Identifier: Apache-2.0
/* SIGKILL at every step of the work: what is on disk is whole, and the next operation works. */
#include "store_fixture.h"

#include "depth.h"
#include "kill_at.h"
#include "store/runs/run_index.h"

/* 2023-01-01 00:00 UTC. */
#define NEW_YEAR_US INT64_C(1672531200000000)

/* ---- candles ------------------------------------------------------------------------------------------- */

#define N_BARS 3000 /* half of them in each of two years */

static px_bars version(int seed) {
    return make_bars(NEW_YEAR_US - N_BARS / 2 * PX_US_PER_MINUTE, N_BARS, seed);
}

static bool merge(int seed) {
    px_home *home = NULL;
    px_instrument instrument;
    px_bars bars = version(seed);
    bool done = !px_home_open(in_folder("home"), &home, NULL) &&
                !px_instrument_ensure(home, "ACME", NULL, &instrument, NULL) &&
                !px_candles_merge(home, &instrument, 1, &bars, PX_CONFLICT_REPLACE, NULL, NULL);
    px_bars_free(&bars);
    px_home_close(&home);
    return done;
}

static bool merge_the_second(long round) {
    (void)round;
    return merge(2);
}

#define SERIES "home/candles/NSE_EQ%%7CACME/1m/"

static void test_merges_are_whole(void **state) {
    (void)state;
    px_bars versions[] = {version(1), version(2)};
    int seen[2] = {0, 0}, unfinished = 0;
    bool died = true;
    assert_true(merge(1));
    for (long n = 0; died; n += every_step()) {
        died = killed_at(n, merge_the_second, n);
        unfinished +=
            pxi_path_exists(in_folder(SERIES ".commit")) || pxi_path_exists(in_folder(SERIES ".staged"));
        px_home *home = open_home();
        px_instrument instrument = instrument_of(home, "ACME");
        px_bars bars = read_all(home, &instrument, 1);
        int which = bars.close[0] == versions[1].close[0];
        assert_same_bars(&versions[which], &bars);
        px_bars_free(&bars);
        seen[which]++;
        assert_true(died || which == 1);
        /* the next writer finishes what was begun */
        assert_ok(px_candles_merge(home, &instrument, 1, &versions[0], PX_CONFLICT_REPLACE, NULL, err));
        bars = read_all(home, &instrument, 1);
        assert_same_bars(&versions[0], &bars);
        px_bars_free(&bars);
        assert_false(pxi_path_exists(in_folder(SERIES ".staged")));
        assert_false(pxi_path_exists(in_folder(SERIES ".commit")));
        px_home_close(&home);
    }
    assert_true(seen[0] > 0 && seen[1] > 0 && unfinished > 0); /* else hardly anything was interrupted */
    px_bars_free(&versions[0]);
    px_bars_free(&versions[1]);
}

/* ---- adjustments --------------------------------------------------------------------------------------- */

/* Version v has the dates 0 to v. */
#define N_VERSIONS 3

static bool add(px_home *home, const px_instrument *instrument, int date) {
    px_adjustment one = {18000 + date, 2, "a split"};
    px_adjustments given = {1, 0, &one};
    return !px_adjustments_add(home, instrument, &given, true, NULL, NULL);
}

static bool remove_down_to(px_home *home, const px_instrument *instrument, size_t n_left) {
    px_adjustments list = {0};
    bool done = !px_adjustments_read(home, instrument, &list, NULL);
    for (size_t i = list.n; done && i-- > n_left;)
        done = !px_adjustments_remove(home, instrument, list.items[i].ex_date, NULL);
    px_adjustments_free(&list);
    return done;
}

/* Adds one after the other and removes them again. */
static bool rewrite_adjustments(long round) {
    px_home *home = NULL;
    px_instrument instrument;
    (void)round;
    bool done = !px_home_open(in_folder("home"), &home, NULL) &&
                !px_instrument_ensure(home, "ACME", NULL, &instrument, NULL);
    for (int i = 0; done && i < N_VERSIONS; i++)
        done = add(home, &instrument, i);
    return done && remove_down_to(home, &instrument, 0);
}

static size_t count_left(void) {
    char command[400];
    snprintf(command, sizeof command, "ls '%s'/*.tmp 2>/dev/null | wc -l",
             in_folder("home/candles/NSE_EQ%%7CACME"));
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = 0;
    assert_int_equal(fscanf(pipe, "%zu", &n), 1);
    pclose(pipe);
    return n;
}

static void test_adjustments_are_whole(void **state) {
    (void)state;
    size_t n_seen[N_VERSIONS + 1] = {0}, n_left = 0;
    bool died = true;
    for (long n = 0; died; n += every_step()) {
        died = killed_at(n, rewrite_adjustments, n);
        px_home *home = open_home();
        px_instrument instrument = instrument_of(home, "ACME");
        px_adjustments list = {0};
        assert_ok(px_adjustments_read(home, &instrument, &list, err));
        assert_true(list.n <= N_VERSIONS);
        for (size_t i = 0; i < list.n; i++) {
            assert_int_equal(list.items[i].ex_date, 18000 + (int32_t)i);
            assert_true(list.items[i].factor == 2);
            assert_string_equal(list.items[i].note, "a split");
        }
        n_seen[list.n]++;
        n_left += count_left();
        px_adjustments_free(&list);
        assert_true(add(home, &instrument, 0));
        assert_int_equal(count_left(), 0); /* the next writer swept it up */
        assert_true(remove_down_to(home, &instrument, 0));
        px_home_close(&home);
    }
    assert_true(n_seen[1] > 0 && n_seen[2] > 0 && n_left > 0);
}

/* ---- runs ---------------------------------------------------------------------------------------------- */

static const px_column_def columns[] = {{"ts", PX_COLUMN_TIME}, {"value", PX_COLUMN_F64}};
#define N_ROWS 100

static px_status save_run(px_home *home, const char *id, px_error *err) {
    px_table table = {0};
    px_status status = px_table_init(&table, columns, 2, err);
    for (int i = 0; i < N_ROWS && !status; i++) {
        status = px_table_add_row(&table, err);
        if (!status) {
            px_table_set_i64(&table, 0, i);
            px_table_set_f64(&table, 1, i);
        }
    }
    const px_run_part parts[] = {{"trades", &table}, {"equity", &table}, {"fills", &table}};
    char json[64];
    snprintf(json, sizeof json, "{\"run_id\": \"%s\", \"status\": \"done\"}", id);
    if (!status)
        status = px_run_save(home, id, json, parts, 3, err);
    px_table_free(&table);
    return status;
}

/* Saves two runs and deletes the second. */
static bool write_runs(long round) {
    px_home *home = NULL;
    char first[32], second[32];
    snprintf(first, sizeof first, "r%ld-0", round);
    snprintf(second, sizeof second, "r%ld-1", round);
    return !px_home_open(in_folder("home"), &home, NULL) && !save_run(home, first, NULL) &&
           !save_run(home, second, NULL) && !px_run_delete(home, second, NULL);
}

/* The index names the folders, and each of these holds a whole run. */
static size_t check_agreement(px_home *home) {
    px_table list = {0};
    char **ids = NULL;
    size_t n = 0;
    assert_ok(px_runs_list(home, &list, err));
    assert_ok(pxi_run_ids(home, &ids, &n, err));
    assert_int_equal(list.n_rows, n);
    for (size_t i = 0; i < n; i++) {
        bool indexed = false;
        for (size_t row = 0; row < n && !indexed; row++)
            indexed = strcmp(px_table_text(&list, 0, row), ids[i]) == 0;
        assert_true(indexed);
        assert_string_equal(px_table_text(&list, 2, i), "done");
        if (i + 3 < n) /* the old ones were looked at in earlier rounds */
            continue;
        const char *parts[] = {"trades", "equity", "fills"};
        for (int p = 0; p < 3; p++) {
            px_table table = {0};
            assert_ok(px_run_read_table(home, ids[i], parts[p], &table, err));
            assert_int_equal(table.n_rows, N_ROWS);
            px_table_free(&table);
        }
    }
    pxi_run_ids_free(ids, n);
    px_table_free(&list);
    return n;
}

static size_t count_unfinished(void) {
    char command[400];
    snprintf(command, sizeof command, "ls -d %s/" PXI_RUN_UNFINISHED "* 2>/dev/null | wc -l",
             in_folder("home/runs"));
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t n = 0;
    assert_int_equal(fscanf(pipe, "%zu", &n), 1);
    pclose(pipe);
    return n;
}

static void test_runs_and_index_agree(void **state) {
    (void)state;
    size_t unfinished = 0;
    bool died = true;
    px_home *home = open_home(); /* how one is made is the next test's */
    px_home_close(&home);
    for (long n = 0; died; n += every_step()) {
        died = killed_at(n, write_runs, n);
        unfinished += count_unfinished();
        home = open_home();
        size_t before = check_agreement(home);
        assert_int_equal(count_unfinished(), 0);
        assert_ok(save_run(home, "after", err));
        assert_int_equal(check_agreement(home), before + 1);
        assert_ok(px_run_delete(home, "after", err));
        px_home_close(&home);
    }
    assert_true(unfinished > 0);
}

/* ---- making a home ------------------------------------------------------------------------------------- */

static bool make_home(long round) {
    px_home *home = NULL;
    return !px_home_open(in_folder("new-%ld", round), &home, NULL);
}

static void test_half_made_homes_open(void **state) {
    (void)state;
    bool died = true;
    long n = 0;
    for (; died; n += every_step()) {
        px_home *home = NULL;
        px_instrument instrument;
        died = killed_at(n, make_home, n);
        assert_ok(px_home_open(in_folder("new-%ld", n), &home, err));
        assert_ok(px_instrument_find(home, "RELIANCE", NULL, 0, &instrument, err));
        px_home_close(&home);
        assert_ok(pxi_remove_tree(in_folder("new-%ld", n), err));
    }
    assert_true(n > 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_merges_are_whole),
        STORE_TEST(test_adjustments_are_whole),
        STORE_TEST(test_runs_and_index_agree),
        STORE_TEST(test_half_made_homes_open),
    };
    return cmocka_run_group_tests_name("store kill", tests, NULL, NULL);
}
