// SPDX-License-Identifier: Apache-2.0
#include "learners/trees.h"

#include "base/error.h"
#include "base/mem.h"
#include "learners/flat.h"

#include <math.h>
#include <stdlib.h>

typedef struct trees {
    px_predictor base;
    pxi_ensemble ensemble;
    pxi_flat *flat; /* of the same trees */
} trees;

static const trees *trees_of(const px_predictor *predictor) {
    return (const trees *)predictor;
}

px_status pxi_trees_make(const px_learner *learner, pxi_ensemble *ensemble, px_predictor **out,
                         px_error *err) {
    trees *made = pxi_new_array(1, sizeof *made);
    if (!made) {
        pxi_ensemble_free(ensemble);
        return pxi_fail_memory(err);
    }
    made->base.learner = learner;
    made->ensemble = *ensemble;
    *ensemble = (pxi_ensemble){0};
    px_status status = pxi_flat_make(made->ensemble.trees, made->ensemble.n, &made->flat, err);
    if (status)
        pxi_trees_free(&made->base);
    else
        *out = &made->base;
    return status;
}

const pxi_ensemble *pxi_trees_ensemble(const px_predictor *predictor) {
    return &trees_of(predictor)->ensemble;
}

void pxi_trees_free(px_predictor *predictor) {
    trees *made = (trees *)predictor;
    pxi_flat_free(made->flat);
    pxi_ensemble_free(&made->ensemble);
    free(made);
}

/* ---- predicting --------------------------------------------------------------------------------------- */

/* Outside [0, 1] there is only the rounding of sums of frequencies. */
static px_status to_probabilities(double *p, size_t n, px_error *err) {
    const double dust = 1e-5;
    for (size_t i = 0; i < n; i++)
        if (!(p[i] >= -dust && p[i] <= 1 + dust))
            return pxi_fail(err, PX_ECORRUPT, "the model gave %g for a probability", p[i]);
    for (size_t i = 0; i < n; i++)
        p[i] = fmin(fmax(p[i], 0), 1);
    return PX_OK;
}

/* How many trees are added up in floats before these parts are added in double. The rounding of floats over a
 * thousand frequencies would show in the sixth decimal. */
static size_t trees_at_once(const pxi_ensemble *ensemble) {
    enum { FREQUENCIES = 32 };
    return ensemble->vote == PXI_VOTE_MEAN ? FREQUENCIES : ensemble->n;
}

static float margin_of(float base) {
    return -logf(1.0F / base - 1.0F);
}

/* Where the floats start. */
static float start_of(const pxi_ensemble *ensemble) {
    return ensemble->vote == PXI_VOTE_LOGIT_FLOAT ? margin_of(ensemble->base) : 0;
}

static double logistic_of_floats(float sum) {
    return (double)(1.0F / (expf(fminf(-sum, 88.7F)) + 1.0F + 1e-16F));
}

/* Sums become probabilities. Those of PXI_VOTE_LOGIT_FLOAT and _LAST are as XGBoost answers of files that
 * it wrote, to the last bit. */
static px_status finish(const pxi_ensemble *ensemble, double *p, size_t n, px_error *err) {
    if (ensemble->vote == PXI_VOTE_MEAN)
        return to_probabilities(p, n, err);
    const float last = ensemble->vote == PXI_VOTE_LOGIT_FLOAT_LAST ? margin_of(ensemble->base) : 0;
    for (size_t i = 0; i < n; i++)
        p[i] = ensemble->vote == PXI_VOTE_LOGIT ? 1 / (1 + exp(-(ensemble->start + p[i])))
                                                : logistic_of_floats((float)p[i] + last);
    return PX_OK;
}

static void clear(double *sum, size_t n) {
    for (size_t i = 0; i < n; i++)
        sum[i] = 0;
}

px_status pxi_trees_predict(const px_predictor *predictor, const float *x, size_t n, double *p,
                            px_error *err) {
    const trees *t = trees_of(predictor);
    clear(p, n);
    pxi_flat_add(t->flat, x, n, trees_at_once(&t->ensemble), start_of(&t->ensemble), p);
    return finish(&t->ensemble, p, n, err);
}

px_status pxi_trees_exchange(const px_predictor *predictor, const pxi_exchange *exchange, double *p,
                             px_error *err) {
    const pxi_ensemble *ensemble = pxi_trees_ensemble(predictor);
    const size_t n = exchange->n * PX_N_INPUTS * exchange->n_orders;
    if (!pxi_exchange_fits(ensemble->trees, ensemble->n))
        return pxi_exchange_copies(predictor, exchange, p, err);
    clear(p, n);
    px_status status =
        pxi_exchange_add(exchange, ensemble, trees_at_once(ensemble), start_of(ensemble), p, err);
    return status ? status : finish(ensemble, p, n, err);
}

/* ---- on disk ------------------------------------------------------------------------------------------ */

px_status pxi_trees_serialize(const px_predictor *predictor, char **bytes, size_t *length, px_error *err) {
    return pxi_tree_file_write(&trees_of(predictor)->ensemble, bytes, length, err);
}

/* Splits are on inputs by their place in the file; from here on by that in the table. */
static void place_inputs(pxi_ensemble *ensemble, const int *input_of) {
    for (size_t t = 0; t < ensemble->n; t++)
        for (size_t i = 0; i < ensemble->trees[t].n; i++) {
            pxi_tree_node *node = &ensemble->trees[t].nodes[i];
            if (node->left >= 0)
                node->input = input_of[node->input];
        }
}

px_status pxi_trees_place(const px_learner *learner, pxi_ensemble *ensemble, const int *input_of,
                          px_predictor **out, px_error *err) {
    place_inputs(ensemble, input_of);
    return pxi_trees_make(learner, ensemble, out, err);
}

px_status pxi_trees_deserialize(const px_learner *learner, const pxi_model_bytes *file, px_predictor **out,
                                px_error *err) {
    pxi_ensemble ensemble = {0};
    px_status status = pxi_tree_file_read(file->bytes, file->length, file->n_inputs, &ensemble, err);
    return status ? status : pxi_trees_place(learner, &ensemble, file->input_of, out, err);
}

/* ---- looking inside ----------------------------------------------------------------------------------- */

static size_t count_splits(const pxi_ensemble *ensemble, int input, size_t stop, float *condition) {
    size_t n = 0;
    for (size_t t = 0; t < ensemble->n; t++)
        for (size_t i = 0; i < ensemble->trees[t].n; i++) {
            const pxi_tree_node *node = &ensemble->trees[t].nodes[i];
            if (node->left < 0 || node->input != input || !isfinite(node->value))
                continue;
            *condition = node->value;
            if (n++ == stop)
                return n;
        }
    return n;
}

void pxi_trees_spread(const px_predictor *predictor, double *x, size_t n) {
    const pxi_ensemble *ensemble = pxi_trees_ensemble(predictor);
    for (int k = 0; k < PX_N_INPUTS; k++) {
        float condition = NAN;
        const size_t n_splits = count_splits(ensemble, k, SIZE_MAX, &condition);
        for (size_t i = 0; i < n; i++) {
            condition = NAN;
            if (n_splits)
                count_splits(ensemble, k, n_splits * i / n, &condition);
            x[i * PX_N_INPUTS + (size_t)k] = (double)condition;
        }
    }
}

/* The node after `at` where every node stands before its children and the right child before the left one;
 * -1 past the last. */
static int next_node(const pxi_tree_node *nodes, int at) {
    if (nodes[at].left >= 0)
        return nodes[at].left + 1;
    while (at > 0 && at == nodes[nodes[at].parent].left)
        at = nodes[at].parent;
    return at - 1; /* the left sibling; of the root -1 */
}

/* Floats in the order in which XGBoost adds them up: reports keep its numbers to the last digit. */
px_status pxi_trees_gain(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    const pxi_ensemble *ensemble = pxi_trees_ensemble(predictor);
    float sums[PX_N_INPUTS] = {0};
    double total = 0;
    (void)err;
    for (size_t t = 0; t < ensemble->n; t++) {
        const pxi_tree_node *nodes = ensemble->trees[t].nodes;
        for (int i = 0; i >= 0; i = next_node(nodes, i))
            if (nodes[i].left >= 0)
                sums[nodes[i].input] += nodes[i].gain;
    }
    for (int k = 0; k < PX_N_INPUTS; k++)
        total += (double)sums[k];
    for (int k = 0; k < PX_N_INPUTS; k++)
        share[k] = total > 0 ? (double)sums[k] / total : 0;
    return PX_OK;
}
