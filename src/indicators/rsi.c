// SPDX-License-Identifier: Apache-2.0
/* rsi14 (Wilder 1978): 100 W(gain) / (W(gain) + W(loss)), from the bar on that has 14 changes behind it; NaN
 * while the price has never moved. */
#include "indicators/kernel.h"
#include "indicators/recurrence.h"

#define PERIOD 14

typedef struct state {
    size_t n_bars;
    double close;
    pxi_ema gain, loss;
} state;

static double step(state *s, double close) {
    double rsi = NAN;
    if (s->n_bars > 0) {
        double change = close - s->close;
        double gain = pxi_ema_step(&s->gain, PXI_WILDER_WEIGHT(PERIOD), pxi_larger(change, 0.0));
        double loss = pxi_ema_step(&s->loss, PXI_WILDER_WEIGHT(PERIOD), pxi_larger(-change, 0.0));
        if (s->n_bars >= PERIOD)
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

const pxi_kernel pxi_rsi_kernel = {"rsi", 1, sizeof(state), NULL, NULL, run};
