// SPDX-License-Identifier: Apache-2.0
/* Columns in memory, as bytes and as JSON. */
#include "report/columns.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"

#include <endian.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- in memory ---------------------------------------------------------------------------------------- */

px_status pxi_columns_init(px_columns *out, const pxi_series_def *defs, size_t n_columns, size_t n_rows,
                           px_error *err) {
    px_columns made = {.n_rows = n_rows, .total = n_rows, .bars_per_point = 1, .same_data = -1};
    bool failed = n_columns > PX_COLUMNS_MAX || !(made.time_s = pxi_new_array(n_rows, sizeof *made.time_s));
    for (size_t c = 0; c < n_columns && !failed; c++) {
        px_series_column *column = &made.columns[made.n_columns++];
        pxi_copy(column->name, sizeof column->name, defs[c].name);
        pxi_copy(column->unit, sizeof column->unit, defs[c].unit);
        failed = !(column->values = pxi_new_array(n_rows, sizeof *column->values));
        for (size_t i = 0; i < n_rows && !failed; i++)
            column->values[i] = NAN;
    }
    if (failed) {
        px_columns_free(&made);
        return pxi_fail_memory(err);
    }
    *out = made;
    return PX_OK;
}

void px_columns_free(px_columns *columns) {
    if (!columns)
        return;
    free(columns->time_s);
    free(columns->holes);
    for (size_t c = 0; c < columns->n_columns; c++)
        free(columns->columns[c].values);
    memset(columns, 0, sizeof *columns);
}

const double *px_columns_find(const px_columns *columns, const char *name) {
    for (size_t c = 0; c < columns->n_columns; c++)
        if (strcmp(columns->columns[c].name, name) == 0)
            return columns->columns[c].values;
    return NULL;
}

int64_t pxi_wall_seconds(int64_t ts_us, const px_zone *zone) {
    int64_t local = ts_us + px_zone_offset_us(zone, ts_us);
    return local / PX_US_PER_SECOND - (local % PX_US_PER_SECOND < 0);
}

void pxi_columns_set_zone(px_columns *columns, const px_zone *zone) {
    char text[PX_TIME_TEXT_SIZE];
    int64_t offset = 0;
    bool same = columns->n_rows > 0;
    pxi_copy(columns->zone, sizeof columns->zone, px_zone_name(zone));
    for (size_t i = 0; i < columns->n_rows && same; i++) {
        int64_t local = columns->time_s[i] * PX_US_PER_SECOND, here = local - px_zone_to_utc(zone, local);
        same = i == 0 || here == offset;
        offset = here;
    }
    if (same) /* "1970-01-01T05:30:00+05:30" of a zone that has only this offset */
        pxi_copy(
            columns->utc_offset, sizeof columns->utc_offset,
            &px_time_format_iso(px_zone_to_utc(zone, columns->time_s[0] * PX_US_PER_SECOND), zone, text)[19]);
}

/* ---- what both forms begin with ------------------------------------------------------------------------ */

static void put_timeframe(pxi_text *text, int minutes) {
    char name[PX_TIMEFRAME_TEXT_SIZE];
    if (minutes)
        pxi_text_printf(text, ",\"timeframe\":\"%s\"", px_timeframe_format(minutes, name));
    else
        pxi_text_puts(text, ",\"timeframe\":null");
}

/* [[row, missing], ...] */
static void put_holes(pxi_text *text, const px_columns *columns) {
    pxi_text_puts(text, ",\"holes\":[");
    for (size_t i = 0; i < columns->n_holes; i++)
        pxi_text_printf(text, "%s[%zu,%zu]", i ? "," : "", columns->holes[i].row, columns->holes[i].missing);
    pxi_text_puts(text, "]");
}

static void put_head(pxi_text *text, const px_columns *columns) {
    pxi_text_printf(text, "{\"rows\":%zu,\"total\":%zu,\"bars_per_point\":%zu", columns->n_rows,
                    columns->total, columns->bars_per_point);
    put_timeframe(text, columns->timeframe_minutes);
    pxi_text_puts(text, ",\"zone\":");
    pxi_json_quote(text, columns->zone);
    pxi_text_puts(text, ",\"utc_offset\":");
    if (*columns->utc_offset)
        pxi_json_quote(text, columns->utc_offset);
    else
        pxi_text_puts(text, "null");
    if (columns->same_data >= 0)
        pxi_text_printf(text, ",\"same_data\":%s", columns->same_data ? "true" : "false");
    if (columns->holes)
        put_holes(text, columns);
}

/* ---- bytes -------------------------------------------------------------------------------------------- */

static void put_u32(pxi_text *text, uint32_t value) {
    value = htole32(value);
    pxi_text_add(text, (const char *)&value, sizeof value);
}

/* Spaces behind the header, so that the data lie at a multiple of 4. */
static px_status make_header(const px_columns *columns, pxi_text *header, px_error *err) {
    put_head(header, columns);
    pxi_text_puts(header, ",\"columns\":[{\"name\":\"time\",\"type\":\"u32\",\"unit\":\"s\"}");
    for (size_t c = 0; c < columns->n_columns; c++) {
        pxi_text_puts(header, ",{\"name\":");
        pxi_json_quote(header, columns->columns[c].name);
        pxi_text_puts(header, ",\"type\":\"f32\",\"unit\":");
        pxi_json_quote(header, columns->columns[c].unit);
        pxi_text_puts(header, "}");
    }
    pxi_text_puts(header, "]}");
    while (header->length % 4 != 0 && !header->failed)
        pxi_text_puts(header, " ");
    return header->failed ? pxi_fail_memory(err) : PX_OK;
}

static px_status check_times(const px_columns *columns, px_error *err) {
    for (size_t i = 0; i < columns->n_rows; i++)
        if (columns->time_s[i] < 0 || columns->time_s[i] > UINT32_MAX)
            return pxi_fail(
                err, PX_EINPUT,
                "these bars lie outside 1970 to 2106, which columns of bytes cannot tell: ask for "
                "JSON, or for later bars");
    return PX_OK;
}

static uint32_t float_bits(double value) {
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    return isnan(value) ? UINT32_C(0x7fc00000) : bits; /* every NaN alike */
}

static void put_values(pxi_text *text, const px_columns *columns) {
    for (size_t i = 0; i < columns->n_rows; i++)
        put_u32(text, (uint32_t)columns->time_s[i]);
    for (size_t c = 0; c < columns->n_columns; c++)
        for (size_t i = 0; i < columns->n_rows; i++)
            put_u32(text, float_bits(columns->columns[c].values[i]));
}

px_status px_columns_to_binary(const px_columns *columns, char **out, size_t *length, px_error *err) {
    pxi_text header = {0}, text = {0};
    px_status status = check_times(columns, err);
    if (!status)
        status = make_header(columns, &header, err);
    if (!status) {
        pxi_text_puts(&text, "PXC1");
        put_u32(&text, (uint32_t)header.length);
        pxi_text_add(&text, header.data, header.length);
        put_values(&text, columns);
        *length = text.length;
        status = pxi_text_take(&text, out, err);
    }
    pxi_text_free(&header);
    return status;
}

/* ---- JSON --------------------------------------------------------------------------------------------- */

static void put_numbers(pxi_text *text, const double *values, size_t n) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    pxi_text_puts(text, "[");
    for (size_t i = 0; i < n; i++) {
        if (i)
            pxi_text_puts(text, ",");
        if (isfinite(values[i]))
            pxi_text_add(text, buf, px_double_format(values[i], buf));
        else
            pxi_text_puts(text, "null");
    }
    pxi_text_puts(text, "]");
}

static void put_times(pxi_text *text, const px_columns *columns) {
    char buf[32];
    pxi_text_puts(text, "[");
    for (size_t i = 0; i < columns->n_rows; i++) {
        int length = snprintf(buf, sizeof buf, "%s%" PRId64, i ? "," : "", columns->time_s[i]);
        pxi_text_add(text, buf, (size_t)length);
    }
    pxi_text_puts(text, "]");
}

px_status px_columns_to_json(const px_columns *columns, char **out, size_t *length, px_error *err) {
    pxi_text text = {0};
    put_head(&text, columns);
    pxi_text_puts(&text, ",\"units\":{\"time\":\"s\"");
    for (size_t c = 0; c < columns->n_columns; c++) {
        pxi_text_puts(&text, ",");
        pxi_json_quote(&text, columns->columns[c].name);
        pxi_text_puts(&text, ":");
        pxi_json_quote(&text, columns->columns[c].unit);
    }
    pxi_text_puts(&text, "},\"columns\":{\"time\":");
    put_times(&text, columns);
    for (size_t c = 0; c < columns->n_columns; c++) {
        pxi_text_puts(&text, ",");
        pxi_json_quote(&text, columns->columns[c].name);
        pxi_text_puts(&text, ":");
        put_numbers(&text, columns->columns[c].values, columns->n_rows);
    }
    pxi_text_puts(&text, "}}\n");
    *length = text.length;
    return pxi_text_take(&text, out, err);
}
