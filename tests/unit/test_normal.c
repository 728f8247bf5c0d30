// SPDX-License-Identifier: Apache-2.0
/* Normal distribution and the certainty of Sharpe ratios, against SciPy 1.10.1 (scipy.stats.norm). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "metrics/sharpe.h"
#include "base/normal.h"

#include <math.h>

static void assert_close(double a, double b) {
    assert_true(fabs(a - b) <= 1e-12 * fmax(1.0, fabs(b)));
}

static void test_quantile(void **state) {
    (void)state;
    const struct {
        double p, z;
    } cases[] = {
        {1e-300, -37.0470962993612},      {1e-20, -9.262340089798409},  {1e-12, -7.034483825301131},
        {1e-6, -4.753424308822899},       {0.001, -3.090232306167813},  {0.05, -1.6448536269514729},
        {0.0749999, -1.439532177375901},  {0.075, -1.4395314709384563}, {0.1, -1.2815515655446004},
        {0.25, -0.6744897501960817},      {0.4, -0.2533471031357997},   {0.5, 0},
        {0.6, 0.2533471031357997},        {0.9, 1.2815515655446004},    {0.92500001, 1.4395315415821681},
        {0.975, 1.959963984540054},       {0.999, 3.090232306167813},   {0.999999, 4.753424308817087},
        {1 - 0x1p-50, 7.956038125481531},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_close(pxi_normal_quantile(cases[i].p), cases[i].z);
    assert_true(pxi_normal_quantile(0) == -INFINITY && pxi_normal_quantile(1) == INFINITY);
    assert_true(isnan(pxi_normal_quantile(-0.1)) && isnan(pxi_normal_quantile(1.1)));
    assert_true(isnan(pxi_normal_quantile(NAN)));
}

static void test_cdf(void **state) {
    (void)state;
    const struct {
        double z, p;
    } cases[] = {
        {-37, 5.7255712225239266e-300}, {-10, 7.61985302416047e-24},  {-3, 0.0013498980316300933},
        {-1.5, 0.06680720126885807},    {-1e-9, 0.49999999960105773}, {0, 0.5},
        {0.3, 0.6179114221889526},      {1, 0.8413447460685429},      {2.5, 0.9937903346742238},
        {6, 0.9999999990134123},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(fabs(pxi_normal_cdf(cases[i].z) / cases[i].p - 1) <= 1e-12);
    assert_true(pxi_normal_cdf(-INFINITY) == 0 && pxi_normal_cdf(INFINITY) == 1);
}

/* One is the inverse of the other, in every branch and across their borders. */
static void test_round_trip(void **state) {
    (void)state;
    for (int i = 1; i < 20000; i++) {
        double p = i / 20000.0, tail = pow(10, -i / 100.0);
        assert_true(fabs(pxi_normal_cdf(pxi_normal_quantile(p)) / p - 1) < 1e-12);
        assert_close(pxi_normal_quantile(p), -pxi_normal_quantile(1 - p));
        if (tail > 1e-290)
            assert_true(fabs(pxi_normal_cdf(pxi_normal_quantile(tail)) / tail - 1) < 1e-11);
    }
}

/* The numerical example of Bailey and Lopez de Prado 2014: five years of 250 days, annualised 2.5, variance
 * of the annualised trials 1/2. Of 100 trials the best would show 0.1132 a day, and 0.9004 remains; 0.9505 of
 * 46, and of 88 where returns are normal. */
static void test_example_of_the_paper(void **state) {
    (void)state;
    pxi_sharpe sharpe = {2.5 / sqrt(250), -3, 10, 1250}, normal = {2.5 / sqrt(250), 0, 3, 1250};
    double variance = 0.5 / 250, best = pxi_sharpe_best_of(100, variance);
    assert_true(fabs(best - 0.1132) < 5e-5);
    assert_true(fabs(pxi_sharpe_probability(&sharpe, best) - 0.9004) < 5e-5);
    best = pxi_sharpe_best_of(46, variance);
    assert_true(fabs(pxi_sharpe_probability(&sharpe, best) - 0.9505) < 5e-5);
    best = pxi_sharpe_best_of(88, variance);
    assert_true(fabs(pxi_sharpe_probability(&normal, best) - 0.9505) < 5e-5);
}

static void test_undefined(void **state) {
    (void)state;
    pxi_sharpe one = {0.1, 0, 3, 1}, skewed = {1, 3, 1, 100}, unknown = {NAN, NAN, NAN, 100};
    assert_true(isnan(pxi_sharpe_probability(&one, 0)));
    assert_true(isnan(pxi_sharpe_probability(&skewed, 0))); /* a negative variance of the estimate */
    assert_true(isnan(pxi_sharpe_probability(&unknown, 0)));
    /* by the upper tail: 1 - 1/n of many trials has no digits left of 1/n */
    assert_true(fabs(pxi_sharpe_best_of(1000000000, 1) / 6.090388996413457 - 1) < 1e-11);
    assert_true(isnan(pxi_sharpe_best_of(1, 0.1)) && isnan(pxi_sharpe_best_of(2, NAN)));
    assert_true(pxi_sharpe_best_of(2, 0) == 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantile),   cmocka_unit_test(test_cdf),
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_example_of_the_paper),
        cmocka_unit_test(test_undefined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
