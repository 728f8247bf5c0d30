// SPDX-License-Identifier: Apache-2.0
/* The step of the barrier routine, inlined: labels take it for every watched bar of every event.
 * px_barrier_step is this function. Order of tests: SPEC section 5, docs/replay.md. */
#ifndef PXI_STEP_H
#define PXI_STEP_H

#include "pixity/exits.h"

/* Comparisons go through the side's sign, so that a short reads as a mirrored long. The sign of a difference
 * is exact in IEEE arithmetic, and NaN levels compare false: they never hit. */
static inline bool pxi_reached_stop(const px_barrier *b, double price) {
    return b->side * (price - b->levels.stop) <= 0.0;
}
static inline bool pxi_reached_target(const px_barrier *b, double price) {
    return b->side * (price - b->levels.target) >= 0.0;
}

static inline void pxi_see_price(px_barrier *b, double price) {
    b->worst = b->side * (price - b->worst) < 0.0 ? price : b->worst;
    b->best = b->side * (price - b->best) > 0.0 ? price : b->best;
}

/* An exit has seen the bar's open and its own price. */
static inline bool pxi_exit_at(px_barrier *b, double open, double price, px_exit_reason reason,
                               px_exit *out) {
    pxi_see_price(b, open);
    pxi_see_price(b, price);
    out->reason = reason;
    out->price = price;
    return true;
}

/* True on the last bar that ends by the square-off. The bar after it would end one timeframe later, or at the
 * session's close. */
static inline bool pxi_is_square_off_bar(const px_barrier *b, int64_t end_us, int timeframe_minutes) {
    int64_t next_end_us = end_us + timeframe_minutes * PX_US_PER_MINUTE;
    if (end_us < b->session_close_us && next_end_us > b->session_close_us)
        next_end_us = b->session_close_us;
    return end_us <= b->square_off_us && b->square_off_us < next_end_us;
}

static inline bool pxi_barrier_step(px_barrier *b, const px_bar *bar, int64_t end_us, int timeframe_minutes,
                                    px_exit *out) {
    const bool is_long = b->side > 0;
    const double against = is_long ? bar->low : bar->high;
    const double favour = is_long ? bar->high : bar->low;
    b->watched++;
    if (b->stop_fill == PX_STOP_FILL_MARKET) {
        if (pxi_reached_stop(b, bar->open))
            return pxi_exit_at(b, bar->open, bar->open, PX_EXIT_STOP_LOSS, out);
        if (pxi_reached_target(b, bar->open))
            return pxi_exit_at(b, bar->open, bar->open, PX_EXIT_TAKE_PROFIT, out);
    }
    if (end_us > b->square_off_us) /* bars before it are missing */
        return pxi_exit_at(b, bar->open, bar->open, PX_EXIT_SQUARE_OFF, out);
    if (pxi_reached_stop(b, against)) {
        b->ambiguous = pxi_reached_target(b, favour);
        return pxi_exit_at(b, bar->open, b->levels.stop, PX_EXIT_STOP_LOSS, out);
    }
    if (pxi_reached_target(b, favour))
        return pxi_exit_at(b, bar->open, b->levels.target, PX_EXIT_TAKE_PROFIT, out);
    pxi_see_price(b, against);
    pxi_see_price(b, favour);
    if (b->square_off_us != INT64_MAX && pxi_is_square_off_bar(b, end_us, timeframe_minutes))
        out->reason = PX_EXIT_SQUARE_OFF;
    else if (b->watched == b->time_stop_bars)
        out->reason = PX_EXIT_TIME_STOP;
    else
        return false;
    out->price = bar->close;
    return true;
}

#endif
