// SPDX-License-Identifier: Apache-2.0
#include "store/candles/series_log.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "pixity/time.h"
#include "store/candles/candles.h"

#define DIGITS 6

/* ---- names --------------------------------------------------------------------------------------------- */

/* The number of "000012.json"; 0 for other names. */
static int parse_number(const char *name, const char *ending) {
    if (strspn(name, "0123456789") != DIGITS || strcmp(name + DIGITS, ending) != 0)
        return 0;
    return (int)strtol(name, NULL, 10);
}

static char *entry_path(const char *folder, int number, const char *ending) {
    char *path;
    return asprintf(&path, "%s/%0*d%s", folder, DIGITS, number, ending) < 0 ? NULL : path;
}

static bool parse_entry(const char *name, int *number) {
    return (*number = parse_number(name, ".json")) > 0;
}

static bool parse_kept_bars(const char *name, int *number) {
    return (*number = parse_number(name, ".parquet")) > 0;
}

/* Of a series, ascending, each once. What a dead writer left to be moved counts. */
static px_status list_entries(const char *folder, pxi_numbers *list, px_error *err) {
    char *commit = pxi_path_join(folder, ".commit"), *journal = pxi_path_join(folder, "journal");
    px_status status = commit && journal ? PX_OK : pxi_fail_memory(err);
    if (!status) /* first: entries move from there to the other */
        status = pxi_numbers_list(commit, parse_entry, list, err);
    if (!status)
        status = pxi_numbers_list(journal, parse_entry, list, err);
    free(commit);
    free(journal);
    pxi_numbers_sort(list);
    return status;
}

/* Where an entry's file is now, .commit before journal; NULL on out of memory. */
static char *find_file(const char *folder, int number, const char *ending) {
    char *commit = pxi_path_join(folder, ".commit"), *journal = pxi_path_join(folder, "journal");
    char *path = commit ? entry_path(commit, number, ending) : NULL;
    if (path && !pxi_path_exists(path)) {
        free(path);
        path = journal ? entry_path(journal, number, ending) : NULL;
    }
    free(commit);
    free(journal);
    return path;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static px_status read_entry(const char *folder, int number, pxi_entry *out, px_error *err) {
    char *text = NULL;
    size_t length = 0;
    char *path = find_file(folder, number, ".json");
    px_status status = path ? pxi_file_read(path, &text, &length, err) : pxi_fail_memory(err);
    if (status == PX_ENOTFOUND) { /* it was moved to its place meanwhile */
        free(path);
        path = find_file(folder, number, ".json");
        status = path ? pxi_file_read(path, &text, &length, err) : pxi_fail_memory(err);
    }
    if (!status) {
        status = pxi_json_parse(text, length, path, &out->document, err);
        status = status == PX_EINPUT ? pxi_fail_prefix(err, PX_ECORRUPT, "%s is damaged", path) : status;
    }
    if (!status) {
        out->number = number;
        out->undoes = (int)json_integer_value(json_object_get(out->document, "undoes"));
    }
    free(text);
    free(path);
    return status;
}

const char *pxi_entry_kind(const pxi_entry *entry) {
    const char *kind = json_string_value(json_object_get(entry->document, "kind"));
    return kind ? kind : "";
}

static bool changed_bars(const pxi_entry *entry) {
    return json_integer_value(json_object_get(entry->document, "changed")) > 0;
}

bool pxi_entry_stands(const pxi_entry *entry) {
    return changed_bars(entry) && !entry->undoes && !entry->undone;
}

pxi_entry *pxi_series_log_find(const pxi_series_log *log, int number) {
    for (size_t i = 0; i < log->n; i++)
        if (log->items[i].number == number)
            return &log->items[i];
    return NULL;
}

/* What an undo takes back is undone; what that took back stands again, and so on. */
static void set_undone(pxi_series_log *log, const pxi_entry *undo) {
    bool undone = true;
    for (pxi_entry *entry = pxi_series_log_find(log, undo->undoes); entry; undone = !undone) {
        entry->undone = undone;
        entry =
            entry->undoes && entry->undoes < entry->number ? pxi_series_log_find(log, entry->undoes) : NULL;
    }
}

/* A renaming is written down before the folder gets its new name. Those happened that lead, one behind the
 * other, to where the folder stands. */
static void drop_what_did_not_happen(pxi_series_log *log, const char *key) {
    for (size_t i = log->n; i-- > 0;) {
        json_t *document = log->items[i].document;
        const char *from = json_string_value(json_object_get(document, "from"));
        const char *to = json_string_value(json_object_get(document, "to"));
        if (strcmp(pxi_entry_kind(&log->items[i]), PXI_KIND_RENAME) != 0 || !from || !to)
            continue;
        if (strcmp(to, key) == 0) {
            key = from;
            continue;
        }
        json_decref(document);
        log->n--;
        memmove(&log->items[i], &log->items[i + 1], (log->n - i) * sizeof *log->items);
    }
}

px_status pxi_series_log_read(const char *folder, const char *key, pxi_series_log *out, px_error *err) {
    pxi_series_log log = {0};
    pxi_numbers list = {0};
    px_status status = list_entries(folder, &list, err);
    if (!status && !(log.items = pxi_new_array(list.n, sizeof *log.items)))
        status = pxi_fail_memory(err);
    for (; !status && log.n < list.n; log.n += !status)
        status = read_entry(folder, list.items[log.n], &log.items[log.n], err);
    if (!status)
        drop_what_did_not_happen(&log, key);
    for (size_t i = 0; !status && i < log.n; i++)
        if (log.items[i].undoes)
            set_undone(&log, &log.items[i]);
    free(list.items);
    if (status)
        pxi_series_log_free(&log);
    else
        *out = log;
    return status;
}

void pxi_series_log_free(pxi_series_log *log) {
    for (size_t i = 0; i < log->n; i++)
        json_decref(log->items[i].document);
    free(log->items);
    memset(log, 0, sizeof *log);
}

px_status pxi_series_log_next(const px_home *home, const char *key, int *out, px_error *err) {
    int *timeframes = NULL, last = 0;
    size_t n = 0;
    px_status status = px_candles_timeframes(home, key, &timeframes, &n, err);
    for (size_t i = 0; !status && i < n; i++) {
        pxi_numbers list = {0};
        char *folder = pxi_series_folder(home, key, timeframes[i]);
        status = folder ? list_entries(folder, &list, err) : pxi_fail_memory(err);
        if (!status && list.n > 0 && list.items[list.n - 1] > last)
            last = list.items[list.n - 1];
        free(list.items);
        free(folder);
    }
    free(timeframes);
    if (!status)
        *out = last + 1;
    return status;
}

px_status pxi_candles_last_entry(const px_home *home, const char *key, int *out, px_error *err) {
    px_status status = pxi_series_log_next(home, key, out, err);
    *out -= !status;
    return status;
}

static double cell(const px_table *table, size_t column, size_t row) {
    return column < table->n_columns ? table->columns[column].u.f64[row] : NAN;
}

static px_status fail_damaged(const char *path, px_error *err) {
    return pxi_fail(err, PX_ECORRUPT, "%s is damaged: its entry cannot be taken back", path);
}

/* Times alone, or whole bars. */
static bool holds_bars(const px_table *table) {
    bool good = (table->n_columns == 1 || table->n_columns == PXI_BAR_COLUMNS) &&
                table->columns[0].type == PX_COLUMN_TIME;
    for (size_t c = 1; good && c < table->n_columns; c++)
        good = table->columns[c].type == PX_COLUMN_F64;
    return good;
}

px_status pxi_series_log_before(const char *folder, pxi_duck *duck, int number, px_bars *out, px_error *err) {
    px_table table = {0};
    px_bars bars = {0};
    char *path = find_file(folder, number, ".parquet");
    px_status status = path ? PX_OK : pxi_fail_memory(err);
    if (!status && !pxi_path_exists(path))
        status = pxi_fail(err, PX_ENOTFOUND, "the bars before entry %d were not kept", number);
    if (!status)
        status = pxi_table_read(duck, path, &table, err);
    if (!status && !holds_bars(&table))
        status = fail_damaged(path, err);
    if (!status)
        status = px_bars_reserve(&bars, table.n_rows, err);
    for (size_t i = 0; !status && i < table.n_rows; i++) {
        const px_bar bar = {table.columns[0].u.i64[i], cell(&table, 1, i), cell(&table, 2, i),
                            cell(&table, 3, i),        cell(&table, 4, i), cell(&table, 5, i)};
        const bool was_there = !isnan(bar.open);
        if ((was_there && px_bar_defect(&bar)) || bar.ts_us < PX_TIME_MIN_US || bar.ts_us >= PX_TIME_MAX_US ||
            (i > 0 && bar.ts_us <= bars.ts_us[i - 1]))
            status = fail_damaged(path, err);
        else
            status = px_bars_append(&bars, &bar, err);
    }
    px_table_free(&table);
    free(path);
    if (status)
        px_bars_free(&bars);
    else
        *out = bars;
    return status;
}

/* ---- writing ------------------------------------------------------------------------------------------- */

/* Most imports only add: times are then all there is to keep. */
static px_status write_before(pxi_duck *duck, const px_bars *before, const char *path, px_error *err) {
    px_column columns[PXI_BAR_COLUMNS];
    px_table table = pxi_bars_as_table(before, "ts", columns);
    bool only_added = true;
    for (size_t i = 0; before->open && only_added && i < before->n; i++)
        only_added = isnan(before->open[i]);
    if (only_added)
        table.n_columns = 1;
    return pxi_table_write(duck, &table, path, err);
}

static json_t *entry_json(const pxi_new_entry *entry) {
    char at[PX_TIME_TEXT_SIZE];
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "entry", json_integer(entry->number), &failed);
    pxi_json_put(object, "kind", json_string(entry->kind), &failed);
    pxi_json_put(object, "at",
                 entry->at_us ? json_string(px_time_format_iso(entry->at_us, NULL, at)) : json_null(),
                 &failed);
    pxi_json_put(object, "version", json_string(px_version()), &failed);
    if (entry->document)
        failed |= json_object_update_missing(object, entry->document) != 0;
    const px_bars *before = entry->before;
    pxi_json_put(object, "changed", json_integer(before ? (json_int_t)before->n : 0), &failed);
    if (before && before->n > 0) {
        char text[PX_TIME_TEXT_SIZE];
        px_time_format_iso(before->ts_us[0], NULL, text);
        pxi_json_put(object, "changed_first", json_string(text), &failed);
        px_time_format_iso(before->ts_us[before->n - 1], NULL, text);
        pxi_json_put(object, "changed_last", json_string(text), &failed);
    }
    return pxi_json_built(object, failed);
}

px_status pxi_series_log_stage(pxi_series_change *change, pxi_duck *duck, const pxi_new_entry *entry,
                               px_error *err) {
    char *text = NULL;
    char *path = entry_path(change->staged, entry->number, ".json");
    char *bars = entry_path(change->staged, entry->number, ".parquet");
    json_t *document = entry_json(entry);
    px_status status = path && bars && document ? pxi_json_dump(document, &text, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_file_write(path, text, strlen(text), err);
    if (!status && entry->before && entry->before->n > 0 && !entry->forget)
        status = write_before(duck, entry->before, bars, err);
    json_decref(document);
    free(text);
    free(path);
    free(bars);
    return status;
}

px_status pxi_series_log_forget(const char *folder, px_error *err) {
    pxi_numbers list = {0};
    char *journal = pxi_path_join(folder, "journal");
    px_status status =
        journal ? pxi_numbers_list(journal, parse_kept_bars, &list, err) : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < list.n; i++) {
        char *path = entry_path(journal, list.items[i], ".parquet");
        status = !path                                  ? pxi_fail_memory(err)
                 : unlink(path) != 0 && errno != ENOENT ? pxi_fail_errno(err, "remove", path)
                                                        : PX_OK;
        free(path);
    }
    free(journal);
    free(list.items);
    return status;
}
