// SPDX-License-Identifier: Apache-2.0
/* Daily bars belong to the date that was meant; and a bar that was still going on is none. */
#include "market/admission/admission.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- days ---------------------------------------------------------------------------------------------- */

static int64_t floor_to(int64_t value, int64_t step) {
    const int64_t rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

/* Ways to find the date that was meant by a bar's time. */
typedef enum dating {
    AS_READ,   /* the local date that it lies in */
    UTC_DATE,  /* the date of the UTC midnight that it is */
    NEXT_DATE, /* the evening before stands for the day */
    PREVIOUS_DATE,
    N_DATINGS,
} dating;

static const char *const datings[N_DATINGS] = {
    [UTC_DATE] = "they are midnights of UTC, and the dates that are written there count",
    [NEXT_DATE] = "each is one day early: the evening before stands for the day in another zone",
    [PREVIOUS_DATE] = "each is one day late",
};

static int32_t date_of(const px_calendar *calendar, dating how, int64_t ts_us) {
    switch (how) {
    case UTC_DATE:
        return (int32_t)(floor_to(ts_us, PX_US_PER_DAY) / PX_US_PER_DAY);
    case NEXT_DATE:
        return px_calendar_date(calendar, ts_us) + 1;
    case PREVIOUS_DATE:
        return px_calendar_date(calendar, ts_us) - 1;
    case AS_READ:
    case N_DATINGS:
        break;
    }
    return px_calendar_date(calendar, ts_us);
}

/* How many bars would be of days without trading. */
static size_t count_closed(const pxi_admitted *a, dating how) {
    const px_calendar *calendar = a->config->calendar;
    size_t n = 0;
    for (size_t i = 0; i < a->bars->n; i++)
        n += px_calendar_session(calendar, date_of(calendar, how, a->bars->ts_us[i])).n_intervals == 0;
    return n;
}

/* Midnights of UTC that are no local ones: dates were written, and read as instants. */
static bool are_utc_midnights(const pxi_admitted *a) {
    const px_zone *zone = px_calendar_zone(a->config->calendar);
    bool other = false;
    for (size_t i = 0; i < a->bars->n; i++) {
        if (a->bars->ts_us[i] % PX_US_PER_DAY)
            return false;
        other |= px_zone_offset_us(zone, a->bars->ts_us[i]) < 0;
    }
    return other;
}

static void move_days(const pxi_admitted *a, dating how) {
    const px_calendar *calendar = a->config->calendar;
    for (size_t i = 0; i < a->bars->n; i++)
        a->bars->ts_us[i] =
            px_calendar_session(calendar, date_of(calendar, how, a->bars->ts_us[i])).midnight_us;
}

px_status pxi_admit_days(pxi_admitted *a, px_error *err) {
    const size_t n = a->bars->n;
    dating how = AS_READ;
    (void)err;
    if (a->config->timeframe_minutes != PX_TIMEFRAME_DAY || !pxi_market_closes(a->config->calendar))
        return PX_OK;
    const size_t n_closed = count_closed(a, AS_READ);
    if (are_utc_midnights(a))
        how = UTC_DATE;
    else if (n_closed * 10 < n) /* a Saturday now and then may have been one of trading */
        return PX_OK;
    else
        for (dating other = NEXT_DATE; other <= PREVIOUS_DATE; other++)
            if (count_closed(a, other) * 100 <= n && how == AS_READ)
                how = other;
    if (how != AS_READ) {
        px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_DAYS, PX_ADMISSION_CHANGED, n);
        snprintf(note->text, sizeof note->text,
                 "daily bars are taken as those of the date that was meant (as read, %zu of %zu are of days "
                 "without "
                 "trading): %s",
                 n_closed, n, datings[how]);
        move_days(a, how);
        return PX_OK;
    }
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_DAYS, PX_ADMISSION_REFUSED, n_closed);
    snprintf(
        note->text, sizeof note->text,
        "%zu of %zu daily bars are of days without trading on %s, and no day earlier or later makes all of "
        "them trading days: another exchange (--exchange 24x7), or a wrong date (--date-format, --tz)",
        n_closed, n, px_calendar_name(a->config->calendar));
    return PX_OK;
}

/* ---- unfinished ---------------------------------------------------------------------------------------- */

/* A file that was written while its last bar went on says so only if it is not older than that bar. */
px_status pxi_admit_unfinished(pxi_admitted *a, px_error *err) {
    const px_admission_config *config = a->config;
    char text[PX_TIME_TEXT_SIZE];
    (void)err;
    const int64_t last_us = a->bars->ts_us[a->bars->n - 1];
    px_session_cursor cursor = px_session_cursor_make(config->calendar);
    px_session_advance(&cursor, last_us);
    const px_session *session = &cursor.session;
    const int64_t end_us = config->timeframe_minutes == PX_TIMEFRAME_DAY && session->n_intervals > 0
                               ? session->close_us
                               : px_session_bar_end(session, last_us, config->timeframe_minutes);
    const bool by_clock = config->now_us != INT64_MAX && last_us <= config->now_us && end_us > config->now_us;
    const bool by_file =
        config->file_us != INT64_MAX && last_us < config->file_us && end_us > config->file_us;
    if (!by_clock && !by_file)
        return PX_OK;
    const bool is_only = a->bars->n == 1;
    px_admission_note *note = pxi_admission_note(a, PX_ADMISSION_UNFINISHED,
                                                 is_only ? PX_ADMISSION_REFUSED : PX_ADMISSION_CHANGED, 1);
    px_time_format_local(last_us, px_calendar_zone(config->calendar), text);
    snprintf(note->text, sizeof note->text, "the %s bar, of %.16s, %s: it %s", is_only ? "only" : "last",
             text, by_clock ? "is still going on" : "was still going on when the file was written",
             is_only ? "is no bar yet" : "is left out");
    a->bars->n -= !is_only;
    return PX_OK;
}
