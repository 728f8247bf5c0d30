// SPDX-License-Identifier: Apache-2.0
/* Learner xgboost: trees that XGBoost 1.x to 3.x grew, from its JSON or UBJSON, which hold the same members.
 * They answer as the library does, to the last bit: inputs are compared as floats, and added up as floats
 * from the start value on. */
#include "learners/foreign/foreign.h"

#include "base/error.h"
#include "base/text.h"
#include "learners/trees.h"
#include "learners/ubjson.h"
#include "pixity/number.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- JSON as UBJSON ----------------------------------------------------------------------------------- */

static void put_length(pxi_text *out, size_t length) {
    const uint64_t big = htobe64(length);
    pxi_text_puts(out, "L");
    pxi_text_add(out, (const char *)&big, sizeof big);
}

static void put_number(pxi_text *out, const json_t *value) {
    double number = json_real_value(value);
    uint64_t bits;
    if (json_is_integer(value)) {
        put_length(out, (size_t)json_integer_value(value));
        return;
    }
    memcpy(&bits, &number, sizeof bits);
    bits = htobe64(bits);
    pxi_text_puts(out, "D");
    pxi_text_add(out, (const char *)&bits, sizeof bits);
}

static void put_value(pxi_text *out, const json_t *value, int depth);

static void put_members(pxi_text *out, const json_t *object, int depth) {
    const char *key;
    json_t *member;
    pxi_text_puts(out, "{");
    json_object_foreach((json_t *)(uintptr_t)object, key, member) {
        put_length(out, strlen(key));
        pxi_text_puts(out, key);
        put_value(out, member, depth);
    }
    pxi_text_puts(out, "}");
}

/* Below the deepest that a model has, everything is null; the reader then misses what it looks for. */
static void put_value(pxi_text *out, const json_t *value, int depth) {
    enum { DEEPEST = 24 };
    if (depth < DEEPEST && json_is_object(value)) {
        put_members(out, value, depth + 1);
    } else if (depth < DEEPEST && json_is_array(value)) {
        pxi_text_puts(out, "[");
        for (size_t i = 0; i < json_array_size(value); i++)
            put_value(out, json_array_get(value, i), depth + 1);
        pxi_text_puts(out, "]");
    } else if (json_is_string(value)) {
        pxi_text_puts(out, "S");
        put_length(out, json_string_length(value));
        pxi_text_add(out, json_string_value(value), json_string_length(value));
    } else if (json_is_number(value)) {
        put_number(out, value);
    } else {
        pxi_text_puts(out, json_is_true(value) ? "T" : json_is_false(value) ? "F" : "Z");
    }
}

/* ---- what the file is --------------------------------------------------------------------------------- */

static bool recognise(const pxi_foreign_file *file) {
    if (file->document)
        return json_is_object(json_object_get(file->document, "learner"));
    const pxi_ubj whole = pxi_ubj_read(file->bytes, file->length);
    return pxi_ubj_member(&whole, "learner").type == '{';
}

static void text_at(const pxi_ubj *file, const char *path, char *buf, size_t size) {
    const pxi_ubj value = pxi_ubj_find(file, path);
    if (!pxi_ubj_text(&value, buf, size))
        buf[0] = '\0';
}

/* A whole number, written as text; `usual` where there is none. */
static long long count_at(const pxi_ubj *file, const char *path, long long usual) {
    char text[32];
    long long count;
    text_at(file, path, text, sizeof text);
    return pxi_parse_i64(text, strlen(text), &count) ? count : usual;
}

static json_t *names_at(const pxi_ubj *file) {
    const pxi_ubj list = pxi_ubj_find(file, "learner/feature_names");
    pxi_ubj_walk walk = pxi_ubj_begin(&list);
    pxi_ubj value;
    json_t *names = json_array();
    bool failed = !names;
    for (size_t n = 0; n <= PX_N_INPUTS && !failed && pxi_ubj_next(&walk, &value); n++) {
        char name[64];
        failed = json_array_append_new(
                     names, pxi_json_text(pxi_ubj_text(&value, name, sizeof name) ? name : "?")) != 0;
    }
    return pxi_json_built(names, failed);
}

/* What is asked of the model, with a name for what it is instead. */
static px_status check_kind(const pxi_foreign_file *file, const pxi_ubj *model, px_error *err) {
    static const char taken[] =
        "; taken are trees (gbtree) of the objectives binary:logistic and reg:logistic";
    char booster[32], objective[64];
    text_at(model, "learner/gradient_booster/name", booster, sizeof booster);
    text_at(model, "learner/objective/name", objective, sizeof objective);
    const long long classes = count_at(model, "learner/learner_model_param/num_class", 0);
    const long long targets = count_at(model, "learner/learner_model_param/num_target", 1);
    if (strcmp(booster, "gbtree") != 0)
        return pxi_foreign_fail(file, err, "this is an XGBoost model of booster \"%s\"%s", booster, taken);
    if (classes > 1 || targets > 1)
        return pxi_foreign_fail(file, err, "this is an XGBoost model of %lld %s, a probability is one%s",
                                classes > 1 ? classes : targets, classes > 1 ? "classes" : "targets", taken);
    if (strcmp(objective, "binary:logistic") != 0 && strcmp(objective, "reg:logistic") != 0)
        return pxi_foreign_fail(file, err,
                                "this is an XGBoost model of objective \"%s\", whose answer is no "
                                "probability%s",
                                objective, taken);
    if (pxi_ubj_find(model, "learner/attributes/start_margin").type)
        return pxi_foreign_fail(file, err,
                                "this is a model file of pixity: name it with --model, its card beside it");
    return PX_OK;
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* Classifiers of the library's scikit-learn interface answer from the best round, where training stopped
 * early; a plain booster from all. */
static void keep_best(const pxi_ubj *model, pxi_ensemble *ensemble) {
    const long long best = count_at(model, "learner/attributes/best_iteration", -1);
    const long long a_round =
        count_at(model, "learner/gradient_booster/model/gbtree_model_param/num_parallel_tree", 1);
    if (best < 0 || best > INT32_MAX || a_round > INT32_MAX ||
        !pxi_ubj_find(model, "learner/attributes/scikit_learn").type)
        return;
    const size_t kept = (size_t)(best + 1) * (size_t)(a_round > 1 ? a_round : 1);
    while (ensemble->n > kept)
        free(ensemble->trees[--ensemble->n].nodes);
}

static json_t *make_facts(const pxi_ubj *model, size_t n_trees) {
    char made_by[64] = "XGBoost", objective[64], base[64];
    const pxi_ubj version = pxi_ubj_member(model, "version");
    pxi_ubj_walk walk = pxi_ubj_begin(&version);
    pxi_ubj part;
    int64_t number;
    for (size_t i = 0; i < 3 && pxi_ubj_next(&walk, &part) && pxi_ubj_integer(&part, &number); i++) {
        char text[24];
        snprintf(text, sizeof text, "%s%lld", i ? "." : " ", (long long)number);
        strncat(made_by, text, sizeof made_by - strlen(made_by) - 1);
    }
    text_at(model, "learner/objective/name", objective, sizeof objective);
    text_at(model, "learner/learner_model_param/base_score", base, sizeof base);
    return json_pack("{s:s, s:I, s:s, s:{s:s, s:s}, s:s}", "name", pxi_xgboost.name, "trees",
                     (json_int_t)n_trees, "made_by", made_by, "parameters", "objective", objective,
                     "base_score", base, "target", "1");
}

/* From here on the trees' inputs are those of the table, and so are the file's that is kept. */
static px_status read_model(const pxi_foreign_file *file, const pxi_ubj *model, const pxi_text *bytes,
                            pxi_foreign *out, px_error *err) {
    pxi_ensemble ensemble = {0};
    px_error reason;
    px_status status = check_kind(file, model, err);
    if (status)
        return status;
    const long long n = count_at(model, "learner/learner_model_param/num_feature", 0);
    json_t *names = names_at(model);
    status = names ? pxi_foreign_columns(file, names, n < 0 ? 0 : (size_t)n, &out->inputs, err)
                   : pxi_fail_memory(err);
    json_decref(names);
    if (status)
        return status;
    status = pxi_tree_file_read(bytes->data, bytes->length, (size_t)n, &ensemble, &reason);
    if (status)
        return status == PX_ENOMEM ? pxi_fail_memory(err) : pxi_foreign_fail(file, err, "%s", reason.message);
    keep_best(model, &ensemble);
    if (!(out->facts = make_facts(model, ensemble.n))) {
        pxi_ensemble_free(&ensemble);
        return pxi_fail_memory(err);
    }
    status = pxi_trees_place(&pxi_xgboost, &ensemble, out->inputs.input_of, &out->predictor, err);
    out->inputs = pxi_columns_all();
    return status;
}

static px_status read_file(const pxi_foreign_file *file, pxi_foreign *out, px_error *err) {
    pxi_text made = {0}, bytes = {.data = (char *)(uintptr_t)file->bytes, .length = file->length};
    if (file->document) {
        put_value(&made, file->document, 0);
        if (made.failed) {
            pxi_text_free(&made);
            return pxi_fail_memory(err);
        }
        bytes = made;
    }
    const pxi_ubj model = pxi_ubj_read(bytes.data, bytes.length);
    px_status status = model.type == '{' ? read_model(file, &model, &bytes, out, err)
                                         : pxi_foreign_fail(file, err, "it was cut, or is no UBJSON");
    pxi_text_free(&made);
    return status;
}

const pxi_foreign_format pxi_xgboost_format = {
    .taken = "XGBoost's JSON or UBJSON (1.x to 3.x)",
    .recognise = recognise,
    .read = read_file,
};

const px_learner pxi_xgboost = {
    .name = "xgboost",
    .summary = "boosted trees that XGBoost grew",
    .ending = PXI_TREES_ENDING,
    .importance = "share of gain",
    .tolerance = 1.2e-7, /* the last bit of a float: expf is the mathematical library's */
    .predict = pxi_trees_predict,
    .exchange = pxi_trees_exchange,
    .serialize = pxi_trees_serialize,
    .deserialize = pxi_trees_deserialize,
    .spread = pxi_trees_spread,
    .measure = pxi_trees_gain,
    .free = pxi_trees_free,
};
