// SPDX-License-Identifier: Apache-2.0
/* Columns of candles as slots side by side: one a row, and one for each hole. */
#ifndef PXI_SLOTS_H
#define PXI_SLOTS_H

#include "pixity/report.h"

#define PXI_HOLE SIZE_MAX
typedef struct pxi_candle_slots {
    size_t n;
    size_t *rows; /* or PXI_HOLE */
} pxi_candle_slots;
/* `out` from a zeroed struct. Errors: PX_EINPUT for columns that are no candles, or none. */
px_status pxi_candle_slots_make(const px_columns *columns, pxi_candle_slots *out, px_error *err);
void pxi_candle_slots_free(pxi_candle_slots *slots);

typedef struct pxi_candle {
    double open, high, low, close, volume; /* volume NaN = there is none */
} pxi_candle;
pxi_candle pxi_candle_at(const px_columns *columns, size_t row);
void pxi_candles_range(const px_columns *columns, double *low, double *high);
double pxi_candles_volume(const px_columns *columns); /* the most; 0 = none */
/* "300 bars of 15m, 2022-08-16 09:15 to ...": what is shown, for people. */
void pxi_candles_describe(const px_columns *columns, char *buf, size_t size);
/* As px_candles_draw_file, to wherever. */
px_status pxi_candles_draw(const px_candles_picture *picture, px_write_fn write, void *user, px_error *err);

#endif
