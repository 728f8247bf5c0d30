// SPDX-License-Identifier: Apache-2.0
/* Labels of all events of a million one-minute bars: honest, with a square-off, by the rules of `reference`;
 * and of the 15-minute bars made of them, with exits looked for in whole bars and minute by minute. */
#include "bench.h"

#include "pixity/labels.h"

static void bench_rules(const char *name, const px_dataset *data, const px_config *config) {
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_label_list labels = {0};
    px_error err;
    double hits[3] = {0}; /* targets, stops, the rest */
    bench_check(px_features_compute(&data->bars, data->calendar, config, &frame, &err), &err);
    bench_check(px_events_find(&data->bars, &frame, data->calendar, config, data->timeframe_minutes, 0,
                               data->end, &events, &err),
                &err);
    bench b = bench_start();
    bench_check(px_labels_compute(data, &events, config, &labels, &err), &err);
    bench_stop(&b);
    for (size_t i = 0; i < labels.n; i++)
        hits[labels.items[i].label == 1 ? 0 : labels.items[i].label == -1 ? 1 : 2]++;
    bench_print(&b, name, events.n, hits, 3);
    px_label_list_free(&labels);
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
}

int main(void) {
    px_error err;
    px_config honest = px_config_default(), square_off = honest, reference = honest;
    px_dataset data = {.calendar = bench_calendar(),
                       .instrument = {.tick = PX_SYNTH_TICK, .lot_size = 1},
                       .timeframe_minutes = 1};
    data.bars = bench_minutes(data.calendar);
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
