// SPDX-License-Identifier: Apache-2.0
/* Reads trees in XGBoost's model schema, as any version from 1.0 to 3.x writes them. Nodes are numbered anew,
 * level by level, whatever order they have in the file; what no way leads to (XGBoost leaves pruned nodes in
 * its arrays) is dropped. */
#include "learners/tree.h"
#include "learners/ubjson.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TREES = 100000 };

void pxi_ensemble_free(pxi_ensemble *ensemble) {
    for (size_t t = 0; t < ensemble->n && ensemble->trees; t++)
        free(ensemble->trees[t].nodes);
    free(ensemble->trees);
    *ensemble = (pxi_ensemble){0};
}

/* ---- one tree ----------------------------------------------------------------------------------------- */

/* A node as the file has it. */
typedef struct raw_node {
    int64_t left, right, input, missing_left, split_type;
    double value, weight, gain;
} raw_node;

/* Fills one member of every node from an array of the file. */
static bool take_integers(const pxi_ubj *tree, const char *name, raw_node *nodes, size_t n, size_t offset) {
    const pxi_ubj array = pxi_ubj_member(tree, name);
    pxi_ubj_walk walk = pxi_ubj_begin(&array);
    pxi_ubj value;
    bool good = pxi_ubj_count(&array) == (int64_t)n;
    for (size_t i = 0; i < n && good; i++)
        good = pxi_ubj_next(&walk, &value) &&
               pxi_ubj_integer(&value, (int64_t *)(void *)((char *)&nodes[i] + offset));
    return good;
}

static bool take_numbers(const pxi_ubj *tree, const char *name, raw_node *nodes, size_t n, size_t offset) {
    const pxi_ubj array = pxi_ubj_member(tree, name);
    pxi_ubj_walk walk = pxi_ubj_begin(&array);
    pxi_ubj value;
    bool good = pxi_ubj_count(&array) == (int64_t)n;
    for (size_t i = 0; i < n && good; i++)
        good = pxi_ubj_next(&walk, &value) &&
               pxi_ubj_number(&value, (double *)(void *)((char *)&nodes[i] + offset));
    return good;
}

static px_status take_nodes(const pxi_ubj *tree, size_t t, raw_node *nodes, size_t n, px_error *err) {
    static const struct {
        const char *name;
        size_t offset;
        bool whole, optional;
    } members[] = {
        {"left_children", offsetof(raw_node, left), true, false},
        {"right_children", offsetof(raw_node, right), true, false},
        {"split_indices", offsetof(raw_node, input), true, false},
        {"default_left", offsetof(raw_node, missing_left), true, false},
        {"split_type", offsetof(raw_node, split_type), true, true}, /* from 1.3 on */
        {"split_conditions", offsetof(raw_node, value), false, false},
        {"sum_hessian", offsetof(raw_node, weight), false, false},
        {"loss_changes", offsetof(raw_node, gain), false, false},
    };
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (members[i].optional && !pxi_ubj_member(tree, members[i].name).type)
            continue;
        if (!(members[i].whole ? take_integers : take_numbers)(tree, members[i].name, nodes, n,
                                                               members[i].offset))
            return pxi_fail(err, PX_ECORRUPT,
                            "the model file is damaged: %s of tree %zu is no list of %zu %s", members[i].name,
                            t, n, members[i].whole ? "whole numbers" : "numbers");
    }
    return PX_OK;
}

/* Room for one tree. */
typedef struct work {
    size_t n, n_inputs;
    raw_node *nodes;
    size_t *old_of; /* node of the file by its new number */
    bool *met;
    pxi_tree_node *made;
} work;

static px_status check_node(const work *w, size_t t, size_t i, px_error *err) {
    const raw_node *node = &w->nodes[i];
    const bool is_leaf = node->left == -1;
    if (is_leaf && isfinite((float)node->value))
        return PX_OK;
    if (node->split_type != 0)
        return pxi_fail(err, PX_EMISMATCH, "node %zu of tree %zu splits on categories; inputs are numbers", i,
                        t);
    if (is_leaf || node->left < 1 || node->left >= (int64_t)w->n || node->right < 1 ||
        node->right >= (int64_t)w->n || node->input < 0 || node->input >= (int64_t)w->n_inputs ||
        isnan(node->value))
        return pxi_fail(err, PX_ECORRUPT, "the model file is damaged: node %zu of tree %zu makes no sense", i,
                        t);
    return PX_OK;
}

static void take_node(const raw_node *from, pxi_tree_node *to) {
    to->value = (float)from->value;
    to->weight = (float)from->weight;
    if (to->left < 0)
        return;
    to->input = (int)from->input;
    to->missing_left = from->missing_left != 0;
    to->gain = (float)from->gain;
}

static px_status order(work *w, size_t t, size_t *n_known, px_error *err) {
    px_status status = PX_OK;
    *n_known = 1;
    w->made[0].parent = -1;
    w->met[0] = true;
    for (size_t i = 0; i < *n_known && !status; i++) {
        const raw_node *node = &w->nodes[w->old_of[i]];
        if ((status = check_node(w, t, w->old_of[i], err)))
            break;
        w->made[i].left = node->left < 0 ? -1 : (int)*n_known;
        const size_t children[] = {(size_t)node->left, (size_t)node->right};
        for (int c = 0; c < 2 && node->left >= 0; c++) {
            if (w->met[children[c]])
                return pxi_fail(err, PX_ECORRUPT,
                                "the model file is damaged: node %zu of tree %zu has two parents",
                                children[c], t);
            w->met[children[c]] = true;
            w->made[*n_known].parent = (int)i;
            w->old_of[(*n_known)++] = children[c];
        }
        take_node(node, &w->made[i]);
    }
    return status;
}

static px_status read_tree(const pxi_ubj *tree, size_t t, size_t n_inputs, pxi_tree *out, px_error *err) {
    const pxi_ubj left = pxi_ubj_member(tree, "left_children");
    const int64_t count = pxi_ubj_count(&left);
    if (count < 1 || count > INT32_MAX)
        return pxi_fail(err, PX_ECORRUPT, "the model file is damaged: tree %zu has no nodes", t);
    const size_t n = (size_t)count;
    work w = {n,
              n_inputs,
              pxi_new_array(n, sizeof *w.nodes),
              pxi_new_array(n, sizeof *w.old_of),
              pxi_new_array(n, sizeof *w.met),
              pxi_new_array(n, sizeof *w.made)};
    px_status status = w.nodes && w.old_of && w.met && w.made ? PX_OK : pxi_fail_memory(err);
    if (!status)
        status = take_nodes(tree, t, w.nodes, n, err);
    if (!status)
        status = order(&w, t, &out->n, err);
    free(w.nodes);
    free(w.old_of);
    free(w.met);
    if (status)
        free(w.made);
    else
        out->nodes = w.made;
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static px_status read_trees(const pxi_ubj *file, size_t n_inputs, pxi_ensemble *out, px_error *err) {
    const pxi_ubj list = pxi_ubj_find(file, "learner/gradient_booster/model/trees");
    const int64_t n = pxi_ubj_count(&list);
    pxi_ubj_walk walk = pxi_ubj_begin(&list);
    pxi_ubj tree;
    px_status status = PX_OK;
    if (n < 1 || n > MOST_TREES)
        return pxi_fail(err, PX_ECORRUPT, "the model file is damaged: it has no trees, or more than %d",
                        MOST_TREES);
    if (!(out->trees = pxi_new_array((size_t)n, sizeof *out->trees)))
        return pxi_fail_memory(err);
    for (out->n = 0; out->n < (size_t)n && !status && pxi_ubj_next(&walk, &tree);) {
        status = read_tree(&tree, out->n, n_inputs, &out->trees[out->n], err);
        out->n += !status;
    }
    if (!status && out->n < (size_t)n)
        status = pxi_fail(err, PX_ECORRUPT, "the model file is damaged: it ends in tree %zu", out->n);
    return status;
}

/* A number written as text; from 3.1 on XGBoost brackets its start value, of which there is one an output. */
static bool number_at(const pxi_ubj *file, const char *path, double *out) {
    char text[64];
    const pxi_ubj value = pxi_ubj_find(file, path);
    if (!pxi_ubj_text(&value, text, sizeof text))
        return false;
    const size_t length = strlen(text);
    const bool bracketed = length > 2 && text[0] == '[' && text[length - 1] == ']';
    return pxi_parse_double(text + bracketed, length - 2 * (size_t)bracketed, out);
}

static bool count_at(const pxi_ubj *file, const char *path, double most) {
    const pxi_ubj value = pxi_ubj_find(file, path);
    double count;
    return !value.type || (number_at(file, path, &count) && count <= most);
}

/* What is asked of XGBoost's model beside its trees: one output, numbers for inputs. */
static px_status check_shape(const pxi_ubj *file, size_t n_expected, px_error *err) {
    char booster[16];
    double n_inputs;
    const pxi_ubj name = pxi_ubj_find(file, "learner/gradient_booster/name");
    if (!pxi_ubj_text(&name, booster, sizeof booster) || strcmp(booster, "gbtree") != 0)
        return pxi_fail(err, PX_ECORRUPT, "the model file is no XGBoost model of trees in UBJSON");
    if (!number_at(file, "learner/learner_model_param/num_feature", &n_inputs))
        return pxi_fail(err, PX_ECORRUPT, "the model file is damaged: it does not tell its number of inputs");
    if (n_inputs != (double)n_expected)
        return pxi_fail(err, PX_EMISMATCH, "the model has %.0f inputs, not the %zu that it should have",
                        n_inputs, n_expected);
    if (!count_at(file, "learner/learner_model_param/num_class", 0) ||
        !count_at(file, "learner/learner_model_param/num_target", 1))
        return pxi_fail(err, PX_EMISMATCH, "the model has several outputs; a probability is one");
    return PX_OK;
}

/* Versions before 1.3 add the start value to the sum of the trees, later ones the trees to the start value.
 */
static bool adds_base_last(const pxi_ubj *file) {
    const pxi_ubj version = pxi_ubj_member(file, "version");
    pxi_ubj_walk walk = pxi_ubj_begin(&version);
    pxi_ubj major, minor;
    int64_t first, second;
    return pxi_ubj_next(&walk, &major) && pxi_ubj_next(&walk, &minor) && pxi_ubj_integer(&major, &first) &&
           pxi_ubj_integer(&minor, &second) && first == 1 && second < 3;
}

/* The start value means the same in every version where it is 0 as a margin, and where it is written as a
 * probability in a file whose objective is known. */
static px_status read_vote(const pxi_ubj *file, pxi_ensemble *out, px_error *err) {
    char objective[32];
    double base;
    const pxi_ubj name = pxi_ubj_find(file, "learner/objective/name");
    const pxi_ubj start = pxi_ubj_find(file, "learner/attributes/start_margin");
    if (!pxi_ubj_text(&name, objective, sizeof objective))
        objective[0] = '\0';
    if (!number_at(file, "learner/learner_model_param/base_score", &base))
        return pxi_fail(err, PX_ECORRUPT,
                        "the model file is damaged: its start value (base_score) is no number");
    if (strcmp(objective, "reg:squarederror") == 0 && base == 0) {
        out->vote = PXI_VOTE_MEAN;
    } else if (strcmp(objective, "binary:logistic") == 0 && start.type) {
        out->vote = PXI_VOTE_LOGIT;
        if (base != 0.5 || !number_at(file, "learner/attributes/start_margin", &out->start))
            return pxi_fail(err, PX_ECORRUPT, "the model file is damaged: it has two start values, or none");
    } else if ((strcmp(objective, "binary:logistic") == 0 || strcmp(objective, "reg:logistic") == 0) &&
               (float)base > 0 && (float)base < 1) {
        out->vote = adds_base_last(file) ? PXI_VOTE_LOGIT_FLOAT_LAST : PXI_VOTE_LOGIT_FLOAT;
        out->base = (float)base;
    } else {
        return pxi_fail(err, PX_EMISMATCH,
                        "the model's objective is \"%s\" with start value %g: what its trees say is no "
                        "probability that this program knows",
                        objective, base);
    }
    return PX_OK;
}

px_status pxi_tree_file_read(const char *bytes, size_t length, size_t n_inputs, pxi_ensemble *out,
                             px_error *err) {
    const pxi_ubj file = pxi_ubj_read(bytes, length);
    pxi_ensemble read = {0};
    px_status status =
        file.type == '{'
            ? PX_OK
            : pxi_fail(err, PX_ECORRUPT, "the model file is no XGBoost model in UBJSON, or was cut");
    if (status || (status = check_shape(&file, n_inputs, err)) || (status = read_vote(&file, &read, err)) ||
        (status = read_trees(&file, n_inputs, &read, err)))
        pxi_ensemble_free(&read);
    else
        *out = read;
    return status;
}
