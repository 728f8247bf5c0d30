// SPDX-License-Identifier: Apache-2.0
/* Labels by hand: where an event enters, how far its horizon goes, and what the window cuts off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/labels.h"

#include <math.h>
#include <string.h>

static px_calendar *nse;
static px_config config;
static px_bars bars;

/* Twenty 15-minute bars of 2024-01-02 from 10:30 to 15:30, then six of the day after; none reaches 98 or 104.
 */
static int set_up(void **state) {
    static const int64_t first_us = INT64_C(1704171600000000);
    (void)state;
    config = px_config_default();
    config.time_stop_bars = 4;
    memset(&bars, 0, sizeof bars);
    for (int64_t i = 0; i < 26; i++) {
        const int64_t minute = i < 20 ? 15 * i : 15 * i + 1440 - 375;
        const px_bar bar = {first_us + minute * PX_US_PER_MINUTE, 100, 101, 99, 100.5, 1};
        assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
    }
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    px_bars_free(&bars);
    return 0;
}

static px_event event_at(size_t bar) {
    px_event event = {
        .bar = bar, .ts_us = bars.ts_us[bar], .side = PX_LONG, .close = 100, .atr = 2, .h_bars = 4};
    return event;
}

/* The label of one event in bars[0, end); false if it has no row. */
static bool label_of(size_t end, px_event event, const px_instrument *instrument, px_label *out) {
    px_event_list events = {1, 1, &event};
    px_label_list labels = {0};
    event.h_bars = config.time_stop_bars;
    const px_dataset data = {
        .calendar = nse, .instrument = *instrument, .timeframe_minutes = 15, .bars = bars, .end = end};
    assert_int_equal(px_labels_compute(&data, &events, &config, &labels, NULL), PX_OK);
    bool row = labels.n == 1;
    if (row)
        *out = labels.items[0];
    px_label_list_free(&labels);
    return row;
}

static bool label_in(size_t end, px_event event, double tick, px_label *out) {
    const px_instrument instrument = {.tick = tick, .lot_size = 1};
    return label_of(end, event, &instrument, out);
}

static px_label label(px_event event) {
    px_label out = {0};
    assert_true(label_in(bars.n, event, 0.05, &out));
    return out;
}

static void assert_unresolved(const px_label *l) {
    assert_int_equal(l->label, PX_LABEL_UNRESOLVED);
    assert_string_equal(px_label_hit_name(l->hit), "unresolved");
    assert_true(isnan(l->exit_price) && isnan(l->realized_r) && isnan(l->mae) && isnan(l->mfe));
    assert_true(l->exit_bar == SIZE_MAX && !l->complete);
}

static void test_time(void **state) {
    (void)state;
    px_label l = label(event_at(3));
    assert_true(l.entry_price == 100 && l.label == 0 && l.hit == PX_EXIT_TIME_STOP && l.complete);
    assert_true(l.exit_bar == 7 && l.end_bar == 7 && l.exit_price == 100.5); /* bars 4 to 7 are watched */
    assert_true(l.realized_r == 0.25 && l.mae == 0.5 && l.mfe == 0.5);
    assert_string_equal(px_label_hit_name(l.hit), "time");
}

static void test_target_and_stop(void **state) {
    (void)state;
    bars.high[5] = 105;
    px_label l = label(event_at(3));
    assert_true(l.label == 1 && l.exit_bar == 5 && l.exit_price == 104 && l.realized_r == 2 && l.complete);
    assert_true(l.end_bar == 7 && l.mae == 0.5 && l.mfe == 2); /* the horizon goes on */
    assert_string_equal(px_label_hit_name(l.hit), "tp");
    bars.low[4] = 90; /* the entry bar is watched */
    l = label(event_at(3));
    assert_true(l.label == -1 && l.exit_bar == 4 && l.exit_price == 98 && l.realized_r == -1 && l.mae == 1);
    assert_string_equal(px_label_hit_name(l.hit), "sl");
    px_event event = event_at(3);
    event.side = PX_SHORT;
    bars.low[4] = 99, bars.high[5] = 101, bars.open[6] = 95;
    bars.low[6] = 94;
    l = label(event);
    assert_true(l.label == 1 && l.exit_bar == 6 && l.exit_price == 95 &&
                l.realized_r == 2.5); /* opened beyond */
}

static void test_the_window_cuts_the_horizon(void **state) {
    (void)state;
    px_label l;
    assert_true(label_in(8, event_at(3), 0, &l));
    assert_true(l.complete && l.end_bar == 7);
    assert_true(label_in(7, event_at(3), 0, &l)); /* one bar short */
    assert_unresolved(&l);
    assert_true(l.entry_price == 100 && l.end_bar == 6);
    bars.high[5] = 105;
    assert_true(label_in(7, event_at(3), 0, &l)); /* decided, but its horizon is not in the window */
    assert_true(l.label == 1 && l.exit_bar == 5 && l.end_bar == 6 && !l.complete);
    assert_true(label_in(4, event_at(3), 0, &l)); /* no entry bar */
    assert_unresolved(&l);
    assert_true(isnan(l.entry_price) && l.end_bar == SIZE_MAX);
}

static void test_events_that_no_trade_can_take(void **state) {
    (void)state;
    const double bad_atr[] = {NAN, 0, -1};
    px_event event = event_at(3);
    for (int k = 0; k < 3; k++) {
        event.atr = bad_atr[k];
        px_label l = label(event);
        assert_unresolved(&l);
        assert_true(isnan(l.entry_price) && l.end_bar == SIZE_MAX);
    }
    event.atr = 0.04; /* the stop rounds to a tick away, the target to two */
    assert_int_equal(label(event).label, -1);
    event.atr = 0.02; /* the stop rounds to the entry */
    px_label l = label(event);
    assert_unresolved(&l);
    assert_true(isnan(l.entry_price));
}

static void test_levels_are_rounded_to_the_tick(void **state) {
    (void)state;
    px_event event = event_at(3);
    px_label l;
    event.atr = 0.51; /* target at 101.02 */
    bars.high[4] = 102, bars.low[4] = 100;
    assert_true(label_in(bars.n, event, 0.25, &l));
    assert_true(l.exit_price == 101.0 && l.realized_r == 1.0 / 0.51);
    assert_true(label_in(bars.n, event, 0.0, &l));
    assert_true(l.exit_price == 100 + 2 * 0.51);
}

static void test_tick_is_that_of_the_entrys_date(void **state) {
    (void)state;
    const int32_t tomorrow = px_calendar_date(nse, bars.ts_us[20]);
    const px_instrument instrument = {.lot_size = 1, .n_changes = 1, .changes = {{tomorrow, 0.25, 1}}};
    px_event today = event_at(3), overnight = event_at(19); /* enters on bar 20 */
    px_label l;
    today.atr = overnight.atr = 0.51; /* target at 101.02 */
    bars.high[4] = bars.high[20] = 102, bars.low[4] = bars.low[20] = 100;
    assert_true(label_of(bars.n, today, &instrument, &l));
    assert_true(l.exit_price == 100 + 2 * 0.51);
    assert_true(label_of(bars.n, overnight, &instrument, &l));
    assert_true(l.exit_price == 101.0);
}

static void test_square_off(void **state) {
    (void)state;
    config.square_off = 15 * 60 + 15; /* bar 18 ends there */
    config.time_stop_bars = 12;
    px_label l = label(event_at(12));
    assert_true(l.hit == PX_EXIT_SQUARE_OFF && l.label == 0 && l.exit_bar == 18 && l.end_bar == 18 &&
                l.complete);
    assert_true(l.exit_price == 100.5);
    assert_string_equal(px_label_hit_name(l.hit), "square_off");
    assert_true(label_in(18, event_at(12), 0, &l)); /* the window ends first */
    assert_unresolved(&l);
    assert_true(l.end_bar == 17);
    l = label(event_at(18)); /* would enter at the square-off */
    assert_unresolved(&l);
    assert_true(isnan(l.entry_price) && l.end_bar == SIZE_MAX);
    l = label(event_at(19)); /* in the next session */
    assert_true(isnan(l.entry_price));
    bars.low[17] = 90;
    l = label(event_at(12));
    assert_true(l.label == -1 && l.exit_bar == 17 && l.end_bar == 18 && l.complete);
}

static void test_horizon_crosses_sessions_without_square_off(void **state) {
    (void)state;
    px_label l = label(event_at(18));
    assert_true(l.exit_bar == 22 && l.complete);
    l = label(event_at(22));
    assert_unresolved(&l);
    assert_true(l.end_bar == 25);
}

static void test_entry_at_the_close(void **state) {
    (void)state;
    config.entry = PX_ENTRY_SIGNAL_CLOSE;
    bars.low[3] = 50; /* of the signal bar itself: past */
    px_label l = label(event_at(3));
    assert_true(l.entry_price == 100.5 && l.exit_bar == 7 && l.end_bar == 7);
}

static void test_reference(void **state) {
    (void)state;
    px_label l;
    px_config_set_profile(&config, PX_PROFILE_REFERENCE);
    bars.low[4] = 50;                     /* of the entry bar: not watched */
    bars.high[6] = 105, bars.low[8] = 97; /* target, then the last bar of the horizon */
    px_event event = event_at(3);
    assert_true(label_in(bars.n, event, 0.25, &l));
    assert_true(l.label == 1 && l.exit_bar == 6 && l.end_bar == 8 && l.complete);
    assert_true(l.mae == 1.5 && l.mfe == 2.5); /* over the whole horizon */
    event.atr = 2.01;
    assert_true(label_in(bars.n, event, 0.25, &l));
    assert_true(l.exit_price == 100 + 4.02);   /* not rounded */
    assert_true(label_in(6, event, 0.25, &l)); /* one bar left to watch: labelled with what is there */
    assert_true(l.label == 0 && l.hit == PX_EXIT_TIME_STOP && l.exit_bar == 5 && l.exit_price == 100.5 &&
                l.complete);
    assert_false(label_in(5, event, 0.25, &l)); /* none: no row */
    assert_false(label_in(4, event, 0.25, &l));
    event.atr = NAN;
    assert_false(label_in(bars.n, event, 0.25, &l));
}

static void test_no_events(void **state) {
    (void)state;
    px_event_list none = {0};
    px_label_list labels = {0};
    const px_dataset data = {.calendar = nse, .timeframe_minutes = 15, .bars = bars, .end = bars.n};
    assert_int_equal(px_labels_compute(&data, &none, &config, &labels, NULL), PX_OK);
    assert_int_equal(labels.n, 0);
    px_label_list_free(&labels);
    px_label_list_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_target_and_stop, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_the_window_cuts_the_horizon, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_events_that_no_trade_can_take, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_levels_are_rounded_to_the_tick, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tick_is_that_of_the_entrys_date, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_square_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_horizon_crosses_sessions_without_square_off, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_entry_at_the_close, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_reference, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_no_events, set_up, tear_down),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
