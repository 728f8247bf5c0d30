// SPDX-License-Identifier: Apache-2.0
/* Continuous futures of a home folder: units by contract, splits of contracts, timeframes, and the place that
 * a first contract has only behind those before it. */
#include "store_fixture.h"

#include "market/bars.h"

#include <stdbool.h>

static int32_t date_of(const char *text) {
    int32_t date = PX_NO_DATE;
    assert_int_equal(px_date_parse(text, &date, NULL), PX_OK);
    return date;
}

/* Bars of a contract between two dates: `price` on the first session and one more on each; of 30 minutes or
 * longer, the first two of each session. */
static void store(px_home *home, const char *name, int minutes, const char *const dates[2], double price) {
    px_calendar *calendar = NULL;
    px_bars bars = {0};
    px_instrument instrument = instrument_of(home, name);
    assert_ok(px_calendar_open("NSE", &calendar, err));
    for (int32_t date = date_of(dates[0]); date <= date_of(dates[1]); date++) {
        const px_session session = px_calendar_session(calendar, date);
        if (!pxi_calendar_is_session(calendar, date))
            continue;
        for (int k = 0; k < (minutes == PX_TIMEFRAME_DAY ? 1 : 2); k++) {
            const px_bar bar = {
                session.open_us + k * minutes * PX_US_PER_MINUTE, price, price + 1, price - 1, price, 10};
            assert_ok(px_bars_append(&bars, &bar, err));
        }
        price += 1;
    }
    assert_ok(px_candles_merge(home, &instrument, minutes, &bars, PX_CONFLICT_ERROR, NULL, err));
    px_bars_free(&bars);
    px_calendar_close(&calendar);
}

static px_data_request request_of(px_continuous_rank rank, int minutes) {
    px_data_request request = {
        .symbol = "NIFTY", .timeframe_minutes = minutes, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE};
    request.continuous.rank = rank;
    request.check = true;
    return request;
}

static px_dataset load(px_home *home, const px_data_request *request) {
    px_dataset data = {0};
    assert_ok(px_dataset_load(home, request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &data, err));
    return data;
}

static size_t count(const px_dataset *data, const char *code) {
    size_t n = 0;
    for (size_t i = 0; i < data->findings.n; i++)
        n += strcmp(data->findings.items[i].code, code) == 0;
    return n;
}

static const char *const april[] = {"2024-03-01", "2024-04-25"}, *const may[] = {"2024-03-01", "2024-05-30"};

/* A lot of NIFTY is 50 up to the expiry of April 2024, and 25 behind it. */
static void test_units_go_by_contract(void **state) {
    (void)state;
    px_home *home = open_home();
    store(home, "NIFTY25APR24FUT", PX_TIMEFRAME_DAY, april, 22000);
    store(home, "NIFTY30MAY24FUT", PX_TIMEFRAME_DAY, may, 22100);
    px_data_request request = request_of(PX_CONTINUOUS_FRONT, PX_TIMEFRAME_DAY);
    px_dataset data = load(home, &request);
    assert_string_equal(data.instrument.symbol, "NIFTY-I");
    assert_string_equal(data.instrument.key, "NSE_FUT|NIFTY-I expiry difference");
    assert_true(data.instrument.lot_size == 50 && data.instrument.tick == 0.05);
    assert_int_equal(data.instrument.n_changes, 1);
    assert_int_equal(data.instrument.changes[0].from_date, date_of("2024-04-26"));
    assert_true(data.instrument.changes[0].lot_size == 25);
    /* before March's day of expiry April's is not the front */
    assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[0]), date_of("2024-04-01"));
    assert_int_equal(data.chain.n_rolls, 1);
    assert_true(data.chain.rolls[0].to_close - data.chain.rolls[0].from_close == 100);
    assert_int_equal(data.entry, -1);
    px_dataset_free(&data);
    request.start_date = date_of("2024-05-02");
    data = load(home, &request);
    assert_true(data.instrument.lot_size == 25);
    assert_int_equal(data.instrument.n_changes, 0);
    px_dataset_free(&data);
    request = request_of(PX_CONTINUOUS_NEXT, PX_TIMEFRAME_DAY);
    data = load(home, &request);
    assert_string_equal(data.instrument.symbol, "NIFTY-II");
    assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[0]), date_of("2024-03-01"));
    assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[data.bars.n - 1]),
                     date_of("2024-04-25"));
    px_dataset_free(&data);
    px_home_close(&home);
}

static void test_splits_of_contracts(void **state) {
    const px_adjustment bonus = {date_of("2024-05-10"), 2, ""};
    const px_adjustments given = {1, 1, (px_adjustment *)(uintptr_t)&bonus};
    (void)state;
    px_home *home = open_home();
    store(home, "NIFTY25APR24FUT", PX_TIMEFRAME_DAY, april, 22000);
    store(home, "NIFTY30MAY24FUT", PX_TIMEFRAME_DAY, may, 22100);
    px_instrument instrument = instrument_of(home, "NIFTY30MAY24FUT");
    assert_ok(px_adjustments_add(home, &instrument, &given, false, NULL, err));
    px_data_request request = request_of(PX_CONTINUOUS_FRONT, PX_TIMEFRAME_DAY);
    request.continuous.adjust = PX_BACK_ADJUST_NONE;
    request.accept = "bad_price,split"; /* its bars are not halved really */
    px_dataset data = load(home, &request);
    const size_t roll = px_bars_lower_bound(&data.bars, data.chain.rolls[0].first_us);
    assert_true(data.bars.close[roll - 1] > 22000);
    assert_true(data.bars.close[roll] > 11000 && data.bars.close[roll] < 11200);
    assert_int_equal(data.adjustments.n, 1);
    assert_non_null(strstr(data.source, "adjusted: 2024-05-10 by 2"));
    assert_int_equal(count(&data, "roll_gap"), 1);
    px_dataset_free(&data);
    px_home_close(&home);
}

/* One timeframe for the whole chain: that of most days in which a contract is in its place. */
static void test_one_timeframe_for_all(void **state) {
    static const char *const march[] = {"2024-02-01", "2024-03-28"};
    (void)state;
    px_home *home = open_home();
    store(home, "NIFTY28MAR24FUT", 60, march, 21900);
    store(home, "NIFTY25APR24FUT", 60, april, 22000);
    store(home, "NIFTY30MAY24FUT", 60, may, 22100);
    store(home, "NIFTY25APR24FUT", 30, april, 22000);
    px_data_request request = request_of(PX_CONTINUOUS_FRONT, 60);
    px_dataset data = load(home, &request);
    assert_int_equal(data.chain.n_rolls, 2);
    assert_int_equal(count(&data, "missing_contract"), 0);
    assert_int_equal(count(&data, "coarser_series"), 1);
    assert_non_null(strstr(data.source, "1h bars of the front futures of NIFTY"));
    px_dataset_free(&data);
    request = request_of(PX_CONTINUOUS_FRONT, 0); /* the finest of most days */
    data = load(home, &request);
    assert_int_equal(data.timeframe_minutes, 60);
    px_dataset_free(&data);
    request = request_of(PX_CONTINUOUS_FRONT, 30); /* which one contract has only */
    data = load(home, &request);
    assert_int_equal(data.chain.n_rolls, 0);
    assert_int_equal(px_calendar_date(data.calendar, data.bars.ts_us[data.bars.n - 1]),
                     date_of("2024-04-25"));
    px_dataset_free(&data);
    request = request_of(PX_CONTINUOUS_FRONT, 15);
    px_dataset none = {0};
    assert_fails(px_dataset_load(home, &request, PX_ANCHOR_OPEN, PX_WARMUP_ALL, &none, err), PX_EINPUT,
                 "no stored future of NIFTY has bars that make 15m bars");
    px_home_close(&home);
}

/* The fingerprint tells rules apart, and the same request is the same bars. */
static void test_fingerprints(void **state) {
    char prints[3][65];
    (void)state;
    px_home *home = open_home();
    store(home, "NIFTY25APR24FUT", PX_TIMEFRAME_DAY, april, 22000);
    store(home, "NIFTY30MAY24FUT", PX_TIMEFRAME_DAY, may, 22100);
    const px_back_adjust ways[] = {PX_BACK_ADJUST_USUAL, PX_BACK_ADJUST_DIFFERENCE, PX_BACK_ADJUST_RATIO};
    for (int i = 0; i < 3; i++) {
        px_data_request request = request_of(PX_CONTINUOUS_FRONT, PX_TIMEFRAME_DAY);
        request.continuous.adjust = ways[i];
        px_dataset data = load(home, &request);
        memcpy(prints[i], data.fingerprint, sizeof prints[i]);
        px_dataset_free(&data);
    }
    assert_string_equal(prints[0], prints[1]);
    assert_string_not_equal(prints[1], prints[2]);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_units_go_by_contract),
        STORE_TEST(test_splits_of_contracts),
        STORE_TEST(test_one_timeframe_for_all),
        STORE_TEST(test_fingerprints),
    };
    return cmocka_run_group_tests_name("chain", tests, NULL, NULL);
}
