// SPDX-License-Identifier: Apache-2.0
/* Data quality: what was not read and what is not covered, and what each check must leave alone. */
#include "quality_kit.h"

/* ---- nothing to find ------------------------------------------------------------------------------------
 */

static void test_clean_bars(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    px_quality quality = look(&bars, 1, INT64_MAX);
    assert_int_equal(quality.n_bars, DAYS * DAY_BARS);
    assert_int_equal(quality.n_sessions, DAYS);
    assert_int_equal(quality.n, 0);
    px_quality_free(&quality);
    px_quality_free(&quality);
    px_quality_free(NULL);
    px_bars days = days_of(&bars);
    expect_at(&days, PX_TIMEFRAME_DAY, INT64_MAX, NULL, 0);
    px_bars_free(&days);
    px_bars_free(&bars);
}

static void test_short_series(void **state) {
    (void)state;
    px_bars none = {0};
    px_quality quality = look(&none, 1, 0);
    assert_true(quality.n == 0 && quality.n_bars == 0 && quality.n_sessions == 0);
    px_quality_free(&quality);
    EXPECT_NOTHING(clean_bars(1));
    EXPECT_NOTHING(clean_bars(2));
    px_bars one = clean_bars(1);
    remove_bars(&one, 1, one.n);
    EXPECT(one, {PX_QUALITY_PARTIAL_SESSION, 1, DAY_BARS - 1, "2022-08-01 09:15:00"});
}

static void test_every_check_is_described(void **state) {
    (void)state;
    for (int i = 0; i < PX_N_QUALITY_CHECKS; i++) {
        px_quality_info info = px_quality_describe((px_quality_check)i);
        assert_true(*info.name && *info.help && *info.unit && *info.advice &&
                    *px_severity_name(info.severity));
        if (i > 0)
            assert_true(info.severity <= px_quality_describe((px_quality_check)(i - 1)).severity);
    }
}

/* ---- what was not read ----------------------------------------------------------------------------------
 */

static void test_what_was_not_read(void **state) {
    (void)state;
    px_bars none = {0};
    px_rejection rejections[PX_MAX_REJECTIONS] = {{7, "high below low"}, {9, "close is \"x\""}};
    px_quality_config config = {.calendar = nse,
                                .timeframe_minutes = 1,
                                .damage = "2022.parquet is damaged",
                                .rejections = rejections,
                                .n_rejected = PX_MAX_REJECTIONS + 5};
    px_quality quality = {0};
    assert_int_equal(px_quality_find(&config, &none, &quality, NULL), PX_OK);
    px_quality_sum damage = px_quality_of(&quality, PX_QUALITY_UNREADABLE);
    px_quality_sum rows = px_quality_of(&quality, PX_QUALITY_REJECTED_ROW);
    assert_int_equal(damage.n_bars, 1);
    assert_string_equal(quality.findings[damage.begin].detail, config.damage);
    assert_int_equal(rows.end - rows.begin, PX_MAX_REJECTIONS + 1);
    assert_int_equal(rows.n_bars, PX_MAX_REJECTIONS + 5);
    assert_string_equal(quality.findings[rows.begin].detail, "line 7: high below low");
    assert_true(quality.findings[rows.begin].ts_us == PX_FINDING_NO_TIME);
    px_quality_free(&quality);
}

static void test_impossible_bars(void **state) {
    (void)state;
    px_bars bars = clean_bars(3);
    bars.close[400] = bars.high[400] * 1.0001;
    bars.volume[500] = -1;
    assert_string_equal(px_quality_describe(PX_QUALITY_IMPOSSIBLE_BAR).name, "impossible_bar");
    assert_non_null(strstr(detail_of(&bars, PX_QUALITY_IMPOSSIBLE_BAR), "close outside low to high"));
    EXPECT(bars, {PX_QUALITY_IMPOSSIBLE_BAR, 2, 2, "2022-08-02 09:40:00"});
}

/* ---- coverage -------------------------------------------------------------------------------------------
 */

static void test_bars_of_one_time(void **state) {
    (void)state;
    px_bars bars = clean_bars(3);
    append(&bars, px_bars_at(&bars, 5)); /* again, out of order */
    append(&bars, px_bars_at(&bars, 6));
    append(&bars, px_bars_at(&bars, 800));
    EXPECT(bars, {PX_QUALITY_DUPLICATE, 2, 3, "2022-08-01 09:20:00"});
    bars = clean_bars(3);
    px_bar other = px_bars_at(&bars, 400);
    other.volume++;
    append(&bars, other);
    append(&bars, px_bars_at(&bars, 400));
    px_quality quality = look(&bars, 1, INT64_MAX);
    assert_int_equal(quality.n_bars, 3 * DAY_BARS);
    px_quality_free(&quality);
    EXPECT(bars, {PX_QUALITY_CONFLICT, 1, 1, "2022-08-02 09:40:00"},
           {PX_QUALITY_DUPLICATE, 1, 1, "2022-08-02 09:40:00"});
}

static void test_bars_of_the_future(void **state) {
    (void)state;
    px_bars bars = clean_bars(3);
    const expected wanted = {PX_QUALITY_FUTURE, 1, 374 + DAY_BARS, "2022-08-02 09:16:00"};
    expect_at(&bars, 1, at("2022-08-02 09:15:00"), &wanted, 1);
    expect_at(&bars, 1, at("2022-08-03 15:29:00"), NULL, 0);
    px_bars_free(&bars);
}

static void test_missing_days(void **state) {
    (void)state;
    px_bars bars = clean_bars(DAYS);
    remove_bars(&bars, D10, D10 + 6 * DAY_BARS); /* 2022-08-15 .. 2022-08-22 */
    assert_string_equal(detail_of(&bars, PX_QUALITY_MISSING_DAYS), "none from 2022-08-13 to 2022-08-22");
    EXPECT(bars, {PX_QUALITY_MISSING_DAYS, 1, 5, "2022-08-16 09:15:00"});
    bars = clean_bars(DAYS);
    remove_bars(&bars, D10, D10 + 4 * DAY_BARS); /* holidays */
    EXPECT_NOTHING(bars);
    bars = clean_bars(DAYS);
    remove_bars(&bars, D10, bars.n - DAY_BARS); /* a day by itself */
    EXPECT_NOTHING(bars);
}

static void test_partial_sessions(void **state) {
    (void)state;
    px_bars bars = clean_bars(5);
    remove_bars(&bars, 4 * DAY_BARS + 370, 5 * DAY_BARS);
    remove_bars(&bars, DAY_BARS, DAY_BARS + 20);
    assert_string_equal(detail_of(&bars, PX_QUALITY_PARTIAL_SESSION), "bars from 09:35 to 15:29");
    EXPECT(bars, {PX_QUALITY_PARTIAL_SESSION, 2, 25, "2022-08-02 09:35:00"});
    bars = clean_bars(3);
    remove_bars(&bars, 2 * DAY_BARS + 100, bars.n); /* it is 10:55 of the last day */
    expect_at(&bars, 1, at("2022-08-03 10:55:00"), NULL, 0);
    px_bars_free(&bars);
    bars = clean_bars(3);
    for (int i = 0; i < 60; i++) /* an evening session */
        append(&bars, (px_bar){at("2022-10-24 18:15") + i * MINUTE, 1000, 1001 + i % 2, 999, 1000, 5});
    EXPECT_NOTHING(bars);
}

static void test_gaps(void **state) {
    (void)state;
    px_bars bars = clean_bars(3);
    remove_bars(&bars, 600, 603);
    remove_bars(&bars, 400, 410); /* 09:40 .. 09:49 */
    assert_string_equal(detail_of(&bars, PX_QUALITY_GAP), "2 gaps, the longest of 10 after 09:39");
    EXPECT(bars, {PX_QUALITY_GAP, 1, 13, "2022-08-02 09:15:00"});
    bars = clean_bars(3);
    for (size_t i = 0; i < 3; i++) /* every fifth: five-minute bars have no gap */
        for (size_t b = 0; b < DAY_BARS / 5; b++) {
            size_t to = i * DAY_BARS / 5 + b, from = i * DAY_BARS + 5 * b;
            px_bar bar = px_bars_at(&bars, from);
            bars.ts_us[to] = bar.ts_us, bars.open[to] = bar.open, bars.high[to] = bar.high;
            bars.low[to] = bar.low, bars.close[to] = bar.close, bars.volume[to] = bar.volume;
        }
    bars.n /= 5;
    expect_at(&bars, 5, INT64_MAX, NULL, 0);
    px_bars_free(&bars);
}

static void test_out_of_session(void **state) {
    (void)state;
    px_bars bars = clean_bars(3);
    append(&bars, (px_bar){at("2022-08-03 16:00"), 1000, 1001, 999, 1000, 5});
    append(&bars, (px_bar){at("2022-08-03 16:05"), 1000, 1001, 999, 1000, 5});
    EXPECT(bars, {PX_QUALITY_OUT_OF_SESSION, 1, 2, "2022-08-03 16:00:00"});
    bars = clean_bars(3);
    append(&bars, (px_bar){at("2022-08-06 11:00"), 1000, 1001, 999, 1000, 5}); /* a Saturday by itself */
    EXPECT_NOTHING(bars);
}

static void test_volume(void **state) {
    (void)state;
    px_bars bars = clean_bars(10);
    bars.volume[3] = bars.volume[7] = bars.volume[800] = 0;
    EXPECT(bars, {PX_QUALITY_ZERO_VOLUME, 2, 3, "2022-08-01 09:15:00"});
    bars = clean_bars(10);
    memset(bars.volume + 2 * DAY_BARS, 0, 3 * DAY_BARS * sizeof *bars.volume);
    memset(bars.volume + 8 * DAY_BARS, 0, 2 * DAY_BARS * sizeof *bars.volume);
    assert_string_equal(detail_of(&bars, PX_QUALITY_NO_VOLUME), "3 sessions, 2022-08-03 to 2022-08-05");
    EXPECT(bars, {PX_QUALITY_NO_VOLUME, 2, 5 * DAY_BARS, "2022-08-03 09:15:00"});
    bars = clean_bars(10);
    memset(bars.volume, 0, bars.n * sizeof *bars.volume);
    assert_non_null(strstr(detail_of(&bars, PX_QUALITY_NO_VOLUME), "an index"));
    EXPECT(bars, {PX_QUALITY_NO_VOLUME, 1, 10 * DAY_BARS, "2022-08-01 09:15:00"});
}

/* ---- anything -------------------------------------------------------------------------------------------
 */

static double any_value(unsigned *seed) {
    static const double odd[] = {0, -1, 1e308, -1e308, 1e-308, NAN, INFINITY, -INFINITY};
    int pick = rand_r(seed) % 40;
    return pick < 8 ? odd[pick] : 1 + rand_r(seed) % 1000;
}

static void test_nothing_crashes(void **state) {
    (void)state;
    for (unsigned round = 0; round < 300; round++) {
        unsigned seed = round;
        px_bars bars = {0};
        size_t n = (size_t)(rand_r(&seed) % 400);
        int64_t ts_us = at("2022-08-01 09:00"), step = 1 + rand_r(&seed) % (round % 3 ? 4 : 40000);
        for (size_t i = 0; i < n; i++) {
            ts_us += (rand_r(&seed) % 5 - 1) * step * MINUTE;
            append(&bars, (px_bar){ts_us, any_value(&seed), any_value(&seed), any_value(&seed),
                                   any_value(&seed), any_value(&seed)});
        }
        px_quality quality = look(&bars, round % 2 ? 1 : 1440, ts_us);
        assert_true(quality.n_bars <= n && quality.n_sessions <= quality.n_bars);
        for (size_t i = 1; i < quality.n; i++)
            assert_true(quality.findings[i].check >= quality.findings[i - 1].check);
        px_quality_free(&quality);
        px_bars_free(&bars);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_bars),
        cmocka_unit_test(test_short_series),
        cmocka_unit_test(test_every_check_is_described),
        cmocka_unit_test(test_what_was_not_read),
        cmocka_unit_test(test_impossible_bars),
        cmocka_unit_test(test_bars_of_one_time),
        cmocka_unit_test(test_bars_of_the_future),
        cmocka_unit_test(test_missing_days),
        cmocka_unit_test(test_partial_sessions),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_out_of_session),
        cmocka_unit_test(test_volume),
        cmocka_unit_test(test_nothing_crashes),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
