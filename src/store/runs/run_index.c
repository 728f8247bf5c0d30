// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_index.h"

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/home/sql.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

/* ---- folders ------------------------------------------------------------------------------------------- */

char *pxi_run_path(const px_home *home, const char *name, const char *file) {
    char *path;
    int used = asprintf(&path, "%s/runs%s%s%s%s", home->path, name ? "/" : "", name ? name : "",
                        file ? "/" : "", file ? file : "");
    return used < 0 ? NULL : path;
}

void pxi_run_ids_free(char **ids, size_t n) {
    for (size_t i = 0; i < n; i++)
        free(ids[i]);
    free(ids);
}

static int compare_ids(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in runs/ for which `wanted` is true. */
static px_status list_names(const px_home *home, bool (*wanted)(const char *name), char ***out, size_t *n,
                            px_error *err) {
    char **names = NULL;
    size_t used = 0, capacity = 0;
    char *path = pxi_run_path(home, NULL, NULL);
    DIR *folder = path ? opendir(path) : NULL;
    px_status status = PX_OK;
    if (!path)
        status = pxi_fail_memory(err);
    else if (!folder && errno != ENOENT)
        status = pxi_fail_errno(err, "read folder", path);
    for (struct dirent *entry; !status && folder && (entry = readdir(folder));) {
        if (!wanted(entry->d_name) || entry->d_type == DT_REG)
            continue;
        char *copy = strdup(entry->d_name);
        if (copy && pxi_grow(&names, &capacity, used + 1, sizeof *names))
            names[used++] = copy;
        else {
            free(copy);
            status = pxi_fail_memory(err);
        }
    }
    if (folder)
        closedir(folder);
    free(path);
    if (status) {
        pxi_run_ids_free(names, used);
        return status;
    }
    if (used > 0)
        qsort(names, used, sizeof *names, compare_ids);
    *out = names;
    *n = used;
    return PX_OK;
}

px_status pxi_run_ids(const px_home *home, char ***out, size_t *n, px_error *err) {
    return list_names(home, px_run_id_valid, out, n, err);
}

static bool is_unfinished(const char *name) {
    return strncmp(name, PXI_RUN_UNFINISHED, strlen(PXI_RUN_UNFINISHED)) == 0;
}

/* Only where no other process is at work here; else a later caller does it. */
static px_status remove_unfinished(const px_home *home, px_error *err) {
    char **names = NULL;
    size_t n = 0;
    int lock = -1;
    px_status status = list_names(home, is_unfinished, &names, &n, err);
    if (status || n == 0)
        return status;
    char *path = pxi_run_path(home, ".lock", NULL);
    status = path ? pxi_lock_take(path, LOCK_EX | LOCK_NB, &lock, err) : pxi_fail_memory(err);
    for (size_t i = 0; i < n && !status && lock >= 0; i++) {
        char *unfinished = pxi_run_path(home, names[i], NULL);
        status = unfinished ? pxi_remove_tree(unfinished, err) : pxi_fail_memory(err);
        free(unfinished);
    }
    pxi_lock_drop(&lock);
    free(path);
    pxi_run_ids_free(names, n);
    return status;
}

/* ---- one run ------------------------------------------------------------------------------------------- */

static const char *text_of(const json_t *object, const char *key) {
    return json_string_value(json_object_get(object, key));
}

static double number_of(const json_t *object, const char *key) {
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static px_status insert(sqlite3 *db, const char *id, const json_t *run, px_error *err) {
    static const char sql[] =
        "INSERT OR REPLACE INTO runs (run_id, created_us, status, strategy, symbol, timeframe,"
        " profile, start, \"end\", fingerprint, message, trades, net_pnl, net_return_pct, net_sharpe,"
        " net_max_drawdown_pct, sessions, net_cagr_pct, net_sortino, net_calmar, net_session_sharpe, net_psr)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    const json_t *metrics = json_object_get(run, "metrics");
    const char *created = text_of(run, "created");
    int64_t created_us = 0;
    if (created && px_time_parse(created, strlen(created), NULL, &created_us, NULL) != PX_OK)
        created_us = 0;
    return pxi_sql_run(
        db, err, sql,
        "tittttttt"
        "ttddddddddddd",
        id, created_us, text_of(run, "status"), text_of(run, "strategy"), text_of(run, "symbol"),
        text_of(run, "timeframe"), text_of(run, "profile"), text_of(run, "start"), text_of(run, "end"),
        text_of(run, "fingerprint"), text_of(run, "message"), number_of(metrics, "# Trades"),
        number_of(metrics, "PnL [Rs]"), number_of(metrics, "Return [%]"), number_of(metrics, "Sharpe Ratio"),
        number_of(metrics, "Max. Drawdown [%]"), number_of(metrics, "# Sessions"),
        number_of(metrics, "CAGR [%]"), number_of(metrics, "Sortino Ratio"),
        number_of(metrics, "Calmar Ratio"), number_of(metrics, "Session Sharpe Ratio"),
        number_of(metrics, "Probabilistic Sharpe Ratio"));
}

px_status pxi_run_index_put(px_home *home, const char *id, const char *json, px_error *err) {
    json_t *run = NULL;
    px_error reason = {0};
    px_status status = pxi_json_parse(json, strlen(json), "run.json", &run, &reason);
    if (!status)
        status = insert(home->db, id, run, err);
    else
        status = pxi_sql_run(home->db, err,
                             "INSERT OR REPLACE INTO runs (run_id, status, message) VALUES (?, 'corrupt', ?)",
                             "tt", id, reason.message);
    json_decref(run);
    return status;
}

px_status pxi_run_index_drop(px_home *home, const char *id, px_error *err) {
    return pxi_sql_run(home->db, err, "DELETE FROM runs WHERE run_id = ?", "t", id);
}

/* ---- agreement ----------------------------------------------------------------------------------------- */

/* Makes the index say of one run what its folder says, whatever others do meanwhile: they change the folder
 * first and the index, for which they have to wait, second. */
static px_status settle_one(px_home *home, const char *id, px_error *err) {
    char *json = NULL, *path = pxi_run_path(home, id, "run.json");
    size_t length;
    px_error reason = {0};
    px_status status = path ? pxi_sql_begin(home->db, err) : pxi_fail_memory(err);
    if (status) {
        free(path);
        return status;
    }
    px_status found = pxi_file_read(path, &json, &length, &reason);
    *strrchr(path, '/') = '\0';
    if (found == PX_ENOTFOUND && !pxi_path_exists(path))
        status = pxi_run_index_drop(home, id, err);
    else
        status = pxi_run_index_put(home, id, found ? "" : json, err);
    free(json);
    free(path);
    return pxi_sql_end(home->db, status, err);
}

static px_status indexed_ids(px_home *home, char ***out, size_t *n, px_error *err) {
    sqlite3_stmt *query = NULL;
    char **ids = NULL;
    size_t used = 0, capacity = 0;
    bool more = true;
    px_status status = pxi_sql_query(home->db, &query, err, "SELECT run_id FROM runs ORDER BY run_id", "");
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        char *copy = strdup(pxi_sql_text(query, 0));
        if (copy && pxi_grow(&ids, &capacity, used + 1, sizeof *ids))
            ids[used++] = copy;
        else {
            free(copy);
            status = pxi_fail_memory(err);
        }
    }
    sqlite3_finalize(query);
    if (status) {
        pxi_run_ids_free(ids, used);
        return status;
    }
    *out = ids;
    *n = used;
    return PX_OK;
}

static px_status settle_all(px_home *home, px_error *err) {
    char **folders = NULL, **rows = NULL;
    size_t n_folders = 0, n_rows = 0;
    px_status status = pxi_run_ids(home, &folders, &n_folders, err);
    if (!status)
        status = indexed_ids(home, &rows, &n_rows, err);
    for (size_t i = 0, j = 0; !status && (i < n_folders || j < n_rows);) {
        int order = i == n_folders ? 1 : j == n_rows ? -1 : strcmp(folders[i], rows[j]);
        if (order != 0)
            status = settle_one(home, order < 0 ? folders[i] : rows[j], err);
        i += order <= 0;
        j += order >= 0;
    }
    pxi_run_ids_free(folders, n_folders);
    pxi_run_ids_free(rows, n_rows);
    return status;
}

px_status pxi_runs_settle(px_home *home, px_error *err) {
    px_status status = home->read_only ? pxi_home_protect(home, false, err) : remove_unfinished(home, err);
    if (!status)
        status = pxi_home_protect_again(home, settle_all(home, err), err);
    home->runs_settled = !status;
    return status;
}

px_status px_runs_list(px_home *home, px_table *out, px_error *err) {
    static const px_column_def columns[] = {
        {"run_id", PX_COLUMN_TEXT},
        {"created", PX_COLUMN_TIME},
        {"status", PX_COLUMN_TEXT},
        {"strategy", PX_COLUMN_TEXT},
        {"symbol", PX_COLUMN_TEXT},
        {"timeframe", PX_COLUMN_TEXT},
        {"profile", PX_COLUMN_TEXT},
        {"start", PX_COLUMN_TEXT},
        {"end", PX_COLUMN_TEXT},
        {"trades", PX_COLUMN_I64},
        {"net_pnl", PX_COLUMN_F64},
        {"net_return_pct", PX_COLUMN_F64},
        {"net_sharpe", PX_COLUMN_F64},
        {"net_max_drawdown_pct", PX_COLUMN_F64},
        {"fingerprint", PX_COLUMN_TEXT},
        {"message", PX_COLUMN_TEXT},
        {"sessions", PX_COLUMN_I64},
        {"net_cagr_pct", PX_COLUMN_F64},
        {"net_sortino", PX_COLUMN_F64},
        {"net_calmar", PX_COLUMN_F64},
        {"net_session_sharpe", PX_COLUMN_F64},
        {"net_psr", PX_COLUMN_F64},
    };
    enum { N = sizeof columns / sizeof *columns };
    sqlite3_stmt *query = NULL;
    bool more = true;
    px_table table = {0};
    px_status status = pxi_runs_settle(home, err);
    if (!status)
        status = px_table_init(&table, columns, N, err);
    if (!status)
        status = pxi_sql_query(
            home->db, &query, err,
            "SELECT run_id, created_us / 1000000 * 1000000, status, strategy, symbol, timeframe, profile, "
            "start, \"end\", trades, net_pnl, net_return_pct, net_sharpe, net_max_drawdown_pct, fingerprint, "
            "message, sessions, net_cagr_pct, net_sortino, net_calmar, net_session_sharpe, net_psr "
            "FROM runs ORDER BY created_us, run_id",
            "");
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        status = px_table_add_row(&table, err);
        for (int c = 0; c < N && !status; c++) {
            if (sqlite3_column_type(query, c) == SQLITE_NULL)
                continue;
            if (columns[c].type == PX_COLUMN_TEXT)
                status = px_table_set_text(&table, (size_t)c, pxi_sql_text(query, c), err);
            else if (columns[c].type == PX_COLUMN_F64)
                px_table_set_f64(&table, (size_t)c, sqlite3_column_double(query, c));
            else
                px_table_set_i64(&table, (size_t)c, sqlite3_column_int64(query, c));
        }
    }
    sqlite3_finalize(query);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
