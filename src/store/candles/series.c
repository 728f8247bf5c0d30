// SPDX-License-Identifier: Apache-2.0
#include "store/candles/series.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_OPEN_ATTEMPTS 1000

/* ---- names --------------------------------------------------------------------------------------------- */

char *pxi_key_folder(const px_home *home, const char *key) {
    char *folder = NULL, *encoded = pxi_percent_encode(key, "");
    if (encoded && asprintf(&folder, "%s/candles/%s", home->path, encoded) < 0)
        folder = NULL;
    free(encoded);
    return folder;
}

char *pxi_series_folder(const px_home *home, const char *key, int timeframe_minutes) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    char *parent = pxi_key_folder(home, key);
    char *folder = parent ? pxi_path_join(parent, px_timeframe_format(timeframe_minutes, timeframe)) : NULL;
    free(parent);
    return folder;
}

char *pxi_series_year_path(const char *folder, int year) {
    char *path;
    return asprintf(&path, "%s/%04d.parquet", folder, year) < 0 ? NULL : path;
}

/* The year of "2022.parquet"; false for other names. */
static bool parse_year(const char *name, int *year) {
    if (strspn(name, "0123456789") != 4 || strcmp(name + 4, ".parquet") != 0)
        return false;
    *year = (int)strtol(name, NULL, 10);
    return true;
}

int pxi_year_of(int64_t ts_us) {
    int64_t days = ts_us / PX_US_PER_DAY - (ts_us % PX_US_PER_DAY < 0);
    return px_civil_from_date((int32_t)days).year;
}

int64_t pxi_year_begin_us(int year) {
    return px_date_from_civil((px_civil){year, 1, 1}) * PX_US_PER_DAY;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

typedef struct year_list {
    int *years;
    size_t n, capacity;
} year_list;

static px_status list_folder(const char *path, year_list *list, px_error *err) {
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? PX_OK : pxi_fail_errno(err, "read folder", path);
    px_status status = PX_OK;
    for (struct dirent *entry; !status && (entry = readdir(folder));) {
        int year;
        if (!parse_year(entry->d_name, &year))
            continue;
        if (pxi_grow(&list->years, &list->capacity, list->n + 1, sizeof *list->years))
            list->years[list->n++] = year;
        else
            status = pxi_fail_memory(err);
    }
    closedir(folder);
    return status;
}

static int compare_years(const void *a, const void *b) {
    int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

/* The years in the folder or in a pending commit, ascending, each once. */
static px_status list_years(const char *folder, const char *commit, year_list *list, px_error *err) {
    px_status status = list_folder(commit, list, err);
    if (!status)
        status = list_folder(folder, list, err);
    if (status || list->n == 0)
        return status;
    qsort(list->years, list->n, sizeof *list->years, compare_years);
    size_t kept = 1;
    for (size_t i = 1; i < list->n; i++)
        if (list->years[i] != list->years[kept - 1])
            list->years[kept++] = list->years[i];
    list->n = kept;
    return PX_OK;
}

static px_status pin_year(const char *folder, int year, pxi_pinned *out, px_error *err) {
    char *path = pxi_series_year_path(folder, year);
    px_status status = path ? pxi_pin(path, out, err) : pxi_fail_memory(err);
    free(path);
    return status;
}

static px_status open_year(const char *folder, const char *commit, int year, pxi_year_file *out,
                           px_error *err) {
    struct stat info;
    px_status status = pin_year(commit, year, &out->file, err);
    if (status == PX_ENOTFOUND)
        status = pin_year(folder, year, &out->file, err);
    if (status)
        return status;
    if (fstat(out->file.fd, &info) != 0) {
        pxi_unpin(&out->file);
        return pxi_fail_errno(err, "read", folder);
    }
    out->year = year;
    out->device = (uint64_t)info.st_dev;
    out->inode = (uint64_t)info.st_ino;
    out->bytes = (size_t)info.st_size;
    return PX_OK;
}

static px_status open_once(const char *folder, int first, int last, pxi_year_files *out, px_error *err) {
    year_list list = {0};
    pxi_year_files files = {0};
    char *commit = pxi_path_join(folder, ".commit");
    px_status status = commit ? list_years(folder, commit, &list, err) : pxi_fail_memory(err);
    if (!status && !(files.items = pxi_new_array(list.n, sizeof *files.items)))
        status = pxi_fail_memory(err);
    files.n_stored = list.n;
    for (size_t i = 0; !status && i < list.n; i++) {
        if (list.years[i] < first || list.years[i] > last)
            continue;
        status = open_year(folder, commit, list.years[i], &files.items[files.n], err);
        if (!status)
            files.n++;
        else if (status == PX_ENOTFOUND) /* moved away since; the second look will see where to */
            status = PX_OK;
    }
    free(commit);
    free(list.years);
    if (status)
        pxi_year_files_close(&files);
    else
        *out = files;
    return status;
}

static bool same_files(const pxi_year_files *a, const pxi_year_files *b) {
    if (a->n != b->n || a->n_stored != b->n_stored)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->items[i].year != b->items[i].year || a->items[i].device != b->items[i].device ||
            a->items[i].inode != b->items[i].inode)
            return false;
    return true;
}

px_status pxi_year_files_open(const char *folder, int first, int last, pxi_year_files *out, px_error *err) {
    pxi_year_files one = {0}, two = {0};
    px_status status = open_once(folder, first, last, &one, err);
    for (int attempt = 0; !status && attempt < MOST_OPEN_ATTEMPTS; attempt++) {
        status = open_once(folder, first, last, &two, err);
        bool same = !status && same_files(&one, &two);
        pxi_year_files_close(same ? &two : &one);
        if (same) {
            *out = one;
            return PX_OK;
        }
        one = two;
        memset(&two, 0, sizeof two);
    }
    pxi_year_files_close(&one);
    return status ? status : pxi_fail(err, PX_EIO, "%s is being rewritten all the time: try again", folder);
}

void pxi_year_files_close(pxi_year_files *files) {
    for (size_t i = 0; i < files->n; i++)
        pxi_unpin(&files->items[i].file);
    free(files->items);
    memset(files, 0, sizeof *files);
}

/* Reads the files one by one to name the one that does not read. */
static px_status find_damaged(const pxi_year_files *files, const char *folder, pxi_duck *duck,
                              px_error *err) {
    px_bars bars = {0};
    px_status status = PX_OK;
    for (size_t i = 0; i < files->n && !status; i++) {
        const char *path = files->items[i].file.path;
        bars.n = 0;
        status = pxi_duck_read_bars(duck, &path, 1, &bars, err);
        if (status && status != PX_ENOMEM && status != PX_EINTERRUPTED)
            status = pxi_fail_prefix(err, PX_ECORRUPT,
                                     "%s/%04d.parquet is damaged: remove it and import that year again",
                                     folder, files->items[i].year);
    }
    px_bars_free(&bars);
    return status;
}

static px_status check_order(const px_bars *bars, size_t begin, const char *folder, px_error *err) {
    for (size_t i = begin + 1; i < bars->n; i++)
        if (bars->ts_us[i] <= bars->ts_us[i - 1])
            return pxi_fail(
                err, PX_ECORRUPT,
                "%s/%04d.parquet is damaged: its times do not increase; remove it and import that "
                "year again",
                folder, pxi_year_of(bars->ts_us[i]));
    return PX_OK;
}

px_status pxi_year_files_read(const pxi_year_files *files, const char *folder, pxi_duck *duck, px_bars *bars,
                              px_error *err) {
    const size_t least_bar_bytes = 38; /* of our own files without a volume; others make the arrays grow */
    size_t bytes = 0, before = bars->n;
    if (files->n == 0)
        return PX_OK;
    const char **paths = pxi_new_array(files->n, sizeof *paths);
    if (!paths)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < files->n; i++) {
        paths[i] = files->items[i].file.path;
        bytes += files->items[i].bytes;
    }
    px_status status = px_bars_reserve(bars, bars->n + bytes / least_bar_bytes, err);
    if (!status) {
        status = pxi_duck_read_bars(duck, paths, files->n, bars, err);
        if (status && status != PX_ENOMEM && status != PX_EINTERRUPTED) {
            px_status damaged = find_damaged(files, folder, duck, err);
            status = damaged ? damaged : status;
        }
    }
    if (!status)
        status = check_order(bars, before, folder, err);
    free(paths);
    return status;
}

/* ---- changing ------------------------------------------------------------------------------------------ */

/* Moves the committed year files to their places. Each step can be repeated, so it can die anywhere. */
static px_status carry_out(const char *folder, const char *commit, px_error *err) {
    year_list list = {0};
    px_status status = list_folder(commit, &list, err);
    for (size_t i = 0; !status && i < list.n; i++) {
        char *from = pxi_series_year_path(commit, list.years[i]);
        char *to = pxi_series_year_path(folder, list.years[i]);
        if (!from || !to)
            status = pxi_fail_memory(err);
        else if (rename(from, to) != 0)
            status = pxi_fail_errno(err, "rename to", to);
        free(from);
        free(to);
    }
    free(list.years);
    return status ? status : pxi_remove_tree(commit, err);
}

px_status pxi_make_candles_folder(const char *folder, int depth, px_error *err) {
    if (pxi_path_exists(folder))
        return PX_OK;
    px_status status = pxi_make_folder(folder, err);
    char *parent = status ? NULL : strdup(folder);
    for (int i = 0; !status && i < depth; i++) {
        char *slash = parent ? strrchr(parent, '/') : NULL;
        if (!slash)
            status = pxi_fail_memory(err);
        else {
            *slash = '\0';
            status = pxi_sync_path(parent, err);
        }
    }
    free(parent);
    return status;
}

px_status pxi_series_change_begin(const char *folder, pxi_series_change *out, px_error *err) {
    pxi_series_change change = {.lock = -1};
    char *lock = pxi_path_join(folder, ".lock"), *commit = pxi_path_join(folder, ".commit");
    change.staged = pxi_path_join(folder, ".staged");
    px_status status =
        lock && commit && change.staged ? pxi_duplicate(folder, &change.folder, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_make_candles_folder(folder, 3, err); /* candles/<key>/<timeframe> */
    if (!status)
        status = pxi_lock_take(lock, LOCK_EX, &change.lock, err);
    if (!status)
        status = carry_out(folder, commit, err);
    if (!status)
        status = pxi_remove_tree(change.staged, err);
    if (!status)
        status = pxi_make_folder(change.staged, err);
    free(lock);
    free(commit);
    if (status)
        pxi_series_change_end(&change);
    else
        *out = change;
    return status;
}

px_status pxi_series_change_commit(pxi_series_change *change, px_error *err) {
    char *commit = pxi_path_join(change->folder, ".commit");
    px_status status = commit ? pxi_sync_path(change->staged, err) : pxi_fail_memory(err);
    if (!status && rename(change->staged, commit) != 0)
        status = pxi_fail_errno(err, "rename to", commit);
    if (!status)
        status = pxi_sync_path(change->folder, err);
    if (!status) /* what fails here is done by the next writer: the change stands */
        (void)carry_out(change->folder, commit, NULL);
    free(commit);
    return status;
}

void pxi_series_change_end(pxi_series_change *change) {
    if (change->staged && change->lock >= 0)
        (void)pxi_remove_tree(change->staged, NULL);
    if (change->folder)
        pxi_lock_drop(&change->lock);
    free(change->staged);
    free(change->folder);
    memset(change, 0, sizeof *change);
    change->lock = -1;
}
