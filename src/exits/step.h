// SPDX-License-Identifier: Apache-2.0
/* The barrier routine. pxi_barrier_run watches a stretch of bars for levels and the time stop;
 * pxi_barrier_step is a stretch of one bar and the square-off. Labels take stretches, replay takes steps.
 * Order of tests: SPEC section 5, docs/replay.md.
 *
 * A short is a long in mirrored prices: everything is compared after multiplication by the side, which is
 * exact. NaN levels compare false: they never hit. Inline, because labels call this for every event. */
#ifndef PXI_STEP_H
#define PXI_STEP_H

#include "config/products.h"
#include "pixity/exits.h"

#include <math.h>

static inline px_barrier pxi_barrier_open(px_side side, double entry, const px_levels *levels,
                                          const px_config *config, int time_stop_bars,
                                          const px_session *session) {
    px_barrier barrier = {
        .side = side,
        .entry = entry,
        .levels = *levels,
        .stop_fill = config->stop_fill,
        .time_stop_bars = time_stop_bars,
        .square_off_us = INT64_MAX,
        .session_close_us = INT64_MAX,
        .worst = -INFINITY,
        .best = -INFINITY,
    };
    if (pxi_config_square_off(config) != PX_NO_TIME) {
        barrier.square_off_us = px_square_off_us(session, config);
        barrier.session_close_us = session->close_us;
    }
    return barrier;
}

static inline void pxi_see_price(px_barrier *b, double price) {
    const double against = -b->side * price, favour = b->side * price;
    b->worst = against > b->worst ? against : b->worst;
    b->best = favour > b->best ? favour : b->best;
}

static inline double pxi_barrier_mae(const px_barrier *b) {
    return b->side * b->entry + b->worst;
}

static inline double pxi_barrier_mfe(const px_barrier *b) {
    return b->best - b->side * b->entry;
}

/* Of the exit bar, its open and the exit price have been seen. */
static inline void pxi_exit_at(px_barrier *b, double open, double price, px_exit_reason reason,
                               px_exit *out) {
    pxi_see_price(b, open);
    pxi_see_price(b, price);
    out->reason = reason;
    out->price = price;
}

/* Leaves inside a bar that reaches a level: at its open for the level that the open is at or beyond (such an
 * open lies in such a bar), else at the stop, else at the target. Without branches, as none could be
 * predicted. */
static inline void pxi_leave(px_barrier *b, const px_bars *bars, size_t i, px_exit *out) {
    const double side = b->side, stop = side * b->levels.stop, target = side * b->levels.target;
    const double open = side * bars->open[i];
    const double low = side * (side > 0 ? bars->low : bars->high)[i],
                 high = side * (side > 0 ? bars->high : bars->low)[i];
    const bool market = b->stop_fill == PX_STOP_FILL_MARKET;
    const bool opens_at_stop = market & (open <= stop), opens_at_target = market & (open >= target);
    const bool at_open = opens_at_stop | opens_at_target,
               stopped = opens_at_stop | (!opens_at_target & (low <= stop));
    const double level = stopped ? b->levels.stop : b->levels.target;
    b->ambiguous = !at_open & stopped & (high >= target);
    pxi_exit_at(b, bars->open[i], at_open ? bars->open[i] : level,
                stopped ? PX_EXIT_STOP_LOSS : PX_EXIT_TAKE_PROFIT, out);
}

/* Index of the first of bars [begin, end) that reaches a level, or end; the extremes of those before it are
 * seen. */
static inline size_t pxi_watch_levels(px_barrier *b, const px_bars *bars, size_t begin, size_t end) {
    const double side = b->side, stop = -side * b->levels.stop, target = side * b->levels.target;
    const double *lows = side > 0 ? bars->low : bars->high, *highs = side > 0 ? bars->high : bars->low;
    double worst = b->worst, best = b->best;
    size_t i = begin;
    for (; i < end; i++) {
        const double against = -side * lows[i], favour = side * highs[i];
        if ((against >= stop) | (favour >= target))
            break;
        worst = against > worst ? against : worst;
        best = favour > best ? favour : best;
    }
    b->worst = worst;
    b->best = best;
    return i;
}

/* Watches bars [begin, end) for levels and time. Returns the exit bar, or end if there is no exit yet. */
static inline size_t pxi_barrier_run(px_barrier *b, const px_bars *bars, size_t begin, size_t end,
                                     px_exit *out) {
    const size_t left = b->time_stop_bars > 0 ? (size_t)(b->time_stop_bars - b->watched) : SIZE_MAX;
    const bool timed = left <= end - begin;
    const size_t last = timed ? begin + left : end;
    const size_t i = pxi_watch_levels(b, bars, begin, last);
    b->watched += (int)(i - begin);
    if (i < last) {
        b->watched++;
        pxi_leave(b, bars, i, out);
        return i;
    }
    if (!timed)
        return end;
    out->reason = PX_EXIT_TIME_STOP;
    out->price = bars->close[i - 1];
    return i - 1;
}

/* True on the last bar that ends by the square-off. The bar after it would end one timeframe later, or at the
 * session's close. */
static inline bool pxi_is_square_off_bar(const px_barrier *b, int64_t end_us, int timeframe_minutes) {
    int64_t next_end_us = end_us + timeframe_minutes * PX_US_PER_MINUTE;
    if (end_us < b->session_close_us && next_end_us > b->session_close_us)
        next_end_us = b->session_close_us;
    return end_us <= b->square_off_us && b->square_off_us < next_end_us;
}

/* Where bars [begin, end) first come near the square-off. Those before start two timeframes before it or
 * more: they end by it, and so would a bar after them. */
static inline size_t pxi_square_off_nears(const px_barrier *b, const px_bars *bars, size_t begin, size_t end,
                                          int timeframe_minutes) {
    const int64_t near_us = b->square_off_us - 2 * timeframe_minutes * PX_US_PER_MINUTE;
    if (b->square_off_us == INT64_MAX || (begin < end && bars->ts_us[end - 1] <= near_us))
        return end;
    while (begin < end && bars->ts_us[begin] <= near_us)
        begin++;
    return begin;
}

/* The bars before the square-off are missing, this one ends after it: nothing but its open is waited for. */
static inline void pxi_leave_late(px_barrier *b, const px_bars *bars, size_t i, px_exit *out) {
    const double open = b->side * bars->open[i];
    b->watched++;
    if (b->stop_fill == PX_STOP_FILL_MARKET &&
        (open <= b->side * b->levels.stop || open >= b->side * b->levels.target))
        pxi_leave(b, bars, i, out);
    else
        pxi_exit_at(b, bars->open[i], bars->open[i], PX_EXIT_SQUARE_OFF, out);
}

/* Watches bar i. */
static inline bool pxi_barrier_step(px_barrier *b, const px_bars *bars, size_t i, int64_t end_us,
                                    int timeframe_minutes, px_exit *out) {
    if (end_us > b->square_off_us) {
        pxi_leave_late(b, bars, i, out);
        return true;
    }
    const bool left = pxi_barrier_run(b, bars, i, i + 1, out) == i;
    if (b->square_off_us == INT64_MAX || (left && out->reason != PX_EXIT_TIME_STOP) ||
        !pxi_is_square_off_bar(b, end_us, timeframe_minutes))
        return left;
    out->reason = PX_EXIT_SQUARE_OFF;
    out->price = bars->close[i];
    return true;
}

/* Watches one bar through the shorter bars inside it (at least one, all of one session), each in turn; they
 * know no time stop, which counts whole bars. `session` is read only with square-off, which is then that of
 * the shorter bars. */
static inline bool pxi_barrier_step_detail(px_barrier *b, const px_bars *parts, const px_session *session,
                                           int part_minutes, px_exit *out) {
    const int time_stop_bars = b->time_stop_bars, watched = b->watched + 1;
    bool left = false;
    b->time_stop_bars = 0;
    for (size_t i = 0; i < parts->n && !left; i++) {
        const int64_t end_us = b->square_off_us == INT64_MAX
                                   ? INT64_MIN
                                   : px_session_bar_end(session, parts->ts_us[i], part_minutes);
        left = pxi_barrier_step(b, parts, i, end_us, part_minutes, out);
    }
    b->time_stop_bars = time_stop_bars;
    b->watched = watched;
    if (left || time_stop_bars == 0 || watched < time_stop_bars)
        return left;
    out->reason = PX_EXIT_TIME_STOP;
    out->price = parts->close[parts->n - 1];
    return true;
}

#endif
