// SPDX-License-Identifier: Apache-2.0
/* Trees of scikit-learn: inputs become floats, which are compared with double thresholds by <=; leaves are
 * frequencies of a class in double, added up in the order of the trees and divided once. */
#include "learners/foreign/sklearn.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The columns of one tree, as the file has them. */
enum { LEFT, RIGHT, INPUT, THRESHOLD, SAMPLES, PROBABILITY, MISSING_LEFT, N_LISTS };
static const pxi_json_member members[N_LISTS] = {
    [LEFT] = {"left", JSON_ARRAY, false},
    [RIGHT] = {"right", JSON_ARRAY, false},
    [INPUT] = {"input", JSON_ARRAY, false},
    [THRESHOLD] = {"threshold", JSON_ARRAY, false},
    [SAMPLES] = {"samples", JSON_ARRAY, false},
    [PROBABILITY] = {"probability", JSON_ARRAY, false},
    [MISSING_LEFT] = {"missing_left", JSON_ARRAY, true},
};

typedef struct reader {
    const pxi_foreign_file *file;
    size_t n_columns, tree, n;
    const json_t *lists[N_LISTS]; /* of the present tree; MISSING_LEFT may be NULL */
    px_error *err;
} reader;

static px_status read_lists(reader *r, const json_t *tree) {
    char where[40];
    snprintf(where, sizeof where, "tree %zu: ", r->tree);
    px_status status = pxi_sklearn_members(r->file, where, tree, members, N_LISTS, r->err);
    if (status)
        return status;
    for (int i = 0; i < N_LISTS; i++)
        r->lists[i] = json_object_get(tree, members[i].name);
    r->n = json_array_size(r->lists[LEFT]);
    if (r->n == 0 || r->n > INT32_MAX)
        return pxi_foreign_fail(r->file, r->err, "%sit has %zu nodes", where, r->n);
    for (int i = 1; i < N_LISTS; i++)
        if (r->lists[i] && json_array_size(r->lists[i]) != r->n)
            return pxi_foreign_fail(r->file, r->err, "%s%s has %zu entries, left has %zu", where,
                                    members[i].name, json_array_size(r->lists[i]), r->n);
    return PX_OK;
}

/* A node as the file has it. */
typedef struct raw_node {
    int64_t left, right, input;
    double threshold, samples, probability;
    bool missing_left;
} raw_node;

static bool whole(const reader *r, int list, size_t i, int64_t *out) {
    const json_t *value = json_array_get(r->lists[list], i);
    *out = json_integer_value(value);
    return json_is_integer(value);
}

static bool number(const reader *r, int list, size_t i, double *out) {
    return pxi_sklearn_number(json_array_get(r->lists[list], i), out);
}

static px_status check_node(const reader *r, size_t i, const raw_node *node) {
    const bool leaf = node->left == -1 && node->right == -1 && node->input == -1;
    const int64_t n = (int64_t)r->n;
    if (!leaf && (node->left < 1 || node->left >= n || node->right < 1 || node->right >= n))
        return pxi_foreign_fail(r->file, r->err,
                                "tree %zu: node %zu has the children %lld and %lld: an inner node has two of "
                                "1 .. %lld, a leaf has -1 "
                                "for both and for its input",
                                r->tree, i, (long long)node->left, (long long)node->right, (long long)n - 1);
    if (!leaf && (node->input < 0 || node->input >= (int64_t)r->n_columns))
        return pxi_foreign_fail(r->file, r->err, "tree %zu: node %zu splits on input %lld of 0 .. %zu",
                                r->tree, i, (long long)node->input, r->n_columns - 1);
    if (!(node->probability >= 0 && node->probability <= 1))
        return pxi_foreign_fail(r->file, r->err, "tree %zu: the probability of node %zu is %g", r->tree, i,
                                node->probability);
    if (!(node->samples >= 0 && node->samples <= 1e30))
        return pxi_foreign_fail(r->file, r->err, "tree %zu: node %zu has %g samples", r->tree, i,
                                node->samples);
    return PX_OK;
}

static px_status read_node(const reader *r, size_t i, raw_node *out) {
    const json_t *missing = json_array_get(r->lists[MISSING_LEFT], i);
    if (!whole(r, LEFT, i, &out->left) || !whole(r, RIGHT, i, &out->right) ||
        !whole(r, INPUT, i, &out->input))
        return pxi_foreign_fail(
            r->file, r->err, "tree %zu: left, right and input of node %zu are not whole numbers", r->tree, i);
    if (!number(r, THRESHOLD, i, &out->threshold) || !number(r, SAMPLES, i, &out->samples) ||
        !number(r, PROBABILITY, i, &out->probability))
        return pxi_foreign_fail(r->file, r->err,
                                "tree %zu: threshold, samples and probability of node %zu are not numbers",
                                r->tree, i);
    if (r->lists[MISSING_LEFT] && !json_is_boolean(missing))
        return pxi_foreign_fail(r->file, r->err,
                                "tree %zu: missing_left of node %zu is neither true nor false", r->tree, i);
    out->missing_left = json_is_true(missing);
    return check_node(r, i, out);
}

/* Decrease of the Gini impurity, times the samples: what rf calls gain. */
static double gain(const raw_node *node, const raw_node *left, const raw_node *right) {
    const double gained = left->samples * left->probability * left->probability +
                          right->samples * right->probability * right->probability -
                          node->samples * node->probability * node->probability;
    return fmax(gained, 0);
}

static pxi_split make_node(const reader *r, const raw_node *nodes, const raw_node *from) {
    if (from->left < 0)
        return (pxi_split){.left = -1, .right = -1, .value = from->probability};
    const raw_node *left = &nodes[from->left], *right = &nodes[from->right];
    /* As scikit-learn does where training met none missing: with the larger child. */
    const bool missing_left = r->lists[MISSING_LEFT] ? from->missing_left : left->samples > right->samples;
    return (pxi_split){
        .left = (int)from->left,
        .right = (int)from->right,
        .column = (int)from->input,
        .missing = missing_left ? PXI_MISSING_LEFT : PXI_MISSING_RIGHT,
        .value = from->threshold,
        .gain = gain(from, left, right),
    };
}

static px_status read_tree(reader *r, const json_t *tree, pxi_split_tree *out) {
    px_status status = read_lists(r, tree);
    if (status)
        return status;
    raw_node *nodes = pxi_new_array(r->n, sizeof *nodes);
    out->nodes = pxi_new_array(r->n, sizeof *out->nodes);
    out->n = r->n;
    if (!nodes || !out->nodes)
        status = pxi_fail_memory(r->err);
    for (size_t i = 0; i < r->n && !status; i++)
        status = read_node(r, i, &nodes[i]);
    for (size_t i = 0; i < r->n && !status; i++)
        out->nodes[i] = make_node(r, nodes, &nodes[i]);
    free(nodes);
    return status ? status : pxi_split_tree_check(r->file, out, r->tree, r->n_columns, r->err);
}

px_status pxi_sklearn_trees(const pxi_foreign_file *file, const json_t *list, size_t n_columns,
                            pxi_member *member, px_error *err) {
    reader r = {.file = file, .n_columns = n_columns, .err = err};
    const size_t n = json_array_size(list);
    px_status status = PX_OK;
    if (n < 1 || n > PXI_FOREIGN_MOST_TREES)
        return pxi_foreign_fail(file, err, "it has %zu trees; a forest has 1 to %d", n,
                                PXI_FOREIGN_MOST_TREES);
    if (!pxi_member_trees(member, n))
        return pxi_fail_memory(err);
    member->float_inputs = true;
    member->divisor = (double)n;
    for (; r.tree < n && !status; r.tree++)
        status = read_tree(&r, json_array_get(list, r.tree), &member->trees[r.tree]);
    return status;
}
