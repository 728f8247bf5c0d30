// SPDX-License-Identifier: Apache-2.0
#include "exits/levels.h"

double px_round_to_tick(double x, double tick) {
    return pxi_round_to_tick(x, tick);
}

px_levels px_barrier_levels(px_side side, double entry, px_level stop, px_level target, double tick) {
    return pxi_barrier_levels(side, entry, stop, target, tick);
}

bool px_levels_below_tick(const px_levels *levels, double entry, double tick) {
    return pxi_levels_below_tick(levels, entry, tick);
}
