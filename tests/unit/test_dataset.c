// SPDX-License-Identifier: Apache-2.0
#include "store_fixture.h"

#include "pixity/resample.h"
#include "pixity/synth.h"

/* 2022-01-03, a Monday. */
#define FIRST_DATE 18995

static px_bars synth(int days, uint64_t seed) {
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(px_synth_bars(PX_SYNTH_WALK, seed, days, FIRST_DATE, calendar, &bars, err));
    px_calendar_close(&calendar);
    return bars;
}

static void store(px_home *home, const char *name, int minutes, const px_bars *bars) {
    px_instrument instrument = instrument_of(home, name);
    assert_ok(px_candles_merge(home, &instrument, minutes, bars, PX_CONFLICT_ERROR, NULL, err));
}

static px_bars resampled(const px_bars *bars, px_anchor anchor, int minutes) {
    px_calendar *calendar = NULL;
    px_bars out = {0};
    assert_ok(px_calendar_open("NSE", &calendar, err));
    assert_ok(px_bars_resample(bars, calendar, anchor, 1, minutes, &out, err));
    px_calendar_close(&calendar);
    return out;
}

static px_data_request request_of(const char *symbol, int minutes) {
    px_data_request request = {
        .symbol = symbol, .timeframe_minutes = minutes, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE};
    return request;
}

static void test_all_bars_of_another_timeframe(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = synth(10, 1), wanted = resampled(&bars, PX_ANCHOR_OPEN, 60);
    px_dataset data = {0};
    store(home, "RELIANCE", 1, &bars);
    px_data_request request = request_of("reliance [FO]", 60);
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_same_bars(&wanted, &data.bars);
    assert_int_equal(data.begin, 0);
    assert_int_equal(data.end, wanted.n);
    assert_int_equal(data.n_source, 3750);
    assert_int_equal(data.n_excluded, 0);
    assert_string_equal(data.instrument.key, "NSE_EQ|INE002A01018");
    assert_true(data.instrument.tick == 0.05);
    assert_int_equal(strlen(data.fingerprint), 64);
    px_dataset_free(&data);
    px_bars_free(&bars);
    px_bars_free(&wanted);
    px_home_close(&home);
}

static void test_window_and_warm_up(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = synth(30, 1);
    store(home, "ACME", 1, &bars);
    px_data_request request = request_of("ACME", 15);
    request.start_date = FIRST_DATE + 14;
    request.end_date = FIRST_DATE + 18;
    const struct {
        int warmup_days;
        size_t n_before; /* 25 bars a day */
    } cases[] = {{PX_WARMUP_ALL, 250}, {0, 0}, {7, 125}, {1000, 250}};
    for (size_t i = 0; i < 4; i++) {
        px_dataset data = {0};
        assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, cases[i].warmup_days, &data, err));
        assert_int_equal(data.begin, cases[i].n_before);
        assert_int_equal(data.end - data.begin, 125);
        assert_int_equal(data.bars.n, data.end); /* nothing after the end is loaded */
        assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[data.begin]), FIRST_DATE + 14);
        assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[data.end - 1]), FIRST_DATE + 18);
        px_dataset_free(&data);
    }
    px_bars_free(&bars);
    px_home_close(&home);
}

static void assert_made_of(px_home *home, int timeframe, int32_t begin, int32_t end, const px_bars *source,
                           const char *says) {
    px_dataset data = {0};
    px_bars wanted = resampled(source, PX_ANCHOR_OPEN, timeframe);
    px_data_request request = request_of("ACME", timeframe);
    request.start_date = begin;
    request.end_date = end;
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_same_bars(&wanted, &data.bars);
    if (strcmp(data.passed_over, says) != 0)
        fail_msg("says \"%s\", not \"%s\"", data.passed_over, says);
    px_dataset_free(&data);
    px_bars_free(&wanted);
}

/* Minutes on 5 days, other bars on 10: the finest of those that cover the most. */
static void test_which_stored_timeframe(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars minutes = synth(5, 1), others = synth(10, 2), fives = resampled(&others, PX_ANCHOR_OPEN, 5);
    px_bars tens = resampled(&others, PX_ANCHOR_OPEN, 10), few = px_bars_slice(&tens, 0, 38);
    store(home, "ACME", 1, &minutes);
    store(home, "ACME", 10, &few);
    assert_made_of(home, 10, PX_NO_DATE, PX_NO_DATE, &minutes, ""); /* no coarser one hides a finer one */
    store(home, "ACME", 5, &fives);
    assert_made_of(home, 15, FIRST_DATE, FIRST_DATE + 4, &minutes, "");
    assert_made_of(home, 15, PX_NO_DATE, PX_NO_DATE, &others,
                   "1m bars cover 5 of the 10 days that 5m bars cover");
    store(home, "ACME", 10, &tens);
    assert_made_of(home, 10, PX_NO_DATE, PX_NO_DATE, &others,
                   "1m bars cover 5 of the 10 days that 5m bars cover");
    assert_made_of(home, 2, PX_NO_DATE, PX_NO_DATE, &minutes, ""); /* the others do not divide it */
    px_bars_free(&minutes);
    px_bars_free(&others);
    px_bars_free(&fives);
    px_bars_free(&tens);
    px_home_close(&home);
}

static void assert_lacks(px_home *home, int32_t begin, int32_t end, const char *says) {
    px_dataset data = {0};
    px_data_request request = request_of("ACME", 15);
    request.start_date = begin;
    request.end_date = end;
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_string_equal(data.lacks, says);
    px_dataset_free(&data);
}

/* FIRST_DATE is a Monday. */
static void test_what_the_window_lacks(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars minutes = synth(5, 1);
    store(home, "ACME", 1, &minutes);
    assert_lacks(home, PX_NO_DATE, PX_NO_DATE, "");
    assert_lacks(home, FIRST_DATE, FIRST_DATE + 4, "");
    assert_lacks(home, FIRST_DATE - 2, FIRST_DATE + 6, ""); /* weekends */
    assert_lacks(home, FIRST_DATE - 4, FIRST_DATE + 8, ""); /* two days at each end */
    assert_lacks(home, FIRST_DATE - 5, FIRST_DATE + 4,
                 "bars exist only from 2022-01-03 to 2022-01-07, asked for is 2021-12-29 to 2022-01-07");
    assert_lacks(home, FIRST_DATE, FIRST_DATE + 9,
                 "bars exist only from 2022-01-03 to 2022-01-07, asked for is 2022-01-03 to 2022-01-12");
    px_bars_free(&minutes);
    px_home_close(&home);
}

static void assert_unfinished(px_home *home, int timeframe, int32_t end, int64_t now_us, bool wanted) {
    px_dataset data = {0};
    px_data_request request = request_of("ACME", timeframe);
    request.end_date = end;
    request.now_us = now_us;
    request.check = true;
    request.accept = "future";
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    bool found = false;
    for (size_t i = 0; i < data.findings.n; i++)
        found |= strcmp(data.findings.items[i].code, "unfinished_bar") == 0;
    assert_int_equal(found, wanted);
    px_dataset_free(&data);
}

/* The last bar goes on while it is not over by the clock, though every minute so far is there; of bars that
 * nothing is made of, too. */
static void test_a_bar_that_is_still_going_on(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars minutes = synth(5, 1);
    store(home, "ACME", 1, &minutes);
    const int64_t last_us = minutes.ts_us[minutes.n - 1]; /* 15:29 of Friday */
    assert_unfinished(home, 15, PX_NO_DATE, 0, false);
    assert_unfinished(home, 15, PX_NO_DATE, last_us + PX_US_PER_MINUTE / 2, true);
    assert_unfinished(home, 1, PX_NO_DATE, last_us + PX_US_PER_MINUTE / 2, true);
    assert_unfinished(home, PX_TIMEFRAME_DAY, PX_NO_DATE, last_us + PX_US_PER_MINUTE / 2, true);
    assert_unfinished(home, 15, FIRST_DATE + 4, last_us + PX_US_PER_MINUTE / 2, true);
    assert_unfinished(home, 15, FIRST_DATE + 3, last_us - 1440 * PX_US_PER_MINUTE, false);
    assert_unfinished(home, 15, PX_NO_DATE, last_us + PX_US_PER_MINUTE, false);
    px_bars_free(&minutes);
    px_home_close(&home);
}

/* Stored a few at a time, so that no import could tell. */
static void test_stored_bars_of_a_longer_timeframe(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars minutes = synth(10, 1), bars = resampled(&minutes, PX_ANCHOR_OPEN, 15);
    px_dataset data = {0};
    store(home, "ACME", 5, &bars);
    px_data_request request = request_of("ACME", 15);
    request.check = true;
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err), PX_EINPUT,
                 "--accept timeframe");
    request.accept = "timeframe";
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_string_equal(data.findings.items[0].code, "timeframe");
    assert_true(data.findings.items[0].accepted);
    px_dataset_free(&data);
    px_bars_free(&bars);
    px_bars_free(&minutes);
    px_home_close(&home);
}

/* Minutes are kept beside the bars made of them; a longer stored timeframe is passed over. */
static void test_minutes_inside_the_bars(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars minutes = make_bars(FIRST_US, 1000, 1), fives = resampled(&minutes, PX_ANCHOR_OPEN, 5);
    px_dataset data = {0}, plain = {0};
    store(home, "ACME", 1, &minutes);
    store(home, "ACME", 5, &fives);
    px_data_request request = request_of("ACME", 15);
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &plain, err));
    assert_false(px_detail_is_present(&plain.detail));
    request.detail = PX_DETAIL_1M;
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err));
    assert_same_bars(&plain.bars, &data.bars);
    assert_string_not_equal(plain.fingerprint, data.fingerprint);
    assert_int_equal(data.detail.bars.n, data.n_source - data.n_excluded);
    for (size_t i = 0; i < data.bars.n; i++) {
        px_bars parts = px_detail_at(&data.detail, i);
        assert_true(parts.n == 15 || i + 1 == data.bars.n);
        assert_true(parts.ts_us[0] == data.bars.ts_us[i] && parts.close[parts.n - 1] == data.bars.close[i]);
    }
    px_dataset_free(&data);
    request.timeframe_minutes = 1; /* nothing is inside a minute */
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err));
    assert_false(px_detail_is_present(&data.detail));
    px_dataset_free(&data);
    px_dataset_free(&plain);

    store(home, "COARSE", 5, &fives);
    request = request_of("COARSE", 15);
    request.detail = PX_DETAIL_1M;
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT, "1m bars");
    px_bars_free(&minutes);
    px_bars_free(&fives);
    px_home_close(&home);
}

static void test_bars_outside_sessions_are_counted(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US - 15 * PX_US_PER_MINUTE, 400, 1); /* 09:00 to 15:40 */
    px_dataset data = {0};
    store(home, "ACME", 1, &bars);
    px_data_request request = request_of("ACME", 1);
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err));
    assert_int_equal(data.n_source, 400);
    assert_int_equal(data.n_excluded, 25);
    assert_int_equal(data.bars.n, 375);
    assert_int_equal(data.bars.ts_us[0], FIRST_US);
    px_dataset_free(&data);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_fingerprint_tells_data_apart(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = synth(5, 1);
    char prints[5][65];
    store(home, "ACME", 1, &bars);
    store(home, "OTHER", 1, &bars);
    bars.volume[17] += 1;
    store(home, "CHANGED", 1, &bars);
    const char *symbols[] = {"ACME", "ACME", "OTHER", "ACME", "CHANGED"};
    for (int i = 0; i < 5; i++) {
        px_dataset data = {0};
        px_data_request request = request_of(symbols[i], i == 3 ? 15 : 1);
        assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err));
        memcpy(prints[i], data.fingerprint, 65);
        px_dataset_free(&data);
    }
    assert_string_equal(prints[0], prints[1]);
    for (int i = 2; i < 5; i++)
        assert_string_not_equal(prints[0], prints[i]);
    px_bars_free(&bars);
    px_home_close(&home);
}

/* The same bars have the same fingerprint wherever they come from, if they have the same name. */
static void test_fingerprint_is_of_the_bars(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = synth(5, 1);
    px_dataset stored = {0}, in_place = {0};
    store(home, "ACME", 1, &bars);
    px_data_request request = request_of("ACME", 15);
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &stored, err));
    assert_ok(px_bars_export(&bars, NULL, NULL, in_folder("utc.csv"), err));
    const char *path = in_folder("local.csv");
    assert_ok(px_bars_export(&bars, NULL, px_calendar_zone(stored.calendar), path, err));
    request.input = path;
    request.symbol = "NSE_EQ|ACME";
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &in_place, err));
    assert_string_equal(stored.fingerprint, in_place.fingerprint);
    assert_true(in_place.instrument.tick == 0 && in_place.instrument.lot_size == 1);
    px_dataset_free(&stored);
    px_dataset_free(&in_place);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_tick_is_of_the_day(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(INT64_C(1744602300000000), 1875, 1); /* 2025-04-14 09:15 */
    px_dataset data = {0};
    store(home, "RELIANCE", 1, &bars);
    px_data_request request = request_of("RELIANCE", 1);
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_true(data.instrument.tick == 0.05);
    int32_t date = px_calendar_date(data.calendar, data.bars.ts_us[0]);
    assert_true(px_instrument_unit(&data.instrument, date).tick == 0.05);
    assert_true(px_instrument_unit(&data.instrument, date + 1).tick == 0.10);
    px_dataset_free(&data);
    assert_ok(px_date_parse("2025-04-15", &request.start_date, err));
    assert_ok(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_true(data.instrument.tick == 0.10);
    px_dataset_free(&data);
    px_bars_free(&bars);
    px_home_close(&home);
}

static void test_requests_that_cannot_be_served(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = synth(10, 1);
    px_dataset data = {0};
    store(home, "ACME", 1, &bars);
#define assert_refused(wanted, text)                                                                         \
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, 0, &data, err), wanted, text)
    px_data_request request = request_of("ACNE", 1);
    assert_refused(PX_ENOTFOUND, "did you mean \"ACME\"?");
    request = request_of("INFY", 1);
    assert_refused(PX_ENOTFOUND, "no bars of INFY are stored");
    request = request_of("ACME", 1);
    request.start_date = FIRST_DATE + 3;
    request.end_date = FIRST_DATE + 2;
    assert_refused(PX_EINPUT, "the start 2022-01-06 is after the end 2022-01-05");
    request.start_date = FIRST_DATE + 1000;
    request.end_date = FIRST_DATE + 1001;
    assert_refused(PX_EINPUT, "1m from 2022-01-03 to 2022-01-14");
    request = request_of("ACME", 0);
    assert_refused(PX_EINPUT, "a timeframe is");
    request = request_of(NULL, 1);
    assert_refused(PX_EINPUT, "name a symbol");
    request = request_of("ACME", 1);
    request.exchange = "NOWHERE";
    assert_refused(PX_EINPUT, "NSE");
    request.exchange = NULL;
    request.input = "a.csv";
    request.data_dir = "b";
    assert_refused(PX_EINPUT, "not from both");
    request = request_of("ACME", 1);
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT, "home folder");
    px_bars five = resampled(&bars, PX_ANCHOR_OPEN, 5);
    store(home, "FIVES", 5, &five);
    request = request_of("FIVES", 3);
    assert_refused(PX_EINPUT, "stored are: 5m from 2022-01-03");
    assert_null(data.bars.ts_us);
    px_bars_free(&five);
    px_bars_free(&bars);
    px_home_close(&home);
}

/* ---- in place ------------------------------------------------------------------------------------------ */

static void test_file_in_place(void **state) {
    (void)state;
    px_dataset data = {0};
    char path[300];
    snprintf(path, sizeof path, "%s", in_folder("ACME_2022.csv"));
    write_text(path, "timestamp,open,high,low,close,volume\n"
                     "2022-08-17 09:15:00,10,11,9,10.5,100\n"
                     "2022-08-16 09:16:00,10,11,9,10.5,100\n"
                     "2022-08-16 09:15:00,10,11,9,10,100\n"
                     "2022-08-16 09:15:00,10,11,9,10,100\n"
                     "2022-08-17 09:16:00,10,9,11,10,100\n");
    px_data_request request = request_of(NULL, 1);
    request.input = path;
    px_error why = {0};
    assert_int_equal(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, &why), PX_EINPUT);
    assert_non_null(strstr(why.message, "1 of 5 rows"));
    request.input_reading.keep_good = true;
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_int_equal(data.admission.n, 1);
    assert_int_equal(data.bars.n, 3);
    assert_int_equal(data.bars.ts_us[0], FIRST_US);
    assert_string_equal(data.instrument.key, "ACME_2022");
    assert_string_equal(data.instrument.symbol, "ACME_2022");
    assert_int_equal(data.n_rejected, 1);
    assert_int_equal(data.rejection.line, 6);
    px_dataset_free(&data);

    request.symbol = "WHATEVER I SAY";
    assert_ok(px_date_parse("2022-08-17", &request.start_date, err));
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    assert_string_equal(data.instrument.key, "WHATEVER I SAY");
    assert_int_equal(data.begin, 2);
    assert_int_equal(data.end, 3);
    px_dataset_free(&data);

    request.start_date += 100;
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err), PX_EINPUT,
                 "it goes from 2022-08-16 to 2022-08-17");
    request = request_of(NULL, 7);
    request.input = path;
    request.input_timeframe_minutes = 5;
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err), PX_EINPUT,
                 "do not make 7m bars");
    request.timeframe_minutes = 1;
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err), PX_EINPUT,
                 "do not make 1m bars");
}

static void test_bad_files_in_place(void **state) {
    (void)state;
    px_dataset data = {0};
    char path[300];
    px_data_request request = request_of(NULL, 1);
    snprintf(path, sizeof path, "%s", in_folder("bars.csv"));
    request.input = path;
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_ENOTFOUND, path);
    write_text(path, "timestamp,open,high,low,close,volume\n"
                     "2022-08-16 09:15:00,10,11,9,10.5,100\n"
                     "2022-08-16 09:15:00,10,11,9,10.6,100\n");
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT,
                 "the first at 2022-08-16T09:15:00+05:30");
    write_text(path, "timestamp,open,high,low,close,volume\n"
                     "2022-08-16 09:15:00,10,11,9,ten,100\n");
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT, "row 2: close");
    write_text(path, "timestamp,symbol,open,high,low,close,volume\n"
                     "2022-08-16 09:15:00,ACME,10,11,9,10,100\n"
                     "2022-08-16 09:15:00,OTHER,20,21,19,20,100\n");
    assert_fails(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err), PX_EINPUT, "ACME, OTHER");
    request.symbol = "other";
    assert_ok(px_dataset_load(NULL, &request, PX_ANCHOR_OPEN, 0, &data, err));
    assert_int_equal(data.bars.n, 1);
    assert_true(data.bars.open[0] == 20);
    px_dataset_free(&data);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_all_bars_of_another_timeframe),
        STORE_TEST(test_window_and_warm_up),
        STORE_TEST(test_which_stored_timeframe),
        STORE_TEST(test_what_the_window_lacks),
        STORE_TEST(test_a_bar_that_is_still_going_on),
        STORE_TEST(test_stored_bars_of_a_longer_timeframe),
        STORE_TEST(test_minutes_inside_the_bars),
        STORE_TEST(test_bars_outside_sessions_are_counted),
        STORE_TEST(test_fingerprint_tells_data_apart),
        STORE_TEST(test_fingerprint_is_of_the_bars),
        STORE_TEST(test_tick_is_of_the_day),
        STORE_TEST(test_requests_that_cannot_be_served),
        STORE_TEST(test_file_in_place),
        STORE_TEST(test_bad_files_in_place),
    };
    return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
