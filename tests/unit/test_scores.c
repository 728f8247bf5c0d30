// SPDX-License-Identifier: Apache-2.0
/* Scores against numbers worked out by hand. */
#include "base/rng.h"
#include "pixity/train.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

static bool near(double a, double b) {
    return fabs(a - b) <= 1e-15 * fmax(1, fabs(b));
}

static px_scores scores_of(const double *p, const uint8_t *y, size_t n) {
    px_scores scores;
    assert_int_equal(px_scores_compute(p, y, n, &scores, NULL), PX_OK);
    return scores;
}

static void scores_by_hand(void **state) {
    (void)state;
    const double p[] = {0.8, 0.4, 0.4, 0.1};
    const uint8_t y[] = {1, 1, 0, 0};
    px_scores s = scores_of(p, y, 4);
    /* Pairs (positive, negative): .8>.4 .8>.1 .4=.4 .4>.1 */
    assert_true(near(s.auc, 3.5 / 4));
    assert_true(near(s.brier, (0.04 + 0.36 + 0.16 + 0.01) / 4));
    assert_true(near(s.log_loss, -(log(0.8) + log(0.4) + log(0.6) + log(0.9)) / 4));
}

static void auc_counts_pairs(void **state) {
    (void)state;
    const double p[] = {0.2, 0.2, 0.5, 0.7, 0.7, 0.7, 0.9};
    const uint8_t y[] = {0, 1, 1, 0, 1, 0, 0};
    double won = 0;
    for (int i = 0; i < 7; i++)
        for (int j = 0; j < 7; j++)
            if (y[i] && !y[j])
                won += p[i] > p[j] ? 1 : p[i] == p[j] ? 0.5 : 0;
    assert_true(near(scores_of(p, y, 7).auc, won / (3 * 4)));
    const double flat[] = {0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3};
    assert_true(near(scores_of(flat, y, 7).auc, 0.5));
}

static void certain_and_wrong_is_finite(void **state) {
    (void)state;
    const double p[] = {0, 1};
    const uint8_t y[] = {1, 0};
    px_scores s = scores_of(p, y, 2);
    assert_true(fabs(s.log_loss - -log(1e-15)) < 0.1); /* 1 - (1 - 1e-15) is not 1e-15 in doubles */
    assert_true(near(s.brier, 1));
    assert_true(s.auc == 0);
}

static void undefined_where_there_is_nothing_to_compare(void **state) {
    (void)state;
    const double p[] = {0.5, 0.5};
    const uint8_t y[] = {1, 1};
    px_scores none = scores_of(p, y, 0), one_class = scores_of(p, y, 2);
    assert_true(isnan(none.auc) && isnan(none.log_loss) && isnan(none.brier));
    assert_true(isnan(one_class.auc) && near(one_class.log_loss, log(2)) && near(one_class.brier, 0.25));
}

static void calibration_bins(void **state) {
    (void)state;
    const double p[] = {0, 0.05, 0.1, 0.99, 1};
    const uint8_t y[] = {0, 1, 1, 0, 1};
    px_calibration_bin bins[PX_N_CALIBRATION_BINS];
    px_calibration_compute(p, y, 5, bins);
    assert_int_equal(bins[0].n, 2);
    assert_true(near(bins[0].mean_p, 0.025) && near(bins[0].frequency, 0.5));
    assert_int_equal(bins[1].n, 1);
    assert_int_equal(bins[9].n, 2);
    assert_true(near(bins[9].mean_p, 0.995) && near(bins[9].frequency, 0.5));
    assert_true(bins[5].n == 0 && isnan(bins[5].mean_p) && isnan(bins[5].frequency));
}

static void calibration_adds_up_by_hand(void **state) {
    (void)state;
    const double p[] = {0.02, 0.08, 0.5, 0.5, 0.5, 0.5, 0.91, 0.93};
    const uint8_t y[] = {0, 1, 1, 0, 0, 0, 1, 1};
    px_calibration_bin bins[PX_N_CALIBRATION_BINS];
    px_calibration_compute(p, y, 8, bins);
    const px_calibration_summary sum = px_calibration_summarize(bins);
    /* frequencies 1/2, 1/4, 1 of 2, 4, 2 rows at mean p 0.05, 0.5, 0.92; 1/2 overall */
    assert_true(near(sum.error, (2 * 0.45 + 4 * 0.25 + 2 * 0.08) / 8));
    assert_true(near(sum.reliability, (2 * 0.45 * 0.45 + 4 * 0.25 * 0.25 + 2 * 0.08 * 0.08) / 8));
    assert_true(near(sum.resolution, (2 * 0.0 + 4 * 0.25 * 0.25 + 2 * 0.5 * 0.5) / 8));
    assert_true(near(sum.uncertainty, 0.25));
}

/* Where every bin holds one probability nothing is left inside the bins. */
static void brier_score_is_the_sum_of_its_parts(void **state) {
    (void)state;
    enum { N = 500 };
    double p[N];
    uint8_t y[N];
    px_calibration_bin bins[PX_N_CALIBRATION_BINS];
    pxi_rng rng;
    pxi_rng_seed(&rng, 6);
    for (int i = 0; i < N; i++) {
        p[i] = ((double)pxi_rng_below(&rng, 10) + 0.3) / 10;
        y[i] = pxi_rng_uniform(&rng) < 0.5 * p[i] + 0.1;
    }
    px_calibration_compute(p, y, N, bins);
    const px_calibration_summary sum = px_calibration_summarize(bins);
    assert_true(fabs(sum.reliability - sum.resolution + sum.uncertainty - scores_of(p, y, N).brier) < 1e-12);
    px_calibration_compute(p, y, 0, bins);
    assert_true(isnan(px_calibration_summarize(bins).error) &&
                isnan(px_calibration_summarize(bins).uncertainty));
}

static void thresholds_take_what_reaches_them(void **state) {
    (void)state;
    const double p[] = {0.29, 0.3, 0.45, 0.7};
    const uint8_t y[] = {1, 0, 1, 1};
    const double r[] = {2, -1, 2, 1.5};
    px_threshold_row rows[PX_N_THRESHOLDS];
    px_thresholds_compute(p, y, r, 4, rows);
    assert_true(rows[0].threshold == 0.3 && rows[3].threshold == 0.45 && rows[8].threshold == 0.7);
    assert_int_equal(rows[0].n, 3); /* at least, as serving does */
    assert_true(near(rows[0].mean_r, 2.5 / 3) && near(rows[0].hit_rate, 2.0 / 3));
    assert_int_equal(rows[3].n, 2);
    assert_true(near(rows[3].mean_r, 1.75) && near(rows[3].hit_rate, 1));
    assert_int_equal(rows[8].n, 1);
    px_thresholds_compute(p, y, r, 1, rows);
    assert_true(rows[0].n == 0 && isnan(rows[0].mean_r) && isnan(rows[0].hit_rate));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_by_hand),
        cmocka_unit_test(auc_counts_pairs),
        cmocka_unit_test(certain_and_wrong_is_finite),
        cmocka_unit_test(undefined_where_there_is_nothing_to_compare),
        cmocka_unit_test(calibration_bins),
        cmocka_unit_test(calibration_adds_up_by_hand),
        cmocka_unit_test(brier_score_is_the_sum_of_its_parts),
        cmocka_unit_test(thresholds_take_what_reaches_them),
    };
    return cmocka_run_group_tests_name("scores", tests, NULL, NULL);
}
