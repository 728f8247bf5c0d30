// SPDX-License-Identifier: Apache-2.0
#include "live/ticks.h"

#include "pixity/time.h"

static int64_t minute_of(int64_t ts_us) {
    int64_t into = ts_us % PX_US_PER_MINUTE;
    return ts_us - (into < 0 ? into + PX_US_PER_MINUTE : into);
}

pxi_tick_result pxi_tick_add(pxi_tick_minute *minute, int64_t ts_us, double price, double volume,
                             px_bar *finished) {
    const int64_t at_us = minute_of(ts_us);
    px_bar *bar = &minute->bar;
    pxi_tick_result result = PXI_TICK_ADDED;
    if (minute->any && (bar->ts_us > at_us || (!minute->open && bar->ts_us == at_us)))
        return PXI_TICK_LATE;
    if (minute->open && bar->ts_us < at_us) {
        *finished = *bar;
        minute->open = false;
        result = PXI_TICK_FINISHED;
    }
    if (!minute->open) {
        *bar = (px_bar){at_us, price, price, price, price, volume};
        minute->open = minute->any = true;
        return result;
    }
    bar->high = price > bar->high ? price : bar->high;
    bar->low = price < bar->low ? price : bar->low;
    bar->close = price;
    bar->volume += volume;
    return result;
}
