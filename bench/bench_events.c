// SPDX-License-Identifier: Apache-2.0
/* Events of a million one-minute bars from a finished frame, and the same bar by bar. */
#include "bench.h"

#include "pixity/events.h"

static void bench_batch(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                        const px_config *config) {
    px_event_list events = {0};
    px_error err;
    bench b = bench_start();
    bench_check(px_events_find(bars, frame, calendar, config, 1, 0, bars->n, &events, &err), &err);
    bench_done(&b, "events", bars->n, (double)events.n);
    px_event_list_free(&events);
}

static void bench_steps(const px_bars *bars, const px_feature_frame *frame, const px_calendar *calendar,
                        const px_config *config) {
    px_event_stream *stream = NULL;
    px_error err;
    px_event events[PX_EVENTS_PER_BAR];
    double row[PX_N_FEATURES];
    size_t n_events = 0;
    bench_check(px_event_stream_new(calendar, config, 1, &stream, &err), &err);
    bench b = bench_start();
    for (size_t i = 0; i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, i);
        for (size_t k = 0; k < PX_N_FEATURES; k++)
            row[k] = frame->column[k][i];
        n_events += px_events_step(stream, &bar, row, events);
    }
    bench_done(&b, "events_steps", bars->n, (double)n_events);
    px_event_stream_free(&stream);
}

int main(void) {
    px_calendar *calendar = bench_calendar();
    px_config config = px_config_default();
    px_bars bars = bench_minutes(calendar);
    px_feature_frame frame = {0};
    px_error err;
    bench_check(px_features_compute(&bars, calendar, &config, &frame, &err), &err);
    bench_batch(&bars, &frame, calendar, &config);
    bench_steps(&bars, &frame, calendar, &config);
    px_feature_frame_free(&frame);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return 0;
}
