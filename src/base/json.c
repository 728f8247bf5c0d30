// SPDX-License-Identifier: Apache-2.0
#include "base/json.h"

#include "base/error.h"
#include "base/text.h"
#include "pixity/number.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

json_t *pxi_json_text(const char *text) {
    json_t *value = text ? json_string(text) : json_null();
    char *ascii = value ? NULL : strdup(text);
    for (char *at = ascii; at && *at; at++)
        if ((unsigned char)*at > 127)
            *at = '?';
    if (ascii)
        value = json_string(ascii);
    free(ascii);
    return value;
}

json_t *pxi_json_real(double value) {
    return isfinite(value) ? json_real(value + 0.0) : json_null(); /* -0.0 is 0 */
}

static void newline(pxi_text *text, int depth) {
    pxi_text_printf(text, "\n%*s", 2 * depth, "");
}

/* ASCII that JSON takes as it is. */
static bool is_plain(const char *string) {
    for (const unsigned char *at = (const unsigned char *)string; *at; at++)
        if (*at < ' ' || *at > '~' || *at == '"' || *at == '\\')
            return false;
    return true;
}

void pxi_json_quote(pxi_text *text, const char *string) {
    if (is_plain(string)) {
        pxi_text_add(text, "\"", 1);
        pxi_text_puts(text, string);
        pxi_text_add(text, "\"", 1);
        return;
    }
    json_t *value = json_string(string);
    char *quoted = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    if (quoted)
        pxi_text_puts(text, quoted);
    else
        text->failed = true;
    free(quoted);
    json_decref(value);
}

static void write_real(pxi_text *text, double value) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    size_t length = px_double_format(value, buf);
    pxi_text_add(text, buf, length);
    bool whole = true; /* keep reals real: 2 is written 2.0 */
    for (size_t i = 0; i < length; i++)
        whole = whole && buf[i] != '.' && buf[i] != 'e';
    if (whole)
        pxi_text_puts(text, ".0");
}

static void write_value(pxi_text *text, const json_t *value, int depth);

static void write_object(pxi_text *text, const json_t *value, int depth) {
    const char *key, *comma = "";
    json_t *member;
    pxi_text_puts(text, "{");
    json_object_foreach((json_t *)(uintptr_t)value, key, member) {
        pxi_text_puts(text, comma);
        newline(text, depth + 1);
        pxi_json_quote(text, key);
        pxi_text_puts(text, ": ");
        write_value(text, member, depth + 1);
        comma = ",";
    }
    if (*comma)
        newline(text, depth);
    pxi_text_puts(text, "}");
}

static void write_array(pxi_text *text, const json_t *value, int depth) {
    size_t n = json_array_size(value);
    pxi_text_puts(text, "[");
    for (size_t i = 0; i < n; i++) {
        pxi_text_puts(text, i ? "," : "");
        newline(text, depth + 1);
        write_value(text, json_array_get(value, i), depth + 1);
    }
    if (n)
        newline(text, depth);
    pxi_text_puts(text, "]");
}

static void write_value(pxi_text *text, const json_t *value, int depth) {
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(text, value, depth);
        break;
    case JSON_ARRAY:
        write_array(text, value, depth);
        break;
    case JSON_STRING:
        pxi_json_quote(text, json_string_value(value));
        break;
    case JSON_REAL:
        write_real(text, json_real_value(value));
        break;
    case JSON_INTEGER:
        pxi_text_printf(text, "%lld", (long long)json_integer_value(value));
        break;
    case JSON_TRUE:
        pxi_text_puts(text, "true");
        break;
    case JSON_FALSE:
        pxi_text_puts(text, "false");
        break;
    case JSON_NULL:
        pxi_text_puts(text, "null");
        break;
    }
}

px_status pxi_json_dump(const json_t *value, char **out, px_error *err) {
    pxi_text text = {0};
    write_value(&text, value, 0);
    pxi_text_puts(&text, "\n");
    return pxi_text_take(&text, out, err);
}

px_status pxi_json_parse(const char *text, size_t length, const char *origin, json_t **out, px_error *err) {
    return pxi_json_parse_line(text, length, origin, 1, out, err);
}

px_status pxi_json_parse_line(const char *text, size_t length, const char *origin, size_t line, json_t **out,
                              px_error *err) {
    json_error_t problem;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);
    if (!value)
        return pxi_fail(err, PX_EINPUT, "%s: line %zu, column %d: not valid JSON: %s", origin,
                        line + (size_t)problem.line - 1, problem.column, problem.text);
    *out = value;
    return PX_OK;
}
