// SPDX-License-Identifier: Apache-2.0
/* Times by a format in strptime's signs. English names only, whatever the locale. */
#include "files/meaning/when.h"

#include <string.h>
#include <strings.h>

typedef struct parts {
    int64_t year, month, day, hour, minute, second, us, offset_us, epoch, day_of_year;
    bool has_offset, has_epoch, has_clock, is_12, is_pm, has_date;
} parts;

static const char *take_number(const char **at, const char *end, size_t most, int64_t *out) {
    size_t n = 0;
    for (*out = 0; n < most && *at < end && (unsigned)(**at - '0') < 10; (*at)++, n++)
        *out = *out * 10 + (**at - '0');
    return n ? NULL : "it does not follow --date-format: a number is missing";
}

static const char *take_name(const char **at, const char *end, const char *const *names, size_t n,
                             int64_t *out) {
    for (size_t i = 0; i < n; i++) {
        const size_t full = strlen(names[i]);
        for (size_t length = full; length >= 3; length = length == full && full > 3 ? 3 : 0)
            if ((size_t)(end - *at) >= length && strncasecmp(*at, names[i], length) == 0) {
                *at += length;
                *out = (int64_t)i;
                return NULL;
            }
    }
    return "it does not follow --date-format: a name is missing";
}

static const char *take_half(const char **at, const char *end, parts *p) {
    if (end - *at < 2 || ((*at)[1] | 32) != 'm' || (((*at)[0] | 32) != 'a' && ((*at)[0] | 32) != 'p'))
        return "it does not follow --date-format: AM or PM is missing";
    p->is_12 = true;
    p->is_pm = ((*at)[0] | 32) == 'p';
    *at += 2;
    return NULL;
}

static const char *take_offset(const char **at, const char *end, parts *p) {
    int64_t hours, minutes = 0;
    p->has_offset = true;
    if (*at < end && (**at | 32) == 'z') {
        (*at)++;
        return NULL;
    }
    if (end - *at >= 3 && (!strncasecmp(*at, "UTC", 3) || !strncasecmp(*at, "GMT", 3))) {
        *at += 3;
        return NULL;
    }
    const bool minus = *at < end && **at == '-';
    if (*at == end || (!minus && **at != '+'))
        return "it does not follow --date-format: an offset is missing";
    (*at)++;
    const char *reason = take_number(at, end, 2, &hours);
    if (*at < end && **at == ':')
        (*at)++;
    if (!reason && *at < end && (unsigned)(**at - '0') < 10)
        reason = take_number(at, end, 2, &minutes);
    p->offset_us = (hours * 60 + minutes) * (minus ? -PX_US_PER_MINUTE : PX_US_PER_MINUTE);
    return reason;
}

static const char *take_sign(char sign, const char **at, const char *end, parts *p) {
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    const char *reason = NULL, *begin = *at;
    int64_t value = 0;
    p->has_date |= strchr("YymbBdejs", sign) != NULL;
    p->has_clock |= strchr("HIMSfps", sign) != NULL;
    switch (sign) {
    case 'Y':
        return take_number(at, end, 4, &p->year);
    case 'y':
        reason = take_number(at, end, 2, &value);
        p->year = value < 69 ? 2000 + value : 1900 + value;
        return reason;
    case 'm':
        return take_number(at, end, 2, &p->month);
    case 'b':
    case 'B':
        reason = take_name(at, end, months, 12, &value);
        p->month = value + 1;
        return reason;
    case 'a':
    case 'A':
        return take_name(at, end, days, 7, &value);
    case 'd':
    case 'e':
        while (*at < end && **at == ' ')
            (*at)++;
        return take_number(at, end, 2, &p->day);
    case 'j':
        return take_number(at, end, 3, &p->day_of_year);
    case 'I':
        p->is_12 = true;
        return take_number(at, end, 2, &p->hour);
    case 'H':
        return take_number(at, end, 2, &p->hour);
    case 'M':
        return take_number(at, end, 2, &p->minute);
    case 'S':
        return take_number(at, end, 2, &p->second);
    case 'f':
        reason = take_number(at, end, 9, &p->us);
        for (size_t n = (size_t)(*at - begin); n < 6; n++)
            p->us *= 10;
        for (size_t n = (size_t)(*at - begin); n > 6; n--)
            p->us /= 10;
        return reason;
    case 'p':
        return take_half(at, end, p);
    case 's':
        p->has_epoch = true;
        return take_number(at, end, 12, &p->epoch);
    default: /* z, Z */
        return take_offset(at, end, p);
    }
}

static const char *expand(char sign) {
    return sign == 'T'   ? "%H:%M:%S"
           : sign == 'D' ? "%m/%d/%y"
           : sign == 'F' ? "%Y-%m-%d"
           : sign == 'R' ? "%H:%M"
                         : NULL;
}

static const char *take_format(const char *format, const char **at, const char *end, parts *p) {
    const char *reason = NULL;
    for (; !reason && *format; format++) {
        if (*format == ' ') {
            while (*at < end && **at == ' ')
                (*at)++;
        } else if (*format == '%' && format[1] != '%') {
            format++;
            const char *more = expand(*format);
            reason = more ? take_format(more, at, end, p) : take_sign(*format, at, end, p);
        } else {
            format += *format == '%';
            if (*at == end || **at != *format)
                return "it does not follow --date-format";
            (*at)++;
        }
    }
    return reason;
}

const char *pxi_format_check(const char *format) {
    for (; *format; format++)
        if (*format == '%' && (!*++format || !strchr("YymbBaAdejHIMSfpszZTDFR%", *format)))
            return "after % stands none of Y y m b d e j a H I M S f p s z T D F R %";
    return NULL;
}

const char *pxi_read_time_by_format(const char *text, size_t length, const char *format, pxi_read_time *out) {
    parts p = {.year = 1970, .month = 1, .day = 1};
    const char *at = text, *end = text + length;
    const char *reason = take_format(format, &at, end, &p);
    if (reason)
        return reason;
    while (at < end && *at == ' ')
        at++;
    if (at != end)
        return "something follows what --date-format names";
    if (p.is_12 && (p.hour < 1 || p.hour > 12))
        return "the hour is not 1 to 12";
    if (p.is_12)
        p.hour = p.hour % 12 + (p.is_pm ? 12 : 0);
    const px_civil civil = {(int32_t)p.year, (int32_t)p.month, (int32_t)p.day};
    if (p.year < 1900 || p.year > 2199 || p.month < 1 || p.month > 12 || p.day < 1 || p.day > 31 ||
        p.hour > 23 || p.minute > 59 || p.second > 59 || p.day_of_year > 366)
        return "by --date-format it is no date";
    int32_t date = px_date_from_civil(civil);
    if (px_civil_from_date(date).day != civil.day)
        return "by --date-format it is no date";
    if (p.day_of_year)
        date += (int32_t)p.day_of_year - 1;
    const int64_t clock_us = (p.hour * 3600 + p.minute * 60 + p.second) * PX_US_PER_SECOND + p.us;
    *out = (pxi_read_time){.form = p.has_epoch    ? PX_TIME_SECONDS
                                   : p.has_offset ? PX_TIME_OFFSET
                                                  : PX_TIME_LOCAL,
                           .us = p.has_epoch ? p.epoch * PX_US_PER_SECOND + p.us
                                             : date * PX_US_PER_DAY + clock_us - p.offset_us,
                           .has_clock = p.has_clock,
                           .clock_us = clock_us};
    return NULL;
}
