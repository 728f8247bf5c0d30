// SPDX-License-Identifier: Apache-2.0
/* Bars out of the rows of a relation: a Parquet file, or a table of a DuckDB file. */
#include "files/duck/source_relation.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the rows that are asked for ----------------------------------------------------------------------- */

/* "1m", "1minute", "5min", "1h", "day", "15"... in minutes; 0 if it is none. */
static int loose_timeframe(const char *text) {
    static const struct {
        const char *unit;
        int minutes;
    } units[] = {{"", 1},
                 {"m", 1},
                 {"min", 1},
                 {"mins", 1},
                 {"minute", 1},
                 {"minutes", 1},
                 {"h", 60},
                 {"hr", 60},
                 {"hour", 60},
                 {"hours", 60},
                 {"d", PX_TIMEFRAME_DAY},
                 {"day", PX_TIMEFRAME_DAY},
                 {"days", PX_TIMEFRAME_DAY}};
    char *unit;
    long count = strtol(text, &unit, 10);
    if (unit == text)
        count = *text ? 1 : 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(unit, units[i].unit) == 0 && count > 0 && count <= PX_TIMEFRAME_DAY / units[i].minutes)
            return (int)count * units[i].minutes;
    return 0;
}

static bool is_asked_for(const px_source_config *config, const char *column, const char *value) {
    if (strcmp(column, "symbol") == 0)
        return px_symbol_same(value, config->symbol);
    return loose_timeframe(value) == config->timeframe_minutes;
}

/* Appends "AND column IN (the values that are asked for)". If there are none: PX_ENOTFOUND naming the others.
 */
static px_status add_condition(const pxi_relation *from, const char *column, sqlite3_str *where,
                               px_error *err) {
    pxi_duck_rows *rows = NULL;
    pxi_text others = {0};
    char asked[PX_TIMEFRAME_TEXT_SIZE];
    sqlite3_str *wanted = sqlite3_str_new(NULL);
    px_status status =
        pxi_duck_query(from->duck, &rows, err,
                       "SELECT DISTINCT CAST(\"%w\" AS VARCHAR) FROM %s WHERE \"%w\" IS NOT NULL ORDER BY 1",
                       column, from->sql, column);
    for (size_t n; !status && (n = pxi_duck_fetch(rows)) > 0;) {
        for (size_t row = 0; row < n; row++) {
            size_t length;
            const char *text = pxi_duck_text(rows, 0, row, &length);
            char value[256];
            snprintf(value, sizeof value, "%.*s", (int)length, text);
            if (is_asked_for(from->config, column, value))
                sqlite3_str_appendf(wanted, "%s%Q", sqlite3_str_length(wanted) ? ", " : "", value);
            else if (others.length < 200)
                pxi_text_printf(&others, "%s%s", others.length ? ", " : "", value);
        }
    }
    pxi_duck_rows_free(&rows);
    if (sqlite3_str_length(wanted))
        sqlite3_str_appendf(where, " AND CAST(\"%w\" AS VARCHAR) IN (%s)", column, sqlite3_str_value(wanted));
    else if (!status)
        status = pxi_fail(err, PX_ENOTFOUND, "no rows of the %s %s; there are: %s", column,
                          strcmp(column, "symbol") == 0
                              ? from->config->symbol
                              : px_timeframe_format(from->config->timeframe_minutes, asked),
                          others.length ? others.data : "none");
    sqlite3_free(sqlite3_str_finish(wanted));
    pxi_text_free(&others);
    return status;
}

/* ---- columns ------------------------------------------------------------------------------------------- */

typedef struct column_info {
    char *name;
    pxi_duck_type type;
} column_info;

typedef struct columns {
    size_t n;
    column_info *items;
    pxi_bar_columns roles;
    const char *timeframe; /* the name of such a column, or NULL */
} columns;

static void free_columns(columns *found) {
    for (size_t i = 0; i < found->n; i++)
        free(found->items[i].name);
    free(found->items);
    memset(found, 0, sizeof *found);
}

static px_status note_columns(const columns *found, const char *const *names, px_source *source,
                              px_error *err) {
    px_status status = pxi_source_note_columns(source, names, found->n, &found->roles, err);
    for (size_t i = 0; !status && i < source->n_columns; i++)
        if (strcasecmp(source->columns[i].name, "timeframe") == 0)
            source->columns[i].meaning = "timeframe";
    return status;
}

static px_status find_columns(const pxi_relation *from, columns *out, px_source *source, px_error *err) {
    pxi_duck_rows *rows = NULL;
    columns found = {0};
    const char **names = NULL;
    px_status status = pxi_duck_query(from->duck, &rows, err, "SELECT * FROM %s LIMIT 0", from->sql);
    if (status)
        return status;
    size_t n = pxi_duck_n_columns(rows);
    found.items = pxi_new_array(n, sizeof *found.items);
    names = pxi_new_array(n, sizeof *names);
    if (!found.items || !names)
        status = pxi_fail_memory(err);
    for (; !status && found.n < n; found.n++) {
        column_info *item = &found.items[found.n];
        item->type = pxi_duck_column_type(rows, found.n);
        status = pxi_duplicate(pxi_duck_name(rows, found.n), &item->name, err);
        names[found.n] = item->name;
        if (!status && strcasecmp(item->name, "timeframe") == 0)
            found.timeframe = item->name;
    }
    if (!status)
        status = pxi_bar_columns_find(names, n, &found.roles, err);
    if (!status)
        status = note_columns(&found, names, source, err);
    free(names);
    pxi_duck_rows_free(&rows);
    if (status)
        free_columns(&found);
    else
        *out = found;
    return status;
}

static const column_info *column_of(const columns *found, pxi_bar_role role) {
    size_t at = found->roles.at[role];
    return at == SIZE_MAX ? NULL : &found->items[at];
}

/* Times as they are where they are times, else as text: numbers and texts are read as in CSV. */
static void add_time(sqlite3_str *sql, const column_info *time) {
    switch (time->type) {
    case PXI_DUCK_LOCAL:
    case PXI_DUCK_INSTANT:
        sqlite3_str_appendf(sql, "\"%w\"", time->name);
        break;
    case PXI_DUCK_DATE:
        sqlite3_str_appendf(sql, "CAST(\"%w\" AS TIMESTAMP)", time->name);
        break;
    case PXI_DUCK_F64:
    case PXI_DUCK_NUMBER:
        sqlite3_str_appendf(sql, "CAST(TRY_CAST(\"%w\" AS BIGINT) AS VARCHAR)", time->name);
        break;
    default:
        sqlite3_str_appendf(sql, "CAST(\"%w\" AS VARCHAR)", time->name);
    }
}

/* Gives row number, time, open, high, low, close, volume, symbol of the rows that are asked for. */
static px_status make_query(const pxi_relation *from, const columns *found, char **out, px_error *err) {
    sqlite3_str *sql = sqlite3_str_new(NULL), *where = sqlite3_str_new(NULL);
    const column_info *symbol = column_of(found, PXI_ROLE_SYMBOL);
    px_status status = PX_OK;
    sqlite3_str_appendall(sql, "SELECT pixity_row AS c0, ");
    add_time(sql, column_of(found, PXI_ROLE_TIME));
    sqlite3_str_appendall(sql, " AS c1");
    for (int role = PXI_ROLE_OPEN; role <= PXI_ROLE_VOLUME; role++) {
        const column_info *column = column_of(found, (pxi_bar_role)role);
        if (column)
            sqlite3_str_appendf(sql, ", TRY_CAST(\"%w\" AS DOUBLE) AS c%d", column->name,
                                role - PXI_ROLE_OPEN + 2);
        else
            sqlite3_str_appendf(sql, ", 0.0::DOUBLE AS c%d", role - PXI_ROLE_OPEN + 2);
    }
    if (symbol)
        sqlite3_str_appendf(sql, ", CAST(\"%w\" AS VARCHAR) AS c7", symbol->name);
    else
        sqlite3_str_appendall(sql, ", NULL::VARCHAR AS c7");
    if (symbol && from->config->symbol)
        status = add_condition(from, "symbol", where, err);
    if (!status && found->timeframe && from->config->timeframe_minutes > 0)
        status = add_condition(from, "timeframe", where, err);
    sqlite3_str_appendf(sql, " FROM (SELECT row_number() OVER () AS pixity_row, * FROM %s) WHERE true%s",
                        from->sql, sqlite3_str_length(where) ? sqlite3_str_value(where) : "");
    sqlite3_free(sqlite3_str_finish(where));
    *out = sqlite3_str_finish(sql);
    return status ? status : *out ? PX_OK : pxi_fail_memory(err);
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void reject(const pxi_relation *from, px_source *out, size_t line, const char *reason) {
    pxi_source_reject(out, line, "%s%s%s", from->file ? from->file : "", from->file ? ": " : "", reason);
}

static bool take_time(pxi_duck_rows *rows, size_t row, const px_zone *zone, int64_t *out, px_error *why) {
    if (pxi_duck_is_null(rows, 1, row)) {
        pxi_copy(why->message, sizeof why->message, "no time");
        return false;
    }
    pxi_duck_type type = pxi_duck_column_type(rows, 1);
    if (type == PXI_DUCK_TEXT) {
        size_t length;
        const char *text = pxi_duck_text(rows, 1, row, &length);
        return px_time_parse(text, length, zone, out, why) == PX_OK;
    }
    int64_t value = pxi_duck_i64(rows, 1)[row];
    bool inside = value >= PX_TIME_MIN_US && value < PX_TIME_MAX_US;
    if (!inside)
        pxi_copy(why->message, sizeof why->message, "time out of range");
    else
        *out = type == PXI_DUCK_INSTANT ? value : px_zone_to_utc(zone, value);
    return inside;
}

/* False with the reason in why->message. */
static bool take_bar(pxi_duck_rows *rows, size_t row, const px_zone *zone, px_bar *bar, px_error *why) {
    static const char *const names[] = {"open", "high", "low", "close", "volume"};
    double *const values[] = {&bar->open, &bar->high, &bar->low, &bar->close, &bar->volume};
    if (!take_time(rows, row, zone, &bar->ts_us, why))
        return false;
    for (size_t c = 0; c < 5; c++) {
        *values[c] = pxi_duck_is_null(rows, c + 2, row) ? NAN : pxi_duck_f64(rows, c + 2)[row];
        if (!isfinite(*values[c])) {
            snprintf(why->message, sizeof why->message, "%s is missing or not a finite number", names[c]);
            return false;
        }
    }
    const char *defect = px_bar_defect(bar);
    if (defect)
        pxi_copy(why->message, sizeof why->message, defect);
    return !defect;
}

/* Times of a database are written here as they are understood. */
static void note_time(pxi_duck_rows *rows, size_t row, int64_t ts_us, px_source *out) {
    char text[PX_TIME_TEXT_SIZE];
    size_t length;
    if (out->time_form != PX_TIME_UNKNOWN)
        return;
    pxi_duck_type type = pxi_duck_column_type(rows, 1);
    if (type == PXI_DUCK_TEXT) {
        const char *given = pxi_duck_text(rows, 1, row, &length);
        pxi_source_note_time(out, given, length, px_time_form_of(given, length), ts_us);
    } else if (type == PXI_DUCK_INSTANT) {
        px_time_format_iso(ts_us, NULL, text);
        pxi_source_note_time(out, text, strlen(text), PX_TIME_OFFSET, ts_us);
    } else {
        px_time_format_local(pxi_duck_i64(rows, 1)[row], NULL, text);
        pxi_source_note_time(out, text, strlen(text), PX_TIME_LOCAL, ts_us);
    }
}

typedef struct taking {
    const pxi_relation *from;
    const char *stem;
    px_source *out;
    size_t last;
} taking;

/* Bytes of the cells of one row. */
static uint64_t row_bytes(pxi_duck_rows *rows, size_t row) {
    uint64_t bytes = 7 * sizeof(double);
    size_t length = 0;
    if (pxi_duck_column_type(rows, 1) == PXI_DUCK_TEXT && !pxi_duck_is_null(rows, 1, row)) {
        pxi_duck_text(rows, 1, row, &length);
        bytes += length;
    }
    if (!pxi_duck_is_null(rows, 7, row)) {
        pxi_duck_text(rows, 7, row, &length);
        bytes += length;
    }
    return bytes;
}

static px_status take_row(taking *t, pxi_duck_rows *rows, size_t row, px_error *err) {
    const pxi_relation *from = t->from;
    char symbol[PX_NAME_SIZE + 1];
    size_t line = (size_t)pxi_duck_i64(rows, 0)[row], length = 0;
    bool named = !pxi_duck_is_null(rows, 7, row);
    const char *text = named ? pxi_duck_text(rows, 7, row, &length) : NULL;
    px_bar bar;
    px_error why;
    if (named)
        snprintf(symbol, sizeof symbol, "%.*s", length < sizeof symbol ? (int)length : PX_NAME_SIZE, text);
    if (!take_bar(rows, row, from->config->zone, &bar, &why)) {
        reject(from, t->out, line, why.message);
        return PX_OK;
    }
    note_time(rows, row, bar.ts_us, t->out);
    return pxi_source_add(from->config, named ? symbol : NULL, t->stem, bar, line, &t->last, t->out, err);
}

static px_status take_block(pxi_duck_rows *rows, size_t n, void *context, px_error *err) {
    taking *t = context;
    px_status status = PX_OK;
    for (size_t row = 0; row < n && !status; row++) {
        if (t->out->is_cut) /* an error ends the query; it is none */
            return pxi_fail(err, PX_EINPUT, "enough rows");
        status = pxi_source_count(t->from->config, t->out, 1, row_bytes(rows, row), err);
        if (!status)
            status = take_row(t, rows, row, err);
        if (!status)
            pxi_source_is_enough(t->from->config, t->out);
    }
    return status;
}

static px_status take_rows(const pxi_relation *from, const char *query, const char *stem, px_source *out,
                           px_error *err) {
    taking t = {from, stem, out, SIZE_MAX};
    px_status status =
        pxi_duck_each(from->duck, "c0, c1, c2, c3, c4, c5, c6, c7", query, take_block, &t, err);
    return out->is_cut ? PX_OK : status;
}

px_status pxi_relation_read(const pxi_relation *from, px_source *out, px_error *err) {
    char stem[PX_NAME_SIZE], *query = NULL;
    columns found = {0};
    px_status status = pxi_source_stem(from->config, stem, err);
    if (!status)
        status = find_columns(from, &found, out, err);
    if (!status)
        status = make_query(from, &found, &query, err);
    if (!status)
        status = take_rows(from, query, stem, out, err);
    sqlite3_free(query);
    free_columns(&found);
    return status;
}
