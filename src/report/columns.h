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
/* A row that is kept. */
typedef struct pxi_point {
    size_t row;
    int64_t ts_us;
    double values[PXI_MAX_CURVES]; /* of the curves */
} pxi_point;

/* Rows of curves, block by block, of which at most `points` (at least 8; 0 = all) are kept that show what all
 * of them show: of every stretch the lowest and highest row of each curve and the last row; and the first of
 * all. */
typedef struct pxi_thinning {
    size_t n, n_curves, n_stretches;         /* rows there will be; stretches: 0 = each row is kept */
    size_t at, stretch, stretch_end;         /* rows seen so far; where they are */
    pxi_point found[2 * PXI_MAX_CURVES + 1]; /* of this stretch: each curve's lowest and highest, the last */
    pxi_point *kept;                         /* ascending */
    size_t n_kept;
} pxi_thinning;
/* `out` from a zeroed struct. Errors: PX_ENOMEM. */
px_status pxi_thinning_begin(pxi_thinning *out, size_t n, size_t n_curves, size_t points, px_error *err);
/* The next n rows; of rows beyond those that were announced none is kept. */
void pxi_thinning_add(pxi_thinning *thinning, const int64_t *ts_us, const double *const *curves, size_t n);
void pxi_thinning_free(pxi_thinning *thinning);

#endif
