// SPDX-License-Identifier: Apache-2.0
/* One clock over many series: the moments at which at least one of them has a bar, in order, and who has one.
 * Bars of one moment come in the order of their series. */
#ifndef PXI_CLOCK_H
#define PXI_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A series: its next bar is at `at`, which whoever takes a bar moves on. */
typedef struct pxi_hand {
    const int64_t *ts_us; /* borrowed */
    size_t at, end;
} pxi_hand;

typedef struct pxi_clock {
    size_t n;
    pxi_hand *hands;
    int64_t now_us;
    size_t n_present;
    size_t *present; /* series that have a bar at this moment */
} pxi_clock;

/* *out from a zeroed struct; its hands are the caller's to set. False when out of memory. */
bool pxi_clock_init(pxi_clock *clock, size_t n);
void pxi_clock_free(pxi_clock *clock);
/* The next moment of all hands; false once none has a bar left. */
static inline bool pxi_clock_next(pxi_clock *clock) {
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

#endif
