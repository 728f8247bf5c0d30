// SPDX-License-Identifier: Apache-2.0
#include "report/embed.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* ---- JSON in a script ---------------------------------------------------------------------------------- */

/* How a byte of a string is written, NULL = as it is. *length is how many bytes that stands for. */
static const char *escape_of(const char *at, const char *end, size_t *length) {
    *length = 1;
    switch (*at) {
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    case '&':
        return "\\u0026";
    default:
        break;
    }
    *length = 3; /* the line and paragraph separators, which end a line of a script */
    if (end - at >= 3 && memcmp(at, "\xe2\x80\xa8", 3) == 0)
        return "\\u2028";
    if (end - at >= 3 && memcmp(at, "\xe2\x80\xa9", 3) == 0)
        return "\\u2029";
    return NULL;
}

/* Copies a string from behind its first quote to its last; returns what follows. */
static const char *embed_string(pxi_text *out, const char *at, const char *end) {
    const char *plain = at;
    while (at < end && *at != '"') {
        size_t length;
        const char *escape = escape_of(at, end, &length);
        if (escape) {
            pxi_text_add(out, plain, (size_t)(at - plain));
            pxi_text_puts(out, escape);
            plain = at += length;
        } else {
            at += *at == '\\' && at + 1 < end ? 2 : 1;
        }
    }
    at += at < end;
    pxi_text_add(out, plain, (size_t)(at - plain));
    return at;
}

void pxi_embed_json(pxi_text *out, const char *json, size_t length) {
    const char *at = json, *end = json + length;
    while (at < end) {
        const char *plain = at;
        while (at < end && *at != '"' && *at != ' ' && *at != '\n')
            at++;
        pxi_text_add(out, plain, (size_t)(at - plain));
        if (at == end)
            return;
        bool string = *at++ == '"';
        if (string) {
            pxi_text_puts(out, "\"");
            at = embed_string(out, at, end);
        }
    }
}

/* ---- HTML --------------------------------------------------------------------------------------------- */

void pxi_embed_html(pxi_text *out, const char *text) {
    static const char special[] = "<>&\"'";
    static const char *const names[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&#39;"};
    while (text && *text) {
        size_t plain = strcspn(text, special);
        pxi_text_add(out, text, plain);
        text += plain;
        if (*text)
            pxi_text_puts(out, names[strchr(special, *text++) - special]);
    }
}

/* ---- base64 ------------------------------------------------------------------------------------------- */

void pxi_embed_base64(pxi_text *out, const unsigned char *bytes, size_t length) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < length; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16 | (i + 1 < length ? (unsigned)bytes[i + 1] << 8 : 0u) |
                         (i + 2 < length ? (unsigned)bytes[i + 2] : 0u);
        const char text[4] = {digits[group >> 18], digits[group >> 12 & 63],
                              i + 1 < length ? digits[group >> 6 & 63] : '=',
                              i + 2 < length ? digits[group & 63] : '='};
        pxi_text_add(out, text, sizeof text);
    }
}

/* ---- numbers ------------------------------------------------------------------------------------------ */

char *pxi_group_indian(double value, int decimals, char buf[PXI_GROUPED_SIZE]) {
    char plain[40];
    size_t used = 0;
    if (!isfinite(value) || fabs(value) >= 1e18) {
        snprintf(buf, PXI_GROUPED_SIZE, "%s", isnan(value) ? "-" : value > 0 ? "very much" : "-very much");
        return buf;
    }
    snprintf(plain, sizeof plain, "%.*f", decimals, fabs(value));
    size_t whole = strcspn(plain, ".");
    bool zero = strspn(plain, "0.") == strlen(plain);
    if (value < 0 && !zero)
        buf[used++] = '-';
    for (size_t i = 0; i < whole; i++) {
        size_t left = whole - i; /* digits from here on */
        if (i > 0 && (left == 3 || (left > 3 && left % 2 == 1)))
            buf[used++] = ',';
        buf[used++] = plain[i];
    }
    snprintf(buf + used, PXI_GROUPED_SIZE - used, "%s", plain + whole);
    return buf;
}
