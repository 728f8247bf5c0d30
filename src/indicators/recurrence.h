// SPDX-License-Identifier: Apache-2.0
/* The two recurrences that indicators are made of, and the true range. */
#ifndef PXI_RECURRENCE_H
#define PXI_RECURRENCE_H

#include <math.h>
#include <stdbool.h>

/* y0 = x0, yi = yi-1 + a (xi - yi-1). A constant series stays exactly constant, so ties stay ties. */
static inline double pxi_smooth(double y, double a, double x) {
    return y + a * (x - y);
}
#define PXI_EMA_WEIGHT(n)    (2.0 / ((n) + 1))
#define PXI_WILDER_WEIGHT(n) (1.0 / (n))

typedef struct pxi_ema {
    bool started;
    double y;
} pxi_ema;
static inline double pxi_ema_step(pxi_ema *ema, double a, double x) {
    ema->y = ema->started ? pxi_smooth(ema->y, a, x) : x;
    ema->started = true;
    return ema->y;
}

/* The same over a series with gaps: a NaN keeps y, but its bar still ages y, so that the next defined input
 * weighs more (adjust=False, ignore_na=False in pandas). Starts at the first defined input. */
typedef struct pxi_gap_ema {
    double y;   /* NaN until started */
    double age; /* (1 - a) to the power of the bars since the last defined input */
} pxi_gap_ema;
#define PXI_GAP_EMA_START                                                                                    \
    { NAN, 1.0 }
static inline double pxi_gap_ema_restart(pxi_gap_ema *ema, double a, double x) {
    if (isnan(x)) {
        ema->age *= 1.0 - a;
        return ema->y;
    }
    double w = ema->age * (1.0 - a);
    ema->age = 1.0;
    return ema->y = isnan(ema->y) ? x : (w * ema->y + a * x) / (w + a);
}
static inline double pxi_gap_ema_step(pxi_gap_ema *ema, double a, double x) {
    double y = pxi_smooth(ema->y, a, x);
    if (__builtin_expect(isnan(y) || ema->age != 1.0, 0))
        return pxi_gap_ema_restart(ema, a, x);
    return ema->y = y;
}

static inline double pxi_larger(double x, double y) {
    return x > y ? x : y;
}

static inline double pxi_smaller(double x, double y) {
    return x < y ? x : y;
}

/* The range, with the close before: bit for bit the largest of h-l, |h-c|, |l-c|. */
static inline double pxi_true_range(double high, double low, double previous_close) {
    return pxi_larger(high, previous_close) - pxi_smaller(low, previous_close);
}

#endif
