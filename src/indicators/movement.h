// SPDX-License-Identifier: Apache-2.0
/* Directional movement (Wilder, New Concepts in Technical Trading Systems, 1978). */
#ifndef PXI_MOVEMENT_H
#define PXI_MOVEMENT_H

#include "indicators/recurrence.h"

/* A falling high is no movement up, the smaller movement is none, a tie keeps both; `down` is held against
 * the already cut `up`. */
static inline void pxi_movement(double high, double low, double before_high, double before_low, double *up,
                                double *down) {
    const double rise = high - before_high, fall = before_low - low;
    *up = ((rise >= 0.0) & (rise >= fall)) ? rise : 0.0;
    *down = ((fall >= 0.0) & (fall >= *up)) ? fall : 0.0;
}

/* DX of smoothed movements. +DI and -DI are W(up) and W(dn) over the same W(TR), which cancels in
 * 100 |+DI - -DI| / (+DI + -DI). NaN (0/0) before anything has moved. */
static inline double pxi_directional_index(double up, double down) {
    return 100.0 * fabs(up - down) / (up + down);
}

#endif
