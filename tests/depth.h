// SPDX-License-Identifier: Apache-2.0
/* How often a test repeats itself: in full, or under PIXITY_QUICK (make quick) a tenth as often, which it
 * says once. */
#ifndef DEPTH_H
#define DEPTH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline int rounds(int full) {
    static bool said;
    if (!getenv("PIXITY_QUICK") || full < 2)
        return full;
    int part = full > 10 ? full / 10 : 1;
    if (!said)
        printf("# reduced: %d of %d rounds\n", part, full);
    said = true;
    return part;
}

#endif
