// SPDX-License-Identifier: Apache-2.0
/* SQL over all stored runs: views on their files, in a DuckDB of its own that can read these files and
 * nothing else, and change nothing at all. */
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/runs/account_curve.h"
#include "store/runs/run_index.h"
#include "files/duck/table_parquet.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Folders of runs, not those of unfinished ones. */
#define RUN_FOLDERS "/[A-Za-z0-9]*/"
/* A file's folder is named after its run. */
#define RUN_ID "regexp_extract(filename, '([^/]+)/[^/]+$', 1) AS run_id"

/* Flags of trades, which earlier runs keep as numbers, are numbers in SQL: 0 and 1, as in CSV. */
#define NUMBERED_FLAGS                                                                                       \
    "\nUNION ALL BY NAME\nSELECT CAST(NULL AS BIGINT) AS in_sample, CAST(NULL AS BIGINT) AS ambiguous,\n"    \
    "  CAST(NULL AS BIGINT) AS overnight WHERE false"

/* Quantities, which earlier runs keep as whole numbers, are doubles in SQL as they are in files of today. */
#define REAL_QUANTITY "\nUNION ALL BY NAME\nSELECT CAST(NULL AS DOUBLE) AS \"%w\" WHERE false"

/* ---- views --------------------------------------------------------------------------------------------- */

/* Columns of the view `runs`, from run.json. Plain names of metrics there are net. */
static const struct {
    const char *name, *type, *path;
} run_columns[] = {
    {"status", "VARCHAR", "status"},
    {"strategy", "VARCHAR", "strategy"},
    {"symbol", "VARCHAR", "symbol"},
    {"timeframe", "VARCHAR", "timeframe"},
    {"profile", "VARCHAR", "profile"},
    {"start_date", "DATE", "start"},
    {"end_date", "DATE", "end"},
    {"n_trades", "BIGINT", "metrics.\"# Trades\""},
    {"in_sample_trades", "BIGINT", "in_sample_trades"},
    {"pnl_gross", "DOUBLE", "metrics.\"PnL [Rs] (gross)\""},
    {"fees", "DOUBLE", "metrics.\"Commissions [Rs]\""},
    {"pnl_net", "DOUBLE", "metrics.\"PnL [Rs]\""},
    {"return_gross_pct", "DOUBLE", "metrics.\"Return [%] (gross)\""},
    {"return_net_pct", "DOUBLE", "metrics.\"Return [%]\""},
    {"max_drawdown_gross_pct", "DOUBLE", "metrics.\"Max. Drawdown [%] (gross)\""},
    {"max_drawdown_net_pct", "DOUBLE", "metrics.\"Max. Drawdown [%]\""},
    {"sharpe_gross", "DOUBLE", "metrics.\"Sharpe Ratio (gross)\""},
    {"sharpe_net", "DOUBLE", "metrics.\"Sharpe Ratio\""},
    {"win_rate_net_pct", "DOUBLE", "metrics.\"Win Rate [%]\""},
    {"profit_factor_net", "DOUBLE", "metrics.\"Profit Factor\""},
    {"average_r_net", "DOUBLE", "metrics.\"Avg. R\""},
    {"model", "VARCHAR", "model.name"},
    {"data_fingerprint", "VARCHAR", "data.fingerprint"},
    {"fingerprint", "VARCHAR", "fingerprint"},
    {"message", "VARCHAR", "message"},
};

/* A run.json that does not read is left out, as a view must not fail for one run. */
static void add_runs_view(sqlite3_str *sql, const char *folder) {
    sqlite3_str_appendall(
        sql, "CREATE VIEW runs AS\nSELECT run_id,\n  date_trunc('second', CAST(json->>'$.created' AS "
             "TIMESTAMPTZ)) AS created");
    for (size_t i = 0; i < sizeof run_columns / sizeof *run_columns; i++)
        sqlite3_str_appendf(sql, ",\n  CAST(json->>'$.%q' AS %s) AS %s", run_columns[i].path,
                            run_columns[i].type, run_columns[i].name);
    sqlite3_str_appendf(sql,
                        ",\n  json\nFROM (SELECT " RUN_ID ", CAST(content AS JSON) AS json\n"
                        "  FROM read_text('%q" RUN_FOLDERS "run.json') WHERE json_valid(content));\n",
                        folder);
}

/* Earlier runs may lack columns of later ones, hence the union by name. */
static void add_rows(sqlite3_str *sql, const char *folder, const char *file) {
    sqlite3_str_appendf(sql,
                        "SELECT " RUN_ID ", * EXCLUDE (filename)\nFROM read_parquet('%q" RUN_FOLDERS
                        "%q.parquet', union_by_name = true, filename = true)",
                        folder, file);
}

/* Rows of equity as account_curve.c makes them of a bar and a change: the same operations in the same order.
 * `+ 0.0` makes 0 of -0. */
static void add_curve_rows(sqlite3_str *sql, const char *folder) {
    sqlite3_str_appendall(sql,
                          "SELECT run_id, ts, cash + position * close AS equity_net, cash,\n"
                          "  position + CAST(0 AS DOUBLE) AS position, realised_gross,\n"
                          "  position * (close - entry_price) + CAST(0 AS DOUBLE) AS unrealised, fees_paid,\n"
                          "  100.0 * ((cash + position * close) / peak - 1.0) AS drawdown_pct\nFROM (");
    add_rows(sql, folder, PXI_CURVE_BARS);
    sqlite3_str_appendall(sql, ")\nJOIN (");
    add_rows(sql, folder, PXI_CURVE_CHANGES);
    sqlite3_str_appendall(sql, ") USING (run_id, change)");
}

static bool has_name(char *const *names, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* The column of quantities that a table has; NULL = none. */
static const char *quantity_of(const char *file) {
    static const char *const columns[][2] = {{"trades", "qty"},
                                             {"orders", "qty"},
                                             {"fills", "qty"},
                                             {"signals", "quantity"},
                                             {"equity", "position"}};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        if (strcmp(columns[i][0], file) == 0)
            return columns[i][1];
    return NULL;
}

/* The views on tables: of the names that files have, equity in either form. */
static void add_table_views(sqlite3_str *sql, const char *folder, char *const *files, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *quantity;
        const bool is_curve = strcmp(files[i], PXI_CURVE_CHANGES) == 0,
                   is_equity = strcmp(files[i], "equity") == 0;
        if (is_curve ? has_name(files, n, "equity") : strchr(files[i], '.') != NULL)
            continue;
        sqlite3_str_appendf(sql, "CREATE VIEW \"%w\" AS\n", is_curve ? "equity" : files[i]);
        if (!is_curve)
            add_rows(sql, folder, files[i]);
        if (strcmp(files[i], "trades") == 0)
            sqlite3_str_appendall(sql, NUMBERED_FLAGS);
        if ((quantity = quantity_of(files[i])))
            sqlite3_str_appendf(sql, REAL_QUANTITY, quantity);
        if (is_equity && has_name(files, n, PXI_CURVE_CHANGES))
            sqlite3_str_appendall(sql, "\nUNION ALL BY NAME\n");
        if (is_curve || (is_equity && has_name(files, n, PXI_CURVE_CHANGES)))
            add_curve_rows(sql, folder);
        sqlite3_str_appendall(sql, ";\n");
    }
}

/* Adds names that are not in the list yet. Takes `names`. */
static px_status merge_names(char ***all, size_t *n_all, size_t *capacity, char **names, size_t n,
                             px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < n; i++) {
        if (has_name(*all, *n_all, names[i]))
            continue;
        if (!pxi_grow(all, capacity, *n_all + 1, sizeof **all)) {
            status = pxi_fail_memory(err);
            break;
        }
        (*all)[(*n_all)++] = names[i];
        names[i] = NULL;
    }
    pxi_run_ids_free(names, n);
    return status;
}

/* Names of the files of rows that any run has. */
static px_status all_files(px_home *home, char ***out, size_t *n_out, px_error *err) {
    char **ids = NULL, **all = NULL;
    size_t n = 0, n_all = 0, capacity = 0;
    px_status status = pxi_run_ids(home, &ids, &n, err);
    if (!status && n == 0)
        status = pxi_fail(err, PX_ENOTFOUND, "no runs are stored in %s: `backtest` makes some", home->path);
    for (size_t i = 0; i < n && !status; i++) {
        char **names = NULL;
        size_t n_names = 0;
        px_error gone = {0};
        if (pxi_run_files(home, ids[i], &names, &n_names, &gone) == PX_OK) /* else deleted since */
            status = merge_names(&all, &n_all, &capacity, names, n_names, err);
    }
    pxi_run_ids_free(ids, n);
    if (status) {
        pxi_run_ids_free(all, n_all);
        return status;
    }
    *out = all;
    *n_out = n_all;
    return PX_OK;
}

/* The absolute path of runs/, malloc'ed. */
static px_status runs_folder(const px_home *home, char **out, px_error *err) {
    char *path = pxi_run_path(home, NULL, NULL);
    *out = path ? realpath(path, NULL) : NULL;
    px_status status = *out ? PX_OK : path ? pxi_fail_errno(err, "find", path) : pxi_fail_memory(err);
    free(path);
    return status;
}

/* Of a path as a pattern of files: what has a meaning there stands for itself. */
static char *as_pattern(const char *path) {
    pxi_text pattern = {0};
    char *out = NULL;
    for (; *path; path++)
        pxi_text_printf(&pattern, strchr("*?[", *path) ? "[%c]" : "%c", *path);
    return pxi_text_take(&pattern, &out, NULL) == PX_OK ? out : NULL;
}

/* The statements that make the views; *out is to be freed with sqlite3_free. */
static px_status make_views(px_home *home, char **out, px_error *err) {
    char **files = NULL, *folder = NULL;
    size_t n = 0;
    px_status status = all_files(home, &files, &n, err);
    if (!status)
        status = runs_folder(home, &folder, err);
    char *pattern = status ? NULL : as_pattern(folder);
    sqlite3_str *sql = sqlite3_str_new(NULL);
    if (pattern) {
        add_runs_view(sql, pattern);
        add_table_views(sql, pattern, files, n);
    }
    char *text = sqlite3_str_finish(sql);
    if (!status && (!pattern || !text))
        status = pxi_fail_memory(err);
    if (status)
        sqlite3_free(text);
    else
        *out = text;
    free(pattern);
    free(folder);
    pxi_run_ids_free(files, n);
    return status;
}

px_status px_runs_views(px_home *home, char **sql, px_error *err) {
    char *views = NULL;
    px_status status = make_views(home, &views, err);
    if (!status)
        status = pxi_duplicate(views, sql, err);
    sqlite3_free(views);
    return status;
}

/* ---- queries ------------------------------------------------------------------------------------------- */

/* From here on it reads files in runs/ only, under their names and as patterns of names. What it is asked
 * must be a query, as writing files there would be allowed too. */
static px_status seal(px_home *home, pxi_duck *duck, const px_zone *zone, px_error *err) {
    char *folder = NULL, *named = NULL, *matched = NULL;
    px_status status = runs_folder(home, &folder, err);
    char *pattern = status ? NULL : as_pattern(folder);
    if (!status && !pattern)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_duck_run(duck, err, "SET TimeZone = %Q", zone ? px_zone_name(zone) : "UTC");
    if (!status && (asprintf(&named, "%s/", folder) < 0 || asprintf(&matched, "%s/", pattern) < 0))
        status = pxi_fail_memory(err);
    if (!status) {
        const char *const folders[] = {named, matched};
        status = pxi_duck_seal(duck, &(pxi_duck_reach){.folders = folders, .n_folders = 2}, err);
    }
    free(named);
    free(matched);
    free(pattern);
    free(folder);
    return status;
}

static px_status open_sealed(px_home *home, const px_zone *zone, pxi_duck **out, px_error *err) {
    char *views = NULL;
    pxi_duck *duck = NULL;
    px_status status = make_views(home, &views, err);
    if (!status)
        status = pxi_duck_open_plain(&duck, err);
    if (!status)
        status = seal(home, duck, zone, err);
    if (!status)
        status = pxi_duck_run(duck, err, "%sCREATE SCHEMA pixity", views);
    sqlite3_free(views);
    if (status)
        pxi_duck_close(&duck);
    else
        *out = duck;
    return status;
}

/* ---- what may be asked --------------------------------------------------------------------------------- */

/* Functions in FROM that compute. Others read files, switch DuckDB's logging to a file, or run a text as a
 * query: what is not here is refused. */
static const char *const safe_functions[] = {
    "duckdb_columns",  "duckdb_functions",  "duckdb_types", "duckdb_views",
    "generate_series", "json_each",         "json_tree",    "range",
    "repeat",          "pragma_table_info", "repeat_row",   "unnest",
};

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool is_safe(const char *function) {
    for (size_t i = 0; i < sizeof safe_functions / sizeof *safe_functions; i++)
        if (strcasecmp(function, safe_functions[i]) == 0)
            return true;
    return false;
}

/* The first function in FROM, at any depth of the parsed query, that is not safe; NULL if there is none. */
static const char *find_unsafe(json_t *node) {
    const char *key, *found = NULL;
    json_t *member;
    size_t i;
    if (strcmp(text_of(node, "type"), "TABLE_FUNCTION") == 0) {
        const char *function = text_of(json_object_get(node, "function"), "function_name");
        if (!is_safe(function))
            return function;
    }
    json_object_foreach(node, key, member) {
        if ((found = find_unsafe(member)))
            return found;
    }
    json_array_foreach(node, i, member) {
        if ((found = find_unsafe(member)))
            return found;
    }
    return NULL;
}

static px_status judge(json_t *parsed, px_error *err) {
    json_t *statements = json_object_get(parsed, "statements");
    const char *unsafe;
    if (strcmp(text_of(parsed, "error_type"), "parser") == 0)
        return pxi_fail(err, PX_EINPUT, "the query: %s", text_of(parsed, "error_message"));
    if (!json_is_false(json_object_get(parsed, "error")))
        return pxi_fail(err, PX_EINPUT,
                        "only queries are answered (SELECT, WITH, FROM, DESCRIBE, SUMMARIZE): this would do "
                        "something else");
    if (json_array_size(statements) != 1)
        return pxi_fail(err, PX_EINPUT, "give one query, not %zu", json_array_size(statements));
    if ((unsafe = find_unsafe(statements)))
        return pxi_fail(err, PX_EINPUT, "the query: the function %s is not available here", unsafe);
    return PX_OK;
}

/* DuckDB parses the query, without looking at what it names. */
static px_status check_query(pxi_duck *duck, const char *query, px_error *err) {
    pxi_duck_rows *rows = NULL;
    size_t length;
    px_status status =
        pxi_duck_query(duck, &rows, err, "SELECT CAST(json_serialize_sql(%Q) AS VARCHAR)", query);
    if (!status && pxi_duck_fetch(rows) != 1)
        status = pxi_fail(err, PX_ELIBRARY, "DuckDB did not parse the query");
    if (!status) {
        const char *text = pxi_duck_text(rows, 0, 0, &length);
        json_t *parsed = json_loadb(text, length, JSON_DECODE_INT_AS_REAL, NULL);
        status = parsed ? judge(parsed, err) : pxi_fail(err, PX_EINPUT, "the query is nested too deeply");
        json_decref(parsed);
    }
    pxi_duck_rows_free(&rows);
    return status;
}

/* ---- answers ------------------------------------------------------------------------------------------- */

/* What a column is read as. */
static const char *cast_of(pxi_duck_type type) {
    switch (type) {
    case PXI_DUCK_I64:
    case PXI_DUCK_INTEGER:
        return "BIGINT";
    case PXI_DUCK_F64:
    case PXI_DUCK_NUMBER:
        return "DOUBLE";
    case PXI_DUCK_INSTANT:
        return "TIMESTAMPTZ";
    case PXI_DUCK_BOOL:
        return "BOOLEAN";
    default:
        return "VARCHAR";
    }
}

/* Gathers the answer first, because its types are not known before, and its order is kept so. */
static px_status gather(pxi_duck *duck, const char *query, px_error *err) {
    size_t length = strlen(query);
    while (length > 0 && strchr("; \t\r\n", query[length - 1]))
        length--;
    px_status status = pxi_duck_run(duck, err, "CREATE TABLE pixity.answer AS %s", query);
    if (status == PX_ELIBRARY) /* DESCRIBE and its like are queries in brackets only */
        status = pxi_duck_run(duck, NULL, "CREATE TABLE pixity.answer AS FROM (%.*s\n)", (int)length,
                              query) == PX_OK
                     ? PX_OK
                     : status;
    return status;
}

static px_status take_answer(pxi_duck *duck, px_table *out, px_error *err) {
    pxi_duck_rows *types = NULL, *rows = NULL;
    sqlite3_str *sql = sqlite3_str_new(NULL);
    px_status status = pxi_duck_query(duck, &types, err, "FROM pixity.answer LIMIT 0");
    for (size_t c = 0; !status && c < pxi_duck_n_columns(types); c++)
        sqlite3_str_appendf(sql, "%sCAST(\"%w\" AS %s) AS \"%w\"", c ? ", " : "", pxi_duck_name(types, c),
                            cast_of(pxi_duck_column_type(types, c)), pxi_duck_name(types, c));
    char *columns = sqlite3_str_finish(sql);
    if (!status && !columns)
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_duck_query(duck, &rows, err, "SELECT %s FROM pixity.answer", columns);
    if (!status)
        status = pxi_table_take(rows, out, err);
    for (size_t c = 0; !status && c < out->n_columns; c++)
        if (out->columns[c].type == PX_COLUMN_FLAG)
            out->columns[c].type = PX_COLUMN_BOOL;
    pxi_duck_rows_free(&types);
    pxi_duck_rows_free(&rows);
    sqlite3_free(columns);
    return status;
}

static px_status answer(px_home *home, const char *query, const px_zone *zone, px_table *out, px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = open_sealed(home, zone, &duck, err);
    if (status)
        return status;
    status = check_query(duck, query, err);
    if (!status)
        status = gather(duck, query, err);
    if (!status)
        status = take_answer(duck, out, err);
    pxi_duck_close(&duck);
    return status == PX_ELIBRARY ? pxi_fail_prefix(err, PX_EINPUT, "the query") : status;
}

px_status px_runs_query(px_home *home, const char *query, const px_zone *zone, px_table *out, px_error *err) {
    enum { ATTEMPTS = 5 };
    px_status status = PX_EIO;
    for (int i = 0; i < ATTEMPTS && status == PX_EIO; i++) /* a run may be deleted while it is looked at */
        status = answer(home, query, zone, out, err);
    return status;
}
