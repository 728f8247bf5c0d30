// SPDX-License-Identifier: Apache-2.0
/* Tables of FlatBuffers, in which Arrow writes what its messages hold, read where they lie. Every access is
 * held against the bytes that are there: what points outside of them reads as absent and marks them as
 * damaged. */
#ifndef PXI_FLATBUFFERS_H
#define PXI_FLATBUFFERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pxi_fb {
    const unsigned char *data; /* of the caller */
    size_t size;
    bool damaged;
} pxi_fb;

/* at 0: a table that is not there, whose members have the values that absent ones have. */
typedef struct pxi_fb_table {
    pxi_fb *flat;
    size_t at, slots; /* of the table, and of the list of its members' places */
    size_t n_slots;
} pxi_fb_table;

typedef struct pxi_fb_list {
    pxi_fb *flat;
    size_t at, n, stride;
} pxi_fb_list;

pxi_fb_table pxi_fb_root(pxi_fb *flat);
/* Members go by their number in the schema. A whole number of 1, 2, 4 or 8 bytes: */
int64_t pxi_fb_int(const pxi_fb_table *table, unsigned slot, size_t bytes, int64_t otherwise);
pxi_fb_table pxi_fb_child(const pxi_fb_table *table, unsigned slot);
/* Not NUL-terminated; NULL where it is absent. */
const char *pxi_fb_text(const pxi_fb_table *table, unsigned slot, size_t *length);
/* Elements of `stride` bytes; n = 0 where it is absent. */
pxi_fb_list pxi_fb_vector(const pxi_fb_table *table, unsigned slot, size_t stride);
/* Of an element, which must be there: a whole number some bytes behind its begin; the table it points to. */
int64_t pxi_fb_item_int(const pxi_fb_list *list, size_t i, size_t offset, size_t bytes);
pxi_fb_table pxi_fb_item_table(const pxi_fb_list *list, size_t i);

#endif
