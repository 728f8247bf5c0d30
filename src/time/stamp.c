// SPDX-License-Identifier: Apache-2.0
/* Times as text. Rows of a table lie on the same day as the row before: the date, the offset and how long
 * both hold are found once a day. */
#include "time/stamp.h"

#include "time/zone.h"

#include <stdio.h>
#include <string.h>

static char *put_number(char *to, int64_t value, int n_digits) {
    for (int i = n_digits - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
    return to + n_digits;
}

static char *put_date(char *to, int32_t date) {
    px_civil civil = px_civil_from_date(date);
    if (civil.year >= 0 && civil.year <= 9999)
        to = put_number(to, civil.year, 4);
    else
        to += snprintf(to, 12, "%d", (int)civil.year);
    *to++ = '-';
    to = put_number(to, civil.month, 2);
    *to++ = '-';
    return put_number(to, civil.day, 2);
}

static char *put_clock(char *to, int64_t us_of_day) {
    int64_t seconds = us_of_day / PX_US_PER_SECOND, fraction = us_of_day % PX_US_PER_SECOND;
    to = put_number(to, seconds / 3600, 2);
    *to++ = ':';
    to = put_number(to, seconds / 60 % 60, 2);
    *to++ = ':';
    to = put_number(to, seconds % 60, 2);
    if (fraction) {
        *to++ = '.';
        to = put_number(to, fraction, 6);
    }
    return to;
}

static char *put_offset(char *to, int64_t offset_us) {
    int64_t seconds = (offset_us < 0 ? -offset_us : offset_us) / PX_US_PER_SECOND;
    *to++ = offset_us < 0 ? '-' : '+';
    to = put_number(to, seconds / 3600, 2);
    *to++ = ':';
    to = put_number(to, seconds / 60 % 60, 2);
    if (seconds % 60) { /* local mean times of the 19th century */
        *to++ = ':';
        to = put_number(to, seconds % 60, 2);
    }
    return to;
}

/* Keeps a day's room for the offset at the ends of the number range. */
static int64_t clamp(int64_t ts_us) {
    const int64_t limit = INT64_MAX - 2 * PX_US_PER_DAY;
    return ts_us > limit ? limit : ts_us < -limit ? -limit : ts_us;
}

/* Finds the local day that holds an instant, as far as one offset reaches. */
static void enter_day(pxi_stamp *stamp, int64_t ts_us) {
    pxi_zone_span_at(stamp->zone, ts_us, &stamp->begin_us, &stamp->end_us);
    int64_t offset_us = px_zone_offset_us(stamp->zone, ts_us), local_us = ts_us + offset_us;
    int64_t date = local_us / PX_US_PER_DAY - (local_us % PX_US_PER_DAY < 0);
    stamp->midnight_us = date * PX_US_PER_DAY - offset_us;
    if (stamp->begin_us < stamp->midnight_us)
        stamp->begin_us = stamp->midnight_us;
    if (stamp->end_us > stamp->midnight_us + PX_US_PER_DAY)
        stamp->end_us = stamp->midnight_us + PX_US_PER_DAY;
    char *end = put_date(stamp->date, (int32_t)date);
    *end++ = stamp->iso ? 'T' : ' ';
    stamp->date_length = (uint8_t)(end - stamp->date);
    stamp->offset_length = stamp->iso ? (uint8_t)(put_offset(stamp->offset, offset_us) - stamp->offset) : 0;
}

char *pxi_put_stamp(char *to, pxi_stamp *stamp, int64_t ts_us) {
    ts_us = clamp(ts_us);
    if (ts_us < stamp->begin_us || ts_us >= stamp->end_us)
        enter_day(stamp, ts_us);
    memcpy(to, stamp->date, stamp->date_length);
    to = put_clock(to + stamp->date_length, ts_us - stamp->midnight_us);
    memcpy(to, stamp->offset, stamp->offset_length);
    return to + stamp->offset_length;
}

char *px_time_format_local(int64_t ts_us, const px_zone *zone, char buf[PX_TIME_TEXT_SIZE]) {
    pxi_stamp stamp = {.zone = zone};
    *pxi_put_stamp(buf, &stamp, ts_us) = '\0';
    return buf;
}

char *px_time_format_iso(int64_t ts_us, const px_zone *zone, char buf[PX_TIME_TEXT_SIZE]) {
    pxi_stamp stamp = {.zone = zone, .iso = true};
    *pxi_put_stamp(buf, &stamp, ts_us) = '\0';
    return buf;
}

char *px_date_format(int32_t date, char buf[PX_TIME_TEXT_SIZE]) {
    *put_date(buf, date) = '\0';
    return buf;
}
