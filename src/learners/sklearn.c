// SPDX-License-Identifier: Apache-2.0
/* Learner sklearn_forest: a forest that scikit-learn grew, as trees of XGBoost. Its probability is the mean
 * of the leaves' class frequencies. Where the two differ: scikit-learn compares float inputs with double
 * thresholds by <=, XGBoost with floats by <; and the right child stands anywhere, here beside the left one.
 */
#include "learners/sklearn.h"
#include "learners/foreign/foreign.h"

#include "base/error.h"
#include "base/mem.h"
#include "events/inputs.h"
#include "learners/trees.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char format_name[] = "pixity sklearn forest";
enum { FORMAT_VERSION = 1, MOST_TREES = 100000 };

/* ---- members ------------------------------------------------------------------------------------------ */

/* Where a message lies: "forest.json: tree 3". */
typedef struct place {
    const char *origin;
    long tree; /* -1 = outside of trees */
} place;

static px_status fail(px_error *err, const place *at, const char *format, ...) PX_PRINTF(3, 4);
static px_status fail(px_error *err, const place *at, const char *format, ...) {
    char what[400];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return at->tree < 0 ? pxi_fail(err, PX_EINPUT, "%.400s: %s", at->origin, what)
                        : pxi_fail(err, PX_EINPUT, "%.400s: tree %ld: %s", at->origin, at->tree, what);
}

typedef struct member {
    const char *name;
    json_type type;
    bool optional;
} member;

/* An object has the members of the table, each of its type, and no others. */
static px_status check_members(const json_t *object, const member *members, size_t n, const place *at,
                               px_error *err) {
    static const char *const types[] = {
        [JSON_OBJECT] = "an object",       [JSON_ARRAY] = "an array", [JSON_STRING] = "a text",
        [JSON_INTEGER] = "a whole number", [JSON_REAL] = "a number",
    };
    size_t found = 0;
    if (!json_is_object(object))
        return fail(err, at, "it is no JSON object");
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(object, members[i].name);
        if (!value && members[i].optional)
            continue;
        if (!value)
            return fail(err, at, "%s is missing", members[i].name);
        if (json_typeof(value) != members[i].type)
            return fail(err, at, "%s is not %s", members[i].name, types[members[i].type]);
        found++;
    }
    if (found == json_object_size(object))
        return PX_OK;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        size_t i = 0;
        while (i < n && strcmp(members[i].name, key) != 0)
            i++;
        if (i == n)
            return fail(err, at, "it has an unknown member \"%.60s\"", key);
    }
    return PX_OK;
}

static px_status check_head(const json_t *document, const place *at, px_error *err) {
    static const member members[] = {
        {"format", JSON_STRING, false},  {"format_version", JSON_INTEGER, false},
        {"made_by", JSON_STRING, false}, {"parameters", JSON_OBJECT, false},
        {"classes", JSON_ARRAY, false},  {"target", JSON_STRING, false},
        {"inputs", JSON_ARRAY, false},   {"trees", JSON_ARRAY, false},
    };
    const char *format = json_string_value(json_object_get(document, "format"));
    if (!format || strcmp(format, format_name) != 0)
        return fail(err, at, "its \"format\" is not \"%s\": make it with tools/sklearn_forest_to_json.py",
                    format_name);
    const json_t *version = json_object_get(document, "format_version");
    if (json_is_integer(version) && json_integer_value(version) != FORMAT_VERSION)
        return fail(err, at, "its format version is %lld, this program reads %d",
                    (long long)json_integer_value(version), FORMAT_VERSION);
    return check_members(document, members, sizeof members / sizeof *members, at, err);
}

/* The columns that a forest was fitted on, as inputs of events. */
typedef struct columns_of {
    size_t n;
    int input_of[PX_N_INPUTS];
} columns_of;

/* Names of the columns that the forest was fitted on, in its order: some of an event's, or all. */
static px_status read_inputs(const json_t *names, columns_of *out, const place *at, px_error *err) {
    bool seen[PX_N_INPUTS] = {false};
    out->n = json_array_size(names);
    if (out->n < 1 || out->n > PX_N_INPUTS)
        return fail(err, at, "it has %zu inputs, events have %d", out->n, PX_N_INPUTS);
    for (size_t column = 0; column < out->n; column++) {
        const char *name = json_string_value(json_array_get(names, column));
        char hint[128];
        const size_t k = name ? pxi_input_find(name, hint, sizeof hint) : PX_N_INPUTS;
        if (k == PX_N_INPUTS)
            return fail(err, at, "its input \"%.60s\" is none of an event's%s", name ? name : "(no text)",
                        name ? hint : "");
        if (seen[k])
            return fail(err, at, "its input %s stands there twice", name);
        seen[k] = true;
        out->input_of[column] = (int)k;
    }
    return PX_OK;
}

/* ---- a tree ------------------------------------------------------------------------------------------- */

/* The columns of one tree, as the file has them. */
typedef struct columns {
    size_t n, n_inputs;
    const json_t *left, *right, *input, *threshold, *samples, *probability;
    const json_t *missing_left; /* or NULL */
} columns;

static px_status read_columns(const json_t *tree, columns *out, const place *at, px_error *err) {
    static const member members[] = {
        {"left", JSON_ARRAY, false},        {"right", JSON_ARRAY, false},
        {"input", JSON_ARRAY, false},       {"threshold", JSON_ARRAY, false},
        {"samples", JSON_ARRAY, false},     {"probability", JSON_ARRAY, false},
        {"missing_left", JSON_ARRAY, true},
    };
    px_status status = check_members(tree, members, sizeof members / sizeof *members, at, err);
    if (status)
        return status;
    const json_t *arrays[7];
    for (size_t i = 0; i < 7; i++)
        arrays[i] = json_object_get(tree, members[i].name);
    *out = (columns){json_array_size(arrays[0]),
                     out->n_inputs,
                     arrays[0],
                     arrays[1],
                     arrays[2],
                     arrays[3],
                     arrays[4],
                     arrays[5],
                     arrays[6]};
    if (out->n == 0 || out->n > INT32_MAX)
        return fail(err, at, "it has %zu nodes", out->n);
    for (size_t i = 1; i < 7; i++)
        if (arrays[i] && json_array_size(arrays[i]) != out->n)
            return fail(err, at, "%s has %zu entries, left has %zu", members[i].name,
                        json_array_size(arrays[i]), out->n);
    return PX_OK;
}

/* A node as the file has it. */
typedef struct raw_node {
    int64_t left, right, input;
    double threshold, samples, probability;
    bool missing_left;
} raw_node;

static bool whole(const json_t *array, size_t i, int64_t *out) {
    const json_t *value = json_array_get(array, i);
    *out = json_integer_value(value);
    return json_is_integer(value);
}

static bool number(const json_t *array, size_t i, double *out) {
    const json_t *value = json_array_get(array, i);
    *out = json_number_value(value);
    return json_is_number(value) && isfinite(*out);
}

static px_status check_node(const columns *c, size_t i, const raw_node *node, const place *at,
                            px_error *err) {
    const bool leaf = node->left == -1 && node->right == -1 && node->input == -1;
    const int64_t n = (int64_t)c->n;
    if (!leaf && (node->left < 1 || node->left >= n || node->right < 1 || node->right >= n))
        return fail(
            err, at,
            "node %zu has the children %lld and %lld: an inner node has two of 1 .. %lld, a leaf has -1 for "
            "both and for its input",
            i, (long long)node->left, (long long)node->right, (long long)n - 1);
    if (!leaf && (node->input < 0 || node->input >= (int64_t)c->n_inputs))
        return fail(err, at, "node %zu splits on input %lld of 0 .. %zu", i, (long long)node->input,
                    c->n_inputs - 1);
    if (!(node->probability >= 0 && node->probability <= 1))
        return fail(err, at, "the probability of node %zu is %g", i, node->probability);
    if (!(node->samples >= 0 && node->samples <= 1e30))
        return fail(err, at, "node %zu has %g samples", i, node->samples);
    return PX_OK;
}

static px_status read_node(const columns *c, size_t i, raw_node *out, const place *at, px_error *err) {
    raw_node node = {0};
    if (!whole(c->left, i, &node.left) || !whole(c->right, i, &node.right) ||
        !whole(c->input, i, &node.input))
        return fail(err, at, "left, right and input of node %zu are not whole numbers", i);
    if (!number(c->threshold, i, &node.threshold) || !number(c->samples, i, &node.samples) ||
        !number(c->probability, i, &node.probability))
        return fail(err, at, "threshold, samples and probability of node %zu are not numbers", i);
    if (c->missing_left && !json_is_boolean(json_array_get(c->missing_left, i)))
        return fail(err, at, "missing_left of node %zu is neither true nor false", i);
    px_status status = check_node(c, i, &node, at, err);
    if (!status) {
        node.missing_left = json_is_true(json_array_get(c->missing_left, i));
        *out = node;
    }
    return status;
}

/* ---- its shape ---------------------------------------------------------------------------------------- */

/* One tree while it is put in another order. */
typedef struct work {
    columns columns;
    raw_node *nodes;
    size_t *old_of; /* node of the file by its new number */
    bool *met;
    pxi_tree tree;
} work;

static void work_free(work *w) {
    free(w->nodes);
    free(w->old_of);
    free(w->met);
    free(w->tree.nodes);
    *w = (work){0};
}

static px_status work_begin(const json_t *tree, work *w, const place *at, px_error *err) {
    px_status status = read_columns(tree, &w->columns, at, err);
    const size_t n = w->columns.n;
    if (status)
        return status;
    w->tree.n = n;
    w->nodes = pxi_new_array(n, sizeof *w->nodes);
    w->old_of = pxi_new_array(n, sizeof *w->old_of);
    w->met = pxi_new_array(n, sizeof *w->met);
    w->tree.nodes = pxi_new_array(n, sizeof *w->tree.nodes);
    if (!w->nodes || !w->old_of || !w->met || !w->tree.nodes)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n && !status; i++)
        status = read_node(&w->columns, i, &w->nodes[i], at, err);
    return status;
}

/* Numbers the nodes level by level, children beside each other, and finds whether they are a tree. */
static px_status order(work *w, const place *at, px_error *err) {
    size_t n_known = 1;
    w->tree.nodes[0].parent = -1;
    w->met[0] = true;
    for (size_t i = 0; i < n_known; i++) {
        const raw_node *node = &w->nodes[w->old_of[i]];
        w->tree.nodes[i].left = node->left < 0 ? -1 : (int)n_known;
        if (node->left < 0)
            continue;
        const size_t children[] = {(size_t)node->left, (size_t)node->right};
        for (int c = 0; c < 2; c++) {
            if (w->met[children[c]])
                return fail(err, at, "node %zu is the child of two", children[c]);
            w->met[children[c]] = true;
            w->tree.nodes[n_known].parent = (int)i;
            w->old_of[n_known++] = children[c];
        }
    }
    return n_known == w->tree.n ? PX_OK
                                : fail(err, at, "%zu of its %zu nodes cannot be reached from node 0",
                                       w->tree.n - n_known, w->tree.n);
}

/* ---- its numbers -------------------------------------------------------------------------------------- */

/* The float c with x < c where x <= threshold, for every float x: the one after the largest that does not
 * exceed it. */
static float split_condition(double threshold) {
    float largest = (float)threshold;
    if ((double)largest > threshold)
        largest = nextafterf(largest, -INFINITY);
    return nextafterf(largest, INFINITY);
}

/* Decrease of the Gini impurity, times the samples: what rf calls gain. */
static double gain(const raw_node *node, const raw_node *left, const raw_node *right) {
    const double gained = left->samples * left->probability * left->probability +
                          right->samples * right->probability * right->probability -
                          node->samples * node->probability * node->probability;
    return fmax(gained, 0);
}

static void fill(work *w, const int *input_of, size_t n_trees) {
    for (size_t i = 0; i < w->tree.n; i++) {
        const raw_node *from = &w->nodes[w->old_of[i]];
        pxi_tree_node *to = &w->tree.nodes[i];
        to->weight = (float)from->samples;
        if (from->left < 0) {
            to->value = (float)(from->probability / (double)n_trees);
            continue;
        }
        const raw_node *left = &w->nodes[from->left], *right = &w->nodes[from->right];
        to->input = input_of[from->input];
        to->value = split_condition(from->threshold);
        to->gain = (float)gain(from, left, right);
        /* As scikit-learn does where training met none missing: with the larger child. */
        to->missing_left = w->columns.missing_left ? from->missing_left : left->samples > right->samples;
    }
}

static px_status read_tree(const json_t *tree, const columns_of *inputs, size_t n_trees, pxi_tree *out,
                           const place *at, px_error *err) {
    work w = {.columns.n_inputs = inputs->n};
    px_status status = work_begin(tree, &w, at, err);
    if (!status)
        status = order(&w, at, err);
    if (!status) {
        fill(&w, inputs->input_of, n_trees);
        *out = w.tree;
        w.tree = (pxi_tree){0};
    }
    work_free(&w);
    return status;
}

/* ---- the forest --------------------------------------------------------------------------------------- */

static px_status read_trees(const json_t *list, const columns_of *inputs, const char *origin,
                            px_predictor **out, px_error *err) {
    place at = {origin, -1};
    const size_t n = json_array_size(list);
    pxi_ensemble forest = {.vote = PXI_VOTE_MEAN, .n = n};
    if (n < 1 || n > MOST_TREES)
        return fail(err, &at, "it has %zu trees; a forest has 1 to %d", n, MOST_TREES);
    forest.trees = pxi_new_array(n, sizeof *forest.trees);
    px_status status = forest.trees ? PX_OK : pxi_fail_memory(err);
    for (size_t t = 0; t < n && !status; t++) {
        at.tree = (long)t;
        status = read_tree(json_array_get(list, t), inputs, n, &forest.trees[t], &at, err);
    }
    if (!status)
        return pxi_trees_make(&pxi_sklearn, &forest, out, err);
    pxi_ensemble_free(&forest);
    return status;
}

static json_t *make_facts(const json_t *document) {
    json_t *parts[4];
    static const char *const names[] = {"made_by", "parameters", "classes", "target"};
    for (int i = 0; i < 4; i++)
        parts[i] = json_object_get(document, names[i]);
    return json_pack("{s:s, s:I, s:O, s:O, s:O, s:O}", "name", pxi_sklearn.name, "trees",
                     (json_int_t)json_array_size(json_object_get(document, "trees")), names[0], parts[0],
                     names[1], parts[1], names[2], parts[2], names[3], parts[3]);
}

px_status pxi_sklearn_read(const char *text, size_t length, const char *origin, px_predictor **out,
                           json_t **facts, px_error *err) {
    const place at = {origin, -1};
    columns_of inputs;
    json_t *document = NULL;
    px_predictor *forest = NULL;
    px_status status = pxi_json_parse(text, length, origin, &document, err);
    if (!status)
        status = check_head(document, &at, err);
    if (!status)
        status = read_inputs(json_object_get(document, "inputs"), &inputs, &at, err);
    if (!status)
        status = read_trees(json_object_get(document, "trees"), &inputs, origin, &forest, err);
    if (!status && !(*facts = make_facts(document)))
        status = pxi_fail_memory(err);
    json_decref(document);
    if (status)
        px_predictor_free(&forest);
    else
        *out = forest;
    return status;
}

px_status px_sklearn_forest_read(const char *text, size_t length, const char *origin, px_predictor **out,
                                 px_error *err) {
    json_t *facts = NULL;
    px_status status = pxi_sklearn_read(text, length, origin, out, &facts, err);
    json_decref(facts);
    return status;
}

const px_learner pxi_sklearn = {
    .name = "sklearn_forest",
    .summary = "a random forest that scikit-learn grew",
    .ending = PXI_TREES_ENDING,
    .importance = "share of gain",
    .predict = pxi_trees_predict,
    .exchange = pxi_trees_exchange,
    .serialize = pxi_trees_serialize,
    .deserialize = pxi_trees_deserialize,
    .spread = pxi_trees_spread,
    .measure = pxi_trees_gain,
    .free = pxi_trees_free,
};

static bool recognise(const pxi_foreign_file *file) {
    const char *format = json_string_value(json_object_get(file->document, "format"));
    return format && strcmp(format, format_name) == 0;
}

static px_status read_file(const pxi_foreign_file *file, pxi_foreign *out, px_error *err) {
    out->inputs = pxi_columns_all();
    return pxi_sklearn_read(file->bytes, file->length, file->origin, &out->predictor, &out->facts, err);
}

const pxi_foreign_format pxi_sklearn_format = {
    .taken = "forests of scikit-learn as tools/sklearn_forest_to_json.py writes them",
    .recognise = recognise,
    .read = read_file,
};
