// SPDX-License-Identifier: Apache-2.0
/* Lines of a text file, plain or gzip, told apart by their content. The checksum and length that gzip keeps
 * are verified. */
#ifndef PXI_GZ_LINES_H
#define PXI_GZ_LINES_H

#include "pixity/status.h"

#include <stdbool.h>
#include <stddef.h>

typedef struct pxi_lines pxi_lines;

/* Errors: PX_ENOTFOUND, PX_EINPUT (a folder), PX_EIO, PX_ENOMEM. Close with pxi_lines_close. */
px_status pxi_lines_open(const char *path, pxi_lines **out, px_error *err);
/* The same of plain text in memory, which is borrowed; `name` stands in messages. */
px_status pxi_lines_open_text(const char *text, size_t length, const char *name, pxi_lines **out,
                              px_error *err);
void pxi_lines_close(pxi_lines **lines); /* NULL is a no-op */

/* The next line without its end (LF or CRLF), NUL-terminated, writable, valid until the next call. *more is
 * false at the end. Errors: PX_EINPUT (binary data, damaged or truncated gzip, a line over 1 MiB), PX_EIO. */
px_status pxi_lines_next(pxi_lines *lines, char **line, size_t *length, bool *more, px_error *err);
/* 1-based number of the last line given. */
size_t pxi_lines_number(const pxi_lines *lines);

#endif
