// SPDX-License-Identifier: Apache-2.0
/* Rows of a run's tables, as the API lists them. */
#include "report/documents.h"

#include "base/error.h"

#include <stdlib.h>
#include <string.h>

#define MOST_COLUMNS 64

/* ---- copies ------------------------------------------------------------------------------------------- */

/* What of a table is wanted. */
typedef struct selection {
    size_t n_columns; /* the first ones */
    bool numbered;    /* with a column n in front */
    size_t column;    /* only rows with `text` in this column; SIZE_MAX = all */
    const char *text;
} selection;

static px_status init_copy(const px_table *from, const selection *wanted, px_table *to, px_error *err) {
    px_column_def defs[MOST_COLUMNS + 1] = {{"n", PX_COLUMN_I64}};
    size_t shift = wanted->numbered;
    if (wanted->n_columns > MOST_COLUMNS)
        return pxi_fail(err, PX_ECORRUPT, "a table of the run has %zu columns, which no run has",
                        wanted->n_columns);
    for (size_t c = 0; c < wanted->n_columns; c++)
        defs[c + shift] = (px_column_def){from->columns[c].name, from->columns[c].type};
    return px_table_init(to, defs, wanted->n_columns + shift, err);
}

static px_status copy_cell(const px_table *from, size_t c, size_t row, size_t to_column, px_table *to,
                           px_error *err) {
    const px_column *column = &from->columns[c];
    if (column->type == PX_COLUMN_TEXT)
        return px_table_set_text(to, to_column, px_table_text(from, c, row), err);
    if (px_column_is_real(column->type))
        px_table_set_f64(to, to_column, column->u.f64[row]);
    else
        px_table_set_i64(to, to_column, column->u.i64[row]);
    return PX_OK;
}

static px_status copy_row(const px_table *from, size_t row, const selection *wanted, px_table *to,
                          px_error *err) {
    px_status status = px_table_add_row(to, err);
    if (!status && wanted->numbered)
        px_table_set_i64(to, 0, (int64_t)row);
    for (size_t c = 0; c < wanted->n_columns && !status; c++)
        status = copy_cell(from, c, row, c + wanted->numbered, to, err);
    return status;
}

static bool is_wanted(const px_table *from, size_t row, const selection *wanted) {
    const char *text = wanted->column == SIZE_MAX ? NULL : px_table_text(from, wanted->column, row);
    return wanted->column == SIZE_MAX || (text && strcmp(text, wanted->text) == 0);
}

static px_status copy(const px_table *from, const selection *wanted, px_table *out, px_error *err) {
    px_table made = {0};
    px_status status = init_copy(from, wanted, &made, err);
    for (size_t row = 0; row < from->n_rows && !status; row++)
        if (is_wanted(from, row, wanted))
            status = copy_row(from, row, wanted, &made, err);
    if (status) {
        px_table_free(&made);
        return status;
    }
    *out = made;
    return PX_OK;
}

px_status pxi_rows_with(const px_table *from, const char *column, const char *text, px_table *out,
                        px_error *err) {
    selection wanted = {from->n_columns, false, px_table_find(from, column), text};
    if (wanted.column == SIZE_MAX || from->columns[wanted.column].type != PX_COLUMN_TEXT)
        return pxi_fail(err, PX_ECORRUPT, "a table of the run has no texts %s", column);
    return copy(from, &wanted, out, err);
}

/* ---- of a run ----------------------------------------------------------------------------------------- */

/* A failed run has no tables: it says so itself. */
static px_status read_part(px_home *home, const char *run_id, const char *part, px_table *out,
                           px_error *err) {
    pxi_stored_run run = {0};
    px_status status = pxi_stored_run_open(home, run_id, &run, err);
    pxi_stored_run_close(&run);
    return status ? status : px_run_read_table(home, run_id, part, out, err);
}

px_status pxi_trades_read(px_home *home, const char *run_id, px_table *out, px_error *err) {
    return read_part(home, run_id, "trades", out, err);
}

px_status px_run_trade_rows(px_home *home, const char *run_id, px_table *out, px_error *err) {
    px_table trades = {0};
    px_status status = pxi_trades_read(home, run_id, &trades, err);
    selection wanted = {trades.n_columns, true, SIZE_MAX, NULL};
    if (!status)
        status = copy(&trades, &wanted, out, err);
    px_table_free(&trades);
    return status;
}

/* The inputs of the model stand behind the tag. */
px_status px_run_event_rows(px_home *home, const char *run_id, px_table *out, px_error *err) {
    px_table signals = {0};
    size_t tag = 0;
    px_status status = read_part(home, run_id, "signals", &signals, err);
    if (!status)
        status = pxi_table_column(&signals, "tag", PX_COLUMN_TEXT, run_id, &tag, err);
    selection wanted = {tag + 1, false, SIZE_MAX, NULL};
    if (!status)
        status = copy(&signals, &wanted, out, err);
    px_table_free(&signals);
    return status;
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
