// SPDX-License-Identifier: Apache-2.0
/* Instants, local dates and zones.
 *
 * An instant is int64_t microseconds since 1970-01-01T00:00:00 UTC (`ts_us`). A date is int32_t days since
 * 1970-01-01 in some zone. Nothing here reads the clock or the process' time zone. A NULL zone
 * is UTC wherever a zone is only read. */
#ifndef PX_TIME_H
#define PX_TIME_H

#include <stddef.h>
#include <stdint.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PX_US_PER_SECOND INT64_C(1000000)
#define PX_US_PER_MINUTE INT64_C(60000000)
#define PX_US_PER_DAY    INT64_C(86400000000)

/* Earliest and latest instants accepted from data: 1900-01-01 and 2200-01-01 UTC. */
#define PX_TIME_MIN_US INT64_C(-2208988800000000)
#define PX_TIME_MAX_US INT64_C(7258118400000000)

typedef struct px_zone px_zone;

/* Opens a zone: "UTC", "Z", "+05:30", "+0530", "Asia/Kolkata" or "America/New_York" (built in, exact from
 * 1946 on), or any IANA name that the system's zoneinfo folder holds. Errors: PX_EINPUT for an unknown name.
 * Close with px_zone_close. */
PX_API PX_MUST_CHECK px_status px_zone_open(const char *name, px_zone **out, px_error *err);
PX_API void px_zone_close(px_zone **zone); /* sets *zone to NULL; NULL is a no-op */
PX_API const char *px_zone_name(const px_zone *zone);

/* Local minus UTC, in microseconds, at an instant. */
PX_API int64_t px_zone_offset_us(const px_zone *zone, int64_t ts_us);

/* The instant of a local wall time (microseconds since 1970-01-01 00:00 local). A time repeated by a clock
 * change is its first occurrence; one that the change skips is moved forward by the gap. */
PX_API int64_t px_zone_to_utc(const px_zone *zone, int64_t local_us);

/* The date that is none: an open end of a window. */
#define PX_NO_DATE INT32_MIN

/* Proleptic Gregorian calendar. */
typedef struct px_civil {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
} px_civil;
PX_API px_civil px_civil_from_date(int32_t date);
PX_API int32_t px_date_from_civil(px_civil civil);
PX_API int px_date_weekday(int32_t date); /* 0 = Monday .. 6 = Sunday */

/* Parses "YYYY-MM-DD" to a date. Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_date_parse(const char *text, int32_t *out, px_error *err);

/* Parses a time as data files write it: epoch seconds, milliseconds, microseconds or nanoseconds (told apart
 * by size), or ISO 8601 date and time ("2022-08-16 09:15:00", "2022-08-16T09:15", fraction and offset
 * optional: "Z", "+05:30", "+0530", "+05"). Without an offset it is local in `zone`. `text` need not be
 * NUL-terminated. Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_time_parse(const char *text, size_t length, const px_zone *zone,
                                             int64_t *out_us, px_error *err);

/* What px_time_parse takes a text for. */
typedef enum px_time_form {
    PX_TIME_UNKNOWN, /* it is no time */
    PX_TIME_LOCAL,   /* date and time of day in the zone */
    PX_TIME_OFFSET,  /* with an offset: the zone does not matter; nor below */
    PX_TIME_SECONDS,
    PX_TIME_MILLISECONDS,
    PX_TIME_MICROSECONDS,
    PX_TIME_NANOSECONDS,
} px_time_form;
PX_API px_time_form px_time_form_of(const char *text, size_t length);
/* "local", "offset", "seconds", ...; NULL for PX_TIME_UNKNOWN. */
PX_API const char *px_time_form_name(px_time_form form);

/* Writes "YYYY-MM-DD HH:MM:SS" in the zone (needs 20 bytes), or ISO 8601 with offset (needs 32). Fractions of
 * a second are written only where there are any (then 27 and 39 bytes). Returns buf. */
#define PX_TIME_TEXT_SIZE 40
PX_API char *px_time_format_local(int64_t ts_us, const px_zone *zone, char buf[PX_TIME_TEXT_SIZE]);
PX_API char *px_time_format_iso(int64_t ts_us, const px_zone *zone, char buf[PX_TIME_TEXT_SIZE]);
PX_API char *px_date_format(int32_t date, char buf[PX_TIME_TEXT_SIZE]); /* "YYYY-MM-DD" */

#ifdef __cplusplus
}
#endif
#endif
