// SPDX-License-Identifier: Apache-2.0
/* Long while EMA(20) of the close stands above EMA(50). */
#include "strategies/cross.h"

enum { FAST, SLOW };

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    (void)bar;
    return pxi_cross_step(state, columns[FAST], columns[SLOW], out);
}

static const char *const columns[] = {[FAST] = "ema(20)", [SLOW] = "ema(50)", NULL};

const px_strategy pxi_ema_cross = {
    .id = "ema_cross",
    .summary = "long when EMA(20) crosses above EMA(50), out when it crosses below",
    .state_size = sizeof(pxi_cross),
    .columns = columns,
    .init = pxi_cross_init,
    .on_bar = on_bar,
};
