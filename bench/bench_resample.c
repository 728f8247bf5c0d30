// SPDX-License-Identifier: Apache-2.0
/* Resampling a million one-minute bars: the batch, the same by steps, and the session filter before it. */
#include "bench.h"

#include "pixity/resample.h"

static void bench_batch(const px_bars *bars, const px_calendar *calendar, const char *name,
                        int timeframe_minutes) {
    px_bars out = {0};
    px_error err;
    bench b = bench_start();
    bench_check(px_bars_resample(bars, calendar, PX_ANCHOR_OPEN, 1, timeframe_minutes, &out, &err), &err);
    bench_done(&b, name, bars->n, (double)out.n);
    px_bars_free(&out);
}

static void bench_steps(const px_bars *bars, const px_calendar *calendar) {
    px_error err;
    size_t n_finished = 0;
    px_resample_state state;
    px_bar finished[2];
    bench_check(px_resample_init(&state, calendar, PX_ANCHOR_OPEN, 1, 15, &err), &err);
    bench b = bench_start();
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        n_finished += (size_t)px_resample_step(&state, &bar, finished);
    }
    bench_done(&b, "resample_15m_steps", bars->n, (double)n_finished);
}

static void bench_in_session(const px_bars *bars, const px_calendar *calendar) {
    px_bars kept = {0};
    px_error err;
    bench b = bench_start();
    bench_check(px_bars_in_session(bars, calendar, 1, &kept, NULL, &err), &err);
    bench_done(&b, "bars_in_session", bars->n, (double)kept.n);
    px_bars_free(&kept);
}

int main(void) {
    px_calendar *calendar = bench_calendar();
    px_bars bars = bench_minutes(calendar);
    bench_batch(&bars, calendar, "resample_15m", 15);
    bench_batch(&bars, calendar, "resample_1d", PX_TIMEFRAME_DAY);
    bench_steps(&bars, calendar);
    bench_in_session(&bars, calendar);
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return 0;
}
