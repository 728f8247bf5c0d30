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

/* The ids seen so far, an open hash table: SHA-256 is its own hash. Start from a zeroed struct. */
typedef struct pxi_id_set {
    size_t n, capacity; /* capacity: a power of two, or 0 */
    pxi_signal_id *slots;
} pxi_id_set;

/* Adds an id; *seen tells whether it was there. False only when out of memory. */
bool pxi_id_set_add(pxi_id_set *set, const pxi_signal_id *id, bool *seen);
void pxi_id_set_free(pxi_id_set *set);

#endif
