// SPDX-License-Identifier: Apache-2.0
/* Data quality: what looks wrong in a series of bars. Findings are for people; nothing is changed by them. */
#ifndef PX_QUALITY_H
#define PX_QUALITY_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Index into the table of checks (src/market/quality.c). */
typedef enum px_quality_check {
    PX_QUALITY_PARTIAL_SESSION, /* fewer bars than the session's hours hold */
    PX_QUALITY_GAP,             /* a run of missing bars between two bars of one interval */
    PX_QUALITY_ZERO_VOLUME,     /* bars; all of them for an index */
    PX_QUALITY_OUT_OF_SESSION,  /* bars that px_bars_in_session excludes */
    PX_QUALITY_SPIKE,           /* a price more than 20 % off the close before: a bad price, or a split */
    PX_N_QUALITY_CHECKS
} px_quality_check;

typedef struct px_quality_finding {
    size_t count;
    int64_t
        first_us; /* of the first: the bar, the session's first bar, the bar before a gap; 0 without any */
} px_quality_finding;

typedef struct px_quality {
    size_t n_bars, n_sessions; /* sessions that have bars */
    px_quality_finding findings[PX_N_QUALITY_CHECKS];
} px_quality;

/* Runs every check over sorted bars of one timeframe. */
PX_API void px_quality_summary(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                               px_quality *out);

/* Name of a check ("zero_volume") and what one finding is ("bars without volume"). */
PX_API const char *px_quality_check_name(px_quality_check check);
PX_API const char *px_quality_check_help(px_quality_check check);

#ifdef __cplusplus
}
#endif
#endif
