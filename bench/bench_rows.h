// SPDX-License-Identifier: Apache-2.0
/* Rows to train and predict: what the learners are measured on, here and elsewhere (bench_make writes them).
 */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "base/rng.h"
#include "pixity/model.h"

#include <math.h>
#include <stdlib.h>

enum { BENCH_ROWS = 100000 };
/* The inputs in the order of their table. */
enum { BENCH_VWAP_DIST, BENCH_EMA_SLOPE, BENCH_ATR_PCT, BENCH_ADX, BENCH_HOUR, BENCH_MINUTE, BENCH_VOL_Z };

/* Inputs like those of events: bell-shaped distances and slopes, a skewed ATR and ADX, clock times of
 * 15-minute bars; the target depends on a few of them and mostly on luck. */
static inline void bench_row(pxi_rng *rng, float *x, uint8_t *y) {
    double bell[4];
    for (int k = 0; k < 4; k++)
        bell[k] = pxi_rng_uniform(rng) + pxi_rng_uniform(rng) + pxi_rng_uniform(rng) - 1.5;
    x[BENCH_VWAP_DIST] = (float)(0.01 * bell[0]);
    x[BENCH_EMA_SLOPE] = (float)(0.0005 * (bell[1] + 0.3 * bell[0]));
    x[BENCH_ATR_PCT] = (float)(0.002 * exp(bell[2]));
    x[BENCH_ADX] = (float)(10 - 15 * log(1 - pxi_rng_uniform(rng)));
    x[BENCH_HOUR] = 9 + (float)pxi_rng_below(rng, 7);
    x[BENCH_MINUTE] = 15 * (float)pxi_rng_below(rng, 4);
    x[BENCH_VOL_Z] = (float)(2 * bell[3]);
    double odds = -0.6 + 0.8 * bell[0] * (x[BENCH_ADX] > 25 ? 1 : -1) + 0.4 * bell[3];
    *y = pxi_rng_uniform(rng) < 1 / (1 + exp(-odds));
}

typedef struct bench_table {
    float *x;
    uint8_t *y;
} bench_table;

static inline bench_table bench_table_make(void) {
    bench_table rows = {malloc(sizeof(float) * BENCH_ROWS * PX_N_INPUTS), malloc(BENCH_ROWS)};
    pxi_rng rng;
    if (!rows.x || !rows.y)
        exit(1);
    pxi_rng_seed(&rng, 1);
    for (size_t i = 0; i < BENCH_ROWS; i++)
        bench_row(&rng, &rows.x[i * PX_N_INPUTS], &rows.y[i]);
    return rows;
}

static inline void bench_table_free(bench_table *rows) {
    free(rows->x);
    free(rows->y);
}

#endif
