// SPDX-License-Identifier: Apache-2.0
/* A run as a value: what was asked for, with what, and what came of it. Stored as run.json (docs/store.md),
 * of which src/store/runs/run_json.c alone knows the members. */
#ifndef PX_RUN_H
#define PX_RUN_H

#include <stdint.h>

#include "pixity/config.h"
#include "pixity/findings.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_home px_home;

/* Named numbers in their order; NaN = undefined. */
typedef struct px_run_number {
    char *name;
    double value;
    bool whole; /* a count */
} px_run_number;
typedef struct px_run_numbers {
    size_t n, capacity;
    px_run_number *items;
} px_run_numbers;

typedef struct px_run_texts {
    size_t n, capacity;
    char **items;
} px_run_texts;

/* As it was asked; NULL = not said. */
typedef struct px_run_request {
    char *strategy;
    px_run_numbers parameters; /* of the strategy, that differ from their usual values */
    char *symbol, *exchange, *timeframe;
    char *start, *end;                     /* "2024-01-31" */
    char *continuous, *roll, *back_adjust; /* of a continuous future "front", "expiry", "difference" */
    char *input, *data_dir, *input_timeframe, *stamp, *input_adjustments;
    char *tz, *columns, *date_format, *profile_of_source, *table,
        *sheet;                                /* px_source_reading of input or data_dir */
    char *header, *volume, *as_is, *keep_good; /* "no"; "traded", "cumulative"; "yes"; "yes" */
    char *accept;                              /* codes of error findings, "split,bad_price" */
    char *model, *signals;
} px_run_request;

typedef struct px_run_fees {
    char *table, *sha256; /* of a file of rates; else NULL */
    char *segment, *segment_overnight;
} px_run_fees;

typedef struct px_run_adjustment {
    char *ex_date;
    double factor;
} px_run_adjustment;

/* A contract of a continuous series: from which session to which its bars are in it, how many, what they are
 * (SHA-256 of them before back-adjusting), and the last entry of its journal then. */
typedef struct px_run_contract {
    char *symbol, *instrument_key, *expiry, *first, *last, *sha256;
    int64_t bars, entry;
} px_run_contract;
typedef struct px_run_contracts {
    size_t n;
    px_run_contract *items;
} px_run_contracts;

/* The bars. */
typedef struct px_run_data {
    char *source, *instrument_key;
    double tick, lot_size;
    char *fingerprint;
    size_t n_adjustments;
    px_run_adjustment *adjustments;
    px_run_contracts contracts; /* none of other bars */
    int64_t entry; /* the last of the journal of the instrument when its bars were read; -1 = not of a home,
                      or of several contracts */
    int64_t source_bars, excluded_bars, warmup_bars, bars;
    char *first_bar, *last_bar; /* ISO 8601 in the exchange's zone */
} px_run_data;

/* name NULL = none. train_begin and train_end NULL = unknown. */
typedef struct px_run_model {
    char *name, *sha256, *train_begin, *train_end;
} px_run_model;

typedef struct px_run_rejection {
    int64_t line;
    char *reason;
} px_run_rejection;

/* What became of the rows of a file of signals: rows = used + rejected + outside_window + other_symbols. path
 * NULL = the strategy reads none. */
typedef struct px_run_signals {
    char *path, *sha256;
    int64_t rows, used, rejected, outside_window, other_symbols;
    size_t n_rejections; /* the first ones */
    px_run_rejection *rejections;
} px_run_signals;

/* How many runs a stored one was chosen from, and what that leaves of its Sharpe ratio: Bailey and Lopez de
 * Prado, "The Deflated Sharpe Ratio", 2014. Sharpe ratios are net and per session. Undefined = NaN. */
typedef struct px_trials {
    int64_t n;              /* distinct fingerprints, this run's included; 0 for a run that is not done */
    double sharpe_variance; /* of the trials' Sharpe ratios, ddof 1; NaN below two */
    double best_sharpe;     /* that the best of n trials without skill is expected to show */
    double deflated_sharpe; /* probability that the true Sharpe ratio lies above 0 nevertheless */
} px_trials;

/* Texts are NULL where a run does not say: of a failed run most, of an older version some. */
typedef struct px_run {
    char *run_id;  /* NULL = not stored, as are the next three */
    char *status;  /* "done" or "failed" */
    char *message; /* why it failed */
    char *created; /* ISO 8601, UTC */
    char *fingerprint;
    char *strategy, *symbol, *timeframe, *profile;
    char *start, *end;      /* dates of the first bar and the last */
    px_run_numbers metrics; /* by their keys */
    char *metrics_basis;
    char *not_annualised;     /* why yearly figures are undefined */
    px_run_numbers events;    /* counts of candidates, approved ones, and of each outcome */
    int64_t in_sample_trades; /* -1 without a model, or where its training window is unknown */
    px_findings findings;     /* none of a run of an older version, which has warnings only */
    px_run_texts warnings;    /* their texts */
    px_run_request request;
    px_config config;   /* the usual one where `config_error` says why the run's own does not read */
    char *config_error; /* NULL = it reads */
    char *config_json;  /* as stored; NULL of a run that was just made */
    px_run_fees fees;
    px_run_data data;
    px_run_model model;
    px_run_signals signals;
    char *version;
    px_trials trials; /* n 0 where nobody asked; computed on reading, never stored */
    /* What changed since in the stored bars and adjustments that it was made on, for people; NULL = nothing,
     * or they were not of the home folder, or nobody asked. Computed on reading from journals, never stored:
     * no bar is read, so that bars which changed and came back by another import count as changed. */
    char *data_changed;
} px_run;

PX_API void px_run_free(px_run *run); /* zeroes; NULL is fine */
/* A number by its name; NaN where there is none. */
PX_API double px_run_number_of(const px_run_numbers *numbers, const char *name);
/* True of one that failed in the work: it has no metrics and no tables. */
PX_API bool px_run_failed(const px_run *run);
/* run.json, and behind it "trials" where they are known; malloc'ed, the caller frees. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_run_to_json(const px_run *run, char **json, px_error *err);
/* A stored run. *out from a zeroed struct; free with px_run_free. What an older version did not write is
 * absent; other members are passed over. Errors: as px_run_read; PX_ECORRUPT for what is no JSON object. */
PX_API PX_MUST_CHECK px_status px_run_load(px_home *home, const char *id, px_run *out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
