// SPDX-License-Identifier: Apache-2.0
/* Learner logistic: logistic regression with an L2 penalty on standardised inputs. Its file is JSON that a
 * person can read and apply by hand. */
#include "learners/logistic.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { C, N_PARAMETERS };
static const px_parameter parameters[N_PARAMETERS] = {
    [C] = {"C", "c", "C", "", "weight of the log loss against the penalty", 1e-6, 1e6, 1, 1, false},
};

typedef struct logistic {
    px_predictor base;
    pxi_logistic_model model;
} logistic;

static const pxi_logistic_model *model_of(const px_predictor *predictor) {
    return &((const logistic *)predictor)->model;
}

static px_status make(const pxi_logistic_model *model, px_predictor **out, px_error *err) {
    logistic *made = pxi_new_array(1, sizeof *made);
    if (!made)
        return pxi_fail_memory(err);
    made->base.learner = &pxi_logistic;
    made->model = *model;
    *out = &made->base;
    return PX_OK;
}

static px_status train(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                       px_predictor **out, px_error *err) {
    pxi_logistic_model model;
    px_status status = pxi_logistic_fit(x, y, n, config->values[C], &model, err);
    return status ? status : make(&model, out, err);
}

static px_status predict(const px_predictor *predictor, const float *x, size_t n, double *p, px_error *err) {
    double z[PXI_N_WEIGHTS];
    (void)err;
    for (size_t i = 0; i < n; i++)
        p[i] = 1 / (1 + exp(-pxi_logistic_odds(model_of(predictor), &x[i * PX_N_INPUTS], z)));
    return PX_OK;
}

/* Inputs are standardised, so the sizes of their coefficients can be compared. */
static px_status measure(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    const double *weights = model_of(predictor)->weights;
    double total = 0;
    (void)err;
    for (int k = 0; k < PX_N_INPUTS; k++)
        total += fabs(weights[k]);
    for (int k = 0; k < PX_N_INPUTS; k++)
        share[k] = total > 0 ? fabs(weights[k]) / total : 0;
    return PX_OK;
}

static void free_logistic(px_predictor *predictor) {
    free(predictor);
}

/* ---- on disk ------------------------------------------------------------------------------------------ */

static const char format_name[] = "pixity logistic regression";
enum { FORMAT_VERSION = 1 };

static json_t *inputs_json(const pxi_logistic_model *model) {
    json_t *inputs = json_array();
    bool failed = !inputs;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        failed |= json_array_append_new(inputs, json_pack("{s:s, s:f, s:f, s:f}", "name", px_input_name(k),
                                                          "mean", model->mean[k], "scale", model->scale[k],
                                                          "coefficient", model->weights[k])) != 0;
    return pxi_json_built(inputs, failed);
}

static px_status serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err) {
    const pxi_logistic_model *model = model_of(predictor);
    json_t *document = json_pack(
        "{s:s, s:i, s:s, s:f, s:o}", "format", format_name, "format_version", FORMAT_VERSION, "formula",
        "p = 1 / (1 + exp(-(intercept + sum of coefficient * (x - mean) / scale))); a missing x is its mean",
        "intercept", model->weights[PXI_INTERCEPT], "inputs", inputs_json(model));
    px_status status = document ? pxi_json_dump(document, bytes, err) : pxi_fail_memory(err);
    if (!status)
        *length = strlen(*bytes);
    json_decref(document);
    return status;
}

static bool read_number(const json_t *object, const char *key, double *out) {
    const json_t *value = json_object_get(object, key);
    *out = json_number_value(value);
    return json_is_number(value) && isfinite(*out);
}

static bool read_model(const json_t *document, const pxi_model_bytes *file, pxi_logistic_model *model) {
    const json_t *inputs = json_object_get(document, "inputs");
    const char *format = json_string_value(json_object_get(document, "format"));
    bool good = format && strcmp(format, format_name) == 0 &&
                json_integer_value(json_object_get(document, "format_version")) == FORMAT_VERSION &&
                read_number(document, "intercept", &model->weights[PXI_INTERCEPT]) &&
                json_array_size(inputs) == file->n_inputs;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        model->scale[k] = 1;
    for (size_t i = 0; i < file->n_inputs && good; i++) {
        const json_t *input = json_array_get(inputs, i);
        const char *name = json_string_value(json_object_get(input, "name"));
        const size_t k = (size_t)file->input_of[i];
        good = name && strcmp(name, px_input_name(k)) == 0 && read_number(input, "mean", &model->mean[k]) &&
               read_number(input, "scale", &model->scale[k]) && model->scale[k] > 0 &&
               read_number(input, "coefficient", &model->weights[k]);
    }
    return good;
}

static px_status deserialize(const px_learner *learner, const pxi_model_bytes *file, px_predictor **out,
                             px_error *err) {
    pxi_logistic_model model = {0};
    json_t *document = NULL;
    (void)learner;
    px_status status = pxi_json_parse(file->bytes, file->length, "the model file", &document, err);
    if (status)
        return status;
    status = read_model(document, file, &model)
                 ? make(&model, out, err)
                 : pxi_fail(err, PX_ECORRUPT, "the model file is no logistic regression of this version");
    json_decref(document);
    return status;
}

const px_learner pxi_logistic = {
    .name = "logistic",
    .summary = "logistic regression with an L2 penalty on standardised inputs",
    .ending = ".model.json",
    .importance = "share of absolute standardised coefficients",
    .tolerance = 1e-12,
    .parameters = parameters,
    .n_parameters = N_PARAMETERS,
    .train = train,
    .predict = predict,
    .serialize = serialize,
    .deserialize = deserialize,
    .measure = measure,
    .free = free_logistic,
};
