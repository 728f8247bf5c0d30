// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/risk.h"

#include <math.h>

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

static int32_t date_of(int year, int month, int day) {
    return px_date_from_civil((px_civil){year, month, day});
}

static double fee(px_segment segment, px_side side, double quantity, double price) {
    return px_fee(px_fee_rates_on(segment, date_of(2025, 1, 6), NULL), side, quantity, price);
}

/* 100 shares at 1000: a turnover of one lakh, for which the exchange publishes 2.97 + 0.10 rupees (NSE,
 * charges from 2024-10-01), so that each line can be read off a contract note. */
static void test_intraday_by_hand(void **state) {
    (void)state;
    double services = 20.0 + 3.07 + 0.10, gst = 0.18 * services;
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 1000), services + gst + 3.0);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_SHORT, 100, 1000), services + gst + 25.0);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 1000), 30.3406);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_SHORT, 100, 1000), 52.3406);
}

static void test_brokerage_is_capped(void **state) {
    (void)state;
    double small = 3.0 + 0.307 + 0.01; /* 10 shares: 0.03 % of 10,000 is under the cap of 20 */
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 10, 1000), 1.18 * small + 0.3);
}

static void test_delivery_by_hand(void **state) {
    (void)state;
    double services = 3.07 + 0.10;
    assert_near(fee(PX_SEGMENT_DELIVERY, PX_LONG, 100, 1000), 1.18 * services + 100 + 15);
    assert_near(fee(PX_SEGMENT_DELIVERY, PX_SHORT, 100, 1000), 1.18 * services + 100);
}

static void test_flat_sides_charges_both_sides_alike(void **state) {
    (void)state;
    double expected = 1.18 * (20 + 3.45 + 0.10) + 25 + 3;
    assert_near(fee(PX_SEGMENT_FLAT_SIDES, PX_LONG, 100, 1000), expected);
    assert_near(fee(PX_SEGMENT_FLAT_SIDES, PX_SHORT, 100, 1000), expected);
}

static void test_no_segment_costs_nothing(void **state) {
    (void)state;
    bool outside = true;
    assert_null(px_fee_rates_on(PX_SEGMENT_NONE, date_of(2025, 1, 6), &outside));
    assert_false(outside);
    assert_true(px_fee(NULL, PX_LONG, 100, 1000) == 0.0);
}

static void test_rates_before_their_date_are_marked(void **state) {
    (void)state;
    bool outside;
    px_fee_rates_on(PX_SEGMENT_INTRADAY, date_of(2024, 9, 30), &outside);
    assert_true(outside);
    px_fee_rates_on(PX_SEGMENT_INTRADAY, date_of(2024, 10, 1), &outside);
    assert_false(outside);
    assert_ptr_equal(px_fee_rates_on(PX_SEGMENT_INTRADAY, date_of(2019, 1, 1), NULL),
                     px_fee_rates_on(PX_SEGMENT_INTRADAY, date_of(2025, 1, 1), NULL));
    px_fee_rates_on(PX_SEGMENT_FLAT_SIDES, date_of(2000, 1, 1), &outside);
    assert_false(outside);
}

static void test_segment_by_fees_and_product(void **state) {
    (void)state;
    px_config config = px_config_default();
    assert_int_equal(px_fee_segment(&config), PX_SEGMENT_INTRADAY);
    assert_int_equal(px_fee_segment_overnight(PX_SEGMENT_INTRADAY), PX_SEGMENT_DELIVERY);
    assert_int_equal(px_fee_segment_overnight(PX_SEGMENT_FLAT_SIDES), PX_SEGMENT_FLAT_SIDES);
    config.fees = PX_FEES_FLAT_SIDES;
    assert_int_equal(px_fee_segment(&config), PX_SEGMENT_FLAT_SIDES);
    config.product = PX_PRODUCT_INDEX;
    assert_int_equal(px_fee_segment(&config), PX_SEGMENT_NONE);
    config.product = PX_PRODUCT_ANY;
    config.fees = PX_FEES_NONE;
    assert_int_equal(px_fee_segment(&config), PX_SEGMENT_NONE);
}

static void test_slippage_moves_against_the_trade(void **state) {
    (void)state;
    px_config config = px_config_default();
    assert_true(px_slip(1234.55, PX_LONG, &config) == 1234.55);
    config.slippage_bps = 5;
    assert_near(px_slip(1000, PX_LONG, &config), 1000.5);
    assert_near(px_slip(1000, PX_SHORT, &config), 999.5);
}

/* ---- sizing ------------------------------------------------------------------------------------------- */

static px_size_request request_of(double price, double risk) {
    return (px_size_request){
        .price = price, .risk_distance = risk, .equity = 100000, .quantity = NAN, .lot_size = 1};
}

static void test_risk_sizes_the_position(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 7);
    assert_true(px_risk_quantity(&request, &config) == 71); /* floor(500 / 7) */
}

static void test_leverage_caps_the_position(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(1000, 0.5);
    assert_true(px_risk_quantity(&request, &config) == 500); /* 5 x 100,000 / 1,000, not 1,000 */
    request.equity = 50000;
    assert_true(px_risk_quantity(&request, &config) == 250);
    request.equity = -10;
    assert_true(px_risk_quantity(&request, &config) == 0);
}

static void test_leverage_cap_is_never_exceeded(void **state) {
    (void)state;
    px_config config = px_config_default();
    for (int i = 1; i <= 20000; i++) {
        px_size_request request = request_of(0.05 * i, 1e-9);
        double quantity = px_risk_quantity(&request, &config);
        assert_true(quantity * request.price <= config.leverage * request.equity);
        assert_true((quantity + 2) * request.price > config.leverage * request.equity);
    }
}

static void test_position_size_and_lots(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    config.max_position_size = 60;
    assert_true(px_risk_quantity(&request, &config) == 60);
    request.lot_size = 25;
    assert_true(px_risk_quantity(&request, &config) == 50);
    request.lot_size = 75;
    assert_true(px_risk_quantity(&request, &config) == 0);
}

static void test_reference_caps_by_initial_capital_and_shares(void **state) {
    (void)state;
    px_config config = px_config_default();
    config.equity_cap = PX_EQUITY_INITIAL;
    px_size_request request = request_of(100, 0.25);
    request.equity = 1;
    assert_true(px_risk_quantity(&request, &config) == 1000); /* not 2,000 by risk, nor 0 by current equity */
    request.price = 1000;
    assert_true(px_risk_quantity(&request, &config) == 500);
}

static void test_asked_quantity_is_respected_within_the_caps(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    request.quantity = 33;
    assert_true(px_risk_quantity(&request, &config) == 33);
    request.quantity = 1e6;
    assert_true(px_risk_quantity(&request, &config) == 5000);
    request.quantity = 0.5;
    assert_true(px_risk_quantity(&request, &config) == 0);
}

static void test_without_stop_a_fraction_of_equity_at_leverage_one(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(333, NAN);
    assert_true(px_risk_quantity(&request, &config) == 285); /* floor(95,000 / 333) */
    request.quantity = 1e6;
    assert_true(px_risk_quantity(&request, &config) == 300); /* floor(100,000 / 333) */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intraday_by_hand),
        cmocka_unit_test(test_brokerage_is_capped),
        cmocka_unit_test(test_delivery_by_hand),
        cmocka_unit_test(test_flat_sides_charges_both_sides_alike),
        cmocka_unit_test(test_no_segment_costs_nothing),
        cmocka_unit_test(test_rates_before_their_date_are_marked),
        cmocka_unit_test(test_segment_by_fees_and_product),
        cmocka_unit_test(test_slippage_moves_against_the_trade),
        cmocka_unit_test(test_risk_sizes_the_position),
        cmocka_unit_test(test_leverage_caps_the_position),
        cmocka_unit_test(test_leverage_cap_is_never_exceeded),
        cmocka_unit_test(test_position_size_and_lots),
        cmocka_unit_test(test_reference_caps_by_initial_capital_and_shares),
        cmocka_unit_test(test_asked_quantity_is_respected_within_the_caps),
        cmocka_unit_test(test_without_stop_a_fraction_of_equity_at_leverage_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
