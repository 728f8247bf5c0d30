// SPDX-License-Identifier: Apache-2.0
#include "pixity/time.h"

#include "base/error.h"

#include <stdbool.h>
#include <string.h>

/* ---- parsing: each step returns NULL, or why the text is no time ------------------------------------ */

typedef struct cursor {
    const char *at, *end;
} cursor;

static size_t left(const cursor *c) {
    return (size_t)(c->end - c->at);
}

static bool take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool at_digit(const cursor *c) {
    return c->at < c->end && (unsigned)(*c->at - '0') < 10;
}

static bool take_number(cursor *c, size_t n_digits, int32_t *out) {
    if (left(c) < n_digits)
        return false;
    int32_t value = 0;
    for (size_t i = 0; i < n_digits; i++) {
        unsigned digit = (unsigned)(c->at[i] - '0');
        if (digit > 9)
            return false;
        value = value * 10 + (int32_t)digit;
    }
    c->at += n_digits;
    *out = value;
    return true;
}

static int32_t days_in_month(int32_t year, int32_t month) {
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* YYYY-MM-DD, or the basic form YYYYMMDD. */
static const char *take_date(cursor *c, int32_t *date) {
    px_civil civil;
    if (!take_number(c, 4, &civil.year))
        return "it does not begin with a date like 2022-08-16";
    bool dashes = take(c, '-');
    if (!take_number(c, 2, &civil.month) || take(c, '-') != dashes || !take_number(c, 2, &civil.day))
        return "its date is not like 2022-08-16";
    if (civil.year < 1900 || civil.year > 2199)
        return "the year is not 1900 to 2199";
    if (civil.month < 1 || civil.month > 12)
        return "the month is not 01 to 12";
    if (civil.day < 1 || civil.day > days_in_month(civil.year, civil.month))
        return "the month has no such day";
    *date = px_date_from_civil(civil);
    return NULL;
}

/* Digits after the point, as millionths; more than six are cut. */
static const char *take_fraction(cursor *c, int64_t *millionths) {
    if (!at_digit(c))
        return "no digits follow the decimal point";
    int64_t scale = 100000, value = 0;
    for (; at_digit(c); c->at++, scale /= 10)
        value += (*c->at - '0') * scale;
    *millionths = value;
    return NULL;
}

/* HH:MM, HH:MM:SS, HH:MM:SS.fraction, or without the colons. */
static const char *take_clock(cursor *c, int64_t *us) {
    int32_t hour, minute, second = 0;
    int64_t millionths = 0;
    if (!take_number(c, 2, &hour))
        return "its time of day is not like 09:15:00";
    bool colons = take(c, ':');
    if (!take_number(c, 2, &minute))
        return "its time of day is not like 09:15:00";
    bool seconds = colons ? take(c, ':') : at_digit(c);
    if (seconds && !take_number(c, 2, &second))
        return "its seconds are not two digits";
    if (seconds && (take(c, '.') || take(c, ','))) {
        const char *reason = take_fraction(c, &millionths);
        if (reason)
            return reason;
    }
    if (hour > 23)
        return "the hour is not 00 to 23";
    if (minute > 59)
        return "the minute is not 00 to 59";
    if (second > 59)
        return "the second is not 00 to 59";
    *us = ((int64_t)hour * 3600 + minute * 60 + second) * PX_US_PER_SECOND + millionths;
    return NULL;
}

/* Z, +05:30, +0530 or +05; of the 19th century also +05:53:28. */
static const char *take_offset(cursor *c, int64_t *us) {
    if (take(c, 'Z') || take(c, 'z')) {
        *us = 0;
        return NULL;
    }
    bool minus = take(c, '-');
    int32_t hours, minutes = 0, seconds = 0;
    if ((!minus && !take(c, '+')) || !take_number(c, 2, &hours))
        return "what follows the time of day is no offset like +05:30";
    if ((take(c, ':') || at_digit(c)) && !take_number(c, 2, &minutes))
        return "the minutes of its offset are not two digits";
    if (take(c, ':') && !take_number(c, 2, &seconds))
        return "the seconds of its offset are not two digits";
    if (hours > 23 || minutes > 59 || seconds > 59)
        return "its offset is a day or more";
    *us = ((int64_t)hours * 3600 + minutes * 60 + seconds) * (minus ? -PX_US_PER_SECOND : PX_US_PER_SECOND);
    return NULL;
}

static const char *parse_iso(cursor *c, const px_zone *zone, px_time_form *form, int64_t *out) {
    int32_t date;
    int64_t clock_us = 0, offset_us;
    const char *reason = take_date(c, &date);
    if (reason)
        return reason;
    if (take(c, ' ') || take(c, 'T') || take(c, 't')) {
        if ((reason = take_clock(c, &clock_us)))
            return reason;
    }
    int64_t local_us = date * PX_US_PER_DAY + clock_us;
    if (left(c) == 0) {
        *form = PX_TIME_LOCAL;
        *out = px_zone_to_utc(zone, local_us);
        return NULL;
    }
    take(c, ' ');
    if ((reason = take_offset(c, &offset_us)))
        return reason;
    *form = PX_TIME_OFFSET;
    *out = local_us - offset_us;
    return left(c) ? "something follows its offset" : NULL;
}

/* The unit is the coarsest in which the number lies before 2200: seconds to 7.3e9, milliseconds to 7.3e12 and
 * so on, so that each unit is understood from 1970-03-26 on. */
static px_time_form epoch_unit(int64_t value) {
    int64_t size = value < 0 ? -value : value, limit = PX_TIME_MAX_US / PX_US_PER_SECOND;
    if (size < limit)
        return PX_TIME_SECONDS;
    if (size / 1000 < limit)
        return PX_TIME_MILLISECONDS;
    return size / 1000000 < limit ? PX_TIME_MICROSECONDS : PX_TIME_NANOSECONDS;
}

static int64_t epoch_to_us(px_time_form unit, int64_t value, int64_t millionths) {
    int64_t sign = value < 0 ? -1 : 1;
    switch (unit) {
    case PX_TIME_SECONDS:
        return value * PX_US_PER_SECOND + sign * millionths;
    case PX_TIME_MILLISECONDS:
        return value * 1000 + sign * millionths / 1000;
    case PX_TIME_MICROSECONDS:
        return value;
    default:
        return value / 1000;
    }
}

static const char *parse_epoch(cursor *c, px_time_form *unit, int64_t *out) {
    bool minus = take(c, '-');
    int64_t value = 0, millionths = 0;
    for (; at_digit(c); c->at++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, *c->at - '0', &value))
            return "the number is too large";
    if (take(c, '.')) {
        const char *reason = take_fraction(c, &millionths);
        if (reason)
            return reason;
    }
    if (left(c))
        return "it is no number and no date like 2022-08-16 09:15:00";
    value = minus ? -value : value;
    *unit = epoch_unit(value);
    *out = epoch_to_us(*unit, value, millionths);
    return NULL;
}

/* True for a plain number that is not the eight digits of a date. */
static bool is_epoch(const char *text, size_t length) {
    size_t digits = 0, begin = length && text[0] == '-';
    while (begin + digits < length && (unsigned)(text[begin + digits] - '0') < 10)
        digits++;
    bool ends = begin + digits == length || text[begin + digits] == '.';
    return digits > 0 && ends && (digits != 8 || begin == 1);
}

static const char *parse_any(const char *text, size_t length, const px_zone *zone, px_time_form *form,
                             int64_t *out) {
    cursor c = {text, text + length};
    const char *reason = is_epoch(text, length) ? parse_epoch(&c, form, out) : parse_iso(&c, zone, form, out);
    if (!reason && (*out < PX_TIME_MIN_US || *out >= PX_TIME_MAX_US))
        reason = "it lies outside the years 1900 to 2199";
    return reason;
}

px_status px_time_parse(const char *text, size_t length, const px_zone *zone, int64_t *out_us,
                        px_error *err) {
    px_time_form form;
    int64_t value = 0;
    const char *reason = parse_any(text, length, zone, &form, &value);
    if (reason)
        return pxi_fail(err, PX_EINPUT, "\"%.*s\" is no time: %s", (int)(length < 64 ? length : 64), text,
                        reason);
    *out_us = value;
    return PX_OK;
}

px_time_form px_time_form_of(const char *text, size_t length) {
    px_time_form form;
    int64_t value = 0;
    return parse_any(text, length, NULL, &form, &value) ? PX_TIME_UNKNOWN : form;
}

const char *px_time_form_name(px_time_form form) {
    static const char *const names[] = {NULL,           "local",        "offset",     "seconds",
                                        "milliseconds", "microseconds", "nanoseconds"};
    return names[form];
}

px_status px_date_parse(const char *text, int32_t *out, px_error *err) {
    size_t length = strlen(text);
    cursor c = {text, text + length};
    int32_t date = 0;
    const char *reason = take_date(&c, &date);
    if (!reason && left(&c))
        reason = "something follows the date";
    if (!reason && length != 10)
        reason = "it is not like 2022-08-16";
    if (reason)
        return pxi_fail(err, PX_EINPUT, "\"%.64s\" is no date: %s", text, reason);
    *out = date;
    return PX_OK;
}
