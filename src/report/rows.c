// SPDX-License-Identifier: Apache-2.0
/* Rows of a run's tables. */
#include "report/documents.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

/* A failed run has no tables: it says so itself. */
px_status pxi_trades_read(px_home *home, const char *run_id, px_table *out, px_error *err) {
    pxi_stored_run run = {0};
    px_status status = pxi_stored_run_open(home, run_id, &run, err);
    pxi_stored_run_close(&run);
    return status ? status : px_run_read_table(home, run_id, "trades", out, err);
}

#define MOST_COLUMNS 64

/* A cell of a row to the last row of another table, whose columns begin `shift` later. */
static px_status copy_cell(const px_table *from, size_t c, size_t row, size_t shift, px_table *to,
                           px_error *err) {
    const px_column *column = &from->columns[c];
    if (column->type == PX_COLUMN_TEXT)
        return px_table_set_text(to, c + shift, px_table_text(from, c, row), err);
    if (column->type == PX_COLUMN_F64)
        px_table_set_f64(to, c + shift, column->u.f64[row]);
    else
        px_table_set_i64(to, c + shift, column->u.i64[row]);
    return PX_OK;
}

/* The same table with the row's number before it. */
static px_status number_rows(const px_table *from, px_table *to, px_error *err) {
    px_column_def defs[MOST_COLUMNS + 1] = {{"n", PX_COLUMN_I64}};
    for (size_t c = 0; c < from->n_columns; c++)
        defs[c + 1] = (px_column_def){from->columns[c].name, from->columns[c].type};
    px_status status = px_table_init(to, defs, from->n_columns + 1, err);
    for (size_t row = 0; row < from->n_rows && !status; row++) {
        status = px_table_add_row(to, err);
        if (!status)
            px_table_set_i64(to, 0, (int64_t)row);
        for (size_t c = 0; c < from->n_columns && !status; c++)
            status = copy_cell(from, c, row, 1, to, err);
    }
    return status;
}

px_status px_run_trade_rows(px_home *home, const char *run_id, px_table *out, px_error *err) {
    px_table trades = {0}, rows = {0};
    px_status status = pxi_trades_read(home, run_id, &trades, err);
    if (!status && trades.n_columns > MOST_COLUMNS)
        status = pxi_fail(err, PX_ECORRUPT, "run %s is damaged: its trades have %zu columns", run_id,
                          trades.n_columns);
    if (!status)
        status = number_rows(&trades, &rows, err);
    px_table_free(&trades);
    if (status) {
        px_table_free(&rows);
        return status;
    }
    *out = rows;
    return PX_OK;
}

px_status pxi_rows_with(const px_table *from, const char *column, const char *text, px_table *out,
                        px_error *err) {
    px_column_def defs[MOST_COLUMNS] = {{0}};
    size_t at = px_table_find(from, column);
    if (from->n_columns > MOST_COLUMNS || at == SIZE_MAX || from->columns[at].type != PX_COLUMN_TEXT)
        return pxi_fail(err, PX_ECORRUPT, "a table of the run has no texts %s", column);
    for (size_t c = 0; c < from->n_columns; c++)
        defs[c] = (px_column_def){from->columns[c].name, from->columns[c].type};
    px_table made = {0};
    px_status status = px_table_init(&made, defs, from->n_columns, err);
    for (size_t row = 0; row < from->n_rows && !status; row++) {
        const char *cell = px_table_text(from, at, row);
        if (!cell || strcmp(cell, text) != 0)
            continue;
        status = px_table_add_row(&made, err);
        for (size_t c = 0; c < from->n_columns && !status; c++)
            status = copy_cell(from, c, row, 0, &made, err);
    }
    if (status) {
        px_table_free(&made);
        return status;
    }
    *out = made;
    return PX_OK;
}

px_status pxi_rows_document(const px_table *rows, size_t total, const px_zone *zone, char **json,
                            px_error *err) {
    pxi_text text = {0};
    char *items = NULL;
    size_t length = 0;
    px_status status = px_table_render(rows, PX_TABLE_JSON, zone, &items, &length, err);
    if (status)
        return status;
    pxi_text_printf(&text, "{\"total\":%zu,\"offset\":0,\"items\":", total);
    pxi_text_add(&text, items, length);
    if (rows->n_rows < total)
        pxi_text_printf(&text, ",\"left_out\":%zu", total - rows->n_rows);
    pxi_text_puts(&text, "}");
    free(items);
    return pxi_text_take(&text, json, err);
}
