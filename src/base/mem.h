// SPDX-License-Identifier: Apache-2.0
/* Checked allocation. NULL on overflow or out of memory. */
#ifndef PXI_MEM_H
#define PXI_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* n elements of `size` bytes, zeroed; at least one byte, so that NULL always means failure. */
void *pxi_new_array(size_t n, size_t size);
/* `bytes` that are not zeroed, at least one; free() frees them. Large blocks lie on huge pages where the
 * system has them: the first touch of a small page costs more than the work on the numbers in it. */
void *pxi_new_block(size_t bytes);
/* Grows *array (amortised doubling) to hold at least `need` elements. On failure nothing changes. */
bool pxi_grow(void *array, size_t *capacity, size_t need, size_t size);

#endif
