// SPDX-License-Identifier: Apache-2.0
/* Stored runs: runs/<id>/run.json and its tables as Parquet. A run is made in an unfinished folder and
 * renamed; then it is entered into the index. Dying in between is mended by pxi_runs_settle. */
#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/runs/account_curve.h"
#include "store/runs/run_index.h"
#include "store/runs/run_json.h"
#include "files/duck/table_parquet.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_ENDING ".parquet"

static px_status check_id(const char *id, px_error *err) {
    if (px_run_id_valid(id))
        return PX_OK;
    return pxi_fail(
        err, PX_EINPUT,
        "\"%.80s\" is no run id: 1 to %d letters, digits, dots, dashes and underscores, the first a "
        "letter or digit",
        id, PXI_RUN_ID_LENGTH);
}

static px_status fail_exists(const char *id, px_error *err) {
    return pxi_fail(err, PX_EEXISTS, "a run named %s is stored already: choose another id or delete it", id);
}

px_status px_run_check_new(px_home *home, const char *id, px_error *err) {
    px_status status = check_id(id, err);
    if (status)
        return status;
    char *path = pxi_run_path(home, id, NULL);
    if (!path)
        return pxi_fail_memory(err);
    bool exists = pxi_path_exists(path);
    free(path);
    return exists ? fail_exists(id, err) : PX_OK;
}

/* ---- unfinished folders -------------------------------------------------------------------------------- */

typedef struct unfinished {
    int lock;
    char *path;
} unfinished;

/* Takes a new name under runs/; the lock keeps others from tidying it away. */
static px_status begin_unfinished(px_home *home, bool make, unfinished *out, px_error *err) {
    unfinished begun = {.lock = -1};
    char name[64];
    char *folder = pxi_run_path(home, NULL, NULL), *lock = pxi_run_path(home, ".lock", NULL);
    px_status status = folder && lock ? pxi_make_folder(folder, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_lock_take(lock, LOCK_SH, &begun.lock, err);
    for (int i = 0; !status && !begun.path; i++) {
        snprintf(name, sizeof name, PXI_RUN_UNFINISHED "%ld-%d", (long)getpid(), i);
        begun.path = pxi_run_path(home, name, NULL);
        if (!begun.path)
            status = pxi_fail_memory(err);
        else if (make ? mkdir(begun.path, pxi_folder_mode(begun.path)) == 0 : !pxi_path_exists(begun.path))
            break;
        else if (make && errno != EEXIST)
            status = pxi_fail_errno(err, "make folder", begun.path);
        free(begun.path);
        begun.path = NULL;
    }
    free(folder);
    free(lock);
    if (status)
        pxi_lock_drop(&begun.lock);
    else
        *out = begun;
    return status;
}

static void end_unfinished(unfinished *begun) {
    if (begun->path)
        (void)pxi_remove_tree(begun->path, NULL);
    free(begun->path);
    pxi_lock_drop(&begun->lock);
    begun->path = NULL;
}

/* ---- saving -------------------------------------------------------------------------------------------- */

static px_status write_parts(px_home *home, const char *folder, const px_run_part *parts, size_t n_parts,
                             px_error *err) {
    pxi_duck *duck = NULL;
    px_status status = n_parts > 0 ? pxi_home_duck(home, &duck, err) : PX_OK;
    for (size_t i = 0; i < n_parts && !status; i++) {
        char *path;
        if (asprintf(&path, "%s/%s" TABLE_ENDING, folder, parts[i].name) < 0)
            return pxi_fail_memory(err);
        status = pxi_table_write(duck, parts[i].table, path, err);
        free(path);
    }
    return status;
}

/* Renames the finished folder to its place. */
static px_status publish(px_home *home, const char *id, unfinished *begun, px_error *err) {
    char *place = pxi_run_path(home, id, NULL), *runs = pxi_run_path(home, NULL, NULL);
    px_status status = place && runs ? pxi_sync_path(begun->path, err) : pxi_fail_memory(err);
    if (!status && pxi_path_exists(place))
        status = fail_exists(id, err);
    if (!status && rename(begun->path, place) != 0)
        status = errno == EEXIST || errno == ENOTEMPTY ? fail_exists(id, err)
                                                       : pxi_fail_errno(err, "rename to", place);
    if (!status) {
        free(begun->path);
        begun->path = NULL;
        status = pxi_sync_path(runs, err);
    }
    free(place);
    free(runs);
    return status;
}

/* The document under its id; `run` is what it says. */
static px_status save(px_home *home, const char *id, const char *json, const px_run *run,
                      const pxi_run_parts *parts, px_error *err) {
    unfinished begun;
    px_status status = px_run_check_new(home, id, err);
    if (!status && !home->runs_settled)
        status = pxi_runs_agree(home, err);
    if (!status)
        status = begin_unfinished(home, true, &begun, err);
    if (status)
        return status;
    status = write_parts(home, begun.path, parts->items, parts->n, err);
    if (!status) {
        char *path = pxi_path_join(begun.path, "run.json");
        status = path ? pxi_file_write(path, json, strlen(json), err) : pxi_fail_memory(err);
        free(path);
    }
    if (!status)
        status = publish(home, id, &begun, err);
    if (!status) /* from here on the run is stored: an index that fails is mended later */
        (void)pxi_run_index_settle(home, id, run, NULL);
    end_unfinished(&begun);
    return status;
}

px_status px_run_save(px_home *home, const char *id, const char *json, const px_run_part *parts,
                      size_t n_parts, px_error *err) {
    return save(home, id, json, NULL, &(pxi_run_parts){parts, n_parts}, err);
}

px_status pxi_run_store(px_home *home, const px_run *run, const pxi_run_parts *parts, px_error *err) {
    char *json = NULL;
    px_status status = px_run_to_json(run, &json, err);
    if (!status)
        status = save(home, run->run_id, json, run, parts, err);
    free(json);
    return status;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static px_status fail_unknown(px_home *home, const char *id, px_error *err) {
    char **ids = NULL, hint[PXI_RUN_ID_LENGTH + 32] = "";
    size_t n = 0;
    px_status status = pxi_run_ids(home, &ids, &n, err);
    if (status)
        return status;
    pxi_did_you_mean(id, (const char *const *)ids, n, hint, sizeof hint);
    pxi_run_ids_free(ids, n);
    return pxi_fail(err, PX_ENOTFOUND, "no run is named \"%.80s\"%s", id, hint);
}

static px_status find_run(px_home *home, const char *id, px_error *err) {
    char *path = pxi_run_path(home, id, NULL);
    if (!path)
        return pxi_fail_memory(err);
    bool found = px_run_id_valid(id) && pxi_path_exists(path);
    free(path);
    return found ? PX_OK : fail_unknown(home, id, err);
}

px_status px_run_read(px_home *home, const char *id, char **json, px_error *err) {
    size_t length;
    px_status status = find_run(home, id, err);
    if (status)
        return status;
    char *path = pxi_run_path(home, id, "run.json");
    status = path ? pxi_file_read(path, json, &length, err) : pxi_fail_memory(err);
    if (status == PX_ENOTFOUND)
        status = pxi_fail(err, PX_ECORRUPT, "the run %s is damaged: it has no run.json; delete it", id);
    free(path);
    return status;
}

px_status px_run_load(px_home *home, const char *id, px_run *out, px_error *err) {
    char *text = NULL;
    px_run run = {0};
    px_status status = px_run_read(home, id, &text, err);
    if (!status)
        status = pxi_run_parse(id, text, &run, NULL, err);
    free(text);
    if (status)
        px_run_free(&run);
    else
        *out = run;
    return status;
}

static int is_table(const struct dirent *entry) {
    size_t length = strlen(entry->d_name), ending = strlen(TABLE_ENDING);
    return length > ending && strcmp(entry->d_name + length - ending, TABLE_ENDING) == 0;
}

px_status pxi_run_files(const px_home *home, const char *id, char ***out, size_t *n, px_error *err) {
    struct dirent **entries = NULL;
    px_status status = PX_OK;
    size_t used = 0;
    char *path = pxi_run_path(home, id, NULL);
    int found = path ? scandir(path, &entries, is_table, alphasort) : 0;
    char **names = found >= 0 ? pxi_new_array((size_t)found, sizeof *names) : NULL;
    if (found < 0)
        status = pxi_fail_errno(err, "read folder", path);
    else if (!path || !names)
        status = pxi_fail_memory(err);
    for (int i = 0; i < found; i++) {
        char *name = entries[i]->d_name;
        name[strlen(name) - strlen(TABLE_ENDING)] = '\0';
        if (!status && !(status = pxi_duplicate(name, &names[used], err)))
            used++;
        free(entries[i]);
    }
    free(entries);
    free(path);
    if (status) {
        pxi_run_ids_free(names, used);
        return status;
    }
    *out = names;
    *n = used;
    return PX_OK;
}

px_status pxi_run_tables(const px_home *home, const char *id, char ***out, size_t *n, px_error *err) {
    char **names = NULL;
    size_t found = 0, used = 0;
    px_status status = pxi_run_files(home, id, &names, &found, err);
    if (status)
        return status;
    for (size_t i = 0; i < found; i++) {
        if (strcmp(names[i], PXI_CURVE_CHANGES) == 0)
            *strchr(names[i], '.') = '\0';
        if (strchr(names[i], '.') || (used > 0 && strcmp(names[used - 1], names[i]) == 0))
            free(names[i]);
        else
            names[used++] = names[i];
    }
    *out = names;
    *n = used;
    return PX_OK;
}

static px_status fail_no_table(px_home *home, const char *id, const char *part, px_error *err) {
    char **names = NULL, hint[NAME_MAX + 32] = "";
    size_t n = 0;
    px_status status = pxi_run_tables(home, id, &names, &n, err);
    if (status)
        return status;
    pxi_did_you_mean(part, (const char *const *)names, n, hint, sizeof hint);
    pxi_run_ids_free(names, n);
    return pxi_fail(err, PX_ENOTFOUND, "the run %s has no table \"%.80s\"%s", id, part, hint);
}

px_status pxi_run_table_path(px_home *home, const char *id, const char *part, char **out, px_error *err) {
    char *path = NULL;
    px_status status = find_run(home, id, err);
    if (status)
        return status;
    if (!*part || strspn(part, PXI_RUN_LETTERS "._-") != strlen(part))
        return fail_no_table(home, id, part, err);
    if (asprintf(&path, "%s/runs/%s/%s" TABLE_ENDING, home->path, id, part) < 0)
        return pxi_fail_memory(err);
    if (pxi_path_exists(path)) {
        *out = path;
        return PX_OK;
    }
    free(path);
    return fail_no_table(home, id, part, err);
}

px_status pxi_run_read_changes(px_home *home, const char *id, const char *part, px_table *out,
                               px_error *err) {
    if (strcmp(part, "equity") != 0)
        return PX_OK;
    char *path = pxi_run_path(home, id, PXI_CURVE_CHANGES TABLE_ENDING);
    if (!path)
        return pxi_fail_memory(err);
    const bool exists = pxi_path_exists(path);
    free(path);
    return exists ? px_run_read_table(home, id, PXI_CURVE_CHANGES, out, err) : PX_OK;
}

/* Equity, of its bars and changes. */
static px_status make_equity(px_home *home, const char *id, const px_table *changes, px_table *out,
                             px_error *err) {
    px_table bars = {0};
    size_t begun = 0;
    px_status status = px_run_read_table(home, id, PXI_CURVE_BARS, &bars, err);
    if (status)
        return status;
    status = pxi_curve_restore(&bars, changes, &begun, out, err);
    if (!status && (status = pxi_curve_restored(changes, begun, err)))
        px_table_free(out);
    px_table_free(&bars);
    return status ? pxi_fail_prefix(err, status, "the run %s is damaged", id) : PX_OK;
}

/* Quantities, which in the files of earlier runs are whole numbers. */
static void know_quantities(px_table *table) {
    static const char *const names[] = {"qty", "quantity", "position"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        const size_t at = px_table_find(table, names[k]);
        px_column *column = at == SIZE_MAX ? NULL : &table->columns[at];
        if (!column || (column->type != PX_COLUMN_I64 && column->type != PX_COLUMN_F64))
            continue;
        for (size_t row = 0; column->type == PX_COLUMN_I64 && row < table->n_rows; row++) {
            const int64_t whole = column->u.i64[row];
            column->u.f64[row] = whole == PX_NULL_I64 ? NAN : (double)whole;
        }
        column->type = PX_COLUMN_QUANTITY;
    }
}

px_status px_run_read_table(px_home *home, const char *id, const char *part, px_table *out, px_error *err) {
    pxi_duck *duck = NULL;
    px_table changes = {0};
    char *path = NULL;
    px_status status = pxi_run_read_changes(home, id, part, &changes, err);
    if (!status && changes.columns) {
        status = make_equity(home, id, &changes, out, err);
        px_table_free(&changes);
        return status;
    }
    if (!status)
        status = pxi_run_table_path(home, id, part, &path, err);
    if (!status)
        status = pxi_home_duck(home, &duck, err);
    if (!status)
        status = pxi_table_read(duck, path, out, err);
    if (!status && strchr(part, '.') == NULL) /* not what equity is made of */
        know_quantities(out);
    free(path);
    return status;
}

/* ---- deleting ------------------------------------------------------------------------------------------ */

px_status px_run_delete(px_home *home, const char *id, px_error *err) {
    unfinished begun;
    px_status status = find_run(home, id, err);
    if (!status)
        status = begin_unfinished(home, false, &begun, err);
    if (status)
        return status;
    char *path = pxi_run_path(home, id, NULL);
    if (!path)
        status = pxi_fail_memory(err);
    else if (rename(path, begun.path) != 0) /* out of sight at once, then piece by piece */
        status = errno == ENOENT ? fail_unknown(home, id, err) : pxi_fail_errno(err, "remove", path);
    free(path);
    end_unfinished(&begun);
    if (!status) /* gone is gone: an index that fails is mended later */
        (void)pxi_run_index_settle(home, id, NULL, NULL);
    return status;
}
