// SPDX-License-Identifier: Apache-2.0
/* Exchange calendars. A new exchange is its rows and one line in the table of calendars; holidays need no
 * row, because a date without bars has no session. */
#include "pixity/calendar.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define AT(hour, minute) ((hour)*60 + (minute))

typedef struct interval {
    int begin, end; /* minutes after local midnight; {0, 0} ends a list */
} interval;

/* Trading on weekdays from a date on (year * 10000 + month * 100 + day). */
typedef struct hours_row {
    int32_t from;
    interval intervals[PX_SESSION_MAX_INTERVALS];
} hours_row;

/* Trading on one date, in place of its weekday's. */
typedef struct date_row {
    int32_t date;
    interval intervals[PX_SESSION_MAX_INTERVALS];
} date_row;

typedef struct exchange {
    const char *name, *zone;
    int days_per_year;
    unsigned weekdays; /* bit 0 is Monday */
    const hours_row *hours;
    size_t n_hours;
    const date_row *dates; /* ascending */
    size_t n_dates;
} exchange;

/* ---- NSE, cash segment -------------------------------------------------------------------------------- */

static const hours_row nse_hours[] = {
    /* NSE circular 2009-12 on market timings: 9:00 to 15:30 from 2010-01-04, of which 9:00-9:15 became the
     * pre-open call auction on 2010-10-18. */
    {19000101, {{AT(9, 15), AT(15, 30)}}},
    /* SEBI's closing auction session, 15:15-15:35: continuous trading ends as it begins. */
    {20260803, {{AT(9, 15), AT(15, 15)}}},
};

/* Muhurat evenings: the exchange's yearly circular for Diwali Laxmi Pujan, normal market. Saturdays:
 * circulars on live trading on the day of the Union Budget, and on switching to the disaster recovery site
 * (two sessions). A date that is missing here costs nothing: where no bar lies inside regular hours, all are
 * kept. */
static const date_row nse_dates[] = {
    {20121113, {{AT(15, 45), AT(17, 0)}}},                          /* Muhurat */
    {20131103, {{AT(18, 15), AT(19, 30)}}},                         /* Muhurat */
    {20141023, {{AT(18, 15), AT(19, 30)}}},                         /* Muhurat */
    {20150228, {{AT(9, 15), AT(15, 30)}}},                          /* Budget */
    {20151111, {{AT(17, 45), AT(18, 45)}}},                         /* Muhurat */
    {20161030, {{AT(18, 30), AT(19, 30)}}},                         /* Muhurat */
    {20171019, {{AT(18, 30), AT(19, 30)}}},                         /* Muhurat */
    {20181107, {{AT(17, 30), AT(18, 30)}}},                         /* Muhurat */
    {20191027, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20200201, {{AT(9, 15), AT(15, 30)}}},                          /* Budget */
    {20201114, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20211104, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20221024, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20231112, {{AT(18, 15), AT(19, 15)}}},                         /* Muhurat */
    {20240120, {{AT(9, 15), AT(15, 30)}}},                          /* full Saturday before a holiday */
    {20240302, {{AT(9, 15), AT(10, 0)}, {AT(11, 30), AT(12, 30)}}}, /* disaster recovery site */
    {20240518, {{AT(9, 15), AT(10, 0)}, {AT(11, 30), AT(12, 30)}}}, /* disaster recovery site */
    {20241101, {{AT(18, 0), AT(19, 0)}}},                           /* Muhurat */
    {20250201, {{AT(9, 15), AT(15, 30)}}},                          /* Budget */
    {20251021, {{AT(13, 45), AT(14, 45)}}},                         /* Muhurat, in the afternoon for once */
};

#define COUNT(array)     (sizeof(array) / sizeof *(array))
#define MONDAY_TO_FRIDAY 0x1f

static const exchange calendars[] = {
    {"NSE", "Asia/Kolkata", 248, MONDAY_TO_FRIDAY, nse_hours, COUNT(nse_hours), nse_dates, COUNT(nse_dates)},
};

/* ---- using the rows ----------------------------------------------------------------------------------- */

struct px_calendar {
    const exchange *rules;
    px_zone *zone;
};

static px_status fail_unknown(const char *name, px_error *err) {
    const char *names[COUNT(calendars)];
    char known[256], hint[128];
    size_t used = 0;
    for (size_t i = 0; i < COUNT(calendars); i++) {
        names[i] = calendars[i].name;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", names[i]);
    }
    return pxi_fail(err, PX_EINPUT, "no calendar of exchange \"%.40s\"%s (known: %s)", name,
                    pxi_did_you_mean(name, names, COUNT(calendars), hint, sizeof hint), known);
}

px_status px_calendar_open(const char *name, px_calendar **out, px_error *err) {
    const exchange *found = NULL;
    for (size_t i = 0; i < COUNT(calendars); i++)
        if (strcasecmp(name, calendars[i].name) == 0)
            found = &calendars[i];
    if (!found)
        return fail_unknown(name, err);
    px_calendar *calendar = pxi_new_array(1, sizeof *calendar);
    if (!calendar)
        return pxi_fail_memory(err);
    calendar->rules = found;
    px_status status = px_zone_open(found->zone, &calendar->zone, err);
    if (status) {
        px_calendar_close(&calendar);
        return status;
    }
    *out = calendar;
    return PX_OK;
}

void px_calendar_close(px_calendar **calendar) {
    if (!calendar || !*calendar)
        return;
    px_zone_close(&(*calendar)->zone);
    free(*calendar);
    *calendar = NULL;
}

const char *px_calendar_name(const px_calendar *calendar) {
    return calendar->rules->name;
}

const px_zone *px_calendar_zone(const px_calendar *calendar) {
    return calendar->zone;
}

int px_calendar_days_per_year(const px_calendar *calendar) {
    return calendar->rules->days_per_year;
}

static int32_t as_number(int32_t date) {
    px_civil civil = px_civil_from_date(date);
    return civil.year * 10000 + civil.month * 100 + civil.day;
}

static const hours_row *hours_of(const exchange *rules, int32_t number) {
    const hours_row *row = &rules->hours[0];
    for (size_t i = 1; i < rules->n_hours && rules->hours[i].from <= number; i++)
        row = &rules->hours[i];
    return row;
}

/* The intervals of a date; NULL without regular trading. */
static const interval *intervals_of(const exchange *rules, const hours_row *hours, int32_t date,
                                    int32_t number) {
    for (size_t i = 0; i < rules->n_dates && rules->dates[i].date <= number; i++)
        if (rules->dates[i].date == number)
            return rules->dates[i].intervals;
    return rules->weekdays >> px_date_weekday(date) & 1 ? hours->intervals : NULL;
}

px_session px_calendar_session(const px_calendar *calendar, int32_t date) {
    const px_zone *zone = calendar->zone;
    int32_t number = as_number(date);
    const hours_row *hours = hours_of(calendar->rules, number);
    const interval *intervals = intervals_of(calendar->rules, hours, date, number);
    int64_t local_midnight = date * PX_US_PER_DAY;
    px_session session = {.date = date};
    session.midnight_us = px_zone_to_utc(zone, local_midnight);
    session.next_midnight_us = px_zone_to_utc(zone, local_midnight + PX_US_PER_DAY);
    session.close_us = session.next_midnight_us; /* where nothing is known of it */
    session.open_us = px_zone_to_utc(zone, local_midnight + hours->intervals[0].begin * PX_US_PER_MINUTE);
    for (int i = 0; intervals && i < PX_SESSION_MAX_INTERVALS && intervals[i].end; i++) {
        session.intervals[i].begin_us =
            px_zone_to_utc(zone, local_midnight + intervals[i].begin * PX_US_PER_MINUTE);
        session.intervals[i].end_us =
            px_zone_to_utc(zone, local_midnight + intervals[i].end * PX_US_PER_MINUTE);
        session.close_us = session.intervals[i].end_us;
        session.n_intervals = i + 1;
    }
    return session;
}

/* Microseconds since 1970-01-01 00:00 local. */
static int64_t local_us(const px_calendar *calendar, int64_t ts_us) {
    return ts_us + px_zone_offset_us(calendar->zone, ts_us);
}

static int64_t floor_days(int64_t us) {
    return us / PX_US_PER_DAY - (us % PX_US_PER_DAY < 0);
}

int32_t px_calendar_date(const px_calendar *calendar, int64_t ts_us) {
    return (int32_t)floor_days(local_us(calendar, ts_us));
}

int px_calendar_minute_of_day(const px_calendar *calendar, int64_t ts_us) {
    int64_t local = local_us(calendar, ts_us);
    return (int)((local - floor_days(local) * PX_US_PER_DAY) / PX_US_PER_MINUTE);
}
