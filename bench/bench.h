// SPDX-License-Identifier: Apache-2.0
/* What the bench programs share. A measurement is work done once, on memory that this process has not used
 * for it before; bench/run starts the program anew for each and takes medians. One line each, as JSON:
 *
 *     {"name": "events", "cpu": 0.0241, "wall": 0.0243, "n": 1012500, "result": [5321]}
 *
 * cpu: seconds of user and system time of all threads; n: how many units the work had; result: numbers by
 * which other programs that claim the same work are held against this one. */
#ifndef BENCH_H
#define BENCH_H

#include "pixity/calendar.h"
#include "pixity/synth.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct bench {
    double cpu, wall;
} bench;

static inline double bench_clock(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Around the work; preparing and freeing stay outside. */
static inline bench bench_start(void) {
    return (bench){bench_clock(CLOCK_PROCESS_CPUTIME_ID), bench_clock(CLOCK_MONOTONIC)};
}

static inline void bench_stop(bench *b) {
    b->cpu = bench_clock(CLOCK_PROCESS_CPUTIME_ID) - b->cpu;
    b->wall = bench_clock(CLOCK_MONOTONIC) - b->wall;
}

static inline void bench_print(const bench *b, const char *name, size_t n, const double *result,
                               size_t n_results) {
    printf("{\"name\": \"%s\", \"cpu\": %.9f, \"wall\": %.9f, \"n\": %zu, \"result\": [", name, b->cpu,
           b->wall, n);
    for (size_t i = 0; i < n_results; i++)
        printf("%s%.17g", i ? ", " : "", result[i]);
    printf("]}\n");
}

/* Stops, and prints a measurement whose result is one number. */
static inline void bench_done(bench *b, const char *name, size_t n, double result) {
    bench_stop(b);
    bench_print(b, name, n, &result, 1);
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

/* Fresh one-minute bars of 2,700 sessions, a little under a million. */
static inline px_bars bench_minutes(const px_calendar *calendar) {
    px_bars bars = {0};
    px_error err;
    int32_t start = px_date_from_civil((px_civil){2012, 1, 2});
    bench_check(px_synth_bars(PX_SYNTH_WALK, 1, 2700, start, calendar, &bars, &err), &err);
    return bars;
}

#endif
