// SPDX-License-Identifier: Apache-2.0
/* The barrier routine: entry rule, levels, and the step that decides an exit. Labels, replay and live trading
 * all call it; nothing else decides an exit. Rules: SPEC section 5, docs/replay.md. */
#ifndef PX_EXITS_H
#define PX_EXITS_H

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"
#include "pixity/events.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_exit_reason {
    PX_EXIT_NONE,
    PX_EXIT_STOP_LOSS,
    PX_EXIT_TAKE_PROFIT,
    PX_EXIT_TIME_STOP,
    PX_EXIT_SQUARE_OFF,
    PX_EXIT_SIGNAL,
    PX_EXIT_KILL_SWITCH,
    PX_EXIT_DATA_HOLE,
    PX_EXIT_END_OF_DATA,
} px_exit_reason;
PX_API const char *px_exit_reason_name(px_exit_reason reason); /* "stop_loss", ... */

/* floor(x / tick + 0.5) * tick; x itself where tick is 0 (unknown). */
PX_API double px_round_to_tick(double x, double tick);

/* Where a stop or a target is wanted: nowhere, a distance away from the fill, or at a price. */
typedef enum px_level_kind { PX_LEVEL_NONE, PX_LEVEL_DISTANCE, PX_LEVEL_PRICE } px_level_kind;
typedef struct px_level {
    px_level_kind kind;
    double value; /* rupees */
} px_level;

/* Stop and target of a position; NaN = none (then that barrier never hits). */
typedef struct px_levels {
    double stop, target;
} px_levels;
/* A distance lies behind the entry price for the stop and ahead of it for the target. Both are rounded to the
 * tick. */
PX_API px_levels px_barrier_levels(px_side side, double entry, px_level stop, px_level target, double tick);
/* True if a level is nearer to the entry than one tick (`stop_below_tick`); never where the tick is unknown.
 */
PX_API bool px_levels_below_tick(const px_levels *levels, double entry, double tick);

/* Where a signal enters. */
typedef enum px_entry_result {
    PX_ENTRY_FOUND,
    PX_ENTRY_NO_NEXT_BAR, /* bars[0, end) has none left */
    PX_ENTRY_SESSION_END, /* square-off is set, and the entry would be in another session or too late in its
                             own */
} px_entry_result;

typedef struct px_entry_point {
    size_t bar;
    double price;         /* the entry bar's open, or the signal bar's close */
    size_t first_watched; /* may be `end` */
} px_entry_point;

/* The one entry rule: the open of the bar after the signal, or the signal bar's close. With square-off the
 * entry lies in the signal's session, and the first watched bar ends by the square-off. `end` bounds what may
 * be looked at. The cursor is left in the entry bar's session; it is read only with square-off. *out is
 * written only where an entry is found. */
PX_API px_entry_result px_entry_find(const px_bars *bars, size_t end, size_t signal_bar, px_entry entry,
                                     px_session_cursor *cursor, const px_config *config,
                                     int timeframe_minutes, px_entry_point *out);

/* Square-off instant of a session: the minute of px_config_square_off, or the session's close where that is
 * earlier. INT64_MAX without square-off. */
PX_API int64_t px_square_off_us(const px_session *session, const px_config *config);

/* A watched position. Set up by px_barrier_open, advanced by px_barrier_step. */
typedef struct px_barrier {
    px_side side;
    double entry;
    px_levels levels;
    px_stop_fill stop_fill;
    int time_stop_bars;    /* watched bars; 0 = none */
    int64_t square_off_us; /* INT64_MAX = none */
    int64_t session_close_us;
    int watched;        /* bars watched so far, the exit bar included */
    bool ambiguous;     /* both levels were inside the exit bar */
    double worst, best; /* extreme prices so far, times side */
} px_barrier;

/* `session` is that of the entry; it is read only with square-off and may be NULL without. */
PX_API px_barrier px_barrier_open(px_side side, double entry, const px_levels *levels,
                                  const px_config *config, int time_stop_bars, const px_session *session);

typedef struct px_exit {
    px_exit_reason reason;
    double price;
} px_exit;

/* Watches one more bar. `bar_end_us` (read only with square-off) and the timeframe decide a square-off: at
 * the close of the last bar that ends by it; where that bar is missing, at the open of the first one after.
 * Returns true and fills *out on an exit. */
PX_API bool px_barrier_step(px_barrier *barrier, const px_bar *bar, int64_t bar_end_us, int timeframe_minutes,
                            px_exit *out);
/* Books an exit that the barriers did not decide (signal, kill switch, end of data): at the open of a bar
 * that was not stepped, which then counts as watched, or at the close of one that was. */
PX_API void px_barrier_close(px_barrier *barrier, double price, bool at_open);

/* Excursions against and for the position, in price units; negative where the price stayed on the other side
 * of the entry. Bars before the exit bar count in full, of the exit bar its open and the exit price, and its
 * full range where it was watched to its close. Divide by the risk per share for R. */
PX_API double px_barrier_mae(const px_barrier *barrier);
PX_API double px_barrier_mfe(const px_barrier *barrier);

#ifdef __cplusplus
}
#endif
#endif
