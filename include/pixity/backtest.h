// SPDX-License-Identifier: Apache-2.0
/* Backtest: one request in, one result out, the same bytes each time. SPEC sections 8 and 10. */
#ifndef PX_BACKTEST_H
#define PX_BACKTEST_H

#include "pixity/metrics.h"
#include "pixity/run.h"
#include "pixity/strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_backtest_request {
    px_data_request data;
    const char *strategy_id;
    const char *parameters;    /* "stop_atrs=2,hold_bars=30", NULL = the strategy's usual values */
    const char *model;         /* NULL = by the rule of px_model_open */
    const char *run_id;        /* scope of signal ids; not part of the fingerprint */
    const char *signals;       /* file of signals, for a strategy that reads_signals; else NULL */
    const px_dataset *dataset; /* of px_backtest_tally: bars that are loaded, in place of those of `data` */
} px_backtest_request;

typedef struct px_backtest_result {
    char fingerprint[65];
    px_run run; /* what is stored of it, beside the tables */
    px_table trades, signals, orders, fills;
    struct px_backtest_equity *equity; /* as changes and closes; px_backtest_equity_table makes the table */
    px_metrics metrics;
    int64_t n_candidates, n_outcomes[PX_N_OUTCOMES];
    int64_t n_in_sample; /* -1 without a model, or where its training window is unknown */
} px_backtest_result;

/* The whole flow; src/backtest/runner.c reads as the story. Stores nothing. `home` may be NULL where neither
 * symbol nor model needs it. *out is freed with px_backtest_result_free. Errors: as px_dataset_load,
 * px_model_open, px_strategy_config_read; PX_EINPUT under 50 bars; PX_EINTERRUPTED. */
PX_API PX_MUST_CHECK px_status px_backtest_run(px_home *home, const px_backtest_request *request,
                                               const px_config *config, px_backtest_result **out,
                                               px_error *err);
/* The table of equity, a row a bar; from a zeroed struct. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_backtest_equity_table(const px_backtest_result *result, px_table *out,
                                                        px_error *err);
PX_API void px_backtest_result_free(px_backtest_result **result);
/* Stores a result in the run store, and sets in result->run what only storing knows: id, status, created, by
 * `created_us`, the caller's clock. Errors: as px_run_save. */
PX_API PX_MUST_CHECK px_status px_backtest_save(px_home *home, const char *run_id, px_backtest_result *result,
                                                int64_t created_us, px_error *err);
/* run.json of a stored run, and behind it for a finished one "trials": px_run_trials with its basis in words.
 * Malloc'ed; the caller frees. What is no run's document is given as stored. Errors: as px_run_read. */
PX_API PX_MUST_CHECK px_status px_backtest_read(px_home *home, const char *run_id, char **json,
                                                px_error *err);
/* The same as a value too, read once: px_run_load with the trials. `json` may be NULL. Errors: as
 * px_run_load. */
PX_API PX_MUST_CHECK px_status px_backtest_load(px_home *home, const char *run_id, px_run *run, char **json,
                                                px_error *err);
/* Lists a run that failed in the work (not for bad input). */
PX_API PX_MUST_CHECK px_status px_backtest_save_failure(px_home *home, const px_backtest_request *request,
                                                        const px_config *config, int64_t created_us,
                                                        const char *message, px_error *err);

/* ---- one of many -------------------------------------------------------------------------------------- */

/* What a run comes to. */
typedef struct px_tally {
    px_metrics metrics;
    int64_t n_candidates, n_outcomes[PX_N_OUTCOMES];
    int64_t n_in_sample; /* -1 without a model, or where its training window is unknown */
} px_tally;

/* The numbers of px_backtest_run, bit for bit, and nothing else: no tables, equity, fingerprint or document,
 * and no look for what is wrong with the bars. For many runs over the same bars, load these once:
 * request->dataset is what px_dataset_load gave for a request with `detail`, anchor and warm-up of the
 * settings, and is only read. Errors: as px_backtest_run; outputs untouched. */
PX_API PX_MUST_CHECK px_status px_backtest_tally(px_home *home, const px_backtest_request *request,
                                                 const px_config *config, px_tally *out, px_error *err);

/* ---- trials ------------------------------------------------------------------------------------------- */

/* Trials are the distinct fingerprints in the store with the same strategy, symbol and timeframe and a window
 * that overlaps this run's. Every new run may change them: they are computed on reading and never stored.
 * Errors: as px_run_read, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_run_trials(px_home *home, const char *run_id, px_trials *out,
                                             px_error *err);
/* The same of a run in memory, stored or not. Errors: PX_EIO, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_run_find_trials(px_home *home, const px_run *run, px_trials *out,
                                                  px_error *err);

/* ---- side by side ------------------------------------------------------------------------------------- */

/* Two or more runs side by side, as one JSON document, malloc'ed; the caller frees:
 *   runs            who they are, with fingerprint, in_sample_trades, not_annualised and warnings
 *   identical       lists of ids with one fingerprint: the same request, data, code and results
 *   not_comparable  why the numbers must not be held against each other; {} = they may
 *   metrics_basis   what plain names of metrics mean
 *   metrics         name -> run id -> value, null where a run has none (a failed one)
 *   trials          n, deflated_sharpe -> run id -> value: px_run_trials of each
 *   config          name -> run id -> value of what differs: settings, the strategies' parameters (null where
 *                   a strategy has none of that name), and strategy, symbol, timeframe, start, end,
 *                   instrument_key, data_fingerprint, model, model_sha256, version
 * not_comparable is name -> run id -> value too, of symbol (or instrument_key), window, profile, and of
 * data_fingerprint where all of that and the timeframe agree. Errors: PX_EINPUT (fewer than two, one named
 * twice), PX_ENOTFOUND, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_runs_compare(px_home *home, const char *const *ids, size_t n, char **json,
                                               px_error *err);

#ifdef __cplusplus
}
#endif
#endif
