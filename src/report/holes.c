// SPDX-License-Identifier: Apache-2.0
#include "report/holes.h"

#include "base/error.h"
#include "base/mem.h"
#include "market/bins.h"

/* Trading days in a row without a bar: fewer may be holidays, which calendars do not know all of. */
enum { HOLE_DAYS = 5 };

/* Bars due in a session at steps from a bar, with from_us <= start < to_us. */
static size_t count_due(const px_session *session, int64_t from_us, int64_t to_us, int minutes) {
    const int64_t step_us = minutes * PX_US_PER_MINUTE;
    size_t n = 0;
    for (int64_t at = from_us; at < to_us && at < session->close_us; at += step_us)
        n += pxi_interval_at(session, at, minutes) >= 0;
    return n;
}

/* Of the days between two, which are both outside, where they are enough. */
static size_t count_days(const px_calendar *calendar, int32_t after, int32_t before, int minutes) {
    size_t n_days = 0, n = 0;
    for (int32_t date = after + 1; date < before; date++) {
        const px_session session = px_calendar_session(calendar, date);
        if (session.n_intervals == 0)
            continue;
        n_days++;
        n +=
            minutes == PX_TIMEFRAME_DAY ? 1 : count_due(&session, session.open_us, session.close_us, minutes);
    }
    return n_days >= HOLE_DAYS ? n : 0;
}

/* Between a bar of a session, the first of the next session that has some, and the days between. */
static size_t count_overnight(const px_calendar *calendar, const px_session *before, int64_t last_us,
                              const px_session *after, int64_t first_us, int minutes) {
    const int64_t step_us = minutes * PX_US_PER_MINUTE;
    size_t n = count_days(calendar, before->date, after->date, minutes);
    if (minutes == PX_TIMEFRAME_DAY)
        return n;
    if (before->n_intervals)
        n += count_due(before, last_us + step_us, before->close_us, minutes);
    if (after->n_intervals && first_us > after->open_us && first_us < after->close_us) {
        const int64_t begin_us = first_us - (first_us - after->open_us + step_us - 1) / step_us * step_us;
        n += count_due(after, begin_us, first_us, minutes);
    }
    return n;
}

/* Holes inside one row's bars are one break before it. */
static px_status add(px_columns *columns, size_t *capacity, px_columns_hole hole, px_error *err) {
    px_columns_hole *last = columns->n_holes ? &columns->holes[columns->n_holes - 1] : NULL;
    if (last && last->row == hole.row) {
        last->missing += hole.missing;
        return PX_OK;
    }
    if (!pxi_grow(&columns->holes, capacity, columns->n_holes + 1, sizeof hole))
        return pxi_fail_memory(err);
    columns->holes[columns->n_holes++] = hole;
    return PX_OK;
}

px_status pxi_holes_find(const px_bars *bars, const px_calendar *calendar, px_columns *columns,
                         px_error *err) {
    const int minutes = columns->timeframe_minutes;
    const int64_t step_us = minutes * PX_US_PER_MINUTE;
    px_session_cursor cursor = px_session_cursor_make(calendar);
    px_session session = {0};
    size_t capacity = 1;
    columns->holes = pxi_new_array(capacity, sizeof *columns->holes);
    px_status status = columns->holes ? PX_OK : pxi_fail_memory(err);
    for (size_t i = 0; i < bars->n && !status; i++) {
        const int64_t at_us = bars->ts_us[i];
        const bool entered = px_session_advance(&cursor, at_us);
        size_t n = 0;
        if (i > 0 && entered)
            n = count_overnight(calendar, &session, bars->ts_us[i - 1], &cursor.session, at_us, minutes);
        else if (i > 0 && at_us - bars->ts_us[i - 1] > step_us)
            n = count_due(&session, bars->ts_us[i - 1] + step_us, at_us, minutes);
        if (entered)
            session = cursor.session;
        if (n >= columns->bars_per_point && n > 0)
            status = add(columns, &capacity, (px_columns_hole){i / columns->bars_per_point, n}, err);
    }
    return status;
}
