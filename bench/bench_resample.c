// SPDX-License-Identifier: Apache-2.0
/* Resampling a million one-minute bars: the batch, the same by steps, and the session filter before it. */
#include "bench.h"

#include "pixity/resample.h"

#include <string.h>

#define N_RUNS 15

static void bench_batch(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes) {
    char name[32], text[PX_TIMEFRAME_TEXT_SIZE];
    px_error err;
    snprintf(name, sizeof name, "resample_1m_%s", px_timeframe_format(timeframe_minutes, text));
    bench b = bench_make(name, "bar", bars->n);
    for (int run = 0; run < N_RUNS; run++) {
        px_bars out = {0};
        bench_start(&b);
        bench_check(px_bars_resample(bars, calendar, PX_ANCHOR_OPEN, 1, timeframe_minutes, &out, &err), &err);
        bench_stop(&b);
        px_bars_free(&out);
    }
    bench_print(&b);
}

static void bench_steps(const px_bars *bars, const px_calendar *calendar) {
    bench b = bench_make("resample_steps_1m_15m", "bar", bars->n);
    px_error err;
    size_t n_finished = 0;
    for (int run = 0; run < N_RUNS; run++) {
        px_resample_state state;
        px_bar finished[2];
        bench_check(px_resample_init(&state, calendar, PX_ANCHOR_OPEN, 1, 15, &err), &err);
        bench_start(&b);
        for (size_t i = 0; i < bars->n; i++) {
            px_bar bar = px_bars_at(bars, i);
            n_finished += (size_t)px_resample_step(&state, &bar, finished);
        }
        bench_stop(&b);
    }
    if (n_finished == 0)
        exit(1);
    bench_print(&b);
}

static void bench_in_session(const px_bars *bars, const px_calendar *calendar) {
    bench b = bench_make("bars_in_session_1m", "bar", bars->n);
    px_error err;
    for (int run = 0; run < N_RUNS; run++) {
        px_bars kept = {0};
        bench_start(&b);
        bench_check(px_bars_in_session(bars, calendar, 1, &kept, NULL, &err), &err);
        bench_stop(&b);
        px_bars_free(&kept);
    }
    bench_print(&b);
}

int main(int argc, char **argv) {
    px_calendar *calendar = bench_calendar();
    px_bars bars = bench_minutes(calendar, PX_SYNTH_WALK);
    int status = 0;
    if (argc == 3 && strcmp(argv[1], "--write-bars") == 0) {
        status = bench_write_bars(&bars, argv[2]);
    } else {
        bench_batch(&bars, calendar, 5);
        bench_batch(&bars, calendar, 15);
        bench_batch(&bars, calendar, 60);
        bench_batch(&bars, calendar, PX_TIMEFRAME_DAY);
        bench_steps(&bars, calendar);
        bench_in_session(&bars, calendar);
    }
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}
