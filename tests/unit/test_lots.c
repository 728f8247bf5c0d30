// SPDX-License-Identifier: Apache-2.0
/* Quantities in lots are decided by decimals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "depth.h"
#include "pixity/number.h"
#include "risk/lots.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_lots_by_hand(void **state) {
    (void)state;
    const struct {
        double quantity, lot, lots, cut;
    } rows[] = {
        {0.3, 0.1, 3, 0.3},
        {0.1 + 0.2, 0.1, 3, 0.3},           /* 0.30000000000000004 */
        {0.29999999999999998, 0.1, 3, 0.3}, /* the same double as 0.3 */
        {0.29999999999999993, 0.1, 2, 0.2},
        {0.7, 0.1, 7, 0.7},
        {1.1, 0.001, 1100, 1.1},
        {0.0009999, 0.001, 0, 0},
        {2.5, 0.25, 10, 2.5},
        {7.4, 2.5, 2, 5},
        {0.16666666666666666, 0.001, 166, 0.166},
        {1e-5, 1e-8, 1000, 1e-5},
        {123456.789, 1e-8, 12345678900000, 123456.789},
        {1e-300, 0.001, 0, 0},
        {74.6, 1, 74, 74},
        {99, 25, 3, 75},
        {-3, 0.1, 0, 0},
        {-3, 1, 0, 0},
        {NAN, 0.1, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(pxi_lots_in(rows[i].quantity, rows[i].lot) == rows[i].lots);
        assert_true(pxi_whole_lots(rows[i].quantity, rows[i].lot) == rows[i].cut);
    }
    assert_true(pxi_whole_lots(0.1 + 0.2, 0) == 0.1 + 0.2 && pxi_whole_lots(-1, 0) == 0);
    assert_true(pxi_lot_less(0.3, 0.1) == 0.2 && pxi_lot_less(0.1, 0.1) == 0 && pxi_lot_less(50, 25) == 25);
    assert_true(pxi_lot_less(0.5, 0) == nextafter(0.5, 0) && pxi_lot_less(0, 0) == 0);
}

/* Where a double cannot tell lots apart, quantities are right to its last bit. */
static void test_more_lots_than_a_double_tells(void **state) {
    (void)state;
    const double many[] = {1e15, 1e16, 3.3e20, 1e300};
    for (size_t i = 0; i < sizeof many / sizeof many[0]; i++) {
        const double cut = pxi_whole_lots(many[i] * 0.001, 0.001);
        assert_true(fabs(cut - many[i] * 0.001) <= 3e-16 * cut);
    }
    assert_true(pxi_whole_lots(INFINITY, 0.1) == INFINITY);
}

/* n * digits, `places` of them behind the point, as it is written by hand: 3 * 25 with 2 places is 0.75. */
static void spell(uint64_t units, int places, char out[40]) {
    char digits[40];
    snprintf(digits, sizeof digits, "%0*llu", places + 1, (unsigned long long)units);
    const size_t whole = strlen(digits) - (size_t)places;
    size_t n = (size_t)snprintf(out, 40, "%.*s.%s", (int)whole, digits, digits + whole);
    while (out[n - 1] == '0')
        n--;
    out[out[n - 1] == '.' ? n - 1 : n] = '\0';
}

/* Any lot, any number of lots: the quantity prints as their product, holds exactly them, and parts add up. */
static void test_quantities_are_decimals(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 7);
    for (int round = 0; round < rounds(200000); round++) {
        const int places = 1 + (int)pxi_rng_below(&rng, 9);
        const uint64_t digits = 1 + pxi_rng_below(&rng, round % 2 ? 9 : 9999);
        const uint64_t most = UINT64_C(999999999999999) / digits, n = 1 + pxi_rng_below(&rng, most);
        const double lot = (double)digits / pow(10, places);
        char wanted[40], text[PX_DOUBLE_TEXT_SIZE];
        spell(n * digits, places, wanted);
        const double quantity = pxi_lots_quantity((double)n, lot);
        assert_true(quantity == strtod(wanted, NULL));
        if (quantity >= 1e-5) {
            px_double_format(quantity, text);
            assert_string_equal(text, wanted);
        }
        assert_true(pxi_lots_in(quantity, lot) == (double)n);
        assert_true(pxi_whole_lots(nextafter(quantity, 0), lot) <= quantity);
        const uint64_t part = pxi_rng_below(&rng, n + 1);
        const double rest = (double)n - pxi_lots_in(pxi_lots_quantity((double)part, lot), lot);
        assert_true(rest == (double)(n - part));
    }
}

/* Whole lots are what they were before there were fractions. */
static void test_whole_lots_are_plain_arithmetic(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 8);
    for (int round = 0; round < rounds(200000); round++) {
        const double lot = 1 + (double)pxi_rng_below(&rng, round % 3 ? 100 : 1);
        const double quantity = (double)pxi_rng_below(&rng, 1000000) * (round % 2 ? 1 : 1.0 / 7);
        const double cut = floor(floor(quantity) / lot) * lot;
        assert_true(pxi_whole_lots(quantity, lot) == cut);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lots_by_hand),
        cmocka_unit_test(test_more_lots_than_a_double_tells),
        cmocka_unit_test(test_quantities_are_decimals),
        cmocka_unit_test(test_whole_lots_are_plain_arithmetic),
    };
    return cmocka_run_group_tests_name("lots", tests, NULL, NULL);
}
