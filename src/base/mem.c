// SPDX-License-Identifier: Apache-2.0
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *pxi_new_array(size_t n, size_t size) {
    return n ? calloc(n, size) : calloc(1, 1);
}

bool pxi_grow(void *array, size_t *capacity, size_t need, size_t size) {
    if (need <= *capacity)
        return true;
    size_t grown = *capacity < 16 ? 16 : *capacity;
    while (grown < need) {
        if (grown > SIZE_MAX / 2)
            return false;
        grown *= 2;
    }
    size_t bytes;
    if (__builtin_mul_overflow(grown, size, &bytes))
        return false;
    void *old;
    memcpy(&old, array, sizeof old);
    void *moved = realloc(old, bytes);
    if (!moved)
        return false;
    memcpy(array, &moved, sizeof moved);
    *capacity = grown;
    return true;
}
