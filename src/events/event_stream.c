// SPDX-License-Identifier: Apache-2.0
/* The stream driver: one closed bar after the other, each beside the one before it. */
#include "events/driver.h"

#include "base/error.h"
#include "base/mem.h"
#include "indicators/frame.h"
#include "market/stretch.h"

#include <stdlib.h>

/* A column on the bar before and on this one. */
typedef double pair[2];
enum { BEFORE, NOW };

struct px_event_stream {
    pxi_event_driver driver;
    size_t n_bars;            /* seen so far */
    size_t begin;             /* the first one behind the last hole */
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    int64_t last_us;
    pair close, *column;
    pxi_column_set others; /* what is named beyond the features */
    double **other;        /* where those go */
};

static px_status open_columns(px_event_stream *s, px_error *err) {
    const pxi_columns_setup setup = {
        .config = s->driver.config, .calendar = s->driver.calendar, .twap = true};
    const size_t n = s->driver.columns.n;
    const double *at[PXI_MAX_EVENT_COLUMNS];
    s->column = pxi_new_array(n, sizeof *s->column);
    s->other = pxi_new_array(n - PX_N_FEATURES, sizeof *s->other);
    if (!s->column || !s->other)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < n; c++)
        at[c] = s->column[c];
    for (size_t c = PX_N_FEATURES; c < n; c++)
        s->other[c - PX_N_FEATURES] = &s->column[c][NOW];
    pxi_event_views_make(&s->driver.columns, s->close, at, &s->driver.views);
    s->holes = pxi_holes_by(s->driver.config, s->driver.calendar);
    return pxi_columns_open(&s->others, s->driver.columns.specs + PX_N_FEATURES, &setup, err);
}

px_status px_event_stream_new(const px_calendar *calendar, const px_config *config, int timeframe_minutes,
                              px_event_stream **out, px_error *err) {
    px_event_stream *s = pxi_new_array(1, sizeof *s);
    px_status status = s ? pxi_event_driver_init(&s->driver, calendar, config, timeframe_minutes, err)
                         : pxi_fail_memory(err);
    if (!status)
        status = open_columns(s, err);
    if (status)
        px_event_stream_free(&s);
    else
        *out = s;
    return status;
}

void px_event_stream_free(px_event_stream **stream) {
    if (!stream || !*stream)
        return;
    pxi_columns_close(&(*stream)->others);
    free((*stream)->other);
    free((*stream)->column);
    free(*stream);
    *stream = NULL;
}

static void run_others(px_event_stream *s, const px_bar *bar) {
    px_bar b = *bar;
    const px_bars one = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    for (size_t c = 0; c < s->others.n; c++)
        s->column[PX_N_FEATURES + c][BEFORE] = s->column[PX_N_FEATURES + c][NOW];
    pxi_columns_run(&s->others, &one, s->other);
}

size_t px_events_step(px_event_stream *s, const px_bar *bar, const double row[PX_N_FEATURES],
                      px_event out[PX_EVENTS_PER_BAR]) {
    const pxi_event_place here = {s->n_bars, NOW, bar->ts_us};
    pxi_event_mask mask = 0;
    if (s->n_bars && pxi_is_hole(s->holes, s->last_us, bar->ts_us))
        s->begin = s->n_bars;
    s->last_us = bar->ts_us;
    s->close[BEFORE] = s->close[NOW];
    s->close[NOW] = bar->close;
    for (size_t k = 0; k < PX_N_FEATURES; k++) {
        s->column[k][BEFORE] = s->column[k][NOW];
        s->column[k][NOW] = row[k];
    }
    if (s->others.n)
        run_others(s, bar);
    if (s->n_bars - s->begin >= PX_EVENT_MIN_BAR)
        pxi_events_mark(&s->driver, NOW, 1, &mask);
    s->n_bars++;
    return mask ? pxi_events_describe(&s->driver, &here, mask, out) : 0;
}
