// SPDX-License-Identifier: Apache-2.0
#include "strategies/cross.h"

#include <math.h>

void pxi_cross_init(void *state, const px_config *config, const double *parameters) {
    (void)parameters;
    pxi_cross *cross = state;
    cross->fast = cross->slow = NAN;
    cross->allow_short = config->allow_short;
}

int pxi_cross_step(pxi_cross *cross, double fast, double slow, px_signal *out) {
    bool above = cross->fast <= cross->slow && fast > slow;
    bool below = cross->fast >= cross->slow && fast < slow;
    int n = 0;
    if (below || (above && cross->allow_short))
        out[n++] = px_signal_make(PX_ACTION_EXIT, above ? PX_SHORT : PX_LONG);
    if (above || (below && cross->allow_short))
        out[n++] = px_signal_make(PX_ACTION_ENTER, above ? PX_LONG : PX_SHORT);
    cross->fast = fast;
    cross->slow = slow;
    return n;
}
