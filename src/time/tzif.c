// SPDX-License-Identifier: Apache-2.0
/* Reader of the system's zone files: RFC 8536 version 2 and up. */
#include "time/zone.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY_S    86400

/* ---- the file --------------------------------------------------------------------------------------- */

typedef struct block {
    uint32_t n_utc, n_std, n_leap, n_times, n_types, n_chars;
    const unsigned char *times, *indices, *types;
    size_t size; /* header included */
} block;

static uint32_t read_u32(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read_i64(const unsigned char *at) {
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

/* Finds the parts of a header and its data, whose times have `width` bytes. */
static bool read_block(const unsigned char *bytes, size_t length, size_t width, block *out) {
    if (length < 44 || memcmp(bytes, "TZif", 4) != 0)
        return false;
    uint32_t *counts[] = {&out->n_utc,   &out->n_std,   &out->n_leap,
                          &out->n_times, &out->n_types, &out->n_chars};
    for (size_t i = 0; i < 6; i++) {
        *counts[i] = read_u32(bytes + 20 + 4 * i);
        if (*counts[i] > 100000) /* far above any zone; keeps the sum below small */
            return false;
    }
    out->times = bytes + 44;
    out->indices = out->times + width * out->n_times;
    out->types = out->indices + out->n_times;
    out->size = 44 + (width + 1) * out->n_times + 6 * (size_t)out->n_types + out->n_chars +
                (width + 4) * out->n_leap + out->n_std + out->n_utc;
    return out->size <= length && out->n_types > 0;
}

static bool type_offset(const block *data, size_t type, int64_t *offset_s) {
    if (type >= data->n_types)
        return false;
    *offset_s = (int32_t)read_u32(data->types + 6 * type);
    return *offset_s > -DAY_S && *offset_s < DAY_S;
}

static bool add_transitions(const block *data, pxi_span *spans, size_t *n, int64_t *last_us) {
    int64_t offset_s;
    *last_us = INT64_MIN;
    if (!type_offset(data, 0, &offset_s))
        return false;
    pxi_span_add(spans, n, INT64_MIN, offset_s);
    for (size_t i = 0; i < data->n_times; i++) {
        int64_t at_s = read_i64(data->times + 8 * i);
        if (!type_offset(data, data->indices[i], &offset_s))
            return false;
        if (at_s < PX_TIME_MIN_US / PX_US_PER_SECOND) /* before any data: only the offset counts */
            spans[*n - 1].offset_us = offset_s * PX_US_PER_SECOND;
        else if (at_s < PX_TIME_MAX_US / PX_US_PER_SECOND) {
            *last_us = at_s * PX_US_PER_SECOND;
            pxi_span_add(spans, n, *last_us, offset_s);
        }
    }
    return true;
}

/* The footer is the last line: "\nEST5EDT,M3.2.0,M11.1.0\n". Empty means that nothing changes any more. */
static bool add_footer(const unsigned char *bytes, size_t length, int64_t after_us, pxi_span *spans,
                       size_t *n) {
    char text[128];
    pxi_zone_rule rule;
    if (length < 2 || bytes[0] != '\n' || bytes[length - 1] != '\n' || length - 2 >= sizeof text)
        return false;
    memcpy(text, bytes + 1, length - 2);
    text[length - 2] = '\0';
    if (!*text)
        return true;
    if (!pxi_zone_rule_parse(text, &rule))
        return false;
    pxi_zone_rule_add(&rule, PXI_ZONE_FIRST_YEAR, PXI_ZONE_LAST_YEAR, after_us, spans, n);
    return true;
}

px_status pxi_tzif_parse(const unsigned char *bytes, size_t length, const char *name, pxi_span **spans,
                         size_t *n_spans, px_error *err) {
    block old, data;
    if (!read_block(bytes, length, 4, &old) || bytes[4] < '2' ||
        !read_block(bytes + old.size, length - old.size, 8, &data))
        return pxi_fail(err, PX_EINPUT, "time zone \"%s\" is no zone file of version 2 or later", name);
    if (data.n_leap)
        return pxi_fail(err, PX_EINPUT, "time zone \"%s\" counts leap seconds; use one that does not", name);
    size_t n = 0, room = data.n_times + 1 + PXI_ZONE_RULE_SPANS;
    pxi_span *made = pxi_new_array(room, sizeof *made);
    if (!made)
        return pxi_fail_memory(err);
    size_t footer = old.size + data.size;
    int64_t last_us;
    if (!add_transitions(&data, made, &n, &last_us) ||
        !add_footer(bytes + footer, length - footer, last_us, made, &n)) {
        free(made);
        return pxi_fail(err, PX_EINPUT, "the zone file of \"%s\" is damaged", name);
    }
    *spans = made;
    *n_spans = n;
    return PX_OK;
}

/* A name of letters, digits, '_', '+', '-' and '/' that stays inside the folder. */
static bool safe_name(const char *name) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    size_t length = strlen(name);
    return length > 0 && length < 64 && strspn(name, allowed) == length && name[0] != '/';
}

px_status pxi_tzif_load(const char *name, pxi_span **spans, size_t *n_spans, px_error *err) {
    char *path = NULL, *bytes = NULL;
    size_t length = 0;
    px_status status = PX_ENOTFOUND;
    if (safe_name(name)) {
        path = pxi_path_join(ZONEINFO, name);
        status = path ? pxi_file_read(path, &bytes, &length, NULL) : PX_ENOMEM;
    }
    if (status == PX_ENOMEM)
        pxi_fail_memory(err);
    else if (status)
        status = pxi_fail(
            err, PX_EINPUT,
            "unknown time zone \"%.64s\"; give UTC, an offset like +05:30, or a name that is in " ZONEINFO
            " like America/New_York",
            name);
    else
        status = pxi_tzif_parse((const unsigned char *)bytes, length, name, spans, n_spans, err);
    free(bytes);
    free(path);
    return status;
}
