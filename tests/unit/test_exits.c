// SPDX-License-Identifier: Apache-2.0
/* The barrier routine, case by case: levels, ticks, entries, fills at gaps, ambiguous bars, time, square-off.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/exits.h"

#include <math.h>
#include <string.h>

static px_calendar *nse;

static int64_t at(const char *text) {
    int64_t ts_us = 0;
    assert_int_equal(px_time_parse(text, strlen(text), px_calendar_zone(nse), &ts_us, NULL), PX_OK);
    return ts_us;
}

static px_session session_of(const char *date) {
    int32_t day = 0;
    assert_int_equal(px_date_parse(date, &day, NULL), PX_OK);
    return px_calendar_session(nse, day);
}

/* ---- levels -------------------------------------------------------------------------------------------- */

static void test_rounding(void **state) {
    (void)state;
    assert_true(px_round_to_tick(100.024, 0.05) == 100.0);
    assert_true(px_round_to_tick(100.025, 0.25) == 100.0);
    assert_true(fabs(px_round_to_tick(100.03, 0.05) - 100.05) < 1e-9);
    assert_true(px_round_to_tick(2.5, 1.0) == 3.0); /* halves go up */
    assert_true(px_round_to_tick(100.0249, 0.0) == 100.0249);
}

static px_level distance(double rupees) {
    return (px_level){PX_LEVEL_DISTANCE, rupees};
}

static px_level at_price(double rupees) {
    return (px_level){PX_LEVEL_PRICE, rupees};
}

static void test_levels(void **state) {
    (void)state;
    px_levels levels = px_barrier_levels(PX_LONG, 100.0, distance(2.1), distance(4.2), 0.0);
    assert_true(levels.stop == 100.0 - 2.1 && levels.target == 100.0 + 4.2);
    levels = px_barrier_levels(PX_SHORT, 100.0, distance(1.5 * 2.1), distance(3.0 * 2.1), 0.25);
    assert_true(levels.stop == 103.25 && levels.target == 93.75);
    levels = px_barrier_levels(PX_SHORT, 100.0, at_price(103.1), (px_level){PX_LEVEL_NONE, 7.0}, 0.25);
    assert_true(levels.stop == 103.0 && isnan(levels.target));
}

static void test_levels_nearer_than_a_tick(void **state) {
    (void)state;
    static const struct {
        double stop, target, entry, tick;
        bool below;
    } cases[] = {
        {99.95, 100.1, 100.0, 0.05, false}, /* one tick is enough, also where its rounding is short of it */
        {100.0, 100.05, 100.05, 0.05, true}, {100.0, 100.1, 100.05, 0.05, false},
        {100.0, 100.1, 100.0, 0.05, true}, /* stop at the entry */
        {99.9, 100.0, 100.0, 0.05, true},  /* target at the entry */
        {99.97, 100.2, 100.0, 0.05, true}, /* off the lattice */
        {100.0, 100.0, 100.0, 0.0, false}, /* tick unknown */
        {NAN, NAN, 100.0, 0.05, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const px_levels levels = {cases[i].stop, cases[i].target};
        if (px_levels_below_tick(&levels, cases[i].entry, cases[i].tick) != cases[i].below)
            fail_msg("case %zu", i);
    }
}

/* ---- the step ------------------------------------------------------------------------------------------ */

typedef struct step {
    double open, high, low, close;
} step;

typedef struct step_case {
    const char *what;
    px_side side;
    px_stop_fill fill;
    double stop, target; /* entry is 100 */
    int time_stop;
    step bars[4];
    size_t n; /* bars until the exit, or all if there is none */
    px_exit_reason reason;
    double price, mae, mfe;
    bool ambiguous;
} step_case;

#define MARKET PX_STOP_FILL_MARKET
#define LEVEL  PX_STOP_FILL_LEVEL

static const step_case cases[] = {
    {"a stop inside the bar",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 101, 97, 99}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     0,
     false},
    {"a stop touched",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 101, 98, 99}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     0,
     false},
    {"a target inside the bar",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 105, 99, 99}},
     1,
     PX_EXIT_TAKE_PROFIT,
     104,
     0,
     4,
     false},
    {"a target touched",
     PX_SHORT,
     MARKET,
     102,
     96,
     3,
     {{100, 101, 96, 99}},
     1,
     PX_EXIT_TAKE_PROFIT,
     96,
     0,
     4,
     false},
    {"both inside: the stop",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 105, 97, 99}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     0,
     true},
    {"both inside, short",
     PX_SHORT,
     MARKET,
     102,
     96,
     3,
     {{100, 103, 95, 99}},
     1,
     PX_EXIT_STOP_LOSS,
     102,
     2,
     0,
     true},
    {"both inside, at the level",
     PX_LONG,
     LEVEL,
     98,
     104,
     3,
     {{100, 105, 97, 99}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     0,
     true},
    {"opens below the stop",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 101, 99, 100}, {95, 105, 94, 104}},
     2,
     PX_EXIT_STOP_LOSS,
     95,
     5,
     1,
     false},
    {"opens at the stop",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{98, 105, 94, 104}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     -2,
     false},
    {"opens above the target",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 101, 99, 100}, {107, 108, 90, 95}},
     2,
     PX_EXIT_TAKE_PROFIT,
     107,
     1,
     7,
     false},
    {"opens above the stop, short",
     PX_SHORT,
     MARKET,
     102,
     96,
     3,
     {{106, 107, 95, 96}},
     1,
     PX_EXIT_STOP_LOSS,
     106,
     6,
     -6,
     false},
    {"opens below the target, short",
     PX_SHORT,
     MARKET,
     102,
     96,
     3,
     {{93, 107, 92, 96}},
     1,
     PX_EXIT_TAKE_PROFIT,
     93,
     -7,
     7,
     false},
    {"opens below the stop, filled at it",
     PX_LONG,
     LEVEL,
     98,
     104,
     3,
     {{95, 96, 94, 95}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     5,
     -2,
     false},
    {"opens above the target, filled at it",
     PX_LONG,
     LEVEL,
     98,
     104,
     3,
     {{107, 108, 105, 106}},
     1,
     PX_EXIT_TAKE_PROFIT,
     104,
     -4,
     7,
     false},
    {"opens above the target but falls through the stop, at levels",
     PX_LONG,
     LEVEL,
     98,
     104,
     3,
     {{107, 108, 90, 91}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     7,
     true},
    {"time",
     PX_LONG,
     MARKET,
     98,
     104,
     2,
     {{100, 102, 99, 101}, {101, 103, 98.5, 100.5}, {100, 100, 90, 90}},
     2,
     PX_EXIT_TIME_STOP,
     100.5,
     1.5,
     3,
     false},
    {"time, short",
     PX_SHORT,
     MARKET,
     102,
     96,
     1,
     {{100, 101, 97, 99}},
     1,
     PX_EXIT_TIME_STOP,
     99,
     1,
     3,
     false},
    {"the stop comes before time",
     PX_LONG,
     MARKET,
     98,
     104,
     1,
     {{100, 101, 97, 101}},
     1,
     PX_EXIT_STOP_LOSS,
     98,
     2,
     0,
     false},
    {"nothing yet",
     PX_LONG,
     MARKET,
     98,
     104,
     3,
     {{100, 102, 99, 101}, {101, 103, 98.5, 100.5}},
     2,
     PX_EXIT_NONE,
     0,
     1.5,
     3,
     false},
    {"no time stop",
     PX_LONG,
     MARKET,
     98,
     104,
     0,
     {{100, 102, 99, 101}, {101, 103, 98.5, 100.5}},
     2,
     PX_EXIT_NONE,
     0,
     1.5,
     3,
     false},
    {"no levels",
     PX_LONG,
     MARKET,
     NAN,
     NAN,
     2,
     {{100, 200, 50, 120}, {10, 500, 1, 400}},
     2,
     PX_EXIT_TIME_STOP,
     400,
     99,
     400,
     false},
    {"no stop",
     PX_SHORT,
     MARKET,
     NAN,
     96,
     3,
     {{100, 300, 99, 99}, {97, 98, 95, 96}},
     2,
     PX_EXIT_TAKE_PROFIT,
     96,
     200,
     4,
     false},
    {"of earlier bars all, of the exit bar open and exit",
     PX_LONG,
     MARKET,
     90,
     104,
     9,
     {{100, 103, 92, 100}, {101, 120, 91, 110}},
     2,
     PX_EXIT_TAKE_PROFIT,
     104,
     8,
     4,
     false},
};

static void check_case(const step_case *c) {
    px_config config = px_config_default();
    const px_levels levels = {c->stop, c->target};
    config.stop_fill = c->fill;
    px_barrier barrier = px_barrier_open(c->side, 100.0, &levels, &config, c->time_stop, NULL);
    px_exit exit = {PX_EXIT_NONE, 0.0};
    for (size_t i = 0; i < c->n; i++) {
        const px_bar bar = {(int64_t)i,     c->bars[i].open,  c->bars[i].high,
                            c->bars[i].low, c->bars[i].close, 1};
        const bool done = px_barrier_step(&barrier, &bar, (int64_t)i + 1, 1, &exit);
        if (done != (i + 1 == c->n && c->reason != PX_EXIT_NONE))
            fail_msg("%s: bar %zu", c->what, i);
    }
    if (exit.reason != c->reason || exit.price != c->price || barrier.ambiguous != c->ambiguous ||
        (size_t)barrier.watched != c->n)
        fail_msg("%s: %s at %g", c->what, px_exit_reason_name(exit.reason), exit.price);
    if (px_barrier_mae(&barrier) != c->mae || px_barrier_mfe(&barrier) != c->mfe)
        fail_msg("%s: mae %g, mfe %g", c->what, px_barrier_mae(&barrier), px_barrier_mfe(&barrier));
}

static void test_steps(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i]);
}

static void test_exits_by_others(void **state) {
    (void)state;
    px_config config = px_config_default();
    const px_levels levels = {90, 110};
    const px_bar bar = {0, 100, 102, 97, 101, 1};
    px_exit exit;
    px_barrier barrier = px_barrier_open(PX_LONG, 100.0, &levels, &config, 5, NULL);
    assert_false(px_barrier_step(&barrier, &bar, 1, 1, &exit));
    px_barrier at_close = barrier;
    px_barrier_close(&at_close, 101.0, false);
    assert_int_equal(at_close.watched, 1);
    assert_true(px_barrier_mae(&at_close) == 3 && px_barrier_mfe(&at_close) == 2);
    px_barrier_close(&barrier, 95.0, true); /* the next open */
    assert_int_equal(barrier.watched, 2);
    assert_true(px_barrier_mae(&barrier) == 5 && px_barrier_mfe(&barrier) == 2);
    barrier = px_barrier_open(PX_SHORT, 100.0, &levels, &config, 5, NULL);
    px_barrier_close(&barrier, 100.0, false); /* left where it was entered, no bar watched */
    assert_true(px_barrier_mae(&barrier) == 0 && px_barrier_mfe(&barrier) == 0);
}

/* ---- square-off ---------------------------------------------------------------------------------------- */

static px_config square_off_at(int minute) {
    px_config config = px_config_default();
    config.square_off = minute;
    return config;
}

static void test_square_off_instant(void **state) {
    (void)state;
    px_session session = session_of("2024-01-02");
    px_config config = square_off_at(15 * 60 + 15);
    assert_int_equal(px_square_off_us(&session, &config), at("2024-01-02 15:15"));
    config = square_off_at(18 * 60); /* after the close: at the close */
    assert_int_equal(px_square_off_us(&session, &config), at("2024-01-02 15:30"));
    config.square_off = PX_NO_TIME;
    assert_int_equal(px_square_off_us(&session, &config), INT64_MAX);
}

/* The product's square-off, and the close of a session that ends before it: the two hours of 2024-03-02, the
 * continuous session before the closing auction. A Muhurat evening begins after it. */
static void test_square_off_of_intraday(void **state) {
    (void)state;
    static const struct {
        const char *date, *instant;
    } rows[] = {
        {"2024-01-02", "2024-01-02 15:15"},
        {"2024-03-02", "2024-03-02 12:30"},
        {"2026-08-03", "2026-08-03 15:15"},
        {"2024-11-01", "2024-11-01 15:15"},
    };
    px_config config = px_config_default();
    config.product = PX_PRODUCT_INTRADAY;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        px_session session = session_of(rows[i].date);
        assert_int_equal(px_square_off_us(&session, &config), at(rows[i].instant));
    }
}

/* Steps one bar of a long position from 100 that stands far from its levels. */
static px_exit step_at(const char *start, int timeframe_minutes, int square_off_minute) {
    const px_levels levels = {50, 150};
    px_session session = session_of("2024-01-02");
    px_config config = square_off_at(square_off_minute);
    px_barrier barrier = px_barrier_open(PX_LONG, 100.0, &levels, &config, 12, &session);
    const px_bar bar = {at(start), 101, 104, 97, 103, 1};
    px_session day = px_calendar_session(nse, px_calendar_date(nse, bar.ts_us));
    px_exit exit = {PX_EXIT_NONE, 0.0};
    px_barrier_step(&barrier, &bar, px_session_bar_end(&day, bar.ts_us, timeframe_minutes), timeframe_minutes,
                    &exit);
    if (exit.reason == PX_EXIT_SQUARE_OFF && exit.price == bar.open)
        assert_true(px_barrier_mae(&barrier) == -1 && px_barrier_mfe(&barrier) == 1);
    if (exit.reason == PX_EXIT_SQUARE_OFF && exit.price == bar.close)
        assert_true(px_barrier_mae(&barrier) == 3 && px_barrier_mfe(&barrier) == 4);
    return exit;
}

static void test_square_off(void **state) {
    (void)state;
    static const struct {
        const char *start;
        int timeframe, minute;
        double price; /* 0 = no exit; 103 = the close; 101 = the open */
    } rows[] = {
        {"2024-01-02 14:45", 15, 915, 0},
        {"2024-01-02 15:00", 15, 915, 103}, /* ends at 15:15 */
        {"2024-01-02 15:15", 15, 915, 101}, /* the bar before is missing */
        {"2024-01-03 09:15", 15, 915, 101}, /* so is the rest of the day */
        {"2024-01-02 14:15", 60, 915, 103}, /* the next one ends after 15:15 */
        {"2024-01-02 13:15", 60, 915, 0},
        {"2024-01-02 14:15", 60, 910, 101}, /* ends after 15:10; 13:15 was the last */
        {"2024-01-02 13:15", 60, 910, 103},
        {"2024-01-02 14:15", 60, 930, 0}, /* the short last bar also ends by the close */
        {"2024-01-02 15:15", 60, 930, 103},
        {"2024-01-02 15:29", 1, 1080, 103}, /* the close comes before 18:00 */
        {"2024-01-02 09:15", PX_TIMEFRAME_DAY, 915, 101},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        px_exit exit = step_at(rows[i].start, rows[i].timeframe, rows[i].minute);
        if (exit.price != rows[i].price ||
            exit.reason != (rows[i].price > 0 ? PX_EXIT_SQUARE_OFF : PX_EXIT_NONE))
            fail_msg("%s at %d minutes: %s at %g", rows[i].start, rows[i].timeframe,
                     px_exit_reason_name(exit.reason), exit.price);
    }
}

static void test_order_with_square_off(void **state) {
    (void)state;
    px_session session = session_of("2024-01-02");
    px_config config = square_off_at(15 * 60 + 15);
    const px_levels levels = {98, 104};
    const int64_t last = at("2024-01-02 15:00"), after = at("2024-01-02 15:15");
    const struct {
        px_bar bar;
        px_exit_reason reason;
        double price;
    } rows[] = {
        {{last, 100, 101, 97, 100, 1}, PX_EXIT_STOP_LOSS, 98},
        {{last, 100, 105, 99, 100, 1}, PX_EXIT_TAKE_PROFIT, 104},
        {{last, 97, 105, 96, 100, 1}, PX_EXIT_STOP_LOSS, 97},
        {{after, 100, 105, 97, 100, 1},
         PX_EXIT_SQUARE_OFF,
         100}, /* closed at the open: levels are not reached */
        {{after, 97, 105, 97, 100, 1}, PX_EXIT_STOP_LOSS, 97},
        {{last, 100, 101, 99, 100.5, 1},
         PX_EXIT_SQUARE_OFF,
         100.5}, /* before the time stop of the same close */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        px_barrier barrier = px_barrier_open(PX_LONG, 100.0, &levels, &config, 1, &session);
        px_exit exit;
        assert_true(
            px_barrier_step(&barrier, &rows[i].bar, rows[i].bar.ts_us + 15 * PX_US_PER_MINUTE, 15, &exit));
        if (exit.reason != rows[i].reason || exit.price != rows[i].price)
            fail_msg("row %zu: %s at %g", i, px_exit_reason_name(exit.reason), exit.price);
    }
}

/* ---- entries ------------------------------------------------------------------------------------------- */

static px_bars bars_at(const char *const *times, size_t n) {
    px_bars bars = {0};
    for (size_t i = 0; i < n; i++) {
        px_bar bar = {at(times[i]), 100.0 + (double)i, 110, 90, 105.0 + (double)i, 1};
        assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
    }
    return bars;
}

static void test_entries(void **state) {
    (void)state;
    static const char *const times[] = {"2024-01-02 15:00", "2024-01-02 15:15", "2024-01-03 09:15"};
    px_bars bars = bars_at(times, 3);
    px_config config = px_config_default();
    px_session_cursor cursor = px_session_cursor_make(nse);
    px_entry_point entry = {SIZE_MAX, 0, 0};
    assert_int_equal(px_entry_find(&bars, 3, 0, PX_ENTRY_NEXT_OPEN, &cursor, &config, 15, &entry),
                     PX_ENTRY_FOUND);
    assert_true(entry.bar == 1 && entry.price == 101 && entry.first_watched == 1);
    assert_int_equal(px_entry_find(&bars, 3, 1, PX_ENTRY_NEXT_OPEN, &cursor, &config, 15, &entry),
                     PX_ENTRY_FOUND);
    assert_int_equal(entry.bar, 2); /* the next session is fine without square-off */
    assert_int_equal(px_entry_find(&bars, 3, 1, PX_ENTRY_SIGNAL_CLOSE, &cursor, &config, 15, &entry),
                     PX_ENTRY_FOUND);
    assert_true(entry.bar == 1 && entry.price == 106 && entry.first_watched == 2);
    entry.bar = 77;
    assert_int_equal(px_entry_find(&bars, 3, 2, PX_ENTRY_NEXT_OPEN, &cursor, &config, 15, &entry),
                     PX_ENTRY_NO_NEXT_BAR);
    assert_int_equal(px_entry_find(&bars, 2, 1, PX_ENTRY_NEXT_OPEN, &cursor, &config, 15, &entry),
                     PX_ENTRY_NO_NEXT_BAR); /* the window ends before the bars do */
    assert_int_equal(entry.bar, 77);
    px_bars_free(&bars);
}

static void test_entries_with_square_off(void **state) {
    (void)state;
    static const char *const times[] = {"2024-01-02 13:15", "2024-01-02 14:15", "2024-01-02 15:15",
                                        "2024-01-03 09:15", "2024-01-03 10:15"};
    static const struct {
        size_t signal;
        px_entry entry;
        int timeframe, minute;
        px_entry_result result;
    } rows[] = {
        {0, PX_ENTRY_NEXT_OPEN, 60, 915, PX_ENTRY_FOUND},       /* 14:15 to 15:15 */
        {0, PX_ENTRY_NEXT_OPEN, 60, 914, PX_ENTRY_SESSION_END}, /* its end is late */
        {1, PX_ENTRY_NEXT_OPEN, 60, 915, PX_ENTRY_SESSION_END}, /* starts at the square-off */
        {1, PX_ENTRY_NEXT_OPEN, 60, 930, PX_ENTRY_FOUND},       /* 15:15 to the close */
        {2, PX_ENTRY_NEXT_OPEN, 60, 915, PX_ENTRY_SESSION_END}, /* another session */
        {3, PX_ENTRY_NEXT_OPEN, 60, 915, PX_ENTRY_FOUND},
        {4, PX_ENTRY_NEXT_OPEN, 60, 915, PX_ENTRY_NO_NEXT_BAR},
        {0, PX_ENTRY_SIGNAL_CLOSE, 60, 915, PX_ENTRY_FOUND},       /* at 14:15, to be watched until 15:15 */
        {0, PX_ENTRY_SIGNAL_CLOSE, 60, 914, PX_ENTRY_SESSION_END}, /* nothing to be watched */
        {1, PX_ENTRY_SIGNAL_CLOSE, 60, 915, PX_ENTRY_SESSION_END},
        {1, PX_ENTRY_SIGNAL_CLOSE, 60, 930, PX_ENTRY_FOUND},
        {2, PX_ENTRY_SIGNAL_CLOSE, 60, 930, PX_ENTRY_SESSION_END},
    };
    px_bars bars = bars_at(times, 5);
    px_session_cursor cursor = px_session_cursor_make(nse);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        px_config config = square_off_at(rows[i].minute);
        px_entry_point entry;
        px_entry_result result = px_entry_find(&bars, 5, rows[i].signal, rows[i].entry, &cursor, &config,
                                               rows[i].timeframe, &entry);
        if (result != rows[i].result)
            fail_msg("row %zu: %d", i, (int)result);
        if (result == PX_ENTRY_FOUND) /* the cursor stands in the entry's session */
            assert_int_equal(cursor.session.date, px_calendar_date(nse, bars.ts_us[entry.bar]));
    }
    px_bars_free(&bars);
}

static px_entry_result enters(const char *const *times, size_t n, size_t signal, px_entry entry) {
    px_config config = px_config_default();
    config.product = PX_PRODUCT_INTRADAY;
    px_bars bars = bars_at(times, n);
    px_session_cursor cursor = px_session_cursor_make(nse);
    px_entry_point point;
    px_entry_result result = px_entry_find(&bars, n, signal, entry, &cursor, &config, 15, &point);
    px_bars_free(&bars);
    return result;
}

static void test_entries_of_intraday(void **state) {
    (void)state;
    static const char *const short_day[] = {"2024-03-02 09:45", "2024-03-02 11:30", "2024-03-02 12:15",
                                            "2024-03-04 09:15"};
    static const char *const evening[] = {"2024-11-01 18:00", "2024-11-01 18:15"};
    assert_int_equal(enters(short_day, 4, 0, PX_ENTRY_NEXT_OPEN), PX_ENTRY_FOUND);
    assert_int_equal(enters(short_day, 4, 1, PX_ENTRY_NEXT_OPEN), PX_ENTRY_FOUND);
    assert_int_equal(enters(short_day, 4, 2, PX_ENTRY_NEXT_OPEN), PX_ENTRY_SESSION_END);
    assert_int_equal(enters(short_day, 4, 2, PX_ENTRY_SIGNAL_CLOSE), PX_ENTRY_SESSION_END);
    assert_int_equal(enters(evening, 2, 0, PX_ENTRY_NEXT_OPEN), PX_ENTRY_SESSION_END);
}

static void test_names(void **state) {
    (void)state;
    assert_string_equal(px_exit_reason_name(PX_EXIT_STOP_LOSS), "stop_loss");
    assert_string_equal(px_exit_reason_name(PX_EXIT_END_OF_DATA), "end_of_data");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rounding),
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_levels_nearer_than_a_tick),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_exits_by_others),
        cmocka_unit_test(test_square_off_instant),
        cmocka_unit_test(test_square_off_of_intraday),
        cmocka_unit_test(test_entries_of_intraday),
        cmocka_unit_test(test_square_off),
        cmocka_unit_test(test_order_with_square_off),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_entries_with_square_off),
        cmocka_unit_test(test_names),
    };
    if (px_calendar_open("NSE", &nse, NULL) != PX_OK)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    px_calendar_close(&nse);
    return failed;
}
