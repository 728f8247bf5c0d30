// SPDX-License-Identifier: Apache-2.0
/* UT Bot trailing stop (as published on TradingView by QuantNomad, after HPotter): a stop at a multiple of
 * W(TR,period) from the close. It ratchets towards the price while the close stays on its side, and flips
 * when the close crosses it. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double weight, multiple;
    pxi_ema range;
    double close, stop;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->weight = PXI_WILDER_WEIGHT(setup->values[0]);
    s->multiple = setup->values[1];
}

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
    double distance = s->multiple * pxi_ema_step(&s->range, s->weight, range);
    s->stop = next_stop(s, close, distance, first);
    s->close = close;
    return s->stop;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = step(memory, bars->high[i], bars->low[i], bars->close[i]);
}

static const px_parameter parameters[] = {
    PXI_PERIOD("period", 1, 10),
    {"multiple", NULL, "Multiple", "ATRs", "from the close to the stop", 0.01, 1000, 0.1, 2, false},
};
static const char *const outputs[] = {"stop"};

const pxi_indicator pxi_ut_bot_indicator = {
    .name = "ut_bot",
    .title = "UT Bot trailing stop",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 2,
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
