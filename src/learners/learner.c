// SPDX-License-Identifier: Apache-2.0
#include "learners/learner.h"

#include "base/error.h"
#include "base/parameter.h"

#include <math.h>

/* ---- learners ----------------------------------------------------------------------------------------- */

const char *px_learner_name(const px_learner *learner) {
    return learner->name;
}

const char *px_learner_summary(const px_learner *learner) {
    return learner->summary;
}

/* ---- parameters --------------------------------------------------------------------------------------- */

px_parameters px_learner_parameters(const px_learner *learner) {
    return (px_parameters){"learner", learner->name, learner->parameters, learner->n_parameters};
}

px_learner_config px_learner_config_default(const px_learner *learner) {
    px_learner_config config = {.learner = learner};
    const px_parameters parameters = px_learner_parameters(learner);
    px_parameters_usual(&parameters, config.values);
    return config;
}

px_status px_learner_config_set(px_learner_config *config, const char *name, double value, px_error *err) {
    const px_parameters parameters = px_learner_parameters(config->learner);
    return px_parameters_set(&parameters, name, value, config->values, err);
}

json_t *pxi_learner_parameters(const px_learner_config *config) {
    const px_parameters parameters = px_learner_parameters(config->learner);
    return pxi_values_json(&parameters, config->values, false);
}

/* ---- inputs -------------------------------------------------------------------------------------------- */

pxi_columns pxi_columns_all(void) {
    pxi_columns all = {.n = PX_N_INPUTS};
    for (int k = 0; k < PX_N_INPUTS; k++)
        all.input_of[k] = k;
    return all;
}

/* ---- predictors --------------------------------------------------------------------------------------- */

static px_status check_rows(const float *x, size_t n, const px_learner *learner, px_error *err) {
    if (n == 0)
        return pxi_fail(err, PX_EINPUT, "cannot train learner %s on no rows", learner->name);
    if (n > SIZE_MAX / PX_N_INPUTS)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n * PX_N_INPUTS; i++)
        if (isinf(x[i]))
            return pxi_fail(err, PX_EINPUT, "%s of training row %zu is infinite: put NaN for what is missing",
                            px_input_name(i % PX_N_INPUTS), i / PX_N_INPUTS);
    return PX_OK;
}

px_status px_predictor_train(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                             px_predictor **out, px_error *err) {
    const px_learner *learner = config->learner;
    px_status status = check_rows(x, n, learner, err);
    const px_parameters parameters = px_learner_parameters(learner);
    if (!status)
        status = pxi_parameters_check(&parameters, config->values, err);
    return status ? status : learner->train(x, y, n, config, out, err);
}

void px_predictor_free(px_predictor **predictor) {
    if (*predictor)
        (*predictor)->learner->free(*predictor);
    *predictor = NULL;
}

const px_learner *px_predictor_learner(const px_predictor *predictor) {
    return predictor->learner;
}

px_status px_predictor_predict(const px_predictor *predictor, const float *x, size_t n, double *p,
                               px_error *err) {
    return n ? predictor->learner->predict(predictor, x, n, p, err) : PX_OK;
}

void pxi_inputs_to_floats(const double inputs[PX_N_INPUTS], float *x) {
    for (int k = 0; k < PX_N_INPUTS; k++) {
        float value = (float)inputs[k];
        x[k] = isfinite(value) ? value : NAN; /* beyond a float's range is as good as missing */
    }
}

/* Blocks of rows, so that no room grows with them. */
px_status px_predictor_predict_events(const px_predictor *predictor, const double *x, size_t n, double *p,
                                      px_error *err) {
    enum { BLOCK = 128 };
    float floats[BLOCK * PX_N_INPUTS];
    px_status status = PX_OK;
    if (predictor->learner->predict_doubles)
        return n ? predictor->learner->predict_doubles(predictor, x, n, p, err) : PX_OK;
    for (size_t begin = 0; begin < n && !status; begin += BLOCK) {
        const size_t some = n - begin < BLOCK ? n - begin : BLOCK;
        for (size_t i = 0; i < some; i++)
            pxi_inputs_to_floats(&x[(begin + i) * PX_N_INPUTS], &floats[i * PX_N_INPUTS]);
        status = predictor->learner->predict(predictor, floats, some, &p[begin], err);
    }
    return status;
}

px_status px_predictor_serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err) {
    return predictor->learner->serialize(predictor, bytes, length, err);
}

px_status px_predictor_deserialize(const px_learner *learner, const char *bytes, size_t length,
                                   px_predictor **out, px_error *err) {
    const pxi_columns all = pxi_columns_all();
    const pxi_model_bytes file = {bytes, length, all.n, all.input_of};
    return learner->deserialize(learner, &file, out, err);
}

px_status px_predictor_importance(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    return predictor->learner->measure(predictor, share, err);
}
