// SPDX-License-Identifier: Apache-2.0
/* rsi (Wilder 1978): 100 W(gain) / (W(gain) + W(loss)), from the bar on that has `period` changes behind it;
 * NaN while the price has never moved. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double weight;
    size_t period, n_bars;
    double close;
    pxi_ema gain, loss;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->weight = PXI_WILDER_WEIGHT(setup->values[0]);
    s->period = (size_t)setup->values[0];
}

static double step(state *s, double close) {
    double rsi = NAN;
    if (s->n_bars > 0) {
        const double change = close - s->close;
        double gain = pxi_ema_step(&s->gain, s->weight, pxi_larger(change, 0.0));
        double loss = pxi_ema_step(&s->loss, s->weight, pxi_larger(-change, 0.0));
        if (s->n_bars >= s->period)
            rsi = 100.0 * gain / (gain + loss);
    }
    s->close = close;
    s->n_bars++;
    return rsi;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = step(memory, bars->close[i]);
}

static size_t lookback(const double *values) {
    return (size_t)values[0];
}

static const px_parameter parameters[] = {PXI_PERIOD("period", 1, 14)};
static const char *const outputs[] = {"rsi"};

const pxi_indicator pxi_rsi_indicator = {
    .name = "rsi",
    .title = "relative strength index",
    .unit = "",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 1,
    .lookback = lookback,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
