// SPDX-License-Identifier: Apache-2.0
/* Bars by session. */
#include "pixity/calendar.h"

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

static px_status copy_range(px_bars *out, const px_bars *bars, size_t begin, size_t end, px_error *err) {
    size_t n = end - begin, bytes = n * sizeof(double);
    px_status status = px_bars_reserve(out, out->n + n, err);
    if (status || n == 0)
        return status;
    memcpy(out->ts_us + out->n, bars->ts_us + begin, bytes);
    memcpy(out->open + out->n, bars->open + begin, bytes);
    memcpy(out->high + out->n, bars->high + begin, bytes);
    memcpy(out->low + out->n, bars->low + begin, bytes);
    memcpy(out->close + out->n, bars->close + begin, bytes);
    memcpy(out->volume + out->n, bars->volume + begin, bytes);
    out->n += n;
    return PX_OK;
}

/* Appends those bars of one date that lie inside its intervals, or all. */
static px_status keep_date(px_bars *out, const px_bars *bars, size_t begin, size_t end,
                           const px_session *session, px_error *err) {
    px_bars day = px_bars_slice(bars, begin, end);
    size_t before = out->n;
    for (int i = 0; i < session->n_intervals; i++) {
        size_t from = px_bars_lower_bound(&day, session->intervals[i].begin_us);
        size_t to = px_bars_lower_bound(&day, session->intervals[i].end_us);
        px_status status = copy_range(out, bars, begin + from, begin + to, err);
        if (status)
            return status;
    }
    return out->n > before ? PX_OK : copy_range(out, bars, begin, end, err);
}

px_status px_bars_in_session(const px_bars *bars, const px_calendar *calendar, px_bars *out,
                             size_t *n_excluded, px_error *err) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    px_bars kept = {0};
    px_status status = px_bars_reserve(&kept, bars->n, err);
    for (size_t begin = 0, end; !status && begin < bars->n; begin = end) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        px_bars rest = px_bars_slice(bars, begin, bars->n);
        end = begin + px_bars_lower_bound(&rest, cursor.session.next_midnight_us);
        status = keep_date(&kept, bars, begin, end, &cursor.session, err);
    }
    if (status) {
        px_bars_free(&kept);
        return status;
    }
    *out = kept;
    if (n_excluded)
        *n_excluded = bars->n - kept.n;
    return PX_OK;
}
