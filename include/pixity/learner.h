// SPDX-License-Identifier: Apache-2.0
/* Ways to learn a probability from rows, and what they learnt. SPEC section 6, docs/model.md. */
#ifndef PX_LEARNER_H
#define PX_LEARNER_H

#include "pixity/events.h"
#include "pixity/parameter.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_learner px_learner;     /* a way to learn: "rf" */
typedef struct px_predictor px_predictor; /* what it learnt; immutable, one thread at a time */

/* The learners that can be trained, by number; NULL past the last. */
PX_API const px_learner *px_learner_at(size_t i);
/* By name; NULL is PX_USUAL_LEARNER. Errors: PX_EINPUT naming the known ones. */
PX_API PX_MUST_CHECK px_status px_learner_find(const char *name, const px_learner **out, px_error *err);
PX_API const char *px_learner_name(const px_learner *learner);
/* One line for people. */
PX_API const char *px_learner_summary(const px_learner *learner);

/* Its parameters; docs/model.md has them too. */
PX_API px_parameters px_learner_parameters(const px_learner *learner);
/* [{"name", "summary", "parameters": [...]}]: the learners that can be trained, malloc'ed; the caller frees.
 * Of a parameter: name, alias (null = none), title, unit, help, minimum, maximum, step, usual, whole. Errors:
 * PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_learners_document(char **out, px_error *err);

/* A learner and the values of its parameters. */
typedef struct px_learner_config {
    const px_learner *learner;
    double values[PX_MAX_PARAMETERS]; /* in the learner's order */
    px_work work;                     /* training asks it, tree by tree, whether to go on */
} px_learner_config;
PX_API px_learner_config px_learner_config_default(const px_learner *learner);
/* "trees", "max_depth", "seed", ... Errors: as px_parameters_set. */
PX_API PX_MUST_CHECK px_status px_learner_config_set(px_learner_config *config, const char *name,
                                                     double value, px_error *err);
/* A learner by name, with values of its parameters behind a colon where they are not the usual ones:
 * "rf:trees=300,depth=9". NULL is PX_USUAL_LEARNER. Errors: as px_learner_find, px_parameters_read. */
PX_API PX_MUST_CHECK px_status px_learner_config_read(const char *text, px_learner_config *out,
                                                      px_error *err);

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

/* A model of scikit-learn, from memory: JSON as tools/sklearn_to_json.py writes it, laid out in
 * docs/model.md. `origin` names it in messages. Errors: PX_EINPUT with what is wrong and in which tree and
 * node. */
PX_API PX_MUST_CHECK px_status px_sklearn_forest_read(const char *text, size_t length, const char *origin,
                                                      px_predictor **out, px_error *err);

/* A model of another library, from memory: what it is, is told by its bytes; docs/model.md has what is taken.
 * `origin` names it in messages. `inputs`: what its columns are, with commas between, where the file has no
 * names; NULL = as it says, else the order of PX_INPUTS. Errors: PX_EINPUT with what it is and what is taken.
 */
PX_API PX_MUST_CHECK px_status px_model_file_read(const char *bytes, size_t length, const char *origin,
                                                  const char *inputs, px_predictor **out, px_error *err);
/* As px_predictor_predict, of inputs as events have them. */
PX_API PX_MUST_CHECK px_status px_predictor_predict_events(const px_predictor *predictor, const double *x,
                                                           size_t n, double *p, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
