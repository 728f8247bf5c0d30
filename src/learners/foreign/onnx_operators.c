// SPDX-License-Identifier: Apache-2.0
/* Scaler, Imputer, LinearClassifier and TreeEnsembleClassifier of ai.onnx.ml, as ONNX Runtime computes them.
 */
#include "learners/foreign/onnx.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fields of a node and of its attributes. */
enum { NODE_ATTRIBUTE = 5 };
enum { NAME = 1, ONE_FLOAT = 2, ONE_TEXT = 4, FLOATS = 7, INTS = 8, TEXTS = 9 };

/* ---- attributes --------------------------------------------------------------------------------------- */

bool pxi_onnx_is(pxi_proto text, const char *what) {
    const size_t length = strlen(what);
    return (size_t)(text.end - text.at) == length && memcmp(text.at, what, length) == 0;
}

static pxi_proto attribute_of(pxi_proto node, const char *name) {
    pxi_proto_field field;
    while (pxi_proto_next(&node, &field))
        if (field.number == NODE_ATTRIBUTE && pxi_onnx_is(pxi_proto_find(field.bytes, NAME).bytes, name))
            return field.bytes;
    return (pxi_proto){0};
}

typedef struct numbers {
    size_t n;
    double *items;
} numbers;

static double number_of(uint64_t bits, uint32_t field) {
    const uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return field == FLOATS ? (double)value : (double)(int64_t)bits;
}

/* A list of floats or of whole numbers, empty where there is none. */
static bool read_numbers(pxi_proto node, const char *name, uint32_t field, numbers *out) {
    const pxi_proto_wire wire = field == FLOATS ? PXI_PROTO_FIXED32 : PXI_PROTO_VARINT;
    pxi_proto rest = attribute_of(node, name), packed = {0};
    uint64_t bits;
    size_t n = 0;
    while (pxi_proto_number(&rest, &packed, field, wire, &bits))
        n += n < PXI_FOREIGN_MOST_NODES;
    *out = (numbers){n, pxi_new_array(n, sizeof *out->items)};
    rest = attribute_of(node, name);
    packed = (pxi_proto){0};
    for (size_t i = 0; i < n && out->items && pxi_proto_number(&rest, &packed, field, wire, &bits); i++)
        out->items[i] = number_of(bits, field);
    return out->items;
}

static size_t count_texts(pxi_proto attribute) {
    pxi_proto_field field;
    size_t n = 0;
    while (pxi_proto_next(&attribute, &field))
        n += field.number == TEXTS;
    return n;
}

static bool next_text(pxi_proto *attribute, pxi_proto *out) {
    pxi_proto_field field;
    while (pxi_proto_next(attribute, &field))
        if (field.number == TEXTS) {
            *out = field.bytes;
            return true;
        }
    return false;
}

/* Two classes, the second one 1. */
static px_status check_classes(const pxi_foreign_file *file, pxi_proto node, const char *ints,
                               const char *texts, px_error *err) {
    numbers labels;
    pxi_proto list = attribute_of(node, texts), text = {0};
    if (!read_numbers(node, ints, INTS, &labels))
        return pxi_fail_memory(err);
    size_t n = labels.n;
    bool hit = n == 2 && labels.items[1] == 1;
    free(labels.items);
    if (n == 0) {
        n = count_texts(list);
        for (size_t i = 0; i < n; i++)
            next_text(&list, &text);
        hit = n == 2 && (pxi_onnx_is(text, "1") || pxi_onnx_is(text, "True") || pxi_onnx_is(text, "1.0"));
    }
    if (n != 2)
        return pxi_foreign_fail(file, err, "this is an ONNX classifier of %zu classes, a hit or not is two",
                                n);
    return hit ? PX_OK
               : pxi_foreign_fail(file, err, "the second class of this ONNX classifier is not 1, the hit");
}

/* ---- steps -------------------------------------------------------------------------------------------- */

static pxi_step *add_step(pxi_member *member, pxi_step_kind kind) {
    if (member->n_steps == PXI_MOST_STEPS)
        return NULL;
    pxi_step *step = &member->steps[member->n_steps++];
    step->kind = kind;
    return step;
}

/* A number a column, or one for all. */
static bool spread(const numbers *list, size_t n_columns, double *out) {
    bool good = list->n == 1 || list->n == n_columns;
    for (size_t c = 0; c < n_columns && good; c++) {
        out[c] = list->items[list->n == 1 ? 0 : c];
        good = isfinite(out[c]);
    }
    return good;
}

px_status pxi_onnx_scaler(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                          px_error *err) {
    numbers offset = {0}, scale = {0};
    pxi_step *step = add_step(member, PXI_STEP_FLOAT);
    px_status status = PX_OK;
    if (!read_numbers(node, "offset", FLOATS, &offset) || !read_numbers(node, "scale", FLOATS, &scale))
        status = pxi_fail_memory(err);
    else if (!step || !spread(&offset, n_columns, step->a) || !spread(&scale, n_columns, step->b))
        status = pxi_foreign_fail(file, err, "offset and scale of its Scaler are not one or %zu numbers",
                                  n_columns);
    free(offset.items);
    free(scale.items);
    return status;
}

px_status pxi_onnx_imputer(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                           px_error *err) {
    numbers values = {0};
    pxi_step *step = add_step(member, PXI_STEP_FILL);
    const pxi_proto_field replaced = pxi_proto_find(attribute_of(node, "replaced_value_float"), ONE_FLOAT);
    px_status status = PX_OK;
    if (!read_numbers(node, "imputed_value_floats", FLOATS, &values))
        status = pxi_fail_memory(err);
    else if (!step || !spread(&values, n_columns, step->a))
        status =
            pxi_foreign_fail(file, err, "the values of its Imputer are not one or %zu numbers", n_columns);
    else if (!isnan(number_of(replaced.value, FLOATS)))
        status = pxi_foreign_fail(file, err, "its Imputer replaces something else than NaN");
    free(values.items);
    return status;
}

/* ---- linear ------------------------------------------------------------------------------------------- */

typedef struct rows {
    numbers weights, starts;
    size_t n_columns;
    bool softmax;
} rows;

/* Two rows, of which LOGISTIC takes the second alone: it must be the first one's negative, as scores that are
 * normalised afterwards would not come to that else. SOFTMAX takes their difference. */
static px_status take_rows(const pxi_foreign_file *file, const rows *of, pxi_member *member, px_error *err) {
    const numbers *weights = &of->weights, *starts = &of->starts;
    const size_t n_columns = of->n_columns, n_rows = weights->n / n_columns;
    const bool softmax = of->softmax;
    const double *second = &weights->items[(n_rows - 1) * n_columns];
    bool opposite = n_rows == 1 || starts->n == 0 || starts->items[0] == -starts->items[1];
    for (size_t c = 0; c < n_columns; c++) {
        member->weights[c] = second[c] - (softmax ? weights->items[c] : 0);
        opposite = opposite && (n_rows == 1 || weights->items[c] == -second[c]);
    }
    if (starts->n)
        member->start = starts->items[n_rows - 1] - (softmax ? starts->items[0] : 0);
    if (!softmax && !opposite)
        return pxi_foreign_fail(file, err,
                                "the two rows of its LinearClassifier are not each other's negative");
    for (size_t c = 0; c < n_columns; c++)
        if (!isfinite(member->weights[c]) || !isfinite(member->start))
            return pxi_foreign_fail(file, err, "a coefficient of its LinearClassifier is no number");
    return PX_OK;
}

px_status pxi_onnx_linear(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                          px_error *err) {
    const pxi_proto transform = pxi_proto_find(attribute_of(node, "post_transform"), ONE_TEXT).bytes;
    const bool softmax = pxi_onnx_is(transform, "SOFTMAX");
    numbers weights = {0}, starts = {0};
    px_status status = check_classes(file, node, "classlabels_ints", "classlabels_strings", err);
    if (!status && !softmax && !pxi_onnx_is(transform, "LOGISTIC"))
        status = pxi_foreign_fail(file, err,
                                  "its LinearClassifier's post_transform is neither LOGISTIC nor SOFTMAX");
    if (!status && (!read_numbers(node, "coefficients", FLOATS, &weights) ||
                    !read_numbers(node, "intercepts", FLOATS, &starts)))
        status = pxi_fail_memory(err);
    const size_t n_rows = weights.n / n_columns;
    if (!status && (weights.n % n_columns || n_rows < (softmax ? 2 : 1) || n_rows > 2 ||
                    (starts.n && starts.n != n_rows)))
        status = pxi_foreign_fail(
            file, err, "its LinearClassifier has %zu coefficients and %zu intercepts of %zu inputs",
            weights.n, starts.n, n_columns);
    member->link = PXI_LINK_LOGISTIC;
    member->slope = 1;
    if (!status)
        status = take_rows(file, &(rows){weights, starts, n_columns, softmax}, member, err);
    free(weights.items);
    free(starts.items);
    return status;
}

/* ---- trees -------------------------------------------------------------------------------------------- */

enum {
    TREE,
    NODE,
    COLUMN,
    TRUE_NODE,
    FALSE_NODE,
    TRACKS,
    VALUE,
    LEAF_TREE,
    LEAF_NODE,
    LEAF_CLASS,
    LEAF_WEIGHT,
    BASE,
    N_LISTS
};
static const struct {
    const char *name;
    uint32_t field;
} list_names[N_LISTS] = {
    [TREE] = {"nodes_treeids", INTS},
    [NODE] = {"nodes_nodeids", INTS},
    [COLUMN] = {"nodes_featureids", INTS},
    [TRUE_NODE] = {"nodes_truenodeids", INTS},
    [FALSE_NODE] = {"nodes_falsenodeids", INTS},
    [TRACKS] = {"nodes_missing_value_tracks_true", INTS},
    [VALUE] = {"nodes_values", FLOATS},
    [LEAF_TREE] = {"class_treeids", INTS},
    [LEAF_NODE] = {"class_nodeids", INTS},
    [LEAF_CLASS] = {"class_ids", INTS},
    [LEAF_WEIGHT] = {"class_weights", FLOATS},
    [BASE] = {"base_values", FLOATS},
};

typedef struct trees {
    const pxi_foreign_file *file;
    numbers lists[N_LISTS];
    pxi_member *member;
    px_error *err;
} trees;

static int whole_in(double value, size_t n) {
    return value >= 0 && value < (double)n ? (int)value : -1;
}

static px_status check_lists(const trees *t) {
    const numbers *lists = t->lists;
    const size_t n = lists[TREE].n, n_leaves = lists[LEAF_TREE].n;
    for (int i = NODE; i <= VALUE; i++)
        if (lists[i].n != n && !(i == TRACKS && lists[i].n == 0))
            return pxi_foreign_fail(
                t->file, t->err, "%s of its TreeEnsembleClassifier has %zu entries, not %zu%s",
                list_names[i].name, lists[i].n, n, i == VALUE ? " (values of doubles are not taken)" : "");
    for (int i = LEAF_NODE; i <= LEAF_WEIGHT; i++)
        if (lists[i].n != n_leaves)
            return pxi_foreign_fail(t->file, t->err,
                                    "%s of its TreeEnsembleClassifier has %zu entries, not %zu",
                                    list_names[i].name, lists[i].n, n_leaves);
    if (n == 0 || lists[BASE].n > 1)
        return pxi_foreign_fail(t->file, t->err,
                                n ? "its TreeEnsembleClassifier has several base values"
                                  : "its TreeEnsembleClassifier has no nodes");
    return PX_OK;
}

/* Trees are numbered from 0 on and stand one behind the other. */
static px_status make_trees(const trees *t) {
    const numbers *ids = &t->lists[TREE];
    const double last = ids->items[ids->n - 1];
    if (!(last >= 0 && last < PXI_FOREIGN_MOST_TREES && last < (double)ids->n))
        return pxi_foreign_fail(t->file, t->err, "its trees are not numbered from 0 on");
    if (!pxi_member_trees(t->member, (size_t)last + 1))
        return pxi_fail_memory(t->err);
    for (size_t i = 0; i < ids->n; i++) {
        const double before = i ? ids->items[i - 1] : -1;
        if (ids->items[i] < 0 || (ids->items[i] != before && ids->items[i] != before + 1))
            return pxi_foreign_fail(t->file, t->err, "its trees are not numbered from 0 on");
        t->member->trees[(size_t)ids->items[i]].n++;
    }
    for (size_t i = 0; i < t->member->n_trees; i++)
        if (!(t->member->trees[i].nodes = pxi_new_array(t->member->trees[i].n, sizeof(pxi_split))))
            return pxi_fail_memory(t->err);
    return PX_OK;
}

/* The way that a condition sends a row: what is true goes to the left node, or of >= and > to the right one.
 */
static bool read_mode(pxi_proto mode, pxi_split *node, bool *swapped) {
    static const struct {
        const char *name;
        bool strict, swapped;
    } modes[] = {
        {"BRANCH_LEQ", false, false},
        {"BRANCH_LT", true, false},
        {"BRANCH_GTE", true, true},
        {"BRANCH_GT", false, true},
    };
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (pxi_onnx_is(mode, modes[i].name)) {
            node->strict = modes[i].strict;
            *swapped = modes[i].swapped;
            return true;
        }
    return false;
}

static px_status read_split(const trees *t, size_t i, pxi_proto mode, const pxi_split_tree *tree,
                            pxi_split *out) {
    const numbers *lists = t->lists;
    pxi_split node = {.left = -1, .right = -1};
    bool swapped = false;
    if (!pxi_onnx_is(mode, "LEAF")) {
        if (!read_mode(mode, &node, &swapped))
            return pxi_foreign_fail(
                t->file, t->err,
                "node %zu of its trees has the mode %.*s; taken are BRANCH_LEQ, LT, GTE, GT and LEAF", i,
                (int)(mode.end - mode.at < 30 ? mode.end - mode.at : 30), (const char *)mode.at);
        const int yes = whole_in(lists[TRUE_NODE].items[i], tree->n),
                  no = whole_in(lists[FALSE_NODE].items[i], tree->n);
        const bool true_if_missing = lists[TRACKS].n && lists[TRACKS].items[i] != 0;
        node.left = swapped ? no : yes;
        node.right = swapped ? yes : no;
        node.column = whole_in(lists[COLUMN].items[i], PX_N_INPUTS);
        node.missing = true_if_missing != swapped ? PXI_MISSING_LEFT : PXI_MISSING_RIGHT;
        node.value = lists[VALUE].items[i];
        node.gain = 1;
        if (node.left < 1 || node.right < 1)
            return pxi_foreign_fail(t->file, t->err, "node %zu of its trees has children that are not there",
                                    i);
    }
    *out = node;
    return PX_OK;
}

static px_status read_splits(const trees *t, pxi_proto node) {
    pxi_proto modes = attribute_of(node, "nodes_modes"), mode;
    bool *met = pxi_new_array(t->lists[TREE].n, sizeof *met);
    size_t begin = 0, tree_of = 0;
    px_status status = met ? PX_OK : pxi_fail_memory(t->err);
    for (size_t i = 0; i < t->lists[TREE].n && !status; i++) {
        const size_t here = (size_t)t->lists[TREE].items[i];
        begin = here == tree_of ? begin : i;
        tree_of = here;
        const pxi_split_tree *tree = &t->member->trees[here];
        const int at = whole_in(t->lists[NODE].items[i], tree->n);
        if (at < 0 || met[begin + (size_t)at] || !next_text(&modes, &mode)) {
            status = pxi_foreign_fail(t->file, t->err,
                                      "node %zu of its trees has no number or mode of its own", i);
            break;
        }
        met[begin + (size_t)at] = true;
        status = read_split(t, i, mode, tree, &tree->nodes[at]);
    }
    free(met);
    return status;
}

/* Weights of one class: of the second, or where the second has none of the first, which then stands for it.
 */
static px_status read_leaves(const trees *t, bool both) {
    const numbers *lists = t->lists;
    for (size_t i = 0; i < lists[LEAF_TREE].n; i++) {
        const int number = whole_in(lists[LEAF_TREE].items[i], t->member->n_trees);
        const pxi_split_tree *tree = &t->member->trees[number < 0 ? 0 : number];
        const int at = whole_in(lists[LEAF_NODE].items[i], tree->n);
        if (number < 0 || at < 0 || tree->nodes[at].left >= 0)
            return pxi_foreign_fail(t->file, t->err, "weight %zu of its trees is of no leaf", i);
        if (!both || lists[LEAF_CLASS].items[i] == 1)
            tree->nodes[at].value =
                (double)((float)tree->nodes[at].value + (float)lists[LEAF_WEIGHT].items[i]);
    }
    return PX_OK;
}

/* Where all weights are positive ONNX Runtime takes the sum for a probability, whatever is asked for. */
static px_status read_votes(const trees *t, pxi_proto node) {
    const pxi_proto transform = pxi_proto_find(attribute_of(node, "post_transform"), ONE_TEXT).bytes;
    const numbers *classes = &t->lists[LEAF_CLASS], *weights = &t->lists[LEAF_WEIGHT];
    const bool logistic = pxi_onnx_is(transform, "LOGISTIC");
    size_t n_first = 0, n_second = 0, n_negative = 0;
    for (size_t i = 0; i < classes->n; i++) {
        n_first += classes->items[i] == 0;
        n_second += classes->items[i] == 1;
        n_negative += weights->items[i] < 0;
    }
    if (!logistic && transform.at < transform.end && !pxi_onnx_is(transform, "NONE"))
        return pxi_foreign_fail(t->file, t->err, "its trees' post_transform is neither NONE nor LOGISTIC");
    if (n_first == 0 || n_first + n_second != classes->n)
        return pxi_foreign_fail(t->file, t->err, "the weights of its trees are not of two classes");
    if (n_second && t->lists[BASE].n)
        return pxi_foreign_fail(t->file, t->err, "its trees have weights of both classes and a base value");
    if (logistic && !n_second && !n_negative)
        return pxi_foreign_fail(
            t->file, t->err,
            "none of its weights is negative: ONNX Runtime takes their sum for a probability, "
            "where LOGISTIC is asked for");
    t->member->link = logistic ? PXI_LINK_LOGISTIC_FLOAT : PXI_LINK_NONE;
    t->member->start = t->lists[BASE].n ? t->lists[BASE].items[0] : 0;
    t->member->float_sums = true;
    return read_leaves(t, n_second > 0);
}

px_status pxi_onnx_trees(const pxi_foreign_file *file, pxi_proto node, size_t n_columns, pxi_member *member,
                         px_error *err) {
    trees t = {.file = file, .member = member, .err = err};
    px_status status = check_classes(file, node, "classlabels_int64s", "classlabels_strings", err);
    for (int i = 0; i < N_LISTS && !status; i++)
        if (!read_numbers(node, list_names[i].name, list_names[i].field, &t.lists[i]))
            status = pxi_fail_memory(err);
    if (!status)
        status = check_lists(&t);
    if (!status)
        status = make_trees(&t);
    if (!status)
        status = read_splits(&t, node);
    if (!status)
        status = read_votes(&t, node);
    for (size_t i = 0; i < member->n_trees && !status; i++)
        status = pxi_split_tree_check(file, &member->trees[i], i, n_columns, err);
    if (!status && !isfinite(member->start))
        status = pxi_foreign_fail(file, err, "the base value of its trees is no number");
    for (int i = 0; i < N_LISTS; i++)
        free(t.lists[i].items);
    return status;
}
