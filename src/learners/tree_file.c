// SPDX-License-Identifier: Apache-2.0
/* Writes trees in XGBoost's model schema, version 1.7, whichever library grew them; those that mean what a
 * version before 1.3 said of them are marked as such a version's. In UBJSON (Universal Binary JSON, draft 12)
 * floats arrive as they are, which no text in decimals promises for the smallest. */
#include "learners/tree.h"

#include "pixity/number.h"
#include "base/error.h"
#include "base/text.h"
#include "pixity/events.h"
#include "pixity/table.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- UBJSON ------------------------------------------------------------------------------------------- */

static void put_length(pxi_text *out, size_t length) {
    const uint64_t big = htobe64(length);
    pxi_text_puts(out, "L");
    pxi_text_add(out, (const char *)&big, sizeof big);
}

static void put_key(pxi_text *out, const char *key) {
    put_length(out, strlen(key));
    pxi_text_puts(out, key);
}

static void put_string(pxi_text *out, const char *key, const char *value) {
    put_key(out, key);
    pxi_text_puts(out, "S");
    put_key(out, value);
}

static void put_count(pxi_text *out, const char *key, size_t value) {
    char text[32];
    snprintf(text, sizeof text, "%zu", value);
    put_string(out, key, text);
}

static void put_int32(pxi_text *out, int32_t value) {
    const uint32_t big = htobe32((uint32_t)value);
    pxi_text_add(out, (const char *)&big, sizeof big);
}

static void put_float(pxi_text *out, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put_int32(out, (int32_t)bits);
}

/* An array of one type: 'l' = 32-bit integers, 'd' = floats, 'U' = bytes, 'L' = 64-bit integers. */
static void begin_typed(pxi_text *out, const char *key, char type, size_t n) {
    put_key(out, key);
    pxi_text_puts(out, "[$");
    pxi_text_add(out, &type, 1);
    pxi_text_puts(out, "#");
    put_length(out, n);
}

static void begin_array(pxi_text *out, const char *key, size_t n) {
    put_key(out, key);
    pxi_text_puts(out, "[#");
    put_length(out, n);
}

/* ---- a tree ------------------------------------------------------------------------------------------- */

typedef int32_t int_of_node(const pxi_tree_node *node);
typedef float float_of_node(const pxi_tree_node *node);

static void put_ints(pxi_text *out, const char *key, const pxi_tree *tree, int_of_node *of) {
    begin_typed(out, key, 'l', tree->n);
    for (size_t i = 0; i < tree->n; i++)
        put_int32(out, of(&tree->nodes[i]));
}

static void put_floats(pxi_text *out, const char *key, const pxi_tree *tree, float_of_node *of) {
    begin_typed(out, key, 'd', tree->n);
    for (size_t i = 0; i < tree->n; i++)
        put_float(out, of(&tree->nodes[i]));
}

static void put_bytes(pxi_text *out, const char *key, const pxi_tree *tree, int_of_node *of) {
    begin_typed(out, key, 'U', tree->n);
    for (size_t i = 0; i < tree->n; i++) {
        const char byte = (char)of(&tree->nodes[i]);
        pxi_text_add(out, &byte, 1);
    }
}

static int32_t left(const pxi_tree_node *node) {
    return node->left;
}

static int32_t right(const pxi_tree_node *node) {
    return node->left < 0 ? -1 : node->left + 1;
}

static int32_t parent(const pxi_tree_node *node) {
    return node->parent < 0 ? INT32_MAX : node->parent;
}

static int32_t input(const pxi_tree_node *node) {
    return node->left < 0 ? 0 : node->input;
}

static int32_t missing_left(const pxi_tree_node *node) {
    return node->left >= 0 && node->missing_left;
}

static int32_t numerical(const pxi_tree_node *node) {
    (void)node;
    return 0;
}

static float value(const pxi_tree_node *node) {
    return node->value;
}

static float weight(const pxi_tree_node *node) {
    return node->weight;
}

static float gain(const pxi_tree_node *node) {
    return node->gain;
}

static void put_tree(pxi_text *out, const pxi_tree *tree, size_t number) {
    pxi_text_puts(out, "{");
    put_floats(out, "base_weights", tree, value);
    begin_typed(out, "categories", 'l', 0);
    begin_typed(out, "categories_nodes", 'l', 0);
    begin_typed(out, "categories_segments", 'L', 0);
    begin_typed(out, "categories_sizes", 'L', 0);
    put_bytes(out, "default_left", tree, missing_left);
    put_key(out, "id");
    pxi_text_puts(out, "l");
    put_int32(out, (int32_t)number);
    put_ints(out, "left_children", tree, left);
    put_floats(out, "loss_changes", tree, gain);
    put_ints(out, "parents", tree, parent);
    put_ints(out, "right_children", tree, right);
    put_floats(out, "split_conditions", tree, value);
    put_ints(out, "split_indices", tree, input);
    put_bytes(out, "split_type", tree, numerical);
    put_floats(out, "sum_hessian", tree, weight);
    put_key(out, "tree_param");
    pxi_text_puts(out, "{");
    put_string(out, "num_deleted", "0");
    put_count(out, "num_feature", PX_N_INPUTS);
    put_count(out, "num_nodes", tree->n);
    put_string(out, "size_leaf_vector", "0");
    pxi_text_puts(out, "}}");
}

/* ---- an ensemble -------------------------------------------------------------------------------------- */

static void put_booster(pxi_text *out, const pxi_ensemble *ensemble) {
    put_key(out, "gradient_booster");
    pxi_text_puts(out, "{");
    put_key(out, "model");
    pxi_text_puts(out, "{");
    put_key(out, "gbtree_model_param");
    pxi_text_puts(out, "{");
    put_string(out, "num_parallel_tree", "1");
    put_count(out, "num_trees", ensemble->n);
    put_string(out, "size_leaf_vector", "0");
    pxi_text_puts(out, "}");
    begin_array(out, "tree_info", ensemble->n); /* every tree is of the one output */
    for (size_t t = 0; t < ensemble->n; t++) {
        pxi_text_puts(out, "l");
        put_int32(out, 0);
    }
    begin_array(out, "trees", ensemble->n);
    for (size_t t = 0; t < ensemble->n; t++)
        put_tree(out, &ensemble->trees[t], t);
    pxi_text_puts(out, "}");
    put_string(out, "name", "gbtree");
    pxi_text_puts(out, "}");
}

/* Margin 0 is a base of 0 where predictions are the sum, and of 1/2 where they are its logistic function. */
static void put_parameters(pxi_text *out, const pxi_ensemble *ensemble) {
    char base[PX_DOUBLE_TEXT_SIZE];
    px_double_format((double)ensemble->base, base);
    put_key(out, "learner_model_param");
    pxi_text_puts(out, "{");
    put_string(out, "base_score",
               ensemble->vote == PXI_VOTE_MEAN    ? "0E0"
               : ensemble->vote == PXI_VOTE_LOGIT ? "5E-1"
                                                  : base);
    put_string(out, "boost_from_average", "0");
    put_string(out, "num_class", "0");
    put_count(out, "num_feature", PX_N_INPUTS);
    put_string(out, "num_target", "1");
    pxi_text_puts(out, "}");
}

static void put_learner(pxi_text *out, const pxi_ensemble *ensemble) {
    char start[PX_DOUBLE_TEXT_SIZE];
    px_double_format(ensemble->start, start);
    pxi_text_puts(out, "{");
    put_key(out, "attributes");
    pxi_text_puts(out, "{");
    if (ensemble->vote == PXI_VOTE_LOGIT)
        put_string(out, "start_margin", start);
    pxi_text_puts(out, "}");
    begin_array(out, "feature_names", 0);
    begin_array(out, "feature_types", 0);
    put_booster(out, ensemble);
    put_parameters(out, ensemble);
    put_key(out, "objective");
    pxi_text_puts(out, "{");
    put_string(out, "name", ensemble->vote == PXI_VOTE_MEAN ? "reg:squarederror" : "binary:logistic");
    put_key(out, "reg_loss_param");
    pxi_text_puts(out, "{");
    put_string(out, "scale_pos_weight", "1");
    pxi_text_puts(out, "}}}");
}

px_status pxi_tree_file_write(const pxi_ensemble *ensemble, char **bytes, size_t *length, px_error *err) {
    static const int32_t newest[] = {1, 7, 4}, base_last[] = {1, 2, 1};
    const int32_t *version = ensemble->vote == PXI_VOTE_LOGIT_FLOAT_LAST ? base_last : newest;
    pxi_text text = {0};
    pxi_text_puts(&text, "{");
    put_key(&text, "learner");
    put_learner(&text, ensemble);
    begin_array(&text, "version", 3);
    for (int i = 0; i < 3; i++) {
        pxi_text_puts(&text, "l");
        put_int32(&text, version[i]);
    }
    pxi_text_puts(&text, "}");
    const size_t size = text.length;
    px_status status = pxi_text_take(&text, bytes, err);
    if (!status)
        *length = size;
    return status;
}
