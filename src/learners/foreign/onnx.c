// SPDX-License-Identifier: Apache-2.0
/* Learner onnx: tree ensembles and linear classifiers, with the scalers before them, from ONNX as skl2onnx
 * and onnxmltools write it. The graph is a chain: one input of floats, steps, a classifier, and operators
 * that only pass its probabilities on. Answers are those of ONNX Runtime with one thread: floats, compared
 * and added up as floats. */
#include "learners/foreign/onnx.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fields of the messages, by their numbers in onnx.proto. */
enum { MODEL_IR_VERSION = 1, MODEL_PRODUCER = 2, MODEL_PRODUCER_VERSION = 3, MODEL_GRAPH = 7 };
enum { GRAPH_NODE = 1, GRAPH_INPUT = 11 };
enum { NODE_INPUT = 1, NODE_OUTPUT = 2, NODE_OPERATOR = 4, NODE_ATTRIBUTE = 5 };
enum {
    VALUE_NAME = 1,
    VALUE_TYPE = 2,
    TYPE_TENSOR = 1,
    TENSOR_ELEMENT = 1,
    TENSOR_SHAPE = 2,
    SHAPE_DIMENSION = 1
};
enum { DIMENSION_VALUE = 1, ELEMENT_FLOAT = 1, ELEMENT_DOUBLE = 11 };

/* ---- texts -------------------------------------------------------------------------------------------- */

static bool same(pxi_proto a, pxi_proto b) {
    return a.end - a.at == b.end - b.at && a.at < a.end && memcmp(a.at, b.at, (size_t)(a.end - a.at)) == 0;
}

#define TEXT(text) (int)((text).end - (text).at < 60 ? (text).end - (text).at : 60), (const char *)(text).at

static pxi_proto text_of(pxi_proto message, uint32_t number) {
    return pxi_proto_find(message, number).bytes;
}

/* ---- the input ---------------------------------------------------------------------------------------- */

typedef struct reader {
    const pxi_foreign_file *file;
    pxi_proto graph;
    pxi_proto now;        /* name of the tensor that the chain has come to */
    pxi_proto answers[8]; /* names of tensors behind the classifier */
    size_t n_answers;
    bool classified;
    pxi_foreign *out;
    pxi_member *member;
    px_error *err;
} reader;

/* Columns of an input [n, columns], 0 where that is not told; false where it is no tensor of floats. */
static bool shape_of(pxi_proto value, size_t *columns) {
    const pxi_proto tensor = text_of(text_of(value, VALUE_TYPE), TYPE_TENSOR);
    pxi_proto shape = text_of(tensor, TENSOR_SHAPE);
    pxi_proto_field dimension;
    *columns = 0;
    for (size_t i = 0; pxi_proto_next(&shape, &dimension); i++)
        if (dimension.number == SHAPE_DIMENSION && i == 1)
            *columns = (size_t)pxi_proto_find(dimension.bytes, DIMENSION_VALUE).value;
    return pxi_proto_find(tensor, TENSOR_ELEMENT).value == ELEMENT_FLOAT;
}

/* One input of all columns, or one a column, which are joined first. */
static px_status read_inputs(reader *r) {
    pxi_proto rest = r->graph;
    pxi_proto_field field;
    size_t n = 0, columns = 0;
    json_t *names = json_array();
    bool failed = !names, floats = true;
    while (pxi_proto_next(&rest, &field) && n <= PX_N_INPUTS) {
        if (field.number != GRAPH_INPUT)
            continue;
        char name[64];
        const pxi_proto text = text_of(field.bytes, VALUE_NAME);
        floats = floats && shape_of(field.bytes, &columns);
        snprintf(name, sizeof name, "%.*s", TEXT(text));
        failed = failed || json_array_append_new(names, pxi_json_text(name)) != 0;
        r->now = text;
        n++;
    }
    px_status status = failed ? pxi_fail_memory(r->err) : PX_OK;
    if (!status && !floats)
        status = pxi_foreign_fail(r->file, r->err,
                                  "its input is no tensor of floats: convert it with FloatTensorType");
    if (!status && n == 0)
        status = pxi_foreign_fail(r->file, r->err, "its graph has no input");
    if (!status)
        status = n > 1 ? pxi_foreign_columns(r->file, names, n, &r->out->inputs, r->err)
                       : pxi_foreign_columns(r->file, NULL, columns ? columns : PX_N_INPUTS, &r->out->inputs,
                                             r->err);
    if (n > 1)
        r->now = (pxi_proto){0};
    json_decref(names);
    return status;
}

/* ---- the chain ---------------------------------------------------------------------------------------- */

/* Columns stand in the order in which the inputs are joined. */
static px_status read_join(reader *r, pxi_proto node) {
    pxi_proto rest = node, graph = r->graph;
    pxi_proto_field field, input;
    for (size_t i = 0; i < r->out->inputs.n; i++) {
        do {
            if (!pxi_proto_next(&rest, &field))
                return pxi_foreign_fail(r->file, r->err, "its inputs are not all joined before the model");
        } while (field.number != NODE_INPUT);
        do {
            if (!pxi_proto_next(&graph, &input))
                return pxi_foreign_fail(r->file, r->err,
                                        "its inputs are joined in another order than the graph has them");
        } while (input.number != GRAPH_INPUT);
        if (!same(field.bytes, text_of(input.bytes, VALUE_NAME)))
            return pxi_foreign_fail(r->file, r->err,
                                    "its inputs are joined in another order than the graph has them");
    }
    return PX_OK;
}

static bool is_answer(const reader *r, pxi_proto name) {
    for (size_t i = 0; i < r->n_answers; i++)
        if (same(r->answers[i], name))
            return true;
    return false;
}

/* Remembers what a node behind the classifier, or itself, gives out. */
static px_status add_outputs(reader *r, pxi_proto node) {
    pxi_proto_field field;
    while (pxi_proto_next(&node, &field)) {
        if (field.number != NODE_OUTPUT)
            continue;
        if (r->n_answers == sizeof r->answers / sizeof *r->answers)
            return pxi_foreign_fail(r->file, r->err, "its graph has too many outputs behind the classifier");
        r->answers[r->n_answers++] = field.bytes;
    }
    return PX_OK;
}

typedef px_status read_fn(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                          px_error *err);
static const struct {
    const char *operator_name;
    read_fn *read;
    bool classifies;
} operators[] = {
    {"Scaler", pxi_onnx_scaler, false},
    {"Imputer", pxi_onnx_imputer, false},
    {"Identity", NULL, false},
    {"TreeEnsembleClassifier", pxi_onnx_trees, true},
    {"LinearClassifier", pxi_onnx_linear, true},
};
static const char *const passing[] = {"Cast",   "ZipMap", "Identity", "Normalizer", "ArrayFeatureExtractor",
                                      "Reshape"};

static px_status refuse(const reader *r, pxi_proto name) {
    return pxi_foreign_fail(
        r->file, r->err,
        "this is an ONNX graph with the operator \"%.*s\"; taken are TreeEnsembleClassifier and "
        "LinearClassifier behind Scaler and Imputer",
        TEXT(name));
}

static px_status read_behind(reader *r, pxi_proto node, pxi_proto name) {
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (pxi_onnx_is(name, passing[i]))
            return add_outputs(r, node);
    return refuse(r, name);
}

static px_status read_before(reader *r, pxi_proto node, pxi_proto name) {
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (!pxi_onnx_is(name, operators[i].operator_name))
            continue;
        px_status status =
            operators[i].read ? operators[i].read(r->file, node, r->out->inputs.n, r->member, r->err) : PX_OK;
        r->classified = operators[i].classifies;
        r->now = text_of(node, NODE_OUTPUT);
        return status || !r->classified ? status : add_outputs(r, node);
    }
    return refuse(r, name);
}

static px_status read_node(reader *r, pxi_proto node) {
    const pxi_proto name = text_of(node, NODE_OPERATOR);
    pxi_proto_field input = {0};
    pxi_proto rest = node;
    while (pxi_proto_next(&rest, &input) && input.number != NODE_INPUT)
        ;
    if (input.number == NODE_INPUT && is_answer(r, input.bytes))
        return read_behind(r, node, name);
    const bool joins = pxi_onnx_is(name, "Concat") || pxi_onnx_is(name, "FeatureVectorizer");
    if (!r->classified && !r->now.at && joins) {
        r->now = text_of(node, NODE_OUTPUT);
        return read_join(r, node);
    }
    if (r->classified || input.number != NODE_INPUT || !same(input.bytes, r->now))
        return refuse(r, name);
    return read_before(r, node, name);
}

static px_status read_graph(reader *r) {
    pxi_proto rest = r->graph;
    pxi_proto_field field;
    px_status status = read_inputs(r);
    while (!status && pxi_proto_next(&rest, &field))
        if (field.number == GRAPH_NODE)
            status = read_node(r, field.bytes);
    if (!status && (rest.damaged || !r->classified))
        status = pxi_foreign_fail(r->file, r->err, "its graph was cut, or has no classifier");
    return status;
}

/* ---- the file ----------------------------------------------------------------------------------------- */

static pxi_proto whole_of(const pxi_foreign_file *file) {
    const uint8_t *bytes = (const uint8_t *)file->bytes;
    return (pxi_proto){bytes, bytes + file->length, false};
}

/* The version comes first and is small, and a graph follows. */
static bool recognise(const pxi_foreign_file *file) {
    pxi_proto rest = whole_of(file);
    pxi_proto_field first, field;
    if (file->document || !pxi_proto_next(&rest, &first) || first.number != MODEL_IR_VERSION ||
        first.wire != PXI_PROTO_VARINT || first.value < 1 || first.value > 1000)
        return false;
    field = pxi_proto_find(rest, MODEL_GRAPH);
    return field.number == MODEL_GRAPH && field.wire == PXI_PROTO_BYTES;
}

static json_t *make_facts(pxi_proto model, const pxi_member *member) {
    char made_by[160];
    const pxi_proto producer = text_of(model, MODEL_PRODUCER),
                    version = text_of(model, MODEL_PRODUCER_VERSION);
    snprintf(made_by, sizeof made_by, "ONNX of %.*s %.*s", TEXT(producer), TEXT(version));
    json_t *facts = json_pack("{s:s, s:o, s:{}, s:s}", "name", pxi_onnx.name, "made_by",
                              pxi_json_text(made_by), "parameters", "target", "1");
    bool failed = !facts;
    if (member->n_trees)
        pxi_json_put(facts, "trees", json_integer((json_int_t)member->n_trees), &failed);
    return pxi_json_built(facts, failed);
}

static px_status read_file(const pxi_foreign_file *file, pxi_foreign *out, px_error *err) {
    const pxi_proto whole = whole_of(file);
    pxi_committee model = {.members = pxi_new_array(1, sizeof *model.members), .n_members = 1};
    if (!model.members)
        return pxi_fail_memory(err);
    model.members->float_inputs = true;
    reader r = {
        .file = file, .graph = text_of(whole, MODEL_GRAPH), .out = out, .member = model.members, .err = err};
    px_status status = read_graph(&r);
    if (!status && !(out->facts = make_facts(whole, model.members)))
        status = pxi_fail_memory(err);
    if (status)
        pxi_committee_free(&model);
    return status ? status : pxi_committee_make(&pxi_onnx, file, &out->inputs, &model, &out->predictor, err);
}

const pxi_foreign_format pxi_onnx_format = {
    .taken = "ONNX with a tree ensemble or a linear classifier",
    .recognise = recognise,
    .read = read_file,
};

static px_status deserialize(const px_learner *learner, const pxi_model_bytes *bytes, px_predictor **out,
                             px_error *err) {
    (void)learner;
    return pxi_foreign_reopen(&pxi_onnx_format, bytes, out, err);
}

const px_learner pxi_onnx = {
    .name = "onnx",
    .summary = "a tree ensemble or a linear classifier in ONNX",
    .ending = ".onnx",
    .importance = "share of splits, or of absolute coefficients",
    .tolerance = 1.2e-7, /* the last bit of a float: expf is the mathematical library's */
    .predict = pxi_committee_predict,
    .predict_doubles = pxi_committee_predict_doubles,
    .serialize = pxi_committee_serialize,
    .deserialize = deserialize,
    .spread = pxi_committee_spread,
    .measure = pxi_committee_measure,
    .free = pxi_committee_free_predictor,
};
