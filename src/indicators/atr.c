// SPDX-License-Identifier: Apache-2.0
/* atr: Wilder's average of the true range; NaN for the first period - 1 bars. The first bar's range is its
 * own. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    double weight;
    size_t period, n_bars;
    double close; /* of the bar before */
    pxi_ema range;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->weight = PXI_WILDER_WEIGHT(setup->values[0]);
    s->period = (size_t)setup->values[0];
}

static double step(state *s, double high, double low, double close) {
    const double range = s->n_bars ? pxi_true_range(high, low, s->close) : high - low;
    const double atr = pxi_ema_step(&s->range, s->weight, range);
    s->close = close;
    return ++s->n_bars < s->period ? NAN : atr;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++)
        out[0][i] = step(memory, bars->high[i], bars->low[i], bars->close[i]);
}

static size_t lookback(const double *values) {
    return (size_t)values[0] - 1;
}

static size_t short_series(const double *values) {
    return (size_t)values[0] + 1;
}

static const px_parameter parameters[] = {PXI_PERIOD("period", 1, 14)};
static const char *const outputs[] = {"atr"};

const pxi_indicator pxi_atr_indicator = {
    .name = "atr",
    .title = "average true range",
    .unit = "price",
    .parameters = parameters,
    .n_parameters = 1,
    .outputs = outputs,
    .n_outputs = 1,
    .lookback = lookback,
    .short_series = short_series,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
