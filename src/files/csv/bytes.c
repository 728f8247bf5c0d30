// SPDX-License-Identifier: Apache-2.0
#include "files/csv/bytes.h"

#include "base/error.h"
#include "base/mem.h"
#include "pixity/source.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

enum { GZIP_BUFFER = 1 << 18 };

void pxi_bytes_close(pxi_bytes **bytes) {
    if (!bytes || !*bytes)
        return;
    (*bytes)->close(*bytes);
    *bytes = NULL;
}

const char *px_zlib_version(void) {
    return zlibVersion();
}

/* ---- files ----------------------------------------------------------------------------------------------
 */

typedef struct file_bytes {
    pxi_bytes base;
    gzFile file;
    char *path;
} file_bytes;

static px_status fail_read(const file_bytes *f, px_error *err) {
    int code;
    const char *message = gzerror(f->file, &code);
    if (code == Z_ERRNO)
        return pxi_fail_errno(err, "read", f->path);
    if (code == Z_BUF_ERROR)
        return pxi_fail(err, PX_EINPUT, "%s: the gzip data end early; the file is truncated", f->path);
    return pxi_fail(err, PX_EINPUT, "%s: damaged gzip data (%s)", f->path, message);
}

static px_status read_file(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    const file_bytes *f = (const file_bytes *)bytes;
    errno = 0;
    int n = gzread(f->file, to, (unsigned)size);
    int code = Z_OK;
    gzerror(f->file, &code);
    if (n < 0 || code != Z_OK)
        return fail_read(f, err);
    *got = (size_t)n;
    return PX_OK;
}

static px_status rewind_file(pxi_bytes *bytes, px_error *err) {
    const file_bytes *f = (const file_bytes *)bytes;
    return gzrewind(f->file) == 0 ? PX_OK : pxi_fail_errno(err, "read again", f->path);
}

static void close_file(pxi_bytes *bytes) {
    file_bytes *f = (file_bytes *)bytes;
    if (f->file)
        gzclose(f->file);
    free(f->path);
    free(f);
}

px_status pxi_bytes_open(const char *path, pxi_bytes **out, px_error *err) {
    struct stat info;
    if (stat(path, &info) != 0)
        return errno == ENOENT || errno == ENOTDIR ? pxi_fail(err, PX_ENOTFOUND, "no such file: %s", path)
                                                   : pxi_fail_errno(err, "open", path);
    if (S_ISDIR(info.st_mode))
        return pxi_fail(err, PX_EINPUT, "%s is a folder, not a file", path);
    if (pxi_bytes_is_zstd(path))
        return pxi_bytes_open_zstd(path, out, err);
    file_bytes *f = pxi_new_array(1, sizeof *f);
    if (!f)
        return pxi_fail_memory(err);
    *f = (file_bytes){{read_file, rewind_file, close_file}, NULL, strdup(path)};
    px_status status = f->path ? PX_OK : pxi_fail_memory(err);
    if (!status && !(f->file = gzopen(path, "rbe")))
        status = errno ? pxi_fail_errno(err, "open", path) : pxi_fail_memory(err);
    if (status) {
        close_file(&f->base);
        return status;
    }
    gzbuffer(f->file, GZIP_BUFFER);
    *out = &f->base;
    return PX_OK;
}

/* ---- memory ---------------------------------------------------------------------------------------------
 */

typedef struct memory_bytes {
    pxi_bytes base;
    const char *text;
    size_t length, at;
} memory_bytes;

static px_status read_memory(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    memory_bytes *m = (memory_bytes *)bytes;
    (void)err;
    *got = m->length - m->at < size ? m->length - m->at : size;
    if (*got)
        memcpy(to, m->text + m->at, *got);
    m->at += *got;
    return PX_OK;
}

static px_status rewind_memory(pxi_bytes *bytes, px_error *err) {
    (void)err;
    ((memory_bytes *)bytes)->at = 0;
    return PX_OK;
}

static void close_memory(pxi_bytes *bytes) {
    free(bytes);
}

px_status pxi_bytes_of(const char *text, size_t length, pxi_bytes **out, px_error *err) {
    memory_bytes *m = pxi_new_array(1, sizeof *m);
    if (!m)
        return pxi_fail_memory(err);
    *m = (memory_bytes){{read_memory, rewind_memory, close_memory}, text, length, 0};
    *out = &m->base;
    return PX_OK;
}

/* ---- UTF-16 ---------------------------------------------------------------------------------------------
 */

enum { UNITS = 4096 };

typedef struct utf16_bytes {
    pxi_bytes base;
    pxi_bytes *of;
    const char *name;
    bool big;
    uint32_t high;     /* the first half of a pair whose second was not read yet; 0 = none */
    unsigned char odd; /* a byte whose other was not read yet */
    bool has_odd, begun;
    unsigned char raw[2 * UNITS];
    char text[4 * UNITS];
    size_t at, end;
} utf16_bytes;

static void put_utf8(utf16_bytes *u, uint32_t c) {
    char *to = u->text + u->end;
    if (c < 0x80) {
        to[0] = (char)c;
        u->end += 1;
    } else if (c < 0x800) {
        to[0] = (char)(0xc0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3f));
        u->end += 2;
    } else if (c < 0x10000) {
        to[0] = (char)(0xe0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3f));
        to[2] = (char)(0x80 | (c & 0x3f));
        u->end += 3;
    } else {
        to[0] = (char)(0xf0 | c >> 18);
        to[1] = (char)(0x80 | (c >> 12 & 0x3f));
        to[2] = (char)(0x80 | (c >> 6 & 0x3f));
        to[3] = (char)(0x80 | (c & 0x3f));
        u->end += 4;
    }
}

static px_status put_unit(utf16_bytes *u, uint32_t unit, px_error *err) {
    const bool low = unit >= 0xdc00 && unit < 0xe000;
    if (low != (u->high != 0))
        return pxi_fail(err, PX_EINPUT, "%s: its UTF-16 text is damaged: half a pair of units", u->name);
    if (low)
        put_utf8(u, 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00));
    u->high = !low && unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
    if (!low && !u->high)
        put_utf8(u, unit);
    return PX_OK;
}

static px_status refill_utf16(utf16_bytes *u, px_error *err) {
    size_t got = 0, n = u->has_odd;
    u->at = u->end = 0;
    u->raw[0] = u->odd;
    px_status status = u->of->read(u->of, u->raw + n, sizeof u->raw - n, &got, err);
    if (status)
        return status;
    if (got == 0 && (u->has_odd || u->high))
        return pxi_fail(err, PX_EINPUT, "%s: its UTF-16 text ends within a character; it is truncated",
                        u->name);
    n += got;
    size_t i = u->begun || n < 2 ? 0 : 2; /* the mark */
    u->begun |= n >= 2;
    for (; !status && i + 1 < n; i += 2) {
        uint32_t first = u->raw[i], second = u->raw[i + 1];
        status = put_unit(u, u->big ? first << 8 | second : second << 8 | first, err);
    }
    u->has_odd = i < n;
    u->odd = i < n ? u->raw[i] : 0;
    return status;
}

static px_status read_utf16(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    utf16_bytes *u = (utf16_bytes *)bytes;
    px_status status = PX_OK;
    bool before = true;
    while (!status && u->at == u->end && before) {
        status = refill_utf16(u, err);
        before = u->end > 0 || u->has_odd || u->high; /* else the end */
    }
    if (status)
        return status;
    *got = u->end - u->at < size ? u->end - u->at : size;
    memcpy(to, u->text + u->at, *got);
    u->at += *got;
    return PX_OK;
}

static px_status rewind_utf16(pxi_bytes *bytes, px_error *err) {
    utf16_bytes *u = (utf16_bytes *)bytes;
    u->at = u->end = 0;
    u->high = 0;
    u->has_odd = u->begun = false;
    return u->of->rewind(u->of, err);
}

static void close_utf16(pxi_bytes *bytes) {
    pxi_bytes_close(&((utf16_bytes *)bytes)->of);
    free(bytes);
}

px_status pxi_bytes_as_utf8(pxi_bytes **bytes, const char *name, px_error *err) {
    unsigned char mark[2] = {0, 0};
    size_t got = 0;
    utf16_bytes *u = NULL;
    px_status status = (*bytes)->read(*bytes, mark, 2, &got, err);
    if (!status)
        status = (*bytes)->rewind(*bytes, err);
    const bool little = got == 2 && mark[0] == 0xff && mark[1] == 0xfe;
    const bool big = got == 2 && mark[0] == 0xfe && mark[1] == 0xff;
    if (!status && !little && !big)
        return PX_OK;
    if (!status && !(u = pxi_new_array(1, sizeof *u)))
        status = pxi_fail_memory(err);
    if (status) {
        pxi_bytes_close(bytes);
        return status;
    }
    memset(u, 0, sizeof *u);
    u->base = (pxi_bytes){read_utf16, rewind_utf16, close_utf16};
    u->of = *bytes;
    u->name = name;
    u->big = big;
    *bytes = &u->base;
    return PX_OK;
}
