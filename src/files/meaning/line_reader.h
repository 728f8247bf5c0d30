// SPDX-License-Identifier: Apache-2.0
/* Lines of CSV that come one at a time, as in a stream: the header first. What a file shows only in other
 * rows is not known here. */
#ifndef PXI_LINE_READER_H
#define PXI_LINE_READER_H

#include "files/csv/csv_fields.h"
#include "files/meaning/meaning.h"

typedef struct pxi_line_reader {
    char separator;
    size_t n_columns;
    pxi_bar_reader bars;
} pxi_line_reader;

/* Reads a header line, which is cut up. Errors: PX_EINPUT. */
px_status pxi_line_header(char *line, size_t length, const px_zone *zone, pxi_line_reader *out,
                          px_error *err);
/* Reads a row, which is cut up. False if it is no bar; `reason` says why and names the column. */
bool pxi_line_read(pxi_line_reader *reader, char *line, size_t length, px_bar *bar,
                   char reason[PXI_REASON_SIZE]);

#endif
