// SPDX-License-Identifier: Apache-2.0
/* Bars and tables in bulk, without a result or a table in between: DuckDB's statements call functions of ours
 * that take blocks of bars, or give blocks of rows, in the order of the file. */
#include "files/duck/duckdb_private.h"

#include "base/error.h"
#include "base/text.h"
#include "base/mem.h"
#include "base/work.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

/* ---- bars out of Parquet files ------------------------------------------------------------------------- */

static bool all_valid(duckdb_data_chunk chunk, size_t n) {
    uint64_t rest = n % 64 ? (UINT64_C(1) << n % 64) - 1 : 0;
    for (idx_t column = 0; column < duckdb_data_chunk_get_column_count(chunk); column++) {
        const uint64_t *validity = duckdb_vector_get_validity(duckdb_data_chunk_get_vector(chunk, column));
        for (size_t word = 0; validity && word < n / 64; word++)
            if (validity[word] != UINT64_MAX)
                return false;
        if (validity && rest && (validity[n / 64] & rest) != rest)
            return false;
    }
    return true;
}

static px_status take_bars(pxi_duck_work *work, duckdb_data_chunk chunk, size_t n) {
    px_bars *bars = work->bars;
    if (!all_valid(chunk, n))
        return pxi_fail(&work->error, PX_ECORRUPT, "a value is missing");
    if (bars->n + n > bars->capacity) {
        px_status status = px_bars_reserve(bars, 2 * (bars->n + n), &work->error);
        if (status)
            return status;
    }
    double *columns[] = {bars->open, bars->high, bars->low, bars->close, bars->volume};
    memcpy(bars->ts_us + bars->n, duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, 0)),
           n * sizeof(int64_t));
    for (idx_t c = 0; c < 5; c++)
        memcpy(columns[c] + bars->n, duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, c + 1)),
               n * sizeof(double));
    bars->n += n;
    return work->look.look ? work->look.look(work->look.context, bars, bars->n - n, &work->error) : PX_OK;
}

/* pixity_take(ts, open, high, low, close, volume): called block by block in the order of the files. */
static void take_function(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    pxi_duck_work *work = duckdb_scalar_function_get_extra_info(info);
    size_t n = duckdb_data_chunk_get_size(input);
    memset(duckdb_vector_get_data(output), 0, n * sizeof(bool));
    if (!work->status)
        work->status = pxi_work_ask(work->caller, &work->error);
    if (!work->status)
        work->status = take_bars(work, input, n);
    if (work->status)
        duckdb_scalar_function_set_error(info, work->error.message);
}

static px_status register_take(pxi_duck *duck, px_error *err) {
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type time = duckdb_create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ);
    duckdb_logical_type number = duckdb_create_logical_type(DUCKDB_TYPE_DOUBLE);
    duckdb_logical_type boolean = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    duckdb_scalar_function_set_name(function, "pixity_take");
    duckdb_scalar_function_add_parameter(function, time);
    for (int i = 0; i < 5; i++)
        duckdb_scalar_function_add_parameter(function, number);
    duckdb_scalar_function_set_return_type(function, boolean);
    duckdb_scalar_function_set_volatile(function);         /* it must see every row */
    duckdb_scalar_function_set_special_handling(function); /* and rows with NULL, to refuse them */
    duckdb_scalar_function_set_extra_info(function, &duck->work, NULL);
    duckdb_scalar_function_set_function(function, take_function);
    duckdb_state state = duckdb_register_scalar_function(duck->connection, function);
    duckdb_destroy_logical_type(&boolean);
    duckdb_destroy_logical_type(&number);
    duckdb_destroy_logical_type(&time);
    duckdb_destroy_scalar_function(&function);
    return state == DuckDBSuccess ? PX_OK : pxi_fail(err, PX_ELIBRARY, "DuckDB refused a function");
}

px_status pxi_duck_read_bars(pxi_duck *duck, const char *const *paths, size_t n, const pxi_bars_look *look,
                             px_bars *bars, px_error *err) {
    char *list = NULL;
    sqlite3_str *text = sqlite3_str_new(NULL);
    for (size_t i = 0; i < n; i++)
        sqlite3_str_appendf(text, "%s%Q", i ? "," : "", paths[i]);
    list = sqlite3_str_finish(text);
    if (!list)
        return pxi_fail_memory(err);
    duck->work = (pxi_duck_work){.bars = bars, .caller = &duck->caller};
    if (look)
        duck->work.look = *look;
    size_t before = bars->n;
    px_status status = pxi_duck_run(
        duck, err, "SELECT count(pixity_take(ts, open, high, low, close, volume)) FROM read_parquet([%s])",
        list);
    sqlite3_free(list);
    if (duck->work.status)
        status = pxi_fail(err, duck->work.status, "%s", duck->work.error.message);
    duck->work.bars = NULL;
    if (status)
        bars->n = before;
    return status;
}

/* ---- any rows ------------------------------------------------------------------------------------------ */

/* pixity_each(...): called block by block in the order of the rows. */
static void each_function(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    pxi_duck_work *work = duckdb_scalar_function_get_extra_info(info);
    size_t n = duckdb_data_chunk_get_size(input);
    pxi_duck_rows rows = {.chunk = input, .is_lent = true};
    memset(duckdb_vector_get_data(output), 0, n * sizeof(bool));
    if (!work->status)
        work->status = pxi_work_ask(work->caller, &work->error);
    if (!work->status && work->take)
        work->status = work->take(&rows, n, work->context, &work->error);
    if (work->status)
        duckdb_scalar_function_set_error(info, "stopped");
}

static px_status register_each(pxi_duck *duck, px_error *err) {
    duckdb_scalar_function function = duckdb_create_scalar_function();
    duckdb_logical_type any = duckdb_create_logical_type(DUCKDB_TYPE_ANY);
    duckdb_logical_type boolean = duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN);
    duckdb_scalar_function_set_name(function, "pixity_each");
    duckdb_scalar_function_set_varargs(function, any);
    duckdb_scalar_function_set_return_type(function, boolean);
    duckdb_scalar_function_set_volatile(function);
    duckdb_scalar_function_set_special_handling(function);
    duckdb_scalar_function_set_extra_info(function, &duck->work, NULL);
    duckdb_scalar_function_set_function(function, each_function);
    duckdb_state state = duckdb_register_scalar_function(duck->connection, function);
    duckdb_destroy_logical_type(&boolean);
    duckdb_destroy_logical_type(&any);
    duckdb_destroy_scalar_function(&function);
    return state == DuckDBSuccess ? PX_OK : pxi_fail(err, PX_ELIBRARY, "DuckDB refused a function");
}

px_status pxi_duck_each(pxi_duck *duck, const char *columns, const char *query, pxi_duck_block_fn take,
                        void *context, px_error *err) {
    duck->work = (pxi_duck_work){.take = take, .context = context, .caller = &duck->caller};
    px_status status = pxi_duck_run(duck, err, "SELECT count(pixity_each(%s)) FROM (%s)", columns, query);
    if (duck->work.status)
        status = pxi_fail(err, duck->work.status, "%s", duck->work.error.message);
    duck->work.take = NULL;
    return status;
}

/* ---- rows into Parquet files --------------------------------------------------------------------------- */

static duckdb_type type_of(px_column_type type) {
    switch (type) {
    case PX_COLUMN_I64:
        return DUCKDB_TYPE_BIGINT;
    case PX_COLUMN_F64:
    case PX_COLUMN_QUANTITY:
        return DUCKDB_TYPE_DOUBLE;
    case PX_COLUMN_TIME:
        return DUCKDB_TYPE_TIMESTAMP_TZ;
    case PX_COLUMN_TEXT:
        return DUCKDB_TYPE_VARCHAR;
    case PX_COLUMN_FLAG:
    case PX_COLUMN_BOOL:
        return DUCKDB_TYPE_BOOLEAN;
    }
    return DUCKDB_TYPE_INVALID;
}

static bool is_undefined(const px_column *column, size_t row) {
    return px_column_is_real(column->type) ? isnan(column->u.f64[row]) : column->u.i64[row] == PX_NULL_I64;
}

/* No file holds -0.0: DuckDB's filters by its Bloom filter lose such rows under `= 0`. */
static void copy_doubles(double *to, const double *from, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] + 0.0;
}

static void copy_flags(bool *to, const int64_t *from, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] == 1;
}

/* Copies rows [begin, begin + n) of one column. */
static px_status fill_vector(duckdb_vector vector, const px_table *rows, size_t c, size_t begin, size_t n,
                             px_error *err) {
    const px_column *column = &rows->columns[c];
    uint64_t *validity = NULL;
    if (px_column_is_real(column->type))
        copy_doubles(duckdb_vector_get_data(vector), column->u.f64 + begin, n);
    else if (column->type == PX_COLUMN_FLAG || column->type == PX_COLUMN_BOOL)
        copy_flags(duckdb_vector_get_data(vector), column->u.i64 + begin, n);
    else if (column->type != PX_COLUMN_TEXT)
        memcpy(duckdb_vector_get_data(vector), column->u.i64 + begin, n * sizeof(int64_t));
    for (size_t i = 0; i < n; i++) {
        if (is_undefined(column, begin + i)) {
            if (!validity) {
                duckdb_vector_ensure_validity_writable(vector);
                validity = duckdb_vector_get_validity(vector);
            }
            duckdb_validity_set_row_invalid(validity, i);
        } else if (column->type == PX_COLUMN_TEXT) {
            const char *text = px_table_text(rows, c, begin + i);
            if (!pxi_is_utf8(text)) /* DuckDB leaves this to its caller */
                return pxi_fail(err, PX_EINPUT, "row %zu of column \"%s\" is not UTF-8", begin + i + 1,
                                column->name);
            duckdb_vector_assign_string_element_len(vector, i, text, strlen(text));
        }
    }
    return PX_OK;
}

static void rows_bind(duckdb_bind_info info) {
    const pxi_duck_work *work = duckdb_bind_get_extra_info(info);
    for (size_t c = 0; c < work->rows->n_columns; c++) {
        const px_column *column = &work->rows->columns[c];
        duckdb_logical_type type = duckdb_create_logical_type(type_of(column->type));
        duckdb_bind_add_result_column(info, column->name, type);
        duckdb_destroy_logical_type(&type);
    }
    duckdb_bind_set_cardinality(info, work->rows->n_rows, true);
}

static void rows_init(duckdb_init_info info) {
    pxi_duck_work *work = duckdb_init_get_extra_info(info);
    work->next_row = 0;
    duckdb_init_set_max_threads(info, 1);
}

/* pixity_rows(): the next block of rows; none at the end. */
static void rows_function(duckdb_function_info info, duckdb_data_chunk output) {
    pxi_duck_work *work = duckdb_function_get_extra_info(info);
    size_t left = work->rows->n_rows - work->next_row, block = duckdb_vector_size();
    size_t n = left < block ? left : block;
    if (!work->status)
        work->status = pxi_work_ask(work->caller, &work->error);
    for (size_t c = 0; n > 0 && c < work->rows->n_columns && !work->status; c++)
        work->status = fill_vector(duckdb_data_chunk_get_vector(output, c), work->rows, c, work->next_row, n,
                                   &work->error);
    if (work->status)
        duckdb_function_set_error(info, work->error.message);
    work->next_row += n;
    duckdb_data_chunk_set_size(output, work->status ? 0 : n);
}

px_status pxi_duck_write_parquet(pxi_duck *duck, const px_table *rows, const char *options, const char *path,
                                 px_error *err) {
    duck->work = (pxi_duck_work){.rows = rows, .caller = &duck->caller};
    px_status status = pxi_duck_run(
        duck, err, "COPY (FROM pixity_rows()) TO '%s%q' (FORMAT parquet, USE_TMP_FILE false, %s)",
        pxi_duck_here(path), path, options);
    if (duck->work.status)
        status = pxi_fail(err, duck->work.status, "%s", duck->work.error.message);
    duck->work.rows = NULL;
    return status;
}

static px_status register_rows(pxi_duck *duck, px_error *err) {
    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, "pixity_rows");
    duckdb_table_function_set_extra_info(function, &duck->work, NULL);
    duckdb_table_function_set_bind(function, rows_bind);
    duckdb_table_function_set_init(function, rows_init);
    duckdb_table_function_set_function(function, rows_function);
    duckdb_state state = duckdb_register_table_function(duck->connection, function);
    duckdb_destroy_table_function(&function);
    return state == DuckDBSuccess ? PX_OK : pxi_fail(err, PX_ELIBRARY, "DuckDB refused a function");
}

px_status pxi_duck_register(pxi_duck *duck, px_error *err) {
    px_status status = register_take(duck, err);
    if (!status)
        status = register_each(duck, err);
    return status ? status : register_rows(duck, err);
}
