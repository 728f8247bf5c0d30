// SPDX-License-Identifier: Apache-2.0
#include "engine/clock.h"

#include <stdlib.h>
#include "base/mem.h"

bool pxi_clock_init(pxi_clock *clock, size_t n) {
    *clock = (pxi_clock){
        .n = n,
        .hands = pxi_new_array(n, sizeof *clock->hands),
        .present = pxi_new_array(n, sizeof *clock->present),
    };
    return clock->hands && clock->present;
}

void pxi_clock_free(pxi_clock *clock) {
    free(clock->hands);
    free(clock->present);
    *clock = (pxi_clock){0};
}

bool pxi_clock_next(pxi_clock *clock) {
    clock->n_present = 0;
    for (size_t k = 0; k < clock->n; k++) {
        const pxi_hand *hand = &clock->hands[k];
        if (hand->at >= hand->end)
            continue;
        const int64_t ts_us = hand->ts_us[hand->at];
        if (clock->n_present == 0 || ts_us < clock->now_us) {
            clock->now_us = ts_us;
            clock->n_present = 0;
        }
        if (ts_us == clock->now_us)
            clock->present[clock->n_present++] = k;
    }
    return clock->n_present > 0;
}
