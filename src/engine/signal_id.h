// SPDX-License-Identifier: Apache-2.0
/* Signal ids: the same signal in the same scope is acted on once. In a backtest the scope is the run, so no
 * earlier run can block it; on a paper account it is the account. */
#ifndef PXI_SIGNAL_ID_H
#define PXI_SIGNAL_ID_H

#include <stdbool.h>
#include "base/hash.h"
#include "pixity/strategy.h"

typedef struct pxi_signal_id {
    char text[PXI_HASH_TEXT_SIZE];
} pxi_signal_id;

/* SHA-256 of scope|strategy|instrument|time|side|event type; time in microseconds UTC, side BUY or SELL,
 * event type empty where the strategy has none. */
pxi_signal_id pxi_signal_id_make(const char *scope, const char *strategy, const char *instrument,
                                 const px_signal *signal);

/* The signals of one strategy and instrument in one scope that were seen so far: what is left of an id is
 * then time, side and event type. An open hash table. Start from a zeroed struct. */
typedef struct pxi_seen_signal {
    int64_t ts_us;
    int side; /* 0 = a free slot */
    int event_type;
} pxi_seen_signal;
typedef struct pxi_signal_set {
    size_t n, capacity; /* capacity: a power of two, or 0 */
    pxi_seen_signal *slots;
} pxi_signal_set;

/* Adds a signal; *seen tells whether one of the same id was there. False only when out of memory. */
bool pxi_signal_set_add(pxi_signal_set *set, const px_signal *signal, bool *seen);
void pxi_signal_set_free(pxi_signal_set *set);

#endif
