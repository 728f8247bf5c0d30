// SPDX-License-Identifier: Apache-2.0
/* The forest against its definition: leaves recomputed from the training rows by replaying the bootstrap. */
#include "learners/rf.h"
#include "learners/trees.h"

#include "base/hash.h"
#include "rows_kit.h"

#include <pthread.h>

enum { N_TREES = 100, MAX_DEPTH = 7, SEED = 42 }; /* defaults */

static void set(px_learner_config *config, const char *name, double value) {
    assert_int_equal(px_learner_config_set(config, name, value, NULL), PX_OK);
}

static px_predictor *train(const data *d, const px_learner_config *config) {
    px_predictor *forest = NULL;
    px_error err;
    if (px_predictor_train(d->x, d->y, d->n, config, &forest, &err))
        fail_msg("%s", err.message);
    return forest;
}

static void hash_of(const px_predictor *forest, char out[65]) {
    char *bytes;
    size_t length;
    assert_int_equal(px_predictor_serialize(forest, &bytes, &length, NULL), PX_OK);
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, bytes, length);
    pxi_hash_hex(&hash, out);
    free(bytes);
}

static const pxi_tree_node *leaf_of(const pxi_tree *tree, const float *x) {
    const pxi_tree_node *node = tree->nodes;
    while (node->left >= 0) {
        const float value = x[node->input];
        const bool goes_left = isnan(value) ? node->missing_left : value < node->value;
        node = &tree->nodes[node->left + !goes_left];
    }
    return node;
}

static int count_leaves(const pxi_tree *tree, size_t at, int depth, int *deepest) {
    const int left = tree->nodes[at].left;
    *deepest = depth > *deepest ? depth : *deepest;
    return left < 0 ? 1
                    : count_leaves(tree, (size_t)left, depth + 1, deepest) +
                          count_leaves(tree, (size_t)left + 1, depth + 1, deepest);
}

#define MAX_NODES 512
/* Routes the drawn rows through one tree and compares each leaf with its class frequency. */
static void check_tree(const pxi_tree *tree, int number, const data *d, const size_t *row_at, float *counts,
                       double *largest_error) {
    double drawn[MAX_NODES] = {0}, positive[MAX_NODES] = {0}, value[MAX_NODES] = {0};
    int leaves_met = 0, deepest = 0;
    pxi_forest_bootstrap(SEED, number, d->n, counts);
    for (size_t at = 0; at < d->n; at++) {
        size_t i = row_at[at];
        if (counts[at] == 0)
            continue;
        const pxi_tree_node *leaf = leaf_of(tree, &d->x[i * PX_N_INPUTS]);
        const ptrdiff_t id = leaf - tree->nodes;
        assert_true(id >= 0 && id < MAX_NODES);
        leaves_met += drawn[id] == 0;
        drawn[id] += (double)counts[at];
        positive[id] += d->y[i] ? (double)counts[at] : 0;
        value[id] = (double)leaf->value * N_TREES;
    }
    for (int id = 0; id < MAX_NODES; id++)
        if (drawn[id] > 0)
            *largest_error = fmax(*largest_error, fabs(value[id] - positive[id] / drawn[id]));
    assert_int_equal(leaves_met, count_leaves(tree, 0, 0, &deepest)); /* no leaf without a drawn row */
    assert_true(deepest >= 1 && deepest <= MAX_DEPTH);
}

static void leaves_are_class_frequencies(void **state) {
    (void)state;
    const size_t sizes[] = {2, 40, 700, 5000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        data d = make_data(sizes[s], 11 + s);
        d.y[0] = 1, d.y[1] = 0;
        px_learner_config config = px_learner_config_default(&pxi_rf);
        px_predictor *forest = train(&d, &config);
        const pxi_ensemble *trees = pxi_trees_ensemble(forest);
        size_t *row_at = calloc(d.n, sizeof *row_at);
        float *counts = calloc(d.n, sizeof *counts);
        double largest_error = 0;
        assert_int_equal(pxi_forest_order(d.x, d.n, row_at, NULL), PX_OK);
        assert_int_equal(trees->n, N_TREES);
        for (int t = 0; t < N_TREES; t++) {
            if (trees->trees[t].n > 1) /* a draw of equal rows has nothing to split */
                check_tree(&trees->trees[t], t, &d, row_at, counts, &largest_error);
        }
        assert_true(largest_error < 1e-6);
        free(row_at);
        free(counts);
        px_predictor_free(&forest);
        free_data(&d);
    }
}

static void probability_is_the_mean_over_trees(void **state) {
    (void)state;
    data d = make_data(900, 3), fresh = make_data(500, 4);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    px_predictor *forest = train(&d, &config);
    const pxi_ensemble *trees = pxi_trees_ensemble(forest);
    double *p = calloc(fresh.n, sizeof *p);
    assert_int_equal(px_predictor_predict(forest, fresh.x, fresh.n, p, NULL), PX_OK);
    for (size_t i = 0; i < fresh.n; i++) {
        double sum = 0;
        for (size_t t = 0; t < trees->n; t++)
            sum += (double)leaf_of(&trees->trees[t], &fresh.x[i * PX_N_INPUTS])->value;
        assert_true(fabs(p[i] - sum) < 1e-6);
        assert_true(p[i] >= 0 && p[i] <= 1);
    }
    free(p);
    px_predictor_free(&forest);
    free_data(&d);
    free_data(&fresh);
}

/* Live use predicts one event at a time: it must get the batch's numbers, bit for bit. */
static void prediction_does_not_depend_on_neighbours(void **state) {
    (void)state;
    data d = make_data(600, 5), fresh = make_data(333, 6);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    px_predictor *forest = train(&d, &config), *loaded = NULL;
    char *bytes;
    size_t length;
    double *p = calloc(fresh.n, sizeof *p), one, again;
    assert_int_equal(px_predictor_serialize(forest, &bytes, &length, NULL), PX_OK);
    assert_int_equal(px_predictor_deserialize(&pxi_rf, bytes, length, &loaded, NULL), PX_OK);
    assert_int_equal(px_predictor_predict(forest, fresh.x, fresh.n, p, NULL), PX_OK);
    for (size_t i = 0; i < fresh.n; i++) {
        assert_int_equal(px_predictor_predict(forest, &fresh.x[i * PX_N_INPUTS], 1, &one, NULL), PX_OK);
        assert_int_equal(px_predictor_predict(loaded, &fresh.x[i * PX_N_INPUTS], 1, &again, NULL), PX_OK);
        assert_memory_equal(&one, &p[i], sizeof one);
        assert_memory_equal(&again, &p[i], sizeof again);
    }
    assert_int_equal(pxi_trees_ensemble(loaded)->n, 100);
    free(p);
    free(bytes);
    px_predictor_free(&forest);
    px_predictor_free(&loaded);
    free_data(&d);
    free_data(&fresh);
}

static void *train_in_thread(void *hash) {
    data d = make_data(1500, 7);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    px_predictor *forest = train(&d, &config);
    hash_of(forest, hash);
    px_predictor_free(&forest);
    free_data(&d);
    return NULL;
}

static void same_rows_same_bytes(void **state) {
    (void)state;
    char first[65], second[65], third[65], other[65];
    train_in_thread(first);
    data between = make_data(100, 8); /* leaves XGBoost's generator in another state */
    px_learner_config config = px_learner_config_default(&pxi_rf);
    set(&config, "seed", 1);
    px_predictor *forest = train(&between, &config);
    px_predictor_free(&forest);
    free_data(&between);
    train_in_thread(second);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, train_in_thread, third), 0);
    pthread_join(thread, NULL);
    assert_string_equal(first, second);
    assert_string_equal(first, third);

    data d = make_data(1500, 7);
    forest = train(&d, &config);
    hash_of(forest, other);
    assert_string_not_equal(first, other); /* the seed matters */
    px_predictor_free(&forest);
    free_data(&d);
}

/* With equal bootstraps only the inputs that a node tries can differ: the stream must run on from tree to
 * tree, though XGBoost counts every such call as iteration 0. */
static void trees_try_different_inputs(void **state) {
    (void)state;
    data d = make_data(3000, 9);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    px_predictor *forest = train(&d, &config);
    const pxi_ensemble *trees = pxi_trees_ensemble(forest);
    int roots[PX_N_INPUTS] = {0};
    for (size_t t = 0; t < trees->n; t++)
        roots[trees->trees[t].nodes[0].input]++;
    /* 2 of 7 inputs are tried, so the strongest one stands at the root of 2/7 of the trees: 28.6 +- 4.5 */
    for (int k = 0; k < PX_N_INPUTS; k++)
        assert_true(roots[k] <= 28 + 5 * 5);
    assert_true(roots[0] >= 10 && roots[1] >= 10);
    for (size_t t = 1; t < trees->n; t++) {
        const pxi_tree *tree = &trees->trees[t], *before = &trees->trees[t - 1];
        assert_false(tree->n == before->n &&
                     memcmp(tree->nodes, before->nodes, tree->n * sizeof *tree->nodes) == 0);
    }
    px_predictor_free(&forest);
    free_data(&d);
}

static void rows_not_drawn_do_not_matter(void **state) {
    (void)state;
    data d = make_data(500, 10);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    set(&config, "trees", 1);
    char before[65], after[65];
    size_t *row_at = calloc(d.n, sizeof *row_at), n_flipped = 0;
    float *counts = calloc(d.n, sizeof *counts);
    px_predictor *forest = train(&d, &config);
    hash_of(forest, before);
    px_predictor_free(&forest);
    assert_int_equal(pxi_forest_order(d.x, d.n, row_at, NULL), PX_OK);
    pxi_forest_bootstrap(SEED, 0, d.n, counts);
    for (size_t at = 0; at < d.n; at++)
        if (counts[at] == 0) {
            d.y[row_at[at]] ^= 1;
            n_flipped++;
        }
    assert_true(n_flipped >= 130 && n_flipped <= 240); /* n/e = 184 +- 11 */
    forest = train(&d, &config);
    hash_of(forest, after);
    assert_string_equal(before, after);
    px_predictor_free(&forest);
    free(row_at);
    free(counts);
    free_data(&d);
}

static void one_class_is_certain(void **state) {
    (void)state;
    data d = make_data(60, 12);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    double p[60], share[PX_N_INPUTS];
    for (int y = 0; y <= 1; y++) {
        memset(d.y, y, d.n);
        px_predictor *forest = train(&d, &config);
        assert_int_equal(px_predictor_predict(forest, d.x, d.n, p, NULL), PX_OK);
        for (size_t i = 0; i < d.n; i++)
            assert_true(fabs(p[i] - y) < 1e-5);
        assert_int_equal(px_predictor_importance(forest, share, NULL), PX_OK);
        for (int k = 0; k < PX_N_INPUTS; k++)
            assert_true(share[k] == 0);
        px_predictor_free(&forest);
    }
    free_data(&d);
}

static void importance_finds_what_matters(void **state) {
    (void)state;
    data d = make_data(4000, 13);
    px_learner_config config = px_learner_config_default(&pxi_rf);
    px_predictor *forest = train(&d, &config);
    double share[PX_N_INPUTS], sum = 0;
    assert_int_equal(px_predictor_importance(forest, share, NULL), PX_OK);
    for (int k = 0; k < PX_N_INPUTS; k++)
        sum += share[k];
    assert_true(fabs(sum - 1) < 1e-12);
    assert_true(share[0] > 0.2 && share[1] > 0.2 && share[KIT_INPUT_HOUR] > share[KIT_INPUT_MINUTE]);
    px_predictor_free(&forest);
    free_data(&d);
}

static void bad_requests_are_refused(void **state) {
    (void)state;
    data d = make_data(10, 14);
    px_predictor *forest = NULL;
    px_error err;
    px_learner_config config = px_learner_config_default(&pxi_rf);
    assert_int_equal(px_predictor_train(d.x, d.y, 0, &config, &forest, &err), PX_EINPUT);
    assert_int_equal(px_learner_config_set(&config, "inputs_per_node", 8, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "a whole number from 1 to 7"));
    assert_int_equal(px_learner_config_set(&config, "trees", 1.5, &err), PX_EINPUT);
    assert_int_equal(px_learner_config_set(&config, "trees", NAN, &err), PX_EINPUT);
    assert_int_equal(px_learner_config_set(&config, "tree", 5, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "did you mean \"trees\""));
    config.values[1] = 0;
    assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &forest, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "max_depth of learner rf is 0"));
    config = px_learner_config_default(&pxi_rf);
    d.x[3] = INFINITY;
    assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &forest, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "adx of training row 0 is infinite"));
    assert_null(strchr(err.message, '\n'));
    assert_int_equal(px_predictor_deserialize(&pxi_rf, "no model", 8, &forest, &err), PX_ECORRUPT);
    assert_null(forest);
    free_data(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_are_class_frequencies),
        cmocka_unit_test(probability_is_the_mean_over_trees),
        cmocka_unit_test(prediction_does_not_depend_on_neighbours),
        cmocka_unit_test(same_rows_same_bytes),
        cmocka_unit_test(trees_try_different_inputs),
        cmocka_unit_test(rows_not_drawn_do_not_matter),
        cmocka_unit_test(one_class_is_certain),
        cmocka_unit_test(importance_finds_what_matters),
        cmocka_unit_test(bad_requests_are_refused),
    };
    return cmocka_run_group_tests_name("forest", tests, NULL, NULL);
}
