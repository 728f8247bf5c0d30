// SPDX-License-Identifier: Apache-2.0
/* Stop and target of a position, inlined for labels. px_round_to_tick, px_barrier_levels and
 * px_levels_below_tick are these functions. */
#ifndef PXI_LEVELS_H
#define PXI_LEVELS_H

#include "pixity/exits.h"

#include <math.h>

static inline double pxi_round_to_tick(double x, double tick) {
    return tick > 0.0 ? floor(x / tick + 0.5) * tick : x;
}

/* `ahead`: 1 where a distance raises the price, -1 where it lowers it. */
static inline double pxi_level_price(px_level level, double entry, int ahead, double tick) {
    if (level.kind == PX_LEVEL_NONE)
        return NAN;
    return pxi_round_to_tick(level.kind == PX_LEVEL_PRICE ? level.value : entry + ahead * level.value, tick);
}

static inline px_levels pxi_barrier_levels(px_side side, double entry, px_level stop, px_level target,
                                           double tick) {
    px_levels levels = {
        .stop = pxi_level_price(stop, entry, -side, tick),
        .target = pxi_level_price(target, entry, side, tick),
    };
    return levels;
}

/* Distances between multiples of a tick carry rounding noise: one tick is not below one tick. */
static inline bool pxi_levels_below_tick(const px_levels *levels, double entry, double tick) {
    const double least = tick * (1.0 - 1e-6);
    return fabs(levels->stop - entry) < least || fabs(levels->target - entry) < least;
}

#endif
