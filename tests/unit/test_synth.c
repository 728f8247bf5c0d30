// SPDX-License-Identifier: Apache-2.0
/* Synthetic bars: reproducible, on the lattice, fair where they claim to be, trending where they should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/synth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static px_calendar *nse;
static int32_t start;

static const px_synth_kind kinds[] = {PX_SYNTH_WALK, PX_SYNTH_TREND, PX_SYNTH_INDEX};

static px_bars make(px_synth_kind kind, uint64_t seed, int days) {
    px_bars bars = {0};
    assert_int_equal(px_synth_bars(kind, seed, days, start, nse, &bars, NULL), PX_OK);
    return bars;
}

static int64_t ticks(double price) {
    int64_t level = llround(price / PX_SYNTH_TICK);
    assert_true(price == (double)level / 20); /* the nearest double to a whole tick, nothing beside it */
    return level;
}

static bool equal(const px_bars *a, const px_bars *b) {
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++) {
        px_bar x = px_bars_at(a, i), y = px_bars_at(b, i);
        if (memcmp(&x, &y, sizeof x) != 0)
            return false;
    }
    return true;
}

static void test_same_seed_same_bytes(void **state) {
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        px_bars a = make(kinds[k], 42, 20), b = make(kinds[k], 42, 20), c = make(kinds[k], 43, 20);
        assert_true(equal(&a, &b));
        assert_false(equal(&a, &c));
        px_bars_free(&a);
        px_bars_free(&b);
        px_bars_free(&c);
    }
}

static void test_full_sessions_on_weekdays(void **state) {
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        px_bars bars = make(kinds[k], 7, 400); /* over a Muhurat evening on a weekday */
        px_session_cursor cursor = px_session_cursor_make(nse);
        int sessions = 0;
        assert_int_equal(bars.n, 400 * 375);
        for (size_t i = 0; i < bars.n; i++) {
            px_bar bar = px_bars_at(&bars, i);
            sessions += px_session_advance(&cursor, bar.ts_us);
            assert_true(px_date_weekday(cursor.session.date) < 5);
            assert_true(bar.ts_us == cursor.session.open_us + (int64_t)(i % 375) * PX_US_PER_MINUTE);
            assert_null(px_bar_defect(&bar));
            assert_true((bar.volume == 0) == (kinds[k] == PX_SYNTH_INDEX));
            assert_true(bar.volume == floor(bar.volume));
        }
        assert_int_equal(sessions, 400);
        px_bars_free(&bars);
    }
}

/* Inside a session each minute opens where the last one closed, and a walk's moves are those of 64 steps. */
static void test_walk_steps_on_the_lattice(void **state) {
    (void)state;
    px_bars bars = make(PX_SYNTH_WALK, 3, 60);
    for (size_t i = 0; i < bars.n; i++) {
        int64_t open = ticks(bars.open[i]), close = ticks(bars.close[i]);
        int64_t high = ticks(bars.high[i]), low = ticks(bars.low[i]);
        if (i % 375 != 0)
            assert_true(bars.open[i] == bars.close[i - 1]);
        assert_true(llabs(close - open) <= 64 && (close - open) % 2 == 0);
        assert_true(high - open <= 64 && open - low <= 64 && high > low);
    }
    px_bars_free(&bars);
}

typedef struct moments {
    double n, sum, squares;
} moments;

static void moments_add(moments *m, double x) {
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean(const moments *m) {
    return m->sum / m->n;
}

static double deviation(const moments *m) {
    return sqrt(m->squares / m->n - mean(m) * mean(m));
}

/* Within five standard errors: one seed in a million would fail, and the seeds are fixed. */
static void assert_mean_near(const moments *m, double wanted) {
    double error = deviation(m) / sqrt(m->n);
    if (fabs(mean(m) - wanted) > 5 * error)
        fail_msg("mean %g is not %g (standard error %g)", mean(m), wanted, error);
}

/* Expected highest point of a fair walk of 64 steps, from the distribution of (level, highest so far). */
static double expected_high(void) {
    static double now[129][65], next[129][65]; /* [level + 64][highest] */
    memset(now, 0, sizeof now);
    now[64][0] = 1;
    for (int step = 0; step < 64; step++) {
        memset(next, 0, sizeof next);
        for (int level = 1; level < 128; level++)
            for (int highest = 0; highest <= 64; highest++) {
                int up = level + 1 - 64 > highest ? level + 1 - 64 : highest;
                next[level + 1][up] += now[level][highest] / 2;
                next[level - 1][highest] += now[level][highest] / 2;
            }
        memcpy(now, next, sizeof now);
    }
    double sum = 0;
    for (int level = 0; level < 129; level++)
        for (int highest = 0; highest <= 64; highest++)
            sum += highest * now[level][highest];
    return sum;
}

static void test_walk_is_fair(void **state) {
    (void)state;
    moments move = {0}, highest = {0}, lowest = {0}, gap = {0}, after_rise = {0};
    px_bars bars = make(PX_SYNTH_WALK, 11, 1000);
    for (size_t i = 0; i < bars.n; i++) {
        double step = (double)(ticks(bars.close[i]) - ticks(bars.open[i]));
        moments_add(&move, step);
        moments_add(&highest, (double)(ticks(bars.high[i]) - ticks(bars.open[i])));
        moments_add(&lowest, (double)(ticks(bars.open[i]) - ticks(bars.low[i])));
        if (i > 0 && i % 375 == 0)
            moments_add(&gap, (double)(ticks(bars.open[i]) - ticks(bars.close[i - 1])));
        if (i > 0 && bars.close[i - 1] > bars.open[i - 1])
            moments_add(&after_rise, step);
    }
    assert_mean_near(&move, 0);
    assert_mean_near(&after_rise, 0);
    assert_mean_near(&gap, 0);
    assert_mean_near(&highest, expected_high());
    assert_mean_near(&lowest, expected_high());
    assert_true(fabs(deviation(&move) - 8) < 0.05); /* sqrt(64) */
    assert_true(deviation(&gap) > 40);
    px_bars_free(&bars);
}

/* The end of many walks lies where they began, on average: nothing pushes the price. */
static void test_walk_is_a_martingale_over_seeds(void **state) {
    (void)state;
    moments end = {0};
    for (uint64_t seed = 0; seed < 2000; seed++) {
        px_bars bars = make(PX_SYNTH_WALK, seed, 3);
        moments_add(&end, bars.close[bars.n - 1] - bars.open[0]);
        px_bars_free(&bars);
    }
    assert_mean_near(&end, 0);
}

/* Variance of six-hour moves over 360 times that of one-minute moves: 1 for a walk. */
static double variance_ratio(px_synth_kind kind) {
    moments minute = {0}, hours = {0};
    px_bars bars = make(kind, 5, 1000);
    for (size_t i = 0; i < bars.n; i++) {
        moments_add(&minute, bars.close[i] - bars.open[i]);
        if (i % 375 == 0)
            moments_add(&hours, bars.close[i + 359] - bars.open[i]);
    }
    px_bars_free(&bars);
    return hours.squares / hours.n / (360 * minute.squares / minute.n);
}

static void test_trend_trends(void **state) {
    (void)state;
    assert_true(fabs(variance_ratio(PX_SYNTH_WALK) - 1) < 0.25);
    assert_true(variance_ratio(PX_SYNTH_TREND) > 2);
}

static void test_long_walks_stay_above_zero(void **state) {
    (void)state;
    px_bars bars = make(PX_SYNTH_WALK, 1, 5000);
    for (size_t i = 0; i < bars.n; i++)
        assert_true(bars.low[i] > 0);
    px_bars_free(&bars);
}

static void test_wrong_requests(void **state) {
    (void)state;
    static const int wrong[] = {0, -1, 100001};
    px_synth_kind kind = PX_SYNTH_WALK;
    px_error err = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        px_bars bars = {0};
        assert_int_equal(px_synth_bars(kind, 1, wrong[i], start, nse, &bars, &err), PX_EINPUT);
        assert_true(bars.n == 0 && bars.capacity == 0);
    }
    px_bars bars = {0};
    int32_t late = px_date_from_civil((px_civil){2199, 12, 1});
    assert_int_equal(px_synth_bars(kind, 1, 100, late, nse, &bars, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "2199"));
    assert_true(bars.capacity == 0);
}

static int setup(void **state) {
    (void)state;
    start = px_date_from_civil((px_civil){2012, 1, 1});
    return (int)px_calendar_open("NSE", &nse, NULL);
}

static int teardown(void **state) {
    (void)state;
    px_calendar_close(&nse);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_full_sessions_on_weekdays),
        cmocka_unit_test(test_walk_steps_on_the_lattice),
        cmocka_unit_test(test_walk_is_fair),
        cmocka_unit_test(test_walk_is_a_martingale_over_seeds),
        cmocka_unit_test(test_trend_trends),
        cmocka_unit_test(test_long_walks_stay_above_zero),
        cmocka_unit_test(test_wrong_requests),
    };
    return cmocka_run_group_tests_name("synthetic bars", tests, setup, teardown);
}
