// SPDX-License-Identifier: Apache-2.0
#include "market/odd_hours.h"

#include "base/mem.h"
#include "market/bars.h"
#include "market/bins.h"

#include <stdlib.h>

enum { LEAST_MINUTES = 5, LEAST_SESSIONS = 3 };
#define GAP_US (30 * PX_US_PER_MINUTE)

/* One session's bars, and those of them outside that adjoin it. */
typedef struct odd_day {
    size_t n_inside, n_odd;
    int64_t first_us;
    int begin, end, open, close;
} odd_day;

static int local_minute(const px_session *session, int64_t ts_us) {
    return (int)((ts_us - session->midnight_us) / PX_US_PER_MINUTE);
}

/* What one date is looked at with. */
typedef struct date_view {
    px_bars bars; /* of the date */
    const px_calendar *calendar;
    const px_session *session;
    int timeframe_minutes;
} date_view;

static bool is_traded(const date_view *date, size_t begin, size_t n) {
    if (n == 1)
        return date->bars.high[begin] > date->bars.low[begin] && date->timeframe_minutes >= LEAST_MINUTES;
    return n * (size_t)date->timeframe_minutes >= LEAST_MINUTES;
}

static bool is_around(const date_view *date, size_t i) {
    return pxi_calendar_is_around(date->calendar, local_minute(date->session, date->bars.ts_us[i]));
}

static void add_stretch(const date_view *date, size_t begin, size_t n, odd_day *day) {
    const int64_t *ts_us = date->bars.ts_us;
    const int from = local_minute(date->session, ts_us[begin]);
    const int to = local_minute(date->session, ts_us[begin + n - 1]) + date->timeframe_minutes;
    if (!is_traded(date, begin, n))
        return;
    if (day->n_odd == 0)
        day->first_us = ts_us[begin];
    day->n_odd += n;
    day->begin = from < day->begin ? from : day->begin;
    day->end = to > day->end ? to : day->end;
}

/* Bars on end before `first` and from `after` on, without a gap of over half an hour. */
static size_t count_early(const date_view *date, size_t first) {
    int64_t edge_us = date->session->open_us;
    size_t n = 0;
    for (; n < first && !is_around(date, first - n - 1); n++) {
        if (edge_us - date->bars.ts_us[first - n - 1] > GAP_US)
            break;
        edge_us = date->bars.ts_us[first - n - 1];
    }
    return n;
}

static size_t count_late(const date_view *date, size_t after) {
    int64_t edge_us = date->session->close_us;
    size_t n = 0;
    for (; after + n < date->bars.n && !is_around(date, after + n); n++) {
        if (date->bars.ts_us[after + n] - edge_us >= GAP_US)
            break;
        edge_us = date->bars.ts_us[after + n];
    }
    return n;
}

/* A date with regular hours. */
static odd_day look_at(const date_view *date) {
    const px_session *session = date->session;
    odd_day day = {.open = local_minute(session, session->open_us),
                   .close = local_minute(session, session->close_us)};
    const size_t first =
        px_bars_lower_bound(&date->bars, session->open_us - (date->timeframe_minutes - 1) * PX_US_PER_MINUTE);
    const size_t after = px_bars_lower_bound(&date->bars, session->close_us);
    const size_t early = count_early(date, first), late = count_late(date, after);
    day.begin = day.open;
    day.end = day.close;
    day.n_inside = after - first;
    if (early)
        add_stretch(date, first - early, early, &day);
    if (late)
        add_stretch(date, after, late, &day);
    return day;
}

static void add_day(pxi_odd_hours *month, int32_t date, const odd_day *day) {
    if (month->n_sessions++ == 0)
        *month = (pxi_odd_hours){.first_date = date, .n_sessions = 1, .begin = day->begin, .end = day->end};
    month->last_date = date;
    month->open = day->open;
    month->close = day->close;
    if (day->n_odd == 0)
        return;
    if (month->n_odd++ == 0)
        month->first_us = day->first_us;
    month->n_bars += day->n_odd;
    month->begin = day->begin < month->begin ? day->begin : month->begin;
    month->end = day->end > month->end ? day->end : month->end;
}

static px_status keep_month(const pxi_odd_hours *month, pxi_odd_hours **list, size_t *n, size_t *capacity) {
    if (month->n_odd < LEAST_SESSIONS || 2 * month->n_odd <= month->n_sessions)
        return PX_OK;
    if (!pxi_grow(list, capacity, *n + 1, sizeof **list))
        return PX_ENOMEM;
    (*list)[(*n)++] = *month;
    return PX_OK;
}

static bool is_other_month(int32_t a, int32_t b) {
    const px_civil x = px_civil_from_date(a), y = px_civil_from_date(b);
    return x.month != y.month || x.year != y.year;
}

px_status pxi_odd_hours_find(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                             pxi_odd_hours **out, size_t *n) {
    px_session_cursor cursor = px_session_cursor_make(calendar);
    pxi_odd_hours month = {0}, *list = NULL;
    size_t *ends = NULL, n_days = 0, capacity = 0;
    px_status status = PX_OK;
    *out = NULL;
    *n = 0;
    if (timeframe_minutes >= PX_TIMEFRAME_DAY)
        return PX_OK;
    if (pxi_session_ends(bars, calendar, 0, bars->n, &ends, &n_days))
        return PX_ENOMEM;
    for (size_t d = 0, begin = 0; d < n_days && !status; begin = ends[d++]) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        const px_session *session = &cursor.session;
        if (session->n_intervals != 1 || !pxi_calendar_is_session(calendar, session->date))
            continue;
        const date_view date = {px_bars_slice(bars, begin, ends[d]), calendar, session, timeframe_minutes};
        const odd_day day = look_at(&date);
        if (day.n_inside == 0)
            continue;
        if (month.n_sessions && is_other_month(month.last_date, session->date)) {
            status = keep_month(&month, &list, n, &capacity);
            month = (pxi_odd_hours){0};
        }
        add_day(&month, session->date, &day);
    }
    if (!status)
        status = keep_month(&month, &list, n, &capacity);
    free(ends);
    if (status)
        free(list);
    else
        *out = list;
    return status;
}
