// SPDX-License-Identifier: Apache-2.0
/* Rows of a Parquet file as texts: DuckDB casts, and what it casts is read as CSV would be. */
#include "files/duck/records.h"

#include "base/error.h"
#include "base/mem.h"
#include "files/duck/duck.h"
#include "files/source.h"
#include "files/duck/table_parquet.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct pxi_parquet_rows {
    char *path; /* for messages */
    px_source_limits limits;
    pxi_pinned pinned;
    pxi_duck *duck;
    pxi_duck_rows *rows;
    size_t n_block, at; /* rows of the current block, and the next of them */
    char *buffer;       /* the texts of one row */
    size_t capacity;
};

/* What DuckDB says of a user's file is the file's fault. */
static px_status blame_file(const pxi_parquet_rows *r, px_status status, px_error *err) {
    if (status == PX_ENOMEM) /* DuckDB's limit is the reader's */
        return pxi_limits_fail_memory(&r->limits, r->path, err);
    return pxi_fail_prefix(err, status == PX_ELIBRARY || status == PX_EIO ? PX_EINPUT : status, "%s",
                           r->path);
}

/* One column as a text: instants as microseconds, wall times as such, of whatever resolution. */
static void add_column(sqlite3_str *sql, const char *name, pxi_duck_type type) {
    const char *format = "CAST(\"%w\" AS VARCHAR) AS \"%w\"";
    if (type == PXI_DUCK_INSTANT)
        format = "CAST(epoch_us(\"%w\") AS VARCHAR) AS \"%w\"";
    sqlite3_str_appendf(sql, format, name, name);
}

static px_status make_query(pxi_parquet_rows *r, char **out, px_error *err) {
    pxi_duck_rows *schema = NULL;
    px_status status =
        pxi_duck_query(r->duck, &schema, err, "SELECT * FROM read_parquet(%Q) LIMIT 0", r->pinned.path);
    if (status)
        return status;
    sqlite3_str *sql = sqlite3_str_new(NULL);
    for (size_t c = 0; c < pxi_duck_n_columns(schema); c++) {
        sqlite3_str_appendall(sql, c ? ", " : "SELECT ");
        add_column(sql, pxi_duck_name(schema, c), pxi_duck_column_type(schema, c));
    }
    sqlite3_str_appendf(sql, " FROM read_parquet(%Q)", r->pinned.path);
    pxi_duck_rows_free(&schema);
    *out = sqlite3_str_finish(sql);
    return *out ? PX_OK : pxi_fail_memory(err);
}

static px_status start(pxi_parquet_rows *r, px_error *err) {
    char *query = NULL;
    const char *const files[] = {r->pinned.path};
    const pxi_duck_reach reach = {.files = files, .n_files = 1, .memory = pxi_limits_memory(&r->limits)};
    px_status status = pxi_duck_open_sealed(&reach, &r->duck, err);
    if (!status)
        status = make_query(r, &query, err);
    if (!status)
        status = pxi_duck_query(r->duck, &r->rows, err, "%s", query);
    sqlite3_free(query);
    return status ? blame_file(r, status, err) : PX_OK;
}

px_status pxi_parquet_rows_open(const char *path, const px_source_limits *limits, pxi_parquet_rows **out,
                                px_error *err) {
    pxi_parquet_rows *r = pxi_new_array(1, sizeof *r);
    px_status status = PX_OK;
    if (!r)
        return pxi_fail_memory(err);
    r->pinned.fd = -1;
    r->limits = *limits;
    r->path = strdup(path);
    status = r->path ? pxi_pin(path, &r->pinned, err) : pxi_fail_memory(err);
    if (!status)
        status = start(r, err);
    if (status)
        pxi_parquet_rows_close(&r);
    else
        *out = r;
    return status;
}

void pxi_parquet_rows_close(pxi_parquet_rows **rows) {
    pxi_parquet_rows *r = rows ? *rows : NULL;
    if (!r)
        return;
    pxi_duck_rows_free(&r->rows);
    pxi_duck_close(&r->duck);
    pxi_unpin(&r->pinned);
    free(r->buffer);
    free(r->path);
    free(r);
    *rows = NULL;
}

size_t pxi_parquet_rows_n_columns(const pxi_parquet_rows *rows) {
    return pxi_duck_n_columns(rows->rows);
}

const char *pxi_parquet_rows_column(const pxi_parquet_rows *rows, size_t column) {
    return pxi_duck_name(rows->rows, column);
}

/* A cell's text, "" where it is undefined. */
static const char *cell(pxi_parquet_rows *r, size_t column, size_t *length) {
    *length = 0;
    return pxi_duck_is_null(r->rows, column, r->at) ? "" : pxi_duck_text(r->rows, column, r->at, length);
}

/* Texts in a block are not NUL-terminated: fields are copies. */
static px_status copy_row(pxi_parquet_rows *r, pxi_field *fields, px_error *err) {
    size_t n = pxi_parquet_rows_n_columns(r), length, used = n;
    for (size_t c = 0; c < n; c++) {
        cell(r, c, &length);
        used += length;
    }
    if (!pxi_grow(&r->buffer, &r->capacity, used, 1))
        return pxi_fail_memory(err);
    char *to = r->buffer;
    for (size_t c = 0; c < n; c++) {
        const char *text = cell(r, c, &length);
        memcpy(to, text, length);
        to[length] = '\0';
        fields[c] = (pxi_field){to, length};
        to += length + 1;
    }
    return PX_OK;
}

px_status pxi_parquet_rows_next(pxi_parquet_rows *rows, pxi_field *fields, bool *more, px_error *err) {
    if (rows->at == rows->n_block) {
        rows->n_block = pxi_duck_fetch(rows->rows);
        rows->at = 0;
    }
    *more = rows->n_block > 0;
    if (!*more)
        return PX_OK;
    px_status status = copy_row(rows, fields, err);
    rows->at++;
    return status;
}
