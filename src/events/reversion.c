// SPDX-License-Identifier: Apache-2.0
/* REVERSION: without a trend (ADX below CALM_ADX), the close comes back into the band of k ATRs around VWAP.
 * Both closes are held against this bar's band. */
#include "base/wide.h"
#include "events/detect.h"

#define CALM_ADX 25.0

enum { VWAP, ATR, ADX };
static const char *const columns[] = {[VWAP] = "vwap", [ATR] = "atr(14)", [ADX] = "adx(14)", NULL};
static const char *const settings[] = {"reversion_k", NULL};

PXI_WIDE static void detect_reversion(const pxi_event_view *view, const px_config *config, size_t begin,
                                      size_t n, pxi_event_mask long_bit, pxi_event_mask short_bit,
                                      pxi_event_mask *restrict mask) {
    const double *restrict close = view->close + begin, *restrict previous = close - 1;
    const double *restrict vwap = view->column[VWAP] + begin;
    const double *restrict atr = view->column[ATR] + begin;
    const double *restrict adx = view->column[ADX] + begin;
    const double k = config->reversion_k;
    for (size_t i = 0; i < n; i++) {
        const double lower = vwap[i] - k * atr[i], upper = vwap[i] + k * atr[i];
        mask[i] |= (adx[i] < CALM_ADX ? long_bit : 0) & (previous[i] < lower ? long_bit : 0) &
                   (lower <= close[i] ? long_bit : 0);
        mask[i] |= (adx[i] < CALM_ADX ? short_bit : 0) & (previous[i] > upper ? short_bit : 0) &
                   (upper >= close[i] ? short_bit : 0);
    }
}

const pxi_event_kind pxi_reversion = {
    .name = "REVERSION",
    .columns = columns,
    .settings = settings,
    .detect = detect_reversion,
};
