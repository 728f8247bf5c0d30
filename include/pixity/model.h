// SPDX-License-Identifier: Apache-2.0
/* The meta-model: training on labelled events, cards, and prediction. SPEC section 6, docs/model.md. */
#ifndef PX_MODEL_H
#define PX_MODEL_H

#include "pixity/labels.h"
#include "pixity/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- forest (src/model/xgboost.c; the only file that sees the XGBoost header) -------------------------- */

typedef struct px_forest px_forest; /* a trained predictor; immutable after training, one thread at a time */

typedef struct px_forest_config {
    int n_trees;      /* 100 */
    int max_depth;    /* 7 */
    int max_features; /* inputs tried per node: 2 = floor(sqrt(7)) */
    uint64_t seed;    /* 42; below 2^31 */
} px_forest_config;
PX_API px_forest_config px_forest_config_default(void);

/* Version of the XGBoost that is running; returns buf. */
#define PX_XGBOOST_VERSION_SIZE 32
PX_API char *px_xgboost_version(char buf[PX_XGBOOST_VERSION_SIZE]);

/* Bagged classification trees: each tree sees a bootstrap of the rows, each leaf is the class frequency, the
 * probability is the mean over trees (Breiman, Random Forests, 2001). x: n x PX_N_INPUTS row-major, NaN =
 * missing; y: 0 or 1. One class is fine: the probability is then 0 or 1. Same rows, same config: same bytes.
 * Errors: PX_EINPUT (no rows), PX_ELIBRARY, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_forest_train(const float *x, const uint8_t *y, size_t n,
                                               const px_forest_config *config, px_forest **out,
                                               px_error *err);
PX_API void px_forest_free(px_forest **forest);
/* p: n probabilities; a row's does not depend on the rows beside it. */
PX_API PX_MUST_CHECK px_status px_forest_predict(const px_forest *forest, const float *x, size_t n, double *p,
                                                 px_error *err);
/* The library's open format (UBJSON), malloc'ed; the caller frees. Deserialize only what a card's SHA-256
 * vouches for: damaged bytes may load and predict. */
PX_API PX_MUST_CHECK px_status px_forest_serialize(const px_forest *forest, char **bytes, size_t *length,
                                                   px_error *err);
PX_API PX_MUST_CHECK px_status px_forest_deserialize(const char *bytes, size_t length, px_forest **out,
                                                     px_error *err);
/* The trees as a JSON array (XGBoost's dump with statistics), malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_forest_dump(const px_forest *forest, char **out, px_error *err);
/* Share of the total gain that the splits on each input bring: sums to 1, or all 0 without a split. */
PX_API PX_MUST_CHECK px_status px_forest_importance(const px_forest *forest, double share[PX_N_INPUTS],
                                                    px_error *err);

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
 * first test row's begin_bar; a negative embargo keeps all (`reference`). train_mask: n bytes, 1 = kept. */
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
    const char *learner;   /* "rf", or NULL for it */
    const char *model_out; /* NULL = <symbol>_<timeframe>: "RELIANCE_1h" */
} px_train_request;

/* `total` 0: how long the phase takes is not known. */
typedef void (*px_progress_fn)(void *user, const char *phase, size_t done, size_t total);

/* The whole training story: load, resample, features, events, labels, folds, fit, save. Writes into the
 * home's models folder <name>.ubj, <name>.card.json, <name>_config.json and <name>_events.csv (labelled
 * events with fold and out-of-fold probability). *report_json, laid out in docs/model.md: phases with counts,
 * label distribution, R by event type, fold table, thresholds, "take every event"; malloc'ed, the caller
 * frees. Nothing depends on the clock: same request, same data, same files. `progress` may be NULL. Errors:
 * PX_EINPUT (too few events, one class, under 50 bars, a bad name or learner), as px_dataset_load, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_train(px_home *home, const px_train_request *request,
                                        const px_config *config, px_progress_fn progress, void *user,
                                        char **report_json, px_error *err);

/* ---- models on disk ----------------------------------------------------------------------------------- */

typedef struct px_model {
    char name[PX_NAME_SIZE];
    char hash[65]; /* SHA-256 of the model file */
    px_forest *forest;
    char *card_json;
    int64_t train_begin_us, train_end_us; /* training window: starts of bars, half-open */
    char warning[512];                    /* what a run must say of this choice; "" = nothing */
} px_model;

/* Chooses by SPEC section 6: `name` if not NULL, else <symbol>_<timeframe> where there is one, else
 * config->model_path. `name` and model_path are a name in the home folder, or the path of a .ubj file with
 * its card beside it. Refuses damaged files and what does not fit the data and settings: timeframe, exchange,
 * anchor, feature definition, event and label rules; the message names both values. A model of another
 * instrument is refused where it was found by its name alone, and is a warning where `name` or model_path
 * asked for it. `home` may be NULL if name or model_path is a path. Errors: PX_ENOTFOUND, PX_EMISMATCH,
 * PX_ECORRUPT, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_model_open(px_home *home, const char *name, const px_dataset *dataset,
                                             const px_config *config, px_model **out, px_error *err);
PX_API void px_model_close(px_model **model);
/* Probabilities of events, in their order. p: list->n values. */
PX_API PX_MUST_CHECK px_status px_model_predict(const px_model *model, const px_event_list *events, double *p,
                                                px_error *err);
/* By name. Columns: name,learner,symbol,timeframe,profile,train_start,train_end,events,auc,model_sha256,
 * status; status is "ok" or what is wrong, and then cells that the card cannot tell are undefined. auc is
 * out of fold. */
PX_API PX_MUST_CHECK px_status px_models_list(px_home *home, px_table *out, px_error *err);
/* The card, malloc'ed; the caller frees. The model file is checked against it. */
PX_API PX_MUST_CHECK px_status px_model_card(px_home *home, const char *name, char **json, px_error *err);
PX_API PX_MUST_CHECK px_status px_model_delete(px_home *home, const char *name, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
