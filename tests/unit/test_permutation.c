// SPDX-License-Identifier: Apache-2.0
/* Permutation importance: what shuffling an input costs, worked out again, and what it must be at the ends.
 */
#include "learners/exchange.h"
#include "learners/learner.h"
#include "train/permutation.h"

#include "pixity/train.h"
#include "rows_kit.h"

static px_predictor *train(const px_learner *learner, const data *d) {
    const px_learner_config config = px_learner_config_default(learner);
    px_predictor *predictor = NULL;
    assert_int_equal(px_predictor_train(d->x, d->y, d->n, &config, &predictor, NULL), PX_OK);
    return predictor;
}

static px_scores score(const px_predictor *predictor, const float *x, const uint8_t *y, size_t n) {
    px_scores scores;
    double *p = calloc(n, sizeof *p);
    assert_int_equal(px_predictor_predict(predictor, x, n, p, NULL), PX_OK);
    assert_int_equal(px_scores_compute(p, y, n, &scores, NULL), PX_OK);
    free(p);
    return scores;
}

static pxi_permutation measure(const px_predictor *predictor, const data *d, uint64_t stream) {
    pxi_permutation result = pxi_permutation_undefined();
    float *before = malloc(d->n * PX_N_INPUTS * sizeof *before);
    memcpy(before, d->x, d->n * PX_N_INPUTS * sizeof *before);
    const pxi_permutation_rows rows = {d->x, d->y, d->n, stream, NULL};
    assert_int_equal(pxi_permutation_measure(predictor, &rows, &result, NULL), PX_OK);
    assert_memory_equal(before, d->x, d->n * PX_N_INPUTS * sizeof *before); /* rows stay as they are */
    free(before);
    return result;
}

/* One input decides the class: shuffled, nothing is left of an AUC of 1; the others change nothing. */
static void all_of_one_input_and_nothing_of_the_others(void **state) {
    (void)state;
    data d = make_data(2000, 41), fresh = make_data(2000, 42);
    for (size_t i = 0; i < d.n; i++)
        for (int k = 1; k < PX_N_INPUTS; k++)
            d.x[i * PX_N_INPUTS + (size_t)k] = 7;
    for (size_t i = 0; i < d.n; i++) {
        d.y[i] = d.x[i * PX_N_INPUTS] > 0;
        fresh.y[i] = fresh.x[i * PX_N_INPUTS] > 0;
    }
    px_predictor *predictor = train(&pxi_rf, &d);
    const pxi_permutation found = measure(predictor, &fresh, 0);
    assert_true(fabs(found.auc_drop[0] - 0.5) < 0.05);
    assert_true(found.log_loss_rise[0] > 0.1);
    for (int k = 1; k < PX_N_INPUTS; k++)
        assert_true(found.auc_drop[k] == 0 && found.log_loss_rise[k] == 0);
    px_predictor_free(&predictor);
    free_data(&d);
    free_data(&fresh);
}

/* Against many shuffles made here with another generator: the mean of three lies where theirs do. */
static void drops_are_those_of_shuffled_rows(void **state) {
    (void)state;
    enum { SHUFFLES = 60 };
    for (size_t l = 0; px_learner_at(l); l++) {
        data d = make_data(2500, 43), fresh = make_data(1200, 44), copy = make_data(1200, 44);
        px_predictor *predictor = train(px_learner_at(l), &d);
        const px_scores whole = score(predictor, fresh.x, fresh.y, fresh.n);
        const pxi_permutation found = measure(predictor, &fresh, 3);
        uint32_t lcg = 12345;
        for (int k = 0; k < PX_N_INPUTS; k++) {
            double sum = 0, squares = 0;
            for (int s = 0; s < SHUFFLES; s++) {
                for (size_t i = fresh.n - 1; i > 0; i--) {
                    lcg = lcg * 1664525u + 1013904223u;
                    float *a = &copy.x[i * PX_N_INPUTS + (size_t)k];
                    float *b = &copy.x[(lcg >> 8) % (i + 1) * PX_N_INPUTS + (size_t)k], c = *a;
                    *a = *b;
                    *b = c;
                }
                const double drop = whole.auc - score(predictor, copy.x, fresh.y, fresh.n).auc;
                sum += drop;
                squares += drop * drop;
            }
            memcpy(copy.x, fresh.x, fresh.n * PX_N_INPUTS * sizeof *copy.x);
            const double mean = sum / SHUFFLES, deviation = sqrt(fmax(squares / SHUFFLES - mean * mean, 0));
            assert_true(fabs(found.auc_drop[k] - mean) <= 4 * deviation / sqrt(PXI_N_SHUFFLES) + 1e-12);
        }
        assert_true(found.auc_drop[0] > 0.02 && found.log_loss_rise[0] > 0.01);
        px_predictor_free(&predictor);
        free_data(&d);
        free_data(&fresh);
        free_data(&copy);
    }
}

/* Any rows as sources, the same one many times too. */
static void exchanged_rows_are_predicted_as_copies_are(void **state) {
    (void)state;
    enum { ROWS = 301, ORDERS = 2, ALL = PX_N_INPUTS * ORDERS * ROWS };
    static const struct {
        const char *learner, *parameter;
        double value;
    } kinds[] = {
        {"rf", "max_depth", 7},  {"rf", "max_depth", 1},  {"rf", "max_depth", 12}, {"rf", "trees", 33},
        {"gbt", "max_depth", 3}, {"gbt", "max_depth", 6}, {"logistic", NULL, 0},
    };
    data d = make_data(3000, 51), fresh = make_data(ROWS, 52);
    uint32_t from[ALL];
    double *exchanged = malloc(ALL * sizeof *exchanged), *copied = malloc(ALL * sizeof *copied);
    pxi_rng rng;
    pxi_rng_seed(&rng, 53);
    for (size_t i = 0; i < ALL; i++)
        from[i] = (uint32_t)pxi_rng_below(&rng, ROWS);
    for (size_t i = 0; i < ROWS; i += 7)
        fresh.x[i * PX_N_INPUTS + i % PX_N_INPUTS] = i % 2 ? NAN : INFINITY;
    for (size_t i = 0; i < d.n; i += 5) /* some conditions send what is missing right */
        d.x[i * PX_N_INPUTS + i % 3] = NAN;
    const pxi_exchange exchange = {fresh.x, ROWS, ORDERS, from, NULL};
    for (size_t l = 0; l < sizeof kinds / sizeof *kinds; l++) {
        const px_learner *learner = NULL;
        px_predictor *predictor = NULL;
        assert_int_equal(px_learner_find(kinds[l].learner, &learner, NULL), PX_OK);
        px_learner_config config = px_learner_config_default(learner);
        if (kinds[l].parameter)
            assert_int_equal(px_learner_config_set(&config, kinds[l].parameter, kinds[l].value, NULL), PX_OK);
        assert_int_equal(px_predictor_train(d.x, d.y, d.n, &config, &predictor, NULL), PX_OK);
        assert_int_equal(pxi_exchange_predict(predictor, &exchange, exchanged, NULL), PX_OK);
        assert_int_equal(pxi_exchange_copies(predictor, &exchange, copied, NULL), PX_OK);
        assert_memory_equal(exchanged, copied, ALL * sizeof *copied);
        px_predictor_free(&predictor);
    }
    free(exchanged);
    free(copied);
    free_data(&d);
    free_data(&fresh);
}

static void a_stream_is_an_order(void **state) {
    (void)state;
    data d = make_data(800, 45);
    px_predictor *predictor = train(&pxi_logistic, &d);
    const pxi_permutation a = measure(predictor, &d, 1), b = measure(predictor, &d, 1);
    const pxi_permutation c = measure(predictor, &d, 2);
    assert_memory_equal(&a, &b, sizeof a);
    assert_true(a.auc_drop[0] != c.auc_drop[0]);
    px_predictor_free(&predictor);
    free_data(&d);
}

static void undefined_where_there_is_nothing_to_score(void **state) {
    (void)state;
    data d = make_data(200, 46);
    px_predictor *predictor = train(&pxi_logistic, &d);
    memset(d.y, 1, d.n);
    pxi_permutation one_class = measure(predictor, &d, 0);
    assert_true(isnan(one_class.auc_drop[0]) && isfinite(one_class.log_loss_rise[0]));
    d.n = 0;
    pxi_permutation none = measure(predictor, &d, 0);
    assert_true(isnan(none.auc_drop[0]) && isnan(none.log_loss_rise[0]));
    pxi_permutation items[] = {none, one_class, one_class};
    items[1].log_loss_rise[0] = 1;
    items[2].log_loss_rise[0] = 2;
    assert_true(pxi_permutation_mean(items, 3).log_loss_rise[0] == 1.5);
    assert_true(isnan(pxi_permutation_mean(items, 3).auc_drop[0]));
    px_predictor_free(&predictor);
    free_data(&d);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_one_input_and_nothing_of_the_others),
        cmocka_unit_test(drops_are_those_of_shuffled_rows),
        cmocka_unit_test(exchanged_rows_are_predicted_as_copies_are),
        cmocka_unit_test(a_stream_is_an_order),
        cmocka_unit_test(undefined_where_there_is_nothing_to_score),
    };
    return cmocka_run_group_tests_name("permutation", tests, NULL, NULL);
}
