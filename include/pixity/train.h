// SPDX-License-Identifier: Apache-2.0
/* Training the meta-model: labelled events in, purged walk-forward evaluation, a model and its card out.
 * Backtests and live trading never include this. SPEC section 6, docs/model.md. */
#ifndef PX_TRAIN_H
#define PX_TRAIN_H

#include "pixity/labels.h"
#include "pixity/dataset.h"
#include "pixity/learner.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- purged walk-forward folds ------------------------------------------------------------------------ */

#define PX_N_FOLDS 5
/* Rows are in time order and cut into 6 blocks of n/6 rows, the first one with the remainder. Fold k (0..4)
 * tests block k+1 and trains on the blocks before it. */
typedef struct px_fold {
    size_t test_begin, test_end;
    size_t n_train; /* rows kept */
    size_t n_purged;
} px_fold;
/* Keeps of the training rows those whose interval [begin_bar, end_bar] plus `embargo_bars` ends before the
 * first test row's begin_bar, bars of several instruments counted on one list of times; a negative embargo
 * keeps all (`reference`). train_mask: n bytes, 1 = kept. */
PX_API void px_fold_split(const size_t *begin_bar, const size_t *end_bar, size_t n, int embargo_bars,
                          int fold, px_fold *out, uint8_t *train_mask);

/* ---- scores ------------------------------------------------------------------------------------------- */

typedef struct px_scores {
    double auc;      /* ties count half; NaN where one class is absent */
    double log_loss; /* probabilities clipped to [1e-15, 1 - 1e-15] */
    double brier;
} px_scores; /* all NaN without rows */
/* Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_scores_compute(const double *p, const uint8_t *y, size_t n, px_scores *out,
                                                 px_error *err);

/* Ten bins of equal width over [0, 1]; 1 belongs to the last. */
#define PX_N_CALIBRATION_BINS 10
typedef struct px_calibration_bin {
    size_t n;
    double mean_p, frequency; /* NaN where empty */
} px_calibration_bin;
PX_API void px_calibration_compute(const double *p, const uint8_t *y, size_t n,
                                   px_calibration_bin out[PX_N_CALIBRATION_BINS]);
/* What the bins add up to; NaN without rows. Brier score = reliability - resolution + uncertainty + a rest
 * that lies inside the bins (Murphy, Journal of Applied Meteorology 12, 1973). */
typedef struct px_calibration_summary {
    double error;       /* mean |mean_p - frequency| by event: the expected calibration error */
    double reliability; /* mean (mean_p - frequency)^2: small is good */
    double resolution;  /* mean (frequency - overall frequency)^2: large is good */
    double uncertainty; /* overall frequency times its complement: the Brier score of always saying it */
} px_calibration_summary;
PX_API px_calibration_summary px_calibration_summarize(const px_calibration_bin bins[PX_N_CALIBRATION_BINS]);

/* What taking only events with p >= threshold gives; thresholds 0.30, 0.35 .. 0.70. */
#define PX_N_THRESHOLDS 9
typedef struct px_threshold_row {
    double threshold;
    size_t n;
    double mean_r;   /* realized R, gross of costs; NaN where n is 0 */
    double hit_rate; /* share that reached the target; NaN where n is 0 */
} px_threshold_row;
PX_API void px_thresholds_compute(const double *p, const uint8_t *y, const double *r, size_t n,
                                  px_threshold_row out[PX_N_THRESHOLDS]);

/* ---- training ----------------------------------------------------------------------------------------- */

/* Fewest labelled events that a model is trained on: five to a block. */
#define PX_TRAIN_MIN_EVENTS 30

typedef struct px_train_request {
    px_data_request data;
    const char *learner;        /* as px_learner_config_read takes it; NULL = the usual one */
    const char *model_out;      /* NULL = <symbol>_<timeframe>: "RELIANCE_1h"; several symbols need a name */
    const char *const *symbols; /* of a panel, all of one exchange, in any order; instead of data.symbol */
    size_t n_symbols;           /* 0 = data.symbol */
} px_train_request;

/* The whole training story: load, resample, features, events, labels, folds, fit, save. Several instruments
 * are loaded and labelled beside each other and their rows joined, in order of time and then instrument
 * key; one of them that gives nothing to train on is left out with a warning in the report. Writes into the
 * home's models folder <name>.ubj (logistic: <name>.model.json), <name>.card.json, <name>_config.json and
 * <name>_events.csv (labelled events with fold and out-of-fold probability). *report_json, laid out in
 * docs/model.md: phases with counts, label distribution, R by event type, fold table, thresholds, "take every
 * event"; malloc'ed, the caller frees. Nothing depends on the clock: same request, same data, same files.
 * Errors: PX_EINPUT (too few events, one class, under 50 bars, a bad name or learner,
 * an instrument named twice), as px_dataset_load, PX_EIO; PX_EINTERRUPTED (no file is written or changed). */
PX_API PX_MUST_CHECK px_status px_train(px_home *home, const px_train_request *request,
                                        const px_config *config, char **report_json, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
