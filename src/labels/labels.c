// SPDX-License-Identifier: Apache-2.0
/* Labels: each event enters by the entry rule and is watched by the barrier routine, as a trade would be. */
#include "pixity/labels.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/wide.h"
#include "exits/entry.h"
#include "exits/levels.h"
#include "exits/step.h"
#include "market/stretch.h"

#include <math.h>
#include <stdlib.h>

typedef struct series {
    const px_bars *bars;
    const px_detail *detail;  /* NULL = none */
    size_t end;               /* no bar from here on is looked at, */
    size_t stop;              /* nor from here on, of the present event: the next hole, or the end */
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    const px_config *config;
    px_entry entry;
    int timeframe_minutes;
    const px_instrument *instrument;
    bool reference;    /* levels are not rounded, among other things */
    double tick;       /* 0 = none; of all entries, unless: */
    bool tick_changes; /* by date, as the instrument says */
    px_session_cursor cursor;
} series;

/* An event that has entered. */
typedef struct position {
    bool entered;
    size_t first_watched, stop;
    px_barrier barrier;
} position;

/* Events enter in blocks, then each is watched: the one is arithmetic, the other a guess of the processor
 * that fails once an event, and must not hold up the arithmetic of the next. */
#define BLOCK 64

static bool has_square_off(const series *s) {
    return pxi_config_square_off(s->config) != PX_NO_TIME;
}

/* Watches from bar `first` on, in the bars inside each; returns as watch does. */
static size_t watch_detail(series *s, size_t first, px_barrier *barrier, px_exit *exit) {
    size_t i = first;
    for (; i < s->stop; i++) {
        const px_bars parts = px_detail_at(s->detail, i);
        if (has_square_off(s))
            px_session_advance(&s->cursor, s->bars->ts_us[i]);
        if (pxi_barrier_step_detail(barrier, &parts, &s->cursor.session, s->detail->minutes, exit))
            break;
    }
    return i;
}

/* One past the last bar that can be watched for levels and time alone: where the square-off comes near or the
 * time is up. */
static inline size_t free_of_square_off(const series *s, size_t first, const px_barrier *barrier) {
    const size_t left = (size_t)barrier->time_stop_bars;
    const size_t last = left < s->stop - first ? first + left : s->stop;
    return pxi_square_off_nears(barrier, s->bars, first, last, s->timeframe_minutes);
}

/* Watches from bar `first` on; returns the exit bar, or s->stop if the stretch ends before. */
PXI_WIDE static size_t watch(series *s, size_t first, px_barrier *barrier, px_exit *exit) {
    if (s->detail)
        return watch_detail(s, first, barrier, exit);
    if (!has_square_off(s))
        return pxi_barrier_run(barrier, s->bars, first, s->stop, exit);
    const size_t near = free_of_square_off(s, first, barrier);
    size_t i = pxi_barrier_run(barrier, s->bars, first, near, exit);
    if (i < near)
        return i;
    for (; i < s->stop; i++) {
        const int64_t ts_us = s->bars->ts_us[i];
        px_session_advance(&s->cursor, ts_us);
        const int64_t end_us = px_session_bar_end(&s->cursor.session, ts_us, s->timeframe_minutes);
        if (pxi_barrier_step(barrier, s->bars, i, end_us, s->timeframe_minutes, exit))
            break;
    }
    return i;
}

/* The horizon is what the position would be held without levels. `reference` wants the excursions of all its
 * bars in full, and the last may have been left at its open. */
static void watch_horizon(series *s, const position *p, px_barrier *horizon, px_label *out) {
    px_exit exit;
    *horizon = p->barrier;
    horizon->levels = (px_levels){NAN, NAN};
    const size_t last = watch(s, p->first_watched, horizon, &exit);
    out->complete = last < s->stop;
    out->end_bar = out->complete ? last : s->stop - 1;
    if (s->reference) {
        pxi_see_price(horizon, s->bars->low[out->end_bar]);
        pxi_see_price(horizon, s->bars->high[out->end_bar]);
    }
}

/* Whether nothing but time ends the horizon, where that takes no look at its bars. */
static bool ends_by_time(const series *s, const position *p) {
    if (!has_square_off(s))
        return true;
    const size_t near = free_of_square_off(s, p->first_watched, &p->barrier);
    return !s->detail && near - p->first_watched == (size_t)p->barrier.time_stop_bars;
}

/* The same as watch_horizon finds then. */
static void count_horizon(const series *s, const position *p, px_label *out) {
    const size_t end = p->first_watched + (size_t)p->barrier.time_stop_bars;
    out->complete = end <= s->stop;
    out->end_bar = (out->complete ? end : s->stop) - 1;
}

static int label_of(px_exit_reason reason) {
    return reason == PX_EXIT_TAKE_PROFIT ? 1 : reason == PX_EXIT_STOP_LOSS ? -1 : 0;
}

static void record_outcome(const series *s, const px_event *event, const px_barrier *barrier,
                           const px_exit *exit, size_t exit_bar, px_label *out) {
    const double risk = s->config->sl_mult * event->atr;
    out->label = label_of(exit->reason);
    out->hit = exit->reason;
    out->ambiguous = barrier->ambiguous;
    out->exit_bar = exit_bar;
    out->exit_price = exit->price;
    out->realized_r = event->side * (exit->price - barrier->entry) / risk;
    out->mae = pxi_barrier_mae(barrier) / risk;
    out->mfe = pxi_barrier_mfe(barrier) / risk;
}

/* What a hole ends leaves at the last close before it, which it has been watched to. */
static void record_hole(const series *s, const px_event *event, px_barrier *barrier, px_label *out) {
    const px_exit exit = {PX_EXIT_DATA_HOLE, s->bars->close[s->stop - 1]};
    px_barrier_close(barrier, exit.price, false);
    record_outcome(s, event, barrier, &exit, s->stop - 1, out);
}

/* `reference`: excursions over the whole horizon, and what the window cuts off is labelled with what is
 * there. */
static void record_reference_outcome(const series *s, const px_event *event, const px_barrier *horizon,
                                     const px_exit *exit, size_t exit_bar, px_label *out) {
    const px_exit cut_off = {PX_EXIT_TIME_STOP, s->bars->close[s->stop - 1]};
    const bool resolved = exit_bar < s->stop;
    record_outcome(s, event, horizon, resolved ? exit : &cut_off, resolved ? exit_bar : s->stop - 1, out);
    out->complete |= s->stop == s->end;
}

/* The tick of an entry's date, where the tick changes in the series. Out of line: it hardly ever does. */
static __attribute__((noinline)) double tick_on(series *s, size_t bar) {
    px_session_advance(&s->cursor, s->bars->ts_us[bar]);
    return px_instrument_unit(s->instrument, s->cursor.session.date).tick;
}

/* Enters where a trade could: by the entry rule, with levels a tick away or more. */
static void enter(series *s, const px_event *event, position *out) {
    const px_config *config = s->config;
    px_entry_point entry;
    out->entered = false;
    if (!(event->atr > 0.0) || event->h_bars < 1)
        return;
    if (pxi_entry_find(s->bars, s->stop, event->bar, s->entry, &s->cursor, config, s->timeframe_minutes,
                       &entry) != PX_ENTRY_FOUND)
        return;
    const double tick = s->tick_changes ? tick_on(s, entry.bar) : s->tick;
    const px_level stop = {PX_LEVEL_DISTANCE, config->sl_mult * event->atr};
    const px_level target = {PX_LEVEL_DISTANCE, config->tp_mult * event->atr};
    const px_levels levels = pxi_barrier_levels(event->side, entry.price, stop, target, tick);
    const bool skip = entry.first_watched == entry.bar && config->label_from == PX_LABEL_FROM_BAR_AFTER_ENTRY;
    out->first_watched = entry.first_watched + skip;
    out->barrier =
        pxi_barrier_open(event->side, entry.price, &levels, config, event->h_bars, &s->cursor.session);
    out->entered = !pxi_levels_below_tick(&levels, entry.price, tick) &&
                   !(s->reference && out->first_watched >= s->stop);
}

static inline void label_position(series *s, const px_event *event, position *p, px_label *out) {
    px_barrier horizon;
    px_exit exit;
    out->entry_price = p->barrier.entry;
    if (s->reference || !ends_by_time(s, p))
        watch_horizon(s, p, &horizon, out);
    else
        count_horizon(s, p, out);
    const size_t exit_bar = watch(s, p->first_watched, &p->barrier, &exit);
    if (exit_bar == s->stop && s->stop < s->end)
        record_hole(s, event, s->reference ? &horizon : &p->barrier, out);
    else if (s->reference)
        record_reference_outcome(s, event, &horizon, &exit, exit_bar, out);
    else if (exit_bar < s->stop)
        record_outcome(s, event, &p->barrier, &exit, exit_bar, out);
}

/* Events lie far apart: asks for the bars of an event that comes later. */
static void prefetch(const series *s, const px_event_list *events, size_t k) {
    if (k >= events->n)
        return;
    const size_t next = events->items[k].bar + 1;
    __builtin_prefetch(s->bars->open + next);
    __builtin_prefetch(s->bars->high + next);
    __builtin_prefetch(s->bars->low + next);
}

PXI_WIDE static void label_block(series *s, const px_event_list *events, size_t begin, size_t end,
                                 px_label_list *out) {
    static const px_label unresolved = {
        .label = PX_LABEL_UNRESOLVED,
        .entry_price = NAN,
        .exit_bar = SIZE_MAX,
        .end_bar = SIZE_MAX,
        .exit_price = NAN,
        .realized_r = NAN,
        .mae = NAN,
        .mfe = NAN,
    };
    position positions[BLOCK];
    for (size_t k = begin; k < end; k++) {
        prefetch(s, events, k + BLOCK);
        if (events->items[k].bar >= s->stop)
            s->stop = pxi_next_hole(s->bars, events->items[k].bar + 1, s->end, s->holes);
        positions[k - begin].stop = s->stop;
        enter(s, &events->items[k], &positions[k - begin]);
    }
    for (size_t k = begin; k < end; k++) {
        position *p = &positions[k - begin];
        if (!p->entered && s->reference)
            continue; /* has no row */
        px_label *label = &out->items[out->n++];
        *label = unresolved;
        label->event = k;
        s->stop = p->stop;
        if (p->entered)
            label_position(s, &events->items[k], p, label);
    }
}

px_status px_labels_compute(const px_dataset *data, const px_event_list *events, const px_config *config,
                            px_label_list *out, px_error *err) {
    series s = {
        .bars = &data->bars,
        .detail = px_detail_is_present(&data->detail) ? &data->detail : NULL,
        .end = data->end,
        .holes = pxi_holes_by(config, data->calendar),
        .config = config,
        .entry = px_config_entry_labels(config),
        .timeframe_minutes = data->timeframe_minutes,
        .instrument = &data->instrument,
        .reference = config->profile == PX_PROFILE_REFERENCE,
        .cursor = px_session_cursor_make(data->calendar),
    };
    s.tick = s.reference ? 0.0 : data->instrument.tick;
    s.tick_changes = !s.reference && data->instrument.n_changes > 0;
    _Static_assert(sizeof(px_label) <= sizeof(px_event), "so the size below cannot overflow");
    px_label_list labels = {0, events->n, pxi_new_block(events->n * sizeof *labels.items)};
    if (!labels.items)
        return pxi_fail_memory(err);
    for (size_t k = 0; k < events->n; k += BLOCK)
        label_block(&s, events, k, events->n - k < BLOCK ? events->n : k + BLOCK, &labels);
    *out = labels;
    return PX_OK;
}

void px_label_list_free(px_label_list *list) {
    if (!list)
        return;
    free(list->items);
    *list = (px_label_list){0};
}

const char *px_label_hit_name(px_exit_reason hit) {
    switch (hit) {
    case PX_EXIT_TAKE_PROFIT:
        return "tp";
    case PX_EXIT_STOP_LOSS:
        return "sl";
    case PX_EXIT_TIME_STOP:
        return "time";
    case PX_EXIT_SQUARE_OFF:
        return "square_off";
    case PX_EXIT_DATA_HOLE:
        return "data_hole";
    default:
        return "unresolved";
    }
}
