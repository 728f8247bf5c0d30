// SPDX-License-Identifier: Apache-2.0
/* ehma16, the exponential Hull moving average: EMA(2 EMA(c,n/2) - EMA(c,n), round(sqrt n)), n = 16. */
#include "indicators/kernel.h"
#include "indicators/recurrence.h"

#define PERIOD 16
#define HALF   8
#define ROOT   4

typedef struct state {
    pxi_ema half, full, hull;
} state;

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    for (size_t i = 0; i < bars->n; i++) {
        double half = pxi_ema_step(&s->half, PXI_EMA_WEIGHT(HALF), bars->close[i]);
        double full = pxi_ema_step(&s->full, PXI_EMA_WEIGHT(PERIOD), bars->close[i]);
        out[0][i] = pxi_ema_step(&s->hull, PXI_EMA_WEIGHT(ROOT), 2.0 * half - full);
    }
}

const pxi_kernel pxi_ehma_kernel = {"ehma", 1, sizeof(state), NULL, NULL, run};
