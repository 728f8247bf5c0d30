// SPDX-License-Identifier: Apache-2.0
/* A request's bars: from the home folder or read in place, inside sessions, adjusted and resampled. */
#ifndef PX_DATASET_H
#define PX_DATASET_H

#include "pixity/continuous.h"
#include "pixity/findings.h"
#include "pixity/store.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_data_request {
    const char *symbol;              /* NULL only with `input` */
    const char *exchange;            /* NULL = "NSE" */
    px_continuous_config continuous; /* with a rank: `symbol` is the root of stored futures, "NIFTY" */
    int timeframe_minutes;           /* of a continuous series 0 = the finest that is stored */
    int32_t start_date, end_date;    /* exchange-local, inclusive; PX_NO_DATE = open */
    const char *input;               /* bar file read in place, or NULL */
    const char *data_dir;            /* folder of DuckDB files, or NULL */
    int input_timeframe_minutes;     /* of input or data_dir; 0 = as the bars show; of data_dir 1 */
    bool input_stamped_at_close;     /* times of input or data_dir name the end of the bar */
    px_exit_detail detail;           /* 1m: the one-minute bars are kept beside those of the timeframe */
    px_source *source; /* what `input` holds, where it is read already: the bars of the symbol, which
                          it must hold, are taken out of it. NULL = read it here */
    const char *input_adjustments;   /* file of adjustments of input or data_dir, or NULL */
    px_source_limits input_limits;   /* of input or data_dir */
    px_source_reading input_reading; /* of input or data_dir */
    px_holes holes;     /* whether what is made of the bars runs through holes, for their finding */
    bool check;         /* look for what is wrong with the bars of the window, and refuse errors */
    const char *accept; /* but these: "bad_price,split"; NULL = none */
    int64_t now_us;     /* the caller's clock, which no bar may be later than; 0 = no clock is asked */
    px_work work;       /* how reading these bars, and all that is made of them, is done */
} px_data_request;

/* A contract of a continuous series. */
typedef struct px_chain_contract {
    char symbol[PX_NAME_SIZE];
    char key[PX_NAME_SIZE]; /* "" = there was one, but none of its bars are stored */
    int32_t expiry;
    int32_t first_date, last_date; /* of its bars in the series; PX_NO_DATE = it has none there */
    size_t n_bars;                 /* of the series, before they were resampled */
    char sha256[65];               /* of these bars, adjusted for splits, before back-adjusting */
    int entry;                     /* the last of its journal when they were read */
    size_t n_missing;              /* sessions of the window that are its own, without bars, */
    int32_t first_missing;         /* and the first of them */
} px_chain_contract;

/* What a continuous series is made of; n 0 of other bars. */
typedef struct px_chain {
    size_t n, n_rolls;
    px_chain_contract *contracts; /* by day of expiry, those too that the window does not reach */
    px_roll
        *rolls; /* between them; times are of bars before they were resampled, prices before back-adjusting */
} px_chain;

/* Bars ready for features: inside sessions, resampled, warm-up in front. */
typedef struct px_dataset {
    px_calendar *calendar;
    px_instrument instrument;
    int timeframe_minutes;
    px_bars bars;
    px_detail
        detail; /* the one-minute bars inside `bars`, where the request wants them and they are shorter */
    size_t begin, end; /* the requested window, as indices: [begin, end) */
    size_t n_source;   /* source bars read */
    size_t n_excluded; /* source bars outside sessions */
    size_t n_rejected; /* rows of input or data_dir that are no bars; the first of them: */
    px_rejection rejection;
    px_adjustments adjustments; /* applied: those whose ex date lies after the first bar's date */
    char fingerprint[65]; /* SHA-256 over instrument key, timeframe, every bar, those inside too, adjustments
                           */
    px_chain chain;       /* what a continuous series is made of */
    int entry; /* the last of the journal of the instrument when they were read; -1 = read in place, or of
                  several contracts */
    char source[1024]; /* for people: what was read */
    char
        passed_over[256]; /* stored bars that would have been finer but cover less of the window; "" = none */
    px_admission admission; /* what was said of bars read in place, and changed in them */
    px_findings findings;   /* with `check`: what is known to be wrong with the bars */
    char lacks[256];        /* what the window asks for at its ends and no bar covers; "" = nothing */
} px_dataset;

/* Read from a file or folder that is none of the home: its instrument is a mere name. */
static inline bool px_dataset_is_in_place(const px_dataset *dataset) {
    return dataset->entry < 0 && dataset->chain.n == 0;
}

/* Loads, adjusts for splits and bonuses, filters, resamples and fingerprints. `home` may be NULL with input
 * or data_dir: these are read in place, repeated rows once, and the instrument is a mere name (symbol, else
 * the file's stem) without tick. Of the home folder the stored timeframe that has bars on most days of the
 * window is read, of equal ones the finest, among those that divide the one asked for. Tick and lot are those
 * of the window's first day, with the changes after it. A continuous series is joined of the stored futures
 * of its root (continuous.h) and has an instrument of its own: symbol "NIFTY-I" or "NIFTY-II", the rules in
 * its key, tick and lot of whichever contract it has on a day. It begins with the first contract that is
 * known to have been in its place then, and, if it is back-adjusted, not before a roll in front of the window
 * at which two contracts have no bar at one time. `warmup_days` as px_config_warmup_*. Errors: PX_EINPUT
 * (empty window, start after end, contradicting timeframe, an error finding that is not accepted, a roll in
 * the window that cannot be back-adjusted), PX_ENOTFOUND, PX_EIO, PX_ECORRUPT. *out from a zeroed struct. */
PX_API PX_MUST_CHECK px_status px_dataset_load(px_home *home, const px_data_request *request,
                                               px_anchor anchor, int warmup_days, px_dataset *out,
                                               px_error *err);
PX_API void px_dataset_free(px_dataset *dataset);
/* What is known of the contracts of a continuous series, as findings: the rolls of the window, sessions whose
 * contract is missing. For a series that was loaded without `check`, which finds it with all else. Errors:
 * PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_dataset_find_chain(const px_data_request *request, px_dataset *dataset,
                                                     px_error *err);
/* Whether futures of a root are stored: what px_dataset_load says of a continuous series before it reads
 * bars. `exchange` NULL is NSE; root, where it is given, is the symbol as it is known ("nifty [FO]": NIFTY).
 * Errors: PX_ENOTFOUND with the roots that there are, PX_EINPUT for what is no root. */
PX_API PX_MUST_CHECK px_status px_continuous_check_root(px_home *home, const char *symbol,
                                                        const char *exchange, char root[PX_NAME_SIZE],
                                                        px_error *err);

#ifdef __cplusplus
}
#endif
#endif
