// SPDX-License-Identifier: Apache-2.0
/* Labels: each event enters by the entry rule and is watched by the barrier routine, as a trade would be. */
#include "pixity/labels.h"

#include "base/error.h"
#include "base/mem.h"
#include "exits/step.h"

#include <math.h>
#include <stdlib.h>

typedef struct series {
    const px_bars *bars;
    size_t end; /* no bar from here on is looked at */
    const px_config *config;
    int timeframe_minutes;
    double tick;
    bool reference;
    px_session_cursor cursor;
} series;

static const px_levels no_levels = {NAN, NAN};

static bool has_square_off(const series *s) {
    return s->config->square_off_minute != PX_NO_TIME;
}

/* Watches from bar `first` on; returns the exit bar, or SIZE_MAX if the window ends before. */
static size_t watch(series *s, size_t first, px_barrier *barrier, px_exit *exit) {
    const bool square_off = has_square_off(s);
    for (size_t i = first; i < s->end; i++) {
        const px_bar bar = px_bars_at(s->bars, i);
        int64_t end_us = 0;
        if (square_off) {
            px_session_advance(&s->cursor, bar.ts_us);
            end_us = px_session_bar_end(&s->cursor.session, bar.ts_us, s->timeframe_minutes);
        }
        if (pxi_barrier_step(barrier, &bar, end_us, s->timeframe_minutes, exit))
            return i;
    }
    return SIZE_MAX;
}

static px_barrier open_barrier(const series *s, const px_event *event, double entry, const px_levels *levels,
                               const px_session *session) {
    return px_barrier_open(event->side, entry, levels, s->config, event->h_bars, session);
}

/* The horizon is what a position without levels would be held. `reference` wants the excursions of all its
 * bars in full, and the last may have been left at its open. */
static void find_horizon(series *s, const px_event *event, size_t first, px_barrier *horizon, px_label *out) {
    const size_t h_bars = (size_t)event->h_bars;
    size_t last = SIZE_MAX;
    if (s->reference || has_square_off(s)) {
        px_exit exit;
        last = watch(s, first, horizon, &exit);
    } else if (first < s->end && h_bars <= s->end - first) {
        last = first + h_bars - 1;
    }
    out->complete = last != SIZE_MAX;
    out->end_bar = out->complete ? last : s->end - 1;
    if (s->reference) {
        pxi_see_price(horizon, s->bars->low[out->end_bar]);
        pxi_see_price(horizon, s->bars->high[out->end_bar]);
    }
}

static int label_of(px_exit_reason reason) {
    return reason == PX_EXIT_TAKE_PROFIT ? 1 : reason == PX_EXIT_STOP_LOSS ? -1 : 0;
}

static void record_outcome(const series *s, const px_event *event, const px_barrier *barrier,
                           const px_exit *exit, size_t exit_bar, px_label *out) {
    const double risk = s->config->sl_mult * event->atr;
    out->label = label_of(exit->reason);
    out->hit = exit->reason;
    out->exit_bar = exit_bar;
    out->exit_price = exit->price;
    out->realized_r = event->side * (exit->price - barrier->entry) / risk;
    out->mae = px_barrier_mae(barrier) / risk;
    out->mfe = px_barrier_mfe(barrier) / risk;
}

/* `reference`: excursions over the whole horizon, and what the window cuts off is labelled with what is
 * there. */
static void record_reference_outcome(const series *s, const px_event *event, const px_barrier *horizon,
                                     const px_exit *exit, size_t exit_bar, px_label *out) {
    const px_exit cut_off = {PX_EXIT_TIME_STOP, s->bars->close[s->end - 1]};
    const bool resolved = exit_bar != SIZE_MAX;
    record_outcome(s, event, horizon, resolved ? exit : &cut_off, resolved ? exit_bar : s->end - 1, out);
    out->complete = true;
}

/* Enters, with levels that a trade could have. */
static bool enter(series *s, const px_event *event, px_entry_point *entry, px_levels *levels) {
    if (!(event->atr > 0.0) || event->h_bars < 1)
        return false;
    if (px_entry_find(s->bars, s->end, event->bar, px_config_entry_labels(s->config), &s->cursor, s->config,
                      s->timeframe_minutes, entry) != PX_ENTRY_FOUND)
        return false;
    *levels = px_barrier_levels(event->side, entry->price, event->atr, s->config->sl_mult, s->config->tp_mult,
                                s->tick);
    if (entry->first_watched == entry->bar && s->config->label_from == PX_LABEL_FROM_BAR_AFTER_ENTRY)
        entry->first_watched++;
    return !px_levels_below_tick(levels, entry->price, s->tick);
}

/* False where the event has no row. */
static bool label_event(series *s, const px_event *event, px_label *out) {
    px_entry_point entry;
    px_levels levels;
    px_exit exit;
    *out = (px_label){
        .label = PX_LABEL_UNRESOLVED,
        .entry_price = NAN,
        .exit_bar = SIZE_MAX,
        .end_bar = SIZE_MAX,
        .exit_price = NAN,
        .realized_r = NAN,
        .mae = NAN,
        .mfe = NAN,
    };
    if (!enter(s, event, &entry, &levels))
        return !s->reference;
    if (s->reference && entry.first_watched >= s->end)
        return false;
    const px_session session = s->cursor.session; /* of the entry; watching moves the cursor on */
    px_barrier barrier = open_barrier(s, event, entry.price, &levels, &session);
    px_barrier horizon = open_barrier(s, event, entry.price, &no_levels, &session);
    out->entry_price = entry.price;
    find_horizon(s, event, entry.first_watched, &horizon, out);
    size_t exit_bar = watch(s, entry.first_watched, &barrier, &exit);
    if (s->reference)
        record_reference_outcome(s, event, &horizon, &exit, exit_bar, out);
    else if (exit_bar != SIZE_MAX)
        record_outcome(s, event, &barrier, &exit, exit_bar, out);
    return true;
}

px_status px_labels_compute(const px_bars *bars, size_t end, const px_event_list *events,
                            const px_calendar *calendar, const px_config *config, int timeframe_minutes,
                            double tick, px_label_list *out, px_error *err) {
    const bool reference = config->profile == PX_PROFILE_REFERENCE;
    series s = {
        .bars = bars,
        .end = end,
        .config = config,
        .timeframe_minutes = timeframe_minutes,
        .tick = reference ? 0.0 : tick,
        .reference = reference,
        .cursor = px_session_cursor_make(calendar),
    };
    _Static_assert(sizeof(px_label) <= sizeof(px_event), "so the size below cannot overflow");
    px_label_list labels = {0, events->n, pxi_new_block(events->n * sizeof *labels.items)};
    if (!labels.items)
        return pxi_fail_memory(err);
    for (size_t k = 0; k < events->n; k++) {
        px_label *label = &labels.items[labels.n];
        if (label_event(&s, &events->items[k], label)) {
            label->event = k;
            labels.n++;
        }
    }
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
    default:
        return "unresolved";
    }
}
