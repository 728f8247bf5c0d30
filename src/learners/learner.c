// SPDX-License-Identifier: Apache-2.0
#include "learners/learner.h"

#include "base/error.h"
#include "base/parameter.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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

px_status px_learner_config_read(const char *text, px_learner_config *out, px_error *err) {
    const px_learner *learner = NULL;
    const char *colon = text ? strchr(text, ':') : NULL;
    char name[64];
    if (colon)
        snprintf(name, sizeof name, "%.*s", (int)(colon - text < 63 ? colon - text : 63), text);
    px_status status = px_learner_find(colon ? name : text, &learner, err);
    if (status)
        return status;
    px_learner_config config = px_learner_config_default(learner);
    const px_parameters parameters = px_learner_parameters(learner);
    if (colon)
        status = px_parameters_read(&parameters, colon + 1, config.values, err);
    if (!status)
        *out = config;
    return status;
}

json_t *pxi_learner_parameters(const px_learner_config *config) {
    const px_parameters parameters = px_learner_parameters(config->learner);
    return pxi_values_json(&parameters, config->values, false);
}

px_status px_learners_document(char **out, px_error *err) {
    bool failed = false;
    json_t *list = json_array();
    const px_learner *learner;
    for (size_t i = 0; (learner = px_learner_at(i)); i++) {
        const px_parameters parameters = px_learner_parameters(learner);
        bool incomplete = false;
        json_t *object = json_object();
        pxi_json_put(object, "name", json_string(learner->name), &incomplete);
        pxi_json_put(object, "summary", json_string(learner->summary), &incomplete);
        pxi_json_put(object, "parameters", pxi_parameters_json(&parameters), &incomplete);
        failed |= json_array_append_new(list, pxi_json_built(object, incomplete)) != 0;
    }
    list = pxi_json_built(list, failed);
    px_status status = list ? pxi_json_dump(list, out, err) : pxi_fail_memory(err);
    json_decref(list);
    return status;
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
        status = px_parameters_check(&parameters, config->values, err);
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

px_status px_predictor_serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err) {
    return predictor->learner->serialize(predictor, bytes, length, err);
}

px_status px_predictor_deserialize(const px_learner *learner, const char *bytes, size_t length,
                                   px_predictor **out, px_error *err) {
    return learner->deserialize(learner, bytes, length, out, err);
}

px_status px_predictor_importance(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    return predictor->learner->measure(predictor, share, err);
}
