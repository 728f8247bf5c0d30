// SPDX-License-Identifier: Apache-2.0
/* macd 12-26-9 (Appel): EMA(12) - EMA(26) of the close, its EMA(9) as signal, and their difference. */
#include "indicators/kernel.h"
#include "indicators/recurrence.h"

typedef struct state {
    pxi_ema fast, slow, signal;
} state;

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    for (size_t i = 0; i < bars->n; i++) {
        double fast = pxi_ema_step(&s->fast, PXI_EMA_WEIGHT(12), bars->close[i]);
        double slow = pxi_ema_step(&s->slow, PXI_EMA_WEIGHT(26), bars->close[i]);
        out[0][i] = fast - slow;
        out[1][i] = pxi_ema_step(&s->signal, PXI_EMA_WEIGHT(9), out[0][i]);
        out[2][i] = out[0][i] - out[1][i];
    }
}

const pxi_kernel pxi_macd_kernel = {"macd", 3, sizeof(state), NULL, NULL, run};
