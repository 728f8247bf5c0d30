// SPDX-License-Identifier: Apache-2.0
/* Bars by session. */
#include "pixity/calendar.h"

#include "market/bars.h"

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

/* Nothing moves as long as nothing has been dropped. */
static void keep(px_bars *bars, size_t begin, size_t end, size_t *n_kept) {
    if (begin > *n_kept)
        pxi_bars_copy(bars, *n_kept, bars, begin, end - begin);
    *n_kept += end - begin;
}

/* Moves those bars of one date [begin, end) that lie inside its intervals, or all, to the kept ones. */
static void keep_date(px_bars *bars, size_t begin, size_t end, const px_session *session, size_t *n_kept) {
    px_bars date = px_bars_slice(bars, begin, end);
    size_t before = *n_kept;
    for (int i = 0; i < session->n_intervals; i++) {
        size_t from = px_bars_lower_bound(&date, session->intervals[i].begin_us);
        size_t to = px_bars_lower_bound(&date, session->intervals[i].end_us);
        keep(bars, begin + from, begin + to, n_kept);
    }
    if (*n_kept == before)
        keep(bars, begin, end, n_kept);
}

void px_bars_drop_outside(px_bars *bars, const px_calendar *calendar, size_t *n_excluded) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    size_t n_kept = 0;
    for (size_t begin = 0, end; begin < bars->n; begin = end) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        px_bars rest = px_bars_slice(bars, begin, bars->n);
        end = begin + px_bars_lower_bound(&rest, cursor.session.next_midnight_us);
        keep_date(bars, begin, end, &cursor.session, &n_kept);
    }
    if (n_excluded)
        *n_excluded = bars->n - n_kept;
    bars->n = n_kept;
}

px_status px_bars_in_session(const px_bars *bars, const px_calendar *calendar, px_bars *out,
                             size_t *n_excluded, px_error *err) {
    px_bars kept = {0};
    px_status status = px_bars_reserve(&kept, bars->n, err);
    if (status)
        return status;
    pxi_bars_copy(&kept, 0, bars, 0, bars->n);
    kept.n = bars->n;
    px_bars_drop_outside(&kept, calendar, n_excluded);
    *out = kept;
    return PX_OK;
}
