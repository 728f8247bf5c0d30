// SPDX-License-Identifier: Apache-2.0
/* Sessions of each exchange, in instants written down by hand; what they make of bars. NSE's ordinary days
 * and sessions in general: test_market. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/bars.h"
#include "market/exchanges.h"
#include "pixity/calendar.h"
#include "pixity/resample.h"

#include <string.h>

static px_calendar *open_calendar(const char *name) {
    px_calendar *calendar = NULL;
    px_error err = {0};
    if (px_calendar_open(name, &calendar, &err) != PX_OK)
        fail_msg("%s", err.message);
    return calendar;
}

/* An instant from UTC text. */
static int64_t utc(const char *text) {
    int64_t ts_us = 0;
    assert_int_equal(px_time_parse(text, strlen(text), NULL, &ts_us, NULL), PX_OK);
    return ts_us;
}

static px_session session_on(const px_calendar *calendar, const char *date) {
    int32_t number = 0;
    assert_int_equal(px_date_parse(date, &number, NULL), PX_OK);
    px_session session = px_calendar_session(calendar, number);
    assert_int_equal(session.date, number);
    return session;
}

typedef struct expected {
    const char *date;
    const char *midnight, *next_midnight, *open; /* UTC */
    const char *intervals[2][2];                 /* UTC */
} expected;

static void check_session(const px_calendar *calendar, const expected *want) {
    px_session session = session_on(calendar, want->date);
    int n = 0;
    bool right = session.midnight_us == utc(want->midnight) &&
                 session.next_midnight_us == utc(want->next_midnight) && session.open_us == utc(want->open);
    for (; n < 2 && want->intervals[n][0]; n++)
        right = right && session.intervals[n].begin_us == utc(want->intervals[n][0]) &&
                session.intervals[n].end_us == utc(want->intervals[n][1]);
    right = right && session.n_intervals == n &&
            session.close_us == (n ? session.intervals[n - 1].end_us : session.next_midnight_us);
    if (!right)
        fail_msg("%s on %s is another session", px_calendar_name(calendar), want->date);
}

static void test_new_york(void **state) {
    (void)state;
    static const expected cases[] = {
        /* the last day of winter time, the change, the first of summer time */
        {"2024-03-08",
         "2024-03-08 05:00",
         "2024-03-09 05:00",
         "2024-03-08 14:30",
         {{"2024-03-08 14:30", "2024-03-08 21:00"}}},
        {"2024-03-10",
         "2024-03-10 05:00",
         "2024-03-11 04:00",
         "2024-03-10 13:30",
         {{NULL}}}, /* Sunday, 23 h */
        {"2024-03-11",
         "2024-03-11 04:00",
         "2024-03-12 04:00",
         "2024-03-11 13:30",
         {{"2024-03-11 13:30", "2024-03-11 20:00"}}},
        /* and back */
        {"2024-11-01",
         "2024-11-01 04:00",
         "2024-11-02 04:00",
         "2024-11-01 13:30",
         {{"2024-11-01 13:30", "2024-11-01 20:00"}}},
        {"2024-11-03",
         "2024-11-03 04:00",
         "2024-11-04 05:00",
         "2024-11-03 14:30",
         {{NULL}}}, /* Sunday, 25 h */
        {"2024-11-04",
         "2024-11-04 05:00",
         "2024-11-05 05:00",
         "2024-11-04 14:30",
         {{"2024-11-04 14:30", "2024-11-04 21:00"}}},
        /* half days */
        {"2023-11-24",
         "2023-11-24 05:00",
         "2023-11-25 05:00",
         "2023-11-24 14:30",
         {{"2023-11-24 14:30", "2023-11-24 18:00"}}},
        {"2024-07-03",
         "2024-07-03 04:00",
         "2024-07-04 04:00",
         "2024-07-03 13:30",
         {{"2024-07-03 13:30", "2024-07-03 17:00"}}},
        {"2024-12-24",
         "2024-12-24 05:00",
         "2024-12-25 05:00",
         "2024-12-24 14:30",
         {{"2024-12-24 14:30", "2024-12-24 18:00"}}},
        {"2002-07-05",
         "2002-07-05 04:00",
         "2002-07-06 04:00",
         "2002-07-05 13:30",
         {{"2002-07-05 13:30", "2002-07-05 17:00"}}}, /* a Friday, before 2013 */
        {"2013-07-03",
         "2013-07-03 04:00",
         "2013-07-04 04:00",
         "2013-07-03 13:30",
         {{"2013-07-03 13:30", "2013-07-03 17:00"}}},
        {"2003-12-26",
         "2003-12-26 05:00",
         "2003-12-27 05:00",
         "2003-12-26 14:30",
         {{"2003-12-26 14:30", "2003-12-26 18:00"}}},
        {"2030-12-24",
         "2030-12-24 05:00",
         "2030-12-25 05:00",
         "2030-12-24 14:30",
         {{"2030-12-24 14:30", "2030-12-24 18:00"}}},
        /* no half days: 3 July before a weekend, 5 July after a Thursday since 2013 */
        {"2020-07-02",
         "2020-07-02 04:00",
         "2020-07-03 04:00",
         "2020-07-02 13:30",
         {{"2020-07-02 13:30", "2020-07-02 20:00"}}},
        {"2024-07-05",
         "2024-07-05 04:00",
         "2024-07-06 04:00",
         "2024-07-05 13:30",
         {{"2024-07-05 13:30", "2024-07-05 20:00"}}},
        /* a late start; bins still count from the regular open */
        {"2002-09-11",
         "2002-09-11 04:00",
         "2002-09-12 04:00",
         "2002-09-11 13:30",
         {{"2002-09-11 16:00", "2002-09-11 20:00"}}},
        /* summer began in April before 2007 */
        {"2006-03-31",
         "2006-03-31 05:00",
         "2006-04-01 05:00",
         "2006-03-31 14:30",
         {{"2006-03-31 14:30", "2006-03-31 21:00"}}},
        {"2006-04-03",
         "2006-04-03 04:00",
         "2006-04-04 04:00",
         "2006-04-03 13:30",
         {{"2006-04-03 13:30", "2006-04-03 20:00"}}},
    };
    px_calendar *xnys = open_calendar("xnys");
    assert_string_equal(px_calendar_name(xnys), "XNYS");
    assert_string_equal(px_zone_name(px_calendar_zone(xnys)), "America/New_York");
    assert_int_equal(px_calendar_days_per_year(xnys), 252);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_session(xnys, &cases[i]);
    px_calendar_close(&xnys);
}

static void test_round_the_clock(void **state) {
    (void)state;
    static const expected cases[] = {
        {"2024-02-29",
         "2024-02-29 00:00",
         "2024-03-01 00:00",
         "2024-02-29 00:00",
         {{"2024-02-29 00:00", "2024-03-01 00:00"}}},
        {"2024-12-25",
         "2024-12-25 00:00",
         "2024-12-26 00:00",
         "2024-12-25 00:00",
         {{"2024-12-25 00:00", "2024-12-26 00:00"}}},
        {"2024-03-10",
         "2024-03-10 00:00",
         "2024-03-11 00:00",
         "2024-03-10 00:00",
         {{"2024-03-10 00:00", "2024-03-11 00:00"}}}, /* a Sunday */
    };
    px_calendar *always = open_calendar("24X7");
    assert_string_equal(px_calendar_name(always), "24x7");
    assert_string_equal(px_zone_name(px_calendar_zone(always)), "UTC");
    assert_int_equal(px_calendar_days_per_year(always), 365);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_session(always, &cases[i]);
    px_calendar_close(&always);
}

static void test_special_days_of_nse(void **state) {
    (void)state;
    static const expected cases[] = {
        {"2011-10-26",
         "2011-10-25 18:30",
         "2011-10-26 18:30",
         "2011-10-26 03:45",
         {{"2011-10-26 11:15", "2011-10-26 12:30"}}}, /* Muhurat */
        {"2014-03-22",
         "2014-03-21 18:30",
         "2014-03-22 18:30",
         "2014-03-22 03:45",
         {{"2014-03-22 05:45", "2014-03-22 07:15"}}}, /* a Saturday */
        {"2021-02-24",
         "2021-02-23 18:30",
         "2021-02-24 18:30",
         "2021-02-24 03:45",
         {{"2021-02-24 03:45", "2021-02-24 10:00"}, {"2021-02-24 10:15", "2021-02-24 11:30"}}}, /* extended */
        {"2025-10-21",
         "2025-10-20 18:30",
         "2025-10-21 18:30",
         "2025-10-21 03:45",
         {{"2025-10-21 08:15", "2025-10-21 09:15"}}}, /* Muhurat in the afternoon */
        {"2026-02-01",
         "2026-01-31 18:30",
         "2026-02-01 18:30",
         "2026-02-01 03:45",
         {{"2026-02-01 03:45", "2026-02-01 10:00"}}}, /* a Sunday */
    };
    px_calendar *nse = open_calendar("NSE");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_session(nse, &cases[i]);
    px_calendar_close(&nse);
}

/* Weekdays that are no holiday, and the special days. */
static void test_days_with_a_session(void **state) {
    (void)state;
    const struct {
        const char *exchange;
        const char *date;
        bool session;
    } cases[] = {
        {"NSE", "2024-01-19", true},   {"NSE", "2024-01-20", true},  {"NSE", "2024-01-21", false},
        {"NSE", "2024-01-22", false},  {"NSE", "2024-01-23", true},  {"NSE", "2024-11-01", true},
        {"NSE", "2023-11-14", false},  {"NSE", "2009-12-25", true},  {"XNYS", "2024-11-29", true},
        {"XNYS", "2024-11-30", false}, {"24x7", "2024-12-25", true}, {"24x7", "2024-12-29", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_calendar *calendar = open_calendar(cases[i].exchange);
        int32_t date = 0;
        assert_int_equal(px_date_parse(cases[i].date, &date, NULL), PX_OK);
        if (pxi_calendar_is_session(calendar, date) != cases[i].session)
            fail_msg("%s, %s", cases[i].exchange, cases[i].date);
        px_calendar_close(&calendar);
    }
}

/* 2024-01-19, a Friday, to the 23rd: three sessions, one of them on the Saturday. */
static void test_sessions_between_dates(void **state) {
    (void)state;
    px_calendar *nse = open_calendar("NSE");
    const int32_t begin = px_date_from_civil((px_civil){2024, 1, 19}), end = begin + 5;
    assert_int_equal(pxi_calendar_count_sessions(nse, begin, end, SIZE_MAX), 3);
    assert_int_equal(pxi_calendar_count_sessions(nse, begin, end - 1, SIZE_MAX), 2);
    assert_int_equal(pxi_calendar_count_sessions(nse, begin + 1, end, SIZE_MAX), 2);
    assert_int_equal(pxi_calendar_count_sessions(nse, begin, end, 2), 2);
    assert_int_equal(pxi_calendar_count_sessions(nse, end, begin, SIZE_MAX), 0);
    px_calendar_close(&nse);
}

/* Rows are looked up in their order, and what they say must be a session. */
static void test_rows_are_in_order(void **state) {
    (void)state;
    for (size_t e = 0; pxi_exchange_at(e); e++) {
        const pxi_exchange *exchange = pxi_exchange_at(e);
        for (size_t i = 1; i < exchange->n_hours; i++)
            assert_true(exchange->hours[i].from > exchange->hours[i - 1].from);
        for (size_t i = 0; i < exchange->n_dates; i++) {
            int32_t number = exchange->dates[i].date;
            px_civil civil = {number / 10000, number / 100 % 100, number % 100};
            px_civil back = px_civil_from_date(px_date_from_civil(civil));
            const pxi_interval *intervals = exchange->dates[i].intervals;
            assert_memory_equal(&civil, &back, sizeof civil);
            assert_true(i == 0 || number > exchange->dates[i - 1].date);
            assert_true(intervals[0].begin < intervals[0].end);
            for (int k = 1; k < PX_SESSION_MAX_INTERVALS && intervals[k].end; k++)
                assert_true(intervals[k - 1].end < intervals[k].begin &&
                            intervals[k].begin < intervals[k].end);
        }
    }
}

/* ---- bars --------------------------------------------------------------------------------------------- */

/* One-minute bars [begin, end). */
static void add_minutes(px_bars *bars, const char *begin, const char *end) {
    for (int64_t ts_us = utc(begin); ts_us < utc(end); ts_us += PX_US_PER_MINUTE) {
        px_bar bar = {ts_us, 100, 101, 99, 100, 1};
        assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
    }
}

typedef struct bin {
    const char *begin; /* UTC */
    int minutes;       /* as the volume counts them */
} bin;

static void check_bins(const char *exchange, const px_bars *minutes, int timeframe, size_t n_excluded,
                       const bin *bins, size_t n) {
    px_calendar *calendar = open_calendar(exchange);
    px_bars kept = {0}, made = {0};
    size_t excluded = 0;
    assert_int_equal(px_bars_in_session(minutes, calendar, 1, &kept, &excluded, NULL), PX_OK);
    assert_int_equal(excluded, n_excluded);
    assert_int_equal(px_bars_resample(&kept, calendar, PX_ANCHOR_OPEN, 1, timeframe, &made, NULL), PX_OK);
    assert_int_equal(made.n, n);
    for (size_t i = 0; i < n; i++)
        if (made.ts_us[i] != utc(bins[i].begin) || made.volume[i] != bins[i].minutes)
            fail_msg("%s: bin %zu is not %s", exchange, i, bins[i].begin);
    px_bars_free(&made);
    px_bars_free(&kept);
    px_calendar_close(&calendar);
}

/* Bars from before the open to after the close, on both sides of a change and on a half day. */
static void test_bins_across_clock_changes(void **state) {
    (void)state;
    static const bin two_hours[] = {
        {"2024-11-01 13:30", 120}, {"2024-11-01 15:30", 120}, {"2024-11-01 17:30", 120},
        {"2024-11-01 19:30", 30},  {"2024-11-04 14:30", 120}, {"2024-11-04 16:30", 120},
        {"2024-11-04 18:30", 120}, {"2024-11-04 20:30", 30},  {"2024-12-24 14:30", 120},
        {"2024-12-24 16:30", 90},
    };
    static const bin days[] = {
        {"2024-11-01 13:30", 390}, {"2024-11-04 14:30", 390}, {"2024-12-24 14:30", 210}};
    px_bars bars = {0};
    add_minutes(&bars, "2024-11-01 13:00", "2024-11-01 21:00");
    add_minutes(&bars, "2024-11-04 13:30", "2024-11-04 22:00");
    add_minutes(&bars, "2024-12-24 14:00", "2024-12-24 21:00");
    check_bins("XNYS", &bars, 120, 90 + 120 + 210, two_hours, sizeof two_hours / sizeof *two_hours);
    check_bins("XNYS", &bars, PX_TIMEFRAME_DAY, 90 + 120 + 210, days, 3);
    px_bars_free(&bars);
}

static void test_bins_round_the_clock(void **state) {
    (void)state;
    static const bin seven_hours[] = {
        {"2024-03-09 21:00", 180}, /* the last bin of a day is short */
        {"2024-03-10 00:00", 420}, {"2024-03-10 07:00", 420}, {"2024-03-10 14:00", 420},
        {"2024-03-10 21:00", 180}, {"2024-03-11 00:00", 61},
    };
    static const bin days[] = {
        {"2024-03-09 00:00", 180}, {"2024-03-10 00:00", 1440}, {"2024-03-11 00:00", 61}};
    px_bars bars = {0};
    add_minutes(&bars, "2024-03-09 21:00", "2024-03-11 01:01");
    check_bins("24x7", &bars, 420, 0, seven_hours, sizeof seven_hours / sizeof *seven_hours);
    check_bins("24x7", &bars, PX_TIMEFRAME_DAY, 0, days, 3);
    px_bars_free(&bars);
}

/* A bar is inside if a minute of it is, however it is named. */
static void test_longer_bars_that_start_before_the_session(void **state) {
    (void)state;
    static const struct {
        const char *exchange;
        int timeframe;
        const char *start; /* UTC */
        bool kept;
    } cases[] = {
        {"NSE", 60, "2025-10-21 07:45", true},  /* 13:15, of a session that opens at 13:45 */
        {"NSE", 30, "2025-10-21 07:45", false}, /* ends as it opens */
        {"NSE", 60, "2025-10-21 08:45", true},
        {"NSE", 60, "2025-10-21 09:15", false}, /* 14:45, the close */
        {"NSE", 60, "2024-03-02 05:45", true},  /* 11:15, over the second opening */
        {"NSE", 15, "2024-03-02 05:45", false},
        {"NSE", 60, "2022-08-16 03:30", true},  /* 09:00, hours of the clock */
        {"NSE", 15, "2022-08-16 03:30", false}, /* 09:00, before the open */
        {"XNYS", 60, "2002-09-11 15:30", true},
        {"XNYS", 30, "2002-09-11 15:30", false},
        {"XNYS", 60, "2024-07-03 16:30", true},
        {"XNYS", 60, "2024-07-03 17:30", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_calendar *calendar = open_calendar(cases[i].exchange);
        px_bars bars = {0};
        size_t n_excluded = 0;
        px_session session = px_calendar_session(calendar, px_calendar_date(calendar, utc(cases[i].start)));
        px_bar bar = {utc(cases[i].start), 100, 101, 99, 100, 1}, inside = bar;
        inside.ts_us = session.close_us - PX_US_PER_MINUTE; /* so that not all are kept for want of any */
        bool first = bar.ts_us < inside.ts_us;
        assert_int_equal(px_bars_append(&bars, first ? &bar : &inside, NULL), PX_OK);
        assert_int_equal(px_bars_append(&bars, first ? &inside : &bar, NULL), PX_OK);
        px_bars_drop_outside(&bars, calendar, cases[i].timeframe, &n_excluded);
        if (n_excluded != !cases[i].kept || bars.n + n_excluded != 2)
            fail_msg("%s %d minutes from %s", cases[i].exchange, cases[i].timeframe, cases[i].start);
        px_bars_free(&bars);
        px_calendar_close(&calendar);
    }
}

/* A bar over both intervals of a date is one bar. */
static void test_a_bar_over_two_intervals(void **state) {
    (void)state;
    px_calendar *nse = open_calendar("NSE");
    px_bars bars = {0}, kept = {0};
    size_t n_excluded = 1;
    px_bar bar = {utc("2024-03-02 03:45"), 100, 101, 99, 100, 1};
    assert_int_equal(px_bars_append(&bars, &bar, NULL), PX_OK);
    assert_int_equal(px_bars_in_session(&bars, nse, 240, &kept, &n_excluded, NULL), PX_OK);
    assert_true(kept.n == 1 && n_excluded == 0);
    px_bars_free(&kept);
    px_bars_free(&bars);
    px_calendar_close(&nse);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_york),
        cmocka_unit_test(test_round_the_clock),
        cmocka_unit_test(test_special_days_of_nse),
        cmocka_unit_test(test_days_with_a_session),
        cmocka_unit_test(test_sessions_between_dates),
        cmocka_unit_test(test_rows_are_in_order),
        cmocka_unit_test(test_bins_across_clock_changes),
        cmocka_unit_test(test_bins_round_the_clock),
        cmocka_unit_test(test_longer_bars_that_start_before_the_session),
        cmocka_unit_test(test_a_bar_over_two_intervals),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
