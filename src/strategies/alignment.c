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

/* What they look at, of one bar; `histogram_before` is of the bar before. */
typedef struct view {
    double close, ut_stop, macd, macd_signal, histogram, histogram_before, rsi, vwap, adx;
} view;

static bool buys(const view *v) {
    return v->close > v->ut_stop && v->macd > v->macd_signal && v->histogram > v->histogram_before &&
           v->rsi > 60.0 && v->rsi <= 70.0 && v->close > v->vwap && v->adx > MIN_ADX;
}

static bool sells(const view *v) {
    return v->close < v->ut_stop && v->macd < v->macd_signal && v->histogram < v->histogram_before &&
           v->rsi >= 30.0 && v->rsi < 40.0 && v->close < v->vwap && v->adx > MIN_ADX;
}

int pxi_alignment_step(pxi_alignment *alignment, const px_bar *bar, const double *columns, px_signal *out) {
    const view v = {
        .close = bar->close,
        .ut_stop = columns[PXI_ALIGNMENT_UT_STOP],
        .macd = columns[PXI_ALIGNMENT_MACD],
        .macd_signal = columns[PXI_ALIGNMENT_MACD_SIGNAL],
        .histogram = columns[PXI_ALIGNMENT_HISTOGRAM],
        .histogram_before = alignment->histogram,
        .rsi = columns[PXI_ALIGNMENT_RSI],
        .vwap = columns[PXI_ALIGNMENT_VWAP],
        .adx = columns[PXI_ALIGNMENT_ADX],
    };
    const bool buy = buys(&v), sell = sells(&v);
    int n = 0;
    alignment->histogram = v.histogram;
    if (!buy && !sell)
        return 0;
    px_side side = buy ? PX_LONG : PX_SHORT, other = buy ? PX_SHORT : PX_LONG;
    if (alignment->side == other)
        out[n++] = px_signal_make(PX_ACTION_EXIT, other);
    out[n++] = px_signal_make(PX_ACTION_ENTER, side);
    alignment->side = side;
    return n;
}
