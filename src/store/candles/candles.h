// SPDX-License-Identifier: Apache-2.0
/* What is stored of an instrument. */
#ifndef PXI_CANDLES_H
#define PXI_CANDLES_H

#include "pixity/store.h"

typedef struct pxi_coverage {
    int64_t first_us, last_us;
    size_t n;
} pxi_coverage;

/* First and last bar and their number. n is 0 where nothing is stored. */
px_status pxi_candles_coverage(px_home *home, const char *key, int timeframe_minutes, pxi_coverage *out,
                               px_error *err);

/* On how many days (UTC) of [begin_us, end_us) there are bars. 0 where nothing is stored, SIZE_MAX where
 * a file is damaged. */
px_status pxi_candles_count_days(px_home *home, const char *key, int timeframe_minutes, int64_t begin_us,
                                 int64_t end_us, size_t *out, px_error *err);

/* A row or more of a table for a series. */
typedef px_status (*pxi_series_fn)(px_home *home, const px_instrument *instrument, int timeframe_minutes,
                                   px_table *table, px_error *err);
/* All series of a key. */
px_status pxi_candles_each_series(px_home *home, const char *key, pxi_series_fn visit, px_table *table,
                                  px_error *err);

/* The number of the last entry of an instrument's journal, 0 = it has none. */
px_status pxi_candles_last_entry(const px_home *home, const char *key, int *out, px_error *err);

/* When the bars and adjustments of each instrument that has a folder last changed. */
typedef struct pxi_data_times {
    size_t n, capacity;
    struct pxi_data_time *items;
} pxi_data_times;
px_status pxi_candles_times(px_home *home, pxi_data_times *out, px_error *err);
/* Of the instruments of a symbol the latest; INT64_MAX where none has a folder. */
int64_t pxi_data_times_of(const pxi_data_times *times, const char *symbol);
void pxi_data_times_free(pxi_data_times *times);

/* Whether any bars of a key are stored. */
px_status pxi_candles_any(const px_home *home, const char *key, bool *out, px_error *err);

/* The instrument of a key that has a folder, whether or not the table of instruments still knows it. */
px_status pxi_candles_find_key(px_home *home, const char *key, px_instrument *out, px_error *err);
/* Visits the keys that have a folder, in its names' order, until one fails. */
typedef px_status (*pxi_key_fn)(px_home *home, const char *key, px_table *table, px_error *err);
px_status pxi_candles_each_key(px_home *home, pxi_key_fn visit, px_table *table, px_error *err);

#endif
