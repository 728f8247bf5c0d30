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

/* One metric, whose key may be the first of its name. */
static px_status insert_metric(sqlite3 *db, sqlite3_stmt *insert, int64_t run, const char *key, double value,
                               px_error *err) {
    bool more;
    px_status status = pxi_sql_run(db, err, "INSERT OR IGNORE INTO metric_keys (key) VALUES (?)", "t", key);
    if (status)
        return status;
    if (sqlite3_bind_int64(insert, 1, run) != SQLITE_OK ||
        sqlite3_bind_double(insert, 2, value) != SQLITE_OK ||
        sqlite3_bind_text(insert, 3, key, -1, SQLITE_STATIC) != SQLITE_OK)
        status = pxi_sql_fail(db, err);
    else
        status = pxi_sql_row(insert, &more, err);
    sqlite3_reset(insert);
    return status;
}

/* Metrics that are defined, each a row. */
static px_status insert_metrics(sqlite3 *db, int64_t run, json_t *metrics, px_error *err) {
    sqlite3_stmt *insert = NULL;
    const char *key;
    json_t *value;
    px_status status = pxi_sql_query(db, &insert, err,
                                     "INSERT INTO run_metrics (run, metric, value) SELECT ?, metric, ?"
                                     " FROM metric_keys WHERE key = ?",
                                     "");
    json_object_foreach(metrics, key, value) {
        if (!status && json_is_number(value))
            status = insert_metric(db, insert, run, key, json_number_value(value), err);
    }
    sqlite3_finalize(insert);
    return status;
}

static px_status insert_run(sqlite3 *db, const char *id, const json_t *run, px_error *err) {
    const char *created = text_of(run, "created");
    int64_t created_us = 0;
    if (created && px_time_parse(created, strlen(created), NULL, &created_us, NULL) != PX_OK)
        created_us = 0;
    px_status status = pxi_sql_run(
        db, err,
        "INSERT INTO runs (run_id, created_us, status, strategy, symbol, timeframe, profile, start, \"end\","
        " fingerprint, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        "tittttttttt", id, created_us, text_of(run, "status"), text_of(run, "strategy"),
        text_of(run, "symbol"), text_of(run, "timeframe"), text_of(run, "profile"), text_of(run, "start"),
        text_of(run, "end"), text_of(run, "fingerprint"), text_of(run, "message"));
    if (!status) /* whoever emptied the table of runs by hand left these */
        status =
            pxi_sql_run(db, err, "DELETE FROM run_metrics WHERE run = ?", "i", sqlite3_last_insert_rowid(db));
    return status ? status
                  : insert_metrics(db, sqlite3_last_insert_rowid(db), json_object_get(run, "metrics"), err);
}

static px_status drop_run(sqlite3 *db, const char *id, px_error *err) {
    px_status status = pxi_sql_run(
        db, err, "DELETE FROM run_metrics WHERE run = (SELECT run FROM runs WHERE run_id = ?)", "t", id);
    return status ? status : pxi_sql_run(db, err, "DELETE FROM runs WHERE run_id = ?", "t", id);
}

/* Enters a run by its run.json; one that does not read is entered as corrupt with the reason. */
static px_status put_run(sqlite3 *db, const char *id, const char *json, px_error *err) {
    json_t *run = NULL;
    px_error reason = {0};
    px_status status = drop_run(db, id, err);
    if (status)
        return status;
    if (pxi_json_parse(json, strlen(json), "run.json", &run, &reason) == PX_OK)
        status = insert_run(db, id, run, err);
    else
        status = pxi_sql_run(db, err, "INSERT INTO runs (run_id, status, message) VALUES (?, 'corrupt', ?)",
                             "tt", id, reason.message);
    json_decref(run);
    return status;
}

px_status pxi_run_index_put(px_home *home, const char *id, const char *json, px_error *err) {
    px_status status = pxi_sql_begin(home->db, err);
    return status ? status : pxi_sql_end(home->db, put_run(home->db, id, json, err), err);
}

px_status pxi_run_index_drop(px_home *home, const char *id, px_error *err) {
    px_status status = pxi_sql_begin(home->db, err);
    return status ? status : pxi_sql_end(home->db, drop_run(home->db, id, err), err);
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
        status = drop_run(home->db, id, err);
    else
        status = put_run(home->db, id, found ? "" : json, err);
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

px_status pxi_runs_settle_to_read(px_home *home, px_error *err) {
    px_status status = pxi_runs_settle(home, err);
    return status && pxi_home_without_room(home, status) == PX_OK ? pxi_runs_settle(home, err) : status;
}
