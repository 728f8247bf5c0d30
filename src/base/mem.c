// SPDX-License-Identifier: Apache-2.0
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)
#define LARGE     (HUGE_PAGE / 2) /* below this a huge page would be mostly empty */

/* Asks for huge pages where whole ones fit. A refusal changes nothing but speed. */
static void advise_huge(void *block, size_t bytes) {
    uintptr_t begin = ((uintptr_t)block + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    uintptr_t end = ((uintptr_t)block + bytes) & ~(HUGE_PAGE - 1);
    if (begin < end)
        (void)madvise((void *)begin, end - begin, MADV_HUGEPAGE);
}

void *pxi_new_array(size_t n, size_t size) {
    void *array = n ? calloc(n, size) : calloc(1, 1);
    if (array)
        advise_huge(array, n * size);
    return array;
}

void *pxi_new_block(size_t bytes) {
    if (bytes < LARGE)
        return malloc(bytes ? bytes : 1);
    if (bytes > SIZE_MAX - HUGE_PAGE)
        return NULL;
    size_t whole = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    void *block = aligned_alloc(HUGE_PAGE, whole);
    if (block)
        advise_huge(block, whole);
    return block;
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
    advise_huge(moved, bytes);
    memcpy(array, &moved, sizeof moved);
    *capacity = grown;
    return true;
}
