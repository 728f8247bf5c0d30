// SPDX-License-Identifier: Apache-2.0
/* Reads a fee table. Strict, as a number that is silently 0 would flatter every run. */
#include "risk/fee_table.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HINT_SIZE 128
static const char whole_file[] = "";

/* Where the reader is: "fees.json: futures, row 2". */
typedef struct place {
    const char *origin, *segment; /* segment "" = outside of all */
    size_t row;                   /* from 1; 0 = none */
} place;

static const char *place_text(const place *at, char buf[256]) {
    int used = snprintf(buf, 256, "%.160s", at->origin);
    if (*at->segment)
        used += snprintf(buf + used, 256 - (size_t)used, ": %s", at->segment);
    if (at->row)
        snprintf(buf + used, 256 - (size_t)used, ", row %zu", at->row);
    return buf;
}

static px_status refuse(const place *at, const char *name, const json_t *value, const char *expected,
                        px_error *err) {
    char where[256];
    if (!value)
        return pxi_fail(err, PX_EINPUT, "%s: %s is missing; it must be %s", place_text(at, where), name,
                        expected);
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    px_status status = pxi_fail(err, PX_EINPUT, "%s: %s is %.60s; it must be %s", place_text(at, where), name,
                                text ? text : "out of memory", expected);
    free(text);
    return status;
}

/* Every key of an object must be one of the names. */
static px_status check_keys(const place *at, const json_t *object, const char *const *names, size_t n,
                            px_error *err) {
    const char *key;
    json_t *value;
    char where[256], hint[HINT_SIZE];
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        size_t i = 0;
        while (i < n && strcmp(names[i], key) != 0)
            i++;
        if (i == n)
            return pxi_fail(err, PX_EINPUT, "%s: unknown key \"%.64s\"%s", place_text(at, where), key,
                            pxi_did_you_mean(key, names, n, hint, sizeof hint));
    }
    return PX_OK;
}

/* ---- a row --------------------------------------------------------------------------------------------- */

static px_status read_number(const place *at, const json_t *object, const pxi_fee_field *field,
                             px_fee_rates *out, px_error *err) {
    char expected[64];
    const json_t *value = json_object_get(object, field->name);
    double number = json_number_value(value);
    if (field->nullable && json_is_null(value))
        number = INFINITY;
    else if (!json_is_number(value) || !(number >= 0 && number <= field->max)) {
        snprintf(expected, sizeof expected, "a number from 0 to %.0f%s", field->max,
                 field->nullable ? ", or null" : "");
        return refuse(at, field->name, value, expected, err);
    }
    *(double *)(void *)((char *)out + field->offset) = number;
    return PX_OK;
}

static px_status read_from(const place *at, const json_t *object, px_fee_rates *out, px_error *err) {
    const json_t *value = json_object_get(object, "from");
    const char *text = json_string_value(value);
    int32_t date;
    if (!text || strlen(text) != json_string_length(value) || px_date_parse(text, &date, NULL) != PX_OK)
        return refuse(at, "from", value, "a date \"YYYY-MM-DD\"", err);
    out->from = px_civil_from_date(date);
    return PX_OK;
}

static px_status read_notes(const place *at, const json_t *object, px_fee_rates *out, px_error *err) {
    const json_t *approximate = json_object_get(object, "approximate");
    const json_t *source = json_object_get(object, "source");
    if (approximate && !json_is_boolean(approximate))
        return refuse(at, "approximate", approximate, "true or false", err);
    if (source && !json_is_string(source))
        return refuse(at, "source", source, "a text", err);
    out->approximate = json_is_true(approximate);
    out->source = source ? json_string_value(source) : "";
    return PX_OK;
}

static px_status read_row(const place *at, const json_t *object, px_fee_rates *out, px_error *err) {
    const char *names[PXI_N_FEE_FIELDS + 3] = {"from", "approximate", "source"};
    for (size_t i = 0; i < PXI_N_FEE_FIELDS; i++)
        names[3 + i] = pxi_fee_fields[i].name;
    if (!json_is_object(object))
        return refuse(at, "the row", object, "an object of rates", err);
    px_status status = check_keys(at, object, names, sizeof names / sizeof *names, err);
    if (!status)
        status = read_from(at, object, out, err);
    for (size_t i = 0; i < PXI_N_FEE_FIELDS && !status; i++)
        status = read_number(at, object, &pxi_fee_fields[i], out, err);
    return status ? status : read_notes(at, object, out, err);
}

/* ---- segments ------------------------------------------------------------------------------------------ */

static px_status check_order(const place *at, const px_fee_rates *before, const px_fee_rates *row,
                             px_error *err) {
    char where[256], from[PX_TIME_TEXT_SIZE], last[PX_TIME_TEXT_SIZE];
    const int32_t date = px_date_from_civil(row->from), previous = px_date_from_civil(before->from);
    if (date > previous)
        return PX_OK;
    return pxi_fail(err, PX_EINPUT,
                    "%s: from %s does not follow %s of the row before; the oldest row comes first",
                    place_text(at, where), px_date_format(date, from), px_date_format(previous, last));
}

static px_status read_segment(const char *origin, px_segment segment, const json_t *rows, px_fee_table *table,
                              px_error *err) {
    place at = {origin, px_segment_name(segment), 0};
    px_status status = PX_OK;
    if (json_array_size(rows) == 0) /* also of what is no array */
        return refuse(&at, "the segment", rows, "a list of rows, at least one", err);
    for (size_t i = 0; i < json_array_size(rows) && !status; i++) {
        px_fee_rates *row = &table->own[table->n++];
        row->segment = segment;
        at.row = i + 1;
        status = read_row(&at, json_array_get(rows, i), row, err);
        if (!status && i > 0)
            status = check_order(&at, row - 1, row, err);
    }
    return status;
}

static px_status read_segments(const char *origin, const json_t *segments, px_fee_table *table,
                               px_error *err) {
    const char *names[PX_N_SEGMENTS - 1];
    const place at = {origin, whole_file, 0};
    size_t n_rows = 0;
    if (!json_is_object(segments))
        return refuse(&at, "segments", segments, "an object of segments", err);
    for (int s = 1; s < PX_N_SEGMENTS; s++) {
        names[s - 1] = px_segment_name((px_segment)s);
        n_rows += json_array_size(json_object_get(segments, names[s - 1]));
    }
    px_status status = check_keys(&(place){origin, "segments", 0}, segments, names, PX_N_SEGMENTS - 1, err);
    table->rows = table->own = pxi_new_array(n_rows, sizeof *table->own);
    if (!status && !table->own)
        status = pxi_fail_memory(err);
    for (int s = 1; s < PX_N_SEGMENTS && !status; s++)
        status = read_segment(origin, (px_segment)s, json_object_get(segments, names[s - 1]), table, err);
    return status;
}

/* ---- a file -------------------------------------------------------------------------------------------- */

static px_status read_document(const char *origin, const json_t *document, px_fee_table *table,
                               px_error *err) {
    static const char *const names[] = {"format", "format_version", "segments"};
    const place at = {origin, whole_file, 0};
    const json_t *version = json_object_get(document, "format_version");
    const char *format = json_string_value(json_object_get(document, "format"));
    if (!json_is_object(document) || !format || strcmp(format, PXI_FEE_FORMAT) != 0)
        return pxi_fail(err, PX_EINPUT,
                        "%s is no fee table: it must be a JSON object with \"format\": \"" PXI_FEE_FORMAT
                        "\", as `pixity fees --json` prints it",
                        origin);
    if (!json_is_integer(version) || json_integer_value(version) != PXI_FEE_VERSION)
        return refuse(&at, "format_version", version, "1", err);
    px_status status = check_keys(&at, document, names, 3, err);
    return status ? status : read_segments(origin, json_object_get(document, "segments"), table, err);
}

px_status px_fee_table_read(const char *json, size_t length, const char *origin, px_fee_table **out,
                            px_error *err) {
    px_fee_table *table = pxi_new_array(1, sizeof *table);
    if (!table)
        return pxi_fail_memory(err);
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, json, length);
    pxi_hash_hex(&hash, table->hash);
    px_status status = pxi_json_parse(json, length, origin, &table->document, err);
    if (!status)
        status = read_document(origin, table->document, table, err);
    if (status) {
        px_fee_table_free(&table);
        return status;
    }
    *out = table;
    return PX_OK;
}

px_status px_fee_table_load(const char *path, px_fee_table **out, px_error *err) {
    char *text = NULL;
    size_t length;
    px_status status = pxi_file_read(path, &text, &length, err);
    if (status)
        return pxi_fail_prefix(err, status, "fee_table");
    status = px_fee_table_read(text, length, path, out, err);
    free(text);
    return status;
}
