// SPDX-License-Identifier: Apache-2.0
/* The meta-model in use: choosing a model, prediction. Nothing here looks forward; training does,
 * and has its own header (train.h). SPEC section 6, docs/model.md. */
#ifndef PX_MODEL_H
#define PX_MODEL_H

#include "pixity/dataset.h"
#include "pixity/learner.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_model {
    char name[PX_NAME_SIZE];
    char hash[65]; /* SHA-256 of the model file */
    px_predictor *predictor;
    char *card_json;
    uint32_t event_types;                 /* a bit for each type that it was trained on */
    int64_t train_begin_us, train_end_us; /* training window: starts of bars, half-open; empty = unknown */
    char trained_over[256]; /* codes of errors that its training accepted, "bad_price, split"; "" = none */
    char warning[512];      /* what a run must say of this choice; "" = nothing */
} px_model;

/* A model made elsewhere may not tell which bars it has seen. */
static inline bool px_model_knows_window(const px_model *model) {
    return model->train_begin_us < model->train_end_us;
}

/* Chooses by SPEC section 6: `name` if not NULL, else <symbol>_<timeframe> where there is one, else
 * config->model_path. `name` and model_path are a name in the home folder, or the path of a model file
 * (.ubj, .model.json) with its card beside it. Refuses damaged files and what does not fit the data and
 * settings: timeframe, exchange, anchor, feature definition, event and label rules, columns that an input is
 * made of; the message names both values. Inputs are those of the card, some of an event's in any order. A
 * model of another instrument is refused where it was found by its name alone, and is a warning where `name`
 * or model_path asked for it. `home` may be NULL if name or model_path is a path. Errors: PX_ENOTFOUND,
 * PX_EMISMATCH, PX_ECORRUPT, PX_EIO. */
PX_API PX_MUST_CHECK px_status px_model_open(px_home *home, const char *name, const px_dataset *dataset,
                                             const px_config *config, px_model **out, px_error *err);
PX_API void px_model_close(px_model **model);
/* Probabilities of events, in their order, from the inputs that the model's card names; NaN for an event of a
 * type that the model was not trained on. p: list->n values. */
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

/* What to make of a model of another library: the bars that it is for, under which name. */
typedef struct px_model_import {
    const char
        *path; /* as px_model_file_read takes it; of px_model_import_sklearn as px_sklearn_forest_read */
    const char *inputs; /* what its columns are, with commas between; NULL = as the file says */
    const char *name;
    const char *const *symbols; /* at least one; of the home folder, else mere names of bars read in place */
    size_t n_symbols;
    const char *exchange; /* NULL = "NSE" */
    int timeframe_minutes;
    int32_t train_start, train_end; /* dates that it was trained on, inclusive; PX_NO_DATE both = not known */
} px_model_import;
/* Recognises the file and saves what it holds as model <name> with a card, whose rules are those of `config`,
 * and the config beside it. Runs with a model of unknown training window cannot tell what is in sample, and
 * say so. *card_json: malloc'ed, the caller frees; may be NULL. Errors: PX_EINPUT, PX_ENOTFOUND (no such
 * file), PX_EIO. */
PX_API PX_MUST_CHECK px_status px_model_import_file(px_home *home, const px_model_import *request,
                                                    const px_config *config, char **card_json, px_error *err);
/* The same for a file of tools/sklearn_to_json.py alone. */
PX_API PX_MUST_CHECK px_status px_model_import_sklearn(px_home *home, const px_model_import *request,
                                                       const px_config *config, char **card_json,
                                                       px_error *err);

#ifdef __cplusplus
}
#endif
#endif
