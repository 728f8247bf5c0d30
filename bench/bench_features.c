// SPDX-License-Identifier: Apache-2.0
/* The whole feature frame over a million one-minute bars, and the same frame bar by bar. */
#include "bench.h"

#include "pixity/features.h"

#include <math.h>

static double sum_of(const double *column, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(column[i]))
            sum += column[i];
    return sum;
}

static void bench_frame(const px_bars *bars, const px_calendar *calendar, const px_config *config) {
    px_feature_frame frame = {0};
    px_error err;
    double sums[PX_N_FEATURES];
    bench b = bench_start();
    bench_check(px_features_compute(bars, calendar, config, &frame, &err), &err);
    bench_stop(&b);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        sums[k] = sum_of(frame.column[k], bars->n);
    bench_print(&b, "features_frame", bars->n, sums, PX_N_FEATURES);
    px_feature_frame_free(&frame);
}

static void bench_steps(const px_bars *bars, const px_calendar *calendar, const px_config *config) {
    px_error err;
    px_feature_stream *stream = NULL;
    double row[PX_N_FEATURES];
    bench_check(px_feature_stream_new(calendar, config, &stream, &err), &err);
    bench b = bench_start();
    for (size_t i = 0; i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, i);
        px_features_step(stream, &bar, row);
    }
    bench_done(&b, "features_steps", bars->n, row[0]);
    px_feature_stream_free(&stream);
}

int main(void) {
    px_calendar *calendar = bench_calendar();
    px_config config = px_config_default();
    px_bars bars = bench_minutes(calendar);
    bench_frame(&bars, calendar, &config);
    bench_steps(&bars, calendar, &config);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return 0;
}
