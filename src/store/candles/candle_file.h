// SPDX-License-Identifier: Apache-2.0
/* A candle file vouches for itself. Its footer's key-value metadata hold, under `pixity_checksum`,
 *
 *     xxh3 bars <16 hex digits> pages <16> footer <16>
 *
 * `bars` is of the values: XXH3 over each column, and over the six results. It is checked while they are
 * read, block by block in the processor's cache, which costs a third of reading the file's bytes once more.
 * `footer` is of all bytes behind the pages, with its own digits as zeros, `pages` of those before: what a
 * page says of itself besides values. Small files are checked whole whenever they are read, others by `data
 * verify`. A file without the key is of an earlier version or of somebody else: its values are checked, for
 * what they are. */
#ifndef PXI_CANDLE_FILE_H
#define PXI_CANDLE_FILE_H

#include "files/duck/duck.h"

typedef struct pxi_checksum {
    bool present;
    uint64_t bars, pages;
} pxi_checksum;

/* Writes bars to a file, whole and flushed, with their checksum. */
px_status pxi_candle_file_write(pxi_duck *duck, const px_bars *bars, const char *path, px_error *err);
/* What an open file's footer says. `whole`: its pages are checked too, however many. Errors: PX_ECORRUPT
 * without the file's name, PX_EIO, PX_ENOMEM. */
px_status pxi_checksum_read(int fd, bool whole, pxi_checksum *out, px_error *err);

/* Bars as they are read, to be checked: NULL only on out of memory. */
typedef struct pxi_bars_digest pxi_bars_digest;
pxi_bars_digest *pxi_bars_digest_new(void);
void pxi_bars_digest_free(pxi_bars_digest **digest);
void pxi_bars_digest_add(pxi_bars_digest *digest, const px_bars *bars, size_t begin, size_t end);
/* Of all that was added; begins anew. */
uint64_t pxi_bars_digest_end(pxi_bars_digest *digest);

#endif
