// SPDX-License-Identifier: Apache-2.0
#include "files/duck/duckdb_private.h"
#include "pixity/source.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- statements --------------------------------------------------------------------------------------- */

static px_status execute(pxi_duck *duck, char *sql, duckdb_result *result, px_error *err) {
    px_status status = PX_OK;
    if (!sql)
        return pxi_fail_memory(err);
    if (duckdb_query(duck->connection, sql, result) != DuckDBSuccess) {
        status = pxi_duck_fail(err, duckdb_result_error_type(result), duckdb_result_error(result));
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

static duckdb_type type_of(pxi_duck_rows *rows, size_t column) {
    if (!rows->is_lent)
        return duckdb_column_type(&rows->result, column);
    duckdb_logical_type logical =
        duckdb_vector_get_column_type(duckdb_data_chunk_get_vector(rows->chunk, column));
    duckdb_type type = duckdb_get_type_id(logical);
    duckdb_destroy_logical_type(&logical);
    return type;
}

pxi_duck_type pxi_duck_column_type(pxi_duck_rows *rows, size_t column) {
    switch (type_of(rows, column)) {
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
    case DUCKDB_TYPE_BOOLEAN:
        return PXI_DUCK_BOOL;
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

const bool *pxi_duck_bool(pxi_duck_rows *rows, size_t column) {
    return duckdb_vector_get_data(vector_at(rows, column));
}

const uint64_t *pxi_duck_validity(pxi_duck_rows *rows, size_t column) {
    return duckdb_vector_get_validity(vector_at(rows, column));
}

bool pxi_duck_is_null(pxi_duck_rows *rows, size_t column, size_t row) {
    return !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector_at(rows, column)), row);
}

const char *pxi_duck_text(pxi_duck_rows *rows, size_t column, size_t row, size_t *length) {
    duckdb_string_t *texts = duckdb_vector_get_data(vector_at(rows, column));
    *length = duckdb_string_t_length(texts[row]);
    return duckdb_string_t_data(&texts[row]);
}

const char *px_duckdb_version(void) {
    return pxi_duck_load(NULL) ? NULL : duckdb_library_version();
}
