// SPDX-License-Identifier: Apache-2.0
/* Reader of the system's zone files: RFC 8536 version 2 and up. The rule in the footer is written out to the
 * end of 2199, so that looking up an offset is one search. */
#include "base/zone.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define ZONEINFO "/usr/share/zoneinfo"
#define DAY_S    86400

/* ---- the rule of the footer: a POSIX TZ text, RFC 8536 section 3.3.1 -------------------------------- */

typedef struct rule_day {
    char form;          /* 'M' month.week.weekday, 'J' day 1..365 without leap days, 'n' day 0..365 */
    int month, week;    /* week 5 is the last */
    int day;            /* weekday from Sunday, or day of the year */
    int64_t local_time; /* seconds after midnight */
} rule_day;

typedef struct rule {
    int64_t standard_s, summer_s; /* local minus UTC */
    rule_day to_summer, to_standard;
} rule;

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

static bool take_day(const char **at, rule_day *day) {
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

/* False where the text is no rule; summer_s == standard_s where there is no summer time. */
static bool parse_rule(const char *text, rule *out) {
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

/* Local seconds since 1970-01-01 at which a rule's day and time come in a year. */
static int64_t rule_local(const rule_day *day, int32_t year) {
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

/* ---- the file --------------------------------------------------------------------------------------- */

#define FIRST_YEAR 1900
#define LAST_YEAR  2199

typedef struct block {
    uint32_t n_utc, n_std, n_leap, n_times, n_types, n_chars;
    const unsigned char *times, *indices, *types;
    size_t size; /* header included */
} block;

static uint32_t read_u32(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static int64_t read_i64(const unsigned char *at) {
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

/* Finds the parts of a header and its data, whose times have `width` bytes. */
static bool read_block(const unsigned char *bytes, size_t length, size_t width, block *out) {
    if (length < 44 || memcmp(bytes, "TZif", 4) != 0)
        return false;
    uint32_t *counts[] = {&out->n_utc,   &out->n_std,   &out->n_leap,
                          &out->n_times, &out->n_types, &out->n_chars};
    for (size_t i = 0; i < 6; i++) {
        *counts[i] = read_u32(bytes + 20 + 4 * i);
        if (*counts[i] > 100000) /* far above any zone; keeps the sum below small */
            return false;
    }
    out->times = bytes + 44;
    out->indices = out->times + width * out->n_times;
    out->types = out->indices + out->n_times;
    out->size = 44 + (width + 1) * out->n_times + 6 * (size_t)out->n_types + out->n_chars +
                (width + 4) * out->n_leap + out->n_std + out->n_utc;
    return out->size <= length && out->n_types > 0;
}

static bool type_offset(const block *data, size_t type, int64_t *offset_s) {
    if (type >= data->n_types)
        return false;
    *offset_s = (int32_t)read_u32(data->types + 6 * type);
    return *offset_s > -DAY_S && *offset_s < DAY_S;
}

static void add_span(pxi_span *spans, size_t *n, int64_t begin_us, int64_t offset_s) {
    int64_t offset_us = offset_s * PX_US_PER_SECOND;
    if (*n == 0 || (begin_us > spans[*n - 1].begin_us && offset_us != spans[*n - 1].offset_us))
        spans[(*n)++] = (pxi_span){begin_us, offset_us};
}

static bool add_transitions(const block *data, pxi_span *spans, size_t *n, int64_t *last_us) {
    int64_t offset_s;
    *last_us = INT64_MIN;
    if (!type_offset(data, 0, &offset_s))
        return false;
    add_span(spans, n, INT64_MIN, offset_s);
    for (size_t i = 0; i < data->n_times; i++) {
        int64_t at_s = read_i64(data->times + 8 * i);
        if (!type_offset(data, data->indices[i], &offset_s))
            return false;
        if (at_s < PX_TIME_MIN_US / PX_US_PER_SECOND) /* before any data: only the offset counts */
            spans[*n - 1].offset_us = offset_s * PX_US_PER_SECOND;
        else if (at_s < PX_TIME_MAX_US / PX_US_PER_SECOND) {
            *last_us = at_s * PX_US_PER_SECOND;
            add_span(spans, n, *last_us, offset_s);
        }
    }
    return true;
}

static void add_rule(const rule *yearly, int64_t after_us, pxi_span *spans, size_t *n) {
    for (int32_t year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        int64_t summer_us = (rule_local(&yearly->to_summer, year) - yearly->standard_s) * PX_US_PER_SECOND;
        int64_t standard_us = (rule_local(&yearly->to_standard, year) - yearly->summer_s) * PX_US_PER_SECOND;
        bool north = summer_us < standard_us;
        int64_t first_us = north ? summer_us : standard_us, second_us = north ? standard_us : summer_us;
        if (first_us > after_us)
            add_span(spans, n, first_us, north ? yearly->summer_s : yearly->standard_s);
        if (second_us > after_us)
            add_span(spans, n, second_us, north ? yearly->standard_s : yearly->summer_s);
    }
}

/* The footer is the last line: "\nEST5EDT,M3.2.0,M11.1.0\n". Empty means that nothing changes any more. */
static bool add_footer(const unsigned char *bytes, size_t length, int64_t after_us, pxi_span *spans,
                       size_t *n) {
    char text[128];
    rule yearly;
    if (length < 2 || bytes[0] != '\n' || bytes[length - 1] != '\n' || length - 2 >= sizeof text)
        return false;
    memcpy(text, bytes + 1, length - 2);
    text[length - 2] = '\0';
    if (!*text)
        return true;
    if (!parse_rule(text, &yearly) || llabs(yearly.standard_s) >= DAY_S || llabs(yearly.summer_s) >= DAY_S)
        return false;
    if (yearly.summer_s != yearly.standard_s)
        add_rule(&yearly, after_us, spans, n);
    return true;
}

px_status pxi_tzif_parse(const unsigned char *bytes, size_t length, const char *name, pxi_span **spans,
                         size_t *n_spans, px_error *err) {
    block old, data;
    if (!read_block(bytes, length, 4, &old) || bytes[4] < '2' ||
        !read_block(bytes + old.size, length - old.size, 8, &data))
        return pxi_fail(err, PX_EINPUT, "time zone \"%s\" is no zone file of version 2 or later", name);
    if (data.n_leap)
        return pxi_fail(err, PX_EINPUT, "time zone \"%s\" counts leap seconds; use one that does not", name);
    size_t n = 0, room = data.n_times + 1 + 2 * (LAST_YEAR - FIRST_YEAR + 1);
    pxi_span *made = pxi_new_array(room, sizeof *made);
    if (!made)
        return pxi_fail_memory(err);
    size_t footer = old.size + data.size;
    int64_t last_us;
    if (!add_transitions(&data, made, &n, &last_us) ||
        !add_footer(bytes + footer, length - footer, last_us, made, &n)) {
        free(made);
        return pxi_fail(err, PX_EINPUT, "the zone file of \"%s\" is damaged", name);
    }
    *spans = made;
    *n_spans = n;
    return PX_OK;
}

/* A name of letters, digits, '_', '+', '-' and '/' that stays inside the folder. */
static bool safe_name(const char *name) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
    size_t length = strlen(name);
    return length > 0 && length < 64 && strspn(name, allowed) == length && name[0] != '/';
}

px_status pxi_tzif_load(const char *name, pxi_span **spans, size_t *n_spans, px_error *err) {
    char *path = NULL, *bytes = NULL;
    size_t length = 0;
    px_status status = PX_ENOTFOUND;
    if (safe_name(name)) {
        path = pxi_path_join(ZONEINFO, name);
        status = path ? pxi_file_read(path, &bytes, &length, NULL) : PX_ENOMEM;
    }
    if (status == PX_ENOMEM)
        pxi_fail_memory(err);
    else if (status)
        status = pxi_fail(
            err, PX_EINPUT,
            "unknown time zone \"%.64s\"; give UTC, an offset like +05:30, or a name that is in " ZONEINFO
            " like America/New_York",
            name);
    else
        status = pxi_tzif_parse((const unsigned char *)bytes, length, name, spans, n_spans, err);
    free(bytes);
    free(path);
    return status;
}
