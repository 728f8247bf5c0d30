// SPDX-License-Identifier: Apache-2.0
/* Training rows made up from a seed, for tests of learners. */
#ifndef ROWS_KIT_H
#define ROWS_KIT_H

#include "vocabulary.h"
#include "base/rng.h"
#include "pixity/model.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

typedef struct data {
    size_t n;
    float *x;
    uint8_t *y;
} data;

/* Inputs like those of events: continuous, whole hours and minutes, some missing. */
static inline data make_data(size_t n, uint64_t seed) {
    data d = {n, calloc(n * PX_N_INPUTS, sizeof(float)), calloc(n, 1)};
    pxi_rng rng;
    pxi_rng_seed(&rng, seed);
    for (size_t i = 0; i < n; i++) {
        float *x = &d.x[i * PX_N_INPUTS];
        for (int k = 0; k < PX_N_INPUTS; k++)
            x[k] = (float)(pxi_rng_uniform(&rng) + pxi_rng_uniform(&rng) - 1);
        x[KIT_INPUT_HOUR] = 9 + (float)pxi_rng_below(&rng, 7);
        x[KIT_INPUT_MINUTE] = 15 * (float)pxi_rng_below(&rng, 4);
        double odds = (double)(x[0] - x[1]) + (x[KIT_INPUT_HOUR] > 12 ? 0.3 : -0.3);
        if (pxi_rng_below(&rng, 50) == 0)
            x[KIT_INPUT_ADX] = NAN;
        d.y[i] = pxi_rng_uniform(&rng) < 1 / (1 + exp(-2 * odds));
    }
    return d;
}

static inline void free_data(data *d) {
    free(d->x);
    free(d->y);
}

#endif
