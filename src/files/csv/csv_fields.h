// SPDX-License-Identifier: Apache-2.0
/* Lines of CSV cut into fields (RFC 4180, without line breaks inside quotes). Lines are cut up in place. */
#ifndef PXI_CSV_FIELDS_H
#define PXI_CSV_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

#define PXI_CSV_MAX_COLUMNS 256

typedef struct pxi_field {
    char *text; /* NUL-terminated, without quotes and blanks around it */
    size_t length;
} pxi_field;

/* The names of a header line and their number; `names` has room for PXI_CSV_MAX_COLUMNS. The separator is
 * ',' ';' or tab, whichever the line has most of. Errors: PX_EINPUT. */
px_status pxi_csv_names(char *line, size_t length, char *separator, const char **names, size_t *n,
                        px_error *err);
/* Cuts a line into fields. Returns their number, or SIZE_MAX where quotes do not balance. More than `max`
 * fields are counted but not kept. */
size_t pxi_csv_split(char *line, size_t length, char separator, pxi_field *fields, size_t max);
/* What pxi_csv_split returned against the header: false, with the reason, where they differ. */
bool pxi_csv_row_fits(size_t n, size_t n_columns, char *reason, size_t size);

#endif
