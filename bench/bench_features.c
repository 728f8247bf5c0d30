// SPDX-License-Identifier: Apache-2.0
/* The whole feature frame over a million one-minute bars, fresh memory included; each kernel by itself on
 * memory in the cache; the same frame bar by bar. bench/pandas_features.py does the same work on the same
 * bars. */
#include "bench.h"

#include "features/kernel.h"

#include <string.h>

#define N_RUNS 15

static void bench_frame(const char *name, const px_bars *bars, const px_calendar *calendar,
                        const px_config *config) {
    bench b = bench_make(name, "bar", bars->n);
    px_error err;
    for (int run = 0; run < N_RUNS; run++) {
        px_feature_frame frame = {0};
        bench_start(&b);
        bench_check(px_features_compute(bars, calendar, config, &frame, &err), &err);
        bench_stop(&b);
        px_feature_frame_free(&frame);
    }
    bench_print(&b);
}

static void bench_kernel(const px_bars *bars, const px_calendar *calendar, const px_config *config,
                         const pxi_kernel *const *kernel) {
    static double column[PX_N_FEATURES][PXI_BLOCK];
    const pxi_kernel_setup setup = {config, calendar, true};
    double *out[PX_N_FEATURES];
    char name[64];
    snprintf(name, sizeof name, "features_kernel_%s", (*kernel)->name);
    bench b = bench_make(name, "bar", bars->n);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        out[k] = column[k];
    for (int run = 0; run < N_RUNS; run++) {
        pxi_kernel_set set = {0};
        if (!pxi_kernel_set_init(&set, kernel, 1, &setup))
            exit(1);
        bench_start(&b);
        for (size_t begin = 0; begin < bars->n; begin += PXI_BLOCK) {
            const size_t end = bars->n - begin < PXI_BLOCK ? bars->n : begin + PXI_BLOCK;
            const px_bars block = px_bars_slice(bars, begin, end);
            pxi_kernel_set_run(&set, &block, out);
        }
        bench_stop(&b);
        pxi_kernel_set_free(&set);
    }
    bench_print(&b);
}

static void bench_steps(const px_bars *bars, const px_calendar *calendar, const px_config *config) {
    bench b = bench_make("features_steps", "bar", bars->n);
    px_error err;
    for (int run = 0; run < 3; run++) {
        px_feature_stream *stream = NULL;
        double row[PX_N_FEATURES];
        bench_check(px_feature_stream_new(calendar, config, &stream, &err), &err);
        bench_start(&b);
        for (size_t i = 0; i < bars->n; i++) {
            const px_bar bar = px_bars_at(bars, i);
            px_features_step(stream, &bar, row);
        }
        bench_stop(&b);
        px_feature_stream_free(&stream);
    }
    bench_print(&b);
}

int main(int argc, char **argv) {
    px_calendar *calendar = bench_calendar();
    px_config config = px_config_default();
    px_bars bars = bench_minutes(calendar, PX_SYNTH_WALK);
    int status = 0;
    if (argc == 3 && strcmp(argv[1], "--write-bars") == 0) {
        status = bench_write_bars(&bars, argv[2]);
    } else {
        bench_frame("features_frame_new_memory", &bars, calendar, &config);
        bench_keep_memory();
        bench_frame("features_frame", &bars, calendar, &config);
        for (int k = 0; k < PXI_N_FRAME_KERNELS; k++)
            bench_kernel(&bars, calendar, &config, &pxi_frame_kernels[k]);
        bench_steps(&bars, calendar, &config);
    }
    px_bars_free(&bars);
    px_calendar_close(&calendar);
    return status;
}
