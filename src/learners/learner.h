// SPDX-License-Identifier: Apache-2.0
/* What a learner is: a const struct of functions, one file each, one line in the table of learner.c. */
#ifndef PXI_LEARNER_H
#define PXI_LEARNER_H

#include "base/json.h"
#include "learners/exchange.h"
#include "pixity/learner.h"

/* A learner's own predictor begins with one of these. */
struct px_predictor {
    const px_learner *learner;
};

/* The columns of a model: `input_of[i]` is the place in PX_INPUTS of column i, each at most once. */
typedef struct pxi_columns {
    size_t n;
    int input_of[PX_N_INPUTS];
} pxi_columns;
pxi_columns pxi_columns_all(void); /* those of the table, in its order */

/* A model's file, and which inputs it is of: `input_of[i]` is the place in PX_INPUTS of its input i, each at
 * most once. Inputs that it is not of are never looked at. */
typedef struct pxi_model_bytes {
    const char *bytes;
    size_t length;
    size_t n_inputs;
    const int *input_of;
} pxi_model_bytes;

struct px_learner {
    const char *name, *summary;
    const char *ending;     /* of the model file: ".ubj" */
    const char *importance; /* what its importance is: "share of gain" */
    /* How far probabilities may lie from those of another machine: 0 for sums, 1e-12 where exp is taken,
     * whose last digit is the mathematical library's. */
    double tolerance;
    const px_parameter *parameters;
    size_t n_parameters;
    /* Called with n > 0 and checked values, as the px_predictor_ function of that name. NULL: its predictors
     * are made elsewhere. */
    px_status (*train)(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                       px_predictor **out, px_error *err);
    px_status (*predict)(const px_predictor *predictor, const float *x, size_t n, double *p, px_error *err);
    /* As px_predictor_predict_events, where more than the floats of an input decide; NULL where not. */
    px_status (*predict_doubles)(const px_predictor *predictor, const double *x, size_t n, double *p,
                                 px_error *err);
    /* As pxi_exchange_predict, where that is cheaper than predicting copies; NULL where it is not. */
    px_status (*exchange)(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                          px_error *err);
    px_status (*serialize)(const px_predictor *predictor, char **bytes, size_t *length, px_error *err);
    px_status (*deserialize)(const px_learner *learner, const pxi_model_bytes *file, px_predictor **out,
                             px_error *err);
    /* Rows that show what a predictor does, n of them: on conditions of trees; NULL: training events do. */
    void (*spread)(const px_predictor *predictor, double *x, size_t n);
    px_status (*measure)(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err);
    void (*free)(px_predictor *predictor); /* never NULL */
};

extern const px_learner pxi_rf, pxi_gbt, pxi_logistic, pxi_sklearn, pxi_sklearn_forest;
extern const px_learner pxi_xgboost, pxi_lightgbm, pxi_onnx;

/* Inputs as a learner takes them that looks at floats: training and serving both come through here. */
void pxi_inputs_to_floats(const double inputs[PX_N_INPUTS], float *x);

/* Any learner that a card may name; NULL if this version has none of that name. */
const px_learner *pxi_learner_stored(const char *name);
/* The endings of model files, by number; NULL past the last. Some learners share one. */
const char *pxi_learner_ending(size_t i);

/* {"trees": 100, ...}; NULL on out of memory. */
json_t *pxi_learner_parameters(const px_learner_config *config);

#endif
