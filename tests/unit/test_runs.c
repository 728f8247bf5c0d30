// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.h"

#include "store/runs/run_index.h"
#include "store/home/sql.h"

#include <sys/wait.h>

static const px_column_def columns[] = {{"entry_ts", PX_COLUMN_TIME},
                                        {"bars_held", PX_COLUMN_I64},
                                        {"pnl", PX_COLUMN_F64},
                                        {"exit_reason", PX_COLUMN_TEXT}};

/* Every column holds undefined cells too. */
static px_table make_table(size_t n) {
    px_table table = {0};
    assert_ok(px_table_init(&table, columns, 4, err));
    for (size_t i = 0; i < n; i++) {
        assert_ok(px_table_add_row(&table, err));
        if (i % 5 != 1)
            px_table_set_i64(&table, 0, FIRST_US + (int64_t)i * 1000001);
        if (i % 5 != 2)
            px_table_set_i64(&table, 1, i % 2 ? INT64_MAX - (int64_t)i : -(int64_t)i);
        if (i % 5 != 3)
            px_table_set_f64(&table, 2, i % 7 ? 0.1 * (double)i : -INFINITY);
        if (i % 5 != 4)
            assert_ok(px_table_set_text(&table, 3,
                                        i % 2   ? "stop_loss"
                                        : i % 4 ? ""
                                                : "caf\xc3\xa9, \"q\"",
                                        err));
    }
    return table;
}

static void assert_same_tables(const px_table *a, const px_table *b) {
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t c = 0; c < a->n_columns; c++) {
        assert_string_equal(a->columns[c].name, b->columns[c].name);
        assert_int_equal(a->columns[c].type, b->columns[c].type);
        for (size_t row = 0; row < a->n_rows; row++) {
            if (a->columns[c].type == PX_COLUMN_TEXT) {
                const char *left = px_table_text(a, c, row), *right = px_table_text(b, c, row);
                assert_true(left ? right && strcmp(left, right) == 0 : !right);
            } else if (a->columns[c].type == PX_COLUMN_F64 && isnan(a->columns[c].u.f64[row]))
                assert_true(isnan(b->columns[c].u.f64[row]));
            else
                assert_int_equal(a->columns[c].u.i64[row], b->columns[c].u.i64[row]);
        }
    }
}

static const char *run_json(const char *id, const char *created) {
    static char json[1024];
    snprintf(
        json, sizeof json,
        "{\"run_id\": \"%s\", \"status\": \"done\", \"message\": null, \"created\": \"%s\","
        "\"strategy\": \"ema_cross\", \"symbol\": \"ACME\", \"timeframe\": \"1h\", \"profile\": \"honest\","
        "\"start\": \"2020-01-01\", \"end\": \"2020-12-31\", \"fingerprint\": \"abc\","
        "\"metrics\": {\"# Trades\": 7, \"PnL [Rs]\": 1.5, \"Return [%%]\": 0.25, \"Sharpe Ratio\": null}}",
        id, created);
    return json;
}

static px_status save(px_home *home, const char *id, size_t n_rows, px_error *err) {
    px_table table = make_table(n_rows);
    const px_run_part parts[] = {{"trades", &table}, {"equity", &table}};
    px_status status = px_run_save(home, id, run_json(id, "2024-01-02T03:04:05+00:00"), parts, 2, err);
    px_table_free(&table);
    return status;
}

static void test_run_comes_back(void **state) {
    (void)state;
    px_home *home = open_home();
    const size_t sizes[] = {0, 1, 5000};
    for (size_t i = 0; i < 3; i++) {
        char id[32], *json = NULL;
        px_table wanted = make_table(sizes[i]), read = {0};
        snprintf(id, sizeof id, "run-%zu", i);
        assert_ok(px_run_check_new(home, id, err));
        assert_ok(save(home, id, sizes[i], err));
        assert_ok(px_run_read(home, id, &json, err));
        assert_string_equal(json, run_json(id, "2024-01-02T03:04:05+00:00"));
        assert_ok(px_run_read_table(home, id, "trades", &read, err));
        assert_same_tables(&wanted, &read);
        px_table_free(&wanted);
        px_table_free(&read);
        free(json);
        assert_fails(px_run_check_new(home, id, err), PX_EEXISTS, id);
        assert_fails(save(home, id, 1, err), PX_EEXISTS, id);
    }
    px_home_close(&home);
}

static void save_quantities(px_home *home, const char *id, px_column_type type) {
    const px_column_def defs[] = {{"qty", type}};
    px_table table = {0};
    assert_ok(px_table_init(&table, defs, 1, err));
    for (int i = 0; i < 3; i++) {
        assert_ok(px_table_add_row(&table, err));
        if (i < 2 && px_column_is_real(type))
            px_table_set_f64(&table, 0, i ? 1500.0 : 0.125);
        else if (i < 2)
            px_table_set_i64(&table, 0, i ? 1500 : 118);
    }
    const px_run_part part = {"trades", &table};
    assert_ok(px_run_save(home, id, run_json(id, "2024-01-02T03:04:05+00:00"), &part, 1, err));
    px_table_free(&table);
}

/* Runs of before have whole numbers in their files: they read as the quantities of today. */
static void test_quantities_of_any_run(void **state) {
    (void)state;
    px_home *home = open_home();
    const struct {
        const char *id, *csv, *json, *text;
        px_column_type type;
    } runs[] = {
        {"before", "qty\n118\n1500\n\n", "[\n  {\"qty\": 118},\n  {\"qty\": 1500},\n  {\"qty\": null}\n]\n",
         " qty\n 118\n1500\n   -\n", PX_COLUMN_I64},
        {"now", "qty\n0.125\n1500\n\n", "[\n  {\"qty\": 0.125},\n  {\"qty\": 1500},\n  {\"qty\": null}\n]\n",
         "  qty\n0.125\n 1500\n    -\n", PX_COLUMN_QUANTITY},
    };
    for (size_t i = 0; i < 2; i++) {
        px_table read = {0};
        const char *const wanted[] = {
            [PX_TABLE_CSV] = runs[i].csv, [PX_TABLE_JSON] = runs[i].json, [PX_TABLE_TEXT] = runs[i].text};
        save_quantities(home, runs[i].id, runs[i].type);
        assert_ok(px_run_read_table(home, runs[i].id, "trades", &read, err));
        assert_int_equal(read.columns[0].type, PX_COLUMN_QUANTITY);
        for (int style = PX_TABLE_CSV; style <= PX_TABLE_TEXT; style++) {
            char *text = NULL;
            size_t length;
            assert_ok(px_table_render(&read, (px_table_style)style, NULL, &text, &length, err));
            assert_string_equal(text, wanted[style]);
            free(text);
        }
        px_table_free(&read);
    }
    px_home_close(&home);
}

static void test_list_is_by_age(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 0);
    px_table_free(&list);
    const char *runs[][2] = {{"b", "2024-03-01T00:00:00+00:00"},
                             {"c", "2024-01-01T00:00:00+05:30"},
                             {"a", "2024-02-01T00:00:00+00:00"}};
    for (size_t i = 0; i < 3; i++)
        assert_ok(px_run_save(home, runs[i][0], run_json(runs[i][0], runs[i][1]), NULL, 0, err));
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 3);
    assert_string_equal(px_table_text(&list, 0, 0), "c");
    assert_string_equal(px_table_text(&list, 0, 1), "a");
    assert_string_equal(px_table_text(&list, 0, 2), "b");
    assert_int_equal(list.columns[1].u.i64[0], INT64_C(1704047400000000));
    const char *texts[] = {"done", "ema_cross", "ACME", "1h", "honest", "2020-01-01", "2020-12-31"};
    for (size_t c = 0; c < 7; c++)
        assert_string_equal(px_table_text(&list, c + 2, 0), texts[c]);
    assert_string_equal(px_table_text(&list, 9, 0), "abc");
    assert_null(px_table_text(&list, 10, 0));
    px_table_free(&list);
    px_home_close(&home);
}

static void save_measured(px_home *home, const char *id, const char *metrics) {
    char json[512];
    snprintf(json, sizeof json,
             "{\"run_id\": \"%s\", \"status\": \"done\", \"symbol\": \"%c\", \"metrics\": {%s}}", id, id[0],
             metrics);
    assert_ok(px_run_save(home, id, json, NULL, 0, err));
}

/* The ids that a request chooses, one behind the other. */
static const char *chosen(px_home *home, const char *condition, const char *sort, bool descending) {
    static char ids[256];
    px_runs_condition read = {0};
    px_table table = {0};
    if (condition)
        assert_ok(px_runs_condition_parse(condition, &read, err));
    const px_runs_request request = {
        .conditions = &read, .n_conditions = condition != NULL, .sort = sort, .descending = descending};
    assert_ok(px_runs_select(home, &request, &table, err));
    ids[0] = '\0';
    for (size_t row = 0; row < table.n_rows; row++)
        snprintf(ids + strlen(ids), sizeof ids - strlen(ids), "%s%s", row ? " " : "",
                 px_table_text(&table, 0, row));
    px_table_free(&table);
    return ids;
}

static void test_any_metric_sorts_and_chooses(void **state) {
    (void)state;
    px_home *home = open_home();
    save_measured(home, "x1", "\"S\": 2, \"it's \\\"q\\\"\": 1");
    save_measured(home, "x2", "\"S\": -1, \"T\": 5");
    save_measured(home, "y3", "\"S\": null, \"T\": 5");
    save_measured(home, "y4", "\"S\": 0.1");
    assert_string_equal(chosen(home, NULL, NULL, false), "x1 x2 y3 y4");
    assert_string_equal(chosen(home, NULL, "S", false), "x2 y4 x1 y3");
    assert_string_equal(chosen(home, NULL, "S", true), "x1 y4 x2 y3");
    assert_string_equal(chosen(home, NULL, "created", true), "y4 y3 x2 x1");
    assert_string_equal(chosen(home, NULL, "nothing", true), "x1 x2 y3 y4");
    assert_string_equal(chosen(home, "S > 0", NULL, false), "x1 y4");
    assert_string_equal(chosen(home, "S<=0.1", "S", true), "y4 x2");
    assert_string_equal(chosen(home, " T = 5", NULL, false), "x2 y3");
    assert_string_equal(chosen(home, "T != 5", NULL, false), "");
    assert_string_equal(chosen(home, "it's \"q\" >= 1", "it's \"q\"", true), "x1");
    assert_string_equal(chosen(home, "symbol = y", "S", false), "y4 y3");
    assert_string_equal(chosen(home, "symbol = y' OR 1", NULL, false), "");
    assert_ok(px_run_delete(home, "x1", err));
    assert_true(isnan(indexed_metric(home, "x1", "S")) && indexed_metric(home, "x2", "S") == -1);
    save_measured(home, "x1", "\"T\": 1");
    assert_true(isnan(indexed_metric(home, "x1", "S")) && indexed_metric(home, "x1", "T") == 1);
    px_home_close(&home);
}

/* Far apart in the index, some without the metric: each has its own value. */
static void test_chosen_runs_have_their_metrics(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    const px_column_def wanted[] = {{"# Trades", PX_COLUMN_I64}, {"Sharpe Ratio", PX_COLUMN_F64}};
    for (int i = 0; i < 120; i++) {
        char id[16], json[200];
        snprintf(id, sizeof id, "r%03d", i);
        snprintf(json, sizeof json,
                 "{\"run_id\": \"%s\", \"status\": \"done\", \"symbol\": \"%s\", \"metrics\": {%s\"# "
                 "Trades\": %d}}",
                 id, i % 50 == 7 ? "RARE" : "USUAL", i % 3 ? "\"Sharpe Ratio\": 0.5, " : "", i);
        assert_ok(px_run_save(home, id, json, NULL, 0, err));
    }
    px_runs_condition rare;
    assert_ok(px_runs_condition_parse("symbol = RARE", &rare, err));
    for (int some = 0; some < 2; some++) {
        const px_runs_request request = {wanted, 2, &rare, (size_t)some, "# Trades", true};
        assert_ok(px_runs_select(home, &request, &list, err));
        assert_int_equal(list.n_rows, some ? 3 : 120);
        for (size_t row = 0; row < list.n_rows; row++) {
            const int i = atoi(px_table_text(&list, 0, row) + 1);
            assert_int_equal(list.columns[12].u.i64[row], i);
            assert_true(i % 3 ? list.columns[13].u.f64[row] == 0.5 : isnan(list.columns[13].u.f64[row]));
        }
        px_table_free(&list);
    }
    px_home_close(&home);
}

static void test_conditions_that_are_none(void **state) {
    (void)state;
    px_runs_condition read = {.key = "kept"};
    static const char *const wrong[] = {"",      "S",       "S >",     "> 1",     " = ",
                                        "S ~ 1", "S > one", "S > 1 2", "S > nan", "S == 1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_fails(px_runs_condition_parse(wrong[i], &read, err), PX_EINPUT, wrong[i]);
    assert_fails(px_runs_condition_parse("created > 2020-01-01", &read, err), PX_EINPUT, "created");
    assert_string_equal(read.key, "kept");
}

static void test_ids(void **state) {
    (void)state;
    px_home *home = open_home();
    const char *bad[] = {"",         ".",
                         "..",       "-a",
                         "_a",       "a b",
                         "a/b",      "../x",
                         "\xc3\xa9", "0123456789012345678901234567890123456789012345678901234567890123x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(px_run_id_valid(bad[i]));
        assert_fails(px_run_check_new(home, bad[i], err), PX_EINPUT, "is no run id");
        assert_fails(px_run_save(home, bad[i], "{}", NULL, 0, err), PX_EINPUT, "is no run id");
    }
    assert_true(px_run_id_valid("0123456789012345678901234567890123456789012345678901234567890123"));
    assert_true(px_run_id_valid("7.a-b_C"));
    assert_ok(save(home, "nifty-1h", 1, err));
    char *json;
    px_table table = {0};
    assert_fails(px_run_read(home, "nifty-1d", &json, err), PX_ENOTFOUND, "did you mean \"nifty-1h\"?");
    assert_fails(px_run_read(home, "../runs/nifty-1h", &json, err), PX_ENOTFOUND, "no run is named");
    assert_fails(px_run_read_table(home, "nifty-1d", "trades", &table, err), PX_ENOTFOUND, "nifty-1h");
    assert_fails(px_run_read_table(home, "nifty-1h", "tades", &table, err), PX_ENOTFOUND,
                 "no table \"tades\"");
    assert_fails(px_run_read_table(home, "nifty-1h", "../nifty-1h/trades", &table, err), PX_ENOTFOUND,
                 "no table");
    assert_fails(px_run_delete(home, "nifty-1d", err), PX_ENOTFOUND, "nifty-1h");
    px_home_close(&home);
}

static void test_delete(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    assert_ok(save(home, "one", 10, err));
    assert_ok(save(home, "two", 10, err));
    assert_ok(px_run_delete(home, "one", err));
    assert_false(pxi_path_exists(in_folder("home/runs/one")));
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 1);
    px_table_free(&list);
    assert_ok(save(home, "one", 10, err));
    px_home_close(&home);
}

static void test_damaged_runs(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table table = {0};
    char *json;
    assert_ok(save(home, "one", 10, err));
    assert_int_equal(truncate(in_folder("home/runs/one/trades.parquet"), 100), 0);
    assert_fails(px_run_read_table(home, "one", "trades", &table, err), PX_ECORRUPT,
                 "trades.parquet is damaged");
    assert_ok(px_run_read_table(home, "one", "equity", &table, err));
    px_table_free(&table);
    assert_int_equal(unlink(in_folder("home/runs/one/run.json")), 0);
    assert_fails(px_run_read(home, "one", &json, err), PX_ECORRUPT, "no run.json");
    assert_ok(px_run_delete(home, "one", err));
    px_home_close(&home);
}

static void test_text_must_be_utf8(void **state) {
    (void)state;
    px_home *home = open_home();
    const char *bad[] = {"\xff",         "a\xc0\xaf",   "\xed\xa0\x80", "\xf5\x80\x80\x80",
                         "\xe0\x80\x80", "tail\xe2\x82"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        px_table table = make_table(3);
        assert_ok(px_table_set_text(&table, 3, bad[i], err));
        px_run_part part = {"trades", &table};
        assert_fails(px_run_save(home, "bad", "{}", &part, 1, err), PX_EINPUT, "is not UTF-8");
        px_table_free(&table);
        assert_false(pxi_path_exists(in_folder("home/runs/bad")));
    }
    char **ids;
    size_t n;
    assert_ok(pxi_run_ids(home, &ids, &n, err));
    assert_int_equal(n, 0);
    pxi_run_ids_free(ids, n);
    px_home_close(&home);
}

/* ---- folders are the truth ----------------------------------------------------------------------------- */

static void test_index_follows_the_folders(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    assert_ok(save(home, "stays", 1, err));
    assert_ok(save(home, "goes", 1, err));
    assert_ok(save(home, "lost", 1, err));
    assert_ok(pxi_remove_tree(in_folder("home/runs/goes"), err));
    assert_ok(pxi_sql_run(home->db, err, "DELETE FROM runs WHERE run_id = 'lost'", ""));
    assert_int_equal(mkdir(in_folder("home/runs/broken"), 0777), 0);
    write_text(in_folder("home/runs/broken/run.json"), "{\"run_id\": ");
    write_text(in_folder("home/runs/README"), "mine");
    assert_int_equal(mkdir(in_folder("home/runs/" PXI_RUN_UNFINISHED "1-0"), 0777), 0);
    write_text(in_folder("home/runs/" PXI_RUN_UNFINISHED "1-0/trades.parquet"), "half");
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, 3);
    assert_string_equal(px_table_text(&list, 0, 0), "broken");
    assert_string_equal(px_table_text(&list, 2, 0), "corrupt");
    assert_non_null(strstr(px_table_text(&list, 10, 0), "run.json"));
    assert_string_equal(px_table_text(&list, 0, 1), "lost");
    assert_string_equal(px_table_text(&list, 3, 1), "ema_cross");
    assert_string_equal(px_table_text(&list, 0, 2), "stays");
    assert_false(pxi_path_exists(in_folder("home/runs/" PXI_RUN_UNFINISHED "1-0")));
    px_table_free(&list);
    px_home_close(&home);
}

static void test_a_lost_index_is_made_anew(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table before = {0}, after = {0};
    for (int i = 0; i < 20; i++) {
        char id[16];
        snprintf(id, sizeof id, "run%d", i);
        assert_ok(px_run_save(home, id, run_json(id, "2024-01-02T03:04:05+00:00"), NULL, 0, err));
    }
    assert_ok(px_runs_list(home, &before, err));
    assert_ok(pxi_sql_run(home->db, err, "DELETE FROM runs", ""));
    assert_ok(px_runs_list(home, &after, err));
    assert_int_equal(after.n_rows, 20);
    assert_same_tables(&before, &after);
    px_table_free(&before);
    px_table_free(&after);
    px_home_close(&home);
}

static void test_work_of_living_processes_is_left_alone(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table list = {0};
    int lock;
    assert_ok(save(home, "one", 1, err));
    assert_ok(pxi_lock_take(in_folder("home/runs/.lock"), 1 /* LOCK_SH */, &lock, err));
    const char *path = in_folder("home/runs/" PXI_RUN_UNFINISHED "1-0");
    assert_int_equal(mkdir(path, 0777), 0);
    assert_ok(px_runs_list(home, &list, err));
    px_table_free(&list);
    assert_true(pxi_path_exists(path));
    pxi_lock_drop(&lock);
    assert_ok(px_runs_list(home, &list, err));
    px_table_free(&list);
    assert_false(pxi_path_exists(path));
    px_home_close(&home);
}

/* ---- several processes --------------------------------------------------------------------------------- */

#define N_WRITERS 8
#define N_EACH    12

static void write_runs(int who) {
    px_home *home = NULL;
    if (px_home_open(in_folder("home"), &home, NULL) != PX_OK)
        _exit(1);
    for (int i = 0; i < N_EACH; i++) {
        char id[32];
        snprintf(id, sizeof id, "w%d-%d", who, i);
        if (save(home, id, 50, NULL) != PX_OK)
            _exit(2);
        px_status shared = save(home, "shared", 50, NULL); /* all want this one */
        if (shared != PX_OK && shared != PX_EEXISTS)
            _exit(3);
        if (i % 3 == 2 && px_run_delete(home, id, NULL) != PX_OK)
            _exit(4);
    }
    px_home_close(&home);
    _exit(0);
}

static void test_eight_writers_make_one_home(void **state) {
    (void)state;
    pid_t children[N_WRITERS];
    for (int i = 0; i < N_WRITERS; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            write_runs(i);
    }
    for (int i = 0; i < N_WRITERS; i++) {
        int exit_status;
        assert_int_equal(waitpid(children[i], &exit_status, 0), children[i]);
        assert_true(WIFEXITED(exit_status));
        assert_int_equal(WEXITSTATUS(exit_status), 0);
    }
    px_home *home = open_home();
    sqlite3_stmt *query = NULL;
    bool more;
    assert_ok(pxi_sql_query(home->db, &query, err, "SELECT count(*) FROM runs", ""));
    assert_ok(pxi_sql_row(query, &more, err));
    assert_int_equal(sqlite3_column_int(query, 0), N_WRITERS * N_EACH * 2 / 3 + 1);
    sqlite3_finalize(query);
    px_table list = {0};
    assert_ok(px_runs_list(home, &list, err));
    assert_int_equal(list.n_rows, N_WRITERS * N_EACH * 2 / 3 + 1);
    px_table_free(&list);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_run_comes_back),
        STORE_TEST(test_quantities_of_any_run),
        STORE_TEST(test_list_is_by_age),
        STORE_TEST(test_any_metric_sorts_and_chooses),
        STORE_TEST(test_chosen_runs_have_their_metrics),
        STORE_TEST(test_conditions_that_are_none),
        STORE_TEST(test_ids),
        STORE_TEST(test_delete),
        STORE_TEST(test_damaged_runs),
        STORE_TEST(test_text_must_be_utf8),
        STORE_TEST(test_index_follows_the_folders),
        STORE_TEST(test_a_lost_index_is_made_anew),
        STORE_TEST(test_work_of_living_processes_is_left_alone),
        STORE_TEST(test_eight_writers_make_one_home),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
