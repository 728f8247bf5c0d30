// SPDX-License-Identifier: Apache-2.0
/* The drivers: find (batch, by blocks) and step (stream, by bars). */
#include "events/detect.h"

#include "base/error.h"
#include "base/mem.h"

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

static void look_at(moment *m, const px_bars *bars, const px_feature_frame *frame, size_t bar) {
    m->bar = bar;
    m->ts_us = bars->ts_us[bar];
    m->close = bars->close[bar];
    m->previous_ema20 = frame->column[PX_EMA20][bar - 1];
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        m->row[k] = frame->column[k][bar];
}

/* Describes the marked bars of one block. What detection has not read is asked for ahead. */
static bool collect(moment *m, const px_bars *bars, const px_feature_frame *frame, size_t begin, size_t n,
                    const pxi_event_mask *mask, px_event_list *out) {
    size_t at[BLOCK];
    const size_t n_marked = list_marked(mask, n, at);
    if (!pxi_grow(&out->items, &out->capacity, out->n + n_marked * PX_EVENTS_PER_BAR, sizeof *out->items))
        return false;
    for (size_t k = 0; k < n_marked; k++) {
        __builtin_prefetch(&bars->ts_us[begin + at[k]]);
        __builtin_prefetch(&frame->column[PX_VOL_Z][begin + at[k]]);
    }
    for (size_t k = 0; k < n_marked; k++) {
        look_at(m, bars, frame, begin + at[k]);
        out->n += describe(m, mask[at[k]], out->items + out->n);
    }
    return true;
}

px_status px_events_find(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                         const px_config *config, int timeframe_minutes, size_t begin, size_t end,
                         px_event_list *out, px_error *err) {
    moment m = {calendar, config, timeframe_minutes, 0, 0, 0.0, 0.0, {0}};
    pxi_event_columns columns = {.close = bars->close};
    pxi_event_mask mask[BLOCK];
    /* Room for one event in 8 bars, more than data have; what is not used is not touched. */
    const size_t room = (end > begin ? end - begin : 0) / 8;
    px_event_list found = {0, room, pxi_new_block(room * sizeof *found.items)};
    bool ok = found.items != NULL;
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        columns.feature[k] = frame->column[k];
    for (size_t i = begin < PX_EVENT_MIN_BAR ? PX_EVENT_MIN_BAR : begin; i < end && ok; i += BLOCK) {
        const size_t n = end - i < BLOCK ? end - i : BLOCK;
        detect(&columns, config, i, n, mask);
        ok = collect(&m, bars, frame, i, n, mask, &found);
    }
    if (!ok) {
        px_event_list_free(&found);
        return pxi_fail_memory(err);
    }
    *out = found;
    return PX_OK;
}

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
