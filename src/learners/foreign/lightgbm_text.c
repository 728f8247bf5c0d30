// SPDX-License-Identifier: Apache-2.0
/* Learner lightgbm: trees that LightGBM grew, from the text that its save_model writes. They answer as the
 * library does: inputs and thresholds are doubles, compared by <=, and added up as doubles. The library drops
 * what lies within 1e-35 of 0 when it takes a row, and so stands 0 there. */
#include "learners/foreign/committee.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- lines -------------------------------------------------------------------------------------------- */

/* A stretch of the file. */
typedef struct stretch {
    const char *at, *end;
} stretch;

static bool next_line(stretch *rest, stretch *line) {
    if (rest->at >= rest->end)
        return false;
    const char *end = memchr(rest->at, '\n', (size_t)(rest->end - rest->at));
    const char *next = end ? end + 1 : rest->end;
    end = end ? end : rest->end;
    if (end > rest->at && end[-1] == '\r')
        end--;
    *line = (stretch){rest->at, end};
    rest->at = next;
    return true;
}

static bool begins(const stretch *line, const char *with) {
    const size_t length = strlen(with);
    return (size_t)(line->end - line->at) >= length && memcmp(line->at, with, length) == 0;
}

/* A line "key=value": its value, where the key is this one. */
static bool take_value(const stretch *line, const char *key, stretch *value) {
    const size_t length = strlen(key);
    if (!begins(line, key) || line->at + length >= line->end || line->at[length] != '=')
        return false;
    *value = (stretch){line->at + length + 1, line->end};
    return true;
}

static bool next_word(stretch *rest, stretch *word) {
    while (rest->at < rest->end && *rest->at == ' ')
        rest->at++;
    word->at = rest->at;
    while (rest->at < rest->end && *rest->at != ' ')
        rest->at++;
    word->end = rest->at;
    return word->at < word->end;
}

static bool is(const stretch *text, const char *what) {
    return begins(text, what) && (size_t)(text->end - text->at) == strlen(what);
}

static bool whole_of(const stretch *text, long long *out) {
    return text->at && pxi_parse_i64(text->at, (size_t)(text->end - text->at), out);
}

/* ---- a tree ------------------------------------------------------------------------------------------- */

enum { LEAVES, CATEGORIES, LINEAR, COLUMN, THRESHOLD, DECISION, LEFT, RIGHT, VALUE, GAIN, N_KEYS };
static const char *const keys[N_KEYS] = {
    "num_leaves",    "num_cat",    "is_linear",   "split_feature", "threshold",
    "decision_type", "left_child", "right_child", "leaf_value",    "split_gain",
};

typedef struct reader {
    const pxi_foreign_file *file;
    size_t n_columns, tree, n_nodes;
    stretch lists[N_KEYS]; /* of the present tree */
    px_error *err;
} reader;

static px_status fail_list(const reader *r, int key, size_t n) {
    return pxi_foreign_fail(r->file, r->err, "tree %zu: %s is no list of %zu numbers", r->tree, keys[key], n);
}

/* A split of what is there from what is missing has the threshold inf. */
static bool number_of(const stretch *word, double *out) {
    const bool below = begins(word, "-");
    const stretch size = {word->at + below, word->end};
    if (is(&size, "inf")) {
        *out = below ? -INFINITY : INFINITY;
        return true;
    }
    return pxi_parse_double(word->at, (size_t)(word->end - word->at), out);
}

/* Numbers of a list, exactly n. */
static px_status take_numbers(const reader *r, int key, size_t n, double *out) {
    stretch rest = r->lists[key], word;
    for (size_t i = 0; i < n; i++)
        if (!next_word(&rest, &word) || !number_of(&word, &out[i]))
            return fail_list(r, key, n);
    return next_word(&rest, &word) ? fail_list(r, key, n) : PX_OK;
}

/* A child: an inner node by its number, a leaf by that of its complement; leaves stand behind the others. */
static int node_of(double child, size_t n_inner, size_t n_leaves) {
    if (child >= 0 && child < (double)n_inner)
        return (int)child;
    const double leaf = -child - 1;
    return leaf >= 0 && leaf < (double)n_leaves ? (int)(n_inner + (size_t)leaf) : -2;
}

static pxi_missing missing_of(int decision) {
    enum { DEFAULT_LEFT = 2 };
    const bool left = decision & DEFAULT_LEFT;
    switch (decision >> 2 & 3) {
    case 0:
        return PXI_MISSING_IS_ZERO;
    case 1:
        return left ? PXI_ZERO_LEFT : PXI_ZERO_RIGHT;
    default:
        return left ? PXI_MISSING_LEFT : PXI_MISSING_RIGHT;
    }
}

static px_status take_nodes(const reader *r, size_t n_leaves, double *room, pxi_split *nodes) {
    const size_t n = n_leaves - 1;
    static const int lists[] = {COLUMN, THRESHOLD, DECISION, LEFT, RIGHT, GAIN};
    px_status status = take_numbers(r, VALUE, n_leaves, room);
    for (size_t i = 0; i < n_leaves && !status; i++)
        nodes[n + i] = (pxi_split){.left = -1, .right = -1, .value = room[i]};
    for (size_t k = 0; k < sizeof lists / sizeof *lists && n && !status; k++)
        status = take_numbers(r, lists[k], n, &room[k * n]);
    for (size_t i = 0; i < n && !status; i++) {
        const double column = room[i], decision = room[2 * n + i], gain = room[5 * n + i];
        const int left = node_of(room[3 * n + i], n, n_leaves), right = node_of(room[4 * n + i], n, n_leaves);
        if (!(decision >= 0 && decision < 16) || !(column >= 0 && column < (double)r->n_columns) ||
            left < 1 || right < 1)
            return pxi_foreign_fail(r->file, r->err, "tree %zu: node %zu makes no sense", r->tree, i);
        if ((int)decision & 1)
            return pxi_foreign_fail(r->file, r->err,
                                    "tree %zu splits on categories; the inputs of an event are numbers",
                                    r->tree);
        nodes[i] = (pxi_split){
            .left = left,
            .right = right,
            .column = (int)column,
            .missing = missing_of((int)decision),
            .value = room[n + i],
            .gain = gain > 0 ? gain : 0,
        };
    }
    return status;
}

static px_status read_tree(reader *r, pxi_split_tree *out) {
    long long n_leaves, categories = 0, linear = 0;
    if (!whole_of(&r->lists[LEAVES], &n_leaves) || n_leaves < 1 ||
        n_leaves > r->lists[VALUE].end - r->lists[VALUE].at)
        return pxi_foreign_fail(r->file, r->err, "tree %zu does not tell its leaves", r->tree);
    whole_of(&r->lists[CATEGORIES], &categories);
    whole_of(&r->lists[LINEAR], &linear);
    if (categories || linear)
        return pxi_foreign_fail(r->file, r->err,
                                "tree %zu %s; taken are trees of numbers with constant leaves", r->tree,
                                categories ? "splits on categories" : "has linear leaves");
    r->n_nodes += (size_t)(2 * n_leaves - 1);
    if (r->n_nodes > PXI_FOREIGN_MOST_NODES)
        return pxi_foreign_fail(r->file, r->err, "its trees have more than %d nodes", PXI_FOREIGN_MOST_NODES);
    out->n = (size_t)(2 * n_leaves - 1);
    out->nodes = pxi_new_array(out->n, sizeof *out->nodes);
    double *room = pxi_new_array((size_t)n_leaves * 6, sizeof *room);
    px_status status =
        out->nodes && room ? take_nodes(r, (size_t)n_leaves, room, out->nodes) : pxi_fail_memory(r->err);
    free(room);
    return status ? status : pxi_split_tree_check(r->file, out, r->tree, r->n_columns, r->err);
}

/* ---- the head ----------------------------------------------------------------------------------------- */

typedef struct head {
    stretch version, classes, a_round, last_column, objective, names;
    bool average;
} head;

static void read_head(stretch *rest, head *out) {
    stretch line, before = *rest;
    while (next_line(rest, &line) && !begins(&line, "Tree=") && !is(&line, "end of trees")) {
        const struct {
            const char *key;
            stretch *value;
        } members[] = {
            {"version", &out->version},     {"num_class", &out->classes},
            {"objective", &out->objective}, {"num_tree_per_iteration", &out->a_round},
            {"feature_names", &out->names}, {"max_feature_idx", &out->last_column},
        };
        for (size_t i = 0; i < sizeof members / sizeof *members; i++)
            take_value(&line, members[i].key, members[i].value);
        out->average = out->average || is(&line, "average_output");
        before = *rest;
    }
    *rest = before;
}

static bool slope_of(stretch rest, double *out) {
    stretch word, value = {0};
    *out = 1;
    while (next_word(&rest, &word)) {
        const char *colon = memchr(word.at, ':', (size_t)(word.end - word.at));
        if (colon && begins(&word, "sigmoid:"))
            value = (stretch){colon + 1, word.end};
    }
    return !value.at || (pxi_parse_double(value.at, (size_t)(value.end - value.at), out) && *out > 0);
}

static px_status check_head(const pxi_foreign_file *file, const head *h, pxi_member *member, px_error *err) {
    static const char taken[] = "; taken are the objectives binary and cross_entropy";
    stretch rest = h->objective, name = {0};
    long long classes = 1, a_round = 1;
    whole_of(&h->classes, &classes);
    whole_of(&h->a_round, &a_round);
    next_word(&rest, &name);
    const int length = name.at ? (int)(name.end - name.at) : 0;
    if (classes != 1 || a_round != 1)
        return pxi_foreign_fail(file, err, "this is a LightGBM model of %lld classes, a probability is one%s",
                                classes > 1 ? classes : a_round, taken);
    if (!name.at || (!is(&name, "binary") && !is(&name, "cross_entropy")))
        return pxi_foreign_fail(
            file, err, "this is a LightGBM model of objective \"%.*s\", whose answer is no probability%s",
            length < 40 ? length : 40, name.at ? name.at : "", taken);
    member->link = PXI_LINK_LOGISTIC;
    member->tiny_is_zero = true;
    return slope_of(rest, &member->slope)
               ? PX_OK
               : pxi_foreign_fail(file, err, "the slope (sigmoid) of its objective is no number above 0");
}

static px_status read_columns(const pxi_foreign_file *file, const head *h, pxi_columns *out, px_error *err) {
    long long last;
    stretch rest = h->names, word;
    if (!whole_of(&h->last_column, &last) || last < 0 || last >= 1000000)
        return pxi_foreign_fail(file, err, "it does not tell its number of inputs (max_feature_idx)");
    json_t *names = json_array();
    bool failed = !names;
    while (!failed && json_array_size(names) <= PX_N_INPUTS && next_word(&rest, &word)) {
        json_t *name = json_stringn(word.at, (size_t)(word.end - word.at));
        failed = json_array_append_new(names, name ? name : json_string("?")) != 0;
    }
    px_status status =
        failed ? pxi_fail_memory(err) : pxi_foreign_columns(file, names, (size_t)last + 1, out, err);
    json_decref(names);
    return status;
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static bool recognise(const pxi_foreign_file *file) {
    stretch rest = {file->bytes, file->bytes + file->length}, line;
    return !file->document && next_line(&rest, &line) && is(&line, "tree");
}

/* Trees are counted by their heads before there is room for them. */
static size_t count_trees(stretch rest) {
    stretch line;
    size_t n = 0;
    while (next_line(&rest, &line) && !is(&line, "end of trees"))
        n += begins(&line, "Tree=");
    return n;
}

static void read_lists(stretch *rest, reader *r) {
    stretch line;
    memset(r->lists, 0, sizeof r->lists);
    while (next_line(rest, &line) && line.at < line.end)
        for (int key = 0; key < N_KEYS; key++)
            take_value(&line, keys[key], &r->lists[key]);
}

static px_status read_trees(reader *r, stretch rest, pxi_member *member) {
    stretch line = {0};
    px_status status = PX_OK;
    const size_t n = count_trees(rest);
    if (n < 1 || n > PXI_FOREIGN_MOST_TREES)
        return pxi_foreign_fail(r->file, r->err, "it has %zu trees; 1 to %d are taken", n,
                                PXI_FOREIGN_MOST_TREES);
    if (!pxi_member_trees(member, n))
        return pxi_fail_memory(r->err);
    while (r->tree < n && !status && next_line(&rest, &line))
        if (begins(&line, "Tree=")) {
            read_lists(&rest, r);
            status = read_tree(r, &member->trees[r->tree]);
            r->tree++;
        }
    while (!status && !is(&line, "end of trees"))
        if (!next_line(&rest, &line))
            return pxi_foreign_fail(r->file, r->err,
                                    "it was cut: \"end of trees\" does not follow its %zu trees", n);
    return status;
}

static px_status read_member(const pxi_foreign_file *file, head *h, pxi_foreign *out, pxi_member *member,
                             px_error *err) {
    stretch rest = {file->bytes, file->bytes + file->length};
    read_head(&rest, h);
    px_status status = check_head(file, h, member, err);
    if (!status)
        status = read_columns(file, h, &out->inputs, err);
    reader r = {.file = file, .n_columns = out->inputs.n, .err = err};
    if (!status)
        status = read_trees(&r, rest, member);
    member->divisor = h->average ? (double)member->n_trees : 0;
    return status;
}

static px_status read_file(const pxi_foreign_file *file, pxi_foreign *out, px_error *err) {
    head h = {0};
    pxi_committee model = {.members = pxi_new_array(1, sizeof *model.members), .n_members = 1};
    px_status status = model.members ? read_member(file, &h, out, model.members, err) : pxi_fail_memory(err);
    if (!status) {
        char made_by[48];
        snprintf(made_by, sizeof made_by, "LightGBM, model text %.*s",
                 h.version.at ? (int)(h.version.end - h.version.at) : 0, h.version.at ? h.version.at : "");
        out->facts =
            json_pack("{s:s, s:I, s:o, s:{s:f, s:b}, s:s}", "name", pxi_lightgbm.name, "trees",
                      (json_int_t)model.members->n_trees, "made_by", pxi_json_text(made_by), "parameters",
                      "sigmoid", model.members->slope, "average_output", h.average, "target", "1");
        status = out->facts ? PX_OK : pxi_fail_memory(err);
    }
    if (status)
        pxi_committee_free(&model);
    return status ? status
                  : pxi_committee_make(&pxi_lightgbm, file, &out->inputs, &model, &out->predictor, err);
}

const pxi_foreign_format pxi_lightgbm_format = {
    .taken = "LightGBM's model text",
    .recognise = recognise,
    .read = read_file,
};

static px_status deserialize(const px_learner *learner, const pxi_model_bytes *bytes, px_predictor **out,
                             px_error *err) {
    (void)learner;
    return pxi_foreign_reopen(&pxi_lightgbm_format, bytes, out, err);
}

const px_learner pxi_lightgbm = {
    .name = "lightgbm",
    .summary = "boosted trees that LightGBM grew",
    .ending = ".lightgbm.txt",
    .importance = "share of gain",
    .tolerance = 1e-12,
    .predict = pxi_committee_predict,
    .predict_doubles = pxi_committee_predict_doubles,
    .serialize = pxi_committee_serialize,
    .deserialize = deserialize,
    .spread = pxi_committee_spread,
    .measure = pxi_committee_measure,
    .free = pxi_committee_free_predictor,
};
