// SPDX-License-Identifier: Apache-2.0
/* adx: Wilder's average of the directional index, which is made of his averages of movements up and down. NaN
 * until something has moved. */
#include "indicators/indicator.h"
#include "indicators/movement.h"

typedef struct state {
    double weight, tie;
    bool started;
    double high, low; /* of the bar before */
    pxi_ema up, down; /* movement starts at bar 1, with its own value */
    pxi_gap_ema adx;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->weight = PXI_WILDER_WEIGHT(setup->values[0]);
    s->tie = pxi_movement_tie(setup->reference);
    s->adx = (pxi_gap_ema)PXI_GAP_EMA_START;
}

static double step(state *s, double high, double low, double close) {
    double adx = NAN, up, down;
    if (s->started) {
        pxi_movement(high, low, s->high, s->low, s->tie * fabs(close), &up, &down);
        up = pxi_ema_step(&s->up, s->weight, up);
        down = pxi_ema_step(&s->down, s->weight, down);
        adx = pxi_gap_ema_step(&s->adx, s->weight, pxi_directional_index(up, down));
    }
    s->started = true;
    s->high = high;
    s->low = low;
    return adx;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = step(memory, bars->high[i], bars->low[i], bars->close[i]);
}

static size_t lookback(const double *values) {
    (void)values;
    return 1;
}

static size_t short_series(const double *values) {
    return 2 * (size_t)values[0];
}

static const px_parameter parameters[] = {PXI_PERIOD("period", 1, 14)};
static const char *const outputs[] = {"adx"};

const pxi_indicator pxi_adx_indicator = {
    .name = "adx",
    .title = "average directional index",
    .unit = "",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 1,
    .lookback = lookback,
    .short_series = short_series,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
