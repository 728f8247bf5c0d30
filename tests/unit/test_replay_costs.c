// SPDX-License-Identifier: Apache-2.0
/* The replay by hand: what trades cost, within a session and overnight. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "replay_kit.h"

static double fee(px_segment segment, px_side side, double quantity, double price) {
    return px_fee(px_fee_rates_on(NULL, segment, px_date_from_civil((px_civil){2025, 1, 6}), NULL), side,
                  quantity, price);
}

static void test_closed_in_its_session_pays_intraday(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.fees = PX_FEES_PRODUCT;
    k.config.time_stop_bars = 2;
    kit_quiet(&k, KIT_BARS_A_DAY, 100);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_false(trade->overnight);
    assert_near(trade->fees,
                fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 100) + fee(PX_SEGMENT_INTRADAY, PX_SHORT, 100, 100));
    assert_int_equal(k.journal.rates_known_from, INT32_MIN);
    kit_free(&k);
}

static void test_overnight_pays_delivery_from_the_first_bar_after(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.fees = PX_FEES_PRODUCT;
    k.config.time_stop_bars = 4;
    kit_quiet(&k, KIT_BARS_A_DAY + 5, 100);
    kit_signal(&k, KIT_BARS_A_DAY - 3, PX_LONG, 5); /* enters two bars before the end of the session */
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    double intraday = fee(PX_SEGMENT_INTRADAY, PX_LONG, 100, 100);
    double delivery = fee(PX_SEGMENT_DELIVERY, PX_LONG, 100, 100);
    assert_true(trade->overnight);
    assert_near(trade->fees, delivery + fee(PX_SEGMENT_DELIVERY, PX_SHORT, 100, 100));
    px_table equity = kit_equity(&k.data, &k.journal);
    const double *fees_paid = equity.columns[PXI_EQUITY_FEES].u.f64;
    assert_near(fees_paid[KIT_BARS_A_DAY - 1], intraday);
    assert_near(fees_paid[KIT_BARS_A_DAY], delivery);
    px_table_free(&equity);
    assert_int_equal(k.journal.n_fills, 3);
    assert_true(k.journal.fills[1].carry && k.journal.fills[1].ts_us == kit_ts(KIT_BARS_A_DAY));
    assert_near(k.journal.fills[1].fees, delivery - intraday);
    kit_free(&k);
}

static void test_exit_at_the_open_of_the_next_session_is_delivery(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.fees = PX_FEES_PRODUCT;
    kit_quiet(&k, KIT_BARS_A_DAY + 5, 100);
    kit_standard(&k, 3, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, KIT_BARS_A_DAY - 1, PX_ACTION_EXIT, PX_LONG);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(trade->exit_bar, KIT_BARS_A_DAY);
    assert_true(trade->overnight);
    assert_near(trade->fees,
                fee(PX_SEGMENT_DELIVERY, PX_LONG, 950, 100) + fee(PX_SEGMENT_DELIVERY, PX_SHORT, 950, 100));
    kit_free(&k);
}

static void test_other_fees_have_no_overnight_difference(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.fees = PX_FEES_FLAT_SIDES;
    kit_quiet(&k, KIT_BARS_A_DAY + 5, 100);
    kit_standard(&k, 3, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    assert_true(k.journal.trades[0].overnight);
    assert_near(k.journal.trades[0].fees, 2 * fee(PX_SEGMENT_FLAT_SIDES, PX_LONG, 950, 100));
    assert_int_equal(k.journal.n_fills, 2);
    kit_free(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_in_its_session_pays_intraday),
        cmocka_unit_test(test_overnight_pays_delivery_from_the_first_bar_after),
        cmocka_unit_test(test_exit_at_the_open_of_the_next_session_is_delivery),
        cmocka_unit_test(test_other_fees_have_no_overnight_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
