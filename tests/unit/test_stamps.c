// SPDX-License-Identifier: Apache-2.0
/* Bars whose times name their end: where they start, by hand, and read back in every format. */
#include "store_fixture.h"

#include "pixity/resample.h"
#include "files/duck/duck.h"

/* ---- by hand ------------------------------------------------------------------------------------------ */

static px_calendar *open_calendar(const char *exchange) {
    px_calendar *calendar = NULL;
    assert_ok(px_calendar_open(exchange, &calendar, err));
    return calendar;
}

static int64_t local(const px_calendar *calendar, const char *text) {
    int64_t ts_us = 0;
    assert_ok(px_time_parse(text, strlen(text), px_calendar_zone(calendar), &ts_us, err));
    return ts_us;
}

static void test_starts_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *exchange, *timeframe, *end, *start;
    } cases[] = {
        {"NSE", "1m", "2022-08-16 09:16", "2022-08-16 09:15"},
        {"NSE", "15m", "2022-08-16 09:30", "2022-08-16 09:15"},
        {"NSE", "15m", "2022-08-16 15:30", "2022-08-16 15:15"},
        {"NSE", "1h", "2022-08-16 10:15", "2022-08-16 09:15"},
        {"NSE", "1h", "2022-08-16 15:15", "2022-08-16 14:15"},
        {"NSE", "1h", "2022-08-16 15:30", "2022-08-16 15:15"}, /* the short last bin */
        {"NSE", "1h", "2022-08-16 16:15", "2022-08-16 15:15"}, /* stamped as if it were whole */
        {"NSE", "2h", "2022-08-16 15:15", "2022-08-16 13:15"},
        {"NSE", "2h", "2022-08-16 15:30", "2022-08-16 15:15"},
        {"NSE", "4h", "2022-08-16 13:15", "2022-08-16 09:15"},
        {"NSE", "4h", "2022-08-16 15:30", "2022-08-16 13:15"},
        {"NSE", "1d", "2022-08-16 15:30", "2022-08-16 09:15"},
        {"NSE", "1d", "2022-08-16 00:00", "2022-08-16 09:15"}, /* a date */
        {"NSE", "1d", "2022-08-22 00:00", "2022-08-22 09:15"}, /* a Monday: nothing ends with Sunday */
        {"NSE", "1h", "2022-08-16 11:00", "2022-08-16 10:00"}, /* bins that count from elsewhere */
        {"NSE", "1h", "2022-08-16 15:29:59", "2022-08-16 15:15"},
        {"NSE", "1m", "2022-08-16 09:15:59.999", "2022-08-16 09:15"},
        {"NSE", "1h", "2024-03-02 10:00", "2024-03-02 09:15"}, /* between two intervals */
        {"NSE", "1h", "2024-03-02 12:15", "2024-03-02 11:15"},
        {"NSE", "1h", "2024-03-02 12:30", "2024-03-02 12:15"},
        {"NSE", "1h", "2025-10-21 14:45", "2025-10-21 14:15"}, /* Muhurat */
        {"NSE", "1h", "2026-08-03 15:15", "2026-08-03 14:15"}, /* since the closing auction */
        {"NSE", "2h", "2026-08-03 15:15", "2026-08-03 13:15"},
        {"XNYS", "15m", "2024-03-11 16:00", "2024-03-11 15:45"},
        {"XNYS", "1h", "2024-03-11 10:30", "2024-03-11 09:30"},
        {"XNYS", "1h", "2024-03-11 16:00", "2024-03-11 15:30"},
        {"XNYS", "2h", "2024-03-11 16:00", "2024-03-11 15:30"},
        {"XNYS", "4h", "2024-03-11 16:00", "2024-03-11 13:30"},
        {"XNYS", "1d", "2024-03-11 16:00", "2024-03-11 09:30"},
        {"XNYS", "1h", "2024-07-03 13:00", "2024-07-03 12:30"}, /* a half day */
        {"XNYS", "4h", "2024-07-03 13:00", "2024-07-03 09:30"},
        {"24x7", "1h", "2024-03-11 00:00", "2024-03-10 23:00"},
        {"24x7", "7h", "2024-03-11 00:00", "2024-03-10 21:00"},
        {"24x7", "1d", "2024-03-11 00:00", "2024-03-10 00:00"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_calendar *calendar = open_calendar(cases[i].exchange);
        px_session_cursor cursor = px_session_cursor_make(calendar);
        int minutes = 0;
        assert_ok(px_timeframe_parse(cases[i].timeframe, &minutes, err));
        int64_t start_us = px_session_bar_start(&cursor, local(calendar, cases[i].end), minutes);
        if (start_us != local(calendar, cases[i].start))
            fail_msg("%s %s bar that ends at %s", cases[i].exchange, cases[i].timeframe, cases[i].end);
        px_calendar_close(&calendar);
    }
}

/* ---- through the readers ------------------------------------------------------------------------------ */

/* Minutes of each of these dates' intervals. */
static px_bars make_minutes(const px_calendar *calendar, const char *const *dates) {
    px_bars bars = {0};
    for (; *dates; dates++) {
        int32_t date = 0;
        assert_ok(px_date_parse(*dates, &date, err));
        px_session session = px_calendar_session(calendar, date);
        assert_true(session.n_intervals > 0);
        for (int i = 0; i < session.n_intervals; i++)
            for (int64_t ts_us = session.intervals[i].begin_us; ts_us < session.intervals[i].end_us;
                 ts_us += PX_US_PER_MINUTE) {
                px_bar bar = {ts_us, 100, 102, 99, 101 + (double)(bars.n % 7) / 8, 5};
                bar.high += bar.close;
                assert_ok(px_bars_append(&bars, &bar, err));
            }
    }
    return bars;
}

/* Times as text, so that all formats hold the same. */
static void write_csv(const char *path, const px_bars *bars, const px_calendar *calendar, int minutes) {
    FILE *file = fopen(path, "w");
    px_session_cursor cursor = px_session_cursor_make(calendar);
    char when[PX_TIME_TEXT_SIZE];
    assert_non_null(file);
    fputs("ts,open,high,low,close,volume\n", file);
    for (size_t i = 0; i < bars->n; i++) {
        px_session_advance(&cursor, bars->ts_us[i]);
        int64_t end_us = px_session_bar_end(&cursor.session, bars->ts_us[i], minutes);
        fprintf(file, "%s,%.17g,%.17g,%.17g,%.17g,%.17g\n",
                px_time_format_local(end_us, px_calendar_zone(calendar), when), bars->open[i], bars->high[i],
                bars->low[i], bars->close[i], bars->volume[i]);
    }
    assert_int_equal(fclose(file), 0);
}

static void write_others(const char *csv, const char *parquet, const char *database) {
    pxi_duck *duck = NULL;
    assert_ok(pxi_duck_open(&duck, err));
    assert_ok(
        pxi_duck_run(duck, err, "COPY (SELECT * FROM read_csv(%Q)) TO %Q (FORMAT parquet)", csv, parquet));
    assert_ok(pxi_duck_run(duck, err, "ATTACH %Q AS x", database));
    assert_ok(pxi_duck_run(duck, err, "CREATE TABLE x.candles AS SELECT * FROM read_csv(%Q)", csv));
    pxi_duck_close(&duck);
}

static void check_file(const char *path, const px_calendar *calendar, int minutes, const px_bars *wanted) {
    px_source source = {0};
    px_source_config config = {
        .path = path,
        .zone = px_calendar_zone(calendar),
        .calendar = calendar,
        .timeframe_minutes = minutes,
        .stamped_at_close = true,
    };
    assert_ok(px_source_read(&config, &source, err));
    assert_int_equal(source.n_rejected, 0);
    assert_int_equal(source.n_series, 1);
    assert_same_bars(wanted, &source.series[0].bars);
    px_source_free(&source);
}

static void check_exchange(const char *exchange, const char *const *dates) {
    static const int timeframes[] = {1, 15, 60, 120, 240, PX_TIMEFRAME_DAY};
    px_calendar *calendar = open_calendar(exchange);
    px_bars minutes = make_minutes(calendar, dates);
    for (size_t t = 0; t < sizeof timeframes / sizeof *timeframes; t++) {
        px_bars bars = {0};
        char csv[400], parquet[400], database[400];
        snprintf(csv, sizeof csv, "%s", in_folder("%s%zu.csv", exchange, t));
        snprintf(parquet, sizeof parquet, "%s", in_folder("%s%zu.parquet", exchange, t));
        snprintf(database, sizeof database, "%s", in_folder("%s%zu.duckdb", exchange, t));
        assert_ok(px_bars_resample(&minutes, calendar, PX_ANCHOR_OPEN, 1, timeframes[t], &bars, err));
        write_csv(csv, &bars, calendar, timeframes[t]);
        write_others(csv, parquet, database);
        check_file(csv, calendar, timeframes[t], &bars);
        check_file(parquet, calendar, timeframes[t], &bars);
        check_file(database, calendar, timeframes[t], &bars);
        px_bars_free(&bars);
    }
    px_bars_free(&minutes);
    px_calendar_close(&calendar);
}

static void test_every_format_nse(void **state) {
    (void)state;
    check_exchange("NSE", (const char *[]){"2022-08-16", "2022-08-17", "2025-10-21", "2026-08-03", NULL});
}

static void test_every_format_xnys(void **state) {
    (void)state;
    check_exchange("XNYS", (const char *[]){"2023-11-22", "2023-11-24", "2024-03-08", "2024-03-11", NULL});
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_starts_by_hand),
        STORE_TEST(test_every_format_nse),
        STORE_TEST(test_every_format_xnys),
    };
    return cmocka_run_group_tests_name("stamps", tests, NULL, NULL);
}
