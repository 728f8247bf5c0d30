// SPDX-License-Identifier: Apache-2.0
#include "strategies/alignment.h"

#include <math.h>

/* ADX above which a trend is worth following. */
#define MIN_ADX 25.0

void pxi_alignment_init(void *state, const px_config *config) {
    pxi_alignment *alignment = state;
    (void)config;
    alignment->histogram = NAN;
    alignment->side = 0;
}

static bool buys(const px_bar *bar, const px_analytics *a, double histogram_before) {
    return bar->close > a->ut_stop && a->macd > a->macd_signal && a->macd_histogram > histogram_before &&
           a->rsi14 > 60.0 && a->rsi14 <= 70.0 && bar->close > a->row[PX_VWAP] && a->row[PX_ADX] > MIN_ADX;
}

static bool sells(const px_bar *bar, const px_analytics *a, double histogram_before) {
    return bar->close < a->ut_stop && a->macd < a->macd_signal && a->macd_histogram < histogram_before &&
           a->rsi14 >= 30.0 && a->rsi14 < 40.0 && bar->close < a->row[PX_VWAP] && a->row[PX_ADX] > MIN_ADX;
}

int pxi_alignment_step(pxi_alignment *alignment, const px_bar *bar, const px_analytics *analytics,
                       px_signal *out) {
    bool buy = buys(bar, analytics, alignment->histogram), sell = sells(bar, analytics, alignment->histogram);
    int n = 0;
    alignment->histogram = analytics->macd_histogram;
    if (!buy && !sell)
        return 0;
    px_side side = buy ? PX_LONG : PX_SHORT, other = buy ? PX_SHORT : PX_LONG;
    if (alignment->side == other)
        out[n++] = px_signal_make(PX_ACTION_EXIT, other);
    out[n++] = px_signal_make(PX_ACTION_ENTER, side);
    alignment->side = side;
    return n;
}
