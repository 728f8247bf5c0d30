// SPDX-License-Identifier: Apache-2.0
/* Resampling over thousands of random series: steps give what the batch gives, bit for bit; the bins of a
 * prefix are those of the whole; nothing is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/resample.h"
#include "depth.h"
#include "series.h"

#include <string.h>

#define N_SEEDS (uint64_t) rounds(3000)

static px_calendar *calendar;

static const int timeframes[] = {2, 3, 5, 7, 15, 30, 60, 90, 240, 375, PX_TIMEFRAME_DAY};

typedef struct draw {
    px_bars bars;
    px_anchor anchor;
    int timeframe;
} draw;

static draw make(uint64_t seed) {
    draw d = {.bars = series_make(seed, calendar)};
    d.anchor = seed % 2 ? PX_ANCHOR_OPEN : PX_ANCHOR_MIDNIGHT_15;
    d.timeframe = timeframes[seed / 2 % (sizeof timeframes / sizeof *timeframes)];
    return d;
}

static px_bars batch(const px_bars *bars, const draw *d) {
    px_bars out = {0};
    assert_int_equal(px_bars_resample(bars, calendar, d->anchor, 1, d->timeframe, &out, NULL), PX_OK);
    return out;
}

static px_bars steps(const px_bars *bars, const draw *d) {
    px_bars out = {0};
    px_resample_state state;
    px_bar finished[2];
    assert_int_equal(px_resample_init(&state, calendar, d->anchor, 1, d->timeframe, NULL), PX_OK);
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        int n = px_resample_step(&state, &bar, finished);
        for (int k = 0; k < n; k++)
            assert_int_equal(px_bars_append(&out, &finished[k], NULL), PX_OK);
    }
    if (px_resample_flush(&state, finished))
        assert_int_equal(px_bars_append(&out, finished, NULL), PX_OK);
    assert_int_equal(px_resample_flush(&state, finished), 0);
    return out;
}

/* The first n bars of both are the same bytes. */
static void assert_same(const px_bars *a, const px_bars *b, size_t n, uint64_t seed) {
    for (size_t i = 0; i < n; i++) {
        px_bar x = px_bars_at(a, i), y = px_bars_at(b, i);
        if (memcmp(&x, &y, sizeof x) != 0)
            fail_msg("seed %llu, bar %zu", (unsigned long long)seed, i);
    }
}

static void test_steps_equal_batch(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        px_bars whole = batch(&d.bars, &d), stepped = steps(&d.bars, &d);
        assert_int_equal(whole.n, stepped.n);
        assert_same(&whole, &stepped, whole.n, seed);
        px_bars_free(&whole);
        px_bars_free(&stepped);
        px_bars_free(&d.bars);
    }
}

/* Bars that contradict their timeframe: two in a minute, bars after the close on a day with regular ones. */
static void test_steps_equal_batch_on_stray_bars(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        px_bars stray = {0};
        pxi_rng rng;
        pxi_rng_seed(&rng, seed);
        for (size_t i = 0; i < d.bars.n; i++) {
            px_bar bar = px_bars_at(&d.bars, i);
            assert_int_equal(px_bars_append(&stray, &bar, NULL), PX_OK);
            bool last = i + 1 == d.bars.n || d.bars.ts_us[i + 1] > bar.ts_us + 600 * PX_US_PER_MINUTE;
            bar.ts_us += last ? 7 * PX_US_PER_MINUTE : (int64_t)pxi_rng_below(&rng, 59) + 1;
            if (series_chance(&rng, last ? 50 : 5))
                assert_int_equal(px_bars_append(&stray, &bar, NULL), PX_OK);
        }
        px_bars whole = batch(&stray, &d), stepped = steps(&stray, &d);
        assert_int_equal(whole.n, stepped.n);
        assert_same(&whole, &stepped, whole.n, seed);
        for (size_t i = 1; i < whole.n; i++)
            assert_true(whole.ts_us[i] > whole.ts_us[i - 1]);
        px_bars_free(&whole);
        px_bars_free(&stepped);
        px_bars_free(&stray);
        px_bars_free(&d.bars);
    }
}

/* The last bin of a prefix may still be open; all others are final. */
static void test_prefix(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        px_bars whole = batch(&d.bars, &d);
        for (size_t cut = 1; cut < d.bars.n; cut += 1 + d.bars.n / 7) {
            px_bars view = px_bars_slice(&d.bars, 0, cut), part = batch(&view, &d);
            assert_true(part.n > 0);
            assert_same(&whole, &part, part.n - 1, seed);
            assert_true(part.ts_us[part.n - 1] == whole.ts_us[part.n - 1]);
            px_bars_free(&part);
        }
        px_bars_free(&whole);
        px_bars_free(&d.bars);
    }
}

/* The slow and obvious version: each bin from its own definition, by looking at every input bar. */
static void check_bin(const draw *d, const px_bars *made, size_t bin, uint64_t seed, size_t *used) {
    const px_bars *in = &d->bars;
    size_t begin = *used, end = begin;
    int64_t name = made->ts_us[bin];
    px_session session = px_calendar_session(calendar, px_calendar_date(calendar, in->ts_us[begin]));
    int64_t anchor =
        d->anchor == PX_ANCHOR_OPEN ? session.open_us : session.midnight_us + 15 * PX_US_PER_MINUTE;
    int64_t length = d->timeframe * PX_US_PER_MINUTE;
    bool day = d->timeframe == PX_TIMEFRAME_DAY && d->anchor == PX_ANCHOR_OPEN;
    if (day ? name != session.open_us : (name - anchor) % length != 0 && name != session.midnight_us)
        fail_msg("seed %llu, bar %zu is not named after its bin", (unsigned long long)seed, bin);
    double high = 0, low = INFINITY, volume = 0;
    while (end < in->n && in->ts_us[end] < session.next_midnight_us &&
           (day || in->ts_us[end] < name + length)) {
        high = fmax(high, in->high[end]);
        low = fmin(low, in->low[end]);
        volume += in->volume[end++];
    }
    bool named = day || in->ts_us[begin] >= name;
    if (!named || end == begin || made->open[bin] != in->open[begin] ||
        made->close[bin] != in->close[end - 1] || made->high[bin] != high || made->low[bin] != low ||
        made->volume[bin] != volume)
        fail_msg("seed %llu, bar %zu is not its minutes", (unsigned long long)seed, bin);
    *used = end;
}

static void test_conserves(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        draw d = make(seed);
        px_bars made = batch(&d.bars, &d);
        size_t used = 0;
        for (size_t bin = 0; bin < made.n; bin++) {
            check_bin(&d, &made, bin, seed, &used);
            assert_true(bin == 0 || made.ts_us[bin] > made.ts_us[bin - 1]);
            px_bar bar = px_bars_at(&made, bin);
            assert_null(px_bar_defect(&bar));
        }
        assert_int_equal(used, d.bars.n);
        px_bars_free(&made);
        px_bars_free(&d.bars);
    }
}

/* Nothing is outside, so nothing may be dropped. */
static void test_in_session_keeps_all(void **unused) {
    (void)unused;
    for (uint64_t seed = 0; seed < N_SEEDS; seed++) {
        px_bars bars = series_make(seed, calendar), kept = {0};
        size_t n_excluded = 1;
        assert_int_equal(px_bars_in_session(&bars, calendar, 1, &kept, &n_excluded, NULL), PX_OK);
        assert_int_equal(n_excluded, 0);
        assert_int_equal(kept.n, bars.n);
        assert_same(&bars, &kept, bars.n, seed);
        px_bars_free(&kept);
        px_bars_free(&bars);
    }
}

/* Bars of a longer timeframe are inside when they are read again, whatever session they are of. (Bins that
 * count from midnight may reach from regular hours into an evening that the calendar does not know.) */
static void test_in_session_keeps_all_that_was_made(void **unused) {
    (void)unused;
    for (uint64_t seed = 1; seed < N_SEEDS; seed += 2) {
        draw d = make(seed);
        px_bars made = batch(&d.bars, &d), kept = {0};
        assert_int_equal(d.anchor, PX_ANCHOR_OPEN);
        size_t n_excluded = 1;
        assert_int_equal(px_bars_in_session(&made, calendar, d.timeframe, &kept, &n_excluded, NULL), PX_OK);
        if (n_excluded != 0 || kept.n != made.n)
            fail_msg("seed %llu: %zu bars are outside", (unsigned long long)seed, n_excluded);
        px_bars_free(&kept);
        px_bars_free(&made);
        px_bars_free(&d.bars);
    }
}

static int open_calendar(void **unused) {
    (void)unused;
    return (int)px_calendar_open("NSE", &calendar, NULL);
}

static int close_calendar(void **unused) {
    (void)unused;
    px_calendar_close(&calendar);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_equal_batch),
        cmocka_unit_test(test_steps_equal_batch_on_stray_bars),
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_conserves),
        cmocka_unit_test(test_in_session_keeps_all),
        cmocka_unit_test(test_in_session_keeps_all_that_was_made),
    };
    return cmocka_run_group_tests_name("resample properties", tests, open_calendar, close_calendar);
}
