// SPDX-License-Identifier: Apache-2.0
/* Data quality: what looks wrong in a series of bars. Findings are for people; nothing is changed by them.
 * What each check looks for, and how it decides, is in docs/data.md. */
#ifndef PX_QUALITY_H
#define PX_QUALITY_H

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/findings.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Index into the table of checks (src/market/quality/quality.c), worst first. */
typedef enum px_quality_check {
    PX_QUALITY_UNREADABLE,     /* the stored files are damaged */
    PX_QUALITY_IMPOSSIBLE_BAR, /* px_bar_defect */
    PX_QUALITY_BAD_PRICE,      /* prices leave their level with a jump and come back with one */
    PX_QUALITY_CONFLICT,       /* bars of one time with different values */
    PX_QUALITY_TIMEFRAME,      /* bars of a longer timeframe (px_bars_likely_timeframe) */
    PX_QUALITY_FUTURE,         /* bars that start after the caller's clock */
    PX_QUALITY_HOURS,          /* bars of most sessions where the calendar says closed */
    PX_QUALITY_ZONE,           /* most bars outside of sessions, which another zone puts inside */
    PX_QUALITY_SPLIT,          /* an overnight jump by a small ratio that stays: a split or bonus */
    PX_QUALITY_JUMP,           /* another jump that stays */
    PX_QUALITY_SPIKE,          /* a high or low far off the bars before and after */
    PX_QUALITY_HOLIDAY,        /* bars on days without trading, where these are known */
    PX_QUALITY_FROZEN,         /* bar after bar with the same prices, longer than the series does by chance */
    PX_QUALITY_MISSING_DAYS,   /* a week or more without a session */
    PX_QUALITY_PARTIAL_SESSION, /* it begins late or ends early */
    PX_QUALITY_GAP,             /* missing bars between two bars of one interval */
    PX_QUALITY_REJECTED_ROW,    /* rows of a file that are no bars */
    PX_QUALITY_OUT_OF_SESSION,  /* bars that px_bars_in_session excludes */
    PX_QUALITY_DUPLICATE,       /* bars that repeat one with the same values */
    PX_QUALITY_NO_VOLUME,       /* sessions in which no bar has volume */
    PX_QUALITY_ZERO_VOLUME,     /* bars without volume in other sessions */
    PX_N_QUALITY_CHECKS
} px_quality_check;

/* One place in the series: a bar, a session, or a stretch of sessions. */
#define PX_FINDING_DETAIL_SIZE 200
#define PX_FINDING_NO_TIME     INT64_MIN
typedef struct px_quality_place {
    px_quality_check check;
    int64_t ts_us;  /* its first bar; of missing bars the session's first, of missing days their first open;
                       PX_FINDING_NO_TIME where it has none */
    size_t n_bars;  /* concerned; of what is missing the missing ones, of missing days the days */
    char factor[8]; /* of a split, as px_adjustment_factor_parse reads it: "2", "4/3"; else "" */
    char detail[PX_FINDING_DETAIL_SIZE]; /* in words */
} px_quality_place;

typedef struct px_quality {
    size_t n_bars, n_sessions; /* n_bars without repeats; sessions that have bars */
    size_t n;
    px_quality_place *findings; /* by check, in order of the table, then by time */
} px_quality;

/* Which checks are made. */
typedef enum px_quality_part {
    PX_QUALITY_ALL,
    PX_QUALITY_ERRORS, /* those whose findings are errors */
    PX_QUALITY_OTHERS, /* the rest */
    PX_QUALITY_TIMES,  /* those that look at bars outside of sessions: hours, zone, holiday */
} px_quality_part;

typedef struct px_quality_config {
    const px_calendar *calendar;
    int timeframe_minutes;
    int64_t now_us; /* the caller's clock; INT64_MAX where no bar can lie in the future */
    px_quality_part part;
    /* What kept bars from being read, to stand among the findings. */
    const char *damage;             /* NULL = the series was read */
    const px_rejection *rejections; /* the first at most PX_MAX_REJECTIONS of */
    size_t n_rejected;
} px_quality_config;

/* Runs the checks over bars of one timeframe, in any order and with repeats. No bars, no findings. Bars
 * before a split that is known are to be adjusted first (pixity/adjust.h), else it is found. *out from a
 * zeroed struct; free with px_quality_free. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_quality_find(const px_quality_config *config, const px_bars *bars,
                                               px_quality *out, px_error *err);
PX_API void px_quality_free(px_quality *quality);

/* What there is of one check: findings[begin..end) and the sum of their n_bars. */
typedef struct px_quality_sum {
    size_t begin, end, n_bars;
} px_quality_sum;
PX_API px_quality_sum px_quality_of(const px_quality *quality, px_quality_check check);

/* A row of the table of checks, and what the table of findings says of it. */
typedef struct px_quality_info {
    px_finding_code code;
    const char *name; /* "zero_volume" */
    px_severity severity;
    const char *help;   /* what it is: a sentence */
    const char *unit;   /* what n_bars counts: "missing bar" */
    const char *advice; /* what to do: a sentence */
} px_quality_info;
PX_API px_quality_info px_quality_describe(px_quality_check check);

#ifdef __cplusplus
}
#endif
#endif
