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

PXI_LIBRARY(duckdb, "libduckdb.so", PXI_DUCKDB_FUNCTIONS)

/* DuckDB's messages go on with hints and the statement; their first line says what happened, and a second may
 * name what was meant. */
static px_status fail_duck(px_error *err, duckdb_error_type type, const char *message) {
    px_status status = type == DUCKDB_ERROR_IO              ? PX_EIO
                       : type == DUCKDB_ERROR_OUT_OF_MEMORY ? PX_ENOMEM
                                                            : PX_ELIBRARY;
    if (!message)
        message = "unknown error";
    size_t length = strcspn(message, "\n");
    const char *hint = message + length + (message[length] == '\n');
    bool helps = strncmp(hint, "Did you mean", 12) == 0;
    return pxi_fail(err, status, "DuckDB: %.*s%s%.*s", (int)length, message, helps ? " " : "",
                    helps ? (int)strcspn(hint, "\n") : 0, hint);
}

/* ---- open, close, statements --------------------------------------------------------------------------- */

px_status pxi_duck_open_plain(pxi_duck **out, px_error *err) {
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
    px_status status = open_library(err);
    if (status)
        return status;
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
    duckdb_destroy_config(&config);
    *out = duck;
    return PX_OK;
fail:
    duckdb_free(message);
    duckdb_destroy_config(&config);
    pxi_duck_close(&duck);
    return status;
}

px_status pxi_duck_open(pxi_duck **out, px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = pxi_duck_open_plain(&duck, err);
    if (!status)
        status = pxi_duck_register(duck, err);
    if (status)
        pxi_duck_close(&duck);
    else
        *out = duck;
    return status;
}

/* The file and the log beside it. DuckDB takes what follows a '?' for parameters of an address, and puts the
 * log's ending before them. */
static void allow_file(sqlite3_str *list, const char *path) {
    const char *here = pxi_duck_here(path);
    int name = (int)strcspn(path, "?");
    sqlite3_str_appendf(list, "'%s%q', '%s%.*q.wal%q'", here, path, here, name, path, path + name);
}

px_status pxi_duck_seal(pxi_duck *duck, const pxi_duck_reach *reach, px_error *err) {
    sqlite3_str *list = sqlite3_str_new(NULL);
    sqlite3_str_appendall(list, "SET allowed_paths = [");
    for (size_t i = 0; i < reach->n_files; i++) {
        sqlite3_str_appendall(list, i ? ", " : "");
        allow_file(list, reach->files[i]);
    }
    sqlite3_str_appendall(list, "]; SET allowed_directories = [");
    for (size_t i = 0; i < reach->n_folders; i++)
        sqlite3_str_appendf(list, "%s%Q", i ? ", " : "", reach->folders[i]);
    sqlite3_str_appendall(list, "]");
    char *sql = sqlite3_str_finish(list);
    px_status status = sql ? pxi_duck_run(duck, err, "%s", sql) : pxi_fail_memory(err);
    sqlite3_free(sql);
    if (!status && reach->memory)
        status = pxi_duck_run(duck, err, "SET memory_limit = '%lluB'", (unsigned long long)reach->memory);
    return status
               ? status
               : pxi_duck_run(duck, err,
                              "SET allow_community_extensions = false; SET enable_external_access = false; "
                              "SET lock_configuration = true");
}

px_status pxi_duck_open_sealed(const pxi_duck_reach *reach, pxi_duck **out, px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = pxi_duck_open(&duck, err);
    if (!status)
        status = pxi_duck_seal(duck, reach, err);
    if (status)
        pxi_duck_close(&duck);
    else
        *out = duck;
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

bool pxi_duck_is_null(pxi_duck_rows *rows, size_t column, size_t row) {
    return !duckdb_validity_row_is_valid(duckdb_vector_get_validity(vector_at(rows, column)), row);
}

const char *pxi_duck_text(pxi_duck_rows *rows, size_t column, size_t row, size_t *length) {
    duckdb_string_t *texts = duckdb_vector_get_data(vector_at(rows, column));
    *length = duckdb_string_t_length(texts[row]);
    return duckdb_string_t_data(&texts[row]);
}

const char *px_duckdb_version(void) {
    return open_library(NULL) ? NULL : duckdb_library_version();
}
