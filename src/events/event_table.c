// SPDX-License-Identifier: Apache-2.0
#include "events/detect.h"

#include <string.h>
#include "base/text.h"

/* The event types, one file and one line each. What is stored tells types by name; on a bar they stand in
 * this order. */
#define EVENT_TYPES(X)                                                                                       \
    X(pxi_trend)                                                                                             \
    X(pxi_reversion)

#define DECLARE(name) extern const pxi_event_kind name;
EVENT_TYPES(DECLARE)

#define ADDRESS(name) &name,
static const pxi_event_kind *const event_kinds[] = {EVENT_TYPES(ADDRESS)};
enum { N_EVENT_TYPES = sizeof event_kinds / sizeof *event_kinds };
_Static_assert(N_EVENT_TYPES <= PX_MAX_EVENT_TYPES, "two bits a type fit a mask");

const pxi_event_kind *pxi_event_kind_at(int type) {
    return type >= 0 && type < N_EVENT_TYPES ? event_kinds[type] : NULL;
}

int pxi_event_kind_find(const char *name, char *hint, size_t size) {
    const char *names[N_EVENT_TYPES];
    for (int type = 0; type < N_EVENT_TYPES; type++) {
        names[type] = event_kinds[type]->name;
        if (strcmp(names[type], name) == 0)
            return type;
    }
    pxi_did_you_mean(name, names, N_EVENT_TYPES, hint, size);
    return -1;
}

const char *px_event_type_name(int type) {
    const pxi_event_kind *kind = pxi_event_kind_at(type);
    return kind ? kind->name : NULL;
}

const char *px_side_name(px_side side) {
    return side == PX_LONG ? "BUY" : "SELL";
}
