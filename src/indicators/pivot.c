// SPDX-License-Identifier: Apache-2.0
/* pivot: (H + L + C) / 3 of the session before; NaN in the first session. */
#include "indicators/indicator.h"
#include "indicators/recurrence.h"

typedef struct state {
    px_session_cursor cursor;
    double high, low, close; /* of the session so far; NaN before the first bar */
    double pivot;
} state;

static void init(void *memory, const pxi_indicator_setup *setup) {
    state *s = memory;
    s->cursor = px_session_cursor_make(setup->calendar);
    s->high = s->low = s->close = s->pivot = NAN;
}

static double step(state *s, const px_bar *bar) {
    if (px_session_advance(&s->cursor, bar->ts_us)) {
        s->pivot = (s->high + s->low + s->close) / 3.0;
        s->high = bar->high;
        s->low = bar->low;
    }
    s->high = pxi_larger(s->high, bar->high);
    s->low = -pxi_larger(-s->low, -bar->low);
    s->close = bar->close;
    return s->pivot;
}

static void run(void *memory, const px_bars *bars, double *const *out) {
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        out[0][i] = step(memory, &bar);
    }
}

static const char *const outputs[] = {"pivot"};

const pxi_indicator pxi_pivot_indicator = {
    .name = "pivot",
    .title = "(high + low + close) / 3 of the session before",
    .unit = "price",
    .outputs = outputs,
    .n_outputs = 1,
    .state_size = sizeof(state),
    .init = init,
    .run = run,
};
