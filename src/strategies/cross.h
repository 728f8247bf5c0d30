// SPDX-License-Identifier: Apache-2.0
/* Strategies that follow one line crossing another: long above, out below, or short below if allowed. */
#ifndef PXI_CROSS_H
#define PXI_CROSS_H

#include "pixity/strategy.h"

typedef struct pxi_cross {
    double fast, slow; /* of the bar before; NaN before the first */
    bool allow_short;
} pxi_cross;

void pxi_cross_init(void *cross, const px_config *config, const double *parameters);
/* A cross above is fast <= slow on the bar before and fast > slow on this one, with each bar's own values; a
 * cross below mirrors it. Undefined values never cross. Returns how many signals were written. */
int pxi_cross_step(pxi_cross *cross, double fast, double slow, px_signal *out);

#endif
