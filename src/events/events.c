// SPDX-License-Identifier: Apache-2.0
/* The drivers: find (batch, by blocks) and step (stream, by bars). */
#include "events/detect.h"

#include "base/error.h"
#include "base/mem.h"
#include "events/scan.h"
#include "indicators/frame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Nine columns of this length pass through the first-level cache at a time. */
#define BLOCK 128

/* One closed bar, with its row and what is needed of the bar before. */
typedef struct moment {
    const px_calendar *calendar;
    const px_config *config;
    int timeframe_minutes;
    size_t bar;
    int64_t ts_us;
    double close, previous_ema20;
    double row[PX_N_FEATURES];
} moment;

static void detect(const pxi_event_columns *columns, const px_config *config, size_t begin, size_t n,
                   pxi_event_mask *mask) {
    memset(mask, 0, n * sizeof *mask);
    for (int type = 0; type < PX_N_EVENT_TYPES; type++)
        pxi_event_kinds[type]->detect(columns, config, begin, n, PXI_LONG_BIT(type), PXI_SHORT_BIT(type),
                                      mask);
}

/* Writes the events of one bar; returns how many. */
static size_t describe(const moment *m, pxi_event_mask mask, px_event out[PX_EVENTS_PER_BAR]) {
    size_t n = 0;
    for (; mask; mask &= mask - 1) {
        const int bit = __builtin_ctzll((uint64_t)mask);
        px_event *event = &out[n++];
        if (n > 1) {
            *event = out[0];
        } else {
            event->bar = m->bar;
            event->ts_us = m->ts_us;
            event->close = m->close;
            event->atr = m->row[PX_ATR];
            event->h_bars = m->config->time_stop_bars;
            event->bar_minutes = m->timeframe_minutes;
            pxi_inputs_compute(m->calendar, m->ts_us, m->close, m->previous_ema20, m->row, event->inputs);
        }
        event->type = bit / 2;
        event->side = bit % 2 ? PX_SHORT : PX_LONG;
    }
    return n;
}

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

static void look_at(moment *m, const px_bars *bars, const pxi_event_columns *columns, place p) {
    m->bar = p.bar;
    m->ts_us = bars->ts_us[p.bar];
    m->close = columns->close[p.at];
    m->previous_ema20 = columns->feature[PX_EMA20][p.at - 1];
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        m->row[k] = columns->feature[k][p.at];
}

/* Describes the marked bars of one block. What detection has not read is asked for ahead. */
static bool collect(moment *m, const px_bars *bars, const pxi_event_columns *columns, place begin, size_t n,
                    const pxi_event_mask *mask, px_event_list *out) {
    size_t at[BLOCK];
    const size_t n_marked = list_marked(mask, n, at);
    if (!pxi_grow(&out->items, &out->capacity, out->n + n_marked * PX_EVENTS_PER_BAR, sizeof *out->items))
        return false;
    for (size_t k = 0; k < n_marked; k++) {
        __builtin_prefetch(&bars->ts_us[begin.bar + at[k]]);
        __builtin_prefetch(&columns->feature[PX_VOL_Z][begin.at + at[k]]);
    }
    for (size_t k = 0; k < n_marked; k++) {
        look_at(m, bars, columns, (place){begin.at + at[k], begin.bar + at[k]});
        out->n += describe(m, mask[at[k]], out->items + out->n);
    }
    return true;
}

/* Events of n bars from a place on. */
static bool find(moment *m, const px_bars *bars, const pxi_event_columns *columns, place begin, size_t n,
                 px_event_list *out) {
    pxi_event_mask mask[BLOCK];
    bool ok = true;
    for (size_t i = 0; i < n && ok; i += BLOCK) {
        const place p = {begin.at + i, begin.bar + i};
        const size_t count = n - i < BLOCK ? n - i : BLOCK;
        detect(columns, m->config, p.at, count, mask);
        ok = collect(m, bars, columns, p, count, mask, out);
    }
    return ok;
}

static size_t first_bar(size_t begin) {
    return begin < PX_EVENT_MIN_BAR ? PX_EVENT_MIN_BAR : begin;
}

px_status px_events_find(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                         const px_config *config, int timeframe_minutes, size_t begin, size_t end,
                         px_event_list *out, px_error *err) {
    moment m = {calendar, config, timeframe_minutes, 0, 0, 0.0, 0.0, {0}};
    pxi_event_columns columns = {.close = bars->close};
    const size_t first = first_bar(begin);
    px_event_list found = {0};
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        columns.feature[k] = frame->column[k];
    if (first < end && !find(&m, bars, &columns, (place){first, first}, end - first, &found)) {
        px_event_list_free(&found);
        return pxi_fail_memory(err);
    }
    *out = found;
    return PX_OK;
}

/* ---- without a frame ---------------------------------------------------------------------------------- */

/* Columns of one block of bars, each with its value of the bar before in front. */
typedef struct block {
    double close[1 + PXI_BLOCK];
    double feature[PX_N_FEATURES][1 + PXI_BLOCK];
} block;

static void run_block(block *b, pxi_column_set *columns, const px_bars *bars) {
    double *out[PX_N_FEATURES];
    b->close[0] = b->close[PXI_BLOCK]; /* all blocks but the last are full */
    memcpy(b->close + 1, bars->close, bars->n * sizeof(double));
    for (size_t k = 0; k < PX_N_FEATURES; k++) {
        b->feature[k][0] = b->feature[k][PXI_BLOCK];
        out[k] = b->feature[k] + 1;
    }
    pxi_columns_run(columns, bars, out);
}

static size_t count_undefined(const double *x, size_t n) {
    size_t n_undefined = 0;
    for (size_t i = 0; i < n; i++)
        n_undefined += isnan(x[i]);
    return n_undefined;
}

static bool scan(moment *m, pxi_column_set *set, block *b, const px_dataset *data, pxi_event_scan *out) {
    pxi_event_columns columns = {.close = b->close};
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        columns.feature[k] = b->feature[k];
    const size_t first = first_bar(data->begin), end = data->end;
    bool ok = true;
    for (size_t begin = 0, stop; begin < end && ok; begin = stop) {
        stop = end - begin < PXI_BLOCK ? end : begin + PXI_BLOCK;
        const px_bars part = px_bars_slice(&data->bars, begin, stop);
        run_block(b, set, &part);
        const size_t shown = data->begin > begin ? data->begin : begin, from = first > begin ? first : begin;
        if (shown < stop)
            out->n_without_vwap += count_undefined(b->feature[PX_VWAP] + 1 + (shown - begin), stop - shown);
        if (from < stop)
            ok = find(m, &data->bars, &columns, (place){1 + (from - begin), from}, stop - from, &out->events);
    }
    return ok;
}

px_status pxi_events_scan(const px_dataset *data, const px_config *config, pxi_event_scan *out,
                          px_error *err) {
    const pxi_columns_setup setup = pxi_frame_setup(&data->bars, data->calendar, config);
    moment m = {data->calendar, config, data->timeframe_minutes, 0, 0, 0.0, 0.0, {0}};
    pxi_event_scan found = {0};
    pxi_column_set set = {0};
    block *b = pxi_new_array(1, sizeof *b);
    px_status status = b ? pxi_columns_open(&set, pxi_frame_columns, &setup, err) : pxi_fail_memory(err);
    if (!status && !scan(&m, &set, b, data, &found))
        status = pxi_fail_memory(err);
    pxi_columns_close(&set);
    free(b);
    if (status)
        px_event_list_free(&found.events);
    else
        *out = found;
    return status;
}

/* ---- both --------------------------------------------------------------------------------------------- */

void px_event_list_free(px_event_list *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_event_list){0};
}

size_t px_events_step(px_event_state *state, const px_bar *bar, const double row[PX_N_FEATURES],
                      px_event out[PX_EVENTS_PER_BAR]) {
    moment m = {state->calendar, state->config, state->timeframe_minutes, state->n_bars,
                bar->ts_us,      bar->close,    state->previous_ema20,    {0}};
    const double close[2] = {state->previous_close, bar->close};
    double feature[PX_N_FEATURES][2]; /* the bar before is not looked at, but has a place */
    pxi_event_columns columns = {.close = close};
    pxi_event_mask mask = 0;
    for (size_t k = 0; k < PX_N_FEATURES; k++) {
        m.row[k] = feature[k][0] = feature[k][1] = row[k];
        columns.feature[k] = feature[k];
    }
    if (state->n_bars >= PX_EVENT_MIN_BAR)
        detect(&columns, state->config, 1, 1, &mask);
    state->n_bars++;
    state->previous_close = bar->close;
    state->previous_ema20 = row[PX_EMA20];
    return describe(&m, mask, out);
}
