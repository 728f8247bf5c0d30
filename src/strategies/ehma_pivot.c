// SPDX-License-Identifier: Apache-2.0
/* Long while EHMA of the close stands above the previous session's pivot. */
#include "strategies/cross.h"

enum { AVERAGE, PIVOT };

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    (void)bar;
    return pxi_cross_step(state, columns[AVERAGE], columns[PIVOT], out);
}

static const px_parameter parameters[] = {
    {"period", NULL, "Period", "bars", "bars of the average", 2, 10000, 1, 16, true},
};
static const char *const columns[] = {[AVERAGE] = "ehma(period)", [PIVOT] = "pivot", NULL};

const px_strategy pxi_ehma_pivot = {
    .id = "ehma_pivot",
    .summary = "long when EHMA(16) crosses above the previous session's pivot, out when it crosses below",
    .parameters = parameters,
    .n_parameters = 1,
    .state_size = sizeof(pxi_cross),
    .columns = columns,
    .init = pxi_cross_init,
    .on_bar = on_bar,
};
