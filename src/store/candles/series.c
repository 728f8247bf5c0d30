// SPDX-License-Identifier: Apache-2.0
#include "store/candles/series.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <float.h>
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

px_status pxi_numbers_list(const char *path, bool (*parse)(const char *name, int *number), pxi_numbers *list,
                           px_error *err) {
    DIR *folder = opendir(path);
    if (!folder)
        return errno == ENOENT ? PX_OK : pxi_fail_errno(err, "read folder", path);
    px_status status = PX_OK;
    for (struct dirent *entry; !status && (entry = readdir(folder));) {
        int number;
        if (!parse(entry->d_name, &number))
            continue;
        if (pxi_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items))
            list->items[list->n++] = number;
        else
            status = pxi_fail_memory(err);
    }
    closedir(folder);
    return status;
}

static int compare_ints(const void *a, const void *b) {
    const int left = *(const int *)a, right = *(const int *)b;
    return (left > right) - (left < right);
}

void pxi_numbers_sort(pxi_numbers *list) {
    size_t kept = list->n > 0;
    if (list->n == 0)
        return;
    qsort(list->items, list->n, sizeof *list->items, compare_ints);
    for (size_t i = 1; i < list->n; i++)
        if (list->items[i] != list->items[kept - 1])
            list->items[kept++] = list->items[i];
    list->n = kept;
}

/* An empty file in a commit stands for a year that loses its last bar. */
static bool is_gone(const char *commit, int year) {
    struct stat info;
    char *path = pxi_series_year_path(commit, year);
    const bool gone = path && stat(path, &info) == 0 && info.st_size == 0;
    free(path);
    return gone;
}

static void drop_gone_years(const char *commit, pxi_numbers *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->n; i++)
        if (!is_gone(commit, list->items[i]))
            list->items[kept++] = list->items[i];
    list->n = kept;
}

/* The years in the folder or in a pending commit, ascending, each once. */
static px_status list_years(const char *folder, const char *commit, pxi_numbers *list, px_error *err) {
    px_status status = pxi_numbers_list(commit, parse_year, list, err);
    const bool pending = list->n > 0;
    if (!status)
        status = pxi_numbers_list(folder, parse_year, list, err);
    pxi_numbers_sort(list);
    if (!status && pending)
        drop_gone_years(commit, list);
    return status;
}

px_status pxi_series_count_years(const char *folder, size_t *out, px_error *err) {
    pxi_numbers list = {0};
    char *commit = pxi_path_join(folder, ".commit");
    px_status status = commit ? list_years(folder, commit, &list, err) : pxi_fail_memory(err);
    if (!status)
        *out = list.n;
    free(commit);
    free(list.items);
    return status;
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
    pxi_numbers list = {0};
    pxi_year_files files = {0};
    char *commit = pxi_path_join(folder, ".commit");
    px_status status = commit ? list_years(folder, commit, &list, err) : pxi_fail_memory(err);
    if (!status && !(files.items = pxi_new_array(list.n, sizeof *files.items)))
        status = pxi_fail_memory(err);
    files.n_stored = list.n;
    for (size_t i = 0; !status && i < list.n; i++) {
        if (list.items[i] < first || list.items[i] > last)
            continue;
        status = open_year(folder, commit, list.items[i], &files.items[files.n], err);
        if (!status)
            files.n++;
        else if (status == PX_ENOTFOUND) /* moved away since; the second look will see where to */
            status = PX_OK;
    }
    free(commit);
    free(list.items);
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

static px_status fail_file(const char *folder, int year, const px_error *why, px_error *err) {
    return pxi_fail(
        err, PX_ECORRUPT,
        "%s/%04d.parquet is damaged: %s; remove it and import that year again (`pixity data verify` looks "
        "at every file)",
        folder, year, why->message);
}

px_status pxi_year_files_check(pxi_year_files *files, const char *folder, bool whole, px_error *err) {
    for (size_t i = 0; i < files->n; i++) {
        pxi_year_file *file = &files->items[i];
        px_error why = {0};
        px_status status = pxi_checksum_read(file->file.fd, whole, &file->checksum, &why);
        if (status == PX_ECORRUPT)
            return fail_file(folder, file->year, &why, err);
        if (status)
            return pxi_fail(err, status, "%s", why.message);
    }
    return PX_OK;
}

/* Bars on their way from the files into memory. */
typedef struct watch {
    const pxi_year_files *files;
    size_t at; /* the file that the bars are of */
    pxi_bars_digest *digest;
    size_t begin; /* of all that are read */
} watch;

static uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* All that px_bar_defect asks of a bar but its time, for many at once: as whole numbers the bits of positive
 * doubles are in their order, so that each condition is a difference whose sign bit is set where it does not
 * hold. false: some bar may have a defect. */
static bool all_sound(const px_bars *bars, size_t begin, size_t end) {
    const uint64_t most = bits_of(DBL_MAX); /* above it: infinity, then NaN */
    uint64_t bad = 0;
    for (size_t i = begin; i < end; i++) {
        const uint64_t o = bits_of(bars->open[i]), h = bits_of(bars->high[i]), l = bits_of(bars->low[i]),
                       c = bits_of(bars->close[i]), v = bits_of(bars->volume[i]);
        bad |= o | h | l | c | v | (l - 1) | (o - l) | (h - o) | (c - l) | (h - c) | (most - h) | (most - v);
    }
    return bad >> 63 == 0;
}

static px_status fail_bar(const px_bars *bars, size_t i, const char *defect, px_error *err) {
    char when[PX_TIME_TEXT_SIZE];
    return pxi_fail(err, PX_ECORRUPT, "the bar of %s: %s", px_time_format_iso(bars->ts_us[i], NULL, when),
                    defect);
}

static px_status check_bars(const watch *w, const px_bars *bars, size_t begin, size_t end, px_error *err) {
    if (!all_sound(bars, begin, end))
        for (size_t i = begin; i < end; i++) {
            const px_bar bar = px_bars_at(bars, i);
            const char *defect = px_bar_defect(&bar);
            if (defect)
                return fail_bar(bars, i, defect, err);
        }
    for (size_t i = begin == w->begin ? begin + 1 : begin; i < end; i++)
        if (bars->ts_us[i] <= bars->ts_us[i - 1])
            return pxi_fail(err, PX_ECORRUPT, "its times do not increase");
    return PX_OK;
}

/* What was read of the file must be what was written. */
static px_status finish_file(watch *w, px_error *err) {
    const pxi_checksum *checksum = &w->files->items[w->at].checksum;
    const uint64_t digest = pxi_bars_digest_end(w->digest);
    if (checksum->present && checksum->bars != digest)
        return pxi_fail(err, PX_ECORRUPT, "its bars are not those that were written (checksum)");
    w->at++;
    return PX_OK;
}

/* A block may hold the end of one year and the beginning of the next. */
static px_status look(void *context, const px_bars *bars, size_t begin, px_error *err) {
    watch *w = context;
    px_status status = check_bars(w, bars, begin, bars->n, err);
    while (!status && begin < bars->n) {
        if (w->at == w->files->n || bars->ts_us[begin] < pxi_year_begin_us(w->files->items[w->at].year))
            return pxi_fail(err, PX_ECORRUPT, "it has bars of another year");
        const int64_t end_us = pxi_year_begin_us(w->files->items[w->at].year + 1);
        size_t end = bars->n;
        if (bars->ts_us[end - 1] >= end_us)
            end = begin +
                  px_bars_lower_bound(&(px_bars){.n = end - begin, .ts_us = bars->ts_us + begin}, end_us);
        if (w->files->items[w->at].checksum.present)
            pxi_bars_digest_add(w->digest, bars, begin, end);
        if (end < bars->n)
            status = finish_file(w, err);
        begin = end;
    }
    return status;
}

static px_status read_watched(const pxi_year_files *files, pxi_duck *duck, px_bars *bars, px_error *err) {
    watch w = {.files = files, .digest = pxi_bars_digest_new(), .begin = bars->n};
    const pxi_bars_look looking = {look, &w};
    const size_t before = bars->n;
    const char **paths = pxi_new_array(files->n, sizeof *paths);
    px_status status = paths && w.digest ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < files->n; i++)
        paths[i] = files->items[i].file.path;
    if (!status)
        status = pxi_duck_read_bars(duck, paths, files->n, &looking, bars, err);
    while (!status && w.at < files->n)
        status = finish_file(&w, err);
    if (status)
        bars->n = before;
    pxi_bars_digest_free(&w.digest);
    free(paths);
    return status;
}

/* Reads the files one by one to name the one that is damaged. */
static px_status find_damaged(const pxi_year_files *files, const char *folder, pxi_duck *duck,
                              px_error *err) {
    px_bars bars = {0};
    px_status status = PX_OK;
    for (size_t i = 0; i < files->n && !status; i++) {
        const pxi_year_files one = {.n = 1, .items = &files->items[i]};
        px_error why = {0};
        bars.n = 0;
        status = read_watched(&one, duck, &bars, &why);
        if (status && status != PX_ENOMEM && status != PX_EINTERRUPTED)
            status = fail_file(folder, files->items[i].year, &why, err);
    }
    px_bars_free(&bars);
    return status;
}

px_status pxi_year_files_read(pxi_year_files *files, const char *folder, pxi_duck *duck, px_bars *bars,
                              px_error *err) {
    const size_t least_bar_bytes = 38; /* of our own files without a volume; others make the arrays grow */
    size_t bytes = 0;
    if (files->n == 0)
        return PX_OK;
    px_status status = pxi_year_files_check(files, folder, false, err);
    for (size_t i = 0; i < files->n; i++)
        bytes += files->items[i].bytes;
    if (!status)
        status = px_bars_reserve(bars, bars->n + bytes / least_bar_bytes, err);
    if (status)
        return status;
    status = read_watched(files, duck, bars, err);
    if (!status || status == PX_ENOMEM || status == PX_EINTERRUPTED)
        return status;
    px_status damaged = find_damaged(files, folder, duck, err);
    return damaged ? damaged : status;
}

/* ---- changing ------------------------------------------------------------------------------------------ */

static px_status put_in_place(const char *from, const char *to, px_error *err) {
    struct stat info;
    if (stat(from, &info) == 0 && info.st_size == 0) {
        if (unlink(to) != 0 && errno != ENOENT)
            return pxi_fail_errno(err, "remove", to);
        return PX_OK; /* `from` goes with its folder: as long as it stands, the year is gone */
    }
    return rename(from, to) == 0 ? PX_OK : pxi_fail_errno(err, "rename to", to);
}

static px_status carry_out_one(const char *folder, const char *commit, const char *name, px_error *err) {
    int year;
    char *from = pxi_path_join(commit, name), *journal = pxi_path_join(folder, "journal"), *to = NULL;
    px_status status = PX_OK;
    if (from && journal && !parse_year(name, &year)) { /* of the journal */
        status = pxi_make_folder(journal, err);
        to = pxi_path_join(journal, name);
    } else
        to = pxi_path_join(folder, name);
    if (!status)
        status = from && journal && to ? put_in_place(from, to, err) : pxi_fail_memory(err);
    free(from);
    free(journal);
    free(to);
    return status;
}

/* Moves the committed files to their places. Each step can be repeated, so it can die anywhere. The entries
 * of the journal come first: no reader meets bars that nobody tells of. */
static px_status carry_out(const char *folder, const char *commit, px_error *err) {
    struct dirent **entries = NULL;
    px_status status = PX_OK;
    const int n = scandir(commit, &entries, NULL, alphasort);
    if (n < 0)
        return errno == ENOENT ? PX_OK : pxi_fail_errno(err, "read folder", commit);
    for (int i = 0; i < n; i++) {
        if (!status && entries[i]->d_name[0] != '.')
            status = carry_out_one(folder, commit, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
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

/* Whether the lock is still the one of its path: an instrument may have been renamed while somebody waited.
 */
static bool is_lock_of(int lock, const char *path) {
    struct stat held, there;
    return fstat(lock, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
           held.st_ino == there.st_ino;
}

static px_status lock_series(const char *folder, const char *path, int *lock, px_error *err) {
    px_status status = PX_OK;
    for (int attempt = 0; !status && attempt < MOST_OPEN_ATTEMPTS; attempt++) {
        status = pxi_make_candles_folder(folder, 3, err); /* candles/<key>/<timeframe> */
        if (!status)
            status = pxi_lock_take(path, LOCK_EX, lock, err);
        if (status || is_lock_of(*lock, path))
            return status;
        pxi_lock_drop(lock);
    }
    return status ? status : pxi_fail(err, PX_EIO, "%s is being renamed all the time: try again", folder);
}

px_status pxi_series_change_begin(const char *folder, pxi_series_change *out, px_error *err) {
    pxi_series_change change = {.lock = -1};
    char *lock = pxi_path_join(folder, ".lock"), *commit = pxi_path_join(folder, ".commit");
    change.staged = pxi_path_join(folder, ".staged");
    px_status status =
        lock && commit && change.staged ? pxi_duplicate(folder, &change.folder, err) : pxi_fail_memory(err);
    if (!status)
        status = lock_series(folder, lock, &change.lock, err);
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
    if (!status) { /* the folder may have another name when the change ends */
        free(change->staged);
        change->staged = NULL;
        status = pxi_sync_path(change->folder, err);
    }
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
