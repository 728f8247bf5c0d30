// SPDX-License-Identifier: Apache-2.0
/* SIGKILL at random moments: what is on disk is whole, and the next operation works. */
#include "store_fixture.h"

#include "base/rng.h"
#include "store/run_index.h"

#include <signal.h>
#include <sys/wait.h>

#define N_KILLS 50

/* 2023-01-01 00:00 UTC. */
#define NEW_YEAR_US INT64_C(1672531200000000)

/* Runs `work` in a child that says when it is ready, and kills it after a random while. */
static void kill_at_a_random_moment(void (*work)(int ready, int round), int round, pxi_rng *rng) {
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ready[0]);
        work(ready[1], round);
        _exit(1); /* it never returns by itself */
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    usleep((useconds_t)pxi_rng_below(rng, 40000));
    assert_int_equal(kill(child, SIGKILL), 0);
    int exit_status;
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    assert_true(WIFSIGNALED(exit_status));
}

/* ---- candles ------------------------------------------------------------------------------------------- */

#define N_BARS 3000 /* half of them in each of two years */

static px_bars version(int seed) {
    return make_bars(NEW_YEAR_US - N_BARS / 2 * PX_US_PER_MINUTE, N_BARS, seed);
}

/* Rewrites both years again and again, with one version of the bars and the other. */
static void rewrite_candles(int ready, int round) {
    px_home *home = NULL;
    px_instrument instrument;
    px_bars bars[] = {version(1), version(2)};
    if (px_home_open(in_folder("home"), &home, NULL) ||
        px_instrument_ensure(home, "ACME", NULL, &instrument, NULL))
        return;
    for (int i = round;; i++) {
        if (px_candles_merge(home, &instrument, 1, &bars[i % 2], PX_CONFLICT_REPLACE, NULL, NULL))
            return;
        if (i == round && write(ready, "r", 1) != 1)
            return;
    }
}

static void test_merges_are_whole(void **state) {
    (void)state;
    pxi_rng rng;
    px_bars versions[] = {version(1), version(2)};
    int seen[2] = {0, 0}, unfinished = 0;
    pxi_rng_seed(&rng, 20240601);
    for (int round = 0; round < N_KILLS; round++) {
        kill_at_a_random_moment(rewrite_candles, round, &rng);
        unfinished += pxi_path_exists(in_folder("home/candles/NSE_EQ%%7CACME/1m/.commit")) ||
                      pxi_path_exists(in_folder("home/candles/NSE_EQ%%7CACME/1m/.staged"));
        px_home *home = open_home();
        px_instrument instrument = instrument_of(home, "ACME");
        px_bars bars = read_all(home, &instrument, 1);
        int which = bars.close[0] == versions[1].close[0];
        assert_same_bars(&versions[which], &bars);
        px_bars_free(&bars);
        seen[which]++;
        if (round % 5 == 4) { /* the next writer finishes what was begun */
            assert_ok(px_candles_merge(home, &instrument, 1, &versions[0], PX_CONFLICT_REPLACE, NULL, err));
            bars = read_all(home, &instrument, 1);
            assert_same_bars(&versions[0], &bars);
            px_bars_free(&bars);
            assert_false(pxi_path_exists(in_folder("home/candles/NSE_EQ%%7CACME/1m/.staged")));
            assert_false(pxi_path_exists(in_folder("home/candles/NSE_EQ%%7CACME/1m/.commit")));
        }
        px_home_close(&home);
    }
    assert_true(seen[0] > 0 && seen[1] > 0 && unfinished > 0); /* else the kills came at the wrong time */
    px_bars_free(&versions[0]);
    px_bars_free(&versions[1]);
}

/* ---- adjustments --------------------------------------------------------------------------------------- */

/* Version v has the dates 0 to v. */
#define N_VERSIONS 3

/* Adds one after the other, removes them again, and so on. */
static void rewrite_adjustments(int ready, int round) {
    px_home *home = NULL;
    px_instrument instrument;
    if (px_home_open(in_folder("home"), &home, NULL) ||
        px_instrument_ensure(home, "ACME", NULL, &instrument, NULL))
        return;
    for (int i = 0;; i++) {
        px_adjustment one = {18000 + i % N_VERSIONS, 2, "a split"};
        px_adjustments given = {1, 0, &one};
        px_status status = i / N_VERSIONS % 2
                               ? px_adjustments_remove(home, &instrument, 18000 + 2 - i % N_VERSIONS, NULL)
                               : px_adjustments_add(home, &instrument, &given, true, NULL, NULL);
        if (status && status != PX_ENOTFOUND) /* removed by an earlier round */
            return;
        if (i == 0 && write(ready, "r", 1) != 1)
            return;
    }
    (void)round;
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
    pxi_rng rng;
    size_t n_seen[N_VERSIONS + 1] = {0}, n_left = 0;
    pxi_rng_seed(&rng, 20240604);
    for (int round = 0; round < N_KILLS; round++) {
        kill_at_a_random_moment(rewrite_adjustments, round, &rng);
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
        px_adjustment one = {18000, 2, "a split"};
        px_adjustments given = {1, 0, &one};
        assert_ok(px_adjustments_add(home, &instrument, &given, true, NULL, err));
        assert_int_equal(count_left(), 0); /* the next writer swept it up */
        px_home_close(&home);
    }
    assert_true(n_seen[1] > 0 && n_seen[2] > 0 && n_left > 0); /* else the kills came at the wrong time */
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

/* Saves runs and deletes every second one. */
static void write_runs(int ready, int round) {
    px_home *home = NULL;
    if (px_home_open(in_folder("home"), &home, NULL))
        return;
    for (int i = 0;; i++) {
        char id[32];
        snprintf(id, sizeof id, "r%d-%d", round, i);
        if (save_run(home, id, NULL) || (i % 2 && px_run_delete(home, id, NULL)))
            return;
        if (i == 0 && write(ready, "r", 1) != 1)
            return;
    }
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
    pxi_rng rng;
    size_t unfinished = 0;
    pxi_rng_seed(&rng, 20240602);
    for (int round = 0; round < N_KILLS; round++) {
        char id[32];
        kill_at_a_random_moment(write_runs, round, &rng);
        unfinished += count_unfinished();
        px_home *home = open_home();
        size_t before = check_agreement(home);
        assert_int_equal(count_unfinished(), 0);
        snprintf(id, sizeof id, "after-%d", round);
        assert_ok(save_run(home, id, err));
        assert_int_equal(check_agreement(home), before + 1);
        px_home_close(&home);
    }
    assert_true(unfinished > 0);
}

/* ---- making a home ------------------------------------------------------------------------------------- */

static void make_homes(int ready, int round) {
    for (int i = 0;; i++) {
        char path[300];
        px_home *home = NULL;
        snprintf(path, sizeof path, "%s/new-%d-%d", fixture_folder, round, i);
        if (i == 0 && write(ready, "r", 1) != 1)
            return;
        if (px_home_open(path, &home, NULL))
            return;
        px_home_close(&home);
    }
}

static void test_half_made_homes_open(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 20240603);
    for (int round = 0; round < N_KILLS; round++) {
        kill_at_a_random_moment(make_homes, round, &rng);
        for (int i = 0; pxi_path_exists(in_folder("new-%d-%d", round, i)); i++) {
            px_home *home = NULL;
            px_instrument instrument;
            const char *path = in_folder("new-%d-%d", round, i);
            assert_ok(px_home_open(path, &home, err));
            assert_ok(px_instrument_find(home, "RELIANCE", NULL, 0, &instrument, err));
            px_home_close(&home);
            assert_ok(pxi_remove_tree(path, err));
        }
    }
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
