// SPDX-License-Identifier: Apache-2.0
/* Stop and target of a position. */
#include "pixity/exits.h"

#include <math.h>

double px_round_to_tick(double x, double tick) {
    return tick > 0.0 ? floor(x / tick + 0.5) * tick : x;
}

px_levels px_barrier_levels(px_side side, double entry, double atr, double sl_mult, double tp_mult,
                            double tick) {
    px_levels levels = {
        .stop = px_round_to_tick(entry - side * sl_mult * atr, tick),
        .target = px_round_to_tick(entry + side * tp_mult * atr, tick),
    };
    return levels;
}

/* Distances between multiples of a tick carry rounding noise: one tick is not below one tick. */
static bool is_below_tick(double distance, double tick) {
    return fabs(distance) < tick * (1.0 - 1e-6);
}

bool px_levels_below_tick(const px_levels *levels, double entry, double tick) {
    return is_below_tick(levels->stop - entry, tick) || is_below_tick(levels->target - entry, tick);
}
