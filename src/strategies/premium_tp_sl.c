// SPDX-License-Identifier: Apache-2.0
/* Enters where trend and momentum agree; leaves at a stop of 1.5 ATRs, a target of 3, after 20 bars, or at
 * the opposite signal. */
#include "strategies/alignment.h"

/* The column behind those of the alignment. */
enum { ATR = PXI_ALIGNMENT_N_COLUMNS };

#define STOP_ATRS   1.5
#define TARGET_ATRS 3.0
#define HOLD_BARS   20

static int on_bar(void *state, const px_bar *bar, const double *columns, px_signal *out) {
    int n = pxi_alignment_step(state, bar, columns, out);
    double atr = columns[ATR];
    if (n > 0) {
        px_signal *entry = &out[n - 1];
        entry->stop = (px_level){PX_LEVEL_DISTANCE, STOP_ATRS * atr};
        entry->target = (px_level){PX_LEVEL_DISTANCE, TARGET_ATRS * atr};
        entry->atr = atr;
        entry->h_bars = HOLD_BARS;
    }
    return n;
}

static const char *const columns[] = {PXI_ALIGNMENT_COLUMNS, [ATR] = "atr(14)", NULL};

const px_strategy pxi_premium_tp_sl = {
    .id = "premium_tp_sl",
    .summary =
        "long or short where UT Bot, MACD, RSI, VWAP and ADX agree; stop 1.5 and target 3 ATRs, 20 bars",
    .state_size = sizeof(pxi_alignment),
    .columns = columns,
    .init = pxi_alignment_init,
    .on_bar = on_bar,
};
