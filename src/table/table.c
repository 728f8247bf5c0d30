// SPDX-License-Identifier: Apache-2.0
#include "table/table.h"

#include "base/error.h"
#include "base/mem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(int64_t) == sizeof(double), "columns share one cell size");
#define CELL sizeof(int64_t)

px_status px_table_init(px_table *table, const px_column_def *defs, size_t n_columns, px_error *err) {
    px_table made = {0};
    made.columns = pxi_new_array(n_columns, sizeof *made.columns);
    if (!made.columns)
        return pxi_fail_memory(err);
    for (; made.n_columns < n_columns; made.n_columns++) {
        px_column *column = &made.columns[made.n_columns];
        column->type = defs[made.n_columns].type;
        column->name = strdup(defs[made.n_columns].name);
        if (!column->name) {
            px_table_free(&made);
            return pxi_fail_memory(err);
        }
    }
    *table = made;
    return PX_OK;
}

void px_table_free(px_table *table) {
    if (!table)
        return;
    for (size_t c = 0; c < table->n_columns; c++) {
        free((char *)(uintptr_t)table->columns[c].name);
        free(table->columns[c].u.i64);
    }
    free(table->columns);
    free(table->pool);
    memset(table, 0, sizeof *table);
}

static bool grow_rows(px_table *table) {
    size_t capacity = table->row_capacity;
    for (size_t c = 0; c < table->n_columns; c++) {
        capacity = table->row_capacity;
        if (!pxi_grow(&table->columns[c].u.i64, &capacity, table->n_rows + 1, CELL))
            return false;
    }
    table->row_capacity = capacity;
    return true;
}

px_status pxi_table_set_rows(px_table *table, size_t n_rows, px_error *err) {
    size_t bytes;
    assert(table->row_capacity == 0);
    if (__builtin_mul_overflow(n_rows, CELL, &bytes))
        return pxi_fail_memory(err);
    for (size_t c = 0; c < table->n_columns; c++)
        if (!(table->columns[c].u.i64 = pxi_new_block(bytes)))
            return pxi_fail_memory(err);
    table->n_rows = table->row_capacity = n_rows;
    return PX_OK;
}

px_status px_table_add_row(px_table *table, px_error *err) {
    if (table->n_rows == table->row_capacity && !grow_rows(table))
        return pxi_fail_memory(err);
    for (size_t c = 0; c < table->n_columns; c++) {
        if (px_column_is_real(table->columns[c].type))
            table->columns[c].u.f64[table->n_rows] = NAN;
        else
            table->columns[c].u.i64[table->n_rows] = PX_NULL_I64;
    }
    table->n_rows++;
    return PX_OK;
}

void px_table_set_i64(px_table *table, size_t column, int64_t value) {
    assert(column < table->n_columns && !px_column_is_real(table->columns[column].type));
    table->columns[column].u.i64[table->n_rows - 1] = value;
}

void px_table_set_f64(px_table *table, size_t column, double value) {
    assert(column < table->n_columns && px_column_is_real(table->columns[column].type));
    table->columns[column].u.f64[table->n_rows - 1] = value;
}

/* Texts are offsets into the pool, values their complements: negative, and never PX_NULL_I64. */
px_status px_table_set_value(px_table *table, size_t column, const char *text, px_error *err) {
    px_status status = px_table_set_text(table, column, text, err);
    int64_t *cell = &table->columns[column].u.i64[table->n_rows - 1];
    if (!status && *cell != PX_NULL_I64)
        *cell = ~*cell;
    return status;
}

px_status px_table_set_text(px_table *table, size_t column, const char *text, px_error *err) {
    assert(column < table->n_columns && table->columns[column].type == PX_COLUMN_TEXT);
    int64_t offset = PX_NULL_I64;
    if (text) {
        size_t bytes = strlen(text) + 1;
        if (!pxi_grow(&table->pool, &table->pool_capacity, table->pool_used + bytes, 1))
            return pxi_fail_memory(err);
        memcpy(table->pool + table->pool_used, text, bytes);
        offset = (int64_t)table->pool_used;
        table->pool_used += bytes;
    }
    table->columns[column].u.i64[table->n_rows - 1] = offset;
    return PX_OK;
}

size_t px_table_find(const px_table *table, const char *name) {
    for (size_t c = 0; c < table->n_columns; c++)
        if (strcmp(table->columns[c].name, name) == 0)
            return c;
    return SIZE_MAX;
}

const char *px_table_text(const px_table *table, size_t column, size_t row) {
    assert(column < table->n_columns && row < table->n_rows);
    assert(table->columns[column].type == PX_COLUMN_TEXT);
    int64_t offset = table->columns[column].u.i64[row];
    if (offset == PX_NULL_I64)
        return NULL;
    return table->pool + (offset < 0 ? ~offset : offset);
}
