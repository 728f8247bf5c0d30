// SPDX-License-Identifier: Apache-2.0
/* Exchange calendars: data, not code. Sources stand beside the rows in src/market/exchanges.c. */
#ifndef PX_CALENDAR_H
#define PX_CALENDAR_H

#include <string.h>
#include "pixity/bars.h"
#include "pixity/time.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_calendar px_calendar;

/* Opens a calendar by exchange name in any case: "NSE" (also NULL), "XNYS" (New York, 09:30-16:00, half days
 * 2000 to 2030), "24x7" (sessions are UTC dates). Errors: PX_EINPUT with the known names. A calendar is
 * immutable and may be shared between threads. */
PX_API PX_MUST_CHECK px_status px_calendar_open(const char *exchange, px_calendar **out, px_error *err);
/* The exchanges, by number; NULL past the last. */
PX_API const char *px_exchange_name(size_t i);
PX_API void px_calendar_close(px_calendar **calendar);
PX_API const char *px_calendar_name(const px_calendar *calendar);
PX_API const px_zone *px_calendar_zone(const px_calendar *calendar);
PX_API int px_calendar_days_per_year(const px_calendar *calendar);

#define PX_SESSION_MAX_INTERVALS 4
/* One local trading date in UTC instants. */
typedef struct px_session {
    int32_t date;
    int64_t midnight_us;      /* local midnight that starts the date */
    int64_t next_midnight_us; /* local midnight that ends it */
    int64_t open_us;          /* regular open: where bins are anchored */
    int64_t close_us;         /* end of the last interval */
    int n_intervals;          /* 0 on a day without regular trading */
    struct {
        int64_t begin_us, end_us;
    } intervals[PX_SESSION_MAX_INTERVALS];
} px_session;

PX_API px_session px_calendar_session(const px_calendar *calendar, int32_t date);
PX_API int32_t px_calendar_date(const px_calendar *calendar, int64_t ts_us);

/* Walks bars session by session: px_session_advance(cursor, ts) is true if ts lies in another session than
 * the last one asked for (and on the first call). Amortised: no calendar look-up inside a session. */
typedef struct px_session_cursor {
    const px_calendar *calendar;
    px_session session; /* of the last ts */
    bool started;
} px_session_cursor;
static inline px_session_cursor px_session_cursor_make(const px_calendar *calendar) {
    px_session_cursor cursor;
    memset(&cursor, 0, sizeof cursor);
    cursor.calendar = calendar;
    return cursor;
}
PX_API bool px_session_enter(px_session_cursor *cursor, int64_t ts_us); /* the slow path of advance */
static inline bool px_session_advance(px_session_cursor *cursor, int64_t ts_us) {
    if (cursor->started && ts_us >= cursor->session.midnight_us && ts_us < cursor->session.next_midnight_us)
        return false;
    return px_session_enter(cursor, ts_us);
}

/* Minute of the local day (0..1439) at an instant. */
PX_API int px_calendar_minute_of_day(const px_calendar *calendar, int64_t ts_us);

/* End of a bar that starts at ts_us: its start plus the timeframe, at most the session's close where it
 * starts before that. */
PX_API int64_t px_session_bar_end(const px_session *session, int64_t ts_us, int timeframe_minutes);

/* Start of a bar that ends at end_us: of the bin, counted from the session's open, that ends there, or that a
 * trading interval's end cuts short there. Where none does (bars that count from elsewhere): end_us less the
 * timeframe. A day's bar starts at the regular open of the date that ends at end_us, else of the one that
 * end_us lies in. Up to a second before a full minute (15:29:59.999) is that minute. */
PX_API int64_t px_session_bar_start(px_session_cursor *cursor, int64_t end_us, int timeframe_minutes);

/* Drops, in place, the bars of which no minute lies inside their day's intervals; on a date without any bar
 * inside, all stay. *n_excluded (may be NULL) counts the dropped. */
PX_API void px_bars_drop_outside(px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                                 size_t *n_excluded);
/* The same into a copy, *out from a zeroed struct. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_bars_in_session(const px_bars *bars, const px_calendar *calendar,
                                                  int timeframe_minutes, px_bars *out, size_t *n_excluded,
                                                  px_error *err);

#ifdef __cplusplus
}
#endif
#endif
