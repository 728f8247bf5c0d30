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

/* The fee of a fill on a date by the built-in rates. */
static double fee_on(int32_t date, px_segment segment, px_side side, double quantity, double price) {
    return px_fee(px_fee_rates_on(NULL, segment, date, NULL), side, quantity, price);
}

static double fee(px_segment segment, px_side side, double quantity, double price) {
    return fee_on(date_of(2025, 1, 6), segment, side, quantity, price);
}

/* 100 shares at 1000: a turnover of one lakh, so that each line can be read off a contract note. The exchange
 * publishes 2.97 rupees a lakh of cash turnover (NSE, 2024-09-27) and 0.10 for its Investor Protection Fund
 * Trust (NSE, 2023-03-24), SEBI 10 rupees a crore (2021-04-01), the Indian Stamp Act (article 56A,
 * 2020-07-01) 3 rupees a lakh bought intraday and 15 for delivery, the Finance (No. 2) Act 2004 (section 98)
 * 25 rupees a lakh sold intraday and 100 a lakh delivered; GST 18 % on services (2017-07-01). */
static void test_intraday_by_hand(void **state) {
    (void)state;
    double services = 20.0 + 3.07 + 0.10, gst = 0.18 * services;
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 1000), services + gst + 3.0);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_SHORT, 100, 1000), services + gst + 25.0);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 1000), 30.3406);
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_SHORT, 100, 1000), 52.3406);
}

/* 0.03 % reaches 20 rupees at a turnover of 66,666.67. */
static void test_brokerage_is_capped(void **state) {
    (void)state;
    double small = 3.0 + 0.307 + 0.01; /* 10 shares: 0.03 % of 10,000 is under the cap of 20 */
    assert_near(fee(PX_SEGMENT_INTRADAY, PX_LONG, 10, 1000), 1.18 * small + 0.3);
    double below = fee(PX_SEGMENT_INTRADAY, PX_LONG, 66, 1000),
           above = fee(PX_SEGMENT_INTRADAY, PX_LONG, 67, 1000);
    assert_near(below, 1.18 * (19.8 + 66000 * 0.0000317) + 66000 * 0.00003);
    assert_near(above, 1.18 * (20.0 + 67000 * 0.0000317) + 67000 * 0.00003);
    assert_near(fee(PX_SEGMENT_FUTURES, PX_LONG, 66, 1000),
                1.18 * (19.8 + 66000 * 0.0000193) + 66000 * 0.00002);
    assert_near(fee(PX_SEGMENT_FUTURES, PX_LONG, 67, 1000),
                1.18 * (20.0 + 67000 * 0.0000193) + 67000 * 0.00002);
}

static void test_delivery_by_hand(void **state) {
    (void)state;
    double services = 3.07 + 0.10;
    assert_near(fee(PX_SEGMENT_DELIVERY, PX_LONG, 100, 1000), 1.18 * services + 100 + 15);
    assert_near(fee(PX_SEGMENT_DELIVERY, PX_SHORT, 100, 1000), 1.18 * services + 100);
    assert_near(fee(PX_SEGMENT_DELIVERY, PX_LONG, 100, 1000), 118.7406);
}

/* The exchange publishes 1.73 rupees a lakh of futures turnover (NSE, 2024-09-27), stamp duty is 2 rupees a
 * lakh bought. STT on sales, a lakh: 10 rupees (Finance Act 2013), 20 from 2024-10-01 (Finance (No. 2) Act
 * 2024), 50 from 2026-04-01 (Finance Bill 2026, clause 143). */
static void test_futures_by_hand_at_each_date(void **state) {
    (void)state;
    const struct {
        int32_t date;
        double stt;
    } rows[] = {
        {date_of(2012, 11, 1), 10}, {date_of(2013, 6, 1), 10}, {date_of(2024, 9, 30), 10},
        {date_of(2024, 10, 1), 20}, {date_of(2025, 6, 2), 20}, {date_of(2026, 3, 31), 20},
        {date_of(2026, 4, 1), 50},  {date_of(2030, 1, 1), 50},
    };
    double services = 1.18 * (20 + 1.83 + 0.10); /* 25.8774 */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_near(fee_on(rows[i].date, PX_SEGMENT_FUTURES, PX_LONG, 100, 1000), services + 2);
        assert_near(fee_on(rows[i].date, PX_SEGMENT_FUTURES, PX_SHORT, 100, 1000), services + rows[i].stt);
    }
    assert_near(fee(PX_SEGMENT_FUTURES, PX_SHORT, 100, 1000), 45.8774);
}

/* The original system: 20 rupees flat, and each side as if it were purchase and sale. */
static void test_flat_sides_charges_both_sides_alike(void **state) {
    (void)state;
    double expected = 1.18 * (20 + 3.45 + 0.10) + 25 + 3;
    assert_near(fee(PX_SEGMENT_FLAT_SIDES, PX_LONG, 100, 1000), expected);
    assert_near(fee(PX_SEGMENT_FLAT_SIDES, PX_SHORT, 100, 1000), expected);
    assert_near(expected, 55.789);
    assert_near(fee_on(date_of(1999, 1, 1), PX_SEGMENT_FLAT_SIDES, PX_LONG, 100, 1000), expected);
}

static void test_no_segment_costs_nothing(void **state) {
    (void)state;
    int32_t known_from = 1;
    assert_null(px_fee_rates_on(NULL, PX_SEGMENT_NONE, date_of(2025, 1, 6), &known_from));
    assert_int_equal(known_from, INT32_MIN);
    assert_true(px_fee(NULL, PX_LONG, 100, 1000) == 0.0);
}

static void test_rates_outside_their_dates_are_marked(void **state) {
    (void)state;
    const int32_t change = date_of(2024, 10, 1);
    const struct {
        px_segment segment;
        int32_t date, known_from;
    } rows[] = {
        {PX_SEGMENT_INTRADAY, change - 1, change},
        {PX_SEGMENT_INTRADAY, change, INT32_MIN},
        {PX_SEGMENT_DELIVERY, INT32_MIN, change},
        {PX_SEGMENT_DELIVERY, change, INT32_MIN},
        {PX_SEGMENT_FUTURES, date_of(2012, 1, 2), change}, /* before the oldest row */
        {PX_SEGMENT_FUTURES, change - 1, change},          /* in a row that is approximate */
        {PX_SEGMENT_FUTURES, change, INT32_MIN},
        {PX_SEGMENT_FUTURES, date_of(2027, 1, 1), INT32_MIN},
        {PX_SEGMENT_FLAT_SIDES, date_of(2000, 1, 1), INT32_MIN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t known_from;
        px_fee_rates_on(NULL, rows[i].segment, rows[i].date, &known_from);
        assert_int_equal(known_from, rows[i].known_from);
    }
    assert_ptr_equal(px_fee_rates_on(NULL, PX_SEGMENT_INTRADAY, date_of(2019, 1, 1), NULL),
                     px_fee_rates_on(NULL, PX_SEGMENT_INTRADAY, date_of(2025, 1, 1), NULL));
}

static void test_segment_by_fees_and_product(void **state) {
    (void)state;
    const struct {
        px_product product;
        px_segment segment, overnight;
    } rows[] = {
        {PX_PRODUCT_ANY, PX_SEGMENT_INTRADAY, PX_SEGMENT_DELIVERY},
        {PX_PRODUCT_INTRADAY, PX_SEGMENT_INTRADAY, PX_SEGMENT_DELIVERY},
        {PX_PRODUCT_DELIVERY, PX_SEGMENT_DELIVERY, PX_SEGMENT_DELIVERY},
        {PX_PRODUCT_FUTURES, PX_SEGMENT_FUTURES, PX_SEGMENT_FUTURES},
        {PX_PRODUCT_INDEX, PX_SEGMENT_NONE, PX_SEGMENT_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        px_config config = px_config_default();
        config.product = rows[i].product;
        assert_int_equal(px_fee_segment(&config), rows[i].segment);
        assert_int_equal(px_fee_segment_overnight(&config), rows[i].overnight);
        config.fees = PX_FEES_FLAT_SIDES;
        px_segment flat = config.product == PX_PRODUCT_INDEX ? PX_SEGMENT_NONE : PX_SEGMENT_FLAT_SIDES;
        assert_int_equal(px_fee_segment(&config), flat);
        assert_int_equal(px_fee_segment_overnight(&config), flat);
        config.fees = PX_FEES_NONE;
        assert_int_equal(px_fee_segment(&config), PX_SEGMENT_NONE);
        assert_int_equal(px_fee_segment_overnight(&config), PX_SEGMENT_NONE);
    }
}

static void test_slippage_moves_against_the_trade(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_market_fill odd = {.price = 1234.55, .side = PX_LONG};
    px_market_fill buy = {1000, PX_LONG, 50, 0.05, 4, 6, 200}, sell = buy;
    sell.side = PX_SHORT;
    assert_true(px_slip(&odd, &config) == 1234.55);
    config.slippage_bps = 5;
    assert_near(px_slip(&buy, &config), 1000.5);
    assert_near(px_slip(&sell, &config), 999.5);
    config.slippage_bps = 0;
    const struct {
        px_slippage slippage;
        double paid;
    } rows[] = {
        {{PX_SLIPPAGE_NONE, 0}, 0},     {{PX_SLIPPAGE_BPS, 5}, 0.5},      {{PX_SLIPPAGE_TICKS, 3}, 0.15},
        {{PX_SLIPPAGE_RANGE, 0.25}, 1}, {{PX_SLIPPAGE_VOLUME, 0.5}, 1.5}, /* 0.5 x 6 x sqrt(50 / 200) */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        config.slippage = rows[i].slippage;
        assert_near(px_slip(&buy, &config), 1000 + rows[i].paid);
        assert_near(px_slip(&sell, &config), 1000 - rows[i].paid);
    }
    sell.quantity = 1e12;
    assert_true(px_slip(&sell, &config) == 0);
}

static void test_slippage_that_cannot_be_told(void **state) {
    (void)state;
    px_config config = px_config_default();
    const px_market_fill fill = {1000, PX_LONG, 50, 0, NAN, NAN, 0};
    for (int kind = PX_SLIPPAGE_TICKS; kind < PX_N_SLIPPAGES; kind++) {
        config.slippage = (px_slippage){(px_slippage_kind)kind, 1};
        assert_true(isnan(px_slip(&fill, &config)));
    }
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
    assert_true(px_risk_size(&request, &config).quantity == 71); /* floor(500 / 7) */
}

static void test_leverage_caps_the_position(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(1000, 0.5);
    assert_true(px_risk_size(&request, &config).quantity == 500); /* 5 x 100,000 / 1,000, not 1,000 */
    request.equity = 50000;
    assert_true(px_risk_size(&request, &config).quantity == 250);
    request.equity = -10;
    assert_true(px_risk_size(&request, &config).quantity == 0);
}

static void test_delivery_is_not_levered(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(1000, 0.5);
    config.product = PX_PRODUCT_DELIVERY;
    assert_true(px_risk_size(&request, &config).quantity == 100); /* 100,000 / 1,000 */
    config.leverage = 0.5;
    assert_true(px_risk_size(&request, &config).quantity == 50);
    config.product = PX_PRODUCT_FUTURES;
    config.leverage = 5;
    assert_true(px_risk_size(&request, &config).quantity == 500);
    request.lot_size = 75;
    assert_true(px_risk_size(&request, &config).quantity == 450);
}

static void test_leverage_cap_is_never_exceeded(void **state) {
    (void)state;
    px_config config = px_config_default();
    for (int i = 1; i <= 20000; i++) {
        px_size_request request = request_of(0.05 * i, 1e-9);
        double quantity = px_risk_size(&request, &config).quantity;
        assert_true(quantity * request.price <= config.leverage * request.equity);
        assert_true((quantity + 2) * request.price > config.leverage * request.equity);
    }
}

/* A coin of 60,000 and 10,000 of equity, each limit by hand. */
static void test_fractions(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(60000, 300); /* 500 / 300 = 1.66, leverage 50,000 / 60,000 */
    const struct { double lot, quantity; } rows[] = {{0.001, 0.833}, {0.1, 0.8}, {0.25, 0.75}, {1, 0}};
    request.equity = 10000;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        request.lot_size = rows[i].lot;
        const px_size size = px_risk_size(&request, &config);
        assert_true(size.quantity == rows[i].quantity && size.capped_by == PX_CAP_LEVERAGE);
    }
    request.lot_size = 0;
    const double most = px_risk_size(&request, &config).quantity;
    assert_true(most * 60000 <= 50000 && nextafter(most, 1) * 60000 > 50000);
    request.risk_distance = 900; /* 500 / 900 = 0.555... */
    const px_size any = px_risk_size(&request, &config);
    assert_true(any.quantity * 900 <= 500 && any.quantity > 0.5555555555555 && any.capped_by == PX_CAP_NONE);
    request.lot_size = 0.001;
    assert_true(px_risk_size(&request, &config).quantity == 0.555);
    config.max_position_size = 0.3;
    request.lot_size = 0.1;
    assert_true(px_risk_size(&request, &config).quantity == 0.3);
    request.quantity = 0.1 + 0.2; /* 0.30000000000000004 */
    config.max_position_size = NAN;
    const px_size asked = px_risk_size(&request, &config);
    assert_true(asked.quantity == 0.3 && asked.capped_by == PX_CAP_NONE);
}

/* Of lot 0 neither what is asked to be lost at the stop nor the money is exceeded, by not a bit. */
static void test_any_fraction_is_never_too_much(void **state) {
    (void)state;
    px_config config = px_config_default();
    size_t n_by_risk = 0;
    for (int i = 1; i <= 20000; i++) {
        px_size_request request = request_of(37.0 + 0.01 * i, 0.007 * (i % 999 + 1));
        request.lot_size = 0;
        const px_size size = px_risk_size(&request, &config);
        n_by_risk += size.capped_by == PX_CAP_NONE;
        assert_true(size.quantity * request.risk_distance <= config.risk_per_trade);
        assert_true(size.quantity * request.price <= config.leverage * request.equity);
        assert_true(size.capped_by != PX_CAP_NONE ||
                    nextafter(size.quantity, INFINITY) * 1.0000000000000004 * request.risk_distance >=
                        config.risk_per_trade);
    }
    assert_true(n_by_risk > 1000 && n_by_risk < 20000);
}

static void test_position_size_and_lots(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    config.max_position_size = 60;
    assert_true(px_risk_size(&request, &config).quantity == 60);
    request.lot_size = 25;
    assert_true(px_risk_size(&request, &config).quantity == 50);
    request.lot_size = 75;
    assert_true(px_risk_size(&request, &config).quantity == 0);
}

/* Every cap comes before the lots: what is left is whole lots, whichever cap was the lowest. */
static void test_caps_are_rounded_to_lots(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    request.lot_size = 15;
    assert_true(px_risk_size(&request, &config).quantity == 90); /* 100 by risk */
    config.max_position_size = 50;
    assert_true(px_risk_size(&request, &config).quantity == 45);
    config.max_position_size = 15;
    assert_true(px_risk_size(&request, &config).quantity == 15); /* one lot is a lot */
    config.max_position_size = 14.9;
    assert_true(px_risk_size(&request, &config).quantity == 0);
    config.max_position_size = NAN;
    request.quantity = 59;
    assert_true(px_risk_size(&request, &config).quantity == 45);
    request.quantity = NAN;
    request.equity = 1000; /* pays for 50 */
    assert_true(px_risk_size(&request, &config).quantity == 45);
    config.equity_cap = PX_EQUITY_INITIAL;
    request.risk_distance = 0.25;
    assert_true(px_risk_size(&request, &config).quantity == 990); /* of 1,000 shares */
}

static void test_reference_caps_by_initial_capital_and_shares(void **state) {
    (void)state;
    px_config config = px_config_default();
    config.equity_cap = PX_EQUITY_INITIAL;
    px_size_request request = request_of(100, 0.25);
    request.equity = 1;
    assert_true(px_risk_size(&request, &config).quantity ==
                1000); /* not 2,000 by risk, nor 0 by current equity */
    request.price = 1000;
    assert_true(px_risk_size(&request, &config).quantity == 500);
}

static void test_asked_quantity_is_respected_within_the_caps(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    request.quantity = 33;
    assert_true(px_risk_size(&request, &config).quantity == 33);
    request.quantity = 1e6;
    assert_true(px_risk_size(&request, &config).quantity == 5000);
    request.quantity = 0.5;
    assert_true(px_risk_size(&request, &config).quantity == 0);
}

/* The lowest cap, where whole lots are fewer for it. */
static void test_what_capped_the_quantity(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(100, 5);
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_NONE); /* 100 by risk */
    request.risk_distance = 0.05;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_LEVERAGE);
    request.max_gross = 2;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_MAX_GROSS);
    request.max_gross = 7;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_LEVERAGE);
    config.max_position_size = 4999;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_MAX_POSITION_SIZE);
    config.max_position_size = 10;
    request.lot_size = 15;
    const px_size none = px_risk_size(&request, &config);
    assert_true(none.quantity == 0 && none.capped_by == PX_CAP_MAX_POSITION_SIZE);
    config.max_position_size = 95;
    request.risk_distance = 5;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_NONE); /* 90 of 100 or of 95 */
    config.max_position_size = NAN;
    config.equity_cap = PX_EQUITY_INITIAL;
    request.risk_distance = 0.2;
    assert_int_equal(px_risk_size(&request, &config).capped_by, PX_CAP_EQUITY_CAP);
    assert_string_equal(px_cap_name(PX_CAP_EQUITY_CAP), "equity_cap");
    assert_null(px_cap_name(PX_CAP_NONE));
}

static void test_without_stop_a_fraction_of_equity_at_leverage_one(void **state) {
    (void)state;
    px_config config = px_config_default();
    px_size_request request = request_of(333, NAN);
    assert_true(px_risk_size(&request, &config).quantity == 285); /* floor(95,000 / 333) */
    request.quantity = 1e6;
    assert_true(px_risk_size(&request, &config).quantity == 300); /* floor(100,000 / 333) */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intraday_by_hand),
        cmocka_unit_test(test_brokerage_is_capped),
        cmocka_unit_test(test_delivery_by_hand),
        cmocka_unit_test(test_flat_sides_charges_both_sides_alike),
        cmocka_unit_test(test_no_segment_costs_nothing),
        cmocka_unit_test(test_futures_by_hand_at_each_date),
        cmocka_unit_test(test_rates_outside_their_dates_are_marked),
        cmocka_unit_test(test_segment_by_fees_and_product),
        cmocka_unit_test(test_slippage_moves_against_the_trade),
        cmocka_unit_test(test_slippage_that_cannot_be_told),
        cmocka_unit_test(test_risk_sizes_the_position),
        cmocka_unit_test(test_leverage_caps_the_position),
        cmocka_unit_test(test_delivery_is_not_levered),
        cmocka_unit_test(test_leverage_cap_is_never_exceeded),
        cmocka_unit_test(test_position_size_and_lots),
        cmocka_unit_test(test_fractions),
        cmocka_unit_test(test_any_fraction_is_never_too_much),
        cmocka_unit_test(test_caps_are_rounded_to_lots),
        cmocka_unit_test(test_reference_caps_by_initial_capital_and_shares),
        cmocka_unit_test(test_asked_quantity_is_respected_within_the_caps),
        cmocka_unit_test(test_what_capped_the_quantity),
        cmocka_unit_test(test_without_stop_a_fraction_of_equity_at_leverage_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
