// SPDX-License-Identifier: Apache-2.0
/* The rows of a text, whatever its bytes come from: files, archives, memory. */
#ifndef PXI_TEXT_ROWS_H
#define PXI_TEXT_ROWS_H

#include "files/csv/text_lines.h"
#include "files/table_rows.h"

/* Finds the dialect and notes it. Takes the lines over, also on failure; `name` is borrowed. Errors:
 * PX_EINPUT without the name, PX_ENOMEM, of the lines. Close with pxi_text_rows_close. */
px_status pxi_text_rows_open(pxi_lines **lines, const char *name, bool no_header, px_source *out,
                             pxi_rows **rows, px_error *err);
void pxi_text_rows_close(pxi_rows **rows); /* NULL is a no-op */

#endif
