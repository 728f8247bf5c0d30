// SPDX-License-Identifier: Apache-2.0
/* Sessions of an exchange from its rows (exchanges.c). */
#include "pixity/calendar.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "market/bars.h"
#include "market/exchanges.h"
#include "pixity/requests.h"
#include "market/odd_hours.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* Hours that are taken as regular in place of the table's. */
typedef struct taken_hours {
    int32_t from, to; /* dates, inclusive */
    int begin, end;
} taken_hours;

struct px_calendar {
    const pxi_exchange *rules;
    px_zone *zone;
    size_t n_taken;
    taken_hours *taken;
};

static px_status fail_unknown(const char *name, px_error *err) {
    const char *names[PXI_MAX_EXCHANGES];
    char known[256], hint[128];
    size_t n = 0, used = 0;
    for (const pxi_exchange *e; n < PXI_MAX_EXCHANGES && (e = pxi_exchange_at(n)); n++) {
        names[n] = e->name;
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", n ? ", " : "", e->name);
    }
    return pxi_fail(err, PX_EINPUT, "no calendar of exchange \"%.40s\"%s (known: %s)", name,
                    pxi_did_you_mean(name, names, n, hint, sizeof hint), known);
}

const char *px_exchange_name(size_t i) {
    const pxi_exchange *exchange = pxi_exchange_at(i);
    return exchange ? exchange->name : NULL;
}

px_status px_calendar_open(const char *name, px_calendar **out, px_error *err) {
    const pxi_exchange *found = pxi_exchange_at(0);
    name = name ? name : PX_USUAL_EXCHANGE;
    for (size_t i = 0; found && strcasecmp(name, found->name) != 0; i++)
        found = pxi_exchange_at(i + 1);
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
    free((*calendar)->taken);
    free(*calendar);
    *calendar = NULL;
}

const char *px_calendar_name(const px_calendar *calendar) {
    return calendar->rules->name;
}

bool pxi_calendar_has_bands(const px_calendar *calendar) {
    return calendar->rules->has_bands;
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

static const pxi_hours_row *hours_of(const pxi_exchange *rules, int32_t number) {
    const pxi_hours_row *row = &rules->hours[0];
    for (size_t i = 1; i < rules->n_hours && rules->hours[i].from <= number; i++)
        row = &rules->hours[i];
    return row;
}

static const pxi_date_row *special_date(const pxi_exchange *rules, int32_t number) {
    for (size_t i = 0; i < rules->n_dates && rules->dates[i].date <= number; i++)
        if (rules->dates[i].date == number)
            return &rules->dates[i];
    return NULL;
}

static bool is_weekday_of(const pxi_exchange *rules, int32_t date) {
    return rules->weekdays >> px_date_weekday(date) & 1;
}

bool pxi_calendar_is_session(const px_calendar *calendar, int32_t date) {
    const pxi_exchange *rules = calendar->rules;
    const pxi_date_row *special = special_date(rules, as_number(date));
    if (special)
        return special->intervals[0].end > 0;
    return is_weekday_of(rules, date) && !(rules->closed && rules->closed(date) == PXI_DAY_CLOSED);
}

bool pxi_calendar_is_closed(const px_calendar *calendar, int32_t date) {
    const int32_t *kept = calendar->rules->kept;
    while (kept && *kept && *kept != as_number(date))
        kept++;
    return pxi_calendar_knows_holidays(calendar) && !pxi_calendar_is_session(calendar, date) &&
           !(kept && *kept);
}

bool pxi_calendar_knows_holidays(const px_calendar *calendar) {
    return calendar->rules->closed || calendar->rules->weekdays == 0x7f;
}

size_t pxi_calendar_count_sessions(const px_calendar *calendar, int32_t begin, int32_t end, size_t most) {
    size_t n = 0;
    for (int32_t date = begin; date < end && n < most; date++)
        n += pxi_calendar_is_session(calendar, date);
    return n;
}

/* The intervals of a date; NULL without regular trading. */
static const pxi_interval *intervals_of(const pxi_exchange *rules, const pxi_hours_row *hours, int32_t date,
                                        int32_t number) {
    const pxi_date_row *special = special_date(rules, number);
    if (special)
        return special->intervals;
    return is_weekday_of(rules, date) ? hours->intervals : NULL;
}

/* The hours of a date with one interval, where others were taken for it. */
static pxi_interval widened(const px_calendar *calendar, const pxi_interval *intervals, int32_t date) {
    pxi_interval hours = intervals[0];
    for (size_t i = 0; i < calendar->n_taken && !intervals[1].end; i++) {
        const taken_hours *taken = &calendar->taken[i];
        if (date < taken->from || date > taken->to)
            continue;
        hours.begin = taken->begin < hours.begin ? taken->begin : hours.begin;
        hours.end = taken->end > hours.end ? taken->end : hours.end;
    }
    return hours;
}

/* The session of a date with these intervals; NULL = without any. */
static px_session make_session(const px_calendar *calendar, int32_t date, const pxi_hours_row *hours,
                               const pxi_interval *intervals) {
    const px_zone *zone = calendar->zone;
    int64_t local_midnight = date * PX_US_PER_DAY;
    pxi_interval wider[PX_SESSION_MAX_INTERVALS] = {{0, 0}};
    px_session session = {.date = date};
    if (calendar->n_taken && intervals == hours->intervals) {
        wider[0] = widened(calendar, intervals, date);
        for (int i = 1; i < PX_SESSION_MAX_INTERVALS; i++)
            wider[i] = intervals[i];
        intervals = wider;
    }
    session.midnight_us = px_zone_to_utc(zone, local_midnight);
    session.next_midnight_us = px_zone_to_utc(zone, local_midnight + PX_US_PER_DAY);
    session.close_us = session.next_midnight_us; /* where nothing is known of it */
    session.open_us = px_zone_to_utc(
        zone, local_midnight + (intervals == wider ? wider : hours->intervals)[0].begin * PX_US_PER_MINUTE);
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

px_status pxi_calendar_take_hours(px_calendar *calendar, const pxi_odd_hours *hours, size_t n) {
    free(calendar->taken);
    calendar->n_taken = 0;
    calendar->taken = pxi_new_array(n + 1, sizeof *calendar->taken);
    if (!calendar->taken)
        return PX_ENOMEM;
    for (size_t i = 0; i < n; i++)
        calendar->taken[calendar->n_taken++] =
            (taken_hours){hours[i].first_date, hours[i].last_date, hours[i].begin, hours[i].end};
    return PX_OK;
}

bool pxi_calendar_is_around(const px_calendar *calendar, int minute) {
    const pxi_interval *around = calendar->rules->around;
    while (around && around->end && !(minute >= around->begin && minute < around->end))
        around++;
    return around && around->end;
}

px_session px_calendar_session(const px_calendar *calendar, int32_t date) {
    const int32_t number = as_number(date);
    const pxi_hours_row *hours = hours_of(calendar->rules, number);
    return make_session(calendar, date, hours, intervals_of(calendar->rules, hours, date, number));
}

px_session pxi_calendar_ordinary_session(const px_calendar *calendar, int32_t date) {
    const pxi_hours_row *hours = hours_of(calendar->rules, as_number(date));
    return make_session(calendar, date, hours, hours->intervals);
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
