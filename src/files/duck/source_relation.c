// SPDX-License-Identifier: Apache-2.0
/* The rows of a relation: a Parquet file, or a table of a DuckDB file. */
#include "files/duck/source_relation.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 2048 }; /* of DuckDB's vectors */

typedef struct relation_rows {
    pxi_rows base;
    pxi_duck *duck;
    char *sql;    /* what stands after FROM */
    char *where;  /* of the rows that are asked for: " AND ..." or "" */
    char **names; /* of the columns; the name of its type stands behind each, after a zero */
    pxi_cells *cells;
    pxi_cell_text *texts; /* of each wanted column, BATCH_ROWS */
    size_t lines[BATCH_ROWS];
    const size_t *wanted;
    size_t n_wanted;
    pxi_take_batch take;
    void *context;
    bool stop;
} relation_rows;

/* ---- columns --------------------------------------------------------------------------------------------
 */

/* DuckDB's name of a type, how its cells come, and the expression that brings them so. */
static const struct {
    const char *type;
    pxi_kind kind;
    const char *expression; /* around the quoted name */
} types[] = {
    {"VARCHAR", PXI_TEXT, "%s"},
    {"DOUBLE", PXI_F64, "%s"},
    {"FLOAT", PXI_F32, "%s"},
    {"BIGINT", PXI_I64, "%s"},
    {"TIMESTAMP", PXI_WALL, "%s"},
    {"TIMESTAMP WITH TIME ZONE", PXI_INSTANT, "%s"},
    {"TIMESTAMP_S", PXI_WALL, "CAST(%s AS TIMESTAMP)"},
    {"TIMESTAMP_MS", PXI_WALL, "CAST(%s AS TIMESTAMP)"},
    {"TIMESTAMP_NS", PXI_WALL, "CAST(%s AS TIMESTAMP)"},
    {"DATE", PXI_DAY, "datediff('day', DATE '1970-01-01', %s)"},
    {"TIME", PXI_CLOCK, "datediff('microsecond', TIME '00:00:00', %s)"},
    {"TINYINT", PXI_I64, "CAST(%s AS BIGINT)"},
    {"SMALLINT", PXI_I64, "CAST(%s AS BIGINT)"},
    {"INTEGER", PXI_I64, "CAST(%s AS BIGINT)"},
    {"UTINYINT", PXI_I64, "CAST(%s AS BIGINT)"},
    {"USMALLINT", PXI_I64, "CAST(%s AS BIGINT)"},
    {"UINTEGER", PXI_I64, "CAST(%s AS BIGINT)"},
    {"UBIGINT", PXI_F64, "CAST(%s AS DOUBLE)"},
    {"HUGEINT", PXI_F64, "CAST(%s AS DOUBLE)"},
    {"UHUGEINT", PXI_F64, "CAST(%s AS DOUBLE)"},
    {"UUID", PXI_TEXT, "CAST(%s AS VARCHAR)"},
};

static size_t type_at(const char *type) {
    size_t i = 0;
    while (i < sizeof types / sizeof *types && strcmp(types[i].type, type) != 0)
        i++;
    return i;
}

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

static pxi_rows_column describe(const char *type) {
    const size_t at = type_at(type);
    if (at < sizeof types / sizeof *types)
        return (pxi_rows_column){NULL, types[at].kind, NULL};
    if (begins(type, "DECIMAL"))
        return (pxi_rows_column){NULL, PXI_F64, NULL};
    if (begins(type, "ENUM"))
        return (pxi_rows_column){NULL, PXI_TEXT, NULL};
    if (begins(type, "BLOB"))
        return (pxi_rows_column){
            NULL, PXI_OPAQUE,
            "raw bytes (BLOB), as 128-bit integers of polars are for Parquet: write it as int64, "
            "or as float64"};
    return (pxi_rows_column){
        NULL, PXI_OPAQUE, "values that are neither numbers, nor texts, nor times; write it as one of these"};
}

static void add_expression(sqlite3_str *sql, const pxi_rows_column *column, const char *type) {
    const size_t at = type_at(type);
    char *name = sqlite3_mprintf("\"%w\"", column->name);
    if (!name) /* sql has failed too, or will */
        return;
    if (at < sizeof types / sizeof *types) {
        const char *expression = types[at].expression, *hole = strstr(expression, "%s");
        sqlite3_str_appendf(sql, "%.*s%s%s", (int)(hole - expression), expression, name, hole + 2);
    } else
        sqlite3_str_appendf(sql, "CAST(%s AS %s)", name, column->kind == PXI_F64 ? "DOUBLE" : "VARCHAR");
    sqlite3_free(name);
}

/* "name\0type\0" of a row of DESCRIBE; NULL = out of memory. */
static char *name_and_type(pxi_duck_rows *rows, size_t row) {
    size_t n_name, n_type;
    const char *name = pxi_duck_text(rows, 0, row, &n_name), *type = pxi_duck_text(rows, 1, row, &n_type);
    char *both = calloc(1, n_name + n_type + 2);
    if (both) {
        memcpy(both, name, n_name);
        memcpy(both + strlen(both) + 1, type, n_type);
    }
    return both;
}

static px_status find_columns(relation_rows *r, const pxi_relation *from, px_error *err) {
    pxi_duck_rows *rows = NULL;
    size_t capacity = 0, names_capacity = 0;
    px_status status = pxi_duck_query(r->duck, &rows, err,
                                      "SELECT column_name, column_type FROM (DESCRIBE FROM %s)", r->sql);
    for (size_t n; !status && (n = pxi_duck_fetch(rows)) > 0;)
        for (size_t row = 0; row < n && !status; row++) {
            const size_t at = r->base.n_columns;
            if (!pxi_grow(&r->base.columns, &capacity, at + 1, sizeof *r->base.columns) ||
                !pxi_grow(&r->names, &names_capacity, at + 1, sizeof *r->names) ||
                !(r->names[at] = name_and_type(rows, row)))
                status = pxi_fail_memory(err);
            else {
                r->base.columns[at] = describe(r->names[at] + strlen(r->names[at]) + 1);
                r->base.columns[at].name = r->names[at];
                for (size_t i = 0; i < from->n_faults; i++)
                    if (strcmp(from->faults[i].name, r->names[at]) == 0) {
                        r->base.columns[at].kind = PXI_OPAQUE;
                        r->base.columns[at].fault = from->faults[i].fault;
                    }
                r->base.n_columns++;
            }
        }
    pxi_duck_rows_free(&rows);
    return status;
}

static const char *type_of(const pxi_rows_column *column) {
    return column->name + strlen(column->name) + 1;
}

/* ---- rows that are asked for ----------------------------------------------------------------------------
 */

/* Appends "AND column IN (the values that are accepted)". If there are none: PX_ENOTFOUND naming the others.
 */
static px_status only(pxi_rows *rows, size_t column, pxi_accept accept, const void *context, px_error *err) {
    relation_rows *r = (relation_rows *)rows;
    const char *name = r->base.columns[column].name;
    pxi_duck_rows *found = NULL;
    pxi_text others = {0};
    sqlite3_str *where = sqlite3_str_new(NULL);
    size_t n_accepted = 0;
    sqlite3_str_appendf(where, "%s AND CAST(\"%w\" AS VARCHAR) IN (", r->where ? r->where : "", name);
    px_status status =
        pxi_duck_query(r->duck, &found, err,
                       "SELECT DISTINCT CAST(\"%w\" AS VARCHAR) FROM %s WHERE \"%w\" IS NOT NULL ORDER BY 1",
                       name, r->sql, name);
    for (size_t n; !status && (n = pxi_duck_fetch(found)) > 0;)
        for (size_t row = 0; row < n; row++) {
            size_t length;
            const char *text = pxi_duck_text(found, 0, row, &length);
            if (accept(text, length, context))
                sqlite3_str_appendf(where, "%s'%.*q'", n_accepted++ ? ", " : "", (int)length, text);
            else if (others.length < 200)
                pxi_text_printf(&others, "%s%.*s", others.length ? ", " : "", (int)length, text);
        }
    pxi_duck_rows_free(&found);
    sqlite3_str_appendall(where, ")");
    char *made = sqlite3_str_finish(where);
    if (!status && n_accepted == 0)
        status = pxi_fail(err, PX_ENOTFOUND, "there are: %s", others.length ? others.data : "none");
    else if (!status && !made)
        status = pxi_fail_memory(err);
    pxi_text_free(&others);
    if (status) {
        sqlite3_free(made);
        return status;
    }
    sqlite3_free(r->where);
    r->where = made;
    return PX_OK;
}

/* ---- rows -----------------------------------------------------------------------------------------------
 */

static px_status take_block(pxi_duck_rows *rows, size_t n, void *context, px_error *err) {
    relation_rows *r = context;
    uint64_t bytes = 0;
    if (r->stop) /* an error ends the query; it is none */
        return pxi_fail(err, PX_EINPUT, "enough rows");
    for (size_t i = 0; i < n; i++)
        r->lines[i] = (size_t)pxi_duck_i64(rows, 0)[i];
    for (size_t c = 0; c < r->n_wanted; c++) {
        const pxi_kind kind = r->base.columns[r->wanted[c]].kind;
        pxi_cells *cells = &r->cells[c];
        pxi_cell_text *texts = r->texts + c * BATCH_ROWS;
        cells->valid = pxi_duck_validity(rows, c + 1);
        if (kind != PXI_TEXT) {
            cells->u.i64 = pxi_duck_i64(rows, c + 1); /* whatever the type is */
            bytes += n * sizeof(double);
            continue;
        }
        for (size_t i = 0; i < n; i++) {
            texts[i] = (pxi_cell_text){"", 0};
            if (!pxi_duck_is_null(rows, c + 1, i))
                texts[i].text = pxi_duck_text(rows, c + 1, i, &texts[i].length);
            bytes += texts[i].length;
        }
        cells->u.text = texts;
        cells->valid = NULL;
    }
    return r->take(&(pxi_batch){n, r->cells, r->lines, NULL, bytes}, r->context, &r->stop, err);
}

static char *make_query(const relation_rows *r, const size_t *columns, size_t n, char **names) {
    sqlite3_str *sql = sqlite3_str_new(NULL), *list = sqlite3_str_new(NULL);
    sqlite3_str_appendall(sql, "SELECT pixity_row AS c0");
    sqlite3_str_appendall(list, "c0");
    for (size_t i = 0; i < n; i++) {
        const pxi_rows_column *column = &r->base.columns[columns[i]];
        sqlite3_str_appendall(sql, ", ");
        add_expression(sql, column, type_of(column));
        sqlite3_str_appendf(sql, " AS c%llu", (unsigned long long)i + 1);
        sqlite3_str_appendf(list, ", c%llu", (unsigned long long)i + 1);
    }
    sqlite3_str_appendf(sql, " FROM (SELECT row_number() OVER () AS pixity_row, * FROM %s) WHERE true%s",
                        r->sql, r->where ? r->where : "");
    *names = sqlite3_str_finish(list);
    return sqlite3_str_finish(sql);
}

static px_status each_row(pxi_rows *rows, const size_t *columns, size_t n, pxi_take_batch take, void *context,
                          px_error *err) {
    relation_rows *r = (relation_rows *)rows;
    char *names = NULL, *query = make_query(r, columns, n, &names);
    free(r->cells);
    free(r->texts);
    r->cells = pxi_new_array(n, sizeof *r->cells);
    r->texts = pxi_new_array(n * BATCH_ROWS, sizeof *r->texts);
    r->wanted = columns;
    r->n_wanted = n;
    r->take = take;
    r->context = context;
    r->stop = false;
    px_status status = names && query && r->cells && r->texts ? PX_OK : pxi_fail_memory(err);
    if (!status)
        status = pxi_duck_each(r->duck, names, query, take_block, r, err);
    sqlite3_free(query);
    sqlite3_free(names);
    return r->stop ? PX_OK : status;
}

static void close_rows(relation_rows *r) {
    for (size_t i = 0; i < r->base.n_columns; i++)
        free(r->names[i]);
    free(r->names);
    free(r->base.columns);
    free(r->cells);
    free(r->texts);
    sqlite3_free(r->sql);
    sqlite3_free(r->where);
    free(r);
}

px_status pxi_relation_take(const pxi_opening *o, const pxi_relation *from, px_error *err) {
    relation_rows *r = pxi_new_array(1, sizeof *r);
    if (!r)
        return pxi_fail_memory(err);
    r->base.each = each_row;
    r->base.only = only;
    r->base.name = from->name;
    r->duck = from->duck;
    r->sql = sqlite3_mprintf("%s", from->sql);
    px_status status = r->sql ? find_columns(r, from, err) : pxi_fail_memory(err);
    if (!status)
        status = o->take(&r->base, o->context, err);
    close_rows(r);
    return status;
}

/* In DuckDB's words the file has a version number, which nobody knows. */
static px_status blame_version(const char *path, px_error *err) {
    return pxi_fail(
        err, PX_EINPUT,
        "%s was written by a newer DuckDB, in a form that DuckDB %s of this program does not read: "
        "import what COPY candles TO 'candles.parquet' writes there, or what COPY FROM DATABASE "
        "writes to a file attached with (STORAGE_VERSION 'v1.0.0'); a program made by make duckdb2 "
        "reads it as it is",
        path, px_duckdb_version());
}

px_status pxi_relation_blame(const px_source_config *config, px_status status, const char *path,
                             px_error *err) {
    if (status == PX_ENOMEM) /* DuckDB's limit is the reader's */
        return pxi_limits_fail_memory(&config->limits, config->path, err);
    if (status == PX_ELIBRARY || status == PX_EIO)
        status = PX_EINPUT;
    if (err && strstr(err->message, "Trying to read a database file with version number"))
        return blame_version(path, err);
    return pxi_fail_prefix(err, status, "%s", path);
}
