// SPDX-License-Identifier: Apache-2.0
/* Data quality of prices: for each check what it must find, and what it must leave alone. */
#include "quality_kit.h"

/* ---- prices ---------------------------------------------------------------------------------------------
 */

static void test_prices_of_another_instrument(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    scale(&bars, D10, D11, 0.08); /* a whole day */
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 1, DAY_BARS, "2022-08-15 09:15:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10 + 3, D11, 12); /* from 09:18 on */
    assert_non_null(strstr(detail_of(&bars, PX_QUALITY_BAD_PRICE), "back at"));
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 1, DAY_BARS - 3, "2022-08-15 09:18:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10, D11 - 100, 0.7); /* not as far off, and back before the close */
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 1, DAY_BARS - 100, "2022-08-15 09:15:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10, D10 + 3 * DAY_BARS, 2); /* three days, told one by one */
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 3, 3 * DAY_BARS, "2022-08-15 09:15:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10 + 50, D10 + 51, 1.1); /* one bar */
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 1, 1, "2022-08-15 10:05:00"});
    bars = clean_bars(DAYS);
    px_bars days = days_of(&bars);
    scale(&days, 10, 11, 0.5);
    for (size_t i = 0; i < days.n; i++) { /* whatever a day's usual range */
        days.high[i] *= 1.02;
        days.low[i] *= 0.98;
    }
    const expected wanted = {PX_QUALITY_BAD_PRICE, 1, 1, "2022-08-15 09:15:00"};
    expect_at(&days, PX_TIMEFRAME_DAY, INT64_MAX, &wanted, 1);
    px_bars_free(&days);
    px_bars_free(&bars);
}

static void test_prices_that_move_are_not_bad(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    scale(&bars, D10, D11, 0.85); /* a day of bad news, taken back overnight */
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    for (size_t i = D10; i < D11; i++) /* a fall by half and back in one day, without a jump */
        scale(&bars, i, i + 1, 1 - 0.5 * sin(3.14159 * (double)(i - D10) / DAY_BARS));
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    scale(&bars, D10, D10 + 12 * DAY_BARS, 0.5); /* away for longer than a mistake lasts */
    EXPECT(bars, {PX_QUALITY_SPLIT, 2, 2, "2022-08-15 09:15:00"});
}

/* Every bar of [begin, end) has the prices of the one before. */
static void freeze(px_bars *bars, size_t begin, size_t end) {
    for (size_t i = begin; i < end; i++) {
        bars->open[i] = bars->open[i - 1];
        bars->high[i] = bars->high[i - 1];
        bars->low[i] = bars->low[i - 1];
        bars->close[i] = bars->close[i - 1];
    }
}

static void test_prices_that_stand_still(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    freeze(&bars, D10 + 1, D10 + 31);
    assert_non_null(strstr(detail_of(&bars, PX_QUALITY_FROZEN), "until 2022-08-15 09:45"));
    EXPECT(bars, {PX_QUALITY_FROZEN, 1, 30, "2022-08-15 09:16:00"});
    bars = clean_bars(DAYS);
    freeze(&bars, D10 + 1, D10 + 30); /* a bar less */
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS); /* every third day, all day */
    for (size_t day = 0; day < DAYS; day += 3)
        freeze(&bars, day * DAY_BARS + 1, (day + 1) * DAY_BARS);
    EXPECT(bars, {PX_QUALITY_FROZEN, 10, 10 * (DAY_BARS - 1), "2022-08-01 09:16:00"});
    bars = clean_bars(DAYS);
    px_bars days = days_of(&bars);
    freeze(&days, 10, 15);
    expect_at(&days, PX_TIMEFRAME_DAY, INT64_MAX, &(expected){PX_QUALITY_FROZEN, 1, 5, "2022-08-15 09:15:00"},
              1);
    px_bars_free(&days);
    px_bars_free(&bars);
}

/* A symbol that trades seldom rests for hours, and that is none. */
static void test_prices_that_rest(void **state) {
    (void)state;
    for (unsigned percent = 50; percent < 100; percent += percent < 90 ? 20 : 4) {
        px_bars bars = clean_bars(DAYS);
        uint64_t random = percent;
        for (size_t i = 1; i < bars.n; i++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            if ((random >> 33) % 100 < percent && i % DAY_BARS)
                freeze(&bars, i, i + 1);
        }
        EXPECT_NOTHING(bars);
    }
}

/* Of two instruments under one name. */
static void test_prices_of_two_instruments_in_turn(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    for (size_t i = D10 + 1; i < D11; i += 2)
        scale(&bars, i, i + 1, 0.8);
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, DAY_BARS / 2, DAY_BARS / 2, "2022-08-15 09:16:00"});
}

static void test_splits(void **state) {
    (void)state;
    static const struct {
        double ratio;
        const char *near, *factor;
    } cases[] = {{0.5, "near 1/2", "2"},      {1.0 / 3, "near 1/3", "3"}, {2.0 / 3, "near 2/3", "3/2"},
                 {0.2, "near 1/5", "5"},      {0.1, "near 1/10", "10"},   {0.6, "near 3/5", "5/3"},
                 {0.01, "near 1/100", "100"}, {1.5, "near 3/2", "2/3"},   {10, "near 10/1", "1/10"},
                 {0.75, "near 3/4", "4/3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_bars bars = clean_bars(DAYS);
        scale(&bars, D10, bars.n, cases[i].ratio);
        assert_non_null(strstr(detail_of(&bars, PX_QUALITY_SPLIT), cases[i].near));
        px_quality quality = look(&bars, 1, INT64_MAX);
        assert_string_equal(quality.findings[0].factor, cases[i].factor);
        px_adjustment known = {.ex_date = px_calendar_date(nse, quality.findings[0].ts_us)};
        px_adjustments list = {0};
        assert_int_equal(px_adjustment_factor_parse(cases[i].factor, &known.factor, NULL), PX_OK);
        assert_int_equal(px_adjustments_put(&list, &known, false, NULL, NULL), PX_OK);
        px_quality_free(&quality);
        px_bars days = days_of(&bars);
        const expected wanted = {PX_QUALITY_SPLIT, 1, 1, "2022-08-15 09:15:00"};
        expect_at(&days, PX_TIMEFRAME_DAY, INT64_MAX, &wanted, 1);
        px_bars_free(&days);
        expect_at(&bars, 1, INT64_MAX, &wanted, 1);
        px_adjustments_apply(&list, nse, &bars); /* recorded, it is found no more */
        EXPECT_NOTHING(bars);
        px_adjustments_free(&list);
    }
}

/* Daily bars of New York, where no band stops a price. */
static bool is_split_in_new_york(double ratio, double turnover) {
    px_calendar *calendar = NULL;
    px_bars minutes = clean_bars(DAYS), days = days_of(&minutes);
    px_quality quality = {0};
    assert_int_equal(px_calendar_open("XNYS", &calendar, NULL), PX_OK);
    scale(&days, 10, days.n, ratio);
    for (size_t i = 0; i < days.n; i++)
        days.volume[i] = turnover == 0 ? 0 : 1e6 / days.close[i] * (i == 10 ? turnover : 1);
    const px_quality_config config = {
        .calendar = calendar, .timeframe_minutes = PX_TIMEFRAME_DAY, .now_us = INT64_MAX};
    assert_int_equal(px_quality_find(&config, &days, &quality, NULL), PX_OK);
    const px_quality_sum split = px_quality_of(&quality, PX_QUALITY_SPLIT),
                         jump = px_quality_of(&quality, PX_QUALITY_JUMP);
    assert_int_equal(split.n_bars + jump.n_bars, 1); /* one of them, and no more */
    const bool found = split.n_bars > 0;
    px_quality_free(&quality);
    px_calendar_close(&calendar);
    px_bars_free(&days);
    px_bars_free(&minutes);
    return found;
}

/* Shares that only open lower, or higher, are traded for many times their usual turnover. */
static void test_nights_of_news(void **state) {
    (void)state;
    static const double ratios[] = {0.75, 2.0 / 3, 0.6, 0.5, 1.5}, fractions[] = {0.75, 2.0 / 3, 0.6, 1.5},
                        whole[] = {0.5, 1.0 / 3, 1.0 / 7, 0.04, 0.02, 2, 15, 30};
    for (size_t r = 0; r < sizeof ratios / sizeof *ratios; r++) {
        px_bars bars = clean_bars(DAYS);
        scale(&bars, D10, bars.n, ratios[r]);
        for (size_t i = D10; i < D11; i++)
            bars.volume[i] *= 8 / ratios[r];
        EXPECT(bars, {PX_QUALITY_JUMP, 1, 1, "2022-08-15 09:15:00"});
        bars = clean_bars(DAYS);
        scale(&bars, D10, bars.n, ratios[r]);
        for (size_t i = D10; i < D11; i++)
            bars.volume[i] *= 3 / ratios[r]; /* a busy day, as it may be */
        EXPECT(bars, {PX_QUALITY_SPLIT, 1, 1, "2022-08-15 09:15:00"});
    }
    for (size_t r = 0; r < sizeof fractions / sizeof *fractions; r++) {
        assert_false(is_split_in_new_york(fractions[r], 6));
        assert_false(is_split_in_new_york(fractions[r], 0)); /* nobody knows */
        assert_true(is_split_in_new_york(fractions[r], 1));
    }
    for (size_t r = 0; r < sizeof whole / sizeof *whole; r++) {
        assert_true(is_split_in_new_york(whole[r], 1));
        assert_true(is_split_in_new_york(whole[r], 0));
        if (whole[r] <= 2)
            assert_false(is_split_in_new_york(whole[r], 9));
    }
}

static void test_a_split_does_not_come_back(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    double factor = 0.5;
    for (size_t d = 10; d < DAYS; d++, factor *= d < 14 ? 1.2 : 1) /* no night of it is a jump */
        scale(&bars, d * DAY_BARS, (d + 1) * DAY_BARS, factor);
    EXPECT(bars, {PX_QUALITY_JUMP, 1, 1, "2022-08-15 09:15:00"});
}

/* Prices that move by 6 % a day are not another instrument's for having jumped by a third and back. */
static void test_wild_prices_are_not_bad(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    double factor = 1;
    for (size_t d = 1; d < DAYS; d++) {
        factor *= d == 10 ? 1.35 : d == 12 ? 1 / 1.35 : d % 2 ? 1.06 : 0.94;
        scale(&bars, d * DAY_BARS, (d + 1) * DAY_BARS, factor);
    }
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    scale(&bars, D10, D10 + 2 * DAY_BARS, 1.35); /* of quiet ones they are */
    EXPECT(bars, {PX_QUALITY_BAD_PRICE, 2, 2 * DAY_BARS, "2022-08-15 09:15:00"});
}

static void test_jumps_that_are_no_splits(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    scale(&bars, D10, bars.n, 0.85); /* within the band */
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    scale(&bars, D10, bars.n, 0.70); /* no small ratio */
    assert_non_null(strstr(detail_of(&bars, PX_QUALITY_JUMP), " %"));
    EXPECT(bars, {PX_QUALITY_JUMP, 1, 1, "2022-08-15 09:15:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10, bars.n, 0.5);
    for (size_t i = D10; i < D11; i++) /* not quiet: the news is still being traded */
        scale(&bars, i, i + 1, 1 + 0.15 * sin(0.05 * (double)(i - D10)));
    EXPECT(bars, {PX_QUALITY_JUMP, 1, 1, "2022-08-15 09:15:00"});
    bars = clean_bars(DAYS);
    scale(&bars, D10 + 100, bars.n, 0.5); /* in the middle of a session */
    EXPECT(bars, {PX_QUALITY_JUMP, 1, 1, "2022-08-15 10:55:00"});
}

/* Usual moves of 6 % a day make 25 % in a night no jump, and a month's hole lets prices wander. */
static void test_wild_prices_jump_less(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    double factor = 1;
    for (size_t d = 1; d < DAYS; d++) {
        factor *= d == 10 ? 0.75 : d % 2 ? 1.06 : 0.94;
        scale(&bars, d * DAY_BARS, (d + 1) * DAY_BARS, factor);
    }
    EXPECT_NOTHING(bars);
}

static void test_spikes(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    bars.high[D10 + 20] *= 1.08;
    bars.low[D11 + 20] *= 0.90;
    EXPECT(bars, {PX_QUALITY_SPIKE, 2, 2, "2022-08-15 09:35:00"});
    bars = clean_bars(DAYS);
    bars.high[D10 + 20] *= 1.04; /* larger ones were traded */
    bars.low[0] *= 0.5;          /* without a bar before it nobody knows */
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    px_bars days = days_of(&bars);
    for (size_t i = 0; i < days.n; i++) {
        days.high[i] *= 1.01;
        days.low[i] *= 0.99;
    }
    days.high[10] *= 1.12; /* a day's wick */
    expect_at(&days, PX_TIMEFRAME_DAY, INT64_MAX, NULL, 0);
    px_bars_free(&days);
    px_bars_free(&bars);
}

/* A look at blocks of bars passes none over: at the first and last bar of one as in the middle, what is wrong
 * is found, and at its own place. */
static void test_places_in_blocks(void **state) {
    (void)state;
    enum { N = 3 * DAY_BARS, BLOCK = 128 };
    for (size_t place = 1; place < N - 1; place++) {
        const size_t in_block = place % BLOCK;
        if (in_block > 1 && in_block < BLOCK - 1 && in_block != BLOCK / 2)
            continue;
        px_bars bars = clean_bars(3);
        const double high = bars.high[place], volume = bars.volume[place];
        bars.high[place] = high * 1.08;
        expect_place(&bars, PX_QUALITY_SPIKE, 1, place);
        bars.high[place] = high;
        bars.volume[place] = NAN;
        expect_place(&bars, PX_QUALITY_IMPOSSIBLE_BAR, 1, place);
        bars.volume[place] = volume;
        if (place % DAY_BARS > 0 && place % DAY_BARS < DAY_BARS - 40) {
            scale(&bars, place, place + 3, 1.5);
            expect_place(&bars, PX_QUALITY_BAD_PRICE, 3, place);
            scale(&bars, place, place + 3, 1 / 1.5);
            freeze(&bars, place, place + 35);
            expect_place(&bars, PX_QUALITY_FROZEN, 35, place);
        }
        px_bars_free(&bars);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prices_of_another_instrument),
        cmocka_unit_test(test_prices_that_move_are_not_bad),
        cmocka_unit_test(test_prices_that_stand_still),
        cmocka_unit_test(test_prices_that_rest),
        cmocka_unit_test(test_prices_of_two_instruments_in_turn),
        cmocka_unit_test(test_splits),
        cmocka_unit_test(test_nights_of_news),
        cmocka_unit_test(test_a_split_does_not_come_back),
        cmocka_unit_test(test_wild_prices_are_not_bad),
        cmocka_unit_test(test_jumps_that_are_no_splits),
        cmocka_unit_test(test_wild_prices_jump_less),
        cmocka_unit_test(test_spikes),
        cmocka_unit_test(test_places_in_blocks),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
