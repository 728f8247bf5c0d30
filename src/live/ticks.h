// SPDX-License-Identifier: Apache-2.0
/* Trades to bars of a minute. */
#ifndef PXI_TICKS_H
#define PXI_TICKS_H

#include "pixity/bars.h"

/* Columns of ts, price, volume in a CSV header; SIZE_MAX = absent, as volume may be. */
typedef struct pxi_tick_columns {
    size_t ts, price, volume;
} pxi_tick_columns;

typedef struct pxi_tick_minute {
    bool open, any; /* a minute is being made; one was ever begun */
    px_bar bar;     /* it, or the last one */
} pxi_tick_minute;

typedef enum pxi_tick_result { PXI_TICK_ADDED, PXI_TICK_FINISHED, PXI_TICK_LATE } pxi_tick_result;
/* Adds a trade. FINISHED: the minute before it is complete, in *finished. LATE: its own minute is over
 * already; it is left out. */
pxi_tick_result pxi_tick_add(pxi_tick_minute *minute, int64_t ts_us, double price, double volume,
                             px_bar *finished);

#endif
