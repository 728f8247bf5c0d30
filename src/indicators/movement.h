// SPDX-License-Identifier: Apache-2.0
/* Directional movement (Wilder, New Concepts in Technical Trading Systems, 1978). */
#ifndef PXI_MOVEMENT_H
#define PXI_MOVEMENT_H

#include "indicators/recurrence.h"

/* Movements that differ by less than this share of the close are a tie: what is equal in ticks is not told
 * apart by the last bit of a double. None in profile `reference`. */
#define PXI_MOVEMENT_TIE 1e-9
static inline double pxi_movement_tie(bool reference) {
    return reference ? 0.0 : PXI_MOVEMENT_TIE;
}

/* A falling high is no movement up, the smaller movement is none, a tie keeps both; `down` is held against
 * the already cut `up`. */
static inline void pxi_movement(double high, double low, double before_high, double before_low, double tie,
                                double *up, double *down) {
    const double rise = high - before_high, fall = before_low - low;
    const bool ties = fabs(rise - fall) < tie;
    *up = ((rise >= 0.0) & ((rise >= fall) | ties)) ? rise : 0.0;
    *down = ((fall >= 0.0) & ((fall >= *up) | ties)) ? fall : 0.0;
}

/* DX of smoothed movements. +DI and -DI are W(up) and W(dn) over the same W(TR), which cancels in
 * 100 |+DI - -DI| / (+DI + -DI). NaN (0/0) before anything has moved. */
static inline double pxi_directional_index(double up, double down) {
    return 100.0 * fabs(up - down) / (up + down);
}

#endif
