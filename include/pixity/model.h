// SPDX-License-Identifier: Apache-2.0
/* The meta-model in use: learners, choosing a model, prediction. Nothing here looks forward; training does,
 * and has its own header (train.h). SPEC section 6, docs/model.md. */
#ifndef PX_MODEL_H
#define PX_MODEL_H

#include "pixity/events.h"
#include "pixity/store.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- learners (src/model/learner.h: one file each and one table) --------------------------------------- */

typedef struct px_learner px_learner;     /* a way to learn: "rf" */
typedef struct px_predictor px_predictor; /* what it learnt; immutable, one thread at a time */

/* The learners that can be trained, by number; NULL past the last. */
PX_API const px_learner *px_learner_at(size_t i);
/* By name; NULL is "rf". Errors: PX_EINPUT naming the known ones. */
PX_API PX_MUST_CHECK px_status px_learner_find(const char *name, const px_learner **out, px_error *err);
PX_API const char *px_learner_name(const px_learner *learner);
/* One line for people. */
PX_API const char *px_learner_summary(const px_learner *learner);

/* A learner and its parameters, each a number under a name; docs/model.md has them with their defaults. */
#define PX_MAX_PARAMETERS 8
typedef struct px_learner_config {
    const px_learner *learner;
    double values[PX_MAX_PARAMETERS]; /* in the learner's order */
} px_learner_config;
PX_API px_learner_config px_learner_config_default(const px_learner *learner);
/* "trees", "max_depth", "seed", ... Errors: PX_EINPUT for an unknown name or a value out of range. */
PX_API PX_MUST_CHECK px_status px_learner_config_set(px_learner_config *config, const char *name,
                                                     double value, px_error *err);

/* Version of the XGBoost that is running; returns buf, NULL if it cannot be loaded. */
#define PX_XGBOOST_VERSION_SIZE 32
PX_API char *px_xgboost_version(char buf[PX_XGBOOST_VERSION_SIZE]);

/* Learns the probability of y = 1. x: n x PX_N_INPUTS row-major, finite or NaN = missing; y: 0 or 1. Rows of
 * one class are fine. Same rows, same config: same bytes. Errors: PX_EINPUT (no rows, an infinite input),
 * PX_ELIBRARY, PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_predictor_train(const float *x, const uint8_t *y, size_t n,
                                                  const px_learner_config *config, px_predictor **out,
                                                  px_error *err);
PX_API void px_predictor_free(px_predictor **predictor);
PX_API const px_learner *px_predictor_learner(const px_predictor *predictor);
/* p: n probabilities; a row's does not depend on the rows beside it. */
PX_API PX_MUST_CHECK px_status px_predictor_predict(const px_predictor *predictor, const float *x, size_t n,
                                                    double *p, px_error *err);
/* The learner's open format, malloc'ed; the caller frees. Deserialize only what a card's SHA-256 vouches for:
 * damaged bytes may load and predict. */
PX_API PX_MUST_CHECK px_status px_predictor_serialize(const px_predictor *predictor, char **bytes,
                                                      size_t *length, px_error *err);
PX_API PX_MUST_CHECK px_status px_predictor_deserialize(const px_learner *learner, const char *bytes,
                                                        size_t length, px_predictor **out, px_error *err);
/* What each input brings in the learner's own measure (trees: share of the total gain of splits): sums to 1,
 * or all 0 where no input is used. */
PX_API PX_MUST_CHECK px_status px_predictor_importance(const px_predictor *predictor,
                                                       double share[PX_N_INPUTS], px_error *err);

/* A forest that scikit-learn grew, from memory: JSON as tools/sklearn_forest_to_json.py writes it, laid out
 * in docs/model.md. `origin` names it in messages. Its probabilities are scikit-learn's to 1e-6. Errors:
 * PX_EINPUT with what is wrong and in which tree and node. */
PX_API PX_MUST_CHECK px_status px_sklearn_forest_read(const char *text, size_t length, const char *origin,
                                                      px_predictor **out, px_error *err);

/* ---- models on disk ----------------------------------------------------------------------------------- */

typedef struct px_model {
    char name[PX_NAME_SIZE];
    char hash[65]; /* SHA-256 of the model file */
    px_predictor *predictor;
    char *card_json;
    int64_t train_begin_us, train_end_us; /* training window: starts of bars, half-open; empty = unknown */
    char warning[512];                    /* what a run must say of this choice; "" = nothing */
} px_model;

/* A model made elsewhere may not tell which bars it has seen. */
static inline bool px_model_knows_window(const px_model *model) {
    return model->train_begin_us < model->train_end_us;
}

/* Chooses by SPEC section 6: `name` if not NULL, else <symbol>_<timeframe> where there is one, else
 * config->model_path. `name` and model_path are a name in the home folder, or the path of a model file
 * (.ubj, .model.json) with its card beside it. Refuses damaged files and what does not fit the data and
 * settings: timeframe, exchange, anchor, feature definition, event and label rules; the message names both
 * values. A model of another instrument is refused where it was found by its name alone, and is a warning
 * where `name` or model_path asked for it. `home` may be NULL if name or model_path is a path. Errors:
 * PX_ENOTFOUND, PX_EMISMATCH, PX_ECORRUPT, PX_EIO. */
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
/* Whether a stored model can have this name, which is no path then: px_model_open and px_model_card take a
 * model file's path too. Errors: PX_EINPUT telling what a name is. */
PX_API PX_MUST_CHECK px_status px_model_check_name(const char *name, px_error *err);
/* The card, malloc'ed; the caller frees. The model file is checked against it. */
PX_API PX_MUST_CHECK px_status px_model_card(px_home *home, const char *name, char **json, px_error *err);
PX_API PX_MUST_CHECK px_status px_model_delete(px_home *home, const char *name, px_error *err);

/* What to make of a forest of scikit-learn: the bars that it is for, under which name. */
typedef struct px_model_import {
    const char *path; /* JSON, as px_sklearn_forest_read takes it */
    const char *name;
    const char *const *symbols; /* at least one; of the home folder, else mere names of bars read in place */
    size_t n_symbols;
    const char *exchange; /* NULL = "NSE" */
    int timeframe_minutes;
    int32_t train_start, train_end; /* dates that it was trained on, inclusive; PX_NO_DATE both = not known */
} px_model_import;
/* Saves the forest as model <name> with a card, whose rules are those of `config`, and the config beside it.
 * Runs with a model of unknown training window cannot tell what is in sample, and say so. *card_json:
 * malloc'ed, the caller frees; may be NULL. Errors: PX_EINPUT, PX_ENOTFOUND (no such file), PX_EIO. */
PX_API PX_MUST_CHECK px_status px_model_import_sklearn(px_home *home, const px_model_import *request,
                                                       const px_config *config, char **card_json,
                                                       px_error *err);

#ifdef __cplusplus
}
#endif
#endif
