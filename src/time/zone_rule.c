// SPDX-License-Identifier: Apache-2.0
/* Yearly rules of summer time, written out year by year, so that looking up an offset is one search. */
#include "time/zone.h"

#include <stdbool.h>
#include <stdlib.h>

#define DAY_S 86400

/* ---- reading: RFC 8536 section 3.3.1 ------------------------------------------------------------------ */

static bool take(const char **at, char wanted) {
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool take_int(const char **at, int most, int *out) {
    int value = 0, digits = 0;
    for (; **at >= '0' && **at <= '9' && digits < 4; (*at)++, digits++)
        value = value * 10 + (**at - '0');
    *out = value;
    return digits > 0 && value <= most;
}

static bool take_abbreviation(const char **at) {
    const char *begin = *at;
    if (take(at, '<')) {
        while (**at && **at != '>')
            (*at)++;
        return take(at, '>');
    }
    while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
        (*at)++;
    return *at > begin;
}

/* [+-]h[:mm[:ss]] in seconds. */
static bool take_duration(const char **at, int64_t *out) {
    bool minus = take(at, '-');
    int hours, minutes = 0, seconds = 0;
    if (!minus)
        take(at, '+');
    if (!take_int(at, 167, &hours) || (take(at, ':') && !take_int(at, 59, &minutes)) ||
        (take(at, ':') && !take_int(at, 59, &seconds)))
        return false;
    *out = ((int64_t)hours * 3600 + minutes * 60 + seconds) * (minus ? -1 : 1);
    return true;
}

static bool take_day(const char **at, pxi_rule_day *day) {
    bool fits;
    if (take(at, 'M')) {
        day->form = 'M';
        fits = take_int(at, 12, &day->month) && day->month > 0 && take(at, '.') &&
               take_int(at, 5, &day->week) && day->week > 0 && take(at, '.') && take_int(at, 6, &day->day);
    } else {
        day->form = take(at, 'J') ? 'J' : 'n';
        fits = take_int(at, 365, &day->day) && (day->form == 'n' || day->day > 0);
    }
    day->local_time = 2 * 3600;
    return fits && (!take(at, '/') || take_duration(at, &day->local_time));
}

static bool parse(const char *text, pxi_zone_rule *out) {
    const char *at = text;
    if (!take_abbreviation(&at) || !take_duration(&at, &out->standard_s))
        return false;
    out->standard_s = -out->standard_s; /* POSIX counts westwards */
    out->summer_s = out->standard_s;
    if (!*at)
        return true;
    if (!take_abbreviation(&at))
        return false;
    out->summer_s = out->standard_s + 3600;
    if (*at != ',') {
        if (!take_duration(&at, &out->summer_s))
            return false;
        out->summer_s = -out->summer_s;
    }
    return take(&at, ',') && take_day(&at, &out->to_summer) && take(&at, ',') &&
           take_day(&at, &out->to_standard) && !*at;
}

/* ---- writing out ------------------------------------------------------------------------------------- */

/* Local seconds since 1970-01-01 at which a rule's day and time come in a year. */
static int64_t rule_local(const pxi_rule_day *day, int32_t year) {
    int32_t first = px_date_from_civil((px_civil){year, 1, 1}), date;
    if (day->form == 'M') {
        int32_t month = px_date_from_civil((px_civil){year, day->month, 1});
        int32_t next = day->month == 12 ? px_date_from_civil((px_civil){year + 1, 1, 1})
                                        : px_date_from_civil((px_civil){year, day->month + 1, 1});
        int from_sunday = (px_date_weekday(month) + 1) % 7;
        date = month + (day->day - from_sunday + 7) % 7 + 7 * (day->week - 1);
        if (date >= next)
            date -= 7;
    } else if (day->form == 'J') {
        bool after_february = day->day > 59;
        date = px_date_from_civil((px_civil){year, 3, 1});
        date = after_february ? date + day->day - 60 : first + day->day - 1;
    } else
        date = first + day->day;
    return (int64_t)date * DAY_S + day->local_time;
}

bool pxi_zone_rule_parse(const char *text, pxi_zone_rule *out) {
    pxi_zone_rule rule = {0};
    if (!parse(text, &rule) || llabs(rule.standard_s) >= DAY_S || llabs(rule.summer_s) >= DAY_S)
        return false;
    *out = rule;
    return true;
}

void pxi_span_add(pxi_span *spans, size_t *n, int64_t begin_us, int64_t offset_s) {
    int64_t offset_us = offset_s * PX_US_PER_SECOND;
    if (*n == 0 || (begin_us > spans[*n - 1].begin_us && offset_us != spans[*n - 1].offset_us))
        spans[(*n)++] = (pxi_span){begin_us, offset_us};
}

void pxi_zone_rule_add(const pxi_zone_rule *rule, int32_t first_year, int32_t last_year, int64_t after_us,
                       pxi_span *spans, size_t *n) {
    if (rule->summer_s == rule->standard_s)
        return;
    for (int32_t year = first_year; year <= last_year; year++) {
        int64_t summer_us = (rule_local(&rule->to_summer, year) - rule->standard_s) * PX_US_PER_SECOND;
        int64_t standard_us = (rule_local(&rule->to_standard, year) - rule->summer_s) * PX_US_PER_SECOND;
        bool north = summer_us < standard_us;
        int64_t first_us = north ? summer_us : standard_us, second_us = north ? standard_us : summer_us;
        if (first_us > after_us)
            pxi_span_add(spans, n, first_us, north ? rule->summer_s : rule->standard_s);
        if (second_us > after_us)
            pxi_span_add(spans, n, second_us, north ? rule->standard_s : rule->summer_s);
    }
}
