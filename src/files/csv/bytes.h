// SPDX-License-Identifier: Apache-2.0
/* The bytes of a text, wherever they come from: a file, gzip, memory, a member of an archive. */
#ifndef PXI_BYTES_H
#define PXI_BYTES_H

#include "pixity/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct pxi_bytes pxi_bytes;
struct pxi_bytes {
    /* At most `size` bytes more; *got = 0 at the end. */
    px_status (*read)(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err);
    px_status (*rewind)(pxi_bytes *bytes, px_error *err); /* to the first byte */
    void (*close)(pxi_bytes *bytes);
};

/* A file, plain, gzip or zstd, told apart by its content; checksum and length are verified. Errors:
 * PX_ENOTFOUND, PX_EINPUT (a folder), PX_EIO, PX_ENOMEM; of reading PX_EINPUT (damaged or truncated data). */
px_status pxi_bytes_open(const char *path, pxi_bytes **out, px_error *err);
bool pxi_bytes_is_zstd(const char *path);
px_status pxi_bytes_open_zstd(const char *path, pxi_bytes **out, px_error *err);
/* Memory, which is borrowed. */
px_status pxi_bytes_of(const char *text, size_t length, pxi_bytes **out, px_error *err);
/* The same text in UTF-8 where it begins with a byte order mark of UTF-16, else as it is. Takes `*bytes`
 * over. Errors: PX_ENOMEM, and of reading the first bytes; *bytes is closed then. */
px_status pxi_bytes_as_utf8(pxi_bytes **bytes, const char *name, px_error *err);
void pxi_bytes_close(pxi_bytes **bytes); /* NULL is a no-op */

#endif
