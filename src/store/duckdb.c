// SPDX-License-Identifier: Apache-2.0
#include "store/duck.h"
#include "pixity/store.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#define DUCKDB_API_NO_DEPRECATED
#include <duckdb.h>
#include <math.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* What pxi_duck_read_bars appends to while its query runs. */
typedef struct bar_sink {
    px_bars *bars;
    px_status status;
    px_error error;
} bar_sink;

struct pxi_duck {
    duckdb_database database;
    duckdb_connection connection;
    bar_sink sink;
};

struct pxi_duck_rows {
    duckdb_result result;
    duckdb_data_chunk chunk;
};

/* DuckDB's messages go on with hints and the statement; their first line says what happened. */
static px_status fail_duck(px_error *err, duckdb_error_type type, const char *message) {
    px_status status = type == DUCKDB_ERROR_IO              ? PX_EIO
                       : type == DUCKDB_ERROR_OUT_OF_MEMORY ? PX_ENOMEM
                                                            : PX_ELIBRARY;
    if (!message)
        message = "unknown error";
    return pxi_fail(err, status, "DuckDB: %.*s", (int)strcspn(message, "\n"), message);
}

/* ---- the sink: bars without a result in between -------------------------------------------------------- */

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

static px_status take_bars(bar_sink *sink, duckdb_data_chunk chunk, size_t n) {
    px_bars *bars = sink->bars;
    if (!all_valid(chunk, n))
        return pxi_fail(&sink->error, PX_ECORRUPT, "a value is missing");
    if (bars->n + n > bars->capacity) {
        px_status status = px_bars_reserve(bars, 2 * (bars->n + n), &sink->error);
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
    return PX_OK;
}

/* pixity_take(ts, open, high, low, close, volume): called block by block in the order of the files. */
static void sink_function(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output) {
    bar_sink *sink = duckdb_scalar_function_get_extra_info(info);
    size_t n = duckdb_data_chunk_get_size(input);
    memset(duckdb_vector_get_data(output), 0, n * sizeof(bool));
    if (!sink->status)
        sink->status = take_bars(sink, input, n);
    if (sink->status)
        duckdb_scalar_function_set_error(info, sink->error.message);
}

static px_status register_sink(pxi_duck *duck, px_error *err) {
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
    duckdb_scalar_function_set_extra_info(function, &duck->sink, NULL);
    duckdb_scalar_function_set_function(function, sink_function);
    duckdb_state state = duckdb_register_scalar_function(duck->connection, function);
    duckdb_destroy_logical_type(&boolean);
    duckdb_destroy_logical_type(&number);
    duckdb_destroy_logical_type(&time);
    duckdb_destroy_scalar_function(&function);
    return state == DuckDBSuccess ? PX_OK : pxi_fail(err, PX_ELIBRARY, "DuckDB refused a function");
}

px_status pxi_duck_read_bars(pxi_duck *duck, const char *const *paths, size_t n, px_bars *bars,
                             px_error *err) {
    char *list = NULL;
    sqlite3_str *text = sqlite3_str_new(NULL);
    for (size_t i = 0; i < n; i++)
        sqlite3_str_appendf(text, "%s%Q", i ? "," : "", paths[i]);
    list = sqlite3_str_finish(text);
    if (!list)
        return pxi_fail_memory(err);
    duck->sink = (bar_sink){.bars = bars};
    size_t before = bars->n;
    px_status status = pxi_duck_run(
        duck, err, "SELECT count(pixity_take(ts, open, high, low, close, volume)) FROM read_parquet([%s])",
        list);
    sqlite3_free(list);
    if (duck->sink.status)
        status = pxi_fail(err, duck->sink.status, "%s", duck->sink.error.message);
    duck->sink.bars = NULL;
    if (status)
        bars->n = before;
    return status;
}

/* ---- open, close, statements --------------------------------------------------------------------------- */

px_status pxi_duck_open(pxi_duck **out, px_error *err) {
    /* No network, no files outside those named, no spilling. The file cache would copy every page once more,
     * and goes by path, where ours are descriptors that stand for other files later. */
    static const char *const settings[][2] = {
        {"threads", "1"},
        {"autoinstall_known_extensions", "false"},
        {"autoload_known_extensions", "false"},
        {"enable_external_file_cache", "false"},
        {"temp_directory", ""},
    };
    duckdb_config config = NULL;
    char *message = NULL;
    px_status status = PX_OK;
    pxi_duck *duck = pxi_new_array(1, sizeof *duck);
    if (!duck)
        return pxi_fail_memory(err);
    if (duckdb_create_config(&config) != DuckDBSuccess) {
        status = pxi_fail_memory(err);
        goto fail;
    }
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        if (duckdb_set_config(config, settings[i][0], settings[i][1]) != DuckDBSuccess) {
            status = pxi_fail(err, PX_ELIBRARY, "DuckDB does not know the setting %s", settings[i][0]);
            goto fail;
        }
    }
    if (duckdb_open_ext(NULL, &duck->database, config, &message) != DuckDBSuccess ||
        duckdb_connect(duck->database, &duck->connection) != DuckDBSuccess) {
        status = fail_duck(err, DUCKDB_ERROR_INVALID, message);
        goto fail;
    }
    status = register_sink(duck, err);
    if (status)
        goto fail;
    duckdb_destroy_config(&config);
    *out = duck;
    return PX_OK;
fail:
    duckdb_free(message);
    duckdb_destroy_config(&config);
    pxi_duck_close(&duck);
    return status;
}

void pxi_duck_close(pxi_duck **duck) {
    if (!duck || !*duck)
        return;
    duckdb_disconnect(&(*duck)->connection);
    duckdb_close(&(*duck)->database);
    free(*duck);
    *duck = NULL;
}

/* Runs a statement; *result is to be destroyed on success. Frees sql, NULL is out of memory. */
static px_status execute(pxi_duck *duck, char *sql, duckdb_result *result, px_error *err) {
    px_status status = PX_OK;
    if (!sql)
        return pxi_fail_memory(err);
    if (duckdb_query(duck->connection, sql, result) != DuckDBSuccess) {
        status = fail_duck(err, duckdb_result_error_type(result), duckdb_result_error(result));
        duckdb_destroy_result(result);
    }
    sqlite3_free(sql);
    return status;
}

px_status pxi_duck_run(pxi_duck *duck, px_error *err, const char *format, ...) {
    duckdb_result result;
    va_list args;
    va_start(args, format);
    char *sql = sqlite3_vmprintf(format, args);
    va_end(args);
    px_status status = execute(duck, sql, &result, err);
    if (!status)
        duckdb_destroy_result(&result);
    return status;
}

px_status pxi_duck_query(pxi_duck *duck, pxi_duck_rows **out, px_error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    char *sql = sqlite3_vmprintf(format, args);
    va_end(args);
    pxi_duck_rows *rows = pxi_new_array(1, sizeof *rows);
    if (!rows) {
        sqlite3_free(sql);
        return pxi_fail_memory(err);
    }
    px_status status = execute(duck, sql, &rows->result, err);
    if (status)
        free(rows);
    else
        *out = rows;
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

void pxi_duck_rows_free(pxi_duck_rows **rows) {
    if (!rows || !*rows)
        return;
    duckdb_destroy_data_chunk(&(*rows)->chunk);
    duckdb_destroy_result(&(*rows)->result);
    free(*rows);
    *rows = NULL;
}

size_t pxi_duck_n_columns(const pxi_duck_rows *rows) {
    duckdb_result result = rows->result;
    return duckdb_column_count(&result);
}

const char *pxi_duck_name(pxi_duck_rows *rows, size_t column) {
    return duckdb_column_name(&rows->result, column);
}

pxi_duck_type pxi_duck_column_type(pxi_duck_rows *rows, size_t column) {
    switch (duckdb_column_type(&rows->result, column)) {
    case DUCKDB_TYPE_BIGINT:
        return PXI_DUCK_I64;
    case DUCKDB_TYPE_DOUBLE:
        return PXI_DUCK_F64;
    case DUCKDB_TYPE_TIMESTAMP:
        return PXI_DUCK_LOCAL;
    case DUCKDB_TYPE_TIMESTAMP_TZ:
        return PXI_DUCK_INSTANT;
    case DUCKDB_TYPE_VARCHAR:
        return PXI_DUCK_TEXT;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_UINTEGER:
    case DUCKDB_TYPE_UBIGINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_UHUGEINT:
        return PXI_DUCK_INTEGER;
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DECIMAL:
        return PXI_DUCK_NUMBER;
    case DUCKDB_TYPE_DATE:
    case DUCKDB_TYPE_TIMESTAMP_S:
    case DUCKDB_TYPE_TIMESTAMP_MS:
    case DUCKDB_TYPE_TIMESTAMP_NS:
        return PXI_DUCK_DATE;
    default:
        return PXI_DUCK_OTHER;
    }
}

size_t pxi_duck_fetch(pxi_duck_rows *rows) {
    duckdb_destroy_data_chunk(&rows->chunk);
    rows->chunk = duckdb_fetch_chunk(rows->result);
    return rows->chunk ? duckdb_data_chunk_get_size(rows->chunk) : 0;
}

static duckdb_vector vector_at(pxi_duck_rows *rows, size_t column) {
    return duckdb_data_chunk_get_vector(rows->chunk, column);
}

const int64_t *pxi_duck_i64(pxi_duck_rows *rows, size_t column) {
    return duckdb_vector_get_data(vector_at(rows, column));
}

const double *pxi_duck_f64(pxi_duck_rows *rows, size_t column) {
    return duckdb_vector_get_data(vector_at(rows, column));
}

bool pxi_duck_is_null(pxi_duck_rows *rows, size_t column, size_t row) {
    return !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector_at(rows, column)), row);
}

const char *pxi_duck_text(pxi_duck_rows *rows, size_t column, size_t row, size_t *length) {
    duckdb_string_t *texts = duckdb_vector_get_data(vector_at(rows, column));
    *length = duckdb_string_t_length(texts[row]);
    return duckdb_string_t_data(&texts[row]);
}

/* ---- tables in ----------------------------------------------------------------------------------------- */

static duckdb_type type_of(px_column_type type, bool local) {
    switch (type) {
    case PX_COLUMN_I64:
        return DUCKDB_TYPE_BIGINT;
    case PX_COLUMN_F64:
        return DUCKDB_TYPE_DOUBLE;
    case PX_COLUMN_TIME:
        return local ? DUCKDB_TYPE_TIMESTAMP : DUCKDB_TYPE_TIMESTAMP_TZ;
    case PX_COLUMN_TEXT:
        return DUCKDB_TYPE_VARCHAR;
    }
    return DUCKDB_TYPE_INVALID;
}

static px_status create_rows_table(pxi_duck *duck, const px_table *rows, bool local_times, px_error *err) {
    const char *const names[] = {"BIGINT", "DOUBLE", local_times ? "TIMESTAMP" : "TIMESTAMPTZ", "VARCHAR"};
    sqlite3_str *sql = sqlite3_str_new(NULL);
    for (size_t c = 0; c < rows->n_columns; c++) {
        sqlite3_str_appendf(sql, "%s\"%w\" %s", c ? ", " : "", rows->columns[c].name,
                            names[rows->columns[c].type]);
    }
    char *columns = sqlite3_str_finish(sql);
    if (!columns)
        return pxi_fail_memory(err);
    px_status status = pxi_duck_run(duck, err, "CREATE OR REPLACE TEMP TABLE pixity_rows (%s)", columns);
    sqlite3_free(columns);
    return status;
}

static bool is_undefined(const px_column *column, size_t row) {
    return column->type == PX_COLUMN_F64 ? isnan(column->u.f64[row]) : column->u.i64[row] == PX_NULL_I64;
}

/* Bytes of the UTF-8 character at p, 0 if it is none (RFC 3629). */
static size_t utf8_length(const unsigned char *p) {
    if (p[0] < 0x80)
        return 1;
    size_t length = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool outside = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || outside ? 0 : length;
}

/* DuckDB leaves this to its caller. */
static bool is_utf8(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    size_t length = 1;
    for (; *p && length; p += length)
        length = utf8_length(p);
    return length > 0;
}

/* Copies rows [begin, begin + n) of one column. */
static px_status fill_vector(duckdb_vector vector, const px_table *rows, size_t c, size_t begin, size_t n,
                             px_error *err) {
    const px_column *column = &rows->columns[c];
    uint64_t *validity = NULL;
    if (column->type != PX_COLUMN_TEXT)
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
            if (!is_utf8(text))
                return pxi_fail(err, PX_EINPUT, "row %zu of column \"%s\" is not UTF-8", begin + i + 1,
                                column->name);
            duckdb_vector_assign_string_element_len(vector, i, text, strlen(text));
        }
    }
    return PX_OK;
}

static px_status fail_appender(px_error *err, duckdb_appender appender) {
    duckdb_error_data data = duckdb_appender_error_data(appender);
    px_status status = fail_duck(err, duckdb_error_data_error_type(data), duckdb_error_data_message(data));
    duckdb_destroy_error_data(&data);
    return status;
}

static px_status append_rows(duckdb_appender appender, duckdb_data_chunk chunk, const px_table *rows,
                             px_error *err) {
    size_t block = duckdb_vector_size();
    for (size_t begin = 0; begin < rows->n_rows; begin += block) {
        size_t n = rows->n_rows - begin < block ? rows->n_rows - begin : block;
        duckdb_data_chunk_reset(chunk);
        for (size_t c = 0; c < rows->n_columns; c++) {
            px_status status = fill_vector(duckdb_data_chunk_get_vector(chunk, c), rows, c, begin, n, err);
            if (status)
                return status;
        }
        duckdb_data_chunk_set_size(chunk, n);
        if (duckdb_append_data_chunk(appender, chunk) != DuckDBSuccess)
            return fail_appender(err, appender);
    }
    return duckdb_appender_close(appender) == DuckDBSuccess ? PX_OK : fail_appender(err, appender);
}

px_status pxi_duck_put_table(pxi_duck *duck, const px_table *rows, bool local_times, px_error *err) {
    duckdb_appender appender = NULL;
    duckdb_data_chunk chunk = NULL;
    px_status status = create_rows_table(duck, rows, local_times, err);
    if (status)
        return status;
    duckdb_logical_type *types = pxi_new_array(rows->n_columns, sizeof *types);
    if (!types)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < rows->n_columns; c++)
        types[c] = duckdb_create_logical_type(type_of(rows->columns[c].type, local_times));
    chunk = duckdb_create_data_chunk(types, rows->n_columns);
    if (duckdb_appender_create_ext(duck->connection, "temp", NULL, "pixity_rows", &appender) != DuckDBSuccess)
        status = fail_appender(err, appender);
    else
        status = append_rows(appender, chunk, rows, err);
    duckdb_appender_destroy(&appender);
    duckdb_destroy_data_chunk(&chunk);
    for (size_t c = 0; c < rows->n_columns; c++)
        duckdb_destroy_logical_type(&types[c]);
    free(types);
    return status;
}

const char *px_duckdb_version(void) {
    return duckdb_library_version();
}
