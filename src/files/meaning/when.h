// SPDX-License-Identifier: Apache-2.0
/* Times of foreign files: dates in every form whose meaning the text makes plain, with a time of day and an
 * offset where there are any; epochs, compact digits, spreadsheet serials. moment.c reads one text, when.c
 * the texts of a column one after the other. */
#ifndef PXI_WHEN_H
#define PXI_WHEN_H

#include "pixity/time.h"

#include <stdbool.h>

/* In which order the three numbers of a date stand, as bits. */
enum { PXI_DMY = 1, PXI_MDY = 2, PXI_YMD = 4, PXI_ANY_ORDER = 7 };

typedef struct pxi_read_time {
    px_time_form form; /* LOCAL: us is a wall time; else an instant */
    int64_t us;
    bool has_clock;   /* a time of day is given; epochs have one */
    int64_t clock_us; /* it */
    unsigned orders;  /* of a date in three numbers that can be read in several ways: these; else 0 */
    int64_t days[3];  /* and by each its date: DMY, MDY, YMD */
} pxi_read_time;

/* Reads a text. `orders`: those in which three numbers may stand. NULL, or why it is no time. */
const char *pxi_read_time_parse(const char *text, size_t length, unsigned orders, pxi_read_time *out);
/* By a format in strptime's signs: %Y %y %m %b %d %e %H %I %M %S %f %p %z %Z %s %j %T %D %F %R %% and blanks.
 */
const char *pxi_read_time_by_format(const char *text, size_t length, const char *format, pxi_read_time *out);
/* NULL, or what is wrong with a format. */
const char *pxi_format_check(const char *format);
/* A time of day alone: "9:15", "09:15:59.5", "9:15 AM"; in digits HHMM, or HHMMSS where `seconds`. */
bool pxi_clock_parse(const char *text, size_t length, bool seconds, int64_t *us);

/* The times of a column. */
typedef struct pxi_when {
    const px_zone *zone;
    const char *format; /* NULL = as the text shows */
    unsigned orders;
    /* what is known of the row before */
    char date[10];       /* as written */
    int64_t midnight_us; /* of that wall date */
    bool has_date;
    char offset[8]; /* as written behind the time of day */
    size_t offset_length;
    int64_t offset_us;
    int64_t day; /* wall date whose offset from UTC is known */
    int64_t zone_us;
    bool has_day;
} pxi_when;

/* The instant of a text. NULL, or why it is none. */
const char *pxi_when_read(pxi_when *when, const char *text, size_t length, int64_t *ts_us,
                          px_time_form *form);
/* The instant of a wall time in the zone of the column. */
int64_t pxi_when_to_utc(pxi_when *when, int64_t wall_us);

#endif
