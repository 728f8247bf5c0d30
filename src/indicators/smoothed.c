// SPDX-License-Identifier: Apache-2.0
/* ema(20), ema(50), atr(14), adx(14) in one loop: what is made of exponential smoothings.
 *
 * A smoothing waits for its own last value, some nine cycles a bar. So the six of them stand in one loop,
 * where they wait side by side; one after the other they would take three times as long. */
#include "base/wide.h"
#include "indicators/indicator.h"
#include "indicators/movement.h"

#define PERIOD 14

typedef struct averages {
    double ema20, ema50;
    double range, up, down;
    pxi_gap_ema adx;
} averages;

typedef struct state {
    double tie;
    size_t n_bars;
    double high, low, close; /* of the bar before */
    averages y;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->tie = pxi_movement_tie(setup->reference);
}

typedef struct columns {
    double range[PXI_BLOCK], up[PXI_BLOCK], down[PXI_BLOCK];
} columns;

PXI_WIDE static void measure_bars(const state *s, const px_bars *bars, columns *c) {
    const double *restrict high = bars->high, *restrict low = bars->low, *restrict close = bars->close;
    const double share = s->tie;
    c->range[0] = pxi_true_range(high[0], low[0], s->close);
    pxi_movement(high[0], low[0], s->high, s->low, share * fabs(close[0]), &c->up[0], &c->down[0]);
    for (size_t i = 1; i < bars->n; i++) {
        const double tie = share * fabs(close[i]);
        c->range[i] = pxi_true_range(high[i], low[i], close[i - 1]);
        pxi_movement(high[i], low[i], high[i - 1], low[i - 1], tie, &c->up[i], &c->down[i]);
    }
}

static void smooth(averages *y, const px_bars *bars, const columns *c, double *restrict ema20,
                   double *restrict ema50, double *restrict atr, double *restrict adx) {
    const double *restrict close = bars->close;
    averages a = *y;
    for (size_t i = 0; i < bars->n; i++) {
        ema20[i] = a.ema20 = pxi_smooth(a.ema20, PXI_EMA_WEIGHT(20), close[i]);
        ema50[i] = a.ema50 = pxi_smooth(a.ema50, PXI_EMA_WEIGHT(50), close[i]);
        atr[i] = a.range = pxi_smooth(a.range, PXI_WILDER_WEIGHT(PERIOD), c->range[i]);
        a.up = pxi_smooth(a.up, PXI_WILDER_WEIGHT(PERIOD), c->up[i]);
        a.down = pxi_smooth(a.down, PXI_WILDER_WEIGHT(PERIOD), c->down[i]);
        const double dx = pxi_directional_index(a.up, a.down);
        adx[i] = pxi_gap_ema_step(&a.adx, PXI_WILDER_WEIGHT(PERIOD), dx);
    }
    *y = a;
}

static void remember(state *s, const px_bars *bars) {
    s->n_bars += bars->n;
    s->high = bars->high[bars->n - 1];
    s->low = bars->low[bars->n - 1];
    s->close = bars->close[bars->n - 1];
}

/* The first bar has none before it: its range is its own, its movement undefined. */
static void run_first(state *s, const px_bars *bars, double *const *out) {
    s->y = (averages){
        .ema20 = bars->close[0],
        .ema50 = bars->close[0],
        .range = bars->high[0] - bars->low[0],
        .adx = PXI_GAP_EMA_START,
    };
    *out[0] = *out[1] = bars->close[0];
    *out[2] = *out[3] = NAN;
    remember(s, bars);
}

static void run_later(state *s, const px_bars *bars, double *const *out) {
    columns c;
    measure_bars(s, bars, &c);
    if (s->n_bars == 1) { /* movement starts at bar 1, with its own value */
        s->y.up = c.up[0];
        s->y.down = c.down[0];
    }
    smooth(&s->y, bars, &c, out[0], out[1], out[2], out[3]);
    for (size_t i = 0; i < bars->n && s->n_bars + i < PERIOD - 1; i++)
        out[2][i] = NAN;
    remember(s, bars);
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    const size_t n_first = s->n_bars == 0;
    const px_bars first = px_bars_slice(bars, 0, n_first), later = px_bars_slice(bars, n_first, bars->n);
    double *const later_out[] = {out[0] + n_first, out[1] + n_first, out[2] + n_first, out[3] + n_first};
    if (first.n)
        run_first(s, &first, out);
    if (later.n)
        run_later(s, &later, later_out);
}

static const char *const outputs[] = {"ema(20)", "ema(50)", "atr(14)", "adx(14)"};

const pxi_indicator pxi_smoothed_indicator = {
    .name = "smoothed",
    .outputs = outputs,
    .n_outputs = 4,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
