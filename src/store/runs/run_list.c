// SPDX-License-Identifier: Apache-2.0
/* Stored runs as a table, of the index alone: chosen, in order, with the metrics that are asked for. */
#include "store/runs/run_index.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/home/sql.h"

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
    const char *separator = "SELECT ";
    for (size_t c = 0; c < N_FACTS + request->n_metrics; c++, separator = ", ") {
        sqlite3_str_appendall(sql, separator);
        add_value(sql, c < N_FACTS ? facts[c].name : request->metrics[c - N_FACTS].name);
    }
    sqlite3_str_appendall(sql, " FROM runs r");
    separator = " WHERE ";
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

static px_status add_row(px_table *table, sqlite3_stmt *query, px_error *err) {
    px_status status = px_table_add_row(table, err);
    for (size_t c = 0; c < table->n_columns && !status; c++) {
        if (sqlite3_column_type(query, (int)c) == SQLITE_NULL)
            continue;
        if (table->columns[c].type == PX_COLUMN_TEXT)
            status = px_table_set_text(table, c, pxi_sql_text(query, (int)c), err);
        else if (table->columns[c].type == PX_COLUMN_F64)
            px_table_set_f64(table, c, sqlite3_column_double(query, (int)c));
        else
            px_table_set_i64(table, c, sqlite3_column_int64(query, (int)c));
    }
    return status;
}

static px_status init_table(const px_runs_request *request, px_table *table, px_error *err) {
    const size_t n = N_FACTS + request->n_metrics;
    px_column_def *columns = pxi_new_array(n, sizeof *columns);
    if (!columns)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < n; c++)
        columns[c] = c < N_FACTS ? facts[c] : request->metrics[c - N_FACTS];
    px_status status = px_table_init(table, columns, n, err);
    free(columns);
    return status;
}

px_status px_runs_select(px_home *home, const px_runs_request *request, px_table *out, px_error *err) {
    static const px_runs_request all = {0};
    sqlite3_stmt *query = NULL;
    bool more = true;
    px_table table = {0};
    request = request ? request : &all;
    px_status status = pxi_runs_agree(home, err);
    if (!status)
        status = init_table(request, &table, err);
    if (!status)
        status = start_query(home, request, &query, err);
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more)
        status = add_row(&table, query, err);
    sqlite3_finalize(query);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}

px_status px_runs_list(px_home *home, px_table *out, px_error *err) {
    return px_runs_select(home, NULL, out, err);
}
