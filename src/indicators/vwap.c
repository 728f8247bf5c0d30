// SPDX-License-Identifier: Apache-2.0
/* vwap: within a session, the cumulative value of typical prices over the cumulative volume; the mean of the
 * session's typical prices (TWAP) while that volume is 0, where the setup allows it. */
#include "indicators/indicator.h"

typedef struct state {
    px_session_cursor cursor;
    bool twap;
    double value, volume, price, n; /* sums over the session so far */
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->cursor = px_session_cursor_make(setup->calendar);
    s->twap = setup->twap;
}

static size_t session_end(const state *s, const px_bars *bars, size_t begin) {
    size_t end = begin + 1;
    while (end < bars->n && bars->ts_us[end] < s->cursor.session.next_midnight_us)
        end++;
    return end;
}

/* Sums of one session's bars; prices are threefold, so one division by 3 serves all. */
static void accumulate(state *s, size_t begin, size_t end, const px_bars *bars, double *restrict numerator,
                       double *restrict denominator) {
    const double *restrict high = bars->high, *restrict low = bars->low, *restrict close = bars->close;
    double value = s->value, volume = s->volume, price = s->price, n = s->n;
    for (size_t i = begin; i < end; i++) {
        const double price3 = high[i] + low[i] + close[i];
        value += price3 * bars->volume[i];
        volume += bars->volume[i];
        price += price3;
        n += 1.0;
        const bool weighted = volume > 0.0 || !s->twap;
        numerator[i] = weighted ? value : price;
        denominator[i] = weighted ? volume : n;
    }
    s->value = value, s->volume = volume, s->price = price, s->n = n;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    state *s = memory;
    double denominator[PXI_BLOCK], *restrict vwap = out[0];
    for (size_t begin = 0, end; begin < bars->n; begin = end) {
        if (px_session_advance(&s->cursor, bars->ts_us[begin]))
            s->value = s->volume = s->price = s->n = 0.0;
        end = session_end(s, bars, begin);
        accumulate(s, begin, end, bars, vwap, denominator);
    }
    for (size_t i = 0; i < bars->n; i++)
        vwap[i] /= 3.0 * denominator[i];
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
