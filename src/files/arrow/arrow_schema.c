// SPDX-License-Identifier: Apache-2.0
/* The columns of Arrow data. A batch lists nodes and buffers of all columns, of those inside of others too,
 * one after the other: what is not read must be counted as well. */
#include "base/error.h"
#include "base/mem.h"
#include "files/arrow/arrow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 32, MOST_NODES = 100000 };

/* Members of the tables of Schema.fbs. */
enum { SCHEMA_ENDIANNESS, SCHEMA_FIELDS };
enum {
    FIELD_NAME,
    FIELD_NULLABLE,
    FIELD_TYPE_ID,
    FIELD_TYPE,
    FIELD_DICTIONARY,
    FIELD_CHILDREN,
    FIELD_METADATA
};
enum { DICTIONARY_ID, DICTIONARY_PLACES };

/* ---- types --------------------------------------------------------------------------------------------- */

static int64_t per_second(int64_t unit) {
    static const int64_t units[] = {1, 1000, 1000000, 1000000000};
    return unit >= 0 && unit < 4 ? units[unit] : -1;
}

static pxi_arrow_type read_int(const pxi_fb_table *t) {
    return (pxi_arrow_type){
        .id = ARROW_INT, .bits = (int)pxi_fb_int(t, 0, 4, 0), .is_signed = pxi_fb_int(t, 1, 1, 0) != 0};
}

static pxi_arrow_type read_type(pxi_arrow_type_id id, const pxi_fb_table *t) {
    static const int bits_of_float[] = {16, 32, 64};
    pxi_arrow_type type = {.id = id};
    const int64_t first = pxi_fb_int(t, 0, 2, 0);
    switch (id) {
    case ARROW_INT:
        return read_int(t);
    case ARROW_FLOAT:
        type.bits = first >= 0 && first < 3 ? bits_of_float[first] : 0;
        break;
    case ARROW_DECIMAL:
        type.scale = (int)pxi_fb_int(t, 1, 4, 0);
        type.bits = (int)pxi_fb_int(t, 2, 4, 128);
        break;
    case ARROW_DATE: /* in days, or in milliseconds as a time that is always midnight */
        type.per_second = pxi_fb_int(t, 0, 2, 1) ? 1000 : 0;
        type.bits = type.per_second ? 64 : 32;
        break;
    case ARROW_TIME:
        type.per_second = per_second(pxi_fb_int(t, 0, 2, 1));
        type.bits = (int)pxi_fb_int(t, 1, 4, 32);
        break;
    case ARROW_TIMESTAMP: {
        size_t length;
        type.per_second = per_second(first);
        type.bits = 64;
        pxi_fb_text(t, 1, &length);
        type.has_zone = length > 0;
        break;
    }
    default:
        break;
    }
    return type;
}

/* Buffers of a node; views have more, which each batch counts. */
static size_t n_buffers_of(pxi_arrow_type_id id, const pxi_fb_table *type) {
    switch (id) {
    case ARROW_NULL:
    case ARROW_RUN_END:
        return 0;
    case ARROW_STRUCT:
    case ARROW_FIXED_LIST:
        return 1;
    case ARROW_UNION:
        return pxi_fb_int(type, 0, 2, 0) ? 2 : 1; /* dense, with offsets; sparse */
    case ARROW_BINARY:
    case ARROW_UTF8:
    case ARROW_LARGE_BINARY:
    case ARROW_LARGE_UTF8:
    case ARROW_LIST_VIEW:
    case ARROW_LARGE_LIST_VIEW:
        return 3;
    default:
        return 2;
    }
}

/* ---- periods of pandas --------------------------------------------------------------------------------- */

static bool is_text(const pxi_fb_table *table, unsigned slot, const char *text) {
    size_t length;
    const char *found = pxi_fb_text(table, slot, &length);
    return found && length == strlen(text) && memcmp(found, text, length) == 0;
}

/* The value of a key of a field's metadata; NULL if it has none. */
static const char *metadata(const pxi_fb_table *field, const char *key, size_t *length) {
    const pxi_fb_list list = pxi_fb_vector(field, FIELD_METADATA, 4);
    for (size_t i = 0; i < list.n; i++) {
        const pxi_fb_table pair = pxi_fb_item_table(&list, i);
        if (is_text(&pair, 0, key))
            return pxi_fb_text(&pair, 1, length);
    }
    return NULL;
}

/* {"freq": "min"}: a whole number of these. -1: of another unit. */
static int64_t period_of(const pxi_fb_table *field) {
    static const struct {
        const char *frequency;
        int64_t us;
    } known[] = {{"\"min\"", 60000000}, {"\"T\"", 60000000},   {"\"s\"", 1000000},    {"\"S\"", 1000000},
                 {"\"h\"", 3600000000}, {"\"H\"", 3600000000}, {"\"D\"", 86400000000}};
    size_t length;
    char words[64];
    const char *name = metadata(field, "ARROW:extension:name", &length);
    if (!name || length != strlen("pandas.period") || memcmp(name, "pandas.period", length) != 0)
        return 0;
    const char *text = metadata(field, "ARROW:extension:metadata", &length);
    if (!text || length >= sizeof words)
        return -1;
    memcpy(words, text, length);
    words[length] = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(words, known[i].frequency))
            return known[i].us;
    return -1;
}

/* ---- fields -------------------------------------------------------------------------------------------- */

static px_status damaged(px_error *err) {
    return pxi_fail(err, PX_EINPUT, "its schema is damaged");
}

/* Counts what a field and those in it have in a batch. Of a dictionary's only the places are there. */
static px_status count(const pxi_fb_table *field, pxi_arrow_schema *out, int depth, px_error *err) {
    const pxi_arrow_type_id id = (pxi_arrow_type_id)pxi_fb_int(field, FIELD_TYPE_ID, 1, 0);
    const pxi_fb_table type = pxi_fb_child(field, FIELD_TYPE),
                       dictionary = pxi_fb_child(field, FIELD_DICTIONARY);
    const pxi_fb_list children = pxi_fb_vector(field, FIELD_CHILDREN, 4);
    if (id <= ARROW_NONE || id >= ARROW_N_TYPES || !type.at || depth > MOST_DEPTH ||
        out->n_nodes > MOST_NODES || type.flat->damaged)
        return pxi_fail(err, PX_EINPUT, "its schema is damaged, or newer than this program");
    out->n_nodes++;
    out->n_buffers += dictionary.at ? 2 : n_buffers_of(id, &type);
    out->n_views += !dictionary.at && (id == ARROW_UTF8_VIEW || id == ARROW_BINARY_VIEW);
    px_status status = PX_OK;
    for (size_t i = 0; !status && !dictionary.at && i < children.n; i++) {
        const pxi_fb_table child = pxi_fb_item_table(&children, i);
        status = count(&child, out, depth + 1, err);
    }
    return status;
}

static px_status add_field(const pxi_fb_table *field, pxi_arrow_schema *out, px_error *err) {
    size_t length;
    const char *name = pxi_fb_text(field, FIELD_NAME, &length);
    const pxi_fb_table type = pxi_fb_child(field, FIELD_TYPE),
                       dictionary = pxi_fb_child(field, FIELD_DICTIONARY);
    if (!pxi_grow(&out->fields, &out->capacity, out->n + 1, sizeof *out->fields))
        return pxi_fail_memory(err);
    pxi_arrow_field *f = &out->fields[out->n];
    *f = (pxi_arrow_field){.name = strndup(name ? name : "", length),
                           .node = out->n_nodes,
                           .buffer = out->n_buffers,
                           .views = out->n_views,
                           .type =
                               read_type((pxi_arrow_type_id)pxi_fb_int(field, FIELD_TYPE_ID, 1, 0), &type)};
    if (!f->name)
        return pxi_fail_memory(err);
    out->n++;
    f->in_dictionary = dictionary.at != 0;
    f->dictionary = pxi_fb_int(&dictionary, DICTIONARY_ID, 8, 0);
    if (f->type.id == ARROW_INT)
        f->type.period_us = period_of(field);
    const pxi_fb_table places = pxi_fb_child(&dictionary, DICTIONARY_PLACES);
    f->places =
        places.at ? read_int(&places) : (pxi_arrow_type){.id = ARROW_INT, .bits = 32, .is_signed = true};
    return count(field, out, 0, err);
}

px_status pxi_arrow_schema_read(const pxi_fb_table *schema, pxi_arrow_schema *out, px_error *err) {
    const pxi_fb_list fields = pxi_fb_vector(schema, SCHEMA_FIELDS, 4);
    px_status status = PX_OK;
    if (!schema->at || schema->flat->damaged)
        return damaged(err);
    if (pxi_fb_int(schema, SCHEMA_ENDIANNESS, 2, 0) != 0)
        return pxi_fail(err, PX_EINPUT, "it was written by a big-endian machine: write it anew on another");
    for (size_t i = 0; !status && i < fields.n; i++) {
        const pxi_fb_table field = pxi_fb_item_table(&fields, i);
        status = add_field(&field, out, err);
    }
    return !status && schema->flat->damaged ? damaged(err) : status;
}

void pxi_arrow_schema_free(pxi_arrow_schema *schema) {
    for (size_t i = 0; i < schema->n; i++)
        free(schema->fields[i].name);
    free(schema->fields);
    memset(schema, 0, sizeof *schema);
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static pxi_rows_column as(pxi_kind kind) {
    return (pxi_rows_column){NULL, kind, NULL};
}

static pxi_rows_column opaque(const char *fault) {
    return (pxi_rows_column){NULL, PXI_OPAQUE, fault};
}

static pxi_rows_column describe(const pxi_arrow_type *type) {
    static const char other[] =
        "values that are neither numbers, nor texts, nor times; write it as one of these";
    switch (type->id) {
    case ARROW_NULL:
    case ARROW_UTF8:
    case ARROW_LARGE_UTF8:
    case ARROW_UTF8_VIEW:
        return as(PXI_TEXT);
    case ARROW_INT:
        if (type->period_us < 0)
            return opaque("pandas' periods of a unit that is not read: write it with to_timestamp()");
        if (type->period_us)
            return type->bits == 64 && type->is_signed ? as(PXI_WALL) : opaque(other);
        if ((type->bits == 64 && !type->is_signed) ||
            (type->bits == 128 && type->is_signed)) /* polars has such */
            return as(PXI_F64);
        return type->bits == 8 || type->bits == 16 || type->bits == 32 || type->bits == 64 ? as(PXI_I64)
                                                                                           : opaque(other);
    case ARROW_FLOAT:
        return type->bits == 64 ? as(PXI_F64) : type->bits == 32 ? as(PXI_F32) : opaque(PXI_FAULT_HALF_FLOAT);
    case ARROW_DECIMAL:
        return (type->bits == 32 || type->bits == 64 || type->bits == 128 || type->bits == 256) &&
                       type->scale >= -300 && type->scale <= 300
                   ? as(PXI_F64)
                   : opaque(other);
    case ARROW_DATE:
        return as(PXI_DAY);
    case ARROW_TIME:
        return type->per_second > 0 && type->bits == (type->per_second <= 1000 ? 32 : 64) ? as(PXI_CLOCK)
                                                                                          : opaque(other);
    case ARROW_TIMESTAMP:
        return type->per_second > 0 ? as(type->has_zone ? PXI_INSTANT : PXI_WALL) : opaque(other);
    case ARROW_FIXED_BINARY:
    case ARROW_BINARY:
    case ARROW_LARGE_BINARY:
    case ARROW_BINARY_VIEW:
        return opaque(
            "raw bytes, as 128-bit integers of polars are for others: write it as int64, or as float64");
    default:
        return opaque(other);
    }
}

bool pxi_arrow_same_type(const pxi_arrow_type *a, const pxi_arrow_type *b) {
    return a->id == b->id && a->bits == b->bits && a->is_signed == b->is_signed &&
           a->has_zone == b->has_zone && a->per_second == b->per_second && a->scale == b->scale &&
           a->period_us == b->period_us;
}

pxi_rows_column pxi_arrow_describe(const pxi_arrow_field *field) {
    const int bits = field->places.bits;
    pxi_rows_column column = describe(&field->type);
    if (field->in_dictionary && bits != 8 && bits != 16 && bits != 32 && bits != 64)
        column = opaque("a dictionary of a form that is not read: write it as plain values");
    column.name = field->name;
    return column;
}
