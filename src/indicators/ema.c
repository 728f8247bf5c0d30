// SPDX-License-Identifier: Apache-2.0
/* ema: exponential average of the close, weight 2 / (period + 1). */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double weight;
    pxi_ema ema;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->weight = PXI_EMA_WEIGHT(setup->values[0]);
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    pxi_ema ema = s->ema;
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = pxi_ema_step(&ema, s->weight, bars->close[i]);
    s->ema = ema;
}

static const px_parameter parameters[] = {PXI_PERIOD("period", 1, 20)};
static const char *const outputs[] = {"ema"};

const pxi_indicator pxi_ema_indicator = {
    .name = "ema",
    .title = "exponential average of the close",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
