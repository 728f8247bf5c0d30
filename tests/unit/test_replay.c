// SPDX-License-Identifier: Apache-2.0
/* The replay by hand: fills, exits, guards, outcomes, the account. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "replay_kit.h"

/* ---- fills and exits ---------------------------------------------------------------------------------- */

static void test_enters_at_next_open_and_exits_at_target(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 3, 100);
    kit_bar(&k, 100.5, 101, 100, 100.8); /* entry at 100.5, stop 98.5, target 104.5 */
    kit_bar(&k, 101, 105, 100.9, 104.8);
    kit_quiet(&k, 2, 104);
    kit_signal(&k, 2, PX_LONG, 2);
    kit_run(&k);
    assert_int_equal(k.journal.n_trades, 1);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(trade->entry_bar, 3);
    assert_int_equal(trade->exit_bar, 4);
    assert_near(trade->entry_price, 100.5);
    assert_near(trade->levels.stop, 98.5);
    assert_near(trade->exit_price, 104.5);
    assert_int_equal(trade->reason, PX_EXIT_TAKE_PROFIT);
    assert_int_equal(trade->bars_held, 2);
    assert_true(trade->quantity == 250); /* 500 / 2 */
    assert_near(trade->pnl, 1000);
    assert_near(trade->pnl / trade->risk, 2.0);
    assert_near(k.candidates.items[0].quantity, 250);
    kit_free(&k);
}

static void test_enters_at_signal_close_and_watches_from_the_next_bar(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.entry = PX_ENTRY_SIGNAL_CLOSE;
    kit_quiet(&k, 2, 100);
    kit_bar(&k, 100, 110, 90, 100); /* the signal's own bar would have stopped it */
    kit_bar(&k, 100, 100.5, 97.5, 98);
    kit_quiet(&k, 1, 98);
    kit_signal(&k, 2, PX_LONG, 2);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(trade->entry_bar, 2);
    assert_int_equal(trade->exit_bar, 3);
    assert_near(trade->exit_price, 98);
    assert_int_equal(trade->reason, PX_EXIT_STOP_LOSS);
    assert_int_equal(trade->bars_held, 1);
    kit_free(&k);
}

static void test_time_stop_and_short_side(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.time_stop_bars = 3;
    kit_quiet(&k, 3, 100);
    kit_quiet(&k, 2, 99);
    kit_bar(&k, 99, 99.2, 98.8, 98.9);
    kit_quiet(&k, 2, 99);
    kit_signal(&k, 2, PX_SHORT, 5);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(trade->reason, PX_EXIT_TIME_STOP);
    assert_int_equal(trade->exit_bar, 5);
    assert_int_equal(trade->bars_held, 3);
    assert_near(trade->pnl, 100 * (99 - 98.9));
    kit_free(&k);
}

static void test_open_at_the_end_closes_at_the_last_close(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 4, 100);
    kit_bar(&k, 100, 101, 99, 100.7);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(trade->reason, PX_EXIT_END_OF_DATA);
    assert_near(trade->exit_price, 100.7);
    assert_int_equal(trade->bars_held, 2);
    assert_near(trade->mae, 1.0);
    kit_free(&k);
}

static void test_slippage_moves_market_fills_but_no_target(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.slippage_bps = 10;
    kit_quiet(&k, 3, 100);
    kit_quiet(&k, 1, 100); /* entry at 100.10, target 104.10, stop 98.10 */
    kit_bar(&k, 100, 105, 99.9, 104);
    kit_quiet(&k, 2, 100); /* second entry at 100.10 */
    kit_bar(&k, 100, 100, 97, 98);
    kit_signal(&k, 2, PX_LONG, 2);
    kit_signal(&k, 5, PX_LONG, 2);
    kit_run(&k);
    assert_int_equal(k.journal.n_trades, 2);
    assert_near(k.journal.trades[0].entry_price, 100.1);
    assert_near(k.journal.trades[0].exit_price, 104.1);
    assert_near(k.journal.trades[1].levels.stop, 98.1);
    assert_near(k.journal.trades[1].exit_price, 98.1 * 0.999);
    kit_free(&k);
}

static void test_warmup_signals_are_not_traded(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 10, 100);
    k.data.begin = 5;
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, 6, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    assert_int_equal(k.candidates.n, 1);
    assert_int_equal(k.journal.n_trades, 1);
    assert_int_equal(k.journal.trades[0].entry_bar, 7);
    kit_free(&k);
}

/* ---- standard strategies ------------------------------------------------------------------------------ */

static void test_exit_signal_fills_at_the_next_open(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 4, 100);
    kit_bar(&k, 103, 104, 102, 103);
    kit_quiet(&k, 2, 103);
    kit_standard(&k, 1, PX_ACTION_EXIT, PX_LONG); /* nothing to leave */
    kit_standard(&k, 1, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, 3, PX_ACTION_EXIT, PX_SHORT); /* not this side */
    kit_standard(&k, 3, PX_ACTION_EXIT, PX_LONG);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_int_equal(k.journal.n_trades, 1);
    assert_true(trade->quantity == 950); /* 0.95 of equity at 100 */
    assert_int_equal(trade->reason, PX_EXIT_SIGNAL);
    assert_int_equal(trade->exit_bar, 4);
    assert_near(trade->exit_price, 103);
    assert_int_equal(trade->bars_held, 3);
    assert_near(trade->mfe, 3.0); /* of the exit bar no more than its open */
    assert_true(isnan(trade->risk) && isnan(trade->levels.stop));
    assert_int_equal(k.journal.n_orders, 4);
    assert_int_equal(k.journal.orders[0].status, PXI_ORDER_VOID);
    assert_int_equal(k.journal.orders[2].status, PXI_ORDER_VOID);
    assert_int_equal(k.journal.orders[3].status, PXI_ORDER_FILLED);
    kit_free(&k);
}

static void test_exit_and_entry_on_one_bar_turn_the_position(void **state) {
    (void)state;
    const px_entry entries[] = {PX_ENTRY_NEXT_OPEN, PX_ENTRY_SIGNAL_CLOSE};
    for (size_t e = 0; e < 2; e++) {
        kit k = kit_make();
        k.config.entry = entries[e];
        k.config.cooldown_bars = 3;
        kit_quiet(&k, 10, 100);
        kit_standard(&k, 1, PX_ACTION_ENTER, PX_LONG);
        kit_standard(&k, 4, PX_ACTION_EXIT, PX_LONG);
        kit_standard(&k, 4, PX_ACTION_ENTER, PX_SHORT);
        kit_run(&k);
        assert_int_equal(k.journal.n_trades, 2);
        assert_int_equal(k.journal.trades[0].exit_bar, k.journal.trades[1].entry_bar);
        assert_int_equal(k.journal.trades[1].entry_bar, e == 0 ? 5 : 4);
        assert_int_equal(k.journal.trades[1].side, PX_SHORT);
        kit_free(&k);
    }
}

/* ---- levels asked for --------------------------------------------------------------------------------- */

/* An entry signal of a standard strategy with levels. */
static px_signal *ask(kit *k, size_t bar, px_side side, px_level stop, px_level target) {
    kit_standard(k, bar, PX_ACTION_ENTER, side);
    px_signal *signal = &k->signals.items[k->signals.n - 1];
    signal->stop = stop;
    signal->target = target;
    return signal;
}

static px_level at_price(double price) {
    return (px_level){PX_LEVEL_PRICE, price};
}

static px_level distance(double rupees) {
    return (px_level){PX_LEVEL_DISTANCE, rupees};
}

static const px_level no_level = {PX_LEVEL_NONE, NAN};

/* Sized at the signal's close, where the fill is not known yet; the prices stay where they are. */
static void test_levels_as_prices(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 3, 100);
    kit_bar(&k, 101, 101.5, 100.5, 101); /* entry at 101 */
    kit_bar(&k, 101, 105, 101, 104.8);
    kit_quiet(&k, 2, 104);
    ask(&k, 2, PX_LONG, at_price(98.01), at_price(104.01))->tag = "breakout";
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_true(trade->quantity == floor(500 / (100 - 98.01)));
    assert_near(trade->levels.stop, 98.0); /* rounded to the tick */
    assert_near(trade->levels.target, 104.0);
    assert_int_equal(trade->reason, PX_EXIT_TAKE_PROFIT);
    assert_near(trade->risk, trade->quantity * (100 - 98.01));
    assert_string_equal(trade->signal.tag, "breakout");
    assert_string_equal(k.candidates.items[0].tag, "breakout");
    kit_free(&k);
}

static void test_levels_as_distances_and_a_time_stop(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 3, 100);
    kit_quiet(&k, 5, 101);
    ask(&k, 2, PX_SHORT, distance(2.5), distance(4))->h_bars = 3;
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_true(trade->quantity == 200);
    assert_near(trade->levels.stop, 103.5);
    assert_near(trade->levels.target, 97);
    assert_int_equal(trade->reason, PX_EXIT_TIME_STOP);
    assert_int_equal(trade->bars_held, 3);
    kit_free(&k);
}

/* Only a stop says what is risked. */
static void test_target_without_stop_is_sized_by_equity(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 3, 100);
    kit_bar(&k, 100, 103, 100, 103);
    kit_quiet(&k, 2, 103);
    ask(&k, 2, PX_LONG, no_level, distance(2));
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    assert_true(trade->quantity == 950 && isnan(trade->risk) && isnan(trade->levels.stop));
    assert_int_equal(trade->reason, PX_EXIT_TAKE_PROFIT);
    assert_near(trade->pnl, 950 * 2.0);
    kit_free(&k);
}

/* The fill lies beyond a level already: the position is left where it was entered, whatever the stop fill. */
static void test_gap_over_a_level(void **state) {
    (void)state;
    static const struct {
        px_side side;
        double open, stop, target;
        px_exit_reason reason;
    } cases[] = {
        {PX_LONG, 95, 98, 104, PX_EXIT_STOP_LOSS},
        {PX_LONG, 106, 98, 104, PX_EXIT_TAKE_PROFIT},
        {PX_SHORT, 105, 102, 96, PX_EXIT_STOP_LOSS},
        {PX_SHORT, 94, 102, 96, PX_EXIT_TAKE_PROFIT},
    };
    const px_stop_fill fills[] = {PX_STOP_FILL_MARKET, PX_STOP_FILL_LEVEL};
    for (size_t c = 0; c < 8; c++) {
        kit k = kit_make();
        const double open = cases[c / 2].open;
        k.config.stop_fill = fills[c % 2];
        kit_quiet(&k, 3, 100);
        kit_bar(&k, open, open + 1, open - 1, open);
        kit_quiet(&k, 2, open);
        ask(&k, 2, cases[c / 2].side, at_price(cases[c / 2].stop), at_price(cases[c / 2].target));
        kit_run(&k);
        const pxi_trade *trade = &k.journal.trades[0];
        assert_int_equal(trade->reason, cases[c / 2].reason);
        assert_true(trade->entry_price == open && trade->exit_price == open && trade->pnl == 0);
        assert_int_equal(trade->bars_held, 1);
        kit_free(&k);
    }
}

static void test_levels_on_the_wrong_side_are_refused(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 20, 100);
    ask(&k, 2, PX_LONG, at_price(100), no_level);
    ask(&k, 3, PX_LONG, at_price(99), at_price(99.5));
    ask(&k, 4, PX_SHORT, at_price(99), no_level);
    ask(&k, 5, PX_SHORT, no_level, at_price(101));
    ask(&k, 6, PX_LONG, distance(0), no_level);
    ask(&k, 7, PX_LONG, distance(NAN), no_level);
    ask(&k, 8, PX_LONG, distance(1), distance(INFINITY));
    ask(&k, 9, PX_LONG, at_price(NAN), no_level);
    ask(&k, 10, PX_SHORT, distance(1e-320), no_level);
    ask(&k, 11, PX_LONG, distance(1), no_level)->h_bars = -1;
    ask(&k, 12, PX_LONG, distance(0.02), no_level);
    kit_run(&k);
    for (size_t c = 0; c < 9; c++)
        assert_int_equal(kit_fate(&k, c), PX_OUTCOME_BAD_LEVELS);
    assert_int_equal(kit_fate(&k, 9), PX_OUTCOME_BAD_HORIZON);
    assert_int_equal(kit_fate(&k, 10), PX_OUTCOME_STOP_BELOW_TICK);
    assert_int_equal(k.journal.n_trades, 0);
    kit_free(&k);
}

/* ---- outcomes --------------------------------------------------------------------------------------------
 */

static void test_in_position(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 10, 100);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 4, PX_LONG, 5);
    kit_signal(&k, 5, PX_SHORT, 5);
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_IN_POSITION);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_IN_POSITION);
    kit_free(&k);
}

static void test_second_entry_on_one_bar_waits_for_none(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 10, 100);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 2, PX_SHORT, 5);
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_IN_POSITION);
    kit_free(&k);
}

static void test_cooldown_counts_from_the_exit_bar(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.cooldown_bars = 3;
    kit_quiet(&k, 3, 100);
    kit_bar(&k, 100, 100, 90, 95); /* enters and stops on bar 3 */
    kit_quiet(&k, 10, 95);
    for (size_t bar = 3; bar <= 6; bar++)
        kit_signal(&k, bar, PX_LONG, 5);
    kit_signal(&k, 2, PX_LONG, 5);
    px_signal first = k.signals.items[4]; /* in time order */
    memmove(&k.signals.items[1], &k.signals.items[0], 4 * sizeof first);
    k.signals.items[0] = first;
    kit_run(&k);
    assert_int_equal(k.journal.trades[0].exit_bar, 3);
    for (size_t c = 0; c < 3; c++)
        assert_int_equal(kit_fate(&k, c), PX_OUTCOME_COOLDOWN); /* bars 3, 4, 5 */
    assert_int_equal(kit_fate(&k, 3), PX_OUTCOME_EXECUTED);     /* 6 - 3 is not under 3 */
    kit_free(&k);
}

static void test_daily_limit_ends_with_the_session(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.max_daily_trades = 1;
    k.config.time_stop_bars = 1;
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, 3, PX_LONG, 5);
    kit_signal(&k, 10, PX_LONG, 5);
    kit_signal(&k, KIT_BARS_A_DAY - 1, PX_LONG, 5); /* would fill tomorrow; today is full */
    kit_signal(&k, KIT_BARS_A_DAY, PX_LONG, 5);
    kit_signal(&k, KIT_BARS_A_DAY + 5, PX_LONG, 5);
    kit_run(&k);
    const px_outcome outcomes[] = {PX_OUTCOME_EXECUTED, PX_OUTCOME_DAILY_LIMIT, PX_OUTCOME_DAILY_LIMIT,
                                   PX_OUTCOME_EXECUTED, PX_OUTCOME_DAILY_LIMIT};
    for (size_t c = 0; c < 5; c++)
        assert_int_equal(kit_fate(&k, c), outcomes[c]);
    kit_free(&k);
}

/* An order that waits counts like a filled one, before the rule of one position is asked. */
static void test_daily_limit_counts_the_pending_entry(void **state) {
    (void)state;
    for (int limit = 1; limit <= 2; limit++) {
        kit k = kit_make();
        k.config.max_daily_trades = limit;
        kit_quiet(&k, 10, 100);
        kit_signal(&k, 2, PX_LONG, 5);
        kit_signal(&k, 2, PX_SHORT, 5);
        kit_run(&k);
        assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
        assert_int_equal(kit_fate(&k, 1), limit == 1 ? PX_OUTCOME_DAILY_LIMIT : PX_OUTCOME_IN_POSITION);
        kit_free(&k);
    }
}

static void test_rejects_what_cannot_be_sized(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.time_stop_bars = 1;
    kit_quiet(&k, 20, 100);
    kit_signal(&k, 2, PX_LONG, NAN);
    kit_signal(&k, 3, PX_LONG, 0);
    kit_signal(&k, 4, PX_LONG, 5)->h_bars = 0;
    kit_signal(&k, 5, PX_LONG, 501); /* 500 rupees of risk do not pay for one share */
    kit_run(&k);
    const px_outcome outcomes[] = {PX_OUTCOME_NO_ATR, PX_OUTCOME_NO_ATR, PX_OUTCOME_BAD_HORIZON,
                                   PX_OUTCOME_BELOW_ONE_LOT};
    for (size_t c = 0; c < 4; c++)
        assert_int_equal(kit_fate(&k, c), outcomes[c]);
    assert_int_equal(k.journal.n_orders, 0);
    kit_free(&k);
}

static void test_one_lot_is_enough(void **state) {
    (void)state;
    const double lots[] = {1, 25};
    for (size_t i = 0; i < 2; i++) {
        kit k = kit_make();
        k.data.instrument.lot_size = lots[i];
        kit_quiet(&k, 8, 100);
        kit_signal(&k, 2, PX_LONG, 500 / lots[i]); /* 500 rupees of risk pay for one lot */
        kit_run(&k);
        assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
        assert_true(k.journal.trades[0].quantity == lots[i]);
        kit_free(&k);
    }
}

static void test_stop_below_tick_cancels_the_order(void **state) {
    (void)state;
    const px_entry entries[] = {PX_ENTRY_NEXT_OPEN, PX_ENTRY_SIGNAL_CLOSE};
    for (size_t e = 0; e < 2; e++) {
        kit k = kit_make();
        k.config.entry = entries[e];
        kit_quiet(&k, 10, 100);
        kit_signal(&k, 2, PX_LONG, 0.01);
        kit_signal(&k, 3, PX_LONG, 5);
        kit_run(&k);
        assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_STOP_BELOW_TICK);
        assert_int_equal(k.journal.orders[0].status, PXI_ORDER_CANCELLED);
        assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_EXECUTED);
        k.data.instrument.tick = 0; /* unknown: nothing is below it */
        kit_run(&k);
        assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
        kit_free(&k);
    }
}

static void test_tick_and_lot_are_those_of_the_day(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.time_stop_bars = 1;
    k.data.instrument.n_changes = 1;
    k.data.instrument.changes[0] = (px_trading_unit){px_date_from_civil((px_civil){2025, 1, 7}), 0.5, 25};
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, 3, PX_LONG, 5.12);
    kit_signal(&k, KIT_BARS_A_DAY - 1, PX_LONG, 5.12); /* sized by the old lot, filled under the new tick */
    kit_signal(&k, KIT_BARS_A_DAY + 3, PX_LONG, 5.12);
    kit_run(&k);
    const double stops[] = {94.9, 95, 95}, quantities[] = {97, 97, 75};
    for (size_t i = 0; i < 3; i++) {
        assert_near(k.journal.trades[i].levels.stop, stops[i]);
        assert_near(k.journal.trades[i].quantity, quantities[i]);
    }
    kit_free(&k);
}

static void test_no_next_bar(void **state) {
    (void)state;
    kit k = kit_make();
    kit_quiet(&k, 5, 100);
    kit_signal(&k, 4, PX_LONG, 5);
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_NO_NEXT_BAR);
    kit_free(&k);
}

static void test_square_off_keeps_trades_in_their_session(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.square_off = 15 * 60 + 15;
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, 20, PX_LONG, 5);
    kit_signal(&k, KIT_BARS_A_DAY - 2, PX_LONG, 5); /* the next bar starts at the square-off */
    kit_signal(&k, KIT_BARS_A_DAY - 1, PX_LONG, 5); /* the next bar is tomorrow's */
    kit_run(&k);
    assert_int_equal(k.journal.trades[0].reason, PX_EXIT_SQUARE_OFF);
    assert_int_equal(k.journal.trades[0].exit_bar, KIT_BARS_A_DAY - 2); /* 15:00, which ends at 15:15 */
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_SESSION_END);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_SESSION_END);
    kit_free(&k);
}

static void test_duplicate_is_blocked_in_its_scope_only(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.time_stop_bars = 1;
    kit_quiet(&k, 10, 100);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 2, PX_LONG, 5)->event_type = KIT_REVERSION;
    k.signals.items[1].bar = 5; /* told again later: the same time, the same id */
    k.signals.items[2].bar = 8;
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_DUPLICATE);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_EXECUTED);
    kit_run(&k); /* a second run starts afresh */
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_EXECUTED);
    kit_free(&k);
}

static void test_duplicate_leaves_nothing(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.on_opposite = PX_OPPOSITE_CLOSE;
    kit_quiet(&k, 10, 100);
    kit_signal(&k, 1, PX_SHORT, 1000); /* known already, and rejected by its size */
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 1, PX_SHORT, 5)->bar = 4;
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_BELOW_ONE_LOT);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_DUPLICATE);
    assert_int_equal(k.journal.trades[0].reason, PX_EXIT_END_OF_DATA);
    kit_free(&k);
}

/* ---- kill switch and opposite signals ----------------------------------------------------------------- */

static void test_kill_switch_closes_and_ends_entries(void **state) {
    (void)state;
    const px_entry entries[] = {PX_ENTRY_NEXT_OPEN, PX_ENTRY_SIGNAL_CLOSE};
    for (size_t e = 0; e < 2; e++) {
        kit k = kit_make();
        k.config.entry = entries[e];
        k.config.max_drawdown_limit = 0.05;
        kit_quiet(&k, 4, 100);
        kit_bar(&k, 98, 98, 94, 94.5); /* 950 shares down 5.50: 5.2 % */
        kit_bar(&k, 94, 96, 93, 95);
        kit_quiet(&k, 5, 120); /* a recovery changes nothing */
        kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
        kit_standard(&k, 4, PX_ACTION_ENTER, PX_SHORT);
        kit_standard(&k, 7, PX_ACTION_ENTER, PX_LONG);
        kit_run(&k);
        assert_true(k.journal.killed);
        assert_int_equal(k.journal.n_trades, 1);
        assert_int_equal(k.journal.trades[0].reason, PX_EXIT_KILL_SWITCH);
        assert_int_equal(k.journal.trades[0].exit_bar, e == 0 ? 5 : 4);
        assert_near(k.journal.trades[0].exit_price, e == 0 ? 94 : 94.5);
        assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_KILL_SWITCH);
        kit_free(&k);
    }
}

static void test_only_one_exit_is_placed(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.max_drawdown_limit = 0.05;
    kit_quiet(&k, 4, 100);
    kit_quiet(&k, 4, 90);
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, 4, PX_ACTION_EXIT, PX_LONG); /* the kill switch leaves already */
    kit_run(&k);
    assert_int_equal(k.journal.trades[0].reason, PX_EXIT_KILL_SWITCH);
    assert_int_equal(k.journal.n_orders, 3);
    assert_int_equal(k.journal.orders[1].reason, PX_EXIT_KILL_SWITCH);
    assert_int_equal(k.journal.orders[2].status, PXI_ORDER_VOID);
    kit_free(&k);
}

static void test_drawdown_under_the_limit_does_not_kill(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.max_drawdown_limit = 0.06;
    kit_quiet(&k, 4, 100);
    kit_bar(&k, 98, 98, 94, 94.5);
    kit_quiet(&k, 5, 95);
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    assert_false(k.journal.killed);
    kit_free(&k);
}

/* 1,000 shares from 100, once up to 120: a quarter of the peak of 120,000 is lost at 90. */
static void test_kill_switch_fires_exactly_at_its_limit(void **state) {
    (void)state;
    const double lows[] = {90.05, 90};
    for (int killed = 0; killed < 2; killed++) {
        kit k = kit_make();
        k.config.size_fraction = 1;
        k.config.max_drawdown_limit = 0.25;
        kit_quiet(&k, 4, 100);
        kit_quiet(&k, 1, 120);
        kit_quiet(&k, 2, lows[killed]);
        kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
        kit_run(&k);
        assert_true(k.journal.trades[0].quantity == 1000);
        assert_true(k.journal.killed == killed);
        assert_int_equal(k.journal.trades[0].reason, killed ? PX_EXIT_KILL_SWITCH : PX_EXIT_END_OF_DATA);
        kit_free(&k);
    }
}

static void run_opposite(px_on_opposite rule, px_entry entry, kit *k) {
    *k = kit_make();
    k->config.on_opposite = rule;
    k->config.entry = entry;
    k->config.cooldown_bars = 3;
    k->config.time_stop_bars = 6;
    kit_quiet(k, 20, 100);
    kit_signal(k, 2, PX_LONG, 5);
    kit_signal(k, 4, PX_LONG, 5);
    kit_signal(k, 5, PX_SHORT, 5);
    kit_run(k);
    assert_int_equal(kit_fate(k, 1), PX_OUTCOME_IN_POSITION);
}

static void test_opposite_is_ignored_by_default(void **state) {
    (void)state;
    kit k;
    run_opposite(px_config_default().on_opposite, PX_ENTRY_NEXT_OPEN, &k);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_IN_POSITION);
    assert_int_equal(k.journal.trades[0].reason, PX_EXIT_TIME_STOP);
    kit_free(&k);
}

static void test_opposite_closes(void **state) {
    (void)state;
    for (int e = PX_ENTRY_NEXT_OPEN; e <= PX_ENTRY_SIGNAL_CLOSE; e++) {
        kit k;
        run_opposite(PX_OPPOSITE_CLOSE, (px_entry)e, &k);
        assert_int_equal(k.journal.n_trades, 1);
        assert_int_equal(k.journal.trades[0].reason, PX_EXIT_SIGNAL);
        assert_int_equal(k.journal.trades[0].exit_bar, e == PX_ENTRY_NEXT_OPEN ? 6 : 5);
        assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_IN_POSITION);
        kit_free(&k);
    }
}

static void test_opposite_reverses(void **state) {
    (void)state;
    for (int e = PX_ENTRY_NEXT_OPEN; e <= PX_ENTRY_SIGNAL_CLOSE; e++) {
        kit k;
        run_opposite(PX_OPPOSITE_REVERSE, (px_entry)e, &k);
        assert_int_equal(k.journal.n_trades, 2);
        assert_int_equal(k.journal.trades[0].reason, PX_EXIT_SIGNAL);
        assert_int_equal(k.journal.trades[1].entry_bar, k.journal.trades[0].exit_bar);
        assert_int_equal(k.journal.trades[1].side, PX_SHORT);
        assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_EXECUTED);
        kit_free(&k);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_enters_at_next_open_and_exits_at_target),
        cmocka_unit_test(test_enters_at_signal_close_and_watches_from_the_next_bar),
        cmocka_unit_test(test_time_stop_and_short_side),
        cmocka_unit_test(test_open_at_the_end_closes_at_the_last_close),
        cmocka_unit_test(test_slippage_moves_market_fills_but_no_target),
        cmocka_unit_test(test_warmup_signals_are_not_traded),
        cmocka_unit_test(test_exit_signal_fills_at_the_next_open),
        cmocka_unit_test(test_exit_and_entry_on_one_bar_turn_the_position),
        cmocka_unit_test(test_levels_as_prices),
        cmocka_unit_test(test_levels_as_distances_and_a_time_stop),
        cmocka_unit_test(test_target_without_stop_is_sized_by_equity),
        cmocka_unit_test(test_gap_over_a_level),
        cmocka_unit_test(test_levels_on_the_wrong_side_are_refused),
        cmocka_unit_test(test_in_position),
        cmocka_unit_test(test_second_entry_on_one_bar_waits_for_none),
        cmocka_unit_test(test_cooldown_counts_from_the_exit_bar),
        cmocka_unit_test(test_daily_limit_ends_with_the_session),
        cmocka_unit_test(test_daily_limit_counts_the_pending_entry),
        cmocka_unit_test(test_rejects_what_cannot_be_sized),
        cmocka_unit_test(test_one_lot_is_enough),
        cmocka_unit_test(test_stop_below_tick_cancels_the_order),
        cmocka_unit_test(test_tick_and_lot_are_those_of_the_day),
        cmocka_unit_test(test_no_next_bar),
        cmocka_unit_test(test_square_off_keeps_trades_in_their_session),
        cmocka_unit_test(test_duplicate_is_blocked_in_its_scope_only),
        cmocka_unit_test(test_duplicate_leaves_nothing),
        cmocka_unit_test(test_kill_switch_closes_and_ends_entries),
        cmocka_unit_test(test_only_one_exit_is_placed),
        cmocka_unit_test(test_drawdown_under_the_limit_does_not_kill),
        cmocka_unit_test(test_kill_switch_fires_exactly_at_its_limit),
        cmocka_unit_test(test_opposite_is_ignored_by_default),
        cmocka_unit_test(test_opposite_closes),
        cmocka_unit_test(test_opposite_reverses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
