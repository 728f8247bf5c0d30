// SPDX-License-Identifier: Apache-2.0
#include "strategies/alignment.h"

#include "base/error.h"

#include <math.h>

px_status pxi_alignment_check(const double *parameters, px_error *err) {
    const double from = parameters[PXI_ALIGNMENT_RSI_FROM], to = parameters[PXI_ALIGNMENT_RSI_TO];
    const double fast = parameters[PXI_ALIGNMENT_MACD_FAST], slow = parameters[PXI_ALIGNMENT_MACD_SLOW];
    if (!(from < to))
        return pxi_fail(err, PX_EINPUT,
                        "rsi_from is %.10g and rsi_to %.10g: no RSI lies above the one and up to the "
                        "other; rsi_from has to be below rsi_to",
                        from, to);
    if (!(fast < slow))
        return pxi_fail(err, PX_EINPUT,
                        "macd_fast is %.10g bars and macd_slow %.10g; macd_fast has to be below macd_slow",
                        fast, slow);
    return PX_OK;
}

void pxi_alignment_init(void *state, const px_config *config, const double *parameters) {
    pxi_alignment *alignment = state;
    (void)config;
    alignment->rsi_from = parameters[PXI_ALIGNMENT_RSI_FROM];
    alignment->rsi_to = parameters[PXI_ALIGNMENT_RSI_TO];
    alignment->min_adx = parameters[PXI_ALIGNMENT_MIN_ADX];
    alignment->histogram = NAN;
    alignment->side = 0;
}

/* What they look at, of one bar; `histogram_before` is of the bar before. */
typedef struct view {
    double close, ut_stop, macd, macd_signal, histogram, histogram_before, rsi, vwap, adx;
} view;

static bool buys(const pxi_alignment *s, const view *v) {
    return v->close > v->ut_stop && v->macd > v->macd_signal && v->histogram > v->histogram_before &&
           v->rsi > s->rsi_from && v->rsi <= s->rsi_to && v->close > v->vwap && v->adx > s->min_adx;
}

static bool sells(const pxi_alignment *s, const view *v) {
    return v->close < v->ut_stop && v->macd < v->macd_signal && v->histogram < v->histogram_before &&
           v->rsi >= 100.0 - s->rsi_to && v->rsi < 100.0 - s->rsi_from && v->close < v->vwap &&
           v->adx > s->min_adx;
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
    const bool buy = buys(alignment, &v), sell = sells(alignment, &v);
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
