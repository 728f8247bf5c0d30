// SPDX-License-Identifier: Apache-2.0
/* The bars of a run, loaded once for all that is drawn from them. */
#ifndef PXI_REPORT_BARS_H
#define PXI_REPORT_BARS_H

#include "report/stored.h"

/* Columns of a bar without indicators: open, high, low, close, volume. */
enum { PXI_N_PRICES = 5 };

/* Columns that are shown beside the bars, in the order asked for. */
enum { PXI_MAX_INDICATORS = PX_COLUMNS_MAX - PXI_N_PRICES };
typedef struct pxi_indicators {
    size_t n;
    char name[PXI_MAX_INDICATORS][sizeof(((px_series_column *)0)->name)]; /* as asked for: specs */
} pxi_indicators;
/* "ema20,macd(5,35,5).signal"; NULL and "" are none, twice is once. Errors: PX_EINPUT with the nearest name,
 * and for more than there is room for. */
px_status pxi_indicators_parse(const char *text, pxi_indicators *out, px_error *err);

/* Bars, with their feature frame where settings look ahead; else indicators are made as rows are. */
typedef struct pxi_bar_view {
    px_dataset data;
    const px_config *config; /* of the features; borrowed */
    px_feature_frame frame;
    pxi_indicators indicators;
    size_t begin, end; /* what may be shown */
    int same_data;     /* as in px_columns */
} pxi_bar_view;
void pxi_bar_view_free(pxi_bar_view *view);

/* The run's bars at its own timeframe. `out` from a zeroed struct. Errors: as px_run_bars. */
px_status pxi_run_view(px_home *home, const pxi_stored_run *run, const char *run_id,
                       const pxi_indicators *indicators, pxi_bar_view *out, px_error *err);
/* Of a view: what is to be shown, merged to at most `points` rows. */
px_status pxi_view_columns(const pxi_bar_view *view, size_t points, px_columns *out, px_error *err);
/* Of a view: how many bars lie around trades. */
px_status pxi_view_count_trade_bars(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                                    size_t around, size_t *n, px_error *err);
/* Of a view: the bars around trades, each once. */
px_status pxi_view_trade_columns(const pxi_bar_view *view, const px_table *trades, const char *run_id,
                                 size_t around, px_columns *out, px_error *err);

#endif
