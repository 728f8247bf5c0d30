// SPDX-License-Identifier: Apache-2.0
/* macd (Appel): the close's EMA(fast) - EMA(slow), its EMA(signal), and their difference. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double fast_weight, slow_weight, signal_weight;
    pxi_ema fast, slow, signal;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->fast_weight = PXI_EMA_WEIGHT(setup->values[0]);
    s->slow_weight = PXI_EMA_WEIGHT(setup->values[1]);
    s->signal_weight = PXI_EMA_WEIGHT(setup->values[2]);
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    for (size_t i = 0; i < bars->n; i++) {
        double fast = pxi_ema_step(&s->fast, s->fast_weight, bars->close[i]);
        double slow = pxi_ema_step(&s->slow, s->slow_weight, bars->close[i]);
        out[0][i] = fast - slow;
        out[1][i] = pxi_ema_step(&s->signal, s->signal_weight, out[0][i]);
        out[2][i] = out[0][i] - out[1][i];
    }
}

static const px_parameter parameters[] = {
    PXI_PERIOD("fast", 1, 12),
    PXI_PERIOD("slow", 1, 26),
    PXI_PERIOD("signal", 1, 9),
};
static const char *const outputs[] = {"macd", "signal", "histogram"};

const pxi_indicator pxi_macd_indicator = {
    .name = "macd",
    .title = "difference of two exponential averages, and its own average",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 3,
    .outputs = outputs,
    .n_outputs = 3,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
