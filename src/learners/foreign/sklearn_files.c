// SPDX-License-Identifier: Apache-2.0
/* Learner sklearn: forests, logistic regressions, pipelines of scalers before them and calibrated classifiers
 * of scikit-learn, as tools/sklearn_to_json.py writes them. */
#include "learners/foreign/sklearn.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char forest_format[] = "pixity sklearn forest", model_format[] = "pixity sklearn model";
enum { FORMAT_VERSION = 1, DEEPEST = 6 };

#define CHECK(r, object, members)                                                                            \
    pxi_sklearn_members((r)->file, "", object, members, sizeof(members) / sizeof *(members), (r)->err)

/* ---- parts of a model --------------------------------------------------------------------------------- */

typedef struct reader {
    const pxi_foreign_file *file;
    size_t n_columns;
    pxi_committee *model;
    px_error *err;
} reader;

/* A list of n numbers. */
static px_status take_numbers(const reader *r, const json_t *object, const char *name, size_t n,
                              double *out) {
    const json_t *list = json_object_get(object, name);
    bool good = json_array_size(list) == n;
    for (size_t i = 0; i < n && good; i++)
        good = pxi_sklearn_number(json_array_get(list, i), &out[i]);
    return good ? PX_OK : pxi_foreign_fail(r->file, r->err, "%s is no list of %zu numbers", name, n);
}

static px_status read_step(const reader *r, const json_t *object, pxi_step *out) {
    static const struct {
        const char *name, *a, *b;
        pxi_step_kind kind;
    } kinds[] = {
        {"fill", "values", NULL, PXI_STEP_FILL},
        {"center", "subtract", "divide", PXI_STEP_CENTER},
        {"scale", "multiply", "add", PXI_STEP_SCALE},
    };
    const char *said = json_string_value(json_object_get(object, "kind"));
    for (size_t k = 0; said && k < sizeof kinds / sizeof *kinds; k++) {
        if (strcmp(said, kinds[k].name) != 0)
            continue;
        out->kind = kinds[k].kind;
        px_status status = take_numbers(r, object, kinds[k].a, r->n_columns, out->a);
        if (!status && kinds[k].b)
            status = take_numbers(r, object, kinds[k].b, r->n_columns, out->b);
        for (size_t c = 0; c < r->n_columns && !status && out->kind == PXI_STEP_CENTER; c++)
            if (out->b[c] == 0)
                status = pxi_foreign_fail(r->file, r->err, "divide of column %zu is 0", c);
        return status;
    }
    return pxi_foreign_fail(r->file, r->err, "its step \"%.40s\" is not known: fill, center and scale are",
                            said ? said : "");
}

static px_status read_linear(const reader *r, const json_t *object, pxi_member *member) {
    static const pxi_json_member members[] = {
        {"kind", JSON_STRING, false},
        {"coefficients", JSON_ARRAY, false},
        {"intercept", JSON_REAL, false},
        {"slope", JSON_REAL, true},
    };
    px_status status = CHECK(r, object, members);
    if (!status)
        status = take_numbers(r, object, "coefficients", r->n_columns, member->weights);
    member->start = json_number_value(json_object_get(object, "intercept"));
    const json_t *slope = json_object_get(object, "slope");
    member->slope = slope ? json_number_value(slope) : 1;
    if (strcmp(json_string_value(json_object_get(object, "kind")), "logistic") == 0)
        member->link = PXI_LINK_LOGISTIC;
    return status;
}

static px_status read_calibration(const reader *r, const json_t *object, pxi_member *member) {
    const char *kind = json_string_value(json_object_get(object, "kind"));
    if (kind && strcmp(kind, "sigmoid") == 0) {
        member->calibration = PXI_CALIBRATION_SIGMOID;
        return pxi_sklearn_number(json_object_get(object, "a"), &member->a) &&
                       pxi_sklearn_number(json_object_get(object, "b"), &member->b)
                   ? PX_OK
                   : pxi_foreign_fail(r->file, r->err, "a and b of its sigmoid are not numbers");
    }
    if (!kind || strcmp(kind, "isotonic") != 0)
        return pxi_foreign_fail(r->file, r->err,
                                "its calibration \"%.40s\" is not known: sigmoid and isotonic are",
                                kind ? kind : "");
    const size_t n = json_array_size(json_object_get(object, "x"));
    if (n < 1)
        return pxi_foreign_fail(r->file, r->err, "its isotonic calibration has no points");
    if (!pxi_member_points(member, n))
        return pxi_fail_memory(r->err);
    member->calibration = PXI_CALIBRATION_ISOTONIC;
    px_status status = take_numbers(r, object, "x", n, member->x);
    if (!status)
        status = take_numbers(r, object, "y", n, member->y);
    for (size_t i = 1; i < n && !status; i++)
        if (!(member->x[i - 1] < member->x[i]))
            status = pxi_foreign_fail(r->file, r->err,
                                      "x of its isotonic calibration does not rise at point %zu", i);
    return status;
}

/* ---- models of models --------------------------------------------------------------------------------- */

/* What goes before the members below: steps of pipelines, and a calibration behind them. */
typedef struct path {
    int depth;
    size_t n_steps;
    pxi_step steps[PXI_MOST_STEPS];
    const json_t *calibration;
} path;

static px_status read_node(reader *r, const json_t *object, const path *above);

static px_status read_pipeline(reader *r, const json_t *object, const path *above) {
    const json_t *steps = json_object_get(object, "steps");
    path below = *above;
    px_status status = PX_OK;
    for (size_t i = 0; i < json_array_size(steps) && !status; i++) {
        if (below.n_steps == PXI_MOST_STEPS)
            return pxi_foreign_fail(r->file, r->err, "it has more than %d steps before its model",
                                    PXI_MOST_STEPS);
        status = read_step(r, json_array_get(steps, i), &below.steps[below.n_steps++]);
    }
    return status ? status : read_node(r, json_object_get(object, "model"), &below);
}

static px_status read_calibrated(reader *r, const json_t *object, const path *above) {
    const json_t *list = json_object_get(object, "members");
    px_status status = PX_OK;
    const size_t n = json_array_size(list);
    if (above->calibration || r->model->members)
        return pxi_foreign_fail(r->file, r->err, "a calibrated classifier of calibrated ones is not taken");
    if (n < 1 || n > PXI_MOST_MEMBERS)
        return pxi_foreign_fail(r->file, r->err, "it has %zu calibrated members; 1 to %d are taken", n,
                                PXI_MOST_MEMBERS);
    if (!(r->model->members = pxi_new_array(n, sizeof *r->model->members)))
        return pxi_fail_memory(r->err);
    for (size_t i = 0; i < n && !status; i++) {
        path below = *above;
        below.calibration = json_object_get(json_array_get(list, i), "calibration");
        if (!json_is_object(below.calibration))
            return pxi_foreign_fail(r->file, r->err, "calibrated member %zu has no calibration", i);
        status = read_node(r, json_object_get(json_array_get(list, i), "model"), &below);
    }
    return status;
}

/* A model that says something by itself: the only member, or one that is calibrated. */
static px_status read_member(reader *r, const json_t *object, const char *kind, const path *above) {
    if (!above->calibration && !(r->model->members = pxi_new_array(1, sizeof *r->model->members)))
        return pxi_fail_memory(r->err);
    pxi_member *member = &r->model->members[r->model->n_members++];
    member->n_steps = above->n_steps;
    memcpy(member->steps, above->steps, above->n_steps * sizeof *above->steps);
    px_status status =
        strcmp(kind, "forest") == 0
            ? pxi_sklearn_trees(r->file, json_object_get(object, "trees"), r->n_columns, member, r->err)
            : read_linear(r, object, member);
    if (!status && above->calibration)
        status = read_calibration(r, above->calibration, member);
    return status;
}

static px_status read_node(reader *r, const json_t *object, const path *above) {
    const char *kind = json_string_value(json_object_get(object, "kind"));
    path here = *above;
    if (!kind)
        return pxi_foreign_fail(r->file, r->err, "its model has no kind");
    if (++here.depth > DEEPEST)
        return pxi_foreign_fail(r->file, r->err, "its models are nested more than %d deep", DEEPEST);
    if (strcmp(kind, "pipeline") == 0)
        return read_pipeline(r, object, &here);
    if (strcmp(kind, "calibrated") == 0)
        return read_calibrated(r, object, &here);
    if (strcmp(kind, "margin") == 0 && !above->calibration)
        return pxi_foreign_fail(r->file, r->err, "a margin without a calibration is no probability");
    if (strcmp(kind, "forest") == 0 || strcmp(kind, "logistic") == 0 || strcmp(kind, "margin") == 0)
        return read_member(r, object, kind, &here);
    return pxi_foreign_fail(
        r->file, r->err,
        "its model is of kind \"%.40s\": forest, logistic, pipeline and calibrated are known", kind);
}

/* ---- the document ------------------------------------------------------------------------------------- */

static bool is_forest(const json_t *document) {
    const char *format = json_string_value(json_object_get(document, "format"));
    return format && strcmp(format, forest_format) == 0;
}

static bool recognise(const pxi_foreign_file *file) {
    const char *format = json_string_value(json_object_get(file->document, "format"));
    return is_forest(file->document) || (format && strcmp(format, model_format) == 0);
}

static px_status check_head(const pxi_foreign_file *file, px_error *err) {
    const bool forest = is_forest(file->document);
    const pxi_json_member members[] = {
        {"format", JSON_STRING, false},
        {"format_version", JSON_INTEGER, false},
        {"made_by", JSON_STRING, false},
        {"parameters", JSON_OBJECT, false},
        {"classes", JSON_ARRAY, false},
        {"target", JSON_STRING, false},
        {"inputs", JSON_ARRAY, false},
        {forest ? "trees" : "model", forest ? JSON_ARRAY : JSON_OBJECT, false},
    };
    if (!recognise(file))
        return pxi_foreign_fail(
            file, err, "its \"format\" is not \"%s\" or \"%s\": make it with tools/sklearn_to_json.py",
            forest_format, model_format);
    const json_t *version = json_object_get(file->document, "format_version");
    if (json_is_integer(version) && json_integer_value(version) != FORMAT_VERSION)
        return pxi_foreign_fail(file, err, "its format version is %lld, this program reads %d",
                                (long long)json_integer_value(version), FORMAT_VERSION);
    return pxi_sklearn_members(file, "", file->document, members, sizeof members / sizeof *members, err);
}

static px_status read_committee(const pxi_foreign_file *file, size_t n_columns, pxi_committee *out,
                                px_error *err) {
    reader r = {file, n_columns, out, err};
    const path top = {0};
    if (!is_forest(file->document))
        return read_node(&r, json_object_get(file->document, "model"), &top);
    return read_member(&r, file->document, "forest", &top);
}

static json_t *make_facts(const json_t *document, const pxi_committee *model) {
    size_t n_trees = 0;
    for (size_t m = 0; m < model->n_members; m++)
        n_trees += model->members[m].n_trees;
    json_t *facts = json_pack("{s:s}", "name", pxi_sklearn.name);
    bool failed = !facts;
    if (n_trees)
        pxi_json_put(facts, "trees", json_integer((json_int_t)n_trees), &failed);
    static const char *const names[] = {"made_by", "parameters", "classes", "target"};
    for (int i = 0; i < 4; i++)
        pxi_json_put(facts, names[i], json_incref(json_object_get(document, names[i])), &failed);
    return pxi_json_built(facts, failed);
}

static px_status read_file(const pxi_foreign_file *file, pxi_foreign *out, px_error *err) {
    pxi_committee model = {0};
    px_status status = check_head(file, err);
    const json_t *names = json_object_get(file->document, "inputs");
    if (!status)
        status = pxi_foreign_columns(file, names, json_array_size(names), &out->inputs, err);
    if (!status)
        status = read_committee(file, out->inputs.n, &model, err);
    if (!status && !(out->facts = make_facts(file->document, &model)))
        status = pxi_fail_memory(err);
    if (status)
        pxi_committee_free(&model);
    return status ? status
                  : pxi_committee_make(&pxi_sklearn, file, &out->inputs, &model, &out->predictor, err);
}

const pxi_foreign_format pxi_sklearn_format = {
    .taken = "scikit-learn's forests, logistic regressions, pipelines and calibrated classifiers as "
             "tools/sklearn_to_json.py writes them",
    .recognise = recognise,
    .read = read_file,
};

px_status pxi_sklearn_read(const char *text, size_t length, const char *origin, pxi_foreign *out,
                           px_error *err) {
    json_t *document = NULL;
    px_status status = pxi_json_parse(text, length, origin, &document, err);
    const pxi_foreign_file file = {text, length, origin, NULL, NULL, document};
    pxi_foreign made = {0};
    if (!status)
        status = read_file(&file, &made, err);
    json_decref(document);
    if (status)
        pxi_foreign_free(&made);
    else
        *out = made;
    return status;
}

px_status px_sklearn_forest_read(const char *text, size_t length, const char *origin, px_predictor **out,
                                 px_error *err) {
    pxi_foreign made = {0};
    px_status status = pxi_sklearn_read(text, length, origin, &made, err);
    if (!status) {
        *out = made.predictor;
        made.predictor = NULL;
    }
    pxi_foreign_free(&made);
    return status;
}

static px_status deserialize(const px_learner *learner, const pxi_model_bytes *bytes, px_predictor **out,
                             px_error *err) {
    (void)learner;
    return pxi_foreign_reopen(&pxi_sklearn_format, bytes, out, err);
}

const px_learner pxi_sklearn = {
    .name = "sklearn",
    .summary = "a forest, a logistic regression or a calibrated classifier of scikit-learn",
    .ending = ".model.json",
    .importance = "share of gain, or of absolute coefficients",
    .tolerance = 1e-12,
    .predict = pxi_committee_predict,
    .predict_doubles = pxi_committee_predict_doubles,
    .serialize = pxi_committee_serialize,
    .deserialize = deserialize,
    .spread = pxi_committee_spread,
    .measure = pxi_committee_measure,
    .free = pxi_committee_free_predictor,
};
