// SPDX-License-Identifier: Apache-2.0
/* Bars by session. */
#include "pixity/calendar.h"

#include <stdlib.h>
#include "base/mem.h"
#include "market/bars.h"
#include "market/bins.h"

bool px_session_enter(px_session_cursor *cursor, int64_t ts_us) {
    int32_t date = px_calendar_date(cursor->calendar, ts_us);
    if (cursor->started && date == cursor->session.date)
        return false; /* reached only where a clock change at midnight repeats part of a date */
    cursor->session = px_calendar_session(cursor->calendar, date);
    cursor->started = true;
    return true;
}

int64_t px_session_bar_end(const px_session *session, int64_t ts_us, int timeframe_minutes) {
    int64_t end_us = ts_us + timeframe_minutes * PX_US_PER_MINUTE;
    int64_t most_us = ts_us < session->close_us ? session->close_us : session->next_midnight_us;
    return end_us < most_us ? end_us : most_us;
}

/* ---- sessions ----------------------------------------------------------------------------------------- */

/* One past the last bar of the session that the cursor stands in, which bar `begin` is of. Growing steps and
 * then halved ones find it without a look at every bar. */
static size_t session_end(const px_bars *bars, size_t begin, size_t end, int64_t next_midnight_us) {
    size_t inside = begin, outside = begin + 1;
    for (size_t step = 1; outside < end && bars->ts_us[outside] < next_midnight_us; step *= 2) {
        inside = outside;
        outside = step < end - outside ? outside + step : end;
    }
    while (outside - inside > 1) {
        const size_t middle = inside + (outside - inside) / 2;
        if (bars->ts_us[middle] < next_midnight_us)
            inside = middle;
        else
            outside = middle;
    }
    return outside;
}

px_status pxi_session_ends(const px_bars *bars, const px_calendar *calendar, size_t begin, size_t end,
                           size_t **out, size_t *n) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    size_t *ends = NULL, n_ends = 0, capacity = 0;
    for (size_t i = begin; i < end;) {
        const bool entered = px_session_advance(&cursor, bars->ts_us[i]);
        if (!pxi_grow(&ends, &capacity, n_ends + 1, sizeof *ends)) {
            free(ends);
            return PX_ENOMEM;
        }
        i = session_end(bars, i, end, cursor.session.next_midnight_us);
        n_ends += entered || n_ends == 0; /* else a clock change at midnight repeats part of a date */
        ends[n_ends - 1] = i;
    }
    *out = ends;
    *n = n_ends;
    return PX_OK;
}

/* ---- bins --------------------------------------------------------------------------------------------- */

/* The last whole bin at or before ts_us, counted from the anchor in both directions. */
static int64_t whole_bin(int64_t anchor_us, int64_t length_us, int64_t ts_us) {
    int64_t from_anchor = ts_us - anchor_us, into_bin = from_anchor % length_us;
    return ts_us - (into_bin < 0 ? into_bin + length_us : into_bin);
}

pxi_bin pxi_bin_at(const px_session *session, px_anchor anchor, int timeframe_minutes, int64_t ts_us) {
    if (timeframe_minutes == PX_TIMEFRAME_DAY && anchor == PX_ANCHOR_OPEN)
        return (pxi_bin){session->open_us, session->next_midnight_us};
    int64_t length_us = timeframe_minutes * PX_US_PER_MINUTE;
    int64_t anchor_us =
        anchor == PX_ANCHOR_OPEN ? session->open_us : session->midnight_us + 15 * PX_US_PER_MINUTE;
    int64_t begin_us = whole_bin(anchor_us, length_us, ts_us), end_us = begin_us + length_us;
    return (pxi_bin){
        begin_us > session->midnight_us ? begin_us : session->midnight_us,
        end_us < session->next_midnight_us ? end_us : session->next_midnight_us,
    };
}

static bool interval_ends(const px_session *session, int64_t ts_us) {
    for (int i = 0; i < session->n_intervals; i++)
        if (session->intervals[i].end_us == ts_us)
            return true;
    return false;
}

/* A stamp in the last second of a minute stands for the minute's end. */
static int64_t full_minute(int64_t ts_us) {
    int64_t into_us = ts_us % PX_US_PER_MINUTE;
    into_us += into_us < 0 ? PX_US_PER_MINUTE : 0;
    return into_us < PX_US_PER_MINUTE - PX_US_PER_SECOND ? ts_us : ts_us + PX_US_PER_MINUTE - into_us;
}

int64_t px_session_bar_start(px_session_cursor *cursor, int64_t end_us, int timeframe_minutes) {
    const px_session *session = &cursor->session;
    end_us = full_minute(end_us);
    px_session_advance(cursor, end_us - 1);
    if (timeframe_minutes == PX_TIMEFRAME_DAY) {
        if (!interval_ends(session, end_us))
            px_session_advance(cursor, end_us);
        return session->open_us;
    }
    pxi_bin bin = pxi_bin_at(session, PX_ANCHOR_OPEN, timeframe_minutes, end_us - 1);
    return bin.end_us == end_us || interval_ends(session, end_us)
               ? bin.begin_us
               : end_us - timeframe_minutes * PX_US_PER_MINUTE;
}

/* ---- bars inside -------------------------------------------------------------------------------------- */

/* Nothing moves as long as nothing has been dropped. */
static void keep(px_bars *bars, size_t begin, size_t end, size_t *n_kept) {
    if (begin > *n_kept)
        pxi_bars_copy(bars, *n_kept, bars, begin, end - begin);
    *n_kept += end - begin;
}

/* From this start on a bar has a minute at or after an instant. */
static int64_t first_start_us(int64_t ts_us, int timeframe_minutes) {
    return ts_us - (timeframe_minutes - 1) * PX_US_PER_MINUTE;
}

int pxi_interval_at(const px_session *session, int64_t ts_us, int timeframe_minutes) {
    for (int i = 0; i < session->n_intervals; i++)
        if (ts_us >= first_start_us(session->intervals[i].begin_us, timeframe_minutes) &&
            ts_us < session->intervals[i].end_us)
            return i;
    return -1;
}

/* Moves those bars of one date [begin, end) that lie inside its intervals, or all, to the kept ones. */
static void keep_date(px_bars *bars, size_t begin, size_t end, const px_session *session,
                      int timeframe_minutes, size_t *n_kept) {
    px_bars date = px_bars_slice(bars, begin, end);
    size_t before = *n_kept, done = 0; /* of a bar over two intervals, the first has it */
    for (int i = 0; i < session->n_intervals; i++) {
        int64_t from_us = first_start_us(session->intervals[i].begin_us, timeframe_minutes);
        size_t from = px_bars_lower_bound(&date, from_us);
        size_t to = px_bars_lower_bound(&date, session->intervals[i].end_us);
        from = from > done ? from : done;
        keep(bars, begin + from, begin + to, n_kept);
        done = to;
    }
    if (*n_kept == before)
        keep(bars, begin, end, n_kept);
}

void px_bars_drop_outside(px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                          size_t *n_excluded) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    size_t n_kept = 0;
    for (size_t begin = 0, end; begin < bars->n; begin = end) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        px_bars rest = px_bars_slice(bars, begin, bars->n);
        end = begin + px_bars_lower_bound(&rest, cursor.session.next_midnight_us);
        keep_date(bars, begin, end, &cursor.session, timeframe_minutes, &n_kept);
    }
    if (n_excluded)
        *n_excluded = bars->n - n_kept;
    bars->n = n_kept;
}

px_status px_bars_in_session(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                             px_bars *out, size_t *n_excluded, px_error *err) {
    px_bars kept = {0};
    px_status status = px_bars_reserve(&kept, bars->n, err);
    if (status)
        return status;
    pxi_bars_copy(&kept, 0, bars, 0, bars->n);
    kept.n = bars->n;
    px_bars_drop_outside(&kept, calendar, timeframe_minutes, n_excluded);
    *out = kept;
    return PX_OK;
}
