// SPDX-License-Identifier: Apache-2.0
#include "engine/signal_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

pxi_signal_id pxi_signal_id_make(const char *scope, const char *strategy, const char *instrument,
                                 const px_signal *signal) {
    char tail[96];
    int length = snprintf(tail, sizeof tail, "|%" PRId64 "|%s|%s", signal->ts_us, px_side_name(signal->side),
                          signal->event_type < 0 ? "" : px_event_type_name(signal->event_type));
    pxi_signal_id id;
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, scope, strlen(scope));
    pxi_hash_bytes(&hash, "|", 1);
    pxi_hash_bytes(&hash, strategy, strlen(strategy));
    pxi_hash_bytes(&hash, "|", 1);
    pxi_hash_bytes(&hash, instrument, strlen(instrument));
    pxi_hash_bytes(&hash, tail, (size_t)length);
    pxi_hash_hex(&hash, id.text);
    return id;
}

/* The slot that holds the signal, or the free one where it belongs. */
static pxi_seen_signal *find_slot(const pxi_signal_set *set, const pxi_seen_signal *signal) {
    const uint64_t what = (uint64_t)signal->ts_us * 64 + (uint64_t)(4 * signal->event_type + signal->side);
    size_t mask = set->capacity - 1, at = (size_t)(what * UINT64_C(0x9E3779B97F4A7C15) >> 32) & mask;
    for (; set->slots[at].side; at = (at + 1) & mask)
        if (set->slots[at].ts_us == signal->ts_us && set->slots[at].side == signal->side &&
            set->slots[at].event_type == signal->event_type)
            break;
    return &set->slots[at];
}

static bool grow(pxi_signal_set *set) {
    if (set->capacity > SIZE_MAX / 2)
        return false;
    pxi_signal_set grown = {.n = set->n, .capacity = set->capacity ? 2 * set->capacity : 64};
    grown.slots = pxi_new_array(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].side)
            *find_slot(&grown, &set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = grown;
    return true;
}

bool pxi_signal_set_add(pxi_signal_set *set, const px_signal *signal, bool *seen) {
    const pxi_seen_signal own = {signal->ts_us, signal->side,
                                 signal->event_type < 0 ? -1 : signal->event_type};
    if (2 * (set->n + 1) > set->capacity && !grow(set))
        return false;
    pxi_seen_signal *slot = find_slot(set, &own);
    *seen = slot->side != 0;
    if (!*seen) {
        *slot = own;
        set->n++;
    }
    return true;
}

void pxi_signal_set_free(pxi_signal_set *set) {
    free(set->slots);
    *set = (pxi_signal_set){0};
}
