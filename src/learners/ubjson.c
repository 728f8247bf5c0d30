// SPDX-License-Identifier: Apache-2.0
#include "learners/ubjson.h"

#include <endian.h>
#include <string.h>

enum { MAX_DEPTH = 32 };

/* ---- scalars ------------------------------------------------------------------------------------------ */

/* Bytes of a value of this type; -1 = it has no size of its own. */
static int size_of(char type) {
    switch (type) {
    case 'Z':
    case 'T':
    case 'F':
        return 0;
    case 'i':
    case 'U':
    case 'C':
        return 1;
    case 'I':
        return 2;
    case 'l':
    case 'd':
        return 4;
    case 'L':
    case 'D':
        return 8;
    default:
        return -1;
    }
}

static uint64_t big_endian(const uint8_t *at, int size) {
    uint64_t value = 0;
    for (int i = 0; i < size; i++)
        value = value << 8 | at[i];
    return value;
}

static bool integer_at(char type, const uint8_t *at, int64_t *out) {
    switch (type) {
    case 'T':
    case 'F':
        *out = type == 'T';
        return true;
    case 'U':
        *out = at[0];
        return true;
    case 'i':
        *out = (int8_t)at[0];
        return true;
    case 'I':
        *out = (int16_t)big_endian(at, 2);
        return true;
    case 'l':
        *out = (int32_t)big_endian(at, 4);
        return true;
    case 'L':
        *out = (int64_t)big_endian(at, 8);
        return true;
    default:
        return false;
    }
}

bool pxi_ubj_integer(const pxi_ubj *value, int64_t *out) {
    return integer_at(value->type, value->at, out);
}

bool pxi_ubj_number(const pxi_ubj *value, double *out) {
    int64_t whole;
    if (value->type == 'd') {
        const uint32_t bits = (uint32_t)big_endian(value->at, 4);
        float number;
        memcpy(&number, &bits, sizeof number);
        *out = (double)number;
        return true;
    }
    if (value->type == 'D') {
        const uint64_t bits = big_endian(value->at, 8);
        memcpy(out, &bits, sizeof *out);
        return true;
    }
    if (!pxi_ubj_integer(value, &whole))
        return false;
    *out = (double)whole;
    return true;
}

bool pxi_ubj_text(const pxi_ubj *value, char *buf, size_t size) {
    if (value->type != 'S' || (uint64_t)value->n >= size || memchr(value->at, '\0', (size_t)value->n))
        return false;
    memcpy(buf, value->at, (size_t)value->n);
    buf[value->n] = '\0';
    return true;
}

/* ---- values ------------------------------------------------------------------------------------------- */

static bool has(const uint8_t *at, const uint8_t *end, int64_t n) {
    return n >= 0 && n <= end - at;
}

/* A count or a length: an integer with its mark, 0 or more. */
static bool read_length(const uint8_t **at, const uint8_t *end, int64_t *out) {
    if (!has(*at, end, 1))
        return false;
    const char type = (char)*(*at)++;
    const int size = size_of(type);
    if (size < 1 || !has(*at, end, size) || !integer_at(type, *at, out) || *out < 0)
        return false;
    *at += size;
    return true;
}

/* What stands behind a bracket: "$" and the type of all values, "#" and their count, both optional. A count
 * is held against the bytes that are left, so that nothing loops over values that are not there. */
static bool read_head(const uint8_t **at, pxi_ubj *out) {
    out->n = -1;
    if (has(*at, out->end, 2) && **at == '$') {
        out->of = (char)(*at)[1];
        *at += 2;
        if (out->type == '{' || size_of(out->of) < 1 || !has(*at, out->end, 1) || **at != '#')
            return false;
    }
    if (has(*at, out->end, 1) && **at == '#') {
        ++*at;
        if (!read_length(at, out->end, &out->n) ||
            out->n > (out->end - *at) / (out->of ? size_of(out->of) : 1))
            return false;
    }
    return true;
}

/* The value of this type at *at, which then stands behind a scalar, and at the first value of a container. */
static bool read_value(const uint8_t **at, const uint8_t *end, char type, pxi_ubj *out) {
    pxi_ubj value = {.type = type, .end = end};
    if (type == '[' || type == '{') {
        if (!read_head(at, &value))
            return false;
        value.at = *at;
    } else {
        value.n = size_of(type);
        if ((type == 'S' && !read_length(at, end, &value.n)) || !has(*at, end, value.n))
            return false;
        value.at = *at;
        *at += value.n;
    }
    *out = value;
    return true;
}

static bool read_marked(const uint8_t **at, const uint8_t *end, pxi_ubj *out) {
    if (!has(*at, end, 1))
        return false;
    const char type = (char)*(*at)++;
    return read_value(at, end, type, out);
}

/* ---- containers --------------------------------------------------------------------------------------- */

/* Whether another value of a container follows; steps over the bracket that ends it. */
static bool more(const uint8_t **at, const pxi_ubj *container, int64_t n_met) {
    if (container->n >= 0)
        return n_met < container->n;
    if (!has(*at, container->end, 1))
        return false;
    const bool ends = **at == (container->type == '[' ? ']' : '}');
    *at += ends;
    return !ends;
}

static bool read_name(const uint8_t **at, const uint8_t *end, pxi_ubj *out) {
    return read_value(at, end, 'S', out);
}

/* Steps behind a container, whose values are then known to be whole. */
static bool skip(const uint8_t **at, const pxi_ubj *container, int depth) {
    pxi_ubj value;
    int64_t n = 0;
    if (depth > MAX_DEPTH)
        return false;
    if (container->of) {
        *at += container->n * size_of(container->of); /* checked by read_head */
        return true;
    }
    for (; container->n >= 0 || has(*at, container->end, 1); n++) {
        if (!more(at, container, n))
            return true;
        if ((container->type == '{' && !read_name(at, container->end, &value)) ||
            !read_marked(at, container->end, &value))
            return false;
        if ((value.type == '[' || value.type == '{') && !skip(at, &value, depth + 1))
            return false;
    }
    return false; /* cut before the bracket that ends it */
}

/* Steps behind any value. */
static bool pass(const uint8_t **at, const pxi_ubj *value) {
    return (value->type != '[' && value->type != '{') || skip(at, value, 0);
}

pxi_ubj pxi_ubj_read(const char *bytes, size_t length) {
    const uint8_t *at = (const uint8_t *)bytes, *end = at + length;
    pxi_ubj value = {0};
    if (!read_marked(&at, end, &value) || !pass(&at, &value) || at != end)
        return (pxi_ubj){0};
    return value;
}

pxi_ubj pxi_ubj_member(const pxi_ubj *object, const char *name) {
    const uint8_t *at = object->at;
    const size_t length = strlen(name);
    pxi_ubj key, value;
    if (object->type != '{')
        return (pxi_ubj){0};
    for (int64_t n = 0; more(&at, object, n); n++) {
        if (!read_name(&at, object->end, &key) || !read_marked(&at, object->end, &value))
            break;
        if ((size_t)key.n == length && memcmp(key.at, name, length) == 0)
            return value;
        if (!pass(&at, &value))
            break;
    }
    return (pxi_ubj){0};
}

pxi_ubj pxi_ubj_find(const pxi_ubj *object, const char *path) {
    char name[64];
    pxi_ubj value = *object;
    while (*path && value.type) {
        const size_t length = strcspn(path, "/");
        if (length >= sizeof name)
            return (pxi_ubj){0};
        memcpy(name, path, length);
        name[length] = '\0';
        value = pxi_ubj_member(&value, name);
        path += length + (path[length] == '/');
    }
    return value;
}

pxi_ubj_walk pxi_ubj_begin(const pxi_ubj *array) {
    return (pxi_ubj_walk){.array = *array};
}

bool pxi_ubj_next(pxi_ubj_walk *walk, pxi_ubj *out) {
    pxi_ubj *array = &walk->array;
    if (array->type != '[' || !more(&array->at, array, walk->n_met))
        return false;
    if (!(array->of ? read_value(&array->at, array->end, array->of, out)
                    : read_marked(&array->at, array->end, out)))
        return false;
    const pxi_ubj value = *out;
    walk->n_met++;
    return pass(&array->at, &value);
}

int64_t pxi_ubj_count(const pxi_ubj *array) {
    pxi_ubj_walk walk = pxi_ubj_begin(array);
    pxi_ubj value;
    if (array->type != '[')
        return -1;
    if (array->n >= 0)
        return array->n;
    while (pxi_ubj_next(&walk, &value))
        ;
    return walk.n_met;
}
