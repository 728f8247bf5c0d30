// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"
#include "base/mem.h"
#include "files/csv/bytes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

typedef struct zstd_bytes {
    pxi_bytes base;
    FILE *file;
    char *path, *packed;
    ZSTD_DCtx *stream;
    ZSTD_inBuffer in;
    bool inside; /* a frame that has begun and not ended */
} zstd_bytes;

static px_status refill(zstd_bytes *z, bool *ended, px_error *err) {
    z->in = (ZSTD_inBuffer){z->packed, fread(z->packed, 1, ZSTD_DStreamInSize(), z->file), 0};
    if (ferror(z->file))
        return pxi_fail_errno(err, "read", z->path);
    *ended = z->in.size == 0;
    if (*ended && z->inside)
        return pxi_fail(err, PX_EINPUT, "%s: the zstd data end early; the file is truncated", z->path);
    return PX_OK;
}

static px_status read_zstd(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    zstd_bytes *z = (zstd_bytes *)bytes;
    ZSTD_outBuffer out = {to, size, 0};
    bool ended = false;
    while (out.pos == 0 && !ended) {
        px_status status = z->in.pos == z->in.size ? refill(z, &ended, err) : PX_OK;
        if (status)
            return status;
        const size_t left = ended ? 0 : ZSTD_decompressStream(z->stream, &out, &z->in);
        if (ZSTD_isError(left))
            return pxi_fail(err, PX_EINPUT, "%s: damaged zstd data (%s)", z->path, ZSTD_getErrorName(left));
        z->inside = left != 0;
    }
    *got = out.pos;
    return PX_OK;
}

static px_status rewind_zstd(pxi_bytes *bytes, px_error *err) {
    zstd_bytes *z = (zstd_bytes *)bytes;
    ZSTD_DCtx_reset(z->stream, ZSTD_reset_session_only);
    z->in = (ZSTD_inBuffer){z->packed, 0, 0};
    z->inside = false;
    return fseek(z->file, 0, SEEK_SET) == 0 ? PX_OK : pxi_fail_errno(err, "read again", z->path);
}

static void close_zstd(pxi_bytes *bytes) {
    zstd_bytes *z = (zstd_bytes *)bytes;
    if (z->file)
        fclose(z->file);
    ZSTD_freeDCtx(z->stream);
    free(z->packed);
    free(z->path);
    free(z);
}

bool pxi_bytes_is_zstd(const char *path) {
    unsigned char head[4] = {0};
    FILE *file = fopen(path, "rbe");
    const size_t n = file ? fread(head, 1, sizeof head, file) : 0;
    if (file)
        fclose(file);
    const bool skippable = (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0;
    return n == sizeof head && (skippable || memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0);
}

px_status pxi_bytes_open_zstd(const char *path, pxi_bytes **out, px_error *err) {
    zstd_bytes *z = pxi_new_array(1, sizeof *z);
    if (!z)
        return pxi_fail_memory(err);
    z->base = (pxi_bytes){read_zstd, rewind_zstd, close_zstd};
    z->path = strdup(path);
    z->packed = malloc(ZSTD_DStreamInSize());
    z->stream = ZSTD_createDCtx();
    px_status status = z->path && z->packed && z->stream ? PX_OK : pxi_fail_memory(err);
    if (!status && !(z->file = fopen(path, "rbe")))
        status = pxi_fail_errno(err, "open", path);
    z->in = (ZSTD_inBuffer){z->packed, 0, 0};
    if (status)
        close_zstd(&z->base);
    else
        *out = &z->base;
    return status;
}
