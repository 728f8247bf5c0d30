// SPDX-License-Identifier: Apache-2.0
/* Equity as bars and changes is the table with a row a bar, to the bit and for every reader; so are runs that
 * were stored as rows, by an earlier version too (homes/rows_a_bar, which is never changed). */
#include "store_fixture.h"

#include "store/runs/account_curve.h"
#include "store/runs/run_blocks.h"

enum { N_BARS = 3000, BEGIN = 7, END = N_BARS - 3 };

static uint64_t random_next(uint64_t *state) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

/* A random account over random bars: long, short and flat, with new peaks while a position is held. */
typedef struct made {
    px_bars bars;
    pxi_account_state states[END];
    pxi_curve curve;
} made;

static made *make(uint64_t seed, size_t step) {
    made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->bars = make_bars(FIRST_US, N_BARS, (unsigned)seed);
    double peak = 0.0, cash = 100000.0, fees = 0.0, position = 0.0, entry = 0.0;
    size_t n = 0;
    for (size_t i = BEGIN, next = BEGIN; i < END; i++) {
        const double close = m->bars.close[i];
        const bool changes = i == next;
        if (changes) {
            const double wanted = i == BEGIN ? 0.0 : (double)(int64_t)(random_next(&seed) % 41) - 20.0;
            cash -= (wanted - position) * close + 0.1;
            fees += 0.1;
            position = wanted;
            entry = close + 0.05;
            next += 1 + random_next(&seed) % step;
        }
        peak = fmax(peak, cash + position * close);
        if (changes)
            m->states[n++] = (pxi_account_state){i, cash, position, entry, fees * 0.7, fees, peak, 0};
    }
    m->curve = (pxi_curve){BEGIN, END, m->bars.ts_us, m->bars.close, m->states, n};
    return m;
}

static void made_free(made *m) {
    px_bars_free(&m->bars);
    free(m);
}

static void save(px_home *home, const char *id, const made *m, bool as_rows) {
    pxi_stored_curve stored = {0};
    px_table rows = {0};
    assert_ok(pxi_curve_store(&m->curve, &m->bars, &stored, err));
    assert_ok(pxi_curve_table(&m->curve, &rows, err));
    const px_run_part parts[] = {{PXI_CURVE_BARS, &stored.bars}, {PXI_CURVE_CHANGES, &stored.changes}};
    const px_run_part row_part = {"equity", &rows};
    assert_ok(
        px_run_save(home, id, "{\"status\": \"done\"}", as_rows ? &row_part : parts, as_rows ? 1 : 2, err));
    pxi_stored_curve_free(&stored);
    px_table_free(&rows);
}

static void assert_same(const px_table *a, const px_table *b) {
    assert_int_equal(a->n_rows, b->n_rows);
    assert_int_equal(a->n_columns, b->n_columns);
    for (size_t c = 0; c < a->n_columns; c++) {
        assert_string_equal(a->columns[c].name, b->columns[c].name);
        assert_int_equal(a->columns[c].type, b->columns[c].type);
        if (a->columns[c].type != PX_COLUMN_TEXT)
            assert_memory_equal(a->columns[c].u.i64, b->columns[c].u.i64, a->n_rows * sizeof(int64_t));
    }
}

/* Blocks of a run beside the table that they are cut from. */
typedef struct cut {
    px_table whole;
    size_t at;
} cut;

static px_status begin_cut(size_t n_rows, void *context, px_error *error) {
    (void)error;
    assert_int_equal(n_rows, ((const cut *)context)->whole.n_rows);
    return PX_OK;
}

static px_status take_cut(const px_table *block, void *context, px_error *error) {
    (void)error;
    cut *c = context;
    const size_t from[] = {PXI_EQUITY_DRAWDOWN, PXI_EQUITY_TS, PXI_EQUITY_NET};
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(block->columns[i].u.i64, c->whole.columns[from[i]].u.i64 + c->at,
                            block->n_rows * sizeof(int64_t));
    c->at += block->n_rows;
    return PX_OK;
}

static void assert_same_blocks(px_home *home, const char *id) {
    cut c = {0};
    const px_column_def columns[] = {pxi_equity_defs[PXI_EQUITY_DRAWDOWN], pxi_equity_defs[PXI_EQUITY_TS],
                                     pxi_equity_defs[PXI_EQUITY_NET]};
    const pxi_run_blocks wanted = {id, "equity", columns, 3, begin_cut, take_cut, &c};
    assert_ok(px_run_read_table(home, id, "equity", &c.whole, err));
    assert_ok(pxi_run_read_blocks(home, &wanted, err));
    assert_int_equal(c.at, c.whole.n_rows);
    px_table_free(&c.whole);
}

static void test_the_table_comes_back(void **state) {
    (void)state;
    px_home *home = open_home();
    for (uint64_t seed = 1; seed <= 4; seed++) {
        char rows[16], curve[16];
        px_table wanted = {0}, found = {0};
        made *m = make(seed, seed == 1 ? 1 : 20 * seed);
        snprintf(rows, sizeof rows, "rows%d", (int)seed);
        snprintf(curve, sizeof curve, "curve%d", (int)seed);
        save(home, rows, m, true);
        save(home, curve, m, false);
        assert_ok(px_run_read_table(home, rows, "equity", &wanted, err));
        assert_ok(px_run_read_table(home, curve, "equity", &found, err));
        assert_int_equal(found.n_rows, END - BEGIN);
        assert_same(&wanted, &found);
        assert_same_blocks(home, rows);
        assert_same_blocks(home, curve);
        px_table_free(&wanted);
        px_table_free(&found);
        made_free(m);
    }
    px_home_close(&home);
}

static void assert_same_answers(px_home *home, const char *query, const char *other) {
    px_table a = {0}, b = {0};
    assert_ok(px_runs_query(home, query, NULL, &a, err));
    assert_ok(px_runs_query(home, other, NULL, &b, err));
    assert_true(a.n_rows > 0);
    assert_same(&a, &b);
    px_table_free(&a);
    px_table_free(&b);
}

#define SUMS                                                                                                 \
    "SELECT count(*), sum(epoch_us(ts)), sum(equity_net), sum(cash), sum(position), sum(realised_gross), "   \
    "sum(unrealised), sum(fees_paid), sum(drawdown_pct), count(*) FILTER (1 / unrealised < 0 AND "           \
    "unrealised = 0) FROM equity WHERE run_id = "

/* Runs of one form alone, and of both in one view. */
static void test_sql_has_the_same_rows(void **state) {
    (void)state;
    px_home *home = open_home();
    made *m = make(3, 40);
    px_table alone = {0}, both = {0};
    save(home, "curve", m, false);
    assert_ok(px_runs_query(home, "DESCRIBE equity", NULL, &alone, err));
    save(home, "rows", m, true);
    assert_ok(px_runs_query(home, "DESCRIBE equity", NULL, &both, err));
    assert_same(&alone, &both);
    assert_same_answers(home, SUMS "'curve'", SUMS "'rows'");
    assert_same_answers(home, "SELECT * EXCLUDE (run_id) FROM equity WHERE run_id = 'curve' ORDER BY ts",
                        "SELECT * EXCLUDE (run_id) FROM equity WHERE run_id = 'rows' ORDER BY ts");
    assert_same_answers(home, "SELECT epoch_us(ts) FROM equity WHERE run_id = 'curve'",
                        "SELECT epoch_us(ts) FROM equity WHERE run_id = 'rows'");
    px_table_free(&alone);
    px_table_free(&both);
    made_free(m);
    px_home_close(&home);
}

static void copy_file(const char *name, const char *to) {
    char path[1024], *text = NULL;
    const char *source = getenv("PIXITY_SOURCE");
    size_t length;
    snprintf(path, sizeof path, "%s/tests/unit/homes/rows_a_bar/%s", source ? source : ".", name);
    assert_ok(pxi_file_read(path, &text, &length, err));
    assert_ok(pxi_file_write(to, text, length, err));
    free(text);
}

static void test_a_run_of_an_earlier_version(void **state) {
    (void)state;
    char *wanted = NULL, *found = NULL;
    size_t n_wanted, n_found;
    px_home *home = open_home();
    made *m = make(5, 40);
    save(home, "new", m, false); /* makes runs/ */
    assert_int_equal(mkdir(in_folder("home/runs/rows"), 0700), 0);
    copy_file("run.json", in_folder("home/runs/rows/run.json"));
    copy_file("equity.parquet", in_folder("home/runs/rows/equity.parquet"));
    copy_file("equity.csv", in_folder("wanted.csv"));
    assert_ok(px_run_export(home, "rows", "equity", PX_FILE_CSV, in_folder("found.csv"), err));
    assert_ok(pxi_file_read(in_folder("wanted.csv"), &wanted, &n_wanted, err));
    assert_ok(pxi_file_read(in_folder("found.csv"), &found, &n_found, err));
    assert_int_equal(n_wanted, n_found);
    assert_memory_equal(wanted, found, n_wanted);
    assert_same_answers(home, "SELECT count(*) AS n FROM equity WHERE run_id = 'rows'", "SELECT 400 AS n");
    free(wanted);
    free(found);
    made_free(m);
    px_home_close(&home);
}

static void test_tables_and_damage(void **state) {
    (void)state;
    px_home *home = open_home();
    px_table table = {0};
    made *m = make(2, 40), *other = make(4, 10);
    save(home, "a", m, false);
    save(home, "b", other, false);
    assert_ok(px_run_export(home, "a", NULL, PX_FILE_CSV, in_folder("out"), err));
    assert_true(pxi_path_exists(in_folder("out/equity.csv")));
    assert_false(pxi_path_exists(in_folder("out/equity.bars.csv")));
    assert_false(pxi_path_exists(in_folder("out/equity.changes.csv")));
    assert_fails(px_run_read_table(home, "a", "equty", &table, err), PX_ENOTFOUND, "equity");
    assert_ok(px_run_read_table(home, "a", PXI_CURVE_BARS, &table, err));
    px_table_free(&table);
    assert_int_equal(
        rename(in_folder("home/runs/b/equity.bars.parquet"), in_folder("home/runs/a/equity.bars.parquet")),
        0);
    assert_fails(px_run_read_table(home, "a", "equity", &table, err), PX_ECORRUPT, "do not belong together");
    assert_fails(px_run_read_table(home, "b", "equity", &table, err), PX_ENOTFOUND,
                 "no table \"equity.bars\"");
    assert_int_equal(unlink(in_folder("home/runs/a/equity.changes.parquet")), 0);
    assert_fails(px_run_read_table(home, "a", "equity", &table, err), PX_ENOTFOUND, "no table");
    assert_null(table.columns);
    made_free(m);
    made_free(other);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_the_table_comes_back),
        STORE_TEST(test_sql_has_the_same_rows),
        STORE_TEST(test_a_run_of_an_earlier_version),
        STORE_TEST(test_tables_and_damage),
    };
    return cmocka_run_group_tests_name("run curve", tests, NULL, NULL);
}
