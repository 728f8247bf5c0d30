// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include "base/error.h"
#include "base/mem.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(pxi_text *text, size_t more) {
    if (text->failed || more > SIZE_MAX / 2 - text->length ||
        !pxi_grow(&text->data, &text->capacity, text->length + more + 1, 1)) {
        text->failed = true;
        return false;
    }
    return true;
}

char *pxi_text_room(pxi_text *text, size_t more) {
    return reserve(text, more) ? text->data + text->length : NULL;
}

void pxi_text_add(pxi_text *text, const char *bytes, size_t length) {
    if (!reserve(text, length))
        return;
    memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void pxi_text_puts(pxi_text *text, const char *string) {
    pxi_text_add(text, string, strlen(string));
}

void pxi_text_printf(pxi_text *text, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (need < 0)
        text->failed = true;
    else if (reserve(text, (size_t)need)) {
        vsnprintf(text->data + text->length, (size_t)need + 1, format, again);
        text->length += (size_t)need;
    }
    va_end(again);
}

px_status pxi_text_take(pxi_text *text, char **out, px_error *err) {
    pxi_text_add(text, "", 0);
    if (text->failed) {
        pxi_text_free(text);
        return pxi_fail_memory(err);
    }
    *out = text->data;
    memset(text, 0, sizeof *text);
    return PX_OK;
}

void pxi_text_free(pxi_text *text) {
    free(text->data);
    memset(text, 0, sizeof *text);
}

bool pxi_copy(char *buf, size_t size, const char *text) {
    size_t length = strlen(text);
    bool fits = length < size;
    if (!fits)
        length = size - 1;
    memcpy(buf, text, length);
    buf[length] = '\0';
    return fits;
}

px_status pxi_duplicate(const char *text, char **out, px_error *err) {
    char *copy = strdup(text);
    if (!copy)
        return pxi_fail_memory(err);
    *out = copy;
    return PX_OK;
}

/* strtod and strtoll want a terminator; numbers are short. */
static bool terminate(const char *text, size_t length, char buf[64]) {
    if (length == 0 || length >= 64 || isspace((unsigned char)text[0]))
        return false;
    memcpy(buf, text, length);
    buf[length] = '\0';
    return strlen(buf) == length;
}

bool pxi_parse_double(const char *text, size_t length, double *out) {
    char buf[64], *end;
    if (!terminate(text, length, buf) || strpbrk(buf, "xXnN"))
        return false; /* strtod would take hexadecimal, "nan" and "inf" */
    double value = strtod(buf, &end);
    if (*end || !isfinite(value))
        return false;
    *out = value;
    return true;
}

bool pxi_parse_i64(const char *text, size_t length, long long *out) {
    char buf[64], *end;
    if (!terminate(text, length, buf))
        return false;
    long long value = strtoll(buf, &end, 10);
    if (*end || end == buf || value == INT64_MAX || value == INT64_MIN)
        return false;
    *out = value;
    return true;
}

#define NAME_MAX_EDIT 64

/* Levenshtein distance ignoring case, one row of the table at a time. */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[NAME_MAX_EDIT + 1], length = strlen(b);
    if (length > NAME_MAX_EDIT || strlen(a) > NAME_MAX_EDIT)
        return SIZE_MAX;
    for (size_t j = 0; j <= length; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < length; j++) {
            size_t change = diagonal + (tolower((unsigned char)a[i]) != tolower((unsigned char)b[j]));
            size_t step = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            diagonal = row[j + 1];
            row[j + 1] = change < step ? change : step;
        }
    }
    return row[length];
}

const char *px_name_nearest(const char *word, const char *const *names, size_t n) {
    const char *best = NULL;
    size_t best_distance = strlen(word) / 2 + 1;
    for (size_t i = 0; i < n; i++) {
        size_t distance = edit_distance(word, names[i]);
        if (distance < best_distance) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}

const char *pxi_did_you_mean(const char *word, const char *const *names, size_t n, char *buf, size_t size) {
    const char *name = px_name_nearest(word, names, n);
    if (name)
        snprintf(buf, size, "; did you mean \"%s\"?", name);
    else
        buf[0] = '\0';
    return buf;
}

/* Bytes of the UTF-8 character at p, 0 if it is none (RFC 3629). */
static size_t utf8_length(const unsigned char *p) {
    if (p[0] < 0x80)
        return 1;
    size_t length = p[0] < 0xC2 ? 0 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : p[0] < 0xF5 ? 4 : 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    bool outside = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return overlong || outside ? 0 : length;
}

bool pxi_is_utf8(const char *text) {
    const unsigned char *p = (const unsigned char *)text;
    size_t length = 1;
    for (; *p && length; p += length)
        length = utf8_length(p);
    return length > 0;
}

/* ---- texts that a spreadsheet would run ---------------------------------------------------------------- */

bool pxi_starts_formula(const char *text) {
    return *text && strchr("=+-@\t\r", *text);
}

bool pxi_csv_is_escaped(const char *text) {
    return pxi_starts_formula(text + strspn(text, "'"));
}

const char *pxi_csv_unescape(const char *text) {
    return *text == '\'' && pxi_csv_is_escaped(text) ? text + 1 : text;
}

px_status px_name_check(const char *what, const char *name, px_error *err) {
    if (!pxi_starts_formula(name))
        return PX_OK;
    return pxi_fail(err, PX_EINPUT,
                    "%s \"%.60s\" starts like a formula (=, +, -, @, tab or carriage return), and a "
                    "spreadsheet would run it: let it start with a letter or digit",
                    what, name);
}
