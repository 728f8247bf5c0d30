// SPDX-License-Identifier: Apache-2.0
/* The rows of Parquet files. What DuckDB reads as something else than was written shows in the file's
 * schema and the metadata of pandas, and refused or mended: half floats, decimals of more than 38 digits,
 * periods, names of two levels, lists of a day's bars in one row. */
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/column_names.h"
#include "files/duck/source_relation.h"
#include "files/duck/table_parquet.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct parquet_column {
    char *name;   /* as DuckDB calls it */
    char *plain;  /* of names of two levels the first, else NULL */
    char *ticker; /* and the second */
    pxi_relation_fault fault;
    char *text;         /* of the fault, where it names something */
    const char *period; /* an expression around the column, or NULL */
    bool is_list;
} parquet_column;

typedef struct parquet_columns {
    size_t n, capacity;
    parquet_column *items;
} parquet_columns;

static void free_columns(parquet_columns *list) {
    for (size_t i = 0; i < list->n; i++) {
        free(list->items[i].name);
        free(list->items[i].plain);
        free(list->items[i].ticker);
        free(list->items[i].text);
    }
    free(list->items);
    memset(list, 0, sizeof *list);
}

/* ---- what the schema says ------------------------------------------------------------------------------ */

static const char long_decimal[] =
    "decimals of more than 38 digits, which are not read: write it as float64 or "
    "decimal128";

static char *copy_cell(pxi_duck_rows *rows, size_t column, size_t row) {
    size_t length = 0;
    const char *text = pxi_duck_is_null(rows, column, row) ? "" : pxi_duck_text(rows, column, row, &length);
    return strndup(text, length);
}

/* Names that DuckDB had to change because another one is the same but for case: nobody can say which is
 * meant. */
static px_status mark_twins(parquet_columns *list, size_t at, const char *written, px_error *err) {
    for (size_t i = 0; i < at; i++) {
        parquet_column *a = &list->items[i], *b = &list->items[at];
        if (strcasecmp(a->name, written) != 0 || a->text)
            continue;
        pxi_text text = {0};
        pxi_text_printf(
            &text, "what another column of nearly the same name holds too (%s and %s): drop or rename one",
            a->name, written);
        px_status status = pxi_text_take(&text, &a->text, err);
        if (!status)
            status = pxi_duplicate(a->text, &b->text, err);
        if (status)
            return status;
        a->fault.fault = a->text;
        b->fault.fault = b->text;
    }
    return PX_OK;
}

/* "('Close', 'RELIANCE.NS')", as pandas writes names of two levels; the level that names prices comes first.
 */
static px_status split_levels(parquet_column *c, px_error *err) {
    char copy[256], *first = copy + 2, *stop;
    pxi_bar_role role;
    int rank;
    if (strncmp(c->name, "('", 2) != 0 || !pxi_copy(copy, sizeof copy, c->name) ||
        !(stop = strstr(first, "', '")))
        return PX_OK;
    char *second = stop + 4, *end = strrchr(second, '\'');
    if (!end || strcmp(end, "')") != 0)
        return PX_OK;
    *stop = *end = '\0';
    const bool swapped = !pxi_name_role(first, &role, &rank) && pxi_name_role(second, &role, &rank);
    px_status status = pxi_duplicate(swapped ? second : first, &c->plain, err);
    const char *ticker = swapped ? first : second;
    return status || !*ticker ? status : pxi_duplicate(ticker, &c->ticker, err);
}

static px_status new_column(parquet_columns *list, parquet_column **out, px_error *err) {
    if (!pxi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
        return pxi_fail_memory(err);
    *out = &list->items[list->n++];
    memset(*out, 0, sizeof **out);
    return PX_OK;
}

/* The columns of the first level, with what is known of those inside of them. The first row is the root. */
static px_status read_schema(pxi_duck *duck, const char *path, parquet_columns *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    parquet_column *last = NULL;
    int64_t inside = 0;
    bool is_root = true;
    px_status status = pxi_duck_query(duck, &rows, err,
                                      "SELECT name, CAST(coalesce(num_children, 0) AS BIGINT), "
                                      "CAST(coalesce(logical_type LIKE 'Float16%%', false) AS BIGINT), "
                                      "CAST(coalesce(precision, 0) AS BIGINT) "
                                      "FROM parquet_schema(%Q)",
                                      path);
    for (size_t n; !status && (n = pxi_duck_fetch(rows)) > 0;)
        for (size_t row = 0; row < n && !status; row++) {
            const int64_t children = pxi_duck_i64(rows, 1)[row];
            if (is_root) {
                is_root = false;
                continue;
            }
            if (inside == 0)
                status = new_column(out, &last, err);
            if (!status && inside == 0 && !(last->name = copy_cell(rows, 0, row)))
                status = pxi_fail_memory(err);
            inside += children - (inside > 0);
            if (!status && pxi_duck_i64(rows, 2)[row])
                last->fault.fault = PXI_FAULT_HALF_FLOAT;
            else if (!status && pxi_duck_i64(rows, 3)[row] > 38)
                last->fault.fault = long_decimal;
        }
    pxi_duck_rows_free(&rows);
    return status;
}

/* DuckDB's name and type of a column: it has a name of its own where two are the same but for case. */
static px_status take_column(parquet_columns *list, size_t at, pxi_duck_rows *rows, size_t row,
                             px_error *err) {
    parquet_column *c = &list->items[at];
    char *name = copy_cell(rows, 0, row), *type = copy_cell(rows, 1, row), *written = c->name;
    px_status status = name && type ? PX_OK : pxi_fail_memory(err);
    if (!status) {
        const size_t length = strlen(type);
        c->is_list = length > 2 && strcmp(type + length - 2, "[]") == 0;
        c->name = name;
        name = NULL;
        status = split_levels(c, err);
        if (!status && strcmp(c->name, written) != 0)
            status = mark_twins(list, at, written, err);
        free(written);
        c->fault.name = c->plain ? c->plain : c->name;
    }
    free(name);
    free(type);
    return status;
}

static px_status find_columns(pxi_duck *duck, const char *path, parquet_columns *out, px_error *err) {
    pxi_duck_rows *rows = NULL;
    size_t at = 0;
    px_status status = read_schema(duck, path, out, err);
    if (!status)
        status = pxi_duck_query(
            duck, &rows, err, "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet(%Q))", path);
    for (size_t n; !status && (n = pxi_duck_fetch(rows)) > 0;)
        for (size_t row = 0; row < n && !status; row++)
            status = at < out->n ? take_column(out, at++, rows, row, err)
                                 : pxi_fail(err, PX_EINPUT, "its schema has other columns than its rows");
    if (!status && at != out->n)
        status = pxi_fail(err, PX_EINPUT, "its schema has other columns than its rows");
    pxi_duck_rows_free(&rows);
    return status;
}

/* ---- what pandas says ---------------------------------------------------------------------------------- */

/* A period is a number of its units since 1970. */
static void mark_period(parquet_column *c, const char *type) {
    static const struct {
        const char *type, *expression;
    } periods[] = {
        {"period[min]", "make_timestamp(\"%w\" * 60000000)"},
        {"period[T]", "make_timestamp(\"%w\" * 60000000)"},
        {"period[s]", "make_timestamp(\"%w\" * 1000000)"},
        {"period[h]", "make_timestamp(\"%w\" * 3600000000)"},
        {"period[H]", "make_timestamp(\"%w\" * 3600000000)"},
        {"period[D]", "DATE '1970-01-01' + CAST(\"%w\" AS INTEGER)"},
        {"period[S]", "make_timestamp(\"%w\" * 1000000)"},
    };
    if (strncmp(type, "period[", 7) != 0)
        return;
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
        if (strcmp(type, periods[i].type) == 0)
            c->period = periods[i].expression;
    if (!c->period)
        c->fault.fault = "pandas' periods of a unit that is not read: write it with to_timestamp()";
}

static void take_metadata(const json_t *metadata, parquet_columns *list) {
    size_t i;
    const json_t *column;
    json_array_foreach(json_object_get(metadata, "columns"), i, column) {
        const char *name = json_string_value(json_object_get(column, "field_name"));
        const char *type = json_string_value(json_object_get(column, "numpy_type"));
        for (size_t k = 0; name && type && k < list->n; k++)
            if (strcmp(list->items[k].name, name) == 0)
                mark_period(&list->items[k], type);
    }
}

static px_status find_metadata(pxi_duck *duck, const char *path, parquet_columns *list, px_error *err) {
    pxi_duck_rows *rows = NULL;
    size_t length = 0;
    px_status status = pxi_duck_query(duck, &rows, err,
                                      "SELECT try(decode(value)) FROM parquet_kv_metadata(%Q) WHERE key = "
                                      "'pandas'::BLOB AND value IS NOT NULL LIMIT 1",
                                      path);
    if (!status && pxi_duck_fetch(rows) && !pxi_duck_is_null(rows, 0, 0)) {
        const char *text = pxi_duck_text(rows, 0, 0, &length);
        json_t *metadata =
            json_loadb(text, length, 0, NULL); /* words beside the data: damaged ones say nothing */
        take_metadata(metadata, list);
        json_decref(metadata);
    }
    pxi_duck_rows_free(&rows);
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void add_column(sqlite3_str *sql, const parquet_column *c, bool first) {
    sqlite3_str_appendall(sql, first ? "" : ", ");
    if (c->is_list) /* structs in it become columns */
        sqlite3_str_appendf(sql, "unnest(\"%w\", recursive := true) AS \"%w\"", c->name, c->name);
    else if (c->period) {
        sqlite3_str_appendf(sql, c->period, c->name);
        sqlite3_str_appendf(sql, " AS \"%w\"", c->fault.name);
    } else
        sqlite3_str_appendf(sql, "\"%w\" AS \"%w\"", c->name, c->fault.name);
}

/* What stands after FROM: of `ticker` where one is named, else of all columns. */
static px_status read_part(const pxi_opening *o, pxi_relation *from, const char *path,
                           const parquet_columns *list, const char *ticker, px_error *err) {
    sqlite3_str *sql = sqlite3_str_new(NULL);
    size_t n = 0;
    pxi_relation_fault *faults = pxi_new_array(list->n, sizeof *faults);
    sqlite3_str_appendall(sql, "(SELECT ");
    from->n_faults = 0;
    for (size_t i = 0; faults && i < list->n; i++) {
        const parquet_column *c = &list->items[i];
        if (ticker && c->ticker && strcmp(c->ticker, ticker) != 0)
            continue;
        add_column(sql, c, n++ == 0);
        if (c->fault.fault)
            faults[from->n_faults++] = c->fault;
    }
    if (ticker)
        sqlite3_str_appendf(sql, ", %Q AS symbol", ticker);
    sqlite3_str_appendf(sql, " FROM read_parquet(%Q))", path);
    char *made = sqlite3_str_finish(sql);
    from->sql = made;
    from->faults = faults;
    px_status status = made && faults ? pxi_relation_take(o, from, err) : pxi_fail_memory(err);
    free(faults);
    sqlite3_free(made);
    return status;
}

/* Whether a column before it has the same ticker. */
static bool is_known(const parquet_columns *list, size_t at) {
    for (size_t i = 0; i < at; i++)
        if (list->items[i].ticker && strcmp(list->items[i].ticker, list->items[at].ticker) == 0)
            return true;
    return false;
}

static px_status read_columns(const pxi_opening *o, pxi_relation *from, const char *path, px_error *err) {
    parquet_columns list = {0};
    size_t n_tickers = 0;
    px_status status = find_columns(from->duck, path, &list, err);
    if (!status)
        status = find_metadata(from->duck, path, &list, err);
    for (size_t i = 0; i < list.n; i++)
        n_tickers += list.items[i].ticker && !is_known(&list, i);
    if (!status && n_tickers < 2)
        status = read_part(o, from, path, &list, NULL, err);
    for (size_t i = 0; !status && n_tickers > 1 && i < list.n && !o->out->is_cut; i++)
        if (list.items[i].ticker && !is_known(&list, i))
            status = read_part(o, from, path, &list, list.items[i].ticker, err);
    free_columns(&list);
    return status;
}

px_status pxi_parquet_open(const pxi_opening *o, px_error *err) {
    const px_source_config *config = o->config;
    pxi_relation from = {.name = config->path};
    pxi_pinned pinned;
    px_status status = pxi_pin(o->file, &pinned, err);
    if (status)
        return status;
    const char *const files[] = {pinned.path};
    status = pxi_duck_open_sealed(
        &(pxi_duck_reach){.files = files, .n_files = 1, .memory = pxi_limits_memory(&config->limits)},
        &from.duck, err);
    if (!status) {
        status = read_columns(o, &from, pinned.path, err);
        if (status)
            status = pxi_relation_blame(config, status, config->path, err);
    }
    pxi_duck_close(&from.duck);
    pxi_unpin(&pinned);
    return status;
}
