// SPDX-License-Identifier: Apache-2.0
#include "files/arrow/flatbuffers.h"

#include <string.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "Arrow's files are read as they lie");

/* `n` bytes at a place; NULL where they are not all there. */
static const unsigned char *bytes_at(pxi_fb *flat, size_t at, size_t n) {
    if (at <= flat->size && n <= flat->size - at)
        return flat->data + at;
    flat->damaged = true;
    return NULL;
}

static int64_t int_at(pxi_fb *flat, size_t at, size_t bytes) {
    const unsigned char *from = bytes_at(flat, at, bytes);
    int64_t wide = 0;
    if (!from)
        return 0;
    memcpy(&wide, from, bytes);
    const unsigned shift = 64 - 8 * (unsigned)bytes;
    return (int64_t)((uint64_t)wide << shift) >> shift;
}

static uint32_t u32_at(pxi_fb *flat, size_t at) {
    return (uint32_t)int_at(flat, at, 4);
}

static uint16_t u16_at(pxi_fb *flat, size_t at) {
    return (uint16_t)int_at(flat, at, 2);
}

/* A table begins with how far the list of its members lies before it: two lengths, then a place for each. */
static pxi_fb_table table_at(pxi_fb *flat, size_t at) {
    pxi_fb_table table = {.flat = flat};
    const int64_t slots = (int64_t)at - int_at(flat, at, 4);
    if (slots < 0 || (uint64_t)slots >= flat->size || at == 0) {
        flat->damaged = true;
        return table;
    }
    const size_t length = u16_at(flat, (size_t)slots);
    if (length < 4 || !bytes_at(flat, (size_t)slots, length)) {
        flat->damaged = true;
        return table;
    }
    table.at = at;
    table.slots = (size_t)slots + 4;
    table.n_slots = length / 2 - 2;
    return table;
}

/* What an offset at a place leads to; 0 where it is damaged. */
static size_t follow(pxi_fb *flat, size_t at) {
    const uint32_t offset = u32_at(flat, at);
    if (offset && bytes_at(flat, at + offset, 4))
        return at + offset;
    flat->damaged = true;
    return 0;
}

/* The place of a member; 0 where it is absent. */
static size_t member(const pxi_fb_table *table, unsigned slot) {
    if (!table->at || slot >= table->n_slots)
        return 0;
    const uint16_t offset = u16_at(table->flat, table->slots + 2 * (size_t)slot);
    return offset ? table->at + offset : 0;
}

pxi_fb_table pxi_fb_root(pxi_fb *flat) {
    const size_t at = follow(flat, 0);
    return at ? table_at(flat, at) : (pxi_fb_table){.flat = flat};
}

int64_t pxi_fb_int(const pxi_fb_table *table, unsigned slot, size_t bytes, int64_t otherwise) {
    const size_t at = member(table, slot);
    return at ? int_at(table->flat, at, bytes) : otherwise;
}

pxi_fb_table pxi_fb_child(const pxi_fb_table *table, unsigned slot) {
    const size_t at = member(table, slot), to = at ? follow(table->flat, at) : 0;
    return to ? table_at(table->flat, to) : (pxi_fb_table){.flat = table->flat};
}

pxi_fb_list pxi_fb_vector(const pxi_fb_table *table, unsigned slot, size_t stride) {
    const size_t at = member(table, slot), to = at ? follow(table->flat, at) : 0;
    pxi_fb_list list = {.flat = table->flat, .stride = stride};
    if (!to)
        return list;
    const size_t n = u32_at(table->flat, to);
    if (n > table->flat->size / stride || !bytes_at(table->flat, to + 4, n * stride))
        table->flat->damaged = true;
    else {
        list.at = to + 4;
        list.n = n;
    }
    return list;
}

const char *pxi_fb_text(const pxi_fb_table *table, unsigned slot, size_t *length) {
    const pxi_fb_list list = pxi_fb_vector(table, slot, 1);
    *length = list.n;
    return list.at ? (const char *)table->flat->data + list.at : NULL;
}

int64_t pxi_fb_item_int(const pxi_fb_list *list, size_t i, size_t offset, size_t bytes) {
    return int_at(list->flat, list->at + i * list->stride + offset, bytes);
}

pxi_fb_table pxi_fb_item_table(const pxi_fb_list *list, size_t i) {
    const size_t to = follow(list->flat, list->at + i * list->stride);
    return to ? table_at(list->flat, to) : (pxi_fb_table){.flat = list->flat};
}
