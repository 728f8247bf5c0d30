// SPDX-License-Identifier: Apache-2.0
/* Bars on their way into the store: whether something explains them better than the way they were read. What
 * each check looks for, and how it decides, is in docs/data.md. */
#ifndef PX_ADMISSION_H
#define PX_ADMISSION_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Index into the table of checks (src/market/admission/admission.c), in the order in which they are made. */
typedef enum px_admission_check {
    PX_ADMISSION_REJECTED,   /* rows that are no bars */
    PX_ADMISSION_ZONE,       /* most bars lie outside every session, and another zone puts them inside */
    PX_ADMISSION_STAMP,      /* every session is one bar late: times name the ends of bars */
    PX_ADMISSION_MIXED,      /* some days have bars of a longer timeframe */
    PX_ADMISSION_GRID,       /* bars count from the full hour, where the session opens at another time */
    PX_ADMISSION_DAYS,       /* daily bars of days without trading */
    PX_ADMISSION_VOLUME,     /* the volume of the day so far, in place of the bar's */
    PX_ADMISSION_UNFINISHED, /* the last bar was still going on */
    PX_N_ADMISSION_CHECKS
} px_admission_check;

typedef enum px_admission_verdict {
    PX_ADMISSION_SAID,    /* kept as it is */
    PX_ADMISSION_CHANGED, /* bars were changed as the text says */
    PX_ADMISSION_REFUSED, /* not to be stored like this */
} px_admission_verdict;

typedef struct px_admission_note {
    px_admission_check check;
    px_admission_verdict verdict;
    size_t n_bars;   /* concerned */
    char option[48]; /* that mends it: "--tz UTC"; "" = none does */
    char text[240];  /* in words, with the option */
} px_admission_note;

typedef struct px_admission {
    size_t n;
    px_admission_note notes[PX_N_ADMISSION_CHECKS]; /* in the order of the table */
    bool is_refused;                                /* one of them refuses */
} px_admission;

typedef enum px_volume_kind {
    PX_VOLUME_SEEN, /* cumulative if it looks like it */
    PX_VOLUME_TRADED,
    PX_VOLUME_CUMULATIVE, /* within a local date */
} px_volume_kind;

/* What was left out while bars were read. A stretch is of rejected rows with no bar in between. */
typedef struct px_rejected {
    size_t n_rows, n; /* that could have been bars; of these the rejected ones */
    px_rejection first;
    size_t longest, line; /* the longest stretch, and where it begins */
} px_rejected;

typedef struct px_admission_config {
    const px_calendar *calendar;
    const px_zone *zone;   /* by which times without an offset were read; NULL = the calendar's */
    bool zone_is_named;    /* the user chose it */
    bool are_instants;     /* times were epochs, or had an offset: no zone was chosen */
    bool stamped_at_close; /* and their starts found */
    int timeframe_minutes;
    px_volume_kind volume;
    int64_t now_us;  /* the caller's clock; INT64_MAX asks none */
    int64_t file_us; /* when the file was written last; INT64_MAX where that is not known */
    px_rejected of_series, of_file;
    bool keep_good; /* however many were rejected */
    bool as_is;     /* nothing but rejected rows is looked at */
} px_admission_config;

/* Runs the checks over sorted bars of one series. Bars may be changed, dropped at the end or, of days, moved:
 * *out says so. A refusal changes nothing that comes after it. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_bars_admit(const px_admission_config *config, px_bars *bars,
                                             px_admission *out, px_error *err);
/* Adds what was found of other bars of the series, which another file holds: one note for each check, in the
 * words of the worst, else the first. */
PX_API void px_admission_add(px_admission *to, const px_admission *from);
PX_API const char *px_admission_name(px_admission_check check); /* "zone", "end_stamps", "clock_grid", ... */

#ifdef __cplusplus
}
#endif
#endif
