// SPDX-License-Identifier: Apache-2.0
/* The barrier routine where a price is exactly a level: what touches a level has reached it, on both sides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/exits.h"

/* A long position from 100, stop 98, target 104; shorts are checked in mirrored prices. */
typedef struct border {
    const char *what;
    double open, high, low;
    px_exit_reason reason;
    double price;
    bool ambiguous;
} border;

/* Exits as asked for, on a bar that is in time. */
static const border market[] = {
    {"inside", 100, 103.95, 98.05, PX_EXIT_NONE, 0, false},
    {"low at the stop", 100, 103.95, 98, PX_EXIT_STOP_LOSS, 98, false},
    {"high at the target", 100, 104, 98.05, PX_EXIT_TAKE_PROFIT, 104, false},
    {"both touched", 100, 104, 98, PX_EXIT_STOP_LOSS, 98, true},
    {"opens at the stop", 98, 105, 97, PX_EXIT_STOP_LOSS, 98, false},
    {"opens at the target", 104, 105, 97, PX_EXIT_TAKE_PROFIT, 104, false},
    {"opens at the target and stays", 104, 104, 104, PX_EXIT_TAKE_PROFIT, 104, false},
};

/* `stop_fill: level`: the open decides nothing. */
static const border levels_only[] = {
    {"both touched", 100, 104, 98, PX_EXIT_STOP_LOSS, 98, true},
    {"opens at the target", 104, 105, 97, PX_EXIT_STOP_LOSS, 98, true},
    {"high at the target", 100, 104, 98.05, PX_EXIT_TAKE_PROFIT, 104, false},
};

/* A bar that begins at the square-off: left at its open, for the level that the open is at. */
static const border late[] = {
    {"inside", 103.95, 105, 97, PX_EXIT_SQUARE_OFF, 103.95, false},
    {"opens at the stop", 98, 105, 97, PX_EXIT_STOP_LOSS, 98, false},
    {"opens at the target", 104, 105, 97, PX_EXIT_TAKE_PROFIT, 104, false},
};

static double mirrored(px_side side, double price) {
    return side == PX_LONG ? price : 200 - price;
}

static void check(const border *b, px_side side, px_stop_fill fill, bool is_late) {
    px_config config = px_config_default();
    px_session session = {.open_us = 0, .close_us = 100};
    config.stop_fill = fill;
    const px_levels levels = {mirrored(side, 98), mirrored(side, 104)};
    px_barrier barrier = px_barrier_open(side, 100.0, &levels, &config, 9, &session);
    if (is_late) {
        barrier.square_off_us = 10;
        barrier.session_close_us = 100;
    }
    const double high = side == PX_LONG ? b->high : b->low, low = side == PX_LONG ? b->low : b->high;
    const px_bar bar = {10, mirrored(side, b->open), mirrored(side, high), mirrored(side, low), 100, 1};
    px_exit exit = {PX_EXIT_NONE, 0};
    const bool left = px_barrier_step(&barrier, &bar, 11, 1, &exit);
    if (left != (b->reason != PX_EXIT_NONE) || exit.reason != b->reason ||
        (left && exit.price != mirrored(side, b->price)) || barrier.ambiguous != b->ambiguous)
        fail_msg("%s (%s): %s at %g%s", b->what, side == PX_LONG ? "long" : "short",
                 px_exit_reason_name(exit.reason), exit.price, barrier.ambiguous ? ", ambiguous" : "");
}

static void check_all(const border *rows, size_t n, px_stop_fill fill, bool is_late) {
    for (size_t i = 0; i < n; i++) {
        check(&rows[i], PX_LONG, fill, is_late);
        check(&rows[i], PX_SHORT, fill, is_late);
    }
}

#define N(rows) rows, sizeof(rows) / sizeof *(rows)

static void test_a_level_is_reached_where_it_is_touched(void **state) {
    (void)state;
    check_all(N(market), PX_STOP_FILL_MARKET, false);
    check_all(N(levels_only), PX_STOP_FILL_LEVEL, false);
}

static void test_a_late_open_at_a_level_leaves_for_it(void **state) {
    (void)state;
    check_all(N(late), PX_STOP_FILL_MARKET, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_level_is_reached_where_it_is_touched),
        cmocka_unit_test(test_a_late_open_at_a_level_leaves_for_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
