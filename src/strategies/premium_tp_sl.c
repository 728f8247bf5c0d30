// SPDX-License-Identifier: Apache-2.0
/* Enters where trend and momentum agree; leaves at a stop, at a target, after some bars, or at the opposite
 * signal. */
#include "strategies/alignment.h"

/* The column behind those of the alignment. */
enum { ATR = PXI_ALIGNMENT_N_COLUMNS };

enum { STOP_ATRS = PXI_N_ALIGNMENT, TARGET_ATRS, HOLD_BARS, ATR_PERIOD, N_PARAMETERS };

static const px_parameter parameters[N_PARAMETERS] = {
    PXI_ALIGNMENT_PARAMETERS,
    [STOP_ATRS] = {"stop_atrs", "stop", "Stop", "ATRs", "from the fill to the stop", 0.1, 20, 0.1, 1.5,
                   false},
    [TARGET_ATRS] = {"target_atrs", "target", "Target", "ATRs", "from the fill to the target", 0.1, 50, 0.1,
                     3, false},
    [HOLD_BARS] = {"hold_bars", "hold", "Hold", "bars", "watched bars after which the trade is left", 1,
                   10000, 1, 20, true},
    [ATR_PERIOD] = {"atr_period", NULL, "ATR period", "bars", "bars of the true range's average", 1, 10000, 1,
                    14, true},
};
_Static_assert(N_PARAMETERS <= PX_MAX_PARAMETERS, "a value each");

typedef struct premium {
    pxi_alignment alignment;
    double stop_atrs, target_atrs;
    int hold_bars;
} premium;

static void init(void *state, const px_config *config, const double *values) {
    premium *p = state;
    pxi_alignment_init(&p->alignment, config, values);
    p->stop_atrs = values[STOP_ATRS];
    p->target_atrs = values[TARGET_ATRS];
    p->hold_bars = (int)values[HOLD_BARS];
}

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    premium *p = state;
    int n = pxi_alignment_step(&p->alignment, bar, columns, out);
    double atr = columns[ATR];
    if (n > 0) {
        px_signal *entry = &out[n - 1];
        entry->stop = (px_level){PX_LEVEL_DISTANCE, p->stop_atrs * atr};
        entry->target = (px_level){PX_LEVEL_DISTANCE, p->target_atrs * atr};
        entry->atr = atr;
        entry->h_bars = p->hold_bars;
    }
    return n;
}

static const char *const columns[] = {PXI_ALIGNMENT_COLUMNS, [ATR] = "atr(atr_period)", NULL};

const px_strategy pxi_premium_tp_sl = {
    .id = "premium_tp_sl",
    .summary =
        "long or short where UT Bot, MACD, RSI, VWAP and ADX agree; stop 1.5 and target 3 ATRs, 20 bars",
    .parameters = parameters,
    .n_parameters = N_PARAMETERS,
    .check = pxi_alignment_check,
    .state_size = sizeof(premium),
    .columns = columns,
    .init = init,
    .on_bar = on_bar,
};
