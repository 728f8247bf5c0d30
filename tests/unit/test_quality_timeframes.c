// SPDX-License-Identifier: Apache-2.0
/* Which timeframe bars have. */
#include "quality_kit.h"

/* ---- timeframes -----------------------------------------------------------------------------------------
 */

/* Bars at these minutes after the open, day after day. */
static px_bars at_minutes(const int *minutes, size_t n, int n_days) {
    px_bars all = clean_bars(n_days), bars = {0};
    for (size_t d = 0; d < (size_t)n_days; d++)
        for (size_t i = 0; i < n; i++)
            append(&bars, px_bars_at(&all, d * DAY_BARS + (size_t)minutes[i]));
    px_bars_free(&all);
    return bars;
}

static void expect_timeframe(px_bars bars, int minutes) {
    assert_int_equal(px_bars_likely_timeframe(&bars), minutes);
    px_bars_free(&bars);
}

static void test_likely_timeframes(void **state) {
    (void)state;
    int minutes[DAY_BARS];
    static const int steps[] = {1, 3, 5, 15, 30, 60, 120, 180, 240};
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        size_t n = 0;
        for (int minute = 0; minute < DAY_BARS; minute += steps[s])
            minutes[n++] = minute;
        expect_timeframe(at_minutes(minutes, n, 20), steps[s]);
    }
    minutes[0] = 0;
    expect_timeframe(at_minutes(minutes, 1, 5), PX_TIMEFRAME_DAY);
    expect_timeframe(at_minutes(minutes, 1, 4), 0); /* too few to say */
    expect_timeframe((px_bars){0}, 0);
}

/* A symbol that trades once in half an hour, at any minute: one-minute bars that never lie next to each
 * other. */
static void test_bars_that_are_sparse(void **state) {
    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        unsigned seed = round;
        int every = 5 + (int)(round % 60);
        px_bars all = clean_bars(DAYS), bars = {0};
        for (size_t d = 0; d < DAYS; d++)
            for (int minute = rand_r(&seed) % every; minute < DAY_BARS;
                 minute += 2 + rand_r(&seed) % (2 * every))
                append(&bars, px_bars_at(&all, d * DAY_BARS + (size_t)minute));
        assert_int_equal(px_bars_check_timeframe(&bars, 1, NULL), PX_OK);
        px_bars_free(&bars);
        px_bars_free(&all);
    }
}

/* Steps that are regular in part do not tell either. */
static void test_steps_of_all_lengths(void **state) {
    (void)state;
    int multiples[] = {0, 5, 20, 40, 65, 105, 140, 190, 240, 300}, others[] = {0, 7, 19, 26, 35, 42, 53, 60};
    expect_timeframe(at_minutes(multiples, 10, 10), 0);
    expect_timeframe(at_minutes(others, 8, 10), 0);
}

static void test_series_of_a_longer_timeframe(void **state) {
    (void)state;
    px_bars bars = clean_bars(6), days = days_of(&bars);
    assert_string_equal(detail_of(&days, PX_QUALITY_TIMEFRAME), "they look like 1d bars");
    px_quality quality = look(&days, PX_TIMEFRAME_DAY, INT64_MAX);
    assert_int_equal(quality.n, 0);
    px_quality_free(&quality);
    px_bars_free(&days);
    px_bars_free(&bars);
}

static void test_timeframes_are_checked(void **state) {
    (void)state;
    px_error err = {0};
    px_bars bars = clean_bars(10), days = days_of(&bars);
    assert_int_equal(px_bars_check_timeframe(&bars, 1, &err), PX_OK);
    assert_int_equal(px_bars_check_timeframe(&bars, 5, &err), PX_EINPUT);
    assert_int_equal(px_bars_check_timeframe(&days, PX_TIMEFRAME_DAY, &err), PX_OK);
    assert_int_equal(px_bars_check_timeframe(&days, 1, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "these look like 1d bars, not 1m"));
    px_bars_free(&days);
    px_bars_free(&bars);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_likely_timeframes),      cmocka_unit_test(test_bars_that_are_sparse),
        cmocka_unit_test(test_steps_of_all_lengths),   cmocka_unit_test(test_series_of_a_longer_timeframe),
        cmocka_unit_test(test_timeframes_are_checked),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
