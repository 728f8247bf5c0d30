// SPDX-License-Identifier: Apache-2.0
/* Timing for benchmarks. Each program prints one line a measurement, which bench/run reads:
 *
 *     resample_1m_15m: 1.93 ns/bar (median 2.01, 5 runs of 1010640 bars)
 *
 * A measurement is the best of several runs, because everything else on the machine only adds to it. A
 * program bench_X may have a partner bench/<library>_X.py, which gets the program's path, does the same work
 * on the same data and prints the same lines with the library's name in front: pandas_resample_1m_15m. */
#ifndef BENCH_H
#define BENCH_H

#include "pixity/calendar.h"
#include "pixity/synth.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BENCH_MAX_RUNS 64

typedef struct bench {
    const char *name, *unit; /* unit: what one of `n` is: "bar", "event" */
    size_t n;                /* how many of them a run works through */
    int n_runs;
    double started, seconds[BENCH_MAX_RUNS];
} bench;

static inline double bench_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline bench bench_make(const char *name, const char *unit, size_t n) {
    bench b = {.name = name, .unit = unit, .n = n};
    return b;
}

/* Around the work of one run; preparing and freeing stay outside. */
static inline void bench_start(bench *b) {
    b->started = bench_now();
}

static inline void bench_stop(bench *b) {
    double seconds = bench_now() - b->started;
    if (b->n_runs < BENCH_MAX_RUNS)
        b->seconds[b->n_runs++] = seconds;
}

static inline int bench_compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static inline void bench_print(bench *b) {
    double ns = 1e9 / (double)b->n;
    qsort(b->seconds, (size_t)b->n_runs, sizeof *b->seconds, bench_compare);
    printf("%s: %.2f ns/%s (median %.2f, %d runs of %zu %ss)\n", b->name, b->seconds[0] * ns, b->unit,
           b->seconds[b->n_runs / 2] * ns, b->n_runs, b->n, b->unit);
    fflush(stdout);
}

/* From here on the process keeps what it frees, so that a run writes to memory that the run before had. New
 * memory costs what the system, and below it the hypervisor, take for its pages: more than most of the work
 * here. */
static inline void bench_keep_memory(void) {
    if (!mallopt(M_MMAP_THRESHOLD, 1 << 30) || !mallopt(M_TRIM_THRESHOLD, 1 << 30))
        exit(1);
}

/* Ends the program with the message if a step failed. */
static inline void bench_check(px_status status, const px_error *err) {
    if (status != PX_OK) {
        fprintf(stderr, "bench: %s\n", err->message);
        exit(1);
    }
}

static inline px_calendar *bench_calendar(void) {
    px_calendar *calendar = NULL;
    px_error err;
    bench_check(px_calendar_open("NSE", &calendar, &err), &err);
    return calendar;
}

/* Fresh one-minute bars of 2,700 sessions, a little over a million. */
static inline px_bars bench_minutes(const px_calendar *calendar, px_synth_kind kind) {
    px_bars bars = {0};
    px_error err;
    int32_t start = px_date_from_civil((px_civil){2012, 1, 2});
    bench_check(px_synth_bars(kind, 1, 2700, start, calendar, &bars, &err), &err);
    return bars;
}

/* `--write-bars FILE`, for a partner: raw columns, ts_us and then open to volume. Returns the exit status. */
static inline int bench_write_bars(const px_bars *bars, const char *path) {
    const void *columns[] = {bars->ts_us, bars->open, bars->high, bars->low, bars->close, bars->volume};
    FILE *file = fopen(path, "wb");
    int written = file != NULL;
    for (size_t i = 0; written && i < sizeof columns / sizeof *columns; i++)
        written = fwrite(columns[i], sizeof(double), bars->n, file) == bars->n;
    if (file && fclose(file) != 0)
        written = 0;
    if (!written)
        fprintf(stderr, "bench: cannot write %s\n", path);
    return written ? 0 : 1;
}

#endif
