// SPDX-License-Identifier: Apache-2.0
/* What products, slippage and opposite signals do in a replay, by hand and in combination. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "replay_kit.h"

#define LAST (KIT_BARS_A_DAY - 1) /* bar of 15:15 */

static void check_exit(const kit *k, size_t trade, px_exit_reason reason, size_t bar) {
    const pxi_trade *t = &k->journal.trades[trade];
    assert_true(trade < k->journal.n_trades);
    if (t->reason != reason || t->exit_bar != bar)
        fail_msg("trade %zu: %s on bar %zu", trade, px_exit_reason_name(t->reason), t->exit_bar);
}

/* ---- slippage ------------------------------------------------------------------------------------------ */

/* A long from 100.10 (10 basis points above the open of 100) with its stop at 98.10 and its target at 104.10
 * meets one bar, or two; a short meets them mirrored at 100. `price` is what it leaves at before slippage. */
typedef struct slip_case {
    const char *name;
    px_exit_reason reason;
    double price;
    bool slips;
    double bars[2][4];
    int time_stop; /* 0 = the default */
    size_t before; /* bars before the signal */
    bool skips;    /* the bar before the first one above is missing */
    bool signals_exit;
    double max_drawdown;
} slip_case;

static const slip_case slip_cases[] = {
    {"stop", PX_EXIT_STOP_LOSS, 98.1, true, {{100, 100.2, 97, 98}}, .before = 2},
    {"stop by a gap", PX_EXIT_STOP_LOSS, 97, true, {{97, 97.5, 96.5, 97}}, .before = 2},
    {"target", PX_EXIT_TAKE_PROFIT, 104.1, false, {{100, 105, 99.9, 104.5}}, .before = 2},
    {"target by a gap", PX_EXIT_TAKE_PROFIT, 106, false, {{106, 107, 105, 106}}, .before = 2},
    {"time stop", PX_EXIT_TIME_STOP, 100.3, true, {{100, 100.4, 99.8, 100.3}}, .time_stop = 2, .before = 2},
    {"square-off", PX_EXIT_SQUARE_OFF, 100.3, true, {{100, 100.4, 99.8, 100.3}}, .before = LAST - 3},
    {"late square-off",
     PX_EXIT_SQUARE_OFF,
     100.2,
     true,
     {{100.2, 105, 97, 100}},
     .before = LAST - 4,
     .skips = true},
    {"late square-off beyond the target",
     PX_EXIT_TAKE_PROFIT,
     106,
     false,
     {{106, 107, 105, 106}},
     .before = LAST - 4,
     .skips = true},
    {"exit signal",
     PX_EXIT_SIGNAL,
     100.7,
     true,
     {{100, 100.4, 99.8, 100.3}, {100.7, 101, 100, 101}},
     .before = 2,
     .signals_exit = true},
    {"kill switch",
     PX_EXIT_KILL_SWITCH,
     99.2,
     true,
     {{100, 100.4, 98.8, 99}, {99.2, 99.5, 99, 99}},
     .before = 2,
     .max_drawdown = 0.001},
    {"end of data", PX_EXIT_END_OF_DATA, 100.3, true, {{100, 100.4, 99.8, 100.3}}, .before = 2},
};

static void add_mirrored(kit *k, const double bar[4], px_side side) {
    if (side == PX_LONG)
        kit_bar(k, bar[0], bar[1], bar[2], bar[3]);
    else
        kit_bar(k, 200 - bar[0], 200 - bar[2], 200 - bar[1], 200 - bar[3]);
}

static void run_slip_case(const slip_case *c, px_side side) {
    kit k = kit_make();
    k.config.slippage_bps = 10;
    k.config.product = PX_PRODUCT_INTRADAY;
    k.config.time_stop_bars = c->time_stop ? c->time_stop : k.config.time_stop_bars;
    k.config.max_drawdown_limit = c->max_drawdown > 0 ? c->max_drawdown : k.config.max_drawdown_limit;
    kit_quiet(&k, c->before + 2, 100);
    add_mirrored(&k, c->bars[0], side);
    if (c->bars[1][0] > 0)
        add_mirrored(&k, c->bars[1], side);
    if (c->skips)
        k.data.bars.ts_us[c->before + 2] = kit_ts(LAST);
    kit_signal(&k, c->before, side, 2);
    if (c->signals_exit)
        kit_standard(&k, c->before + 2, PX_ACTION_EXIT, side);
    kit_run(&k);
    const pxi_trade *trade = &k.journal.trades[0];
    double raw = side == PX_LONG ? c->price : 200 - c->price;
    double expected = c->slips ? raw * (1 - side * 0.001) : raw;
    assert_near(trade->entry_price, 100 + side * 0.1);
    if (k.journal.n_trades != 1 || trade->reason != c->reason || fabs(trade->exit_price - expected) > 1e-9)
        fail_msg("%s: %s at %.10g, expected %.10g", c->name, px_exit_reason_name(trade->reason),
                 trade->exit_price, expected);
    kit_free(&k);
}

static void test_slippage_of_every_exit(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof slip_cases / sizeof slip_cases[0]; i++) {
        run_slip_case(&slip_cases[i], PX_LONG);
        run_slip_case(&slip_cases[i], PX_SHORT);
    }
}

static void test_slippage_of_entries(void **state) {
    (void)state;
    const px_side sides[] = {PX_LONG, PX_SHORT};
    for (size_t i = 0; i < 2; i++)
        for (int e = PX_ENTRY_NEXT_OPEN; e <= PX_ENTRY_SIGNAL_CLOSE; e++) {
            kit k = kit_make();
            k.config.slippage_bps = 10;
            k.config.entry = (px_entry)e;
            kit_quiet(&k, 3, 100);
            kit_bar(&k, 101, 101.5, 100, 101);
            kit_signal(&k, 2, sides[i], 5);
            kit_run(&k);
            double raw = e == PX_ENTRY_NEXT_OPEN ? 101 : 100;
            assert_near(k.journal.trades[0].entry_price, raw * (1 + sides[i] * 0.001));
            kit_free(&k);
        }
}

/* Range and ATR of the bars before are 1, their volume is 1,000; 500 / 5 = 100 shares. The target is a limit.
 */
static void test_forms_of_slippage(void **state) {
    (void)state;
    const struct {
        px_slippage slippage;
        double paid;
    } rows[] = {
        {{PX_SLIPPAGE_TICKS, 3}, 0.15},
        {{PX_SLIPPAGE_RANGE, 0.2}, 0.2},
        {{PX_SLIPPAGE_VOLUME, 1}, 0.31622776601683794},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int target = 0; target < 2; target++) {
            kit k = kit_make();
            k.config.slippage = rows[i].slippage;
            k.data.instrument.tick = rows[i].slippage.kind == PX_SLIPPAGE_TICKS ? 0.05 : 0;
            kit_quiet(&k, 30, 100);
            kit_bar(&k, 100, target ? 120 : 101, target ? 99 : 80, 100);
            kit_signal(&k, 28, PX_LONG, 5);
            kit_run(&k);
            const pxi_trade *trade = &k.journal.trades[0];
            const double entry = 100 + rows[i].paid;
            assert_near(trade->quantity, 100);
            assert_near(trade->entry_price, entry);
            assert_near(trade->exit_price, target ? trade->levels.target : trade->levels.stop - rows[i].paid);
            assert_true(fabs(trade->levels.stop - (entry - 5)) <= 0.025 + 1e-9);
            assert_int_equal(k.journal.n_unslipped, 0);
            kit_free(&k);
        }
}

/* The bar before a fill, and no later one: the range of the fill's own bar is not known at its open. */
static void test_slippage_looks_at_bars_before_the_fill(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.slippage = (px_slippage){PX_SLIPPAGE_RANGE, 0.5};
    kit_quiet(&k, 3, 100);
    kit_bar(&k, 100, 102, 98, 100);     /* range 4 */
    kit_bar(&k, 100, 100.8, 99.2, 100); /* filled here */
    kit_bar(&k, 100, 101, 80, 100);     /* stopped here: range 1.6 before */
    kit_signal(&k, 3, PX_LONG, 5);
    kit_run(&k);
    assert_near(k.journal.trades[0].entry_price, 102);
    assert_near(k.journal.trades[0].levels.stop, 97);
    assert_near(k.journal.trades[0].exit_price, 97 - 0.8);
    kit_free(&k);
}

static void test_slippage_that_cannot_be_told_is_counted(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.slippage = (px_slippage){PX_SLIPPAGE_VOLUME, 1};
    kit_quiet(&k, 5, 100); /* no ATR yet */
    kit_signal(&k, 1, PX_LONG, 5);
    kit_run(&k);
    assert_near(k.journal.trades[0].entry_price, 100);
    assert_int_equal(k.journal.n_unslipped, 2);
    kit_free(&k);
}

/* An order that is cancelled where it would fill is no fill: its stop would be nearer than a tick. */
static void test_slippage_of_no_fill_is_not_counted(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.slippage = (px_slippage){PX_SLIPPAGE_VOLUME, 1};
    kit_quiet(&k, 5, 100); /* no ATR yet */
    kit_signal(&k, 1, PX_LONG, 0.01);
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_STOP_BELOW_TICK);
    assert_int_equal(k.journal.n_unslipped, 0);
    kit_free(&k);
}

/* ---- products ------------------------------------------------------------------------------------------ */

static void test_intraday_squares_off_and_enters_no_later(void **state) {
    (void)state;
    for (int e = PX_ENTRY_NEXT_OPEN; e <= PX_ENTRY_SIGNAL_CLOSE; e++) {
        kit k = kit_make();
        k.config.product = PX_PRODUCT_INTRADAY;
        k.config.entry = (px_entry)e;
        kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
        kit_signal(&k, LAST - 3, PX_SHORT,
                   5); /* its next bar, or the one watched first, ends at 15:15 or before */
        kit_signal(&k, LAST - 1, PX_LONG, 5); /* its close and the next open are at 15:15 */
        kit_signal(&k, LAST, PX_LONG, 5);     /* the next open is tomorrow's */
        kit_signal(&k, LAST + 1, PX_LONG, 5);
        kit_run(&k);
        check_exit(&k, 0, PX_EXIT_SQUARE_OFF, LAST - 1);
        assert_near(k.journal.trades[0].exit_price, 100);
        assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_SESSION_END);
        assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_SESSION_END);
        assert_int_equal(kit_fate(&k, 3), PX_OUTCOME_EXECUTED);
        assert_false(k.journal.trades[0].overnight || k.journal.trades[1].overnight);
        kit_free(&k);
    }
}

static void test_a_square_off_that_is_set_holds(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.product = PX_PRODUCT_INTRADAY;
    k.config.square_off = 14 * 60;
    kit_quiet(&k, KIT_BARS_A_DAY, 100);
    kit_signal(&k, 15, PX_LONG, 5);
    kit_run(&k);
    check_exit(&k, 0, PX_EXIT_SQUARE_OFF, 18); /* 13:45 to 14:00 */
    kit_free(&k);
}

static void test_delivery_knows_no_shorts_and_no_leverage(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.product = PX_PRODUCT_DELIVERY;
    k.config.risk_per_trade = 50000;
    k.config.time_stop_bars = 2;
    kit_quiet(&k, 20, 100);
    kit_signal(&k, 2, PX_SHORT, 5);
    kit_signal(&k, 4, PX_LONG, 5);
    kit_standard(&k, 10, PX_ACTION_ENTER, PX_SHORT);
    kit_run(&k);
    assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_PRODUCT_NO_SHORT);
    assert_string_equal(px_outcome_name(kit_fate(&k, 0)), "product_no_short");
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_PRODUCT_NO_SHORT);
    assert_true(k.journal.trades[0].quantity == 1000); /* 100,000 / 100 */
    assert_int_equal(k.journal.n_orders, 1);
    kit_free(&k);
}

/* The order is for what 100,000 buy at the close; the fill has a gap and a fee of 0.11874 %. */
static void test_delivery_is_cut_to_the_cash_at_the_fill(void **state) {
    (void)state;
    const struct {
        double open, quantity, lot;
        px_cap cap;
        px_fees fees;
    } rows[] = {
        {100, 1000, 1, PX_CAP_LEVERAGE, PX_FEES_NONE},   {100, 998, 1, PX_CAP_CASH, PX_FEES_PRODUCT},
        {110, 908, 1, PX_CAP_CASH, PX_FEES_PRODUCT},     {110, 900, 30, PX_CAP_CASH, PX_FEES_PRODUCT},
        {90, 1000, 1, PX_CAP_LEVERAGE, PX_FEES_PRODUCT}, {110, 0, 910, PX_CAP_CASH, PX_FEES_PRODUCT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit k = kit_make();
        k.config.product = PX_PRODUCT_DELIVERY;
        k.config.risk_per_trade = 1e6;
        k.config.fees = rows[i].fees;
        k.data.instrument.lot_size = rows[i].lot;
        kit_quiet(&k, 5, 100);
        kit_quiet(&k, 5, rows[i].open);
        kit_signal(&k, 4, PX_LONG, 50);
        kit_run(&k);
        assert_near(k.candidates.items[0].quantity, rows[i].quantity);
        assert_int_equal(k.candidates.items[0].capped_by, rows[i].cap);
        if (rows[i].quantity == 0) {
            assert_int_equal(kit_fate(&k, 0), PX_OUTCOME_BELOW_ONE_LOT);
            assert_int_equal(k.journal.orders[0].status, PXI_ORDER_CANCELLED);
        } else {
            const pxi_trade *trade = &k.journal.trades[0];
            assert_near(trade->quantity, rows[i].quantity);
            assert_int_equal(trade->capped_by, rows[i].cap);
            assert_near(trade->risk, rows[i].quantity * 50);
            assert_true(trade->quantity * trade->entry_price + k.journal.fills[0].fees <= 100000);
        }
        kit_free(&k);
    }
}

/* Where equity is the initial one, no cash is asked for. */
static void test_initial_equity_asks_for_no_cash(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.product = PX_PRODUCT_DELIVERY;
    k.config.risk_per_trade = 1e6;
    k.config.equity_cap = PX_EQUITY_INITIAL;
    kit_quiet(&k, 5, 100);
    kit_quiet(&k, 5, 110);
    kit_signal(&k, 4, PX_LONG, 50);
    kit_run(&k);
    assert_near(k.journal.trades[0].quantity, 1000);
    kit_free(&k);
}

/* At the close before each later session, 100 shares at 100 or 5,000 of them, of 100,000. */
static void test_leverage_held_overnight(void **state) {
    (void)state;
    for (int heavy = 0; heavy < 2; heavy++) {
        kit k = kit_make();
        k.config.time_stop_bars = 40;
        k.config.risk_per_trade = heavy ? 1e6 : 500;
        kit_quiet(&k, LAST + 2, 100);
        kit_quiet(&k, KIT_BARS_A_DAY - 1, 101);
        kit_quiet(&k, 10, 101);
        kit_signal(&k, LAST - 3, PX_LONG, 5);
        kit_run(&k);
        const double shares = heavy ? 5000 : 100;
        assert_near(k.journal.trades[0].quantity, shares);
        assert_near(k.journal.trades[0].overnight_leverage,
                    heavy ? 5 : 10100.0 / 100100); /* 5 is more than 5,050 of 1,050 */
        kit_free(&k);
    }
}

/* On 2025-01-06, entry to exit two sessions apart; 100 shares at 100: a turnover of 10,000. Futures:
 * brokerage 3, exchange 0.183, SEBI 0.01, stamp 0.2 bought, STT 2 sold. Delivery: exchange 0.307, SEBI 0.01,
 * stamp 1.5 bought, STT 10 on both sides. */
static void test_fees_of_positions_held_overnight(void **state) {
    (void)state;
    const struct {
        px_product product;
        double entry, exit, difference;
    } rows[] = {
        {PX_PRODUCT_FUTURES, 1.18 * 3.193 + 0.2, 1.18 * 3.193 + 2, 0},
        {PX_PRODUCT_DELIVERY, 1.18 * 0.317 + 11.5, 1.18 * 0.317 + 10, 0},
        {PX_PRODUCT_ANY, 1.18 * 3.317 + 0.3, 1.18 * 0.317 + 10, 1.18 * -3 + 11.2},
        {PX_PRODUCT_INDEX, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        kit k = kit_make();
        k.config.product = rows[i].product;
        k.config.fees = PX_FEES_PRODUCT;
        k.config.time_stop_bars = 10;
        kit_quiet(&k, KIT_BARS_A_DAY + 12, 100);
        kit_signal(&k, LAST - 3, PX_LONG, 5);
        kit_run(&k);
        const bool differs = rows[i].difference != 0;
        assert_true(k.journal.trades[0].overnight);
        assert_int_equal(k.journal.n_fills, differs ? 3 : 2);
        assert_near(k.journal.fills[0].fees, rows[i].entry);
        if (differs) {
            assert_true(k.journal.fills[1].carry && k.journal.fills[1].ts_us == kit_ts(LAST + 1));
            assert_near(k.journal.fills[1].fees, rows[i].difference);
        }
        assert_near(k.journal.fills[k.journal.n_fills - 1].fees, rows[i].exit);
        kit_free(&k);
    }
}

static void test_futures_carry_shorts_in_lots_of_the_day(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.product = PX_PRODUCT_FUTURES;
    k.config.time_stop_bars = 10;
    k.data.instrument.lot_size = 30;
    k.data.instrument.n_changes = 1;
    k.data.instrument.changes[0] = (px_trading_unit){px_date_from_civil((px_civil){2025, 1, 7}), 0.05, 75};
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, LAST - 3, PX_SHORT, 5);
    kit_signal(&k, LAST + 12, PX_SHORT, 5);
    kit_signal(&k, LAST + 24, PX_SHORT, 10); /* 50 contracts of risk do not make a lot */
    kit_run(&k);
    assert_true(k.journal.trades[0].overnight && k.journal.trades[0].side == PX_SHORT);
    assert_true(k.journal.trades[0].quantity == 90 && k.journal.trades[1].quantity == 75);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_BELOW_ONE_LOT);
    kit_free(&k);
}

/* A row in force from a date on: so many rupees a fill, and STT on both sides. */
#define ROW(from, rupees, stt)                                                                               \
    "{\"from\": \"" from                                                                                     \
    "\", \"brokerage_pct\": 0, \"brokerage_cap_rupees\": 0, \"brokerage_flat_rupees\": " rupees              \
    ", \"stt_buy_pct\": " stt ", \"stt_sell_pct\": " stt ", \"exchange_pct\": 0, \"sebi_pct\": 0, "          \
    "\"stamp_buy_pct\": 0, \"stamp_sell_pct\": 0, \"gst_pct\": 0}"

/* From the 7th on deliveries are taxed at 0.5 % a side: the difference is that of the entry's date, the exit
 * that of its own. */
static void test_overnight_difference_is_at_the_rates_of_the_entry(void **state) {
    (void)state;
    static const char json[] =
        "{\"format\": \"pixity fee table\", \"format_version\": 1, \"segments\": {"
        "\"intraday\": [" ROW("2020-01-01", "7",
                              "0") "], "
                                   "\"delivery\": [" ROW("2020-01-01", "0", "0.1") ", " ROW(
                                       "2025-01-07", "0",
                                       "0.5") "], "
                                              "\"futures\": [" ROW("2020-01-01", "7",
                                                                   "0") "], "
                                                                        "\"flat_sides\": [" ROW(
                                                                            "2020-01-01", "7", "0") "]}}";
    px_fee_table *table = NULL;
    assert_int_equal(px_fee_table_read(json, sizeof json - 1, "test", &table, NULL), PX_OK);
    kit k = kit_make();
    k.config.fees = PX_FEES_PRODUCT;
    k.config.time_stop_bars = 10;
    k.fee_table = table;
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, LAST - 3, PX_LONG, 5);
    kit_run(&k);
    assert_int_equal(k.journal.n_fills, 3);
    assert_near(k.journal.fills[0].fees, 7);
    assert_near(k.journal.fills[1].fees, 10 - 7);
    assert_near(k.journal.fills[2].fees, 50);
    assert_int_equal(k.journal.rates_known_from, INT32_MIN);
    px_fee_table_free(&table);
    kit_free(&k);
}

/* ---- opposite signals ---------------------------------------------------------------------------------- */

static kit kit_with_rule(px_on_opposite rule, px_product product) {
    kit k = kit_make();
    k.config.on_opposite = rule;
    k.config.product = product;
    return k;
}

static void test_delivery_leaves_on_a_short_signal_but_does_not_turn(void **state) {
    (void)state;
    const px_on_opposite rules[] = {PX_OPPOSITE_IGNORE, PX_OPPOSITE_CLOSE, PX_OPPOSITE_REVERSE};
    for (size_t i = 0; i < 3; i++) {
        kit k = kit_with_rule(rules[i], PX_PRODUCT_DELIVERY);
        kit_quiet(&k, 20, 100);
        kit_signal(&k, 2, PX_LONG, 5);
        kit_signal(&k, 5, PX_SHORT, 5);
        kit_run(&k);
        assert_int_equal(k.journal.n_trades, 1);
        assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_PRODUCT_NO_SHORT);
        if (rules[i] == PX_OPPOSITE_IGNORE)
            check_exit(&k, 0, PX_EXIT_TIME_STOP, 14);
        else
            check_exit(&k, 0, PX_EXIT_SIGNAL, 6);
        kit_free(&k);
    }
}

static void test_a_position_leaves_whatever_stops_the_opposite_signal(void **state) {
    (void)state;
    kit k = kit_with_rule(PX_OPPOSITE_REVERSE, PX_PRODUCT_ANY);
    k.config.max_daily_trades = 1;
    kit_quiet(&k, 20, 100);
    kit_signal(&k, 2, PX_LONG, 5);
    kit_signal(&k, 5, PX_SHORT, 5);
    kit_run(&k);
    assert_int_equal(k.journal.n_trades, 1);
    check_exit(&k, 0, PX_EXIT_SIGNAL, 6);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_DAILY_LIMIT);
    kit_free(&k);
}

static void test_cooldown_follows_a_close_but_not_a_reversal(void **state) {
    (void)state;
    const px_on_opposite rules[] = {PX_OPPOSITE_CLOSE, PX_OPPOSITE_REVERSE};
    for (size_t i = 0; i < 2; i++) {
        kit k = kit_with_rule(rules[i], PX_PRODUCT_ANY);
        k.config.cooldown_bars = 3;
        k.config.time_stop_bars = 5;
        kit_quiet(&k, 20, 100);
        kit_signal(&k, 2, PX_LONG, 5);
        kit_signal(&k, 5, PX_SHORT, 5); /* leaves on bar 6 */
        kit_signal(&k, 8, PX_SHORT, 5);
        kit_signal(&k, 9, PX_SHORT, 5);
        kit_run(&k);
        const bool reverses = rules[i] == PX_OPPOSITE_REVERSE;
        check_exit(&k, 0, PX_EXIT_SIGNAL, 6);
        assert_int_equal(kit_fate(&k, 1), reverses ? PX_OUTCOME_EXECUTED : PX_OUTCOME_IN_POSITION);
        assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_COOLDOWN); /* 8 - 6; looked at before the position */
        assert_int_equal(kit_fate(&k, 3), reverses ? PX_OUTCOME_IN_POSITION : PX_OUTCOME_EXECUTED);
        assert_int_equal(k.journal.trades[1].entry_bar, reverses ? 6 : 10);
        kit_free(&k);
    }
}

static void test_a_reversal_is_no_second_session(void **state) {
    (void)state;
    kit k = kit_with_rule(PX_OPPOSITE_REVERSE, PX_PRODUCT_INTRADAY);
    kit_quiet(&k, 2 * KIT_BARS_A_DAY, 100);
    kit_signal(&k, LAST - 5, PX_LONG, 5);
    kit_signal(&k, LAST - 3, PX_SHORT, 5);
    kit_signal(&k, LAST - 1, PX_LONG, 5); /* the short is squared off at this close */
    kit_run(&k);
    check_exit(&k, 0, PX_EXIT_SIGNAL, LAST - 2);
    check_exit(&k, 1, PX_EXIT_SQUARE_OFF, LAST - 1);
    assert_int_equal(k.journal.n_trades, 2);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_SESSION_END);
    kit_free(&k);
}

/* The bars between the reversal and the square-off are missing: the long leaves at the first price there is,
 * and the short does not enter. */
static void test_a_reversal_that_comes_too_late_only_leaves(void **state) {
    (void)state;
    kit k = kit_with_rule(PX_OPPOSITE_REVERSE, PX_PRODUCT_INTRADAY);
    kit_quiet(&k, LAST - 3, 100);
    kit_bar(&k, 101, 101.2, 100.8, 101);
    k.data.bars.ts_us[LAST - 3] = kit_ts(LAST);
    kit_signal(&k, LAST - 6, PX_LONG, 5);
    kit_signal(&k, LAST - 4, PX_SHORT, 5);
    kit_run(&k);
    assert_int_equal(k.journal.n_trades, 1);
    check_exit(&k, 0, PX_EXIT_SIGNAL, LAST - 3);
    assert_near(k.journal.trades[0].exit_price, 101);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_SESSION_END);
    kit_free(&k);
}

/* ---- kill switch --------------------------------------------------------------------------------------- */

/* 950 shares from 100 that open at 93 lose 6.65 %. The reversal was placed before and fills at that open; the
 * close then fires the switch, and the next open closes what was entered. */
static void test_kill_switch_with_a_pending_reversal(void **state) {
    (void)state;
    kit k = kit_with_rule(PX_OPPOSITE_REVERSE, PX_PRODUCT_ANY);
    k.config.max_drawdown_limit = 0.05;
    kit_quiet(&k, 5, 100);
    kit_quiet(&k, 4, 93);
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, 4, PX_ACTION_ENTER, PX_SHORT);
    kit_standard(&k, 5, PX_ACTION_ENTER, PX_LONG); /* opposite again: the switch leaves, nothing turns */
    kit_run(&k);
    assert_int_equal(k.journal.n_trades, 2);
    check_exit(&k, 0, PX_EXIT_SIGNAL, 5);
    check_exit(&k, 1, PX_EXIT_KILL_SWITCH, 6);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_EXECUTED);
    assert_int_equal(kit_fate(&k, 2), PX_OUTCOME_KILL_SWITCH);
    kit_free(&k);
}

/* The signal that would reverse comes with the close that fires the switch. */
static void test_kill_switch_goes_before_a_reversal(void **state) {
    (void)state;
    for (int e = PX_ENTRY_NEXT_OPEN; e <= PX_ENTRY_SIGNAL_CLOSE; e++) {
        kit k = kit_with_rule(PX_OPPOSITE_REVERSE, PX_PRODUCT_ANY);
        k.config.entry = (px_entry)e;
        k.config.max_drawdown_limit = 0.05;
        kit_quiet(&k, 4, 100);
        kit_quiet(&k, 4, 93);
        kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
        kit_standard(&k, 4, PX_ACTION_ENTER, PX_SHORT);
        kit_run(&k);
        assert_int_equal(k.journal.n_trades, 1);
        check_exit(&k, 0, PX_EXIT_KILL_SWITCH, e == PX_ENTRY_NEXT_OPEN ? 5 : 4);
        assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_KILL_SWITCH);
        kit_free(&k);
    }
}

/* Fees and slippage alone may fire it: an entry at the close is then left at the next one. */
static void test_kill_switch_by_the_cost_of_an_entry_at_the_close(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.entry = PX_ENTRY_SIGNAL_CLOSE;
    k.config.slippage_bps = 100;
    k.config.max_drawdown_limit = 0.005; /* 950 shares x 1 rupee are 0.95 % */
    kit_quiet(&k, 8, 100);
    kit_standard(&k, 2, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    check_exit(&k, 0, PX_EXIT_KILL_SWITCH, 3);
    kit_free(&k);
}

/* The switch fires on the last close before the square-off: the square-off came first, on its own bar. */
static void test_square_off_goes_before_the_kill_switch(void **state) {
    (void)state;
    kit k = kit_make();
    k.config.product = PX_PRODUCT_INTRADAY;
    k.config.max_drawdown_limit = 0.05;
    kit_quiet(&k, LAST - 1, 100);
    kit_bar(&k, 100, 100, 93, 93.5);
    kit_quiet(&k, 5, 93);
    kit_standard(&k, LAST - 5, PX_ACTION_ENTER, PX_LONG);
    kit_standard(&k, LAST + 2, PX_ACTION_ENTER, PX_LONG);
    kit_run(&k);
    check_exit(&k, 0, PX_EXIT_SQUARE_OFF, LAST - 1);
    assert_true(k.journal.killed);
    assert_int_equal(kit_fate(&k, 1), PX_OUTCOME_KILL_SWITCH);
    kit_free(&k);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slippage_of_every_exit),
        cmocka_unit_test(test_slippage_of_entries),
        cmocka_unit_test(test_forms_of_slippage),
        cmocka_unit_test(test_slippage_looks_at_bars_before_the_fill),
        cmocka_unit_test(test_slippage_that_cannot_be_told_is_counted),
        cmocka_unit_test(test_slippage_of_no_fill_is_not_counted),
        cmocka_unit_test(test_intraday_squares_off_and_enters_no_later),
        cmocka_unit_test(test_a_square_off_that_is_set_holds),
        cmocka_unit_test(test_delivery_knows_no_shorts_and_no_leverage),
        cmocka_unit_test(test_delivery_is_cut_to_the_cash_at_the_fill),
        cmocka_unit_test(test_initial_equity_asks_for_no_cash),
        cmocka_unit_test(test_leverage_held_overnight),
        cmocka_unit_test(test_fees_of_positions_held_overnight),
        cmocka_unit_test(test_futures_carry_shorts_in_lots_of_the_day),
        cmocka_unit_test(test_overnight_difference_is_at_the_rates_of_the_entry),
        cmocka_unit_test(test_delivery_leaves_on_a_short_signal_but_does_not_turn),
        cmocka_unit_test(test_a_position_leaves_whatever_stops_the_opposite_signal),
        cmocka_unit_test(test_cooldown_follows_a_close_but_not_a_reversal),
        cmocka_unit_test(test_a_reversal_is_no_second_session),
        cmocka_unit_test(test_a_reversal_that_comes_too_late_only_leaves),
        cmocka_unit_test(test_kill_switch_with_a_pending_reversal),
        cmocka_unit_test(test_kill_switch_goes_before_a_reversal),
        cmocka_unit_test(test_kill_switch_by_the_cost_of_an_entry_at_the_close),
        cmocka_unit_test(test_square_off_goes_before_the_kill_switch),
    };
    return cmocka_run_group_tests_name("replay: products", tests, NULL, NULL);
}
