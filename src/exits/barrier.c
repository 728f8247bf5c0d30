// SPDX-License-Identifier: Apache-2.0
/* A watched position: opened on levels, stepped bar by bar, closed by a barrier or by its owner. */
#include "exits/step.h"

#include <math.h>

px_barrier px_barrier_open(px_side side, double entry, const px_levels *levels, const px_config *config,
                           int time_stop_bars, const px_session *session) {
    px_barrier barrier = {
        .side = side,
        .entry = entry,
        .levels = *levels,
        .stop_fill = config->stop_fill,
        .time_stop_bars = time_stop_bars,
        .square_off_us = INT64_MAX,
        .session_close_us = INT64_MAX,
        .worst = side * INFINITY,
        .best = side * -INFINITY,
    };
    if (config->square_off_minute != PX_NO_TIME) {
        barrier.square_off_us = px_square_off_us(session, config);
        barrier.session_close_us = session->close_us;
    }
    return barrier;
}

bool px_barrier_step(px_barrier *barrier, const px_bar *bar, int64_t bar_end_us, int timeframe_minutes,
                     px_exit *out) {
    return pxi_barrier_step(barrier, bar, bar_end_us, timeframe_minutes, out);
}

void px_barrier_close(px_barrier *barrier, double price, bool at_open) {
    barrier->watched += at_open;
    pxi_see_price(barrier, price);
}

double px_barrier_mae(const px_barrier *barrier) {
    return barrier->side * (barrier->entry - barrier->worst);
}

double px_barrier_mfe(const px_barrier *barrier) {
    return barrier->side * (barrier->best - barrier->entry);
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
        [PX_EXIT_END_OF_DATA] = "end_of_data",
    };
    return names[reason];
}
