// SPDX-License-Identifier: Apache-2.0
/* Ensembles of trees, as they are learnt, kept in files and read. */
#ifndef PXI_TREE_H
#define PXI_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include "pixity/status.h"

/* The root is node 0; the right child of a node is the one after the left, and both stand behind it. */
typedef struct pxi_tree_node {
    int left, parent;  /* -1 = a leaf has none, the root has none */
    int input;         /* of an inner node, whose rows go left if x < value */
    bool missing_left; /* where rows without that input go */
    float value;       /* of a leaf: what it adds */
    float weight, gain;
} pxi_tree_node;
typedef struct pxi_tree {
    size_t n; /* 1 or more, below 2^31 */
    pxi_tree_node *nodes;
} pxi_tree;

/* How a probability comes of what the trees say. */
typedef enum pxi_vote {
    PXI_VOTE_MEAN,        /* the sum: each leaf is a frequency over the number of trees */
    PXI_VOTE_LOGIT,       /* the sum in floats and `start` in double are log odds */
    PXI_VOTE_LOGIT_FLOAT, /* the same all in floats, from the probability `base` on: files of XGBoost itself
                           */
    PXI_VOTE_LOGIT_FLOAT_LAST, /* the same with `base` added to the sum of the trees: XGBoost before 1.3 */
} pxi_vote;

typedef struct pxi_ensemble {
    pxi_vote vote;
    double start; /* of PXI_VOTE_LOGIT */
    float base;   /* of PXI_VOTE_LOGIT_FLOAT and _LAST: above 0, below 1 */
    size_t n;
    pxi_tree *trees;
} pxi_ensemble;
void pxi_ensemble_free(pxi_ensemble *ensemble);

/* Files: XGBoost's model schema in UBJSON. Written is version 1.7's, whatever library is there, with a base
 * that means margin 0 in every version; `start` is the attribute "start_margin". Bytes are malloc'ed. */
px_status pxi_tree_file_write(const pxi_ensemble *ensemble, char **bytes, size_t *length, px_error *err);
/* Reads what XGBoost 1.0 to 3.x writes of one output and n numeric inputs; *out from a zeroed struct. Errors:
 * PX_ECORRUPT with what is wrong, PX_EMISMATCH for another number of inputs. */
px_status pxi_tree_file_read(const char *bytes, size_t length, size_t n_inputs, pxi_ensemble *out,
                             px_error *err);

#endif
