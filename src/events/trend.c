// SPDX-License-Identifier: Apache-2.0
/* TREND: with the trend (price beyond VWAP, fast average beyond slow), the close breaks the last swing. */
#include "base/wide.h"
#include "events/detect.h"

enum { VWAP, FAST, SLOW, SWING_HIGH, SWING_LOW };
static const char *const columns[] = {
    [VWAP] = "vwap",
    [FAST] = "ema(20)",
    [SLOW] = "ema(50)",
    [SWING_HIGH] = "swing(swing_period).high",
    [SWING_LOW] = "swing(swing_period).low",
    NULL,
};

PXI_WIDE static void detect_trend(const pxi_event_view *view, const px_config *config, size_t begin, size_t n,
                                  pxi_event_mask long_bit, pxi_event_mask short_bit,
                                  pxi_event_mask *restrict mask) {
    const double *restrict close = view->close + begin, *restrict previous = close - 1;
    const double *restrict vwap = view->column[VWAP] + begin;
    const double *restrict fast = view->column[FAST] + begin;
    const double *restrict slow = view->column[SLOW] + begin;
    const double *restrict swing_high = view->column[SWING_HIGH] + begin;
    const double *restrict swing_low = view->column[SWING_LOW] + begin;
    (void)config;
    for (size_t i = 0; i < n; i++) {
        mask[i] |= (close[i] > vwap[i] ? long_bit : 0) & (fast[i] > slow[i] ? long_bit : 0) &
                   (previous[i] <= swing_high[i] ? long_bit : 0) & (swing_high[i] < close[i] ? long_bit : 0);
        mask[i] |= (close[i] < vwap[i] ? short_bit : 0) & (fast[i] < slow[i] ? short_bit : 0) &
                   (previous[i] >= swing_low[i] ? short_bit : 0) & (swing_low[i] > close[i] ? short_bit : 0);
    }
}

const pxi_event_kind pxi_trend = {.name = "TREND", .columns = columns, .detect = detect_trend};
