// SPDX-License-Identifier: Apache-2.0
/* One text as a time. */
#include "files/meaning/when.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct cursor {
    const char *at, *end;
} cursor;

static bool at_digit(const cursor *c) {
    return c->at < c->end && (unsigned)(*c->at - '0') < 10;
}

static bool at_letter(const cursor *c) {
    return c->at < c->end && (((unsigned)*c->at | 32) - 'a') < 26;
}

static bool take(cursor *c, char wanted) {
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static void take_blanks(cursor *c) {
    while (take(c, ' ') || take(c, '\t'))
        ;
}

/* Digits: how many there are, and their value where it has a meaning (up to 18). */
static size_t take_digits(cursor *c, size_t most, int64_t *value) {
    size_t n = 0;
    *value = 0;
    for (; n < most && at_digit(c); c->at++, n++)
        *value = n < 18 ? *value * 10 + (*c->at - '0') : *value;
    return n;
}

/* ---- dates ----------------------------------------------------------------------------------------------
 */

static bool make_date(int64_t year, int64_t month, int64_t day, int64_t *out) {
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    const px_civil civil = {(int32_t)year, (int32_t)month, (int32_t)day};
    const int32_t date = px_date_from_civil(civil);
    const px_civil back = px_civil_from_date(date);
    *out = date;
    return back.day == civil.day && back.month == civil.month;
}

/* Two digits are of 1969 to 2068, as POSIX has it. */
static int64_t full_year(int64_t year, size_t n_digits) {
    return n_digits > 2 ? year : year < 69 ? 2000 + year : 1900 + year;
}

static bool take_word(cursor *c, const char *const *words, size_t n, size_t *out) {
    size_t length = 0;
    while (c->at + length < c->end && ((((unsigned)c->at[length] | 32) - 'a') < 26))
        length++;
    for (size_t i = 0; i < n; i++)
        if (length >= 3 && length <= strlen(words[i]) && strncasecmp(c->at, words[i], length) == 0) {
            c->at += length;
            *out = i;
            return true;
        }
    return false;
}

static bool take_month(cursor *c, int64_t *month) {
    static const char *const names[] = {"january",   "february", "march",    "april",
                                        "may",       "june",     "july",     "august",
                                        "september", "october",  "november", "december"};
    size_t i;
    if (!take_word(c, names, 12, &i))
        return false;
    *month = (int64_t)i + 1;
    return true;
}

static void take_weekday(cursor *c) {
    static const char *const names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                        "friday", "saturday", "sunday"};
    size_t i;
    if (take_word(c, names, 7, &i)) {
        take(c, ',');
        take_blanks(c);
    }
}

/* What may stand between the parts of a date; 0 = nothing that does. */
static char take_divider(cursor *c) {
    char divider = 0;
    if (c->at < c->end && strchr("-/.", *c->at))
        divider = *c->at++;
    else {
        if (take(c, ','))
            divider = ' ';
        if (c->at < c->end && (*c->at == ' '))
            divider = ' ';
        take_blanks(c);
    }
    return divider;
}

static const char no_date[] = "its date is not one of those that are understood";

/* Three numbers with nothing to tell which is which but what they can be. */
static const char *order_numbers(const int64_t n[3], const size_t digits[3], unsigned orders,
                                 pxi_read_time *out, int64_t *date) {
    unsigned possible = 0;
    int64_t days[3] = {0, 0, 0};
    if (digits[0] > 2)
        possible |= make_date(full_year(n[0], digits[0]), n[1], n[2], &days[2]) ? PXI_YMD : 0;
    else {
        possible |= make_date(full_year(n[2], digits[2]), n[1], n[0], &days[0]) ? PXI_DMY : 0;
        possible |= make_date(full_year(n[2], digits[2]), n[0], n[1], &days[1]) ? PXI_MDY : 0;
        if (digits[2] <= 2 && digits[0] == 2)
            possible |= make_date(full_year(n[0], 2), n[1], n[2], &days[2]) ? PXI_YMD : 0;
    }
    if (!possible)
        return "its numbers are no date in any order";
    if (digits[0] <= 2 && !(possible & orders))
        return "its numbers are no date in the order of the other rows";
    out->orders = digits[0] > 2 ? 0 : possible;
    memcpy(out->days, days, sizeof days);
    if (digits[0] <= 2)
        possible &= orders;
    *date = days[possible & PXI_DMY ? 0 : possible & PXI_MDY ? 1 : 2];
    return NULL;
}

/* Eight digits: YYYYMMDD. */
static const char *take_compact_date(cursor *c, int64_t *date) {
    int64_t value;
    take_digits(c, 8, &value);
    return make_date(value / 10000, value / 100 % 100, value % 100, date) ? NULL : no_date;
}

static size_t count_digits(const cursor *c) {
    cursor copy = *c;
    int64_t value;
    return take_digits(&copy, 64, &value);
}

/* "Jan 3, 2024". */
static const char *take_month_first(cursor *c, int64_t *date) {
    int64_t month, day, year;
    if (!take_month(c, &month) || !take_divider(c) || !take_digits(c, 2, &day) || !take_divider(c))
        return "it does not begin with a date like 2022-08-16";
    size_t n = take_digits(c, 4, &year);
    return (n == 2 || n == 4) && make_date(full_year(year, n), month, day, date) ? NULL : no_date;
}

static const char *take_date(cursor *c, unsigned orders, pxi_read_time *out, int64_t *date) {
    int64_t n[3];
    size_t digits[3];
    out->orders = 0;
    take_weekday(c);
    if (at_letter(c))
        return take_month_first(c, date);
    if (count_digits(c) == 8)
        return take_compact_date(c, date);
    digits[0] = take_digits(c, 4, &n[0]);
    if (digits[0] == 0 || digits[0] == 3)
        return "it does not begin with a date like 2022-08-16";
    const char divider = take_divider(c);
    const bool named = at_letter(c);
    if (!divider && !named)
        return no_date;
    if (named ? !take_month(c, &n[1]) : !(digits[1] = take_digits(c, 2, &n[1])))
        return no_date;
    const char second = take_divider(c);
    if (divider && second != divider && !(named && second))
        return no_date;
    digits[2] = take_digits(c, 4, &n[2]);
    if (digits[2] == 0 || digits[2] == 3)
        return no_date;
    if (!named)
        return order_numbers(n, digits, orders, out, date);
    const bool year_first = digits[0] == 4;
    const int64_t year = year_first ? n[0] : full_year(n[2], digits[2]), day = year_first ? n[2] : n[0];
    return make_date(year, n[1], day, date) ? NULL : no_date;
}

/* ---- times of day ---------------------------------------------------------------------------------------
 */

static int64_t take_millionths(cursor *c) {
    int64_t scale = 100000, value = 0;
    for (; at_digit(c); c->at++, scale /= 10)
        value += (*c->at - '0') * scale;
    return value;
}

static const char *take_half(cursor *c, int64_t *hour) {
    cursor at = *c;
    take_blanks(&at);
    take(&at, '-');
    take_blanks(&at);
    const bool pm = at.at < at.end && (*at.at | 32) == 'p', am = at.at < at.end && (*at.at | 32) == 'a';
    if (!am && !pm)
        return NULL;
    at.at++;
    take(&at, '.');
    if (at.at == at.end || (*at.at | 32) != 'm')
        return NULL;
    at.at++;
    take(&at, '.');
    if (*hour < 1 || *hour > 12)
        return "the hour is not 1 to 12";
    *hour = *hour % 12 + (pm ? 12 : 0);
    *c = at;
    return NULL;
}

static const char *take_clock(cursor *c, int64_t *us) {
    int64_t hour = 0, minute = 0, second = 0, millionths = 0;
    const size_t digits = count_digits(c);
    if (digits == 6 || digits == 4) {
        take_digits(c, 2, &hour);
        take_digits(c, 2, &minute);
        if (digits == 6)
            take_digits(c, 2, &second);
    } else {
        if (digits == 0 || digits > 2)
            return "its time of day is not like 09:15:00";
        take_digits(c, 2, &hour);
        if (take(c, ':')) {
            if (take_digits(c, 2, &minute) == 0)
                return "its time of day is not like 09:15:00";
            if (take(c, ':') && take_digits(c, 2, &second) != 2)
                return "its seconds are not two digits";
        } else {
            const cursor at = *c;
            const char *reason = take_half(c, &hour);
            if (reason || c->at == at.at)
                return reason ? reason : "its time of day is not like 09:15:00";
            *us = hour * 3600 * PX_US_PER_SECOND;
            return NULL;
        }
    }
    if (digits != 4 && c->at + 1 < c->end && (*c->at == '.' || *c->at == ',' || *c->at == ':') &&
        (unsigned)(c->at[1] - '0') < 10) {
        c->at++;
        millionths = take_millionths(c);
    }
    const char *reason = take_half(c, &hour);
    if (reason)
        return reason;
    if (hour > 24 || (hour == 24 && (minute || second || millionths)))
        return "the hour is not 00 to 23";
    if (minute > 59)
        return "the minute is not 00 to 59";
    if (second > 59)
        return "the second is not 00 to 59";
    *us = (hour * 3600 + minute * 60 + second) * PX_US_PER_SECOND + millionths;
    return NULL;
}

bool pxi_clock_parse(const char *text, size_t length, bool seconds, int64_t *us) {
    cursor c = {text, text + length};
    int64_t value;
    const size_t digits = count_digits(&c);
    if (digits == length && length > 0 && length <= 6) {
        take_digits(&c, 6, &value);
        const int64_t with = seconds ? value : value * 100;
        const int64_t hour = with / 10000, minute = with / 100 % 100, second = with % 100;
        *us = (hour * 3600 + minute * 60 + second) * PX_US_PER_SECOND;
        return hour < 24 && minute < 60 && second < 60;
    }
    return !take_clock(&c, us) && c.at == c.end;
}

/* ---- offsets --------------------------------------------------------------------------------------------
 */

static bool take_letters(cursor *c, const char *word) {
    const size_t n = strlen(word);
    if ((size_t)(c->end - c->at) < n || strncasecmp(c->at, word, n) != 0)
        return false;
    c->at += n;
    return true;
}

/* Z, UTC, GMT, GMT+0530, +05:30, +0530, +05, IST; a name in brackets may follow. */
static const char *take_offset(cursor *c, int64_t *us) {
    static const char unknown[] = "what follows the time of day is no offset like +05:30";
    int64_t hours, minutes = 0, seconds = 0;
    *us = 0;
    const bool utc = take_letters(c, "UTC") || take_letters(c, "GMT") || take_letters(c, "Z");
    if (!utc && take_letters(c, "IST")) {
        *us = (5 * 60 + 30) * PX_US_PER_MINUTE;
        return c->at == c->end ? NULL : unknown;
    }
    const bool minus = c->at < c->end && *c->at == '-';
    if (minus || (c->at < c->end && *c->at == '+')) {
        c->at++;
        if (take_digits(c, 2, &hours) != 2)
            return unknown;
        if ((take(c, ':') || at_digit(c)) && take_digits(c, 2, &minutes) != 2)
            return "the minutes of its offset are not two digits";
        if (take(c, ':') && take_digits(c, 2, &seconds) != 2)
            return "the seconds of its offset are not two digits";
        if (hours > 23 || minutes > 59 || seconds > 59)
            return "its offset is a day or more";
        *us = (hours * 3600 + minutes * 60 + seconds) * (minus ? -PX_US_PER_SECOND : PX_US_PER_SECOND);
    } else if (!utc)
        return unknown;
    take_blanks(c);
    if (c->at < c->end && *c->at == '(' && c->end[-1] == ')')
        c->at = c->end;
    return c->at == c->end ? NULL : "something follows its offset";
}

/* ---- numbers --------------------------------------------------------------------------------------------
 */

enum { SERIAL_1960 = 21916, SERIAL_2100 = 73051, SERIAL_1970 = 25569 };

/* Digits that are a date and a time of day: YYYYMMDDHHMM, YYYYMMDDHHMMSS, and milliseconds behind. */
static bool is_compact(const char *text, size_t n, pxi_read_time *out) {
    int64_t date, day_us = 0;
    cursor c = {text, text + n};
    if (n != 12 && n != 14 && n != 17)
        return false;
    if (take_compact_date(&c, &date))
        return false;
    int64_t hour, minute, second = 0, milli = 0;
    take_digits(&c, 2, &hour);
    take_digits(&c, 2, &minute);
    if (n >= 14)
        take_digits(&c, 2, &second);
    if (n == 17)
        take_digits(&c, 3, &milli);
    day_us = (hour * 3600 + minute * 60 + second) * PX_US_PER_SECOND + milli * 1000;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *out = (pxi_read_time){
        .form = PX_TIME_LOCAL, .us = date * PX_US_PER_DAY + day_us, .has_clock = true, .clock_us = day_us};
    return true;
}

static bool is_number(const char *text, size_t length, size_t *n_digits) {
    size_t i = length && text[0] == '-', points = 0;
    *n_digits = 0;
    for (; i < length; i++) {
        if (text[i] == '.' && points++ == 0 && *n_digits)
            continue;
        if ((unsigned)(text[i] - '0') > 9)
            return false;
        *n_digits += points == 0;
    }
    return *n_digits > 0;
}

/* A spreadsheet's days since 1899-12-30, to the millisecond. */
static void read_serial(double value, pxi_read_time *out) {
    const int64_t ms = (int64_t)llrint((value - SERIAL_1970) * 86400e3);
    const int64_t us = ms * 1000, day = us / PX_US_PER_DAY - (us % PX_US_PER_DAY < 0);
    *out = (pxi_read_time){.form = PX_TIME_LOCAL,
                           .us = us,
                           .has_clock = us != day * PX_US_PER_DAY,
                           .clock_us = us - day * PX_US_PER_DAY};
}

static const char *parse_number(const char *text, size_t length, size_t n_digits, pxi_read_time *out) {
    char copy[32];
    px_error why = {0};
    int64_t date, us;
    if (n_digits == length && is_compact(text, length, out))
        return NULL;
    if (n_digits == 8 && length == 8) {
        cursor c = {text, text + length};
        const char *reason = take_compact_date(&c, &date);
        *out = (pxi_read_time){.form = PX_TIME_LOCAL, .us = reason ? 0 : date * PX_US_PER_DAY};
        return reason;
    }
    if (n_digits == 5 && text[0] != '-' && length < sizeof copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        const double value = strtod(copy, NULL);
        if (value >= SERIAL_1960 && value < SERIAL_2100) {
            read_serial(value, out);
            return NULL;
        }
    }
    if (px_time_parse(text, length, NULL, &us, &why))
        return "the number is no time since 1970";
    if (us < 365 * PX_US_PER_DAY)
        return "the number would be a time of 1970 or before: it is none, or in a form that --date-format "
               "names";
    *out = (pxi_read_time){
        .form = px_time_form_of(text, length), .us = us, .has_clock = true, .clock_us = us % PX_US_PER_DAY};
    return NULL;
}

/* ---- texts ----------------------------------------------------------------------------------------------
 */

const char *pxi_read_time_parse(const char *text, size_t length, unsigned orders, pxi_read_time *out) {
    size_t n_digits;
    int64_t date = 0, offset_us;
    while (length && text[0] == ' ') {
        text++;
        length--;
    }
    while (length && text[length - 1] == ' ')
        length--;
    if (length == 0)
        return "it is empty";
    if (is_number(text, length, &n_digits) && !(n_digits <= 2 && n_digits < length))
        return parse_number(text, length, n_digits, out);
    cursor c = {text, text + length};
    *out = (pxi_read_time){.form = PX_TIME_LOCAL};
    const char *reason = take_date(&c, orders, out, &date);
    if (reason)
        return reason;
    out->us = date * PX_US_PER_DAY;
    if (!(take(&c, 'T') || take(&c, 't') || take(&c, ':'))) {
        take(&c, ',');
        const char *before = c.at;
        take_blanks(&c);
        if (c.at < c.end && *c.at == '-' && c.at > before) /* " - " */
            c.at++;
        take_blanks(&c);
    }
    if (c.at == c.end)
        return NULL;
    if (at_digit(&c)) {
        if ((reason = take_clock(&c, &out->clock_us)))
            return reason;
        out->has_clock = true;
        out->us += out->clock_us;
    }
    take_blanks(&c);
    if (c.at == c.end)
        return NULL;
    if ((reason = take_offset(&c, &offset_us)))
        return reason;
    out->form = PX_TIME_OFFSET;
    out->us -= offset_us;
    return NULL;
}
