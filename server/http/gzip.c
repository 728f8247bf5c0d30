// SPDX-License-Identifier: Apache-2.0
#include "server/http/gzip.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

char *gzip_compress(const void *bytes, size_t length, int level, size_t *out_length) {
    enum { GZIP_WINDOW = 15 + 16, MEMORY = 8 };
    z_stream flow = {.next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)length};
    if (length > UINT32_MAX / 2 || length < 64 ||
        deflateInit2(&flow, level, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return NULL;
    char *out = malloc(length);
    flow.next_out = (Bytef *)out;
    flow.avail_out = (uInt)(length - 1);
    bool whole = out && deflate(&flow, Z_FINISH) == Z_STREAM_END;
    *out_length = flow.total_out;
    deflateEnd(&flow);
    if (whole)
        return out;
    free(out);
    return NULL;
}

/* One coding of the header's list, up to the comma: "gzip;q=0.5". */
static bool takes_gzip(const char *item, size_t length) {
    size_t name = strcspn(item, "; \t,");
    bool named = (name == 4 && !strncasecmp(item, "gzip", 4)) || (name == 1 && *item == '*');
    const char *weight = memchr(item, '=', length);
    return named && !(weight && strtod(weight + 1, NULL) <= 0);
}

bool gzip_accepted(const char *header) {
    for (const char *item = header; item && *item;) {
        item += strspn(item, " \t,");
        size_t length = strcspn(item, ",");
        if (length && takes_gzip(item, length))
            return true;
        item += length;
    }
    return false;
}
