// SPDX-License-Identifier: Apache-2.0
/* Stored runs as a table, of the index alone: chosen, in order, with the metrics that are asked for. */
#include "store/runs/run_index.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/home/sql.h"
#include "store/runs/run_data.h"

#include <stdlib.h>
#include <string.h>

/* What is known of every run, failed ones too. */
static const px_column_def facts[] = {
    {"run_id", PX_COLUMN_TEXT},      {"created", PX_COLUMN_TIME}, {"status", PX_COLUMN_TEXT},
    {"strategy", PX_COLUMN_TEXT},    {"symbol", PX_COLUMN_TEXT},  {"timeframe", PX_COLUMN_TEXT},
    {"profile", PX_COLUMN_TEXT},     {"start", PX_COLUMN_TEXT},   {"end", PX_COLUMN_TEXT},
    {"fingerprint", PX_COLUMN_TEXT}, {"message", PX_COLUMN_TEXT},
};
enum { N_FACTS = sizeof facts / sizeof *facts };

static const px_column_def *find_fact(const char *name) {
    for (size_t i = 0; i < N_FACTS; i++)
        if (strcmp(facts[i].name, name) == 0)
            return &facts[i];
    return NULL;
}

/* Beside the facts, of the journals of bars. */
static const px_column_def data_column = {"data_changed", PX_COLUMN_BOOL};
enum { DATA = N_FACTS, FIRST_METRIC };

bool px_runs_have_column(const char *name) {
    return find_fact(name) != NULL;
}

/* ---- conditions --------------------------------------------------------------------------------------- */

static const char *const operators[] = {"<=", ">=", "!=", "<", ">", "="};

/* A text without the blanks around it, into buf; false where it does not fit or nothing is left. */
static bool trim_into(const char *text, size_t length, char *buf, size_t size) {
    while (length > 0 && strchr(" \t", *text)) {
        text++;
        length--;
    }
    while (length > 0 && strchr(" \t", text[length - 1]))
        length--;
    if (length == 0 || length >= size)
        return false;
    memcpy(buf, text, length);
    buf[length] = '\0';
    return true;
}

px_status px_runs_condition_parse(const char *text, px_runs_condition *out, px_error *err) {
    px_runs_condition read = {0};
    size_t at = strcspn(text, "<>!="), length = 0;
    for (size_t i = 0; i < sizeof operators / sizeof *operators && !read.op; i++) {
        length = strlen(operators[i]);
        if (strncmp(text + at, operators[i], length) == 0)
            read.op = operators[i];
    }
    if (!read.op || !trim_into(text, at, read.key, sizeof read.key) ||
        !trim_into(text + at + length, strlen(text + at + length), read.value, sizeof read.value))
        return pxi_fail(err, PX_EINPUT,
                        "\"%.100s\" is no condition: give a metric or a column, one of < <= > >= = !=, and a "
                        "value, as \"Sharpe Ratio > 1\"",
                        text);
    const px_column_def *fact = find_fact(read.key);
    if (fact && fact->type == PX_COLUMN_TIME)
        return pxi_fail(err, PX_EINPUT, "\"%.100s\": runs are sorted by %s, not chosen by it", text,
                        read.key);
    if (!fact && !pxi_parse_double(read.value, strlen(read.value), &read.number))
        return pxi_fail(err, PX_EINPUT, "\"%.100s\": %.64s is no number", text, read.value);
    *out = read;
    return PX_OK;
}

/* ---- the query ---------------------------------------------------------------------------------------- */

/* A fact's column, or a metric's value. NULL where a run has none. Names are quoted by SQLite. */
static void add_value(sqlite3_str *sql, const char *name) {
    if (strcmp(name, "created") == 0)
        sqlite3_str_appendall(sql, "created_us / 1000000 * 1000000");
    else if (find_fact(name))
        sqlite3_str_appendf(sql, "\"%w\"", name);
    else
        sqlite3_str_appendf(sql,
                            "(SELECT value FROM run_metrics m WHERE m.run = r.run AND m.metric ="
                            " (SELECT metric FROM metric_keys WHERE key = %Q))",
                            name);
}

static char *make_query(const px_runs_request *request) {
    sqlite3_str *sql = sqlite3_str_new(NULL);
    const char *separator = " WHERE ";
    sqlite3_str_appendall(sql, "SELECT r.run");
    for (size_t c = 0; c < N_FACTS; c++) {
        sqlite3_str_appendall(sql, ", ");
        add_value(sql, facts[c].name);
    }
    sqlite3_str_appendall(sql, " FROM runs r");
    for (size_t i = 0; i < request->n_conditions; i++, separator = " AND ") {
        sqlite3_str_appendall(sql, separator);
        add_value(sql, request->conditions[i].key);
        sqlite3_str_appendf(sql, " %s ?%d", request->conditions[i].op, (int)i + 1);
    }
    const char *order = request->descending ? "DESC" : "ASC";
    sqlite3_str_appendall(sql, " ORDER BY ");
    if (request->sort &&
        strcmp(request->sort, "created") != 0) { /* what has no value stands last in either order */
        add_value(sql, request->sort);
        sqlite3_str_appendf(sql, " %s NULLS LAST, created_us, run_id", order);
    } else
        sqlite3_str_appendf(sql, "created_us %s, run_id %s", order, order);
    return sqlite3_str_finish(sql);
}

static px_status start_query(px_home *home, const px_runs_request *request, sqlite3_stmt **out,
                             px_error *err) {
    char *sql = make_query(request);
    px_status status = sql ? pxi_sql_query(home->db, out, err, sql, "") : pxi_fail_memory(err);
    sqlite3_free(sql);
    for (size_t i = 0; i < request->n_conditions && !status; i++) {
        const px_runs_condition *condition = &request->conditions[i];
        int code = find_fact(condition->key)
                       ? sqlite3_bind_text(*out, (int)i + 1, condition->value, -1, SQLITE_STATIC)
                       : sqlite3_bind_double(*out, (int)i + 1, condition->number);
        if (code != SQLITE_OK)
            status = pxi_sql_fail(home->db, err);
    }
    return status;
}

/* ---- the table ---------------------------------------------------------------------------------------- */

/* A row of the table and its run in the index. */
typedef struct place {
    int64_t run;
    size_t row;
} place;

typedef struct places {
    size_t n, capacity;
    place *items;
} places;

static int compare_places(const void *a, const void *b) {
    const place *left = a, *right = b;
    return (left->run > right->run) - (left->run < right->run);
}

static px_status add_row(px_table *table, sqlite3_stmt *query, places *rows, px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (!status && !pxi_grow(&rows->items, &rows->capacity, rows->n + 1, sizeof *rows->items))
        status = pxi_fail_memory(err);
    if (!status)
        rows->items[rows->n++] = (place){sqlite3_column_int64(query, 0), table->n_rows - 1};
    for (size_t c = 0; c < N_FACTS && !status; c++) {
        const int at = (int)c + 1;
        if (sqlite3_column_type(query, at) == SQLITE_NULL)
            continue;
        if (table->columns[c].type == PX_COLUMN_TEXT)
            status = px_table_set_text(table, c, pxi_sql_text(query, at), err);
        else
            px_table_set_i64(table, c, sqlite3_column_int64(query, at));
    }
    return status;
}

/* Runs of one metric lie side by side: from one that is wanted to the next it is a few steps, or else a new
 * search. */
#define FEW_STEPS 32

static void set_metric(px_table *table, size_t column, size_t row, double value) {
    if (table->columns[column].type == PX_COLUMN_F64)
        table->columns[column].u.f64[row] = value;
    else
        table->columns[column].u.i64[row] = (int64_t)value;
}

/* Rows by their runs. */
static px_status fill_metric(px_home *home, const char *key, const places *rows, size_t column,
                             px_table *table, px_error *err) {
    sqlite3_stmt *query = NULL;
    int64_t at = INT64_MIN;
    bool more = false;
    px_status status = pxi_sql_query(home->db, &query, err,
                                     "SELECT run, value FROM run_metrics WHERE metric = (SELECT metric FROM"
                                     " metric_keys WHERE key = ?1) AND run >= ?2 ORDER BY run",
                                     "t", key);
    for (size_t i = 0; i < rows->n && !status; i++) {
        const int64_t wanted = rows->items[i].run;
        if (i == 0 || (more && wanted - at > FEW_STEPS)) {
            sqlite3_reset(query);
            if (sqlite3_bind_int64(query, 2, wanted) != SQLITE_OK)
                status = pxi_sql_fail(home->db, err);
            else
                status = pxi_sql_row(query, &more, err);
            at = more ? sqlite3_column_int64(query, 0) : at;
        }
        while (!status && more && at < wanted)
            if (!(status = pxi_sql_row(query, &more, err)) && more)
                at = sqlite3_column_int64(query, 0);
        if (!status && more && at == wanted)
            set_metric(table, column, rows->items[i].row, sqlite3_column_double(query, 1));
    }
    sqlite3_finalize(query);
    return status;
}

static px_status init_table(const px_runs_request *request, px_table *table, px_error *err) {
    const size_t n = FIRST_METRIC + request->n_metrics;
    px_column_def *columns = pxi_new_array(n, sizeof *columns);
    if (!columns)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < n; c++)
        columns[c] = c < N_FACTS ? facts[c] : c == DATA ? data_column : request->metrics[c - FIRST_METRIC];
    px_status status = px_table_init(table, columns, n, err);
    free(columns);
    return status;
}

static px_status fill_table(px_home *home, const px_runs_request *request, px_table *table, px_error *err) {
    sqlite3_stmt *query = NULL;
    places rows = {0};
    bool more = true;
    px_status status = start_query(home, request, &query, err);
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more)
        status = add_row(table, query, &rows, err);
    sqlite3_finalize(query);
    if (rows.n)
        qsort(rows.items, rows.n, sizeof *rows.items, compare_places);
    for (size_t i = 0; i < request->n_metrics && !status; i++)
        status = fill_metric(home, request->metrics[i].name, &rows, FIRST_METRIC + i, table, err);
    free(rows.items);
    return status;
}

px_status px_runs_select(px_home *home, const px_runs_request *request, px_table *out, px_error *err) {
    static const px_runs_request all = {0};
    px_table table = {0};
    request = request ? request : &all;
    px_status status = pxi_runs_agree(home, err);
    if (!status)
        status = init_table(request, &table, err);
    if (!status) /* the queries see one state of the index */
        status = pxi_sql_run(home->db, err, "BEGIN", "");
    if (!status)
        status = pxi_sql_end(home->db, fill_table(home, request, &table, err), err);
    if (!status)
        status = pxi_runs_mark_changed(home, &table, DATA, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

px_status px_runs_list(px_home *home, px_table *out, px_error *err) {
    return px_runs_select(home, NULL, out, err);
}
