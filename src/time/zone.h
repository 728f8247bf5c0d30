// SPDX-License-Identifier: Apache-2.0
/* Spans of constant offset: from yearly rules of summer time, and from the system's zone files (RFC 8536,
 * "TZif"). */
#ifndef PXI_ZONE_H
#define PXI_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/time.h"

typedef struct pxi_span {
    int64_t begin_us; /* INT64_MIN for the first; increasing */
    int64_t offset_us;
} pxi_span;

/* [begin, end) of the span that holds an instant; the last one ends with the numbers. */
void pxi_zone_span_at(const px_zone *zone, int64_t ts_us, int64_t *begin_us, int64_t *end_us);

/* Appends a span that begins later than the last one and differs from it; others change nothing. */
void pxi_span_add(pxi_span *spans, size_t *n, int64_t begin_us, int64_t offset_s);

/* ---- rules (zone_rule.c) ------------------------------------------------------------------------------ */

/* A day of the year on which clocks change. */
typedef struct pxi_rule_day {
    char form;          /* 'M' month.week.weekday, 'J' day 1..365 without leap days, 'n' day 0..365 */
    int month, week;    /* week 5 is the last */
    int day;            /* weekday from Sunday, or day of the year */
    int64_t local_time; /* seconds after midnight */
} pxi_rule_day;

typedef struct pxi_zone_rule {
    int64_t standard_s, summer_s; /* local minus UTC; equal where there is no summer time */
    pxi_rule_day to_summer, to_standard;
} pxi_zone_rule;

#define PXI_ZONE_FIRST_YEAR 1900
#define PXI_ZONE_LAST_YEAR  2199
/* The most spans that rules add. */
#define PXI_ZONE_RULE_SPANS (2 * (PXI_ZONE_LAST_YEAR - PXI_ZONE_FIRST_YEAR + 1))

/* Reads a TZ text as POSIX has it ("EST5EDT,M3.2.0,M11.1.0"); false where it is none. */
bool pxi_zone_rule_parse(const char *text, pxi_zone_rule *out);
/* Appends the changes of the years first to last that lie after after_us. */
void pxi_zone_rule_add(const pxi_zone_rule *rule, int32_t first_year, int32_t last_year, int64_t after_us,
                       pxi_span *spans, size_t *n);

/* ---- zone files (tzif.c) ------------------------------------------------------------------------------ */

/* Reads the spans of an IANA name, to the end of 2199; malloc'ed, the caller frees. Errors: PX_EINPUT for a
 * name without a file, PX_EIO for a file that is no zone, PX_ENOMEM. */
px_status pxi_tzif_load(const char *name, pxi_span **spans, size_t *n_spans, px_error *err);

/* The same from the bytes of a file; `name` is for messages. */
px_status pxi_tzif_parse(const unsigned char *bytes, size_t length, const char *name, pxi_span **spans,
                         size_t *n_spans, px_error *err);

#endif
