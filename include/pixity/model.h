// SPDX-License-Identifier: Apache-2.0
/* The meta-model in use: the forest, choosing a model, prediction. Nothing here looks forward; training does,
 * and has its own header (train.h). SPEC section 6, docs/model.md. */
#ifndef PX_MODEL_H
#define PX_MODEL_H

#include "pixity/events.h"
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
