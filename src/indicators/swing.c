// SPDX-License-Identifier: Apache-2.0
/* swing, confirmed: with p = the period, bar k is a swing high if its high equals the
 * highest of bars k-p..k+p, which is known at bar k+p. The output is the price of the last swing known.
 * (`centered` is the same series shifted back by p bars; frame.c does that.) */
#include "indicators/indicator.h"
#include "base/wide.h"

#include <math.h>
#include <string.h>

/* The 2p bars before the block, then the block; lows are kept negated, so that both sides look for maxima. */
typedef struct state {
    size_t period;
    double last[2];
    double buffer[]; /* of highs, of lows, and two of scratch; each 2p + PXI_BLOCK */
} state;

static size_t buffer_length(size_t period) {
    return 2 * period + PXI_BLOCK;
}

static size_t extra_size(const double *values) {
    return 4 * buffer_length((size_t)values[0]) * sizeof(double);
}

/* Before the first bar stand unreachable prices: so the first p bars, and they themselves, are never swings.
 */
static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->period = (size_t)setup->values[0];
    s->last[0] = s->last[1] = NAN;
    for (size_t i = 0; i < 2 * buffer_length(s->period); i++)
        s->buffer[i] = INFINITY;
}

PXI_WIDE static void widen_maxima(const double *restrict x, size_t n, size_t step, double *restrict max) {
    const double *restrict y = x + step;
    for (size_t i = 0; i < n; i++)
        max[i] = x[i] > y[i] ? x[i] : y[i];
}

/* Returns n maxima, of x[i .. i + width), by doubling: log2(width) elementwise passes between two scratch
 * areas. */
static const double *window_maximum(const double *x, size_t n, size_t width, double *a, double *b) {
    const double *max = x;
    for (size_t span = 1, step; span < width; span += step) {
        double *wider = max == a ? b : a;
        step = 2 * span <= width ? span : width - span;
        widen_maxima(max, n + width - span - step, step, wider);
        max = wider;
    }
    return max;
}

/* The price of a swing where there is one, NaN elsewhere. */
PXI_WIDE static void mark_swings(const double *restrict centre, const double *restrict max, size_t n,
                                 double sign, double *restrict out) {
    for (size_t i = 0; i < n; i++)
        out[i] = ((centre[i] == max[i]) & (centre[i] < INFINITY)) ? sign * centre[i] : NAN;
}

static void find_swings(state *s, int side, size_t n, double sign, double *out) {
    const size_t p = s->period, length = buffer_length(p);
    double *prices = s->buffer + (size_t)side * length, *scratch = s->buffer + 2 * length;
    const double *max = window_maximum(prices, n, 2 * p + 1, scratch, scratch + length);
    mark_swings(prices + p, max, n, sign, out);
    memmove(prices, prices + n, 2 * p * sizeof *prices);
}

static inline uint64_t bits_of(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* Returns `price`, or `last` where it is NaN. Swings come at random: masks instead of a branch, which would
 * be mispredicted at most of them. */
static inline uint64_t hold(uint64_t last, double price) {
    const uint64_t keep = -(uint64_t)(bits_of(price) == bits_of(NAN));
    return (last & keep) | (bits_of(price) & ~keep);
}

static void hold_last_swings(double last[2], size_t n, double *restrict highs, double *restrict lows) {
    uint64_t high = bits_of(last[0]), low = bits_of(last[1]);
    for (size_t i = 0; i < n; i++) {
        high = hold(high, highs[i]);
        low = hold(low, lows[i]);
        memcpy(&highs[i], &high, sizeof high);
        memcpy(&lows[i], &low, sizeof low);
    }
    memcpy(&last[0], &high, sizeof high);
    memcpy(&last[1], &low, sizeof low);
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    const size_t n = bars->n;
    double *highs = s->buffer + 2 * s->period, *lows = highs + buffer_length(s->period);
    memcpy(highs, bars->high, n * sizeof *highs);
    for (size_t i = 0; i < n; i++)
        lows[i] = -bars->low[i];
    find_swings(s, 0, n, 1.0, out[0]);
    find_swings(s, 1, n, -1.0, out[1]);
    hold_last_swings(s->last, n, out[0], out[1]);
}

static size_t lookback(const double *values) {
    return 2 * (size_t)values[0];
}

/* A centred swing is the confirmed one, marked `period` bars before it can be known. */
static size_t bars_ahead(const double *values, const px_config *config) {
    return config->swing == PX_SWING_CENTERED ? (size_t)values[0] : 0;
}

static const px_parameter parameters[] = {
    {"period", NULL, "Period", "bars", "bars on each side of a swing", 1, 500, 1, 5, true}};
static const char *const outputs[] = {"high", "low"};

const pxi_indicator pxi_swing_indicator = {
    .name = "swing",
    .title = "price of the last swing known",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 2,
    .lookback = lookback,
    .bars_ahead = bars_ahead,
    .state_size = sizeof(state),
    .extra_size = extra_size,
    .init = init,
    .run = run,
};
