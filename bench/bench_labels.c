// SPDX-License-Identifier: Apache-2.0
/* Labels of all events of a million one-minute bars: honest, with a square-off, and by the rules of
 * `reference`. */
#include "bench.h"

#include "pixity/labels.h"

#define N_RUNS 15

static void bench_rules(const char *name, const px_bars *bars, const px_calendar *calendar,
                        const px_config *config) {
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_error err;
    px_instrument instrument = {.tick = PX_SYNTH_TICK, .lot_size = 1};
    bench_check(px_features_compute(bars, calendar, config, &frame, &err), &err);
    bench_check(px_events_find(bars, &frame, calendar, config, 1, 0, bars->n, &events, &err), &err);
    bench b = bench_make(name, "event", events.n);
    for (int run = 0; run < N_RUNS; run++) {
        px_label_list labels = {0};
        bench_start(&b);
        bench_check(
            px_labels_compute(bars, bars->n, &events, calendar, config, 1, &instrument, &labels, &err), &err);
        bench_stop(&b);
        px_label_list_free(&labels);
    }
    bench_print(&b);
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
}

int main(void) {
    bench_keep_memory();
    px_calendar *calendar = bench_calendar();
    px_config honest = px_config_default(), square_off = honest, reference = honest;
    px_bars bars = bench_minutes(calendar, PX_SYNTH_WALK);
    square_off.square_off_minute = 15 * 60 + 15;
    px_config_set_profile(&reference, PX_PROFILE_REFERENCE);
    bench_rules("labels", &bars, calendar, &honest);
    bench_rules("labels_square_off", &bars, calendar, &square_off);
    bench_rules("labels_reference", &bars, calendar, &reference);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return 0;
}
