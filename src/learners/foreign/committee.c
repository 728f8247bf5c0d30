// SPDX-License-Identifier: Apache-2.0
#include "learners/foreign/committee.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct committee {
    px_predictor base;
    pxi_committee model;
    pxi_columns columns;
    char *bytes;
    size_t length;
} committee;

static const committee *committee_of(const px_predictor *predictor) {
    return (const committee *)predictor;
}

/* ---- making ------------------------------------------------------------------------------------------- */

void pxi_committee_free(pxi_committee *model) {
    for (size_t m = 0; m < model->n_members && model->members; m++) {
        pxi_member *member = &model->members[m];
        for (size_t t = 0; t < member->n_trees && member->trees; t++)
            free(member->trees[t].nodes);
        free(member->trees);
        free(member->x);
        free(member->y);
    }
    free(model->members);
    *model = (pxi_committee){0};
}

bool pxi_member_trees(pxi_member *member, size_t n) {
    member->trees = pxi_new_array(n, sizeof *member->trees);
    member->n_trees = member->trees ? n : 0;
    return member->trees;
}

bool pxi_member_points(pxi_member *member, size_t n) {
    member->x = pxi_new_array(n, sizeof *member->x);
    member->y = pxi_new_array(n, sizeof *member->y);
    member->n_points = n;
    return member->x && member->y;
}

static px_status check_split(const pxi_foreign_file *file, const pxi_split_tree *tree, size_t number,
                             size_t i, size_t n_columns, px_error *err) {
    const pxi_split *node = &tree->nodes[i];
    const int n = (int)tree->n;
    if (node->left < 0 && node->right < 0)
        return isfinite(node->value)
                   ? PX_OK
                   : pxi_foreign_fail(file, err, "tree %zu: leaf %zu has no finite value", number, i);
    if (node->left < 1 || node->left >= n || node->right < 1 || node->right >= n)
        return pxi_foreign_fail(file, err, "tree %zu: node %zu has the children %d and %d of %d nodes",
                                number, i, node->left, node->right, n);
    if (node->column < 0 || node->column >= (int)n_columns)
        return pxi_foreign_fail(file, err, "tree %zu: node %zu splits on input %d of 0 .. %zu", number, i,
                                node->column, n_columns - 1);
    return isnan(node->value)
               ? pxi_foreign_fail(file, err, "tree %zu: the threshold of node %zu is no number", number, i)
               : PX_OK;
}

px_status pxi_split_tree_check(const pxi_foreign_file *file, const pxi_split_tree *tree, size_t number,
                               size_t n_columns, px_error *err) {
    size_t n_known = 1;
    px_status status = PX_OK;
    size_t *reached = pxi_new_array(tree->n, sizeof *reached);
    bool *met = pxi_new_array(tree->n, sizeof *met);
    if (!reached || !met) {
        free(reached);
        free(met);
        return pxi_fail_memory(err);
    }
    for (size_t i = 0; i < n_known && !status; i++) {
        const pxi_split *node = &tree->nodes[reached[i]];
        status = check_split(file, tree, number, reached[i], n_columns, err);
        const int children[] = {node->left, node->right};
        for (int c = 0; c < 2 && !status && node->left >= 0; c++) {
            if (met[children[c]])
                status =
                    pxi_foreign_fail(file, err, "tree %zu: node %d is the child of two", number, children[c]);
            else
                reached[n_known++] = (size_t)children[c];
            met[children[c]] = true;
        }
    }
    if (!status && n_known < tree->n)
        status = pxi_foreign_fail(file, err, "tree %zu: %zu of its %zu nodes cannot be reached from node 0",
                                  number, tree->n - n_known, tree->n);
    free(reached);
    free(met);
    return status;
}

px_status pxi_committee_make(const px_learner *learner, const pxi_foreign_file *file,
                             const pxi_columns *columns, pxi_committee *model, px_predictor **out,
                             px_error *err) {
    committee *made = pxi_new_array(1, sizeof *made);
    char *bytes = pxi_new_array(file->length + 1, 1);
    if (!made || !bytes) {
        free(made);
        free(bytes);
        pxi_committee_free(model);
        return pxi_fail_memory(err);
    }
    memcpy(bytes, file->bytes, file->length);
    *made = (committee){{learner}, *model, *columns, bytes, file->length};
    *model = (pxi_committee){0};
    *out = &made->base;
    return PX_OK;
}

void pxi_committee_free_predictor(px_predictor *predictor) {
    committee *made = (committee *)predictor;
    pxi_committee_free(&made->model);
    free(made->bytes);
    free(made);
}

px_status pxi_committee_serialize(const px_predictor *predictor, char **bytes, size_t *length,
                                  px_error *err) {
    const committee *c = committee_of(predictor);
    char *copy = pxi_new_array(c->length + 1, 1);
    if (!copy)
        return pxi_fail_memory(err);
    memcpy(copy, c->bytes, c->length);
    *bytes = copy;
    *length = c->length;
    return PX_OK;
}

/* ---- a row -------------------------------------------------------------------------------------------- */

static void take_steps(const pxi_member *member, double *x, size_t n) {
    for (size_t s = 0; s < member->n_steps; s++) {
        const pxi_step *step = &member->steps[s];
        for (size_t c = 0; c < n; c++)
            if (step->kind == PXI_STEP_CENTER)
                x[c] = (x[c] - step->a[c]) / step->b[c];
            else if (step->kind == PXI_STEP_SCALE)
                x[c] = x[c] * step->a[c] + step->b[c];
            else if (step->kind == PXI_STEP_FLOAT)
                x[c] = (double)(((float)x[c] - (float)step->a[c]) * (float)step->b[c]);
            else if (isnan(x[c]))
                x[c] = step->a[c];
    }
}

/* As LightGBM has it, whose bound is a float. */
static bool is_zero(double x) {
    const double bound = (double)1e-35F;
    return x >= -bound && x <= bound;
}

static bool goes_left(const pxi_split *node, double x) {
    const bool defined = x == x;
    if (!defined && node->missing <= PXI_MISSING_LEFT)
        return node->missing == PXI_MISSING_LEFT;
    x = defined ? x : 0;
    if (node->missing >= PXI_ZERO_RIGHT && is_zero(x))
        return node->missing == PXI_ZERO_LEFT;
    return node->strict ? x < node->value : x <= node->value;
}

static double leaf_of(const pxi_split_tree *tree, const double *x) {
    const pxi_split *node = tree->nodes;
    while (node->left >= 0)
        node = &tree->nodes[goes_left(node, x[node->column]) ? node->left : node->right];
    return node->value;
}

static double sum_of_trees(const pxi_member *member, const double *x) {
    double sum = 0;
    float floats = 0;
    for (size_t t = 0; t < member->n_trees; t++) {
        const double leaf = leaf_of(&member->trees[t], x);
        sum += leaf;
        floats += (float)leaf;
    }
    sum = member->float_sums ? (double)(floats + (float)member->start) : sum + member->start;
    return member->divisor > 0 ? sum / member->divisor : sum;
}

static double weighted_sum(const pxi_member *member, const double *x, size_t n_columns) {
    double sum = 0;
    for (size_t c = 0; c < n_columns; c++)
        sum += member->weights[c] * x[c];
    return sum + member->start;
}

static double linked(const pxi_member *member, double s) {
    if (member->link == PXI_LINK_LOGISTIC)
        return 1 / (1 + exp(-member->slope * s));
    if (member->link == PXI_LINK_NONE)
        return s;
    const float p = 1.0F / (1.0F + expf(-fabsf((float)s)));
    return (double)(s < 0 ? 1.0F - p : p);
}

/* Between the points that surround s, as NumPy and SciPy interpolate. */
static double interpolated(const pxi_member *member, double s) {
    const double *x = member->x, *y = member->y;
    size_t low = 0, high = member->n_points - 1;
    if (!(s > x[0]))
        return s == s ? y[0] : s;
    if (s >= x[high])
        return y[high];
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (s < x[middle])
            high = middle;
        else
            low = middle;
    }
    return y[low] + (y[high] - y[low]) / (x[high] - x[low]) * (s - x[low]);
}

static double calibrated(const pxi_member *member, double s) {
    if (member->calibration == PXI_CALIBRATION_SIGMOID)
        return 1 / (1 + exp(member->a * s + member->b));
    return member->calibration == PXI_CALIBRATION_ISOTONIC ? interpolated(member, s) : s;
}

static double answer(const committee *c, const double *row) {
    double sum = 0;
    for (size_t m = 0; m < c->model.n_members; m++) {
        const pxi_member *member = &c->model.members[m];
        double x[PX_N_INPUTS];
        for (size_t i = 0; i < c->columns.n; i++) {
            const double value = row[c->columns.input_of[i]];
            x[i] = isfinite(value) ? value : NAN;
        }
        take_steps(member, x, c->columns.n);
        for (size_t i = 0; i < c->columns.n; i++) {
            x[i] = member->float_inputs ? (double)(float)x[i] : x[i];
            x[i] = member->tiny_is_zero && is_zero(x[i]) ? 0 : x[i];
        }
        const double s = member->trees ? sum_of_trees(member, x) : weighted_sum(member, x, c->columns.n);
        sum += calibrated(member, linked(member, s));
    }
    return c->model.n_members > 1 ? sum / (double)c->model.n_members : sum;
}

/* What rounding leaves outside of [0, 1] is brought back; what lies further out is no probability. NaN, of a
 * row that misses what the model needs, stays. */
px_status pxi_committee_predict_doubles(const px_predictor *predictor, const double *x, size_t n, double *p,
                                        px_error *err) {
    const double dust = 1e-5;
    const committee *c = committee_of(predictor);
    for (size_t i = 0; i < n; i++) {
        const double value = answer(c, &x[i * PX_N_INPUTS]);
        if (value < -dust || value > 1 + dust)
            return pxi_fail(err, PX_ECORRUPT, "the model gave %g for a probability", value);
        p[i] = value < 0 ? 0 : value > 1 ? 1 : value;
    }
    return PX_OK;
}

px_status pxi_committee_predict(const px_predictor *predictor, const float *x, size_t n, double *p,
                                px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < n && !status; i++) {
        double row[PX_N_INPUTS];
        for (size_t k = 0; k < PX_N_INPUTS; k++)
            row[k] = (double)x[i * PX_N_INPUTS + k];
        status = pxi_committee_predict_doubles(predictor, row, 1, &p[i], err);
    }
    return status;
}

/* ---- looking inside ----------------------------------------------------------------------------------- */

/* Condition number `stop` of a column; returns how many there are up to it. */
static size_t count_splits(const pxi_member *member, size_t column, size_t stop, double *condition) {
    size_t n = 0;
    for (size_t t = 0; t < member->n_trees; t++)
        for (size_t i = 0; i < member->trees[t].n; i++) {
            const pxi_split *node = &member->trees[t].nodes[i];
            if (node->left < 0 || node->column != (int)column || !isfinite(node->value))
                continue;
            *condition = node->value;
            if (n++ == stop)
                return n;
        }
    return n;
}

/* The input that the steps bring to z. */
static double before_steps(const pxi_member *member, size_t column, double z) {
    for (size_t s = member->n_steps; s-- > 0;) {
        const pxi_step *step = &member->steps[s];
        const double a = step->a[column], b = step->b[column];
        if (step->kind == PXI_STEP_CENTER)
            z = z * b + a;
        else if (step->kind == PXI_STEP_SCALE)
            z = a != 0 ? (z - b) / a : 0;
        else if (step->kind == PXI_STEP_FLOAT)
            z = b != 0 ? z / b + a : 0;
    }
    return z;
}

/* On conditions of the first member's trees; of weights, around what its steps make 0. */
void pxi_committee_spread(const px_predictor *predictor, double *x, size_t n) {
    const committee *c = committee_of(predictor);
    const pxi_member *member = &c->model.members[0];
    for (size_t i = 0; i < n * PX_N_INPUTS; i++)
        x[i] = NAN;
    for (size_t column = 0; column < c->columns.n; column++) {
        double z = 0;
        const size_t n_splits = count_splits(member, column, SIZE_MAX, &z);
        for (size_t i = 0; i < n; i++) {
            if (n_splits)
                count_splits(member, column, n_splits * i / n, &z);
            else
                z = ((double)((i * (column + 1)) % n) - 4.5) / 2;
            x[i * PX_N_INPUTS + (size_t)c->columns.input_of[column]] = before_steps(member, column, z);
        }
    }
}

px_status pxi_committee_measure(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    const committee *c = committee_of(predictor);
    double total = 0;
    (void)err;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        share[k] = 0;
    for (size_t m = 0; m < c->model.n_members; m++) {
        const pxi_member *member = &c->model.members[m];
        for (size_t i = 0; i < c->columns.n && !member->trees; i++)
            share[c->columns.input_of[i]] += fabs(member->weights[i]);
        for (size_t t = 0; t < member->n_trees; t++)
            for (size_t i = 0; i < member->trees[t].n; i++) {
                const pxi_split *node = &member->trees[t].nodes[i];
                if (node->left >= 0)
                    share[c->columns.input_of[node->column]] += node->gain;
            }
    }
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        total += share[k];
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        share[k] = total > 0 && isfinite(total) ? share[k] / total : 0;
    return PX_OK;
}
