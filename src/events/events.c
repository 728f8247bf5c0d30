// SPDX-License-Identifier: Apache-2.0
/* The batch driver: all bars by blocks, with the features of all bars or making them on the way. */
#include "events/driver.h"

#include "base/error.h"
#include "base/mem.h"
#include "events/scan.h"
#include "indicators/frame.h"
#include "market/stretch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nine columns of this length pass through the first-level cache at a time. */
#define BLOCK 128

/* Places of the marked bars; returns how many. Without a branch, as marks come at random. */
static size_t list_marked(const pxi_event_mask *mask, size_t n, size_t at[BLOCK]) {
    size_t n_marked = 0;
    for (size_t i = 0; i < n; i++) {
        at[n_marked] = i;
        n_marked += mask[i] != 0;
    }
    return n_marked;
}

/* Where detection looks: element `at` of the columns is bar `bar`. */
typedef struct place {
    size_t at, bar;
} place;

/* Describes the marked bars of one block. What detection has not read is asked for ahead. */
static bool collect(const pxi_event_driver *driver, const int64_t *ts_us, place begin, size_t n,
                    const pxi_event_mask *mask, px_event_list *out) {
    const pxi_event_views *views = &driver->views;
    const size_t most = 2 * (size_t)driver->n_types;
    size_t at[BLOCK];
    const size_t n_marked = list_marked(mask, n, at);
    if (!pxi_grow(&out->items, &out->capacity, out->n + n_marked * most, sizeof *out->items))
        return false;
    for (size_t k = 0; k < n_marked; k++) {
        __builtin_prefetch(&ts_us[begin.bar + at[k]]);
        for (size_t u = 0; u < views->n_unread; u++)
            __builtin_prefetch(&views->unread[u][begin.at + at[k]]);
    }
    for (size_t k = 0; k < n_marked; k++) {
        const size_t bar = begin.bar + at[k];
        const pxi_event_place here = {bar, begin.at + at[k], ts_us[bar]};
        out->n += pxi_events_describe(driver, &here, mask[at[k]], out->items + out->n);
    }
    return true;
}

/* Events of n bars from a place on. */
static bool find(const pxi_event_driver *driver, const int64_t *ts_us, place begin, size_t n,
                 px_event_list *out) {
    pxi_event_mask mask[BLOCK];
    bool ok = true;
    for (size_t i = 0; i < n && ok; i += BLOCK) {
        const place p = {begin.at + i, begin.bar + i};
        const size_t count = n - i < BLOCK ? n - i : BLOCK;
        memset(mask, 0, count * sizeof *mask);
        pxi_events_mark(driver, p.at, count, mask);
        ok = collect(driver, ts_us, p, count, mask, out);
    }
    return ok;
}

/* Bars are looked at stretch by stretch between holes: each is counted anew. */
typedef struct search {
    const pxi_event_driver *driver;
    const px_bars *bars;
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    size_t window_begin;      /* bars before it have no events */
    size_t first;             /* bar of the present stretch that events begin at */
} search;

static search search_make(const pxi_event_driver *driver, const px_bars *bars, size_t window_begin) {
    return (search){
        .driver = driver,
        .bars = bars,
        .holes = pxi_holes_by(driver->config, driver->calendar),
        .window_begin = window_begin,
        .first = PX_EVENT_MIN_BAR,
    };
}

static size_t later(size_t a, size_t b) {
    return a > b ? a : b;
}

/* Events of bars [begin, end), which follow those of the call before. Element `at` of the columns is bar
 * `begin`.
 */
static bool find_in_stretches(search *s, size_t begin, size_t end, size_t at, px_event_list *out) {
    bool ok = true;
    for (size_t i = begin, stop; i < end && ok; i = stop) {
        if (pxi_next_hole(s->bars, i, i + 1, s->holes) == i)
            s->first = i + PX_EVENT_MIN_BAR;
        stop = pxi_next_hole(s->bars, i + 1, end, s->holes);
        const size_t from = later(i, later(s->first, s->window_begin));
        if (from < stop)
            ok = find(s->driver, s->bars->ts_us, (place){at + (from - begin), from}, stop - from, out);
    }
    return ok;
}

void px_event_list_free(px_event_list *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_event_list){0};
}

/* ---- with a frame ------------------------------------------------------------------------------------- */

/* What is named beyond the features, of all bars; nothing where nothing is. */
static px_status make_others(const pxi_event_driver *driver, const px_bars *bars, px_feature_frame *out,
                             px_error *err) {
    if (driver->columns.n == PX_N_FEATURES)
        return PX_OK;
    const pxi_columns_setup setup = pxi_frame_setup(bars, driver->calendar, driver->config);
    return pxi_frame_compute(bars, driver->columns.specs + PX_N_FEATURES, &setup, out, err);
}

static px_status find_in_frame(pxi_event_driver *driver, const px_bars *bars, const px_feature_frame *frame,
                               const size_t window[2], px_event_list *out, px_error *err) {
    const double *at[PXI_MAX_EVENT_COLUMNS];
    px_feature_frame others = {0};
    px_status status = make_others(driver, bars, &others, err);
    if (status)
        return status;
    for (size_t c = 0; c < driver->columns.n; c++)
        at[c] = c < PX_N_FEATURES ? frame->column[c] : others.column[c - PX_N_FEATURES];
    pxi_event_views_make(&driver->columns, bars->close, at, &driver->views);
    search s = search_make(driver, bars, window[0]);
    if (!find_in_stretches(&s, 0, window[1], 0, out))
        status = pxi_fail_memory(err);
    px_feature_frame_free(&others);
    return status;
}

px_status px_events_find(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                         const px_config *config, int timeframe_minutes, size_t begin, size_t end,
                         px_event_list *out, px_error *err) {
    pxi_event_driver driver;
    px_event_list found = {0};
    px_status status = pxi_event_driver_init(&driver, calendar, config, timeframe_minutes, err);
    if (!status)
        status = find_in_frame(&driver, bars, frame, (const size_t[]){begin, end}, &found, err);
    if (status)
        px_event_list_free(&found);
    else
        *out = found;
    return status;
}

/* ---- without a frame ---------------------------------------------------------------------------------- */

/* Columns of one block of bars, each with its value of the bar before in front. */
enum { STRIDE = 1 + PXI_BLOCK };
typedef struct block {
    pxi_column_set set;
    double *close, *column[PXI_MAX_EVENT_COLUMNS];
    double *values; /* of them all, one allocation */
} block;

static px_status block_open(block *b, pxi_event_driver *driver, const px_bars *bars, px_error *err) {
    const pxi_columns_setup setup = pxi_frame_setup(bars, driver->calendar, driver->config);
    const size_t n = driver->columns.n;
    const double *at[PXI_MAX_EVENT_COLUMNS];
    b->values = pxi_new_array((n + 1) * STRIDE, sizeof *b->values);
    if (!b->values)
        return pxi_fail_memory(err);
    b->close = b->values;
    for (size_t c = 0; c < n; c++)
        at[c] = b->column[c] = b->values + (c + 1) * STRIDE;
    pxi_event_views_make(&driver->columns, b->close, at, &driver->views);
    return pxi_columns_open(&b->set, driver->columns.specs, &setup, err);
}

static void block_close(block *b) {
    pxi_columns_close(&b->set);
    free(b->values);
}

static void block_run(block *b, const px_bars *bars) {
    double *out[PXI_MAX_EVENT_COLUMNS];
    b->close[0] = b->close[PXI_BLOCK]; /* all blocks but the last are full */
    memcpy(b->close + 1, bars->close, bars->n * sizeof(double));
    for (size_t c = 0; c < b->set.n; c++) {
        b->column[c][0] = b->column[c][PXI_BLOCK];
        out[c] = b->column[c] + 1;
    }
    pxi_columns_run(&b->set, bars, out);
}

static size_t count_undefined(const double *x, size_t n) {
    size_t n_undefined = 0;
    for (size_t i = 0; i < n; i++)
        n_undefined += isnan(x[i]);
    return n_undefined;
}

static bool scan(const pxi_event_driver *driver, block *b, const px_dataset *data, pxi_event_scan *out) {
    const size_t end = data->end;
    search s = search_make(driver, &data->bars, data->begin);
    bool ok = true;
    for (size_t begin = 0, stop; begin < end && ok; begin = stop) {
        stop = end - begin < PXI_BLOCK ? end : begin + PXI_BLOCK;
        const px_bars part = px_bars_slice(&data->bars, begin, stop);
        block_run(b, &part);
        const size_t shown = later(data->begin, begin);
        if (shown < stop)
            out->n_without_vwap += count_undefined(b->column[PX_VWAP] + 1 + (shown - begin), stop - shown);
        ok = find_in_stretches(&s, begin, stop, 1, &out->events);
    }
    return ok;
}

px_status pxi_events_scan(const px_dataset *data, const px_config *config, pxi_event_scan *out,
                          px_error *err) {
    pxi_event_driver driver;
    pxi_event_scan found = {0};
    block b = {0};
    px_status status = pxi_event_driver_init(&driver, data->calendar, config, data->timeframe_minutes, err);
    if (!status)
        status = block_open(&b, &driver, &data->bars, err);
    if (!status && !scan(&driver, &b, data, &found))
        status = pxi_fail_memory(err);
    block_close(&b);
    if (status)
        px_event_list_free(&found.events);
    else
        *out = found;
    return status;
}

bool pxi_events_of_features(const px_config *config) {
    pxi_event_columns columns;
    return pxi_event_columns_find(config, &columns, NULL) == PX_OK && columns.n == PX_N_FEATURES;
}

bool pxi_events_scannable(const px_dataset *data, const px_config *config) {
    pxi_event_columns columns;
    return pxi_event_columns_find(config, &columns, NULL) == PX_OK &&
           pxi_frame_is_causal(columns.specs, data->bars.n, config);
}
