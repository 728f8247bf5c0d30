// SPDX-License-Identifier: Apache-2.0
/* What the bars of a series say of themselves: their timeframe, and by it the starts of bars that were named
 * by their ends. A file of two bars shows none, and has that of the other files of its symbol. */
#include "base/error.h"
#include "base/mem.h"
#include "files/source.h"
#include "market/bars.h"

#include <stdlib.h>
#include <string.h>

/* Of bars that are not sorted yet; 0 where they show none. */
static px_status see_timeframe(const px_bars *bars, int *out, px_error *err) {
    px_bars sorted = {0};
    px_status status = px_bars_append_range(&sorted, bars, 0, bars->n, err);
    if (!status)
        status = px_bars_normalize(&sorted, NULL, NULL, NULL, err);
    if (!status)
        *out = pxi_bars_seen_timeframe(&sorted);
    px_bars_free(&sorted);
    return status;
}

static void note_seen(px_source *source, int minutes, const char *why) {
    char text[PX_TIMEFRAME_TEXT_SIZE];
    pxi_source_note(source, "%s bars%s", px_timeframe_format(minutes, text), why);
}
static const char by_steps[] = ", as the steps between them show";

/* Bars that came one by one have room for twice as many. */
static px_status trim(px_bars *bars, px_error *err) {
    px_bars exact = {0};
    if (bars->capacity <= 16 || bars->capacity - bars->n <= bars->n / 8)
        return PX_OK;
    px_status status = px_bars_append_range(&exact, bars, 0, bars->n, err);
    if (status)
        return status;
    px_bars_free(bars);
    *bars = exact;
    return PX_OK;
}

px_status pxi_source_end_file(px_source *file, px_error *err) {
    px_status status = PX_OK;
    pxi_source_count_lost(file);
    for (size_t i = 0; i < file->n_series && !status; i++) {
        px_source_series *series = &file->series[i];
        status = trim(&series->bars, err);
        if (status || series->timeframe_minutes)
            continue;
        status = see_timeframe(&series->bars, &series->timeframe_minutes, err);
        if (!status && series->timeframe_minutes)
            note_seen(file, series->timeframe_minutes, by_steps);
    }
    return status;
}

/* ---- of all files together ----------------------------------------------------------------------------- */

typedef struct placed {
    px_source *source; /* takes the notes: the file, or its folder */
    px_source_series *series;
    size_t order;
} placed;

static int compare_placed(const void *a, const void *b) {
    const placed *x = a, *y = b;
    int order = strcmp(x->series->symbol, y->series->symbol);
    if (!order)
        order = x->series->days_only - y->series->days_only;
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

static bool are_alike(const placed *a, const placed *b) {
    return a->series->days_only == b->series->days_only && strcmp(a->series->symbol, b->series->symbol) == 0;
}

/* That all have that show one; 0 = none does, or they differ. */
static int find_common(const placed *group, size_t n) {
    int common = 0;
    for (size_t i = 0; i < n; i++) {
        const int minutes = group[i].series->timeframe_minutes;
        if (minutes && common && minutes != common)
            return 0;
        common = minutes ? minutes : common;
    }
    return common;
}

/* The steps between the bars of all files that are too short. */
static px_status see_together(const placed *group, size_t n, int *out, px_error *err) {
    px_bars all = {0};
    px_status status = PX_OK;
    for (size_t i = 0; i < n && !status; i++) {
        const px_bars *bars = &group[i].series->bars;
        if (!group[i].series->timeframe_minutes)
            status = px_bars_append_range(&all, bars, 0, bars->n, err);
    }
    if (!status)
        status = see_timeframe(&all, out, err);
    px_bars_free(&all);
    return status;
}

/* Series of one symbol: those that show no timeframe have that of the others, or the one that they show
 * together. */
static px_status settle_timeframe(const placed *group, size_t n, px_error *err) {
    const char *why = ", as those of the other files";
    int minutes = find_common(group, n);
    size_t n_unknown = 0;
    for (size_t i = 0; i < n; i++)
        n_unknown += group[i].series->timeframe_minutes == 0;
    px_status status = PX_OK;
    if (!minutes && n_unknown > 1) {
        why = by_steps;
        status = see_together(group, n, &minutes, err);
    }
    if (!minutes) {
        minutes = group->series->days_only ? PX_TIMEFRAME_DAY : 1;
        why = group->series->days_only ? ": times are dates" : ": too few to show another timeframe";
    }
    for (size_t i = 0; i < n && n_unknown && !status; i++)
        if (!group[i].series->timeframe_minutes) {
            group[i].series->timeframe_minutes = minutes;
            note_seen(group[i].source, minutes, why);
        }
    return status;
}

static size_t list_series(px_source *sources, size_t n, placed *out) {
    size_t n_series = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t f = 0; f < px_source_n_files(&sources[s]); f++) {
            px_source *file = px_source_file(&sources[s], f);
            for (size_t i = 0; i < file->n_series; i++, n_series++)
                if (out)
                    out[n_series] = (placed){&sources[s], &file->series[i], n_series};
        }
    return n_series;
}

static px_status settle_timeframes(px_source *sources, size_t n_sources, px_error *err) {
    const size_t n = list_series(sources, n_sources, NULL);
    placed *list = pxi_new_array(n, sizeof *list);
    px_status status = PX_OK;
    if (!list)
        return pxi_fail_memory(err);
    list_series(sources, n_sources, list);
    if (n)
        qsort(list, n, sizeof *list, compare_placed);
    for (size_t begin = 0, end; begin < n && !status; begin = end) {
        for (end = begin + 1; end < n && are_alike(&list[begin], &list[end]); end++)
            ;
        status = settle_timeframe(list + begin, end - begin, err);
    }
    free(list);
    return status;
}

/* ---- starts -------------------------------------------------------------------------------------------- */

static void name_by_start(const px_calendar *calendar, px_source_series *series) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    px_bars *bars = &series->bars;
    for (size_t i = 0; i < bars->n; i++)
        bars->ts_us[i] = px_session_bar_start(&cursor, bars->ts_us[i], series->timeframe_minutes);
}

px_status pxi_sources_settle(const px_source_config *config, px_source *sources, size_t n, px_error *err) {
    px_status status = pxi_sources_name_series(sources, n, err);
    if (!status)
        status = settle_timeframes(sources, n, err);
    for (size_t s = 0; s < n && !status; s++)
        for (size_t f = 0; f < px_source_n_files(&sources[s]); f++) {
            px_source *file = px_source_file(&sources[s], f);
            for (size_t i = 0; file->stamped_at_close && i < file->n_series; i++)
                if (!file->series[i].days_only)
                    name_by_start(config->calendar, &file->series[i]);
        }
    return status;
}
