// SPDX-License-Identifier: Apache-2.0
/* How often a test repeats itself: in full, or under PIXITY_REDUCED (make quick, and the sanitizers of make
 * test) a tenth as often, which it says once. */
#ifndef DEPTH_H
#define DEPTH_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static inline int rounds(int full) {
    static bool said;
    if (!getenv("PIXITY_REDUCED") || full < 2)
        return full;
    int part = full > 10 ? full / 10 : 1;
    if (!said)
        printf("# reduced: %d of %d rounds\n", part, full);
    said = true;
    return part;
}

/* How far apart the steps are at which a test kills its work (kill_at.h). */
static inline long every_step(void) {
    static bool said;
    if (!getenv("PIXITY_REDUCED"))
        return 1;
    if (!said)
        printf("# reduced: killed at every 5th step\n");
    said = true;
    return 5;
}

/* How many of a list's cases a test goes through, from its beginning. */
static inline int cases(int all, int when_reduced) {
    if (!getenv("PIXITY_REDUCED") || all <= when_reduced)
        return all;
    printf("# reduced: %d of %d cases\n", when_reduced, all);
    return when_reduced;
}

#endif
