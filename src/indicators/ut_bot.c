// SPDX-License-Identifier: Apache-2.0
/* UT Bot trailing stop (as published on TradingView by QuantNomad, after HPotter): a stop at 2 W(TR,10) from
 * the close. It ratchets towards the price while the close stays on its side, and flips when the close
 * crosses it. */
#include "indicators/kernel.h"
#include "indicators/recurrence.h"

#define PERIOD   10
#define MULTIPLE 2.0

typedef struct state {
    pxi_ema range;
    double close, stop;
} state;

/* The first stop is below the price. */
static double next_stop(const state *s, double close, double distance, bool first) {
    if (first)
        return close - distance;
    if (close > s->stop)
        return s->close > s->stop ? pxi_larger(s->stop, close - distance) : close - distance;
    if (close < s->stop && s->close < s->stop)
        return -pxi_larger(-s->stop, -(close + distance));
    return close + distance;
}

static double step(state *s, double high, double low, double close) {
    const bool first = !s->range.started;
    double range = first ? high - low : pxi_true_range(high, low, s->close);
    double distance = MULTIPLE * pxi_ema_step(&s->range, PXI_WILDER_WEIGHT(PERIOD), range);
    s->stop = next_stop(s, close, distance, first);
    s->close = close;
    return s->stop;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = step(memory, bars->high[i], bars->low[i], bars->close[i]);
}

const pxi_kernel pxi_ut_bot_kernel = {"ut_bot", 1, sizeof(state), NULL, NULL, run};
