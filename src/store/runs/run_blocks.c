// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_blocks.h"

#include "base/error.h"
#include "base/mem.h"
#include "table/table.h"
#include "store/runs/account_curve.h"
#include "store/runs/run_index.h"
#include "files/duck/table_parquet.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

typedef struct reading {
    const pxi_run_blocks *wanted;
    px_table block;
    size_t capacity;
} reading;

/* An undefined number is a missing one in the file. */
static void take_column(reading *r, pxi_duck_rows *rows, size_t c, size_t n) {
    px_column *column = &r->block.columns[c];
    if (px_column_is_real(column->type))
        memcpy(column->u.f64, pxi_duck_f64(rows, c), n * sizeof(double));
    else
        memcpy(column->u.i64, pxi_duck_i64(rows, c), n * sizeof(int64_t));
    for (size_t i = 0; i < n; i++) {
        if (!pxi_duck_is_null(rows, c, i))
            continue;
        if (px_column_is_real(column->type))
            column->u.f64[i] = NAN;
        else
            column->u.i64[i] = PX_NULL_I64;
    }
}

static px_status take_block(pxi_duck_rows *rows, size_t n, void *context, px_error *err) {
    reading *r = context;
    if (n > r->capacity) {
        px_table_free(&r->block);
        px_status status = px_table_init(&r->block, r->wanted->columns, r->wanted->n_columns, err);
        if (!status)
            status = pxi_table_set_rows(&r->block, n, err);
        if (status)
            return status;
        r->capacity = n;
    }
    r->block.n_rows = n;
    for (size_t c = 0; c < r->block.n_columns; c++)
        take_column(r, rows, c, n);
    return r->wanted->take(&r->block, r->wanted->context, err);
}

static px_status check_columns(const px_table *table, const pxi_run_blocks *wanted, px_error *err) {
    for (size_t c = 0; c < wanted->n_columns; c++) {
        const size_t at = px_table_find(table, wanted->columns[c].name);
        if (at == SIZE_MAX || table->columns[at].type != wanted->columns[c].type)
            return pxi_fail(err, PX_ECORRUPT, "run %s is damaged: a table of it has no column %s",
                            wanted->run_id, wanted->columns[c].name);
    }
    return PX_OK;
}

/* What the file says of itself: its columns, then how many rows it has. */
static px_status begin(pxi_duck *duck, const char *path, const pxi_run_blocks *wanted, px_error *err) {
    pxi_duck_rows *none = NULL, *count = NULL;
    px_table table = {0};
    px_status status = pxi_duck_query(duck, &none, err, "SELECT * FROM read_parquet(%Q) LIMIT 0", path);
    if (!status)
        status = pxi_table_take(none, &table, err);
    if (!status)
        status = check_columns(&table, wanted, err);
    if (!status)
        status = pxi_duck_query(duck, &count, err, "SELECT count(*) FROM read_parquet(%Q)", path);
    if (!status)
        status = pxi_duck_fetch(count) == 1
                     ? wanted->begin((size_t)pxi_duck_i64(count, 0)[0], wanted->context, err)
                     : pxi_fail_memory(err);
    px_table_free(&table);
    pxi_duck_rows_free(&count);
    pxi_duck_rows_free(&none);
    return status;
}

/* "ts", "cash": the columns of a statement. */
static char *list_columns(const pxi_run_blocks *wanted) {
    sqlite3_str *list = sqlite3_str_new(NULL);
    for (size_t c = 0; c < wanted->n_columns; c++)
        sqlite3_str_appendf(list, "%s\"%w\"", c ? ", " : "", wanted->columns[c].name);
    return sqlite3_str_finish(list);
}

static px_status read_blocks(pxi_duck *duck, const char *path, const pxi_run_blocks *wanted, px_error *err) {
    reading r = {.wanted = wanted};
    char *columns = list_columns(wanted);
    char *query = columns ? sqlite3_mprintf("SELECT %s FROM read_parquet(%Q)", columns, path) : NULL;
    px_status status = query ? begin(duck, path, wanted, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_duck_each(duck, columns, query, take_block, &r, err);
    px_table_free(&r.block);
    sqlite3_free(query);
    sqlite3_free(columns);
    return status;
}

static px_status read_file(px_home *home, const pxi_run_blocks *wanted, px_error *err) {
    pxi_duck *duck = NULL;
    pxi_pinned pinned;
    char *path = NULL;
    px_status status = pxi_run_table_path(home, wanted->run_id, wanted->part, &path, err);
    if (!status)
        status = pxi_home_duck(home, &duck, err);
    if (!status)
        status = pxi_pin(path, &pinned, err);
    if (!status) {
        status = read_blocks(duck, pinned.path, wanted, err);
        if (status && status != PX_ENOMEM)
            status = pxi_fail_prefix(err, PX_ECORRUPT, "%s is damaged", path);
        pxi_unpin(&pinned);
    }
    free(path);
    return status;
}

/* ---- equity, of its bars and changes ------------------------------------------------------------------- */

typedef struct making {
    const pxi_run_blocks *wanted;
    px_table changes;
    size_t begun;
} making;

static px_status begin_bars(size_t n_rows, void *context, px_error *err) {
    const making *m = context;
    return m->wanted->begin(n_rows, m->wanted->context, err);
}

static px_status take_bars(const px_table *bars, void *context, px_error *err) {
    making *m = context;
    px_table made = {0}, block = {0};
    px_status status = pxi_curve_restore(bars, &m->changes, &m->begun, &made, err);
    if (!status)
        status = check_columns(&made, m->wanted, err);
    block.columns = status ? NULL : pxi_new_array(m->wanted->n_columns, sizeof *block.columns);
    if (!status && !block.columns)
        status = pxi_fail_memory(err);
    if (!status) {
        block.n_rows = made.n_rows;
        block.n_columns = m->wanted->n_columns;
        for (size_t c = 0; c < block.n_columns; c++)
            block.columns[c] = made.columns[px_table_find(&made, m->wanted->columns[c].name)];
        status = m->wanted->take(&block, m->wanted->context, err);
    }
    free(block.columns);
    px_table_free(&made);
    return status;
}

px_status pxi_run_read_blocks(px_home *home, const pxi_run_blocks *wanted, px_error *err) {
    making m = {.wanted = wanted};
    const pxi_run_blocks bars = {.run_id = wanted->run_id,
                                 .part = PXI_CURVE_BARS,
                                 .columns = pxi_curve_bar_defs,
                                 .n_columns = PXI_N_CURVE_BARS,
                                 .begin = begin_bars,
                                 .take = take_bars,
                                 .context = &m};
    px_status status = pxi_run_read_changes(home, wanted->run_id, wanted->part, &m.changes, err);
    if (!status)
        status = read_file(home, m.changes.columns ? &bars : wanted, err);
    if (!status && m.changes.columns && (status = pxi_curve_restored(&m.changes, m.begun, err)))
        status = pxi_fail_prefix(err, status, "the run %s is damaged", wanted->run_id);
    px_table_free(&m.changes);
    return status;
}
