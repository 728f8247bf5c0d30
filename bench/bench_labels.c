// SPDX-License-Identifier: Apache-2.0
/* Labels of all events of a million one-minute bars: honest, with a square-off, by the rules of `reference`;
 * and of the 15-minute bars made of them, with exits looked for in whole bars and minute by minute. */
#include "bench.h"

#include "pixity/labels.h"

#define N_RUNS 15

static void bench_rules(const char *name, const px_dataset *data, const px_config *config) {
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_error err;
    bench_check(px_features_compute(&data->bars, data->calendar, config, &frame, &err), &err);
    bench_check(px_events_find(&data->bars, &frame, data->calendar, config, data->timeframe_minutes, 0,
                               data->end, &events, &err),
                &err);
    bench b = bench_make(name, "event", events.n);
    for (int run = 0; run < N_RUNS; run++) {
        px_label_list labels = {0};
        bench_start(&b);
        bench_check(px_labels_compute(data, &events, config, &labels, &err), &err);
        bench_stop(&b);
        px_label_list_free(&labels);
    }
    bench_print(&b);
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
}

int main(void) {
    bench_keep_memory();
    px_error err;
    px_config honest = px_config_default(), square_off = honest, reference = honest;
    px_dataset data = {.calendar = bench_calendar(),
                       .instrument = {.tick = PX_SYNTH_TICK, .lot_size = 1},
                       .timeframe_minutes = 1};
    data.bars = bench_minutes(data.calendar, PX_SYNTH_WALK);
    data.end = data.bars.n;
    square_off.square_off = 15 * 60 + 15;
    px_config_set_profile(&reference, PX_PROFILE_REFERENCE);
    bench_rules("labels", &data, &honest);
    bench_rules("labels_square_off", &data, &square_off);
    bench_rules("labels_reference", &data, &reference);

    px_dataset longer = {.calendar = data.calendar, .instrument = data.instrument, .timeframe_minutes = 15};
    bench_check(
        px_bars_resample(&data.bars, data.calendar, honest.resample_anchor, 1, 15, &longer.bars, &err), &err);
    longer.end = longer.bars.n;
    bench_rules("labels_15m", &longer, &honest);
    bench_check(px_detail_make(&data.bars, 1, &longer.bars, &longer.detail, &err), &err);
    honest.detail = PX_DETAIL_1M;
    bench_rules("labels_15m_detail", &longer, &honest);
    px_dataset_free(&longer);
    return 0;
}
