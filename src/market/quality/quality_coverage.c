// SPDX-License-Identifier: Apache-2.0
/* Which bars there are: missing ones, repeated ones, ones at times that are not traded. */
#include "market/quality/quality.h"

#include "market/bars.h"
#include "market/bins.h"

#include <stdio.h>

/* So many trading days in a row without a bar are a hole, if as many sessions stand on either side: a day
 * apart from the rest is an excerpt, and no exchange has closed so long for holidays. */
#define HOLE_DAYS 5

/* "09:39". */
static const char *clock_text(const pxi_series_view *view, int64_t ts_us, char buf[6]) {
    char text[PX_TIME_TEXT_SIZE];
    snprintf(buf, 6, "%.5s", px_time_format_local(ts_us, view->zone, text) + 11);
    return buf;
}

/* ---- what was not read ----------------------------------------------------------------------------------
 */

void pxi_find_unreadable(const pxi_series_view *view, pxi_findings *to) {
    if (view->config->damage)
        pxi_finding_add(to, PX_FINDING_NO_TIME, 1, "%s", view->config->damage);
}

void pxi_find_rejected_rows(const pxi_series_view *view, pxi_findings *to) {
    const px_quality_config *config = view->config;
    size_t n = config->n_rejected, listed = n < PX_MAX_REJECTIONS ? n : PX_MAX_REJECTIONS;
    for (size_t i = 0; i < listed; i++)
        pxi_finding_add(to, PX_FINDING_NO_TIME, 1, "line %zu: %s", config->rejections[i].line,
                        config->rejections[i].reason);
    if (n > listed)
        pxi_finding_add(to, PX_FINDING_NO_TIME, n - listed, "further rows");
}

/* ---- bars of one time -----------------------------------------------------------------------------------
 */

/* What one session has of bars that repeat the time of one before, with its values or with others. */
typedef struct repeats {
    size_t n;
    int64_t first_us;
    double kept, other; /* closes of the first */
} repeats;

static void add_repeats(const pxi_series_view *view, repeats *found, bool equal, pxi_findings *to) {
    char at[6];
    if (!found->n)
        return;
    clock_text(view, found->first_us, at);
    if (equal)
        pxi_finding_add(to, found->first_us, found->n, "the first at %s", at);
    else
        pxi_finding_add(to, found->first_us, found->n, "the first at %s: closes %g and %g", at, found->kept,
                        found->other);
    *found = (repeats){0};
}

static void find_repeats(const pxi_series_view *view, bool equal, pxi_findings *to) {
    const px_bars *bars = view->given;
    px_session_cursor cursor = px_session_cursor_make(view->config->calendar);
    repeats found = {0};
    size_t kept = 0;
    for (size_t i = 0; view->order && i < bars->n; i++) {
        size_t at = view->order[i], first = view->order[kept];
        if (px_session_advance(&cursor, bars->ts_us[at]))
            add_repeats(view, &found, equal, to);
        if (i == 0 || bars->ts_us[at] != bars->ts_us[first]) {
            kept = i;
            continue;
        }
        if (pxi_bars_equal(bars, first, at) != equal)
            continue;
        if (found.n++ == 0) {
            found.first_us = bars->ts_us[at];
            found.kept = bars->close[first];
            found.other = bars->close[at];
        }
    }
    add_repeats(view, &found, equal, to);
}

void pxi_find_conflicts(const pxi_series_view *view, pxi_findings *to) {
    find_repeats(view, false, to);
}

void pxi_find_duplicates(const pxi_series_view *view, pxi_findings *to) {
    find_repeats(view, true, to);
}

/* ---- times ----------------------------------------------------------------------------------------------
 */

/* Imports refuse them, but cannot tell where a few come at a time. */
void pxi_find_timeframe(const pxi_series_view *view, pxi_findings *to) {
    char likely[PX_TIMEFRAME_TEXT_SIZE];
    int minutes = px_bars_likely_timeframe(view->bars);
    if (minutes > view->config->timeframe_minutes)
        pxi_finding_add(to, view->bars->ts_us[0], view->bars->n, "they look like %s bars",
                        px_timeframe_format(minutes, likely));
}

void pxi_find_future(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    char now[PX_TIME_TEXT_SIZE];
    if (!bars->n || bars->ts_us[bars->n - 1] <= view->config->now_us)
        return;
    size_t first = px_bars_lower_bound(bars, view->config->now_us + 1);
    pxi_finding_add(to, bars->ts_us[first], bars->n - first, "it is %.16s",
                    px_time_format_local(view->config->now_us, view->zone, now));
}

void pxi_find_out_of_session(const pxi_series_view *view, pxi_findings *to) {
    const int minutes = view->config->timeframe_minutes;
    for (size_t d = 0; d < view->n_days; d++) {
        const pxi_day *day = &view->days[d];
        size_t n = day->end - day->begin - day->n_inside, first = day->begin;
        char at[6];
        if (!n || !day->n_inside)
            continue;
        while (pxi_interval_at(&day->session, view->bars->ts_us[first], minutes) >= 0)
            first++;
        pxi_finding_add(to, view->bars->ts_us[first], n, "the first at %s",
                        clock_text(view, view->bars->ts_us[first], at));
    }
}

/* ---- missing bars ---------------------------------------------------------------------------------------
 */

/* The open of the first session from a date on. */
static int64_t first_open_us(const px_calendar *calendar, int32_t date) {
    while (!pxi_calendar_is_session(calendar, date))
        date++;
    return px_calendar_session(calendar, date).open_us;
}

void pxi_find_missing_days(const pxi_series_view *view, pxi_findings *to) {
    char from[PX_TIME_TEXT_SIZE], until[PX_TIME_TEXT_SIZE];
    for (size_t d = HOLE_DAYS; d + HOLE_DAYS <= view->n_days; d++) {
        int32_t before = view->days[d - 1].session.date, after = view->days[d].session.date;
        if (after - before <= HOLE_DAYS)
            continue;
        const px_calendar *calendar = view->config->calendar;
        const size_t n = pxi_calendar_count_sessions(calendar, before + 1, after, SIZE_MAX);
        if (n >= HOLE_DAYS)
            pxi_finding_add(to, first_open_us(calendar, before + 1), n, "none from %s to %s",
                            px_date_format(before + 1, from), px_date_format(after - 1, until));
    }
}

/* Bars due in the intervals with from_us <= start < to_us. */
static size_t count_due(const px_session *session, int64_t step_us, int64_t from_us, int64_t to_us) {
    size_t n = 0;
    for (int i = 0; i < session->n_intervals; i++) {
        int64_t begin = session->intervals[i].begin_us, end = session->intervals[i].end_us;
        end = end < to_us ? end : to_us;
        if (from_us > begin)
            begin += (from_us - begin + step_us - 1) / step_us * step_us;
        if (begin < end)
            n += (size_t)((end - begin + step_us - 1) / step_us);
    }
    return n;
}

static void find_partial_session(const pxi_series_view *view, const pxi_day *day, pxi_findings *to) {
    const int64_t *ts_us = view->bars->ts_us;
    const int minutes = view->config->timeframe_minutes;
    size_t first = day->begin, last = day->end - 1;
    char from[6], until[6];
    while (pxi_interval_at(&day->session, ts_us[first], minutes) < 0)
        first++;
    while (pxi_interval_at(&day->session, ts_us[last], minutes) < 0)
        last--;
    size_t late = count_due(&day->session, view->step_us, day->session.midnight_us, ts_us[first]);
    size_t early = view->config->now_us < day->session.close_us
                       ? 0 /* it goes on */
                       : count_due(&day->session, view->step_us, ts_us[last] + view->step_us,
                                   day->session.next_midnight_us);
    if (late || early)
        pxi_finding_add(to, ts_us[day->begin], late + early, "bars from %s to %s",
                        clock_text(view, ts_us[first], from), clock_text(view, ts_us[last], until));
}

void pxi_find_partial_sessions(const pxi_series_view *view, pxi_findings *to) {
    bool daily = view->config->timeframe_minutes == PX_TIMEFRAME_DAY;
    for (size_t d = 0; d < view->n_days && !daily; d++)
        if (view->days[d].n_inside)
            find_partial_session(view, &view->days[d], to);
}

static void find_gaps_of_day(const pxi_series_view *view, const pxi_day *day, pxi_findings *to) {
    const int64_t *ts_us = view->bars->ts_us;
    const int minutes = view->config->timeframe_minutes;
    size_t n = 0, n_missing = 0, longest = 0, at = 0;
    char from[6];
    for (size_t i = day->begin + 1; i < day->end; i++) {
        if (ts_us[i] - ts_us[i - 1] <= view->step_us)
            continue;
        size_t missing = (size_t)((ts_us[i] - ts_us[i - 1] - 1) / view->step_us);
        int interval = pxi_interval_at(&day->session, ts_us[i], minutes);
        if (!missing || interval < 0 || interval != pxi_interval_at(&day->session, ts_us[i - 1], minutes))
            continue;
        n++;
        n_missing += missing;
        at = missing > longest ? i - 1 : at;
        longest = missing > longest ? missing : longest;
    }
    if (n)
        pxi_finding_add(to, ts_us[day->begin], n_missing, "%zu gap%s, the longest of %zu after %s", n,
                        n > 1 ? "s" : "", longest, clock_text(view, ts_us[at], from));
}

void pxi_find_gaps(const pxi_series_view *view, pxi_findings *to) {
    for (size_t d = 0; d < view->n_days; d++)
        find_gaps_of_day(view, &view->days[d], to);
}

/* ---- volume ---------------------------------------------------------------------------------------------
 */

static size_t count_zero_volume(const pxi_series_view *view, const pxi_day *day) {
    size_t n = 0;
    for (size_t i = day->begin; i < day->end; i++)
        n += view->bars->volume[i] == 0;
    return n;
}

static void add_no_volume(const pxi_series_view *view, size_t begin, size_t end, pxi_findings *to) {
    char from[PX_TIME_TEXT_SIZE], until[PX_TIME_TEXT_SIZE];
    size_t first = view->days[begin].begin, last = view->days[end - 1].end;
    if (begin == 0 && end == view->n_days)
        pxi_finding_add(to, view->bars->ts_us[first], last - first,
                        "none in the whole series: an index, or a source without");
    else
        pxi_finding_add(to, view->bars->ts_us[first], last - first, "%zu session%s, %s to %s", end - begin,
                        end - begin > 1 ? "s" : "", px_date_format(view->days[begin].session.date, from),
                        px_date_format(view->days[end - 1].session.date, until));
}

void pxi_find_no_volume(const pxi_series_view *view, pxi_findings *to) {
    for (size_t begin = 0, end; begin < view->n_days; begin = end + 1) {
        for (end = begin; end < view->n_days; end++)
            if (count_zero_volume(view, &view->days[end]) < view->days[end].end - view->days[end].begin)
                break;
        if (end > begin)
            add_no_volume(view, begin, end, to);
    }
}

void pxi_find_zero_volume(const pxi_series_view *view, pxi_findings *to) {
    for (size_t d = 0; d < view->n_days; d++) {
        const pxi_day *day = &view->days[d];
        size_t n = count_zero_volume(view, day), n_bars = day->end - day->begin;
        if (n && n < n_bars)
            pxi_finding_add(to, view->bars->ts_us[day->begin], n, "of %zu bars", n_bars);
    }
}
