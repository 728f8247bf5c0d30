// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_index.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/home/sql.h"
#include "store/runs/run_json.h"

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

/* Only where no other process is at work here; else a later caller does it, and *left is true. */
static px_status remove_unfinished(const px_home *home, bool *left, px_error *err) {
    char **names = NULL;
    size_t n = 0;
    int lock = -1;
    px_status status = list_names(home, is_unfinished, &names, &n, err);
    *left = n > 0;
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

static px_status insert_metric(sqlite3 *db, sqlite3_stmt *insert, int64_t row, const px_run_number *metric,
                               px_error *err) {
    bool more;
    px_status status = PX_OK;
    if (sqlite3_bind_int64(insert, 1, row) != SQLITE_OK ||
        sqlite3_bind_double(insert, 2, metric->value) != SQLITE_OK ||
        sqlite3_bind_text(insert, 3, metric->name, -1, SQLITE_STATIC) != SQLITE_OK)
        status = pxi_sql_fail(db, err);
    else
        status = pxi_sql_row(insert, &more, err);
    sqlite3_reset(insert);
    return status;
}

/* The first of its name needs a number of its own. */
static px_status insert_named(sqlite3 *db, sqlite3_stmt *insert, int64_t row, const px_run_number *metric,
                              px_error *err) {
    px_status status = insert_metric(db, insert, row, metric, err);
    if (status || sqlite3_changes(db) > 0)
        return status;
    status = pxi_sql_run(db, err, "INSERT INTO metric_keys (key) VALUES (?)", "t", metric->name);
    return status ? status : insert_metric(db, insert, row, metric, err);
}

/* Metrics that are defined, each a row. */
static px_status insert_metrics(sqlite3 *db, int64_t row, const px_run_numbers *metrics, px_error *err) {
    sqlite3_stmt *insert = NULL;
    px_status status = pxi_sql_query(db, &insert, err,
                                     "INSERT INTO run_metrics (run, metric, value) SELECT ?, metric, ?"
                                     " FROM metric_keys WHERE key = ?",
                                     "");
    for (size_t i = 0; i < metrics->n && !status; i++)
        if (!isnan(metrics->items[i].value))
            status = insert_named(db, insert, row, &metrics->items[i], err);
    sqlite3_finalize(insert);
    return status;
}

static px_status drop_metrics(sqlite3 *db, int64_t row, px_error *err) {
    return pxi_sql_run(db, err,
                       "DELETE FROM run_metrics WHERE metric IN (SELECT metric FROM metric_keys) AND run = ?",
                       "i", row);
}

static px_status insert_run(sqlite3 *db, const char *id, const px_run *run, px_error *err) {
    int64_t created_us = 0;
    if (run->created && px_time_parse(run->created, strlen(run->created), NULL, &created_us, NULL) != PX_OK)
        created_us = 0;
    px_status status = pxi_sql_run(
        db, err,
        "INSERT INTO runs (run_id, created_us, status, strategy, symbol, timeframe, profile, start, \"end\","
        " fingerprint, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "tittttttttt", id, created_us, run->status, run->strategy, run->symbol, run->timeframe, run->profile,
        run->start, run->end, run->fingerprint, run->message);
    if (!status) /* whoever emptied the table of runs by hand left these */
        status = drop_metrics(db, sqlite3_last_insert_rowid(db), err);
    return status ? status : insert_metrics(db, sqlite3_last_insert_rowid(db), &run->metrics, err);
}

static px_status drop_run(sqlite3 *db, const char *id, px_error *err) {
    int64_t row = 0;
    bool found = false;
    sqlite3_stmt *query = NULL;
    px_status status = pxi_sql_query(db, &query, err, "SELECT run FROM runs WHERE run_id = ?", "t", id);
    if (!status && !(status = pxi_sql_row(query, &found, err)) && found)
        row = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    if (!status && found)
        status = drop_metrics(db, row, err);
    return status || !found ? status : pxi_sql_run(db, err, "DELETE FROM runs WHERE run_id = ?", "t", id);
}

/* In a transaction. */
static px_status put_run(sqlite3 *db, const char *id, const px_run *run, const char *reason, px_error *err) {
    px_status status = drop_run(db, id, err);
    if (status)
        return status;
    return run ? insert_run(db, id, run, err)
               : pxi_sql_run(db, err, "INSERT INTO runs (run_id, status, message) VALUES (?, 'corrupt', ?)",
                             "tt", id, reason);
}

/* ---- agreement ----------------------------------------------------------------------------------------- */

/* What the folder of a run says. */
static px_status look_into(px_home *home, const char *id, const char *path, px_error *err) {
    char *json = NULL;
    size_t length;
    px_run run = {0};
    px_error reason = {0};
    px_status read = pxi_file_read(path, &json, &length, &reason);
    if (!read)
        read = pxi_run_parse(id, json, &run, NULL, &reason);
    px_status status = read == PX_ENOMEM ? pxi_fail_memory(err)
                                         : put_run(home->db, id, read ? NULL : &run, reason.message, err);
    px_run_free(&run);
    free(json);
    return status;
}

/* In a transaction. Whatever others do meanwhile: they change the folder first and the index, for which they
 * have to wait, second. `run` is what is in the folder, where it is known. */
static px_status settle_one(px_home *home, const char *id, const px_run *run, px_error *err) {
    char *folder = pxi_run_path(home, id, NULL), *path = pxi_run_path(home, id, "run.json");
    px_status status = PX_OK;
    if (!folder || !path)
        status = pxi_fail_memory(err);
    else if (!pxi_path_exists(folder))
        status = drop_run(home->db, id, err);
    else
        status = run ? put_run(home->db, id, run, NULL, err) : look_into(home, id, path, err);
    free(folder);
    free(path);
    return status;
}

px_status pxi_run_index_settle(px_home *home, const char *id, const px_run *run, px_error *err) {
    px_status status = pxi_sql_begin(home->db, err);
    return status ? status : pxi_sql_end(home->db, settle_one(home, id, run, err), err);
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

/* Runs that one transaction enters or drops: others wait for its end. */
#define MOST_AT_ONCE 500

static px_status settle_all(px_home *home, px_error *err) {
    char **folders = NULL, **rows = NULL;
    size_t n_folders = 0, n_rows = 0, n_open = 0;
    px_status status = pxi_run_ids(home, &folders, &n_folders, err);
    if (!status)
        status = indexed_ids(home, &rows, &n_rows, err);
    for (size_t i = 0, j = 0; !status && (i < n_folders || j < n_rows);) {
        int order = i == n_folders ? 1 : j == n_rows ? -1 : strcmp(folders[i], rows[j]);
        if (order != 0 && n_open == 0)
            status = pxi_sql_begin(home->db, err);
        if (order != 0 && !status) {
            n_open++;
            status = settle_one(home, order < 0 ? folders[i] : rows[j], NULL, err);
        }
        if (n_open == MOST_AT_ONCE || (status && n_open)) {
            status = pxi_sql_end(home->db, status, err);
            n_open = 0;
        }
        i += order <= 0;
        j += order >= 0;
    }
    if (n_open)
        status = pxi_sql_end(home->db, status, err);
    pxi_run_ids_free(folders, n_folders);
    pxi_run_ids_free(rows, n_rows);
    return status;
}

px_status pxi_runs_settle(px_home *home, bool *left, px_error *err) {
    *left = false;
    px_status status =
        home->read_only ? pxi_home_protect(home, false, err) : remove_unfinished(home, left, err);
    if (!status)
        status = pxi_home_protect_again(home, settle_all(home, err), err);
    return status;
}
