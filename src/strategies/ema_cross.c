// SPDX-License-Identifier: Apache-2.0
/* Long while the fast exponential average of the close stands above the slow one. */
#include "base/error.h"
#include "strategies/cross.h"

/* A column each. */
enum { FAST, SLOW, N_PARAMETERS };

static const px_parameter parameters[N_PARAMETERS] = {
    [FAST] = {"fast", NULL, "Fast", "bars", "bars of the fast average", 1, 10000, 1, 20, true},
    [SLOW] = {"slow", NULL, "Slow", "bars", "bars of the slow average, more than of the fast one", 2, 10000,
              1, 50, true},
};

static px_status check(const double *values, px_error *err) {
    return values[FAST] < values[SLOW]
               ? PX_OK
               : pxi_fail(err, PX_EINPUT, "fast is %.10g bars and slow %.10g; fast has to be below slow",
                          values[FAST], values[SLOW]);
}

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    (void)bar;
    return pxi_cross_step(state, columns[FAST], columns[SLOW], out);
}

static const char *const columns[] = {[FAST] = "ema(fast)", [SLOW] = "ema(slow)", NULL};

const px_strategy pxi_ema_cross = {
    .id = "ema_cross",
    .summary = "long when EMA(20) crosses above EMA(50), out when it crosses below",
    .parameters = parameters,
    .n_parameters = N_PARAMETERS,
    .check = check,
    .state_size = sizeof(pxi_cross),
    .columns = columns,
    .init = pxi_cross_init,
    .on_bar = on_bar,
};
