// SPDX-License-Identifier: Apache-2.0
/* Lines of a text. */
#ifndef PXI_LINES_H
#define PXI_LINES_H

#include "files/csv/bytes.h"

typedef struct pxi_lines pxi_lines;

/* Lines of a file, plain or gzip. Errors: as pxi_bytes_open. Close with pxi_lines_close. */
px_status pxi_lines_open(const char *path, pxi_lines **out, px_error *err);
/* The same of plain text in memory, which is borrowed; `name` stands in messages. */
px_status pxi_lines_open_text(const char *text, size_t length, const char *name, pxi_lines **out,
                              px_error *err);
/* The same of any bytes, which are taken over, also on failure. UTF-16 is read as UTF-8. */
px_status pxi_lines_open_bytes(pxi_bytes *bytes, const char *name, pxi_lines **out, px_error *err);
void pxi_lines_close(pxi_lines **lines); /* NULL is a no-op */
/* Begins anew, at the first line. Errors: PX_EIO. */
px_status pxi_lines_rewind(pxi_lines *lines, px_error *err);

/* The next line without its end (LF or CRLF), NUL-terminated, writable, valid until the next call that reads.
 * *more is false at the end. Errors: PX_EINPUT (binary data, a line over 1 MiB), and of the bytes. */
px_status pxi_lines_next(pxi_lines *lines, char **line, size_t *length, bool *more, px_error *err);
/* The same of a line that is already in memory, beside which those before it stay valid; false if the next
 * one is to be read first. */
bool pxi_lines_next_in_memory(pxi_lines *lines, char **line, size_t *length);
/* 1-based number of the last line given. */
size_t pxi_lines_number(const pxi_lines *lines);

#endif
