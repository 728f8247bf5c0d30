// SPDX-License-Identifier: Apache-2.0
/* Many processes in one home at once: nothing is lost, nothing is seen half-made. */
#include "depth.h"
#include "store_fixture.h"

#include "store/runs/run_index.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#define N_WRITERS 8
#define N_EACH    rounds(63)
#define N_RUNS    (N_WRITERS * N_EACH)
#define N_ROWS    20

/* ---- processes ----------------------------------------------------------------------------------------- */

/* Runs `work` in a child, which ends with what it returns; 0 is fine. */
static pid_t start(int (*work)(int who), int who) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(work(who));
    return child;
}

static void assert_ends_well(pid_t child, const char *what) {
    int exit_status;
    assert_int_equal(waitpid(child, &exit_status, 0), child);
    if (exit_status != 0)
        fail_msg("%s: %s %d", what, WIFEXITED(exit_status) ? "exit" : "signal",
                 WIFEXITED(exit_status) ? WEXITSTATUS(exit_status) : WTERMSIG(exit_status));
}

/* Work that goes on until the file "stop" is there, or nobody waits for it any more. */
static pid_t parent;
static bool stopped(void) {
    return pxi_path_exists(in_folder("stop")) || getppid() != parent;
}

static int complain(const px_error *err, int code) {
    print_error("%s\n", err->message);
    return code;
}

/* ---- runs ---------------------------------------------------------------------------------------------- */

static px_status save_run(px_home *home, const char *id, px_error *err) {
    static const px_column_def columns[] = {{"entry_ts", PX_COLUMN_TIME}, {"pnl", PX_COLUMN_F64}};
    px_table table = {0};
    char json[200];
    px_status status = px_table_init(&table, columns, 2, err);
    for (int i = 0; i < N_ROWS && !status; i++) {
        status = px_table_add_row(&table, err);
        if (!status)
            px_table_set_f64(&table, 1, i);
    }
    const px_run_part part = {"trades", &table};
    snprintf(json, sizeof json,
             "{\"run_id\": \"%s\", \"status\": \"done\", \"created\": \"2024-01-02T03:04:05+00:00\","
             " \"fingerprint\": \"%s\", \"metrics\": {\"# Trades\": %d}}",
             id, id, N_ROWS);
    if (!status)
        status = px_run_save(home, id, json, &part, 1, err);
    px_table_free(&table);
    return status;
}

static int save_many(int who) {
    px_home *home = NULL;
    px_error err = {0};
    char id[32];
    if (px_home_open(in_folder("home"), &home, &err))
        return complain(&err, 1);
    for (int i = 0; i < N_EACH; i++) {
        snprintf(id, sizeof id, "w%d-%d", who, i);
        if (save_run(home, id, &err))
            return complain(&err, 2);
    }
    px_home_close(&home);
    return 0;
}

/* A run that is listed as done reads whole, unless it was deleted meanwhile. */
static int look_at(px_home *home, const char *id, int round) {
    px_error err = {0};
    px_table trades = {0};
    char *json = NULL;
    px_status status = px_run_read(home, id, &json, &err);
    free(json);
    if (!status)
        status = px_run_read_table(home, id, "trades", &trades, &err);
    bool whole = trades.n_rows == N_ROWS;
    px_table_free(&trades);
    if (!status && !whole)
        return 10;
    if (!status)
        status = px_run_export(home, id, NULL, PX_FILE_CSV, in_folder("export-%ld-%d", (long)getpid(), round),
                               &err);
    return status && pxi_path_exists(in_folder("home/runs/%s", id)) ? complain(&err, 11) : 0;
}

/* Lists, shows and exports. No list is shorter than what is kept for good. */
static int read_many(int who) {
    static const px_column_def trades = {"# Trades", PX_COLUMN_I64};
    const px_runs_request request = {.metrics = &trades, .n_metrics = 1};
    px_home *home = NULL;
    px_error err = {0};
    int failure = 0;
    size_t most_kept = 0;
    if (px_home_open(in_folder("home"), &home, &err))
        return complain(&err, 1);
    for (int round = 0; !failure && !stopped(); round++) {
        px_table list = {0};
        size_t kept = 0;
        if (px_runs_select(home, &request, &list, &err))
            return complain(&err, 2);
        const size_t at = list.n_columns - 1;
        for (size_t row = 0; row < list.n_rows && !failure; row++) {
            if (strcmp(px_table_text(&list, 2, row), "done") != 0 || list.columns[at].u.i64[row] != N_ROWS)
                failure = 3;
            kept += px_table_text(&list, 0, row)[0] == 'w';
        }
        if (kept < most_kept)
            failure = 4;
        most_kept = kept;
        if (!failure && list.n_rows > 0)
            failure = look_at(home, px_table_text(&list, 0, (size_t)(round * 7 + who) % list.n_rows), round);
        px_table_free(&list);
    }
    px_home_close(&home);
    return failure;
}

/* Saves runs that are not kept and deletes them. */
static int delete_many(int who) {
    px_home *home = NULL;
    px_error err = {0};
    char id[32];
    (void)who;
    if (px_home_open(in_folder("home"), &home, &err))
        return complain(&err, 1);
    for (int i = 0; !stopped(); i++) {
        snprintf(id, sizeof id, "d%d", i);
        if (save_run(home, id, &err) || px_run_delete(home, id, &err))
            return complain(&err, 2);
    }
    px_home_close(&home);
    return 0;
}

static void test_no_run_is_lost(void **state) {
    (void)state;
    pid_t writers[N_WRITERS], others[3];
    for (int i = 0; i < N_WRITERS; i++)
        writers[i] = start(save_many, i);
    others[0] = start(read_many, 1);
    others[1] = start(read_many, 2);
    others[2] = start(delete_many, 0);
    for (int i = 0; i < N_WRITERS; i++)
        assert_ends_well(writers[i], "writer");
    write_text(in_folder("stop"), "");
    for (int i = 0; i < 3; i++)
        assert_ends_well(others[i], i < 2 ? "reader" : "deleter");
    px_home *home = open_home();
    px_table list = {0};
    char **ids = NULL;
    size_t n = 0;
    assert_ok(pxi_run_ids(home, &ids, &n, err));
    assert_int_equal(n, N_RUNS);
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, N_RUNS);
    for (size_t i = 0; i < n; i++) { /* the list is of one age, so by id too */
        assert_string_equal(px_table_text(&list, 0, i), ids[i]);
        assert_true(indexed_metric(home, px_table_text(&list, 0, i), "# Trades") == N_ROWS);
    }
    pxi_run_ids_free(ids, n);
    px_table_free(&list);
    px_home_close(&home);
}

/* ---- candles ------------------------------------------------------------------------------------------- */

#define N_PIECES 6
#define PIECE    400

/* Half of the processes share a symbol, each with a part of its minutes; the others have one of their own. */
static int import_many(int who) {
    px_home *home = NULL;
    px_error err = {0};
    px_instrument instrument = {0};
    char name[16] = "SHARED";
    px_bars all = make_bars(FIRST_US, N_WRITERS * N_PIECES * PIECE, 1);
    if (who % 2)
        snprintf(name, sizeof name, "OWN%d", who);
    if (px_home_open(in_folder("home"), &home, &err) ||
        px_instrument_ensure(home, name, NULL, &instrument, &err))
        return complain(&err, 1);
    for (int i = 0; i < N_PIECES; i++) {
        size_t begin = (size_t)(i * N_WRITERS + who) * PIECE;
        px_bars piece = px_bars_slice(&all, begin, begin + PIECE);
        px_import_report report = {0};
        if (px_candles_merge(home, &instrument, 1, &piece, PX_CONFLICT_ERROR, &report, &err))
            return complain(&err, 2);
        if (report.n_stored != PIECE)
            return 3;
    }
    px_bars_free(&all);
    px_home_close(&home);
    return 0;
}

/* Whole pieces, and never fewer than before. */
static int read_candles(int who) {
    px_home *home = NULL;
    px_error err = {0};
    px_instrument instrument = {0};
    size_t most = 0;
    (void)who;
    if (px_home_open(in_folder("home"), &home, &err) ||
        px_instrument_ensure(home, "SHARED", NULL, &instrument, &err))
        return complain(&err, 1);
    while (!stopped()) {
        px_bars bars = {0};
        px_status status = px_candles_read(home, &instrument, 1, INT64_MIN, INT64_MAX, &bars, &err);
        if (status && !(status == PX_ENOTFOUND && most == 0))
            return complain(&err, 2);
        if (bars.n % PIECE != 0 || bars.n < most)
            return 3;
        most = bars.n;
        px_bars_free(&bars);
    }
    px_home_close(&home);
    return 0;
}

static void test_no_bar_is_lost(void **state) {
    (void)state;
    pid_t writers[N_WRITERS], reader = start(read_candles, 0);
    for (int i = 0; i < N_WRITERS; i++)
        writers[i] = start(import_many, i);
    for (int i = 0; i < N_WRITERS; i++)
        assert_ends_well(writers[i], "importer");
    write_text(in_folder("stop"), "");
    assert_ends_well(reader, "reader");
    px_home *home = open_home();
    px_table list = {0};
    assert_ok(px_candles_list(home, &list, err));
    assert_int_equal(list.n_rows, 1 + N_WRITERS / 2);
    for (size_t row = 0; row < list.n_rows; row++) {
        bool shared = strcmp(px_table_text(&list, 0, row), "SHARED") == 0;
        assert_int_equal(list.columns[6].u.i64[row], N_PIECES * PIECE * (shared ? N_WRITERS / 2 : 1));
    }
    px_table_free(&list);
    px_bars all = make_bars(FIRST_US, N_WRITERS * N_PIECES * PIECE, 1);
    px_instrument instrument = instrument_of(home, "SHARED");
    px_bars shared = read_all(home, &instrument, 1);
    for (size_t i = 0; i < shared.n; i++) {
        size_t piece = i / PIECE * 2 * PIECE + i % PIECE; /* every second piece is of a symbol of its own */
        assert_true(shared.ts_us[i] == all.ts_us[piece] && shared.close[i] == all.close[piece]);
    }
    px_bars_free(&shared);
    px_bars_free(&all);
    px_home_close(&home);
}

int main(void) {
    parent = getpid();
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_no_run_is_lost),
        STORE_TEST(test_no_bar_is_lost),
    };
    if (access("/dev/shm", W_OK) == 0) /* flushing to a disk would take most of the time */
        fixture_root = "/dev/shm";
    return cmocka_run_group_tests_name("store crowd", tests, NULL, NULL);
}
