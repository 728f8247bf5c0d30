// SPDX-License-Identifier: Apache-2.0
/* Long while EHMA(16) of the close stands above the previous session's pivot. */
#include "strategies/cross.h"

static int on_bar(void *state, const px_bar *bar, const px_analytics *analytics, px_signal *out) {
    (void)bar;
    return pxi_cross_step(state, analytics->ehma16, analytics->pivot, out);
}

static const char *const columns[] = {"ehma16", "pivot", NULL};

const px_strategy pxi_ehma_pivot = {
    .id = "ehma_pivot",
    .summary = "long when EHMA(16) crosses above the previous session's pivot, out when it crosses below",
    .state_size = sizeof(pxi_cross),
    .columns = columns,
    .init = pxi_cross_init,
    .on_bar = on_bar,
};
