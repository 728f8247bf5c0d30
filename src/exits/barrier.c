// SPDX-License-Identifier: Apache-2.0
/* A watched position: opened on levels, stepped bar by bar, closed by a barrier or by its owner. */
#include "exits/step.h"

px_barrier px_barrier_open(px_side side, double entry, const px_levels *levels, const px_config *config,
                           int time_stop_bars, const px_session *session) {
    return pxi_barrier_open(side, entry, levels, config, time_stop_bars, session);
}

bool px_barrier_step(px_barrier *barrier, const px_bar *bar, int64_t bar_end_us, int timeframe_minutes,
                     px_exit *out) {
    px_bar b = *bar;
    const px_bars bars = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    return pxi_barrier_step(barrier, &bars, 0, bar_end_us, timeframe_minutes, out);
}

void px_barrier_close(px_barrier *barrier, double price, bool at_open) {
    barrier->watched += at_open;
    pxi_see_price(barrier, price);
}

double px_barrier_mae(const px_barrier *barrier) {
    return pxi_barrier_mae(barrier);
}

double px_barrier_mfe(const px_barrier *barrier) {
    return pxi_barrier_mfe(barrier);
}

const char *px_exit_reason_name(px_exit_reason reason) {
    static const char *const names[] = {
        [PX_EXIT_NONE] = "none",
        [PX_EXIT_STOP_LOSS] = "stop_loss",
        [PX_EXIT_TAKE_PROFIT] = "take_profit",
        [PX_EXIT_TIME_STOP] = "time_stop",
        [PX_EXIT_SQUARE_OFF] = "square_off",
        [PX_EXIT_SIGNAL] = "exit_signal",
        [PX_EXIT_KILL_SWITCH] = "kill_switch",
        [PX_EXIT_DATA_HOLE] = "data_hole",
        [PX_EXIT_END_OF_DATA] = "end_of_data",
    };
    return names[reason];
}
