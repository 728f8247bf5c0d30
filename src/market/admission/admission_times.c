// SPDX-License-Identifier: Apache-2.0
/* Bars inside a day: whether their times are those of another zone, of the bars' ends, or of another grid. */
#include "market/admission/admission.h"

#include "market/bars.h"
#include "market/bins.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* So many bars are looked at, spread over the series. */
#define SAMPLE 4000
/* Less than this is no evening session of a holiday, of which a calendar may not know. */
#define LONG_DAY_MINUTES 120
#define STEP_US          (15 * PX_US_PER_MINUTE)
#define FURTHEST_US      (14 * 60 * PX_US_PER_MINUTE)

/* ---- hours ----------------------------------------------------------------------------------------------
 */

/* Sessions as bars come: by the calendar, or as if each date were an ordinary day. Of dates with hours of
 * their own, an evening or a Sunday, bars may be that lie outside of these altogether. */
typedef struct hours {
    px_session_cursor cursor;
    px_session session;
    bool ordinary;
} hours;

static hours hours_of(const pxi_admitted *a, bool ordinary) {
    return (hours){.cursor = px_session_cursor_make(a->config->calendar), .ordinary = ordinary};
}

static bool advance(hours *h, int64_t ts_us) {
    if (!px_session_advance(&h->cursor, ts_us))
        return false;
    h->session = h->ordinary ? pxi_calendar_ordinary_session(h->cursor.calendar, h->cursor.session.date)
                             : h->cursor.session;
    return true;
}

/* ---- zone ---------------------------------------------------------------------------------------------- */

/* How the times would be read: by a zone, or moved by so much. */
typedef struct reading {
    const px_zone *zone;
    int64_t shift_us;
    bool ordinary; /* held against the hours of ordinary days */
} reading;

static int64_t read_again(const pxi_admitted *a, const reading *by, int64_t ts_us) {
    const px_zone *own = a->config->zone ? a->config->zone : px_calendar_zone(a->config->calendar);
    if (by->zone)
        return px_zone_to_utc(by->zone, ts_us + px_zone_offset_us(own, ts_us));
    return ts_us + by->shift_us;
}

/* The share of the bars that lie inside of sessions, so read. */
static double share_inside(const pxi_admitted *a, const reading *by) {
    hours h = hours_of(a, by->ordinary);
    const size_t step = a->bars->n / SAMPLE + 1;
    size_t n = 0, inside = 0;
    for (size_t i = 0; i < a->bars->n; i += step, n++) {
        const int64_t ts_us = read_again(a, by, a->bars->ts_us[i]);
        advance(&h, ts_us);
        inside += pxi_interval_at(&h.session, ts_us, a->config->timeframe_minutes) >= 0;
    }
    return (double)inside / (double)n;
}

/* Zones that exports are written in, usual ones first: of two that fit alike the first is named. */
static const char *const usual_zones[] = {
    "UTC",           "America/New_York", "Asia/Kolkata",        "Europe/London",
    "Europe/Berlin", "America/Chicago",  "Europe/Athens",       "Asia/Singapore",
    "Asia/Tokyo",    "Australia/Sydney", "America/Los_Angeles", "Asia/Dubai",
};

/* What the best of the readings is called, as an option takes it; "" where none fits. */
typedef struct best_reading {
    double share;
    int64_t shift_us;
    char zone[40];
    bool ordinary; /* as of a reading: what all of them are held against */
} best_reading;

static void try_zone(const pxi_admitted *a, const char *name, best_reading *best) {
    px_zone *zone = NULL;
    if (px_zone_open(name, &zone, NULL))
        return; /* the system has no such zone */
    const double share = share_inside(a, &(reading){.zone = zone, .ordinary = best->ordinary});
    if (share > best->share) {
        best->share = share;
        snprintf(best->zone, sizeof best->zone, "%s", name);
    }
    px_zone_close(&zone);
}

/* A zone that no list knows is one of its offsets. */
static void try_offsets(const pxi_admitted *a, best_reading *best) {
    for (int64_t shift = -FURTHEST_US; shift <= FURTHEST_US; shift += STEP_US) {
        const int minutes = (int)(llabs(shift) / PX_US_PER_MINUTE);
        char name[16];
        snprintf(name, sizeof name, "%c%02d:%02d", shift < 0 ? '-' : '+', minutes / 60, minutes % 60);
        best_reading this = *best;
        try_zone(a, name, &this);
        if (this.share > best->share + 0.05) /* named ones first */
            *best = this;
    }
}

/* Instants have no zone to choose: they were made as if wall time were UTC, or the other way round. */
static void try_shifts(const pxi_admitted *a, best_reading *best) {
    const px_zone *zone = px_calendar_zone(a->config->calendar);
    const int64_t offset = px_zone_offset_us(zone, a->bars->ts_us[0]);
    const int64_t usual[] = {-offset, offset};
    for (int i = 0; i < 2; i++) {
        const double share = share_inside(a, &(reading){NULL, usual[i], best->ordinary});
        if (share > best->share)
            *best = (best_reading){.share = share, .shift_us = usual[i], .ordinary = best->ordinary};
    }
}

static bool ends_with(const px_session *session, int64_t last_us, int64_t length_us) {
    const int64_t to_close_us = session->close_us - last_us;
    return to_close_us > 0 && to_close_us <= length_us;
}

/* The share of the dates with bars on which they go from the session's open to its close, or to that of an
 * ordinary day, so read; times of ends are one bar late. */
static double share_exact(const pxi_admitted *a, const reading *by) {
    hours own = hours_of(a, false);
    px_session ordinary = {0};
    const px_bars *bars = a->bars;
    const int64_t length_us = a->config->timeframe_minutes * PX_US_PER_MINUTE;
    size_t n = 0, n_exact = 0;
    int64_t first_us = 0;
    for (size_t i = 0; i < bars->n; i++) {
        const int64_t ts_us = read_again(a, by, bars->ts_us[i]);
        const int64_t next_us = i + 1 < bars->n ? read_again(a, by, bars->ts_us[i + 1]) : INT64_MAX;
        if (advance(&own, ts_us)) {
            ordinary = pxi_calendar_ordinary_session(a->config->calendar, own.session.date);
            first_us = ts_us - own.session.open_us;
            n++;
        }
        if (next_us < own.session.next_midnight_us || (first_us != 0 && first_us != length_us))
            continue;
        n_exact += ends_with(&own.session, ts_us - first_us, length_us) ||
                   ends_with(&ordinary, ts_us - first_us, length_us);
    }
    return n ? (double)n_exact / (double)n : 0;
}

/* Where zones lie an hour or two apart most bars are inside of sessions either way. Another one is meant if
 * by it nearly all dates go from the open to the close, and none does as it was read. */
static void try_exact_zones(const pxi_admitted *a, best_reading *best) {
    if (share_exact(a, &(reading){0}) > 0)
        return;
    for (size_t i = 0; i < sizeof usual_zones / sizeof *usual_zones && !*best->zone; i++) {
        px_zone *zone = NULL;
        if (px_zone_open(usual_zones[i], &zone, NULL))
            continue;
        const reading by = {.zone = zone, .ordinary = true};
        best->share = share_inside(a, &by);
        if (best->share > 0.9 && share_exact(a, &by) >= 0.8)
            snprintf(best->zone, sizeof best->zone, "%s", usual_zones[i]);
        px_zone_close(&zone);
    }
}

/* Bars of an hour or so of one day. On a day that the calendar knows to be closed they may be the evening of
 * a holiday. */
static bool is_short(const pxi_admitted *a) {
    const px_bars *bars = a->bars;
    return px_calendar_date(a->config->calendar, bars->ts_us[0]) ==
               px_calendar_date(a->config->calendar, bars->ts_us[bars->n - 1]) &&
           bars->ts_us[bars->n - 1] - bars->ts_us[0] < LONG_DAY_MINUTES * PX_US_PER_MINUTE;
}

/* Whether another reading explains the bars better than the one by which `now` of them lie inside. Who names
 * a zone may well have bars of before and after hours; so may who has bars of an hour, which some zone of all
 * makes lie inside: of these only UTC is thought. */
static bool is_explained(const pxi_admitted *a, double now, best_reading *best) {
    const px_admission_config *config = a->config;
    if (now >= (config->zone_is_named ? 0.05 : 0.5)) {
        if (now < 0.95 && !config->zone_is_named && !config->are_instants)
            try_exact_zones(a, best);
        return *best->zone != '\0';
    }
    if (config->are_instants)
        try_shifts(a, best);
    else if (is_short(a))
        try_zone(a, "UTC", best);
    else {
        for (size_t i = 0; i < sizeof usual_zones / sizeof *usual_zones; i++)
            try_zone(a, usual_zones[i], best);
        try_offsets(a, best);
    }
    return best->share >= 0.8 && best->share >= now + 0.4;
}

/* Held against the hours that the calendar has; where no bar lies in these and nothing explains it, against
 * those of ordinary days. */
static bool is_misread(const pxi_admitted *a, double *now, best_reading *best) {
    const bool may_be_evening =
        is_short(a) && !pxi_calendar_is_session(a->config->calendar,
                                                px_calendar_date(a->config->calendar, a->bars->ts_us[0]));
    *now = share_inside(a, &(reading){0});
    if (may_be_evening || is_explained(a, *now, best))
        return !may_be_evening;
    if (*now > 0)
        return false;
    *best = (best_reading){.ordinary = true};
    *now = share_inside(a, &(reading){.ordinary = true});
    return is_explained(a, *now, best);
}

px_status pxi_admit_zone(pxi_admitted *a, px_error *err) {
    best_reading best = {0};
    double now;
    (void)err;
    if (a->config->timeframe_minutes >= PX_TIMEFRAME_DAY || !pxi_market_closes(a->config->calendar))
        return PX_OK;
    if (!is_misread(a, &now, &best))
        return PX_OK;
    const size_t n = a->bars->n;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_ZONE, PX_ADMISSION_REFUSED, n);
    if (*best.zone) {
        snprintf(note->option, sizeof note->option, "--tz %s", best.zone);
        snprintf(note->text, sizeof note->text,
                 "%.0f %% of the bars lie outside the sessions of %s, and read as times of %s %.0f %% lie "
                 "inside: %s",
                 100 * (1 - now), px_calendar_name(a->config->calendar), best.zone, 100 * best.share,
                 note->option);
        return PX_OK;
    }
    const int minutes = (int)(llabs(best.shift_us) / PX_US_PER_MINUTE);
    snprintf(
        note->text, sizeof note->text,
        "%.0f %% of the bars lie outside the sessions of %s, and %d:%02d %s %.0f %% lie inside: they were "
        "written as if local times were UTC. Write them as local times without offset",
        100 * (1 - now), px_calendar_name(a->config->calendar), minutes / 60, minutes % 60,
        best.shift_us < 0 ? "earlier" : "later", 100 * best.share);
    return PX_OK;
}

bool pxi_zone_explains(const px_calendar *calendar, int timeframe_minutes, const px_bars *bars, char *text,
                       size_t size) {
    const px_admission_config config = {.calendar = calendar, .timeframe_minutes = timeframe_minutes};
    px_admission admission = {0};
    px_bars view = *bars;
    pxi_admitted a = {&config, &view, &admission};
    if (share_inside(&a, &(reading){0}) >= 0.5 || pxi_admit_zone(&a, NULL) || admission.n == 0)
        return false;
    snprintf(text, size, "%s", admission.notes[0].text);
    return true;
}

/* ---- end stamps ---------------------------------------------------------------------------------------- */

/* Of the sessions with bars: how many have one at the open, how many one at the close but none at the open.
 */
typedef struct stamps {
    size_t n, n_open, n_late;
} stamps;

static bool has_inside(const pxi_admitted *a, const px_session *session, size_t begin, size_t end) {
    while (begin < end && pxi_interval_at(session, a->bars->ts_us[begin], a->config->timeframe_minutes) < 0)
        begin++;
    return begin < end;
}

/* A date without a bar in its hours, of an evening or a Sunday, is held against those of an ordinary day. */
static void count_session(const pxi_admitted *a, const px_session *session, size_t begin, size_t end,
                          stamps *to) {
    const px_bars *bars = a->bars;
    const int64_t length_us = a->config->timeframe_minutes * PX_US_PER_MINUTE;
    const px_session ordinary = pxi_calendar_ordinary_session(a->config->calendar, session->date);
    if (!has_inside(a, session, begin, end))
        session = &ordinary;
    bool open = false, close = false; /* the last bin of a day may be cut short, and its end not */
    for (size_t i = begin; i < end; i++) {
        open |= bars->ts_us[i] == session->open_us;
        close |= bars->ts_us[i] >= session->close_us && bars->ts_us[i] < session->close_us + length_us;
    }
    to->n++;
    to->n_open += open;
    to->n_late += close && !open;
}

static stamps count_stamps(const pxi_admitted *a) {
    px_session_cursor cursor = px_session_cursor_make(a->config->calendar);
    px_session session = {0};
    stamps found = {0};
    size_t begin = 0;
    for (size_t i = 0; i <= a->bars->n; i++) {
        if (i < a->bars->n && !px_session_advance(&cursor, a->bars->ts_us[i]))
            continue;
        if (i > begin)
            count_session(a, &session, begin, i, &found);
        session = cursor.session;
        begin = i;
    }
    return found;
}

/* The share of bars whose time is so many microseconds into a minute or later. */
static double share_late_in_minute(const px_bars *bars, int64_t from_us) {
    size_t n = 0;
    for (size_t i = 0; i < bars->n; i++) {
        const int64_t into_us = bars->ts_us[i] % PX_US_PER_MINUTE;
        n += (into_us < 0 ? into_us + PX_US_PER_MINUTE : into_us) >= from_us;
    }
    return (double)n / (double)bars->n;
}

px_status pxi_admit_stamps(pxi_admitted *a, px_error *err) {
    (void)err;
    if (a->config->timeframe_minutes >= PX_TIMEFRAME_DAY || a->config->stamped_at_close)
        return PX_OK;
    const bool last_second = share_late_in_minute(a->bars, PX_US_PER_MINUTE - PX_US_PER_SECOND) > 0.9;
    const stamps found = pxi_market_closes(a->config->calendar) ? count_stamps(a) : (stamps){0};
    const bool late = found.n_late * 2 > found.n && found.n_open * 20 <= found.n;
    if (!last_second && !late)
        return PX_OK;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_STAMP, PX_ADMISSION_REFUSED, a->bars->n);
    snprintf(note->option, sizeof note->option, "--stamp close");
    if (last_second)
        snprintf(note->text, sizeof note->text,
                 "the times are the last second of a minute: they name the ends of bars: %s", note->option);
    else
        snprintf(note->text, sizeof note->text,
                 "%zu of %zu sessions have a bar at their close and none at their open: the times name the "
                 "ends of bars: %s",
                 found.n_late, found.n, note->option);
    return PX_OK;
}

/* ---- two timeframes ------------------------------------------------------------------------------------ */

/* Of one day's bars: the step that nearly all of them follow each other by, in timeframes; 0 = they are few,
 * or do not go by one. */
static int64_t step_of(const px_bars *bars, size_t begin, size_t end, int64_t timeframe_us) {
    int64_t least = INT64_MAX;
    size_t n_least = 0;
    for (size_t i = begin + 1; i < end; i++) {
        const int64_t step = bars->ts_us[i] - bars->ts_us[i - 1];
        if (step < least) {
            least = step;
            n_least = 0;
        }
        n_least += step == least;
    }
    return end - begin >= 6 && n_least * 10 >= (end - begin - 1) * 9 ? least / timeframe_us : 0;
}

/* Files of two timeframes in one series: whole days of bars that lie five minutes apart among those of one.
 */
px_status pxi_admit_mixed(pxi_admitted *a, px_error *err) {
    const int64_t length_us = a->config->timeframe_minutes * PX_US_PER_MINUTE;
    px_session_cursor cursor = px_session_cursor_make(a->config->calendar);
    size_t begin = 0, n_own = 0, n_long = 0, n_bars = 0;
    int64_t longer = 0, first_us = 0;
    char at[PX_TIME_TEXT_SIZE];
    (void)err;
    for (size_t i = 0; i <= a->bars->n; i++) {
        if (i < a->bars->n && !px_session_advance(&cursor, a->bars->ts_us[i]))
            continue;
        const int64_t step = i > begin ? step_of(a->bars, begin, i, length_us) : 0;
        n_own += step == 1;
        if (step >= 3 && (!longer || step == longer)) {
            first_us = longer ? first_us : a->bars->ts_us[begin];
            longer = step;
            n_long++;
            n_bars += i - begin;
        }
        begin = i;
    }
    if (n_own == 0 || n_long < 2)
        return PX_OK;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_MIXED, PX_ADMISSION_REFUSED, n_bars);
    px_time_format_local(first_us, px_calendar_zone(a->config->calendar), at);
    snprintf(note->text, sizeof note->text,
             "on %zu days, the first %.10s, bars are %" PRId64
             " minutes apart, on %zu others %d: these are two "
             "timeframes; import their files apart",
             n_long, at, longer * a->config->timeframe_minutes, n_own, a->config->timeframe_minutes);
    return PX_OK;
}

/* ---- clock grid ---------------------------------------------------------------------------------------- */

px_status pxi_admit_grid(pxi_admitted *a, px_error *err) {
    px_session_cursor cursor = px_session_cursor_make(a->config->calendar);
    const int64_t length_us = a->config->timeframe_minutes * PX_US_PER_MINUTE;
    size_t n_off = 0, n = 0;
    int64_t first_us = 0;
    char at[PX_TIME_TEXT_SIZE];
    (void)err;
    if (a->config->timeframe_minutes < 2 || a->config->timeframe_minutes >= PX_TIMEFRAME_DAY ||
        !pxi_market_closes(a->config->calendar))
        return PX_OK;
    for (size_t i = 0; i < a->bars->n; i++) {
        const int64_t ts_us = a->bars->ts_us[i];
        px_session_advance(&cursor, ts_us);
        const px_session *session = &cursor.session;
        if (!session->n_intervals || ts_us >= session->close_us)
            continue;
        n++;
        const bool own = (ts_us - session->open_us) % length_us == 0;
        const bool clock = (ts_us - session->midnight_us) % length_us == 0;
        if (clock && !own && n_off++ == 0)
            first_us = ts_us;
    }
    if (!n_off || n_off * 10 < n * 9)
        return PX_OK;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_GRID, PX_ADMISSION_SAID, n_off);
    px_time_format_local(first_us, px_calendar_zone(a->config->calendar), at);
    snprintf(note->text, sizeof note->text,
             "the bars begin on the clock's grid (the first at %.5s), not on the session's, which opens in "
             "between: they keep it, and make no bars of a longer timeframe",
             at + 11);
    return PX_OK;
}
