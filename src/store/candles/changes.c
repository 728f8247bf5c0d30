// SPDX-License-Identifier: Apache-2.0
/* What changes stored candles: an import, a deletion, taking an entry of the journal back. Each is staged
 * whole with its entry, under the series' lock, and committed by one rename (series.h). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/candles/candle_file.h"
#include "store/candles/candles.h"
#include "store/candles/series_log.h"

/* ---- bars that come in --------------------------------------------------------------------------------- */

static px_status check_bars(const px_bars *bars, px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        const char *defect = px_bar_defect(&bar);
        if (!defect && i > 0 && bar.ts_us <= bars->ts_us[i - 1])
            defect = "not after the bar before";
        if (defect)
            return pxi_fail(err, PX_EINPUT, "bar %zu (%s): %s", i + 1,
                            px_time_format_iso(bar.ts_us, NULL, text), defect);
    }
    return PX_OK;
}

static bool equal_bars(const px_bar *a, const px_bar *b) {
    return a->open == b->open && a->high == b->high && a->low == b->low && a->close == b->close &&
           a->volume == b->volume;
}

static px_status fail_conflict(const px_instrument *instrument, const px_bar *stored, const px_bar *given,
                               px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    px_calendar *calendar = NULL;
    (void)!px_calendar_open(instrument->exchange, &calendar, NULL); /* without one: UTC */
    px_time_format_iso(given->ts_us, calendar ? px_calendar_zone(calendar) : NULL, text);
    px_calendar_close(&calendar);
    return pxi_fail(
        err, PX_EEXISTS,
        "%s already has another bar at %s: o %g h %g l %g c %g v %.15g is stored, o %g h %g l %g c %g "
        "v %.15g is given; choose to skip or to replace such bars",
        instrument->symbol, text, stored->open, stored->high, stored->low, stored->close, stored->volume,
        given->open, given->high, given->low, given->close, given->volume);
}

/* A change on its way. */
typedef struct change {
    const px_instrument *instrument;
    px_on_conflict on_conflict;
    pxi_series_change files;
    pxi_duck *duck;
    int number; /* of its entry */
    /* What was at each time that it touches, a NaN open where there was no bar. Most changes only add: as
     * long as they do, their times are all that is kept. */
    px_bars before;
    int64_t *added_us;
    size_t n_added, added_capacity;
    px_import_report report;
} change;

static size_t n_touched(const change *c) {
    return c->before.n + c->n_added;
}

static px_bar absent(int64_t ts_us) {
    return (px_bar){ts_us, NAN, NAN, NAN, NAN, NAN};
}

/* No bar was there. */
static px_status keep_added(change *c, int64_t ts_us, px_error *err) {
    const px_bar none = absent(ts_us);
    if (c->before.n > 0)
        return px_bars_append(&c->before, &none, err);
    if (!pxi_grow(&c->added_us, &c->added_capacity, c->n_added + 1, sizeof ts_us))
        return pxi_fail_memory(err);
    c->added_us[c->n_added++] = ts_us;
    return PX_OK;
}

static px_status keep(change *c, const px_bar *before, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < c->n_added && !status; i++) {
        const px_bar none = absent(c->added_us[i]);
        status = px_bars_append(&c->before, &none, err);
    }
    c->n_added = 0;
    return status ? status : px_bars_append(&c->before, before, err);
}

/* Of two bars at one time. */
static px_status settle(change *c, const px_bar *stored, const px_bar *given, px_bar *out, px_error *err) {
    *out = *stored;
    if (equal_bars(stored, given)) {
        c->report.n_duplicate++;
        return PX_OK;
    }
    if (c->on_conflict == PX_CONFLICT_SKIP) {
        c->report.n_skipped++;
        return PX_OK;
    }
    if (c->on_conflict == PX_CONFLICT_ERROR)
        return fail_conflict(c->instrument, stored, given, err);
    *out = *given;
    c->report.n_replaced++;
    return keep(c, stored, err);
}

/* All inputs sorted, so is *out. A given bar whose open is NaN takes the stored one away. */
static px_status merge_bars(change *c, const px_bars *stored, const px_bars *given, px_bars *out,
                            px_error *err) {
    size_t i = 0, j = 0;
    px_status status = px_bars_reserve(out, stored->n + given->n, err);
    while (!status && (i < stored->n || j < given->n)) {
        px_bar bar;
        if (j == given->n || (i < stored->n && stored->ts_us[i] < given->ts_us[j])) {
            bar = px_bars_at(stored, i++);
        } else if (i == stored->n || given->ts_us[j] < stored->ts_us[i]) {
            bar = px_bars_at(given, j++);
            if (isnan(bar.open))
                continue;
            c->report.n_stored++;
            status = keep_added(c, bar.ts_us, err);
        } else {
            const px_bar old = px_bars_at(stored, i++), new = px_bars_at(given, j++);
            if (isnan(new.open)) {
                status = keep(c, &old, err);
                continue;
            }
            status = settle(c, &old, &new, &bar, err);
        }
        if (!status)
            status = px_bars_append(out, &bar, err);
    }
    return status;
}

/* ---- staging ------------------------------------------------------------------------------------------- */

/* An empty file: the year has no bar any more. */
static px_status stage_gone_year(const char *path, px_error *err) {
    const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return pxi_fail_errno(err, "write", path);
    close(fd);
    return pxi_sync_path(path, err);
}

static px_status stage_year(change *c, int year, const px_bars *given, px_error *err) {
    pxi_year_files files = {0};
    px_bars stored = {0}, merged = {0};
    const size_t before = n_touched(c);
    char *path = pxi_series_year_path(c->files.staged, year);
    px_status status =
        path ? pxi_year_files_open(c->files.folder, year, year, &files, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_year_files_read(&files, c->files.folder, c->duck, &stored, err);
    if (!status)
        status = merge_bars(c, &stored, given, &merged, err);
    if (!status && n_touched(c) > before)
        status = merged.n ? pxi_candle_file_write(c->duck, &merged, path, err) : stage_gone_year(path, err);
    px_bars_free(&merged);
    px_bars_free(&stored);
    pxi_year_files_close(&files);
    free(path);
    return status;
}

static px_status stage_bars(change *c, const px_bars *bars, px_error *err) {
    px_status status = PX_OK;
    for (size_t begin = 0; !status && begin < bars->n;) {
        const int year = pxi_year_of(bars->ts_us[begin]);
        const size_t end = px_bars_lower_bound(bars, pxi_year_begin_us(year + 1));
        const px_bars given = px_bars_slice(bars, begin, end);
        status = stage_year(c, year, &given, err);
        begin = end;
    }
    return status;
}

static px_status begin_change(px_home *home, int timeframe_minutes, change *c, px_error *err) {
    char *folder = pxi_series_folder(home, c->instrument->key, timeframe_minutes);
    px_status status = folder ? pxi_home_duck(home, &c->duck, err) : pxi_fail_memory(err);
    if (!status)
        status = pxi_series_change_begin(folder, &c->files, err);
    if (!status)
        status = pxi_series_log_next(home, c->instrument->key, &c->number, err);
    free(folder);
    return status;
}

/* `document` is borrowed. */
static px_status commit_change(change *c, const char *kind, const px_moment *moment, json_t *document,
                               px_error *err) {
    const px_bars added = {.n = c->n_added, .ts_us = c->added_us};
    const pxi_new_entry entry = {.number = c->number,
                                 .kind = kind,
                                 .at_us = moment->at_us,
                                 .document = document,
                                 .before = c->n_added ? &added : &c->before,
                                 .forget = moment->forget};
    px_status status = pxi_series_log_stage(&c->files, c->duck, &entry, err);
    return status ? status : pxi_series_change_commit(&c->files, err);
}

static void end_change(change *c) {
    pxi_series_change_end(&c->files);
    px_bars_free(&c->before);
    free(c->added_us);
}

/* ---- import -------------------------------------------------------------------------------------------- */

static json_t *import_json(const change *c, const px_candles_import *import) {
    char text[PX_TIME_TEXT_SIZE];
    const px_bars *bars = import->bars;
    bool failed = false;
    json_t *object = json_object(), *note = NULL;
    if (import->note && pxi_json_parse(import->note, strlen(import->note), "note", &note, NULL) == PX_OK)
        failed |= json_object_update(object, note) != 0;
    json_decref(note);
    pxi_json_put(object, "bars", json_integer((json_int_t)bars->n), &failed);
    pxi_json_put(object, "first", json_string(px_time_format_iso(bars->ts_us[0], NULL, text)), &failed);
    pxi_json_put(object, "last", json_string(px_time_format_iso(bars->ts_us[bars->n - 1], NULL, text)),
                 &failed);
    pxi_json_put(object, "stored", json_integer((json_int_t)c->report.n_stored), &failed);
    pxi_json_put(object, "duplicate", json_integer((json_int_t)c->report.n_duplicate), &failed);
    pxi_json_put(object, "replaced", json_integer((json_int_t)c->report.n_replaced), &failed);
    pxi_json_put(object, "skipped", json_integer((json_int_t)c->report.n_skipped), &failed);
    return pxi_json_built(object, failed);
}

px_status px_candles_store(px_home *home, const px_candles_import *import, px_import_report *report,
                           px_error *err) {
    change c = {.instrument = import->instrument, .on_conflict = import->on_conflict, .files = {.lock = -1}};
    json_t *document = NULL;
    px_status status = check_bars(import->bars, err);
    if (status)
        return status;
    if (import->bars->n > 0) {
        status = begin_change(home, import->timeframe_minutes, &c, err);
        if (!status)
            status = stage_bars(&c, import->bars, err);
        if (!status && !(document = import_json(&c, import)))
            status = pxi_fail_memory(err);
        if (!status)
            status = commit_change(&c, import->kind ? import->kind : "import",
                                   &(px_moment){.at_us = import->at_us}, document, err);
    }
    json_decref(document);
    end_change(&c);
    if (!status && report)
        *report = c.report;
    return status;
}

px_status px_candles_merge(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                           const px_bars *bars, px_on_conflict on_conflict, px_import_report *report,
                           px_error *err) {
    const px_candles_import import = {.instrument = instrument,
                                      .timeframe_minutes = timeframe_minutes,
                                      .bars = bars,
                                      .on_conflict = on_conflict};
    return px_candles_store(home, &import, report, err);
}

/* ---- deletion ------------------------------------------------------------------------------------------ */

/* The stored bars of the window, as times that lose them. */
static px_status find_window(change *c, const px_candles_window *window, px_bars *out, px_error *err) {
    pxi_year_files files = {0};
    px_bars bars = {0};
    const int64_t begin_us = window->begin_us < PX_TIME_MIN_US ? PX_TIME_MIN_US : window->begin_us,
                  end_us = window->end_us > PX_TIME_MAX_US ? PX_TIME_MAX_US : window->end_us;
    px_status status = begin_us < end_us ? pxi_year_files_open(c->files.folder, pxi_year_of(begin_us),
                                                               pxi_year_of(end_us - 1), &files, err)
                                         : PX_OK;
    if (!status)
        status = pxi_year_files_read(&files, c->files.folder, c->duck, &bars, err);
    const size_t begin = px_bars_lower_bound(&bars, begin_us), end = px_bars_lower_bound(&bars, end_us);
    for (size_t i = begin; !status && i < end; i++) {
        const px_bar none = absent(bars.ts_us[i]);
        status = px_bars_append(out, &none, err);
    }
    px_bars_free(&bars);
    pxi_year_files_close(&files);
    return status;
}

static json_t *window_json(const px_bars *bars) {
    char text[PX_TIME_TEXT_SIZE];
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "removed", json_integer((json_int_t)bars->n), &failed);
    pxi_json_put(object, "first", json_string(px_time_format_iso(bars->ts_us[0], NULL, text)), &failed);
    pxi_json_put(object, "last", json_string(px_time_format_iso(bars->ts_us[bars->n - 1], NULL, text)),
                 &failed);
    return pxi_json_built(object, failed);
}

static px_status delete_series(px_home *home, const px_instrument *instrument,
                               const px_candles_window *window, const px_moment *moment, size_t *n_removed,
                               px_error *err) {
    change c = {.instrument = instrument, .on_conflict = PX_CONFLICT_REPLACE, .files = {.lock = -1}};
    px_bars gone = {0};
    json_t *document = NULL;
    px_status status = begin_change(home, window->timeframe_minutes, &c, err);
    if (!status)
        status = find_window(&c, window, &gone, err);
    if (!status && gone.n > 0) {
        status = stage_bars(&c, &gone, err);
        if (!status && !(document = window_json(&gone)))
            status = pxi_fail_memory(err);
        if (!status)
            status = commit_change(&c, PXI_KIND_DELETE, moment, document, err);
        *n_removed = status ? 0 : gone.n;
    }
    if (!status && moment->forget) { /* also what was kept of bars that are gone already */
        status = pxi_series_log_forget(c.files.folder, err);
        if (status)
            status = pxi_fail_prefix(err, status, "the bars are removed, what is kept of them is not");
    }
    json_decref(document);
    px_bars_free(&gone);
    end_change(&c);
    return status;
}

typedef struct deletions {
    json_t *list;  /* of the report */
    pxi_text gone; /* timeframes */
} deletions;

static px_status delete_and_tell(px_home *home, const px_instrument *instrument,
                                 const px_candles_window *window, const px_moment *moment, deletions *made,
                                 px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    size_t n = 0;
    px_status status = delete_series(home, instrument, window, moment, &n, err);
    if (n == 0)
        return status;
    px_timeframe_format(window->timeframe_minutes, timeframe);
    pxi_text_printf(&made->gone, "%s%s", made->gone.length ? ", " : "", timeframe);
    json_t *series = json_pack("{s:s, s:s, s:I}", "symbol", instrument->symbol, "timeframe", timeframe,
                               "removed", (json_int_t)n);
    if (json_array_append_new(made->list, series) && !status)
        status = pxi_fail_memory(err);
    return status;
}

px_status px_candles_delete(px_home *home, const px_instrument *instrument, const px_candles_window *window,
                            const px_moment *moment, char **report, px_error *err) {
    int *timeframes = NULL;
    size_t n = 0;
    deletions made = {.list = json_array()};
    json_t *document = NULL;
    px_status status =
        made.list ? px_candles_timeframes(home, instrument->key, &timeframes, &n, err) : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < n; i++) {
        const px_candles_window one = {timeframes[i], window->begin_us, window->end_us};
        if (!window->timeframe_minutes || window->timeframe_minutes == one.timeframe_minutes)
            status = delete_and_tell(home, instrument, &one, moment, &made, err);
    }
    free(timeframes);
    if (status && made.gone.length)
        status = pxi_fail_prefix(err, status, "the bars of %s are removed, not all that was asked for",
                                 made.gone.data);
    if (!status && json_array_size(made.list) == 0 && !(moment->forget && n > 0))
        status = pxi_fail(err, PX_ENOTFOUND, "%s has no such bars; `pixity data list` shows what there is",
                          instrument->symbol);
    if (!status && !(document = json_pack("{s:O}", "series", made.list)))
        status = pxi_fail_memory(err);
    if (!status)
        status = pxi_json_dump(document, report, err);
    json_decref(document);
    json_decref(made.list);
    pxi_text_free(&made.gone);
    return status;
}

/* ---- taking back --------------------------------------------------------------------------------------- */

static bool share_a_time(const px_bars *a, const px_bars *b) {
    for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
        if (a->ts_us[i] == b->ts_us[j])
            return true;
        if (a->ts_us[i] < b->ts_us[j])
            i++;
        else
            j++;
    }
    return false;
}

/* Later changes that were not taken back must not have touched the same bars. */
static px_status check_later(change *c, const pxi_series_log *log, const pxi_entry *entry,
                             const px_bars *rows, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < log->n; i++) {
        const pxi_entry *later = &log->items[i];
        px_bars touched = {0};
        /* An undo counts too, unless it takes back what is itself later. */
        if (later->number <= entry->number || later->undone || later->undoes > entry->number ||
            json_integer_value(json_object_get(later->document, "changed")) <= 0)
            continue;
        status = pxi_series_log_before(c->files.folder, c->duck, later->number, &touched, err);
        if (!status && share_a_time(rows, &touched))
            status =
                pxi_fail(err, PX_EINPUT,
                         "entry %d changed some of the same bars of %s after entry %d: take that back first",
                         later->number, c->instrument->symbol, entry->number);
        px_bars_free(&touched);
    }
    return status;
}

static px_status check_entry(const change *c, const pxi_entry *entry, int number, px_error *err) {
    const char *symbol = c->instrument->symbol;
    if (!entry)
        return pxi_fail(err, PX_ENOTFOUND, "%s has no entry %d; `pixity data log %s` lists them", symbol,
                        number, symbol);
    if (entry->undone)
        return pxi_fail(err, PX_EINPUT, "entry %d of %s is taken back already", number, symbol);
    if (strcmp(pxi_entry_kind(entry), PXI_KIND_RENAME) == 0)
        return pxi_fail(err, PX_EINPUT, "entry %d renamed %s: `pixity data rename` gives the old name back",
                        number, symbol);
    return PX_OK;
}

static json_t *undo_json(const change *c, int number) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "undoes", json_integer(number), &failed);
    size_t removed = n_touched(c) - c->report.n_stored - c->report.n_replaced;
    pxi_json_put(object, "removed", json_integer((json_int_t)removed), &failed);
    pxi_json_put(object, "stored", json_integer((json_int_t)c->report.n_stored), &failed);
    pxi_json_put(object, "replaced", json_integer((json_int_t)c->report.n_replaced), &failed);
    return pxi_json_built(object, failed);
}

static px_status take_back(change *c, int number, const px_moment *moment, px_error *err) {
    pxi_series_log log = {0};
    px_bars rows = {0};
    json_t *document = NULL;
    px_status status = pxi_series_log_read(c->files.folder, c->instrument->key, &log, err);
    const pxi_entry *entry = pxi_series_log_find(&log, number);
    if (!status)
        status = check_entry(c, entry, number, err);
    if (!status && json_integer_value(json_object_get(entry->document, "changed")) > 0)
        status = pxi_series_log_before(c->files.folder, c->duck, number, &rows, err);
    if (!status)
        status = check_later(c, &log, entry, &rows, err);
    if (!status)
        status = stage_bars(c, &rows, err);
    if (!status && !(document = undo_json(c, number)))
        status = pxi_fail_memory(err);
    if (!status)
        status = commit_change(c, PXI_KIND_UNDO, moment, document, err);
    json_decref(document);
    px_bars_free(&rows);
    pxi_series_log_free(&log);
    return status;
}

/* The series that has the entry; for number 0 the last entry that stands. */
static px_status find_entry(px_home *home, const px_instrument *instrument, int *timeframe_minutes,
                            int *number, px_error *err) {
    int *timeframes = NULL, best = 0, minutes = 0, n_found = 0;
    size_t n = 0;
    px_status status = px_candles_timeframes(home, instrument->key, &timeframes, &n, err);
    for (size_t i = 0; !status && i < n; i++) {
        pxi_series_log log = {0};
        if (*timeframe_minutes && timeframes[i] != *timeframe_minutes)
            continue;
        char *folder = pxi_series_folder(home, instrument->key, timeframes[i]);
        status = folder ? pxi_series_log_read(folder, instrument->key, &log, err) : pxi_fail_memory(err);
        for (size_t e = 0; e < log.n; e++) {
            const bool fits = *number ? log.items[e].number == *number
                                      : pxi_entry_stands(&log.items[e]) && log.items[e].number > best;
            if (fits) {
                best = log.items[e].number;
                minutes = timeframes[i];
                n_found++;
            }
        }
        pxi_series_log_free(&log);
        free(folder);
    }
    free(timeframes);
    if (!status && best == 0)
        status = *number ? pxi_fail(err, PX_ENOTFOUND, "%s has no entry %d; `pixity data log %s` lists them",
                                    instrument->symbol, *number, instrument->symbol)
                         : pxi_fail(err, PX_ENOTFOUND, "%s has no entry that could be taken back",
                                    instrument->symbol);
    if (!status && *number && n_found > 1)
        status = pxi_fail(err, PX_EINPUT, "%s has an entry %d in several timeframes: name one (--timeframe)",
                          instrument->symbol, *number);
    if (!status) {
        *timeframe_minutes = minutes;
        *number = best;
    }
    return status;
}

px_status px_candles_undo(px_home *home, const px_instrument *instrument, const px_moment *moment,
                          px_candles_undone *out, px_error *err) {
    change c = {.instrument = instrument, .on_conflict = PX_CONFLICT_REPLACE, .files = {.lock = -1}};
    int minutes = out->timeframe_minutes, number = out->entry;
    px_status status = find_entry(home, instrument, &minutes, &number, err);
    if (!status)
        status = begin_change(home, minutes, &c, err);
    if (!status)
        status = take_back(&c, number, moment, err);
    if (!status)
        *out = (px_candles_undone){.entry = number,
                                   .timeframe_minutes = minutes,
                                   .n_restored = c.report.n_stored + c.report.n_replaced,
                                   .n_removed = n_touched(&c) - c.report.n_stored - c.report.n_replaced};
    end_change(&c);
    return status;
}
