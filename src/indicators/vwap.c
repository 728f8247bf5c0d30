// SPDX-License-Identifier: Apache-2.0
/* vwap: within a session, the cumulative value of typical prices over the cumulative volume; the mean of the
 * session's typical prices (TWAP) while that volume is 0, where the setup allows it.
 *
 * Sums and the quotient are compensated, so that a close that is the average is not above or below it by the
 * order of summing. Profile `reference` has what they round to term by term. */
#include "base/compensated.h"
#include "base/wide.h"
#include "indicators/indicator.h"

typedef struct state {
    px_session_cursor cursor;
    bool twap, plain;
    pxi_sum value, volume, price; /* over the session so far */
    double n;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->cursor = px_session_cursor_make(setup->calendar);
    s->twap = setup->twap;
    s->plain = setup->reference;
}

static size_t session_end(const state *s, const px_bars *bars, size_t begin) {
    size_t end = begin + 1;
    while (end < bars->n && bars->ts_us[end] < s->cursor.session.next_midnight_us)
        end++;
    return end;
}

/* Of each bar its value and price with their rests, then what is divided by what, with theirs; prices are
 * threefold, so one division by 3 serves all. */
typedef struct terms {
    double over[PXI_BLOCK], over_rest[PXI_BLOCK], under[PXI_BLOCK], under_rest[PXI_BLOCK];
} terms;

PXI_WIDE static void value_bars(const px_bars *bars, terms *t) {
    const double *restrict high = bars->high, *restrict low = bars->low, *restrict close = bars->close;
    for (size_t i = 0; i < bars->n; i++) {
        const double volume = bars->volume[i], range = high[i] + low[i], price = range + close[i];
        const double value = price * volume;
        t->under[i] = price;
        t->under_rest[i] = pxi_rest_of_sum(high[i], low[i], range) + pxi_rest_of_sum(range, close[i], price);
        t->over[i] = value;
        t->over_rest[i] = pxi_rest_of_product(price, volume, value) + t->under_rest[i] * volume;
    }
}

/* Sums of one session's bars. */
static void accumulate(state *s, size_t begin, size_t end, const double *restrict volumes, terms *t) {
    pxi_sum value = s->value, volume = s->volume, price = s->price;
    double n = s->n;
    for (size_t i = begin; i < end; i++) {
        pxi_sum_add(&value, t->over[i], t->over_rest[i]);
        pxi_sum_add(&price, t->under[i], t->under_rest[i]);
        pxi_sum_add(&volume, volumes[i], 0.0);
        n += 1.0;
        const bool weighted = volume.high > 0.0 || !s->twap;
        t->over[i] = weighted ? value.high : price.high;
        t->over_rest[i] = weighted ? value.low : price.low;
        t->under[i] = weighted ? volume.high : n;
        t->under_rest[i] = weighted ? volume.low : 0.0;
    }
    s->value = value, s->volume = volume, s->price = price, s->n = n;
}

/* The quotient, and what is left of the division over the divisor. */
PXI_WIDE static void divide(const terms *t, size_t n, bool plain, double *restrict vwap) {
    for (size_t i = 0; i < n; i++) {
        const double divisor = 3.0 * t->under[i], quotient = t->over[i] / divisor;
        const double product = quotient * divisor;
        const double divisor_rest = pxi_rest_of_product(3.0, t->under[i], divisor) + 3.0 * t->under_rest[i];
        const double left = (t->over[i] - product) - pxi_rest_of_product(quotient, divisor, product) +
                            (t->over_rest[i] - quotient * divisor_rest);
        vwap[i] = plain ? quotient : quotient + left / divisor;
    }
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    terms t;
    value_bars(bars, &t);
    for (size_t begin = 0, end; begin < bars->n; begin = end) {
        if (px_session_advance(&s->cursor, bars->ts_us[begin])) {
            s->value = s->volume = s->price = (pxi_sum){0};
            s->n = 0.0;
        }
        end = session_end(s, bars, begin);
        accumulate(s, begin, end, bars->volume, &t);
    }
    divide(&t, bars->n, s->plain, out[0]);
}

static const char *const outputs[] = {"vwap"};

const pxi_indicator pxi_vwap_indicator = {
    .name = "vwap",
    .title = "volume-weighted average price of the session so far",
    .unit = "price",
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
