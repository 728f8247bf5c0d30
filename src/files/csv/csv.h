// SPDX-License-Identifier: Apache-2.0
/* Rows of bars in CSV: the header says which column holds what, a row is one bar. Files and streams share it.
 */
#ifndef PXI_CSV_H
#define PXI_CSV_H

#include "files/csv/csv_fields.h"
#include "files/source.h"

typedef struct pxi_csv_format {
    char separator; /* ',' ';' or tab, whichever the header has most of */
    size_t n_columns;
    pxi_bar_columns columns;
    size_t time_of_day; /* the `time` column beside a `date` column; SIZE_MAX = none */
} pxi_csv_format;

/* Reads a header line, which is cut up: the names stand in it; NULL, or room for PXI_CSV_MAX_COLUMNS. Errors:
 * PX_EINPUT. */
px_status pxi_csv_header(char *line, size_t length, pxi_csv_format *out, const char **names, px_error *err);

typedef struct pxi_csv_row {
    px_bar bar;
    const char *symbol;      /* inside the line; NULL without such a column */
    const char *time;        /* inside the line */
    const char *time_of_day; /* beside a date; NULL without such a column */
} pxi_csv_row;

#define PXI_CSV_REASON_SIZE sizeof(((px_rejection *)0)->reason)
/* Reads a row, which is cut up. False if it is no bar; `reason` says why and names the column. */
bool pxi_csv_row_parse(const pxi_csv_format *format, char *line, size_t length, const px_zone *zone,
                       pxi_csv_row *out, char reason[PXI_CSV_REASON_SIZE]);

#endif
