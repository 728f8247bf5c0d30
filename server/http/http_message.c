// SPDX-License-Identifier: Apache-2.0
/* Texts of requests, and answers as handlers fill them in. */
#include "server/http/http.h"
#include "server/http/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static int hex(char digit) {
    const char *digits = "0123456789abcdef", *at = digit ? strchr(digits, digit | 0x20) : NULL;
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    return at && *at >= 'a' ? (int)(at - digits) : -1;
}

bool http_decode(const char *text, char *out) {
    const char *begin = out;
    while (*text) {
        bool escape = *text == '%';
        int high = escape ? hex(text[1]) : 0, low = escape && high >= 0 ? hex(text[2]) : 0;
        if (high < 0 || low < 0 || (escape && high == 0 && low == 0))
            return false;
        *out++ = escape ? (char)(high * 16 + low) : *text;
        text += escape ? 3 : 1;
    }
    *out = '\0';
    return utf8_valid(begin);
}

void http_set_header(http_response *response, const char *name, const char *format, ...) {
    size_t i = 0;
    while (i < response->n_headers && strcasecmp(response->headers[i].name, name))
        i++;
    assert(i < HTTP_MAX_HEADERS && strlen(name) < sizeof response->headers[i].name);
    if (i == response->n_headers)
        response->n_headers++;
    va_list args;
    va_start(args, format);
    int used = vsnprintf(response->headers[i].value, sizeof response->headers[i].value, format, args);
    va_end(args);
    assert(used >= 0 && (size_t)used < sizeof response->headers[i].value);
    (void)used;
    snprintf(response->headers[i].name, sizeof response->headers[i].name, "%s", name);
}

const char *http_find_header(const http_response *response, const char *name) {
    for (size_t i = 0; i < response->n_headers; i++)
        if (!strcasecmp(response->headers[i].name, name))
            return response->headers[i].value;
    return NULL;
}

void http_clear_response(http_response *response) {
    free(response->body);
    if (response->release)
        response->release(response->owner);
    if (response->has_file)
        close(response->file);
    if (response->close_stream)
        response->close_stream(response->stream);
    *response = (http_response){0};
}
