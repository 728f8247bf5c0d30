// SPDX-License-Identifier: Apache-2.0
/* One account, three instruments: cases worked by hand. What of an account is one instrument's is tested with
 * one; here is what they share: the clock, cash, room, drawdown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "desk_kit.h"
#include "engine/clock.h"

/* ---- the clock ---------------------------------------------------------------------------------------- */

static void test_a_clock_merges_by_time(void **state) {
    static const int64_t a[] = {10, 20, 40}, b[] = {20, 30}, c[] = {5, 20, 40};
    static const int64_t times[] = {5, 10, 20, 30, 40};
    static const size_t present[][4] = {{1, 2}, {1, 0}, {3, 0, 1, 2}, {1, 1}, {2, 0, 2}};
    pxi_clock clock;
    (void)state;
    assert_true(pxi_clock_init(&clock, N_DESKS));
    clock.hands[0] = (pxi_hand){a, 0, 3};
    clock.hands[1] = (pxi_hand){b, 0, 2};
    clock.hands[2] = (pxi_hand){c, 0, 3};
    for (size_t t = 0; t < sizeof times / sizeof *times; t++) {
        assert_true(pxi_clock_next(&clock));
        assert_int_equal(clock.now_us, times[t]);
        assert_int_equal(clock.n_present, present[t][0]);
        for (size_t m = 0; m < clock.n_present; m++) {
            assert_int_equal(clock.present[m], present[t][1 + m]);
            clock.hands[clock.present[m]].at++;
        }
    }
    assert_false(pxi_clock_next(&clock));
    pxi_clock_free(&clock);
}

/* ---- three desks -------------------------------------------------------------------------------------- */

typedef struct room {
    kit desks[N_DESKS]; /* the settings are those of the first */
    pxi_account_rules rules;
    pxi_journal journal;
} room;

/* Ten thousand rupees; a signal without limits asks for 100 shares of a price of 100. */
static room room_open(void) {
    static const char *const symbols[] = {"A", "B", "C"};
    room r = {0};
    for (size_t k = 0; k < N_DESKS; k++) {
        r.desks[k] = kit_make();
        strcpy(r.desks[k].data.instrument.symbol, symbols[k]);
        r.desks[k].config.capital = 10000;
        r.desks[k].config.risk_per_trade = 1000;
        r.desks[k].config.leverage = 5;
    }
    return r;
}

static void room_close(room *r) {
    for (size_t k = 0; k < N_DESKS; k++)
        kit_free(&r->desks[k]);
    pxi_journal_free(&r->journal);
}

static void room_run(room *r) {
    pxi_listed_signals listed[N_DESKS] = {0};
    pxi_replay_desk desks[N_DESKS];
    const pxi_sink journal = {&pxi_journal_sink, &r->journal};
    for (size_t k = 0; k < N_DESKS; k++) {
        listed[k].list = &r->desks[k].signals;
        desks[k] =
            (pxi_replay_desk){&r->desks[k].data, pxi_signals_listed(&listed[k]), &r->desks[k].candidates};
    }
    const pxi_replay_setup setup = {.desks = desks,
                                    .n = N_DESKS,
                                    .config = &r->desks[0].config,
                                    .rules = r->rules,
                                    .sinks = {&journal, 1}};
    assert_int_equal(pxi_replay_run(&setup, NULL), PX_OK);
}

static px_outcome outcome(const room *r, size_t desk) {
    return r->desks[desk].candidates.items[0].outcome;
}

static double quantity(const room *r, size_t desk) {
    return r->desks[desk].candidates.items[0].quantity;
}

/* Ten quiet bars at 100, and a long signal of each at the close of the third. */
static room three_signals(const double p[N_DESKS]) {
    room r = room_open();
    for (size_t k = 0; k < N_DESKS; k++) {
        kit_quiet(&r.desks[k], 10, 100);
        kit_signal(&r.desks[k], 2, PX_LONG, 10)->probability = p[k];
    }
    return r;
}

static const double b_then_c[] = {0.5, 0.9, 0.7}, unknown[] = {NAN, NAN, NAN};

static void test_the_higher_probability_has_the_cash(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    r.desks[0].config.leverage = 1;
    room_run(&r);
    assert_int_equal(outcome(&r, 0), PX_OUTCOME_BELOW_ONE_LOT);
    assert_int_equal(outcome(&r, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(outcome(&r, 2), PX_OUTCOME_BELOW_ONE_LOT);
    assert_near(quantity(&r, 1), 100);
    assert_int_equal(r.journal.n_trades, 1);
    assert_int_equal(r.journal.trades[0].desk, 1);
    room_close(&r);
}

static void test_each_is_sized_on_what_is_left(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    r.desks[0].config.leverage = 2.5;
    room_run(&r);
    assert_near(quantity(&r, 1), 100);
    assert_near(quantity(&r, 2), 100);
    assert_near(quantity(&r, 0), 50);
    /* They fill in the order of their symbols, whatever the order they were sized in. */
    assert_int_equal(r.journal.n_fills, 6);
    for (size_t k = 0; k < N_DESKS; k++) {
        assert_int_equal(r.journal.fills[k].desk, k);
        assert_int_equal(r.journal.fills[k].ts_us, kit_ts(3));
        assert_int_equal(r.journal.fills[k].trade, k);
    }
    room_close(&r);
}

static void test_max_gross_is_below_leverage(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    r.rules.max_gross = 1.5;
    room_run(&r);
    assert_near(quantity(&r, 1), 100);
    assert_near(quantity(&r, 2), 50);
    assert_int_equal(outcome(&r, 0), PX_OUTCOME_BELOW_ONE_LOT);
    room_close(&r);
}

static void test_without_probability_symbols_decide(void **state) {
    (void)state;
    room r = three_signals(unknown);
    r.rules.max_positions = 2;
    room_run(&r);
    assert_int_equal(outcome(&r, 0), PX_OUTCOME_EXECUTED);
    assert_int_equal(outcome(&r, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(outcome(&r, 2), PX_OUTCOME_MAX_POSITIONS);
    room_close(&r);
}

static void test_positions_that_left_give_room(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    r.rules.max_positions = 1;
    r.desks[0].config.max_daily_trades = 10;
    kit_standard(&r.desks[1], 4, PX_ACTION_EXIT, PX_LONG); /* fills at the open of bar 5 */
    kit_signal(&r.desks[0], 4, PX_LONG, 10);               /* still held */
    kit_signal(&r.desks[2], 5, PX_LONG, 10);               /* no more */
    room_run(&r);
    assert_int_equal(outcome(&r, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(r.desks[0].candidates.items[1].outcome, PX_OUTCOME_MAX_POSITIONS);
    assert_int_equal(r.desks[2].candidates.items[1].outcome, PX_OUTCOME_EXECUTED);
    room_close(&r);
}

static void test_a_day_has_its_entries_whoever_makes_them(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    r.desks[0].config.max_daily_trades = 2;
    room_run(&r);
    assert_int_equal(outcome(&r, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(outcome(&r, 2), PX_OUTCOME_EXECUTED);
    assert_int_equal(outcome(&r, 0), PX_OUTCOME_DAILY_LIMIT);
    room_close(&r);
}

static void test_cooldown_is_of_one_symbol(void **state) {
    (void)state;
    room r = room_open();
    r.desks[0].config.cooldown_bars = 5;
    for (size_t k = 0; k < N_DESKS; k++)
        kit_quiet(&r.desks[k], 10, 100);
    kit_signal(&r.desks[1], 2, PX_LONG, 10);
    kit_standard(&r.desks[1], 4, PX_ACTION_EXIT, PX_LONG);
    kit_signal(&r.desks[1], 6, PX_LONG, 10);
    kit_signal(&r.desks[2], 6, PX_LONG, 10); /* one bar after B's exit */
    room_run(&r);
    assert_int_equal(r.desks[1].candidates.items[1].outcome, PX_OUTCOME_COOLDOWN);
    assert_int_equal(outcome(&r, 2), PX_OUTCOME_EXECUTED);
    room_close(&r);
}

static void test_allocations(void **state) {
    (void)state;
    static const struct {
        pxi_account_rules rules;
        double quantity;
    } cases[] = {
        {{.allocation = PXI_ALLOCATE_RISK}, 100},
        {{.allocation = PXI_ALLOCATE_EQUAL}, 33},                     /* 10,000 / 3 / 100 */
        {{.allocation = PXI_ALLOCATE_EQUAL, .max_positions = 4}, 25}, /* a part stays free */
        {{.allocation = PXI_ALLOCATE_FRACTION}, 95},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        room r = three_signals(b_then_c);
        r.rules = cases[i].rules;
        room_run(&r);
        for (size_t k = 0; k < N_DESKS; k++)
            assert_near(quantity(&r, k), cases[i].quantity);
        room_close(&r);
    }
}

/* What is leaving goes before what enters, whatever the probabilities: A, flat again, enters after B and C
 * leave. */
static void test_exits_go_before_entries(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    kit_standard(&r.desks[0], 3, PX_ACTION_EXIT, PX_LONG); /* order 3: A is flat again */
    kit_signal(&r.desks[0], 5, PX_LONG, 10)->probability = 0.99;
    kit_standard(&r.desks[2], 5, PX_ACTION_EXIT, PX_LONG);
    kit_standard(&r.desks[1], 5, PX_ACTION_EXIT, PX_LONG);
    room_run(&r);
    assert_int_equal(r.journal.orders[4].desk, 1);
    assert_int_equal(r.journal.orders[5].desk, 2);
    assert_int_equal(r.journal.orders[5].reason, PX_EXIT_SIGNAL);
    assert_int_equal(r.journal.orders[6].desk, 0);
    assert_int_equal(r.journal.orders[6].reason, PX_EXIT_NONE);
    room_close(&r);
}

/* A and B hold 100 shares each and fall together by 11 % of the capital; C has no bar then, holds its last
 * price, and leaves at its next open as they do. */
static void test_the_kill_switch_is_the_accounts(void **state) {
    (void)state;
    room r = room_open();
    r.desks[0].config.max_drawdown_limit = 0.1;
    for (size_t k = 0; k < N_DESKS; k++) {
        kit_quiet(&r.desks[k], 5, 100);
        kit_signal(&r.desks[k], 2, PX_LONG, 10);
    }
    kit_bar(&r.desks[0], 100, 100, 95, 95);
    kit_bar(&r.desks[1], 100, 100, 94, 94);
    px_bar missed = {kit_ts(6), 100, 100.5, 99.5, 100, 1000}; /* of C: bar 5 is not there */
    assert_int_equal(px_bars_append(&r.desks[2].data.bars, &missed, NULL), PX_OK);
    r.desks[2].data.end = r.desks[2].data.bars.n;
    for (size_t k = 0; k < 2; k++)
        kit_bar(&r.desks[k], 95, 96, 94, 95);
    kit_bar(&r.desks[0], 95, 96, 94, 95);
    kit_signal(&r.desks[0], 6, PX_LONG, 10);
    room_run(&r);
    assert_true(r.journal.killed);
    assert_int_equal(r.journal.n_trades, N_DESKS);
    for (size_t k = 0; k < N_DESKS; k++) {
        assert_int_equal(r.journal.trades[k].desk, k);
        assert_int_equal(r.journal.trades[k].reason, PX_EXIT_KILL_SWITCH);
        assert_int_equal(r.journal.trades[k].exit_us, kit_ts(6));
        assert_int_equal(r.journal.orders[3 + k].ts_us, kit_ts(5));
    }
    assert_int_equal(r.desks[0].candidates.items[1].outcome, PX_OUTCOME_KILL_SWITCH);
    assert_near(r.journal.states[r.journal.n_states - 1].cash, 10000 - 500 - 500); /* out at 95, 95 and 100 */
    room_close(&r);
}

/* Each falls less than the limit; together they do not. */
static void test_one_desk_alone_would_not_be_killed(void **state) {
    (void)state;
    room r = room_open();
    r.desks[0].config.max_drawdown_limit = 0.1;
    for (size_t k = 0; k < N_DESKS; k++) {
        kit_quiet(&r.desks[k], 5, 100);
        if (k == 1)
            kit_signal(&r.desks[k], 2, PX_LONG, 10);
        kit_bar(&r.desks[k], 100, 100, 94, 94);
        kit_quiet(&r.desks[k], 3, 94);
    }
    room_run(&r);
    assert_false(r.journal.killed);
    room_close(&r);
}

/* C has no bar when the switch fires: what it ordered before is cancelled where it would have filled. */
static void test_no_entry_fills_after_the_kill_switch(void **state) {
    (void)state;
    room r = room_open();
    r.desks[0].config.max_drawdown_limit = 0.1;
    for (size_t k = 0; k < N_DESKS; k++)
        kit_quiet(&r.desks[k], 5, 100);
    kit_signal(&r.desks[0], 2, PX_LONG, 30); /* risk of 60 a share: 16 shares */
    r.desks[0].signals.items[0].quantity = 100;
    kit_signal(&r.desks[2], 4, PX_LONG, 10);
    kit_bar(&r.desks[0], 100, 100, 85, 85);
    kit_quiet(&r.desks[0], 3, 85);
    for (size_t i = 6; i < 9; i++) { /* of C: bar 5 is not there */
        const px_bar bar = {kit_ts(i), 100, 100.5, 99.5, 100, 1000};
        assert_int_equal(px_bars_append(&r.desks[2].data.bars, &bar, NULL), PX_OK);
    }
    r.desks[2].data.end = r.desks[2].data.bars.n;
    room_run(&r);
    assert_true(r.journal.killed);
    assert_int_equal(r.journal.n_trades, 1);
    assert_int_equal(outcome(&r, 2), PX_OUTCOME_KILL_SWITCH);
    for (size_t i = 0; i < r.journal.n_orders; i++)
        if (r.journal.orders[i].desk == 2)
            assert_int_equal(r.journal.orders[i].status, PXI_ORDER_CANCELLED);
    room_close(&r);
}

/* One long is held overnight, another is bought at the open of the next day: the first was never more than
 * its own value, whichever desk is the first one. */
static void test_overnight_leverage_is_that_of_the_night(void **state) {
    (void)state;
    for (size_t holds = 0; holds < 2; holds++) {
        room r = room_open();
        for (size_t k = 0; k < N_DESKS; k++)
            kit_quiet(&r.desks[k], 2 * KIT_BARS_A_DAY, 100);
        kit_signal(&r.desks[holds], 2, PX_LONG, 10);
        kit_signal(&r.desks[1 - holds], KIT_BARS_A_DAY - 1, PX_LONG, 10);
        r.desks[0].config.time_stop_bars = 40;
        for (size_t k = 0; k < 2; k++)
            r.desks[k].signals.items[0].h_bars = 40;
        room_run(&r);
        assert_int_equal(r.journal.n_trades, 2);
        for (size_t i = 0; i < 2; i++) {
            const pxi_trade *trade = &r.journal.trades[i];
            assert_int_equal(trade->overnight, trade->desk == holds);
            assert_near(trade->overnight_leverage, trade->desk == holds ? 1 : 0);
        }
        room_close(&r);
    }
}

/* Two that are held are one sum, and one that leaves at the open was held as well. */
static void test_what_leaves_in_the_morning_was_held_overnight(void **state) {
    (void)state;
    for (size_t leaves = 0; leaves < 2; leaves++) {
        room r = room_open();
        for (size_t k = 0; k < N_DESKS; k++)
            kit_quiet(&r.desks[k], 2 * KIT_BARS_A_DAY, 100);
        for (size_t k = 0; k < 2; k++)
            kit_signal(&r.desks[k], 2, PX_LONG, 10)->h_bars = 40;
        kit_standard(&r.desks[leaves], KIT_BARS_A_DAY - 1, PX_ACTION_EXIT, PX_LONG);
        room_run(&r);
        assert_int_equal(r.journal.n_trades, 2);
        for (size_t i = 0; i < 2; i++)
            assert_near(r.journal.trades[i].overnight_leverage, 2);
        room_close(&r);
    }
}

static void test_no_equity_is_endless_leverage(void **state) {
    (void)state;
    room r = room_open();
    r.desks[0].config.max_drawdown_limit = 5;
    for (size_t k = 0; k < N_DESKS; k++)
        kit_quiet(&r.desks[k], 5, 100);
    kit_signal(&r.desks[0], 2, PX_LONG, 40)->h_bars = 60;
    r.desks[0].signals.items[0].quantity = 400;
    kit_bar(&r.desks[0], 100, 100, 70, 70);
    kit_quiet(&r.desks[0], 2 * KIT_BARS_A_DAY - 6, 70);
    room_run(&r);
    assert_int_equal(r.journal.n_trades, 1);
    assert_true(r.journal.trades[0].overnight);
    assert_true(isinf(r.journal.trades[0].overnight_leverage));
    room_close(&r);
}

static void test_an_instrument_has_one_desk(void **state) {
    (void)state;
    room r = three_signals(b_then_c);
    const px_strategy *strategy;
    pxi_flow flows[N_DESKS];
    pxi_found found[N_DESKS] = {0};
    px_error err = {0};
    assert_int_equal(px_strategy_find("ema_cross", &strategy, NULL), PX_OK);
    strcpy(r.desks[2].data.instrument.symbol, "A");
    for (size_t k = 0; k < N_DESKS; k++)
        flows[k] = (pxi_flow){.data = &r.desks[k].data, .config = &r.desks[k].config, .strategy = strategy};
    const pxi_desks desks = {.flows = flows, .n = N_DESKS};
    assert_int_equal(pxi_batch_run(&desks, found, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "A is there twice"));
    room_close(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clock_merges_by_time),
        cmocka_unit_test(test_the_higher_probability_has_the_cash),
        cmocka_unit_test(test_each_is_sized_on_what_is_left),
        cmocka_unit_test(test_max_gross_is_below_leverage),
        cmocka_unit_test(test_without_probability_symbols_decide),
        cmocka_unit_test(test_positions_that_left_give_room),
        cmocka_unit_test(test_a_day_has_its_entries_whoever_makes_them),
        cmocka_unit_test(test_cooldown_is_of_one_symbol),
        cmocka_unit_test(test_allocations),
        cmocka_unit_test(test_exits_go_before_entries),
        cmocka_unit_test(test_the_kill_switch_is_the_accounts),
        cmocka_unit_test(test_one_desk_alone_would_not_be_killed),
        cmocka_unit_test(test_no_entry_fills_after_the_kill_switch),
        cmocka_unit_test(test_overnight_leverage_is_that_of_the_night),
        cmocka_unit_test(test_what_leaves_in_the_morning_was_held_overnight),
        cmocka_unit_test(test_no_equity_is_endless_leverage),
        cmocka_unit_test(test_an_instrument_has_one_desk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
