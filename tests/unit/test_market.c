// SPDX-License-Identifier: Apache-2.0
/* Bars, timeframes, calendars, sessions, resampling by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/resample.h"

#include "market/bars.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static px_calendar *nse;

/* An instant from local text in Kolkata. */
static int64_t at(const char *text) {
    int64_t ts_us = 0;
    assert_int_equal(px_time_parse(text, strlen(text), px_calendar_zone(nse), &ts_us, NULL), PX_OK);
    return ts_us;
}

static int32_t on(const char *text) {
    int32_t date = 0;
    assert_int_equal(px_date_parse(text, &date, NULL), PX_OK);
    return date;
}

static const char *local(int64_t ts_us) {
    static char buf[PX_TIME_TEXT_SIZE];
    return px_time_format_local(ts_us, px_calendar_zone(nse), buf);
}

static void add(px_bars *bars, const char *time, double price, double volume) {
    px_bar bar = {at(time), price, price + 1, price - 1, price + 0.5, volume};
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

/* ---- bars -----------------------------------------------------------------------------------------------
 */

static void test_bars_grow_and_slice(void **state) {
    (void)state;
    px_bars bars = {0};
    for (int i = 0; i < 1000; i++) {
        px_bar bar = {i * 10, i + 1, i + 3, i + 0.5, i + 2, i};
        assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
    }
    px_bar bar = px_bars_at(&bars, 500);
    assert_true(bar.ts_us == 5000 && bar.open == 501 && bar.high == 503 && bar.low == 500.5 &&
                bar.close == 502 && bar.volume == 500);
    px_bars view = px_bars_slice(&bars, 100, 200);
    assert_true(view.n == 100 && view.capacity == 0 && view.close[0] == 102);
    assert_int_equal(px_bars_lower_bound(&view, 1500), 50);
    assert_int_equal(px_bars_lower_bound(&view, 1501), 51);
    assert_int_equal(px_bars_lower_bound(&view, INT64_MIN), 0);
    assert_int_equal(px_bars_lower_bound(&view, INT64_MAX), 100);
    px_bars_free(&view); /* frees nothing: the bars are still there */
    assert_true(bars.close[999] == 1001);
    px_bars_free(&bars);
    px_bars_free(&bars);
    px_bars_free(NULL);
}

static void test_bars_refuse_impossible_sizes(void **state) {
    (void)state;
    px_bars bars = {0};
    px_error err = {0};
    assert_int_equal(px_bars_reserve(&bars, SIZE_MAX / 4, &err), PX_ENOMEM);
    assert_true(bars.capacity == 0 && err.message[0]);
    add(&bars, "2024-01-01 09:15", 100, 1);
    px_bars_free(&bars);
}

static void test_bar_defects(void **state) {
    (void)state;
    static const struct {
        px_bar bar;
        const char *defect;
    } cases[] = {
        {{0, 10, 12, 9, 11, 5}, NULL},
        {{0, 10, 10, 10, 10, 0}, NULL},
        {{0, 10, 9, 12, 11, 5}, "high below low"},
        {{0, 10, 12, 0, 11, 5}, "price not above zero"},
        {{0, -1, 12, -2, 11, 5}, "price not above zero"},
        {{0, 13, 12, 9, 11, 5}, "open outside low to high"},
        {{0, 10, 12, 9, 8, 5}, "close outside low to high"},
        {{0, 10, 12, 9, 11, -5}, "volume below zero"},
        {{0, NAN, 12, 9, 11, 5}, "not a finite number"},
        {{0, 10, INFINITY, 9, 11, 5}, "not a finite number"},
        {{0, 10, 12, 9, 11, NAN}, "not a finite number"},
        {{PX_TIME_MAX_US, 10, 12, 9, 11, 5}, "time outside the years 1900 to 2199"},
        {{PX_TIME_MIN_US - 1, 10, 12, 9, 11, 5}, "time outside the years 1900 to 2199"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *defect = px_bar_defect(&cases[i].bar);
        if (!cases[i].defect)
            assert_null(defect);
        else
            assert_string_equal(defect, cases[i].defect);
    }
}

static void test_timeframes(void **state) {
    (void)state;
    static const struct {
        const char *text, *shown;
        int minutes;
    } cases[] = {{"1m", "1m", 1},    {"15m", "15m", 15},  {"60m", "1h", 60},
                 {"90m", "90m", 90}, {"1h", "1h", 60},    {"4h", "4h", 240},
                 {"1d", "1d", 1440}, {"24h", "1d", 1440}, {"375m", "375m", 375}};
    static const char *const wrong[] = {"",
                                        "m",
                                        "0m",
                                        "-1m",
                                        "+1m",
                                        "1",
                                        "15",
                                        "1w",
                                        "2d",
                                        "1M",
                                        "1.5h",
                                        "25h",
                                        "m15",
                                        "1 m",
                                        " 1m",
                                        "15 ",
                                        "99999999999999999999m"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buf[PX_TIMEFRAME_TEXT_SIZE];
        int minutes = 0;
        assert_int_equal(px_timeframe_parse(cases[i].text, &minutes, NULL), PX_OK);
        assert_int_equal(minutes, cases[i].minutes);
        assert_string_equal(px_timeframe_format(minutes, buf), cases[i].shown);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int minutes = 7;
        px_error err = {0};
        if (px_timeframe_parse(wrong[i], &minutes, &err) != PX_EINPUT)
            fail_msg("\"%s\" was taken for a timeframe", wrong[i]);
        assert_int_equal(minutes, 7);
        assert_non_null(strstr(err.message, "timeframe"));
    }
}

/* ---- calendar -------------------------------------------------------------------------------------------
 */

static void test_calendar_names(void **state) {
    (void)state;
    px_calendar *calendar = NULL;
    px_error err = {0};
    assert_int_equal(px_calendar_open("nse", &calendar, &err), PX_OK);
    assert_string_equal(px_calendar_name(calendar), "NSE");
    assert_string_equal(px_zone_name(px_calendar_zone(calendar)), "Asia/Kolkata");
    assert_int_equal(px_calendar_days_per_year(calendar), 248);
    px_calendar_close(&calendar);
    assert_null(calendar);
    px_calendar_close(&calendar);
    assert_int_equal(px_calendar_open("NSX", &calendar, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "\"NSX\"; did you mean \"NSE\"?"));
}

static void test_calendar_rows(void **state) {
    (void)state;
    static const struct {
        const char *date;
        const char *hours[3]; /* begin-end */
    } cases[] = {
        {"2022-08-16", {"09:15-15:30"}},
        {"2011-01-03", {"09:15-15:30"}},
        {"2026-07-31", {"09:15-15:30"}}, /* the last day before the closing auction */
        {"2026-08-03", {"09:15-15:15"}},
        {"2027-01-04", {"09:15-15:15"}},
        {"2022-08-20", {NULL}}, /* Saturday */
        {"2022-08-21", {NULL}},
        {"2020-02-01", {"09:15-15:30"}}, /* Saturday of a budget */
        {"2021-11-04", {"18:15-19:15"}}, /* Muhurat on a Thursday */
        {"2023-11-12", {"18:15-19:15"}}, /* Muhurat on a Sunday */
        {"2024-03-02", {"09:15-10:00", "11:30-12:30"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_session session = px_calendar_session(nse, on(cases[i].date));
        int n = 0;
        for (; cases[i].hours[n]; n++) {
            char text[12];
            memcpy(text, local(session.intervals[n].begin_us) + 11, 5);
            text[5] = '-';
            memcpy(text + 6, local(session.intervals[n].end_us) + 11, 6);
            text[11] = '\0';
            assert_string_equal(text, cases[i].hours[n]);
            assert_memory_equal(local(session.intervals[n].begin_us), cases[i].date, 10);
        }
        assert_int_equal(session.n_intervals, n);
        assert_string_equal(local(session.open_us) + 11, "09:15:00");
        assert_string_equal(local(session.midnight_us) + 11, "00:00:00");
        assert_true(session.next_midnight_us - session.midnight_us == PX_US_PER_DAY);
        assert_true(session.close_us == (n ? session.intervals[n - 1].end_us : session.next_midnight_us));
    }
}

static void test_local_dates_and_minutes(void **state) {
    (void)state;
    int64_t late = at("2022-08-16 23:59:59"), early = at("2022-08-16 00:00:00");
    assert_int_equal(px_calendar_date(nse, late), on("2022-08-16"));
    assert_int_equal(px_calendar_date(nse, early), on("2022-08-16"));
    assert_int_equal(px_calendar_date(nse, early - 1), on("2022-08-15"));
    assert_int_equal(px_calendar_minute_of_day(nse, late), 1439);
    assert_int_equal(px_calendar_minute_of_day(nse, early), 0);
    assert_int_equal(px_calendar_minute_of_day(nse, at("2022-08-16 09:15:30")), 555);
    assert_int_equal(px_calendar_minute_of_day(nse, -PX_US_PER_DAY), 330);
}

static void test_cursor(void **state) {
    (void)state;
    px_session_cursor cursor = px_session_cursor_make(nse);
    assert_true(px_session_advance(&cursor, at("2022-08-16 09:15")));
    assert_false(px_session_advance(&cursor, at("2022-08-16 09:16")));
    assert_false(px_session_advance(&cursor, at("2022-08-16 00:00")));
    assert_true(px_session_advance(&cursor, at("2022-08-17 00:00")));
    assert_true(px_session_advance(&cursor, at("2022-08-16 23:59"))); /* backwards is fine too */
    assert_int_equal(cursor.session.date, on("2022-08-16"));
}

static void test_bar_end(void **state) {
    (void)state;
    px_session day = px_calendar_session(nse, on("2022-08-16"));
    assert_true(px_session_bar_end(&day, at("2022-08-16 09:15"), 15) == at("2022-08-16 09:30"));
    assert_true(px_session_bar_end(&day, at("2022-08-16 15:15"), 60) == at("2022-08-16 15:30"));
    assert_true(px_session_bar_end(&day, day.open_us, PX_TIMEFRAME_DAY) == at("2022-08-16 15:30"));
    assert_true(px_session_bar_end(&day, at("2022-08-16 18:15"), 15) == at("2022-08-16 18:30"));
    assert_true(px_session_bar_end(&day, at("2022-08-16 23:50"), 15) == day.next_midnight_us);
}

static void test_bars_in_session(void **state) {
    (void)state;
    static const struct {
        const char *time;
        bool kept;
    } cases[] = {
        {"2022-08-16 09:00", false}, {"2022-08-16 09:14", false},
        {"2022-08-16 09:15", true},  {"2022-08-16 15:29", true},
        {"2022-08-16 15:30", false}, {"2022-08-17 18:15", true}, /* evening only */
        {"2022-08-17 18:16", true},  {"2022-08-20 11:07", true}, /* Saturday */
        {"2024-03-02 09:59", true},  {"2024-03-02 10:00", false},
        {"2024-03-02 11:29", false}, {"2024-03-02 11:30", true},
        {"2026-08-03 15:14", true},  {"2026-08-03 15:15", false},
    };
    px_bars bars = {0}, kept = {0};
    size_t n_excluded = 0, k = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        add(&bars, cases[i].time, 100 + (double)i, 1);
    assert_int_equal(px_bars_in_session(&bars, nse, 1, &kept, &n_excluded, NULL), PX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!cases[i].kept)
            continue;
        assert_true(k < kept.n && kept.ts_us[k] == at(cases[i].time) && kept.open[k] == bars.open[i]);
        k++;
    }
    assert_int_equal(kept.n, k);
    assert_int_equal(n_excluded, bars.n - k);
    px_bars_free(&kept);
    px_bars_free(&bars);
    px_bars none = {0};
    assert_int_equal(px_bars_in_session(&none, nse, 1, &kept, &n_excluded, NULL), PX_OK);
    assert_true(kept.n == 0 && n_excluded == 0);
    px_bars_free(&kept);
}

/* ---- resampling -----------------------------------------------------------------------------------------
 */

static void check_names(px_anchor anchor, const char *timeframe, const char *const *in,
                        const char *const *out) {
    px_bars bars = {0}, made = {0};
    int minutes = 0;
    for (size_t i = 0; in[i]; i++)
        add(&bars, in[i], 100, 1);
    assert_int_equal(px_timeframe_parse(timeframe, &minutes, NULL), PX_OK);
    assert_int_equal(px_bars_resample(&bars, nse, anchor, 1, minutes, &made, NULL), PX_OK);
    size_t n = 0;
    for (; out[n]; n++) {
        assert_true(n < made.n);
        assert_string_equal(local(made.ts_us[n]), out[n]);
    }
    assert_int_equal(made.n, n);
    px_bars_free(&made);
    px_bars_free(&bars);
}

static void test_bins_are_named_by_their_start(void **state) {
    (void)state;
    const char *in[] = {"2022-08-16 09:15", "2022-08-16 09:29", "2022-08-16 09:30", "2022-08-16 13:14",
                        "2022-08-16 13:15", "2022-08-16 15:29", "2022-08-17 09:40", NULL};
    check_names(PX_ANCHOR_OPEN, "15m", in,
                (const char *[]){"2022-08-16 09:15:00", "2022-08-16 09:30:00", "2022-08-16 13:00:00",
                                 "2022-08-16 13:15:00", "2022-08-16 15:15:00", "2022-08-17 09:30:00", NULL});
    check_names(PX_ANCHOR_OPEN, "4h", in,
                (const char *[]){"2022-08-16 09:15:00", "2022-08-16 13:15:00", "2022-08-17 09:15:00", NULL});
    check_names(PX_ANCHOR_OPEN, "1d", in,
                (const char *[]){"2022-08-16 09:15:00", "2022-08-17 09:15:00", NULL});
    /* Counted from 00:15 four hours begin at 08:15 and 12:15. */
    check_names(PX_ANCHOR_MIDNIGHT_15, "4h", in,
                (const char *[]){"2022-08-16 08:15:00", "2022-08-16 12:15:00", "2022-08-17 08:15:00", NULL});
    check_names(PX_ANCHOR_MIDNIGHT_15, "1h", in,
                (const char *[]){"2022-08-16 09:15:00", "2022-08-16 12:15:00", "2022-08-16 13:15:00",
                                 "2022-08-16 15:15:00", "2022-08-17 09:15:00", NULL});
    check_names(PX_ANCHOR_MIDNIGHT_15, "1d", in,
                (const char *[]){"2022-08-16 00:15:00", "2022-08-17 00:15:00", NULL});
}

static void test_bars_before_the_open_stay_in_their_date(void **state) {
    (void)state;
    const char *in[] = {"2022-08-20 00:05", "2022-08-20 02:00", NULL};
    check_names(PX_ANCHOR_OPEN, "4h", in,
                (const char *[]){"2022-08-20 00:00:00", "2022-08-20 01:15:00", NULL});
}

static void test_finished_when_the_last_minute_is_there(void **state) {
    (void)state;
    static const struct {
        const char *time;
        int n;
    } cases[] = {
        {"2022-08-16 09:15", 0}, {"2022-08-16 09:29", 1}, /* the bin's last minute */
        {"2022-08-16 09:30", 0}, {"2022-08-16 09:46", 1}, /* a later bin */
        {"2022-08-16 09:59", 1}, {"2022-08-16 10:14", 1}, /* one bar, and it is the last */
        {"2022-08-16 15:20", 0}, {"2022-08-17 09:29", 2}, /* ends the day before and itself */
    };
    px_resample_state state15;
    px_bar finished[2];
    assert_int_equal(px_resample_init(&state15, nse, PX_ANCHOR_OPEN, 1, 15, NULL), PX_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_bar bar = {at(cases[i].time), 10, 11, 9, 10, 1};
        assert_int_equal(px_resample_step(&state15, &bar, finished), cases[i].n);
    }
    assert_string_equal(local(finished[0].ts_us), "2022-08-16 15:15:00");
    assert_string_equal(local(finished[1].ts_us), "2022-08-17 09:15:00");
    assert_int_equal(px_resample_flush(&state15, finished), 0);
}

static void test_last_bin_of_the_day_ends_at_the_close(void **state) {
    (void)state;
    px_resample_state hours;
    px_bar finished[2];
    px_bar first = {at("2022-08-16 15:15"), 10, 12, 9, 11, 5},
           last = {at("2022-08-16 15:29"), 11, 13, 8, 9, 7};
    assert_int_equal(px_resample_init(&hours, nse, PX_ANCHOR_OPEN, 1, 60, NULL), PX_OK);
    assert_int_equal(px_resample_step(&hours, &first, finished), 0);
    assert_int_equal(px_resample_step(&hours, &last, finished), 1);
    px_bar want = {at("2022-08-16 15:15"), 10, 13, 8, 9, 12};
    assert_memory_equal(&finished[0], &want, sizeof want);
}

static void test_resample_refuses_what_does_not_divide(void **state) {
    (void)state;
    static const int wrong[][2] = {{5, 12}, {15, 5}, {0, 15}, {1, 0}, {1, 1441}, {-1, 15}, {60, 90}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        px_bars bars = {0}, made = {0};
        px_error err = {0};
        assert_int_equal(px_bars_resample(&bars, nse, PX_ANCHOR_OPEN, wrong[i][0], wrong[i][1], &made, &err),
                         PX_EINPUT);
        assert_non_null(strstr(err.message, "multiple"));
        assert_true(made.n == 0 && made.capacity == 0);
    }
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

/* Sessions of 1 to 70 bars, from any bar to any other. */
static void test_session_ends(void **state) {
    (void)state;
    px_bars bars = {0};
    const int64_t first_us = at("2024-01-02 09:15");
    for (int session = 0; session < 70; session++)
        for (int i = 0; i <= session; i++) {
            const int64_t ts_us = first_us + session * 3 * PX_US_PER_DAY + i * PX_US_PER_MINUTE;
            assert_int_equal(px_bars_append(&bars, &(px_bar){ts_us, 1, 1, 1, 1, 0}, NULL), PX_OK);
        }
    for (size_t begin = 0; begin <= bars.n; begin += 37)
        for (size_t end = begin; end <= bars.n; end += 41) {
            size_t *ends = NULL, n = 0, at_end = 0;
            assert_int_equal(pxi_session_ends(&bars, nse, begin, end, &ends, &n), PX_OK);
            for (size_t i = begin; i < end; i++)
                if (i + 1 == end ||
                    px_calendar_date(nse, bars.ts_us[i]) != px_calendar_date(nse, bars.ts_us[i + 1]))
                    assert_true(at_end < n && ends[at_end++] == i + 1);
            assert_int_equal(at_end, n);
            free(ends);
        }
    px_bars_free(&bars);
}

/* A rounding of the vendor's is mended; what is more than that stays what it is. */
static void test_a_tick_outside_is_widened(void **state) {
    static const struct {
        double open, high, low, close;
        bool widened;
    } cases[] = {
        {23500.05, 23500, 23490, 23495, true},
        {23489.95, 23500, 23490, 23500.05, true},
        {23500.1, 23500, 23490, 23495, false},
        {23500, 23500, 23490, 23490, false},
        {1.12, 1.1201, 1.1199, 1.1202, true},
        {1.12, 1.1201, 1.1199, 1.13, false},
        {0.0016, 0.0016, 0.0015, 0.00161, false},
        {100, 99.99999999999999, 99, 99.5, true},
        {100, 99, 101, 100, false},
        {NAN, 101, 99, 100, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_bar bar = {0, cases[i].open, cases[i].high, cases[i].low, cases[i].close, 1};
        assert_int_equal(px_bar_widen(&bar), cases[i].widened);
        if (cases[i].widened)
            assert_null(px_bar_defect(&bar));
        else
            assert_true(bar.high == cases[i].high && bar.low == cases[i].low);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_tick_outside_is_widened),
        cmocka_unit_test(test_bars_grow_and_slice),
        cmocka_unit_test(test_bars_refuse_impossible_sizes),
        cmocka_unit_test(test_bar_defects),
        cmocka_unit_test(test_timeframes),
        cmocka_unit_test(test_calendar_names),
        cmocka_unit_test(test_calendar_rows),
        cmocka_unit_test(test_local_dates_and_minutes),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test(test_bar_end),
        cmocka_unit_test(test_bars_in_session),
        cmocka_unit_test(test_bins_are_named_by_their_start),
        cmocka_unit_test(test_bars_before_the_open_stay_in_their_date),
        cmocka_unit_test(test_finished_when_the_last_minute_is_there),
        cmocka_unit_test(test_session_ends),
        cmocka_unit_test(test_last_bin_of_the_day_ends_at_the_close),
        cmocka_unit_test(test_resample_refuses_what_does_not_divide),
    };
    return cmocka_run_group_tests_name("market", tests, open_calendar, close_calendar);
}
