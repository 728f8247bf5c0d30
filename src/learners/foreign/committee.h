// SPDX-License-Identifier: Apache-2.0
/* What models of other libraries come to: a mean of members, each of which scales its inputs, adds up trees
 * or a weighted sum, and makes a probability of that. Everything is done in doubles, in the order in which
 * the library does it, except where that rounds to floats. */
#ifndef PXI_COMMITTEE_H
#define PXI_COMMITTEE_H

#include "learners/foreign/foreign.h"

/* Where a row goes that misses the input; zeros are what lies within 1e-35 of 0. */
typedef enum pxi_missing {
    PXI_MISSING_RIGHT,
    PXI_MISSING_LEFT,
    PXI_MISSING_IS_ZERO, /* as one with the input 0 */
    PXI_ZERO_RIGHT,      /* it is 0, and zeros go right */
    PXI_ZERO_LEFT,
} pxi_missing;

typedef struct pxi_split {
    int left, right; /* -1 of a leaf */
    int column;      /* of an inner node */
    pxi_missing missing;
    bool strict;  /* left is x < value, else x <= value */
    double value; /* of a leaf: what it adds */
    double gain;
} pxi_split;

typedef struct pxi_split_tree {
    size_t n; /* the root is node 0 */
    pxi_split *nodes;
} pxi_split_tree;

typedef enum pxi_step_kind {
    PXI_STEP_FILL,   /* what is missing is a */
    PXI_STEP_CENTER, /* (x - a) / b */
    PXI_STEP_SCALE,  /* a x + b */
    PXI_STEP_FLOAT,  /* (x - a) b, in floats */
} pxi_step_kind;
typedef struct pxi_step {
    pxi_step_kind kind;
    double a[PX_N_INPUTS], b[PX_N_INPUTS];
} pxi_step;

typedef enum pxi_link {
    PXI_LINK_NONE,
    PXI_LINK_LOGISTIC,       /* 1 / (1 + exp(-slope s)) */
    PXI_LINK_LOGISTIC_FLOAT, /* in floats, of |s|, as ONNX Runtime does it */
} pxi_link;

typedef enum pxi_calibration {
    PXI_CALIBRATION_NONE,
    PXI_CALIBRATION_SIGMOID,  /* 1 / (1 + exp(a s + b)) */
    PXI_CALIBRATION_ISOTONIC, /* linear between points, the first and the last beyond them */
} pxi_calibration;

enum { PXI_MOST_STEPS = 8, PXI_MOST_MEMBERS = 1000 };
typedef struct pxi_member {
    size_t n_steps;
    pxi_step steps[PXI_MOST_STEPS];
    bool float_inputs; /* rounded behind the steps */
    bool tiny_is_zero; /* inputs within 1e-35 of 0 are 0 behind the steps */
    bool float_sums;
    size_t n_trees;
    pxi_split_tree *trees; /* NULL: a weighted sum */
    double weights[PX_N_INPUTS];
    double start;   /* added to the sum of the trees or of the weighted inputs */
    double divisor; /* of the sum of trees; 0 = none */
    pxi_link link;
    double slope;
    pxi_calibration calibration;
    double a, b;
    size_t n_points;
    double *x, *y; /* x does not fall */
} pxi_member;

typedef struct pxi_committee {
    size_t n_members;
    pxi_member *members;
} pxi_committee;
void pxi_committee_free(pxi_committee *committee);
/* Room for n trees of a member, for n points of its calibration: false on out of memory. */
bool pxi_member_trees(pxi_member *member, size_t n);
bool pxi_member_points(pxi_member *member, size_t n);

/* Holds a tree against the number of columns and finds whether it is one: every node but the root has one
 * parent, and is reached. Errors: PX_EINPUT ("tree 3: node 5 ..."). */
px_status pxi_split_tree_check(const pxi_foreign_file *file, const pxi_split_tree *tree, size_t number,
                               size_t n_columns, px_error *err);

/* Takes the committee, also where it fails, and keeps the bytes of the file, which are the model's file too.
 */
px_status pxi_committee_make(const px_learner *learner, const pxi_foreign_file *file,
                             const pxi_columns *columns, pxi_committee *committee, px_predictor **out,
                             px_error *err);

/* Functions of px_learner. */
px_status pxi_committee_predict(const px_predictor *predictor, const float *x, size_t n, double *p,
                                px_error *err);
px_status pxi_committee_predict_doubles(const px_predictor *predictor, const double *x, size_t n, double *p,
                                        px_error *err);
px_status pxi_committee_serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err);
void pxi_committee_spread(const px_predictor *predictor, double *x, size_t n);
px_status pxi_committee_measure(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err);
void pxi_committee_free_predictor(px_predictor *predictor);

#endif
