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
    uint64_t seed;    /* 42 */
} px_forest_config;
PX_API px_forest_config px_forest_config_default(void);

/* Bagged classification trees: each tree sees a bootstrap of the rows, each leaf is the class frequency, the
 * probability is the mean over trees (Breiman 2001). x: n x PX_N_INPUTS row-major float, NaN = missing; y: 0
 * or
 * 1. Same rows, same config: same bytes. Errors: PX_EINPUT (no rows), PX_ELIBRARY, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_forest_train(const float *x, const uint8_t *y, size_t n,
                                               const px_forest_config *config, px_forest **out,
                                               px_error *err);
PX_API void px_forest_free(px_forest **forest);
/* p: n probabilities. */
PX_API PX_MUST_CHECK px_status px_forest_predict(const px_forest *forest, const float *x, size_t n, double *p,
                                                 px_error *err);
/* The library's open format (UBJSON), malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_forest_serialize(const px_forest *forest, char **bytes, size_t *length,
                                                   px_error *err);
PX_API PX_MUST_CHECK px_status px_forest_deserialize(const char *bytes, size_t length, px_forest **out,
                                                     px_error *err);
/* The trees as JSON texts (XGBoost's dump with statistics), for tests; malloc'ed, one tree a line. */
PX_API PX_MUST_CHECK px_status px_forest_dump(const px_forest *forest, char **out, px_error *err);
/* How often and with how much gain each input is split on. */
PX_API PX_MUST_CHECK px_status px_forest_importance(const px_forest *forest, double gain[PX_N_INPUTS],
                                                    px_error *err);

/* ---- purged walk-forward folds ------------------------------------------------------------------------ */

#define PX_N_FOLDS 5
/* Rows are in time order. Fold k tests block k+1 of 6 equal blocks and trains on those rows of blocks 0..k
 * whose interval [begin_bar, end_bar] plus `embargo_bars` ends before the first test row's begin_bar.
 * Unpurged in `reference`. */
typedef struct px_fold {
    size_t test_begin, test_end;
    size_t n_train; /* rows kept */
    size_t n_purged;
} px_fold;
PX_API void px_folds_split(const size_t *begin_bar, const size_t *end_bar, size_t n, int embargo_bars,
                           bool purge, int fold, px_fold *out, uint8_t *train_mask);

/* ---- scores ------------------------------------------------------------------------------------------- */

typedef struct px_scores {
    double auc, log_loss, brier; /* NaN where one class is absent (AUC) or there are no rows */
} px_scores;
PX_API px_scores px_scores_compute(const double *p, const uint8_t *y, size_t n);

/* ---- training ----------------------------------------------------------------------------------------- */

typedef struct px_train_request {
    px_data_request data;
    const char *learner;   /* "rf" */
    const char *model_out; /* NULL = <symbol>_<timeframe> in lower-case timeframe */
} px_train_request;

typedef void (*px_progress_fn)(void *user, const char *phase, size_t done, size_t total);

/* The whole training story: load, resample, events, labels, folds, fit, save model, card, config and labelled
 * CSV. *report_json: phases with counts, label distribution, R by event type, fold table, threshold table,
 * "take every event"; malloc'ed, the caller frees. `home` is where the model goes. Errors: PX_EINPUT (too few
 * events, one class, under 50 bars), as px_dataset_load, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_train(px_home *home, const px_train_request *request,
                                        const px_config *config, px_progress_fn progress, void *user,
                                        char **report_json, px_error *err);

/* ---- models on disk ----------------------------------------------------------------------------------- */

typedef struct px_model {
    char name[PX_NAME_SIZE];
    char hash[65]; /* SHA-256 of the model file */
    px_forest *forest;
    char *card_json;
    int64_t train_begin_us, train_end_us; /* training window, half-open */
} px_model;

/* Chooses by SPEC section 6: `name` if not NULL, else <symbol>_<timeframe>, else config->model_path, and
 * refuses what does not fit: instrument, timeframe, feature definition, bar and label rules, damaged files.
 * The message names both values. Errors: PX_ENOTFOUND, PX_EMISMATCH, PX_ECORRUPT. */
PX_API PX_MUST_CHECK px_status px_model_open(px_home *home, const char *name, const px_dataset *dataset,
                                             const px_config *config, px_model **out, px_error *err);
PX_API void px_model_close(px_model **model);
/* Probabilities of events, in their order. p: list->n values. */
PX_API PX_MUST_CHECK px_status px_model_predict(const px_model *model, const px_event_list *events, double *p,
                                                px_error *err);
/* Columns: name,learner,symbol,timeframe,profile,train_start,train_end,events,auc,model_sha256. */
PX_API PX_MUST_CHECK px_status px_models_list(px_home *home, px_table *out, px_error *err);
/* The card, malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_model_card(px_home *home, const char *name, char **json, px_error *err);
PX_API PX_MUST_CHECK px_status px_model_delete(px_home *home, const char *name, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
