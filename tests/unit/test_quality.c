// SPDX-License-Identifier: Apache-2.0
/* Data quality: for each check what it must find, and what it must leave alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/adjust.h"
#include "pixity/quality.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE PX_US_PER_MINUTE
enum { DAY_BARS = 375, DAYS = 30 };

static px_calendar *nse;

static int64_t at(const char *text) {
    int64_t ts_us = 0;
    assert_int_equal(px_time_parse(text, strlen(text), px_calendar_zone(nse), &ts_us, NULL), PX_OK);
    return ts_us;
}

/* ---- bars to look at ------------------------------------------------------------------------------------
 */

/* Weekdays from 2022-08-01 on; prices wander a little, and move some tenths of a per cent overnight. */
static px_bars clean_bars(int n_days) {
    px_bars bars = {0};
    int32_t date = px_calendar_date(nse, at("2022-08-01 12:00"));
    double last = 1000;
    for (int day = 0; day < n_days; date++) {
        px_session session = px_calendar_session(nse, date);
        if (!session.n_intervals)
            continue;
        last *= 1 + 0.004 * ((day * 7) % 5 - 2);
        for (int i = 0; i < DAY_BARS; i++) {
            double open = last, close = open * (1 + 0.0003 * ((i * 11 + day) % 7 - 3));
            px_bar bar = {session.open_us + i * MINUTE, open,  fmax(open, close) * 1.0002,
                          fmin(open, close) * 0.9998,   close, 100 + i};
            assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
            last = close;
        }
        day++;
    }
    return bars;
}

static void scale(px_bars *bars, size_t begin, size_t end, double factor) {
    for (size_t i = begin; i < end; i++) {
        bars->open[i] *= factor;
        bars->high[i] *= factor;
        bars->low[i] *= factor;
        bars->close[i] *= factor;
    }
}

static void remove_bars(px_bars *bars, size_t begin, size_t end) {
    px_bars kept = {0};
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        if (i < begin || i >= end)
            assert_int_equal(px_bars_append(&kept, &bar, NULL), PX_OK);
    }
    px_bars_free(bars);
    *bars = kept;
}

static void append(px_bars *bars, px_bar bar) {
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

static px_bars days_of(const px_bars *minutes) {
    px_bars days = {0};
    for (size_t d = 0; d < minutes->n / DAY_BARS; d++) {
        px_bar day = px_bars_at(minutes, d * DAY_BARS);
        for (size_t i = d * DAY_BARS; i < (d + 1) * DAY_BARS; i++) {
            day.high = fmax(day.high, minutes->high[i]);
            day.low = fmin(day.low, minutes->low[i]);
            day.close = minutes->close[i];
        }
        append(&days, day);
    }
    return days;
}

/* ---- looking --------------------------------------------------------------------------------------------
 */

static px_quality look(const px_bars *bars, int timeframe_minutes, int64_t now_us) {
    px_quality_config config = {.calendar = nse, .timeframe_minutes = timeframe_minutes, .now_us = now_us};
    px_quality quality = {0};
    assert_int_equal(px_quality_find(&config, bars, &quality, NULL), PX_OK);
    return quality;
}

/* So many findings of a check, over so many bars, the first at this time; and none of any other check. */
typedef struct expected {
    px_quality_check check;
    size_t n, n_bars;
    const char *first;
} expected;

static void expect_at(const px_bars *bars, int timeframe_minutes, int64_t now_us, const expected *wanted,
                      size_t n_wanted) {
    px_quality quality = look(bars, timeframe_minutes, now_us);
    size_t n = 0;
    for (size_t i = 0; i < n_wanted; i++) {
        px_quality_sum sum = px_quality_of(&quality, wanted[i].check);
        char first[PX_TIME_TEXT_SIZE];
        n += sum.end - sum.begin;
        assert_int_equal(sum.end - sum.begin, wanted[i].n);
        assert_int_equal(sum.n_bars, wanted[i].n_bars);
        px_time_format_local(quality.findings[sum.begin].ts_us, px_calendar_zone(nse), first);
        assert_string_equal(first, wanted[i].first);
        assert_true(*quality.findings[sum.begin].detail);
    }
    for (size_t i = 0; n != quality.n && i < quality.n; i++)
        print_message("%s: %s\n", px_quality_describe(quality.findings[i].check).name,
                      quality.findings[i].detail);
    assert_int_equal(quality.n, n);
    px_quality_free(&quality);
}

/* The one finding of a check, at the time of a bar. */
static void expect_place(const px_bars *bars, px_quality_check check, size_t n_bars, size_t place) {
    px_quality quality = look(bars, 1, INT64_MAX);
    const px_quality_sum sum = px_quality_of(&quality, check);
    assert_int_equal(sum.end - sum.begin, 1);
    assert_int_equal(sum.n_bars, n_bars);
    assert_true(quality.findings[sum.begin].ts_us == bars->ts_us[place]);
    px_quality_free(&quality);
}

/* Takes the bars. */
static void expect(px_bars bars, const expected *wanted, size_t n_wanted) {
    expect_at(&bars, 1, INT64_MAX, wanted, n_wanted);
    px_bars_free(&bars);
}
#define EXPECT(bars, ...)                                                                                    \
    expect(bars, (const expected[]){__VA_ARGS__}, sizeof((const expected[]){__VA_ARGS__}) / sizeof(expected))
#define EXPECT_NOTHING(bars) expect(bars, NULL, 0)

static const char *detail_of(const px_bars *bars, px_quality_check check) {
    static char detail[PX_FINDING_DETAIL_SIZE];
    px_quality quality = look(bars, 1, INT64_MAX);
    px_quality_sum sum = px_quality_of(&quality, check);
    assert_true(sum.end > sum.begin);
    memcpy(detail, quality.findings[sum.begin].detail, sizeof detail);
    px_quality_free(&quality);
    return detail;
}

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

/* ---- prices ---------------------------------------------------------------------------------------------
 */

enum { D10 = 10 * DAY_BARS, D11 = 11 * DAY_BARS }; /* 2022-08-15 */

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

static int open_calendar(void **state) {
    (void)state;
    return (int)px_calendar_open("NSE", &nse, NULL);
}

static int close_calendar(void **state) {
    (void)state;
    px_calendar_close(&nse);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_bars),
        cmocka_unit_test(test_short_series),
        cmocka_unit_test(test_every_check_is_described),
        cmocka_unit_test(test_what_was_not_read),
        cmocka_unit_test(test_impossible_bars),
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
        cmocka_unit_test(test_bars_of_one_time),
        cmocka_unit_test(test_bars_of_the_future),
        cmocka_unit_test(test_missing_days),
        cmocka_unit_test(test_partial_sessions),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_out_of_session),
        cmocka_unit_test(test_volume),
        cmocka_unit_test(test_nothing_crashes),
        cmocka_unit_test(test_likely_timeframes),
        cmocka_unit_test(test_bars_that_are_sparse),
        cmocka_unit_test(test_steps_of_all_lengths),
        cmocka_unit_test(test_series_of_a_longer_timeframe),
        cmocka_unit_test(test_timeframes_are_checked),
    };
    return cmocka_run_group_tests(tests, open_calendar, close_calendar);
}
