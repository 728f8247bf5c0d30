// SPDX-License-Identifier: Apache-2.0
/* Out-of-fold validation by hand: a learner that says what its first input asks for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "train/evaluate.h"
#include "learners/learner.h"

#include <math.h>
#include <stdlib.h>

enum { BLOCK = 10, N_ROWS = BLOCK * (PX_N_FOLDS + 1) };

/* What the first input of a row asks for: a probability below 0.6, at it, or the next double above it. */
enum { BELOW, AT, ABOVE };

static px_status predict(const px_predictor *predictor, const float *x, size_t n, double *p, px_error *err) {
    (void)predictor, (void)err;
    const double says[] = {nextafter(0.6, 0), 0.6, nextafter(0.6, 1)};
    for (size_t i = 0; i < n; i++)
        p[i] = says[(int)x[i * PX_N_INPUTS]];
    return PX_OK;
}

static px_status train(const float *x, const uint8_t *y, size_t n, const px_learner_config *config,
                       px_predictor **out, px_error *err) {
    (void)x, (void)y, (void)n, (void)err;
    *out = calloc(1, sizeof **out);
    assert_non_null(*out);
    (*out)->learner = config->learner;
    return PX_OK;
}

static px_status measure(const px_predictor *predictor, double share[PX_N_INPUTS], px_error *err) {
    (void)predictor, (void)err;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        share[k] = k == 0;
    return PX_OK;
}

static void release(px_predictor *predictor) {
    free(predictor);
}

static const px_learner obedient = {
    .name = "obedient",
    .train = train,
    .predict = predict,
    .measure = measure,
    .free = release,
};

/* Rows one bar apart, longs and shorts in turn; all say BELOW and bring 9 R until a test changes them. */
typedef struct table {
    float x[N_ROWS * PX_N_INPUTS];
    uint8_t y[N_ROWS];
    double r[N_ROWS];
    px_side side[N_ROWS];
    size_t bar[N_ROWS];
    pxi_rows rows;
    pxi_evaluation evaluation;
} table;

static table *make(void) {
    table *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (size_t i = 0; i < N_ROWS; i++) {
        t->y[i] = i % 2;
        t->r[i] = 9;
        t->side[i] = i % 2 ? PX_SHORT : PX_LONG;
        t->bar[i] = i;
    }
    t->rows = (pxi_rows){.n = N_ROWS,
                         .x = t->x,
                         .y = t->y,
                         .r = t->r,
                         .side = t->side,
                         .begin_bar = t->bar,
                         .end_bar = t->bar};
    return t;
}

/* Row `i` of a fold's block. */
static void set(table *t, int fold, size_t i, int says, double r) {
    const size_t row = BLOCK * (size_t)(fold + 1) + i;
    t->x[row * PX_N_INPUTS] = (float)says;
    t->r[row] = r;
}

static void evaluate(table *t, double long_threshold, double short_threshold) {
    const px_learner_config config = {.learner = &obedient};
    const pxi_evaluation_request request = {
        .rows = &t->rows,
        .learner = &config,
        .embargo_bars = -1,
        .long_threshold = long_threshold,
        .short_threshold = short_threshold,
    };
    pxi_evaluation_free(&t->evaluation);
    assert_int_equal(pxi_evaluate(&request, &t->evaluation, NULL), PX_OK);
}

static void drop(table *t) {
    pxi_evaluation_free(&t->evaluation);
    free(t);
}

/* `reference` takes the fold of the best mean R at p > 0.6: a row at 0.6 itself is none of them. */
static void test_the_best_fold_is_above_the_selection_threshold(void **state) {
    (void)state;
    table *t = make();
    const pxi_fold_result *folds = t->evaluation.folds;
    evaluate(t, 0.45, 0.45);
    assert_int_equal(pxi_evaluation_best(&t->evaluation), -1);
    set(t, 0, 3, AT, 9);
    evaluate(t, 0.45, 0.45);
    assert_int_equal(folds[0].n_selected, 0);
    assert_true(isnan(folds[0].selected_mean_r));
    assert_int_equal(pxi_evaluation_best(&t->evaluation), -1);
    set(t, 3, 0, ABOVE, -0.5);
    set(t, 3, 9, ABOVE, -0.25);
    evaluate(t, 0.45, 0.45);
    assert_int_equal(folds[3].n_selected, 2);
    assert_true(folds[3].selected_mean_r == -0.375);
    assert_int_equal(pxi_evaluation_best(&t->evaluation), 3); /* the only one, though it loses */
    set(t, 1, 5, ABOVE, 0.5);
    set(t, 4, 5, ABOVE, 0.5);
    evaluate(t, 0.45, 0.45);
    assert_int_equal(pxi_evaluation_best(&t->evaluation), 1); /* of equals the first */
    drop(t);
}

/* What the settings would take is what a run takes: the probability at the threshold too. */
static void test_the_configured_thresholds_are_reached_by_equals(void **state) {
    (void)state;
    table *t = make();
    set(t, 0, 0, AT, 1);     /* long */
    set(t, 0, 2, ABOVE, 2);  /* long */
    set(t, 0, 1, AT, -1);    /* short */
    set(t, 0, 3, ABOVE, -2); /* short */
    evaluate(t, 0.6, nextafter(0.6, 1));
    const pxi_selection *configured = t->evaluation.folds[0].test.configured;
    assert_int_equal(configured[PXI_SELECT_LONG].n, 2);
    assert_true(configured[PXI_SELECT_LONG].mean_r == 1.5);
    assert_int_equal(configured[PXI_SELECT_SHORT].n, 1);
    assert_true(configured[PXI_SELECT_SHORT].mean_r == -2);
    assert_int_equal(configured[PXI_SELECT_BOTH].n, 3);
    assert_int_equal(configured[PXI_SELECT_BOTH].n_targets, 1);
    evaluate(t, nextafter(0.6, 1), 0.6);
    assert_int_equal(configured[PXI_SELECT_LONG].n, 1);
    assert_int_equal(configured[PXI_SELECT_SHORT].n, 2);
    drop(t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_best_fold_is_above_the_selection_threshold),
        cmocka_unit_test(test_the_configured_thresholds_are_reached_by_equals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
