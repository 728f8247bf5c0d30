// SPDX-License-Identifier: Apache-2.0
/* What the floors share. A floor is the work of a measurement as a plain loop in C that does nothing else: no
 * checks, no options, no second market. It says what the machine asks for the work itself. It uses nothing of
 * the project, and prints the same line as bench.h. */
#ifndef FLOOR_H
#define FLOOR_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct floor_clock {
    double cpu, wall;
} floor_clock;

static inline double floor_seconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline floor_clock floor_start(void) {
    floor_clock c = {floor_seconds(CLOCK_PROCESS_CPUTIME_ID), floor_seconds(CLOCK_MONOTONIC)};
    return c;
}

static inline void floor_stop(floor_clock *c) {
    c->cpu = floor_seconds(CLOCK_PROCESS_CPUTIME_ID) - c->cpu;
    c->wall = floor_seconds(CLOCK_MONOTONIC) - c->wall;
}

static inline void floor_print(const floor_clock *c, const char *name, size_t n, const double *result,
                               size_t n_results) {
    printf("{\"name\": \"%s\", \"cpu\": %.9f, \"wall\": %.9f, \"n\": %zu, \"result\": [", name, c->cpu,
           c->wall, n);
    for (size_t i = 0; i < n_results; i++)
        printf("%s%.17g", i ? ", " : "", result[i]);
    printf("]}\n");
}

/* A whole file, and its size. */
static inline void *floor_read(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fprintf(stderr, "floor: cannot read %s\n", path);
        exit(1);
    }
    *size = (size_t)ftell(file);
    rewind(file);
    char *data = (char *)malloc(*size + 1);
    if (!data || fread(data, 1, *size, file) != *size)
        exit(1);
    data[*size] = '\0';
    fclose(file);
    return data;
}

/* Memory, or the end. */
static inline void *floor_alloc(size_t n, size_t size) {
    void *data = malloc(n * size);
    if (!data)
        exit(1);
    return data;
}

/* Bars as bench_make and bench/walks.py write them: six columns one after the other. */
typedef struct floor_bars {
    size_t n;
    const int64_t *ts_us;
    const double *open, *high, *low, *close, *volume;
} floor_bars;

static inline floor_bars floor_read_bars(const char *path) {
    size_t size;
    const void *data = floor_read(path, &size);
    const size_t n = size / (6 * sizeof(double));
    const double *column = (const double *)data;
    floor_bars bars = {
        n, (const int64_t *)data, column + n, column + 2 * n, column + 3 * n, column + 4 * n, column + 5 * n};
    return bars;
}

#endif
