// SPDX-License-Identifier: Apache-2.0
/* Findings: what is known to be wrong with a result, in the same words wherever the result is shown. One
 * table (src/findings/finding_table.c, docs/findings.md) says of each kind how bad it is, what it does to a
 * result and what to do. */
#ifndef PX_FINDINGS_H
#define PX_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_severity {
    PX_SEVERITY_INFO,    /* to know */
    PX_SEVERITY_WARNING, /* look at it before you trust results */
    PX_SEVERITY_ERROR,   /* what must not be traded on: refused unless it is accepted by its code */
} px_severity;

/* Index into the table: errors, warnings, info, each in the order in which they are shown. */
typedef enum px_finding_code {
    PX_FINDING_IMPOSSIBLE_BAR,
    PX_FINDING_BAD_PRICE,
    PX_FINDING_CONFLICT,
    PX_FINDING_FUTURE,
    PX_FINDING_TIMEFRAME,
    PX_FINDING_UNREADABLE,
    PX_FINDING_HOURS,
    PX_FINDING_ZONE,
    PX_FINDING_SPLIT,
    PX_FINDING_LOOK_AHEAD,
    PX_FINDING_JUMP,
    PX_FINDING_SPIKE,
    PX_FINDING_MISSING_DAYS,
    PX_FINDING_PARTIAL_SESSION,
    PX_FINDING_GAP,
    PX_FINDING_HOLIDAY,
    PX_FINDING_FROZEN,
    PX_FINDING_CLOCK_GRID,
    PX_FINDING_REJECTED_ROW,
    PX_FINDING_WINDOW_NOT_COVERED,
    PX_FINDING_DATA_HOLE,
    PX_FINDING_MISSING_CONTRACT,
    PX_FINDING_ROLL_GAP,
    PX_FINDING_COARSER_SERIES,
    PX_FINDING_STALE_HISTORY,
    PX_FINDING_FEES_OUTSIDE_DATES,
    PX_FINDING_OVERNIGHT_LEVERAGE,
    PX_FINDING_QUANTITY_CUT,
    PX_FINDING_IN_SAMPLE,
    PX_FINDING_UNFINISHED_BAR,
    PX_FINDING_HOLES_IGNORED,
    PX_FINDING_SQUARE_OFF_UNKNOWN,
    PX_FINDING_FEW_TRADES,
    PX_FINDING_NO_SLIPPAGE,
    PX_FINDING_CROSSED_SESSION,
    PX_FINDING_OTHER_MODEL,
    PX_FINDING_TRAINED_OVER_ERROR,
    PX_FINDING_LEFT_OUT,
    PX_FINDING_UNSCORED_FOLD,
    PX_FINDING_FOREIGN_SIGNALS,
    PX_FINDING_REJECTED_SIGNAL,
    PX_FINDING_UNREAD_COLUMN,
    PX_FINDING_NO_FEES,
    PX_FINDING_FEES_ELSEWHERE,
    PX_FINDING_INDEX_AS_STOCK,
    PX_FINDING_UNKNOWN_LOT,
    PX_FINDING_BELOW_ONE_LOT,
    PX_FINDING_NO_VWAP,
    PX_FINDING_AMBIGUOUS_BAR,
    PX_FINDING_KILL_SWITCH,
    PX_FINDING_CHANGED_BARS,
    PX_FINDING_BACK_ADJUSTED,
    PX_FINDING_ROLL,
    PX_FINDING_OUT_OF_SESSION,
    PX_FINDING_DUPLICATE,
    PX_FINDING_NO_VOLUME,
    PX_FINDING_ZERO_VOLUME,
    PX_N_FINDING_CODES
} px_finding_code;

/* A row of the table; each text is a sentence. */
typedef struct px_finding_kind {
    const char *code; /* "bad_price" */
    px_severity severity;
    const char *meaning, *effect, *remedy;
} px_finding_kind;

/* One finding of a result. */
typedef struct px_finding {
    char *code;
    px_severity severity;
    char *what;    /* in words, with numbers */
    char *where;   /* the first place, and how many more; NULL = the whole result */
    int64_t count; /* of what is concerned: bars, trades, sessions; 0 = nothing is counted */
    char *effect, *remedy;
    bool accepted; /* an error that was gone over by its code */
} px_finding;

typedef struct px_findings {
    size_t n, capacity;
    px_finding *items; /* in the order of the table */
} px_findings;

/* As `accept` of a request: goes over every error, for who tells them and decides himself. */
#define PX_ACCEPT_ALL "*"

PX_API const px_finding_kind *px_finding_kind_at(size_t i); /* NULL past the end */
PX_API const char *px_severity_name(px_severity severity);  /* "error" */
/* Errors: PX_EINPUT, with the nearest known one, for a word of "split,jump" that is no code. */
PX_API PX_MUST_CHECK px_status px_findings_check_codes(const char *codes, px_error *err);

/* {"findings": [...], "warnings": [...]}, as a run's document has them; malloc'ed, the caller frees. */
PX_API PX_MUST_CHECK px_status px_findings_document(const px_findings *findings, char **out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
