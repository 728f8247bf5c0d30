// SPDX-License-Identifier: Apache-2.0
/* How a text file writes its table: what divides the fields, which line names the columns, where rows begin.
 * Found from its first lines. */
#ifndef PXI_DIALECT_H
#define PXI_DIALECT_H

#include "files/csv/csv_fields.h"
#include "files/csv/text_lines.h"

enum { PXI_BLANKS = ' ' }; /* as a separator: runs of blanks and tabs */

typedef struct pxi_dialect {
    char separator;    /* of rows: ',' ';' '\t' '|' or PXI_BLANKS */
    bool whole_quoted; /* each line stands in quotes, as a whole */
    bool joined;       /* of blanks: date and time of day are two fields and one column */
    bool unnamed;      /* no line names the columns */
    size_t header;     /* the line that does, from 1; 0 = none */
    size_t first;      /* line of the first row */
    size_t least;      /* fields that a row has at least */
    size_t n;          /* columns */
    char **names;      /* each; "1", "2", ... where the file is unnamed */
    char *index;       /* name of the first column in a second header line, or NULL */
    char *ticker;      /* that a second header line names for all columns, or NULL */
} pxi_dialect;

/* Reads the first lines and rewinds. `no_header`: no line names columns. Errors: PX_EINPUT (an empty file, a
 * header whose quotes do not balance, more columns than are read), PX_ENOMEM, of the lines. */
px_status pxi_dialect_find(pxi_lines *lines, bool no_header, pxi_dialect *out, px_error *err);
void pxi_dialect_free(pxi_dialect *dialect);
/* Takes the quotes off a line that stands in them as a whole, in place. */
void pxi_line_unquote(char **line, size_t *length);
/* pxi_csv_split in the dialect. */
size_t pxi_dialect_split(const pxi_dialect *dialect, char *line, size_t length, pxi_field *fields,
                         size_t max);

#endif
