// SPDX-License-Identifier: Apache-2.0
/* Making columns, and thinning them to what a chart can show. */
#ifndef PXI_COLUMNS_H
#define PXI_COLUMNS_H

#include "pixity/report.h"

/* Room for n_rows rows of the time and these columns, all undefined. `out` from a zeroed struct. Errors:
 * PX_ENOMEM. */
typedef struct pxi_series_def {
    const char *name, *unit;
} pxi_series_def;
px_status pxi_columns_init(px_columns *out, const pxi_series_def *defs, size_t n_columns, size_t n_rows,
                           px_error *err);
/* The zone's name, and its offset where all rows have the same. */
void pxi_columns_set_zone(px_columns *columns, const px_zone *zone);
/* The exchange's wall clock at an instant, in seconds since 1970 of that clock. */
int64_t pxi_wall_seconds(int64_t ts_us, const px_zone *zone);

/* How many of n bars become one, so that there are at most `points` (0 = all). */
size_t pxi_bars_per_point(size_t n, size_t points);

#define PXI_MAX_CURVES 4
/* Indices, ascending, of at most `points` (at least 8 are kept; 0 = all) of n rows that show what all of them
 * show: of every stretch the lowest and highest row of each curve and the last row; and the first of all.
 * *kept is malloc'ed. Errors: PX_ENOMEM. */
px_status pxi_thin_curves(const double *const *curves, size_t n_curves, size_t n, size_t points,
                          size_t **kept, size_t *n_kept, px_error *err);

#endif
