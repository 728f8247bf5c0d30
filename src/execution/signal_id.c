// SPDX-License-Identifier: Apache-2.0
#include "execution/signal_id.h"

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

/* The slot that holds the id, or the free one where it belongs. */
static pxi_signal_id *find_slot(const pxi_id_set *set, const pxi_signal_id *id) {
    uint64_t start;
    memcpy(&start, id->text, sizeof start);
    start *= UINT64_C(0x9E3779B97F4A7C15); /* hex digits use few bits of each byte */
    size_t mask = set->capacity - 1, at = (size_t)(start >> 32) & mask;
    while (set->slots[at].text[0] && strcmp(set->slots[at].text, id->text) != 0)
        at = (at + 1) & mask;
    return &set->slots[at];
}

static bool grow(pxi_id_set *set) {
    if (set->capacity > SIZE_MAX / 2)
        return false;
    pxi_id_set grown = {.n = set->n, .capacity = set->capacity ? 2 * set->capacity : 64};
    grown.slots = pxi_new_array(grown.capacity, sizeof *grown.slots);
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < set->capacity; i++)
        if (set->slots[i].text[0])
            *find_slot(&grown, &set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = grown;
    return true;
}

bool pxi_id_set_add(pxi_id_set *set, const pxi_signal_id *id, bool *seen) {
    if (2 * (set->n + 1) > set->capacity && !grow(set))
        return false;
    pxi_signal_id *slot = find_slot(set, id);
    *seen = slot->text[0] != '\0';
    if (!*seen) {
        *slot = *id;
        set->n++;
    }
    return true;
}

void pxi_id_set_free(pxi_id_set *set) {
    free(set->slots);
    *set = (pxi_id_set){0};
}
