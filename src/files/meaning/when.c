// SPDX-License-Identifier: Apache-2.0
/* The times of a column: rows lie on the day of the row before, so that its date is read once a day. */
#include "files/meaning/when.h"

#include <string.h>

int64_t pxi_when_to_utc(pxi_when *when, int64_t wall_us) {
    const int64_t day = wall_us / PX_US_PER_DAY - (wall_us % PX_US_PER_DAY < 0);
    if (when->has_day && day == when->day)
        return wall_us - when->zone_us;
    const int64_t ts_us = px_zone_to_utc(when->zone, wall_us), midnight_us = day * PX_US_PER_DAY;
    const int64_t begin_us = px_zone_to_utc(when->zone, midnight_us);
    const int64_t end_us = px_zone_to_utc(when->zone, midnight_us + PX_US_PER_DAY);
    when->has_day = end_us - begin_us == PX_US_PER_DAY; /* no change of clocks */
    when->day = day;
    when->zone_us = wall_us - ts_us;
    return ts_us;
}

static int two(const char *text) {
    const unsigned tens = (unsigned)(text[0] - '0'), ones = (unsigned)(text[1] - '0');
    return tens > 9 || ones > 9 ? -1 : (int)(tens * 10 + ones);
}

/* "2022-08-16 09:15:00" of the day before it, with the offset before it; false: read it in full. */
static bool read_quick(pxi_when *when, const char *text, size_t length, int64_t *ts_us, px_time_form *form) {
    if (!when->has_date || length < 16 || (text[10] != ' ' && text[10] != 'T') || text[13] != ':' ||
        memcmp(text, when->date, 10) != 0)
        return false;
    const int hour = two(text + 11), minute = two(text + 14);
    int second = 0;
    size_t at = 16;
    if (length >= 19 && text[16] == ':') {
        second = two(text + 17);
        at = 19;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    const int64_t wall_us =
        when->midnight_us + ((int64_t)hour * 3600 + minute * 60 + second) * PX_US_PER_SECOND;
    if (length == at) {
        *form = PX_TIME_LOCAL;
        *ts_us = pxi_when_to_utc(when, wall_us);
        return true;
    }
    if (!when->offset_length || length - at != when->offset_length ||
        memcmp(text + at, when->offset, when->offset_length) != 0)
        return false;
    *form = PX_TIME_OFFSET;
    *ts_us = wall_us - when->offset_us;
    return true;
}

/* Keeps what "2022-08-16 09:15:00+05:30" tells of the rows that follow. */
static void remember(pxi_when *when, const char *text, size_t length, const pxi_read_time *m) {
    pxi_read_time date;
    when->has_date = false;
    when->offset_length = 0;
    if (length < 16 || text[4] != '-' || text[7] != '-' || pxi_read_time_parse(text, 10, 0 | PXI_YMD, &date))
        return;
    memcpy(when->date, text, 10);
    when->midnight_us = date.us;
    when->has_date = true;
    const size_t at = length >= 19 && text[16] == ':' ? 19 : 16;
    if (m->form != PX_TIME_OFFSET || length - at > sizeof when->offset || text[at] == '.' || text[at] == ',')
        return;
    when->offset_length = length - at;
    memcpy(when->offset, text + at, when->offset_length);
    when->offset_us = date.us + m->clock_us - m->us;
}

const char *pxi_when_read(pxi_when *when, const char *text, size_t length, int64_t *ts_us,
                          px_time_form *form) {
    pxi_read_time m;
    if (!when->format && read_quick(when, text, length, ts_us, form))
        return NULL;
    const char *reason = when->format ? pxi_read_time_by_format(text, length, when->format, &m)
                                      : pxi_read_time_parse(text, length, when->orders, &m);
    if (reason)
        return reason;
    const unsigned left = m.orders & when->orders;
    if (left & (left - 1))
        return "its numbers are a date in more than one order: --date-format names the one that is meant";
    *form = m.form;
    *ts_us = m.form == PX_TIME_LOCAL ? pxi_when_to_utc(when, m.us) : m.us;
    if (*ts_us < PX_TIME_MIN_US || *ts_us >= PX_TIME_MAX_US)
        return "it lies outside the years 1900 to 2199";
    if (!when->format)
        remember(when, text, length, &m);
    return NULL;
}
