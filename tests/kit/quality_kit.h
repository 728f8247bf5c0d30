// SPDX-License-Identifier: Apache-2.0
/* Clean bars, and what is found in them once they are spoilt. */
#ifndef QUALITY_KIT_H
#define QUALITY_KIT_H

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
enum { D10 = 10 * DAY_BARS, D11 = 11 * DAY_BARS }; /* 2022-08-15 */

static px_calendar *nse;

static inline int64_t at(const char *text) {
    int64_t ts_us = 0;
    assert_int_equal(px_time_parse(text, strlen(text), px_calendar_zone(nse), &ts_us, NULL), PX_OK);
    return ts_us;
}

/* ---- bars to look at ------------------------------------------------------------------------------------
 */

/* Weekdays from 2022-08-01 on; prices wander a little, and move some tenths of a per cent overnight. */
static inline px_bars clean_bars(int n_days) {
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

static inline void scale(px_bars *bars, size_t begin, size_t end, double factor) {
    for (size_t i = begin; i < end; i++) {
        bars->open[i] *= factor;
        bars->high[i] *= factor;
        bars->low[i] *= factor;
        bars->close[i] *= factor;
    }
}

static inline void remove_bars(px_bars *bars, size_t begin, size_t end) {
    px_bars kept = {0};
    for (size_t i = 0; i < bars->n; i++) {
        px_bar bar = px_bars_at(bars, i);
        if (i < begin || i >= end)
            assert_int_equal(px_bars_append(&kept, &bar, NULL), PX_OK);
    }
    px_bars_free(bars);
    *bars = kept;
}

static inline void append(px_bars *bars, px_bar bar) {
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

static inline px_bars days_of(const px_bars *minutes) {
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

/* Series here trade on every weekday, holidays too: that is no finding of theirs (test_quality_times.c). */
static inline void drop_holidays(px_quality *quality) {
    size_t n = 0;
    for (size_t i = 0; i < quality->n; i++)
        if (quality->findings[i].check != PX_QUALITY_HOLIDAY)
            quality->findings[n++] = quality->findings[i];
    quality->n = n;
}

static inline px_quality look(const px_bars *bars, int timeframe_minutes, int64_t now_us) {
    px_quality_config config = {.calendar = nse, .timeframe_minutes = timeframe_minutes, .now_us = now_us};
    px_quality quality = {0};
    assert_int_equal(px_quality_find(&config, bars, &quality, NULL), PX_OK);
    drop_holidays(&quality);
    return quality;
}

/* So many findings of a check, over so many bars, the first at this time; and none of any other check. */
typedef struct expected {
    px_quality_check check;
    size_t n, n_bars;
    const char *first;
} expected;

static inline void expect_at(const px_bars *bars, int timeframe_minutes, int64_t now_us,
                             const expected *wanted, size_t n_wanted) {
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
static inline void expect_place(const px_bars *bars, px_quality_check check, size_t n_bars, size_t place) {
    px_quality quality = look(bars, 1, INT64_MAX);
    const px_quality_sum sum = px_quality_of(&quality, check);
    assert_int_equal(sum.end - sum.begin, 1);
    assert_int_equal(sum.n_bars, n_bars);
    assert_true(quality.findings[sum.begin].ts_us == bars->ts_us[place]);
    px_quality_free(&quality);
}

/* Takes the bars. */
static inline void expect(px_bars bars, const expected *wanted, size_t n_wanted) {
    expect_at(&bars, 1, INT64_MAX, wanted, n_wanted);
    px_bars_free(&bars);
}
#define EXPECT(bars, ...)                                                                                    \
    expect(bars, (const expected[]){__VA_ARGS__}, sizeof((const expected[]){__VA_ARGS__}) / sizeof(expected))
#define EXPECT_NOTHING(bars) expect(bars, NULL, 0)

static inline const char *detail_of(const px_bars *bars, px_quality_check check) {
    static char detail[PX_FINDING_DETAIL_SIZE];
    px_quality quality = look(bars, 1, INT64_MAX);
    px_quality_sum sum = px_quality_of(&quality, check);
    assert_true(sum.end > sum.begin);
    memcpy(detail, quality.findings[sum.begin].detail, sizeof detail);
    px_quality_free(&quality);
    return detail;
}

static inline int open_calendar(void **state) {
    (void)state;
    return (int)px_calendar_open("NSE", &nse, NULL);
}

static inline int close_calendar(void **state) {
    (void)state;
    px_calendar_close(&nse);
    return 0;
}

#endif
