// SPDX-License-Identifier: Apache-2.0
/* Splits and bonuses on disk: <home>/candles/<key>/adjustments.csv, for people to read and mend. A change is
 * made under the lock `.adjustments.lock`: the file is read, written beside and renamed, so that readers see
 * it whole and never wait. */
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "store/candles/candles.h"
#include "files/duck/records.h"
#include "store/candles/series.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <unistd.h>

#define FILE_NAME "adjustments.csv"
#define LOCK_NAME ".adjustments.lock"

/* ---- reading a file ----------------------------------------------------------------------------------- */

typedef struct columns {
    size_t ex_date, factor, note; /* SIZE_MAX: there is none */
} columns;

static px_status find_columns(const pxi_records *records, columns *out, px_error *err) {
    columns found = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    for (size_t i = 0; i < pxi_records_n_columns(records); i++) {
        const char *name = pxi_records_column(records, i);
        if (strcasecmp(name, "symbol") == 0)
            return pxi_fail(
                err, PX_EINPUT,
                "a column symbol: adjustments are of one instrument, give each a file of its own");
        found.ex_date = strcasecmp(name, "ex_date") == 0 ? i : found.ex_date;
        found.factor = strcasecmp(name, "factor") == 0 ? i : found.factor;
        found.note = strcasecmp(name, "note") == 0 ? i : found.note;
    }
    if (found.ex_date == SIZE_MAX || found.factor == SIZE_MAX)
        return pxi_fail(err, PX_EINPUT, "the header does not name the columns ex_date and factor");
    *out = found;
    return PX_OK;
}

static px_status read_row(const columns *at, const pxi_record *record, px_adjustment *out, px_error *err) {
    *out = (px_adjustment){0};
    if (record->fault)
        return pxi_fail(err, PX_EINPUT, "%s", record->fault);
    px_status status = px_date_parse(record->fields[at->ex_date].text, &out->ex_date, err);
    if (!status)
        status = px_adjustment_factor_parse(record->fields[at->factor].text, &out->factor, err);
    if (!status && at->note != SIZE_MAX &&
        !pxi_copy(out->note, sizeof out->note, record->fields[at->note].text))
        status = pxi_fail(err, PX_EINPUT, "the note is longer than %d bytes", PX_ADJUSTMENT_NOTE_SIZE - 1);
    return status;
}

/* A date may not come twice in a file, whatever its factors. */
static px_status put_row(px_adjustments *list, const px_adjustment *row, px_error *err) {
    char date[PX_TIME_TEXT_SIZE];
    size_t before = list->n;
    px_status status = px_adjustments_put(list, row, false, NULL, err);
    if (status == PX_EEXISTS || (!status && list->n == before))
        status = pxi_fail(err, PX_EINPUT, "%s is there twice: give both as one factor",
                          px_date_format(row->ex_date, date));
    return status;
}

static px_status read_rows(pxi_records *records, const char *path, px_adjustments *list, px_error *err) {
    columns at = {0};
    pxi_record record;
    bool more;
    px_status status = find_columns(records, &at, err);
    if (status)
        return pxi_fail_prefix(err, status, "%s: line 1", path);
    pxi_records_hold_text(records, at.note);
    while (!(status = pxi_records_next(records, &record, &more, err)) && more) {
        px_adjustment row;
        status = read_row(&at, &record, &row, err);
        if (!status)
            status = put_row(list, &row, err);
        if (status)
            return pxi_fail_prefix(err, status, "%s: line %zu", path, record.line);
    }
    return status;
}

px_status px_adjustments_load(const char *path, const px_source_limits *limits, px_adjustments *out,
                              px_error *err) {
    pxi_records *records = NULL;
    px_adjustments list = {0};
    px_status status = pxi_records_open(path, limits, &records, err);
    if (!status)
        status = read_rows(records, path, &list, err);
    pxi_records_close(&records);
    if (status)
        px_adjustments_free(&list);
    else
        *out = list;
    return status;
}

/* ---- stored ones -------------------------------------------------------------------------------------- */

static px_status read_stored(const char *path, px_adjustments *out, px_error *err) {
    if (!pxi_path_exists(path))
        return PX_OK;
    px_status status = px_adjustments_load(path, &(px_source_limits){0}, out, err);
    if (status == PX_ENOTFOUND) /* gone since */
        return PX_OK;
    return status == PX_EINPUT ? pxi_fail_prefix(err, PX_ECORRUPT, "damaged: mend or remove it") : status;
}

px_status px_adjustments_read(px_home *home, const px_instrument *instrument, px_adjustments *out,
                              px_error *err) {
    char *folder = pxi_key_folder(home, instrument->key);
    char *path = folder ? pxi_path_join(folder, FILE_NAME) : NULL;
    px_status status = path ? read_stored(path, out, err) : pxi_fail_memory(err);
    free(path);
    free(folder);
    return status;
}

static void add_note(pxi_text *text, const char *note) {
    bool quoted = strpbrk(note, ",;\t\"") || *note == ' ' || (*note && note[strlen(note) - 1] == ' ');
    const char *mark = pxi_csv_is_escaped(note) ? "'" : "";
    if (!quoted) {
        pxi_text_puts(text, mark);
        pxi_text_puts(text, note);
        return;
    }
    pxi_text_puts(text, "\"");
    pxi_text_puts(text, mark);
    for (; *note; note++) {
        pxi_text_add(text, note, 1);
        if (*note == '"')
            pxi_text_add(text, note, 1);
    }
    pxi_text_puts(text, "\"");
}

static px_status write_stored(const char *path, const px_adjustments *list, px_error *err) {
    pxi_text text = {0};
    char *bytes = NULL, date[PX_TIME_TEXT_SIZE], factor[PX_DOUBLE_TEXT_SIZE];
    pxi_text_puts(&text, "ex_date,factor,note\n");
    for (size_t i = 0; i < list->n; i++) {
        px_double_format(list->items[i].factor, factor);
        pxi_text_printf(&text, "%s,%s,", px_date_format(list->items[i].ex_date, date), factor);
        add_note(&text, list->items[i].note);
        pxi_text_puts(&text, "\n");
    }
    size_t length = text.length;
    px_status status = pxi_text_take(&text, &bytes, err);
    if (!status)
        status = pxi_file_write(path, bytes, length, err);
    free(bytes);
    return status;
}

/* What a killed writer left: only those with the lock write. */
static void sweep(const char *folder) {
    DIR *entries = opendir(folder);
    for (struct dirent *entry; entries && (entry = readdir(entries));) {
        size_t length = strlen(entry->d_name);
        bool left = strncmp(entry->d_name, FILE_NAME ".", sizeof FILE_NAME) == 0 && length > 4 &&
                    strcmp(entry->d_name + length - 4, ".tmp") == 0;
        char *path = left ? pxi_path_join(folder, entry->d_name) : NULL;
        if (path)
            unlink(path);
        free(path);
    }
    if (entries)
        closedir(entries);
}

/* A change of the stored list; *changed if it has to be written. */
typedef px_status (*edit_fn)(px_adjustments *list, void *user, bool *changed, px_error *err);

static px_status edit_locked(const char *folder, const char *path, edit_fn edit, void *user, px_error *err) {
    px_adjustments list = {0};
    bool changed = false;
    sweep(folder);
    px_status status = read_stored(path, &list, err);
    if (!status)
        status = edit(&list, user, &changed, err);
    if (!status && changed)
        status = write_stored(path, &list, err);
    px_adjustments_free(&list);
    return status;
}

static px_status edit_stored(px_home *home, const px_instrument *instrument, edit_fn edit, void *user,
                             px_error *err) {
    int lock = -1;
    char *folder = pxi_key_folder(home, instrument->key);
    char *path = folder ? pxi_path_join(folder, FILE_NAME) : NULL;
    char *lock_path = folder ? pxi_path_join(folder, LOCK_NAME) : NULL;
    px_status status = path && lock_path ? pxi_make_candles_folder(folder, 2, err)
                                         : pxi_fail_memory(err); /* candles/<key> */
    if (!status)
        status = pxi_lock_take(lock_path, LOCK_EX, &lock, err);
    if (!status)
        status = edit_locked(folder, path, edit, user, err);
    pxi_lock_drop(&lock);
    free(lock_path);
    free(path);
    free(folder);
    return status;
}

typedef struct addition {
    const px_instrument *instrument;
    const px_adjustments *given;
    bool replace;
    px_adjust_report report;
} addition;

static px_status add_all(px_adjustments *list, void *user, bool *changed, px_error *err) {
    addition *a = user;
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < a->given->n; i++) {
        px_adjustment_change change;
        status = px_adjustments_put(list, &a->given->items[i], a->replace, &change, err);
        if (status)
            return status == PX_ENOMEM ? status : pxi_fail_prefix(err, status, "%s", a->instrument->symbol);
        a->report.n_added += change == PX_ADJUSTMENT_ADDED;
        a->report.n_same += change == PX_ADJUSTMENT_SAME;
        a->report.n_replaced += change == PX_ADJUSTMENT_REPLACED;
    }
    *changed = a->given->n > 0; /* a note may be new */
    return status;
}

px_status px_adjustments_add(px_home *home, const px_instrument *instrument, const px_adjustments *given,
                             bool replace, px_adjust_report *report, px_error *err) {
    addition a = {.instrument = instrument, .given = given, .replace = replace};
    px_status status = edit_stored(home, instrument, add_all, &a, err);
    if (!status && report)
        *report = a.report;
    return status;
}

typedef struct removal {
    const px_instrument *instrument;
    int32_t ex_date;
} removal;

static px_status remove_one(px_adjustments *list, void *user, bool *changed, px_error *err) {
    const removal *r = user;
    char date[PX_TIME_TEXT_SIZE];
    pxi_text there = {0};
    if (px_adjustments_take(list, r->ex_date)) {
        *changed = true;
        return PX_OK;
    }
    for (size_t i = 0; i < list->n && there.length < 300; i++)
        pxi_text_printf(&there, "%s%s", i ? ", " : "", px_date_format(list->items[i].ex_date, date));
    px_status status =
        pxi_fail(err, PX_ENOTFOUND, "%s has no adjustment on %s; there are: %s", r->instrument->symbol,
                 px_date_format(r->ex_date, date), there.length ? there.data : "none");
    pxi_text_free(&there);
    return status;
}

px_status px_adjustments_remove(px_home *home, const px_instrument *instrument, int32_t ex_date,
                                px_error *err) {
    removal r = {instrument, ex_date};
    px_adjustments list = {0};
    bool changed;
    px_status status = px_adjustments_read(home, instrument, &list, err);
    if (!status) /* what is not there makes no folder */
        status = remove_one(&list, &r, &changed, err);
    px_adjustments_free(&list);
    return status ? status : edit_stored(home, instrument, remove_one, &r, err);
}

/* ---- all of them -------------------------------------------------------------------------------------- */

static px_status list_key(px_home *home, const char *key, px_table *table, px_error *err) {
    char date[PX_TIME_TEXT_SIZE];
    px_instrument instrument = {0};
    px_adjustments list = {0};
    px_status status = pxi_candles_find_key(home, key, &instrument, err);
    if (!status)
        status = px_adjustments_read(home, &instrument, &list, err);
    for (size_t i = 0; !status && i < list.n; i++) {
        const px_adjustment *item = &list.items[i];
        const char *texts[] = {instrument.symbol, instrument.key, px_date_format(item->ex_date, date), NULL,
                               *item->note ? item->note : NULL};
        status = px_table_add_row(table, err);
        for (size_t c = 0; !status && c < 5; c++)
            if (c != 3)
                status = px_table_set_text(table, c, texts[c], err);
        if (!status)
            px_table_set_f64(table, 3, item->factor);
    }
    px_adjustments_free(&list);
    return status;
}

px_status px_adjustments_list(px_home *home, px_table *out, px_error *err) {
    static const px_column_def defs[] = {
        {"symbol", PX_COLUMN_TEXT}, {"instrument_key", PX_COLUMN_TEXT}, {"ex_date", PX_COLUMN_TEXT},
        {"factor", PX_COLUMN_F64},  {"note", PX_COLUMN_TEXT},
    };
    px_table table = {0};
    px_status status = px_table_init(&table, defs, sizeof defs / sizeof *defs, err);
    if (!status)
        status = pxi_candles_each_key(home, list_key, &table, err);
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
