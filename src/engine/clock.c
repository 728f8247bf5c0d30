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
