// SPDX-License-Identifier: Apache-2.0
/* ehma, the exponential Hull moving average: EMA(2 EMA(c,n/2) - EMA(c,n), round(sqrt n)) of the close; of an
 * odd n the half is rounded down. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double half_weight, full_weight, hull_weight;
    pxi_ema half, full, hull;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    const double n = setup->values[0];
    s->half_weight = PXI_EMA_WEIGHT(floor(n / 2.0));
    s->full_weight = PXI_EMA_WEIGHT(n);
    s->hull_weight = PXI_EMA_WEIGHT(round(sqrt(n)));
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    for (size_t i = 0; i < bars->n; i++) {
        double half = pxi_ema_step(&s->half, s->half_weight, bars->close[i]);
        double full = pxi_ema_step(&s->full, s->full_weight, bars->close[i]);
        out[0][i] = pxi_ema_step(&s->hull, s->hull_weight, 2.0 * half - full);
    }
}

static const px_parameter parameters[] = {PXI_PERIOD("period", 2, 16)};
static const char *const outputs[] = {"ehma"};

const pxi_indicator pxi_ehma_indicator = {
    .name = "ehma",
    .title = "exponential Hull moving average of the close",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
