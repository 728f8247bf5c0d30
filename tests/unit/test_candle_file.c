// SPDX-License-Identifier: Apache-2.0
/* Stored bars that are no longer what was stored are noticed when they are read. */
#include "store_fixture.h"

#include "store/candles/series.h"

#include <fcntl.h>

#define YEAR_FILE "home/candles/NSE_EQ%%7CACME/1m/2022.parquet"

static void store(px_home *home, const px_bars *bars) {
    px_instrument instrument = instrument_of(home, "ACME");
    assert_ok(px_candles_merge(home, &instrument, 1, bars, PX_CONFLICT_REPLACE, NULL, err));
}

static px_status read_bars(px_home *home, px_error *err) {
    px_instrument instrument = instrument_of(home, "ACME");
    px_bars bars = {0};
    px_status status = px_candles_read(home, &instrument, 1, 0, INT64_MAX, &bars, err);
    px_bars_free(&bars);
    return status;
}

static void flip(off_t at, unsigned char bit) {
    unsigned char byte;
    const int fd = open(in_folder(YEAR_FILE), O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= bit;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static size_t size_of_file(void) {
    struct stat info;
    assert_int_equal(stat(in_folder(YEAR_FILE), &info), 0);
    return (size_t)info.st_size;
}

/* One bit of any byte: of values, of what pages say of themselves, of the footer, of the checksum itself. */
static void test_any_flipped_bit_is_noticed(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US, 20, 1);
    store(home, &bars);
    const size_t size = size_of_file();
    assert_true(size > 1000 && size < 10000);
    for (size_t at = 0; at < size; at++) {
        flip((off_t)at, (unsigned char)(1u << at % 8));
        px_error error = {0};
        if (read_bars(home, &error) != PX_ECORRUPT || !strstr(error.message, "2022.parquet is damaged"))
            fail_msg("byte %zu of %zu: %s", at, size, error.message);
        flip((off_t)at, (unsigned char)(1u << at % 8));
    }
    assert_ok(read_bars(home, err));
    px_bars_free(&bars);
    px_home_close(&home);
}

/* Files of more than a megabyte: whatever a value is made of. */
static void test_flipped_values_of_large_files_are_noticed(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US, 40000, 1);
    store(home, &bars);
    const size_t size = size_of_file();
    assert_true(size > 1500000);
    for (size_t at = 1000; at < size; at += size / 40) {
        flip((off_t)at, 1);
        assert_fails(read_bars(home, err), PX_ECORRUPT, "2022.parquet is damaged");
        flip((off_t)at, 1);
    }
    assert_ok(read_bars(home, err));
    px_bars_free(&bars);
    px_home_close(&home);
}

/* As bars written by hand, or before there were checksums. */
static void test_values_are_checked_without_a_checksum(void **state) {
    (void)state;
    const struct {
        const char *says;
        size_t column;
        double value;
    } cases[] = {
        {"not a finite number", 1, INFINITY},
        {"high below low", 2, 1},
        {"not above zero", 3, 0},
        {"close outside low to high", 4, 1e6},
        {"open outside low to high", 0, 1e6},
        {"volume below zero", 5, -1},
        {"not a finite number", 5, INFINITY},
        {"not above zero", 0, -5},
    };
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US, 3000, 1);
    pxi_duck *duck = NULL;
    store(home, &bars);
    assert_ok(pxi_home_duck(home, &duck, err));
    assert_ok(pxi_bars_write(duck, &bars, NULL, in_folder(YEAR_FILE), err));
    assert_ok(read_bars(home, err));
    double *columns[] = {bars.open, bars.high, bars.low, bars.low, bars.close, bars.volume};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double *value = &columns[cases[i].column][2345], before = *value;
        double *high = &bars.high[2345], high_before = *high;
        *value = cases[i].column == 2 ? *high + 1 : cases[i].value;
        assert_ok(pxi_bars_write(duck, &bars, NULL, in_folder(YEAR_FILE), err));
        assert_fails(read_bars(home, err), PX_ECORRUPT, cases[i].says);
        *value = before;
        *high = high_before;
    }
    bars.ts_us[2345] += 400 * PX_US_PER_DAY;
    assert_ok(pxi_bars_write(duck, &bars, NULL, in_folder(YEAR_FILE), err));
    assert_fails(read_bars(home, err), PX_ECORRUPT, "times do not increase");
    px_bars_free(&bars);
    px_home_close(&home);
}

/* A file under the name of another year, as a careless copy leaves it. */
static void test_a_file_of_another_year_is_noticed(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US, 100, 1);
    store(home, &bars);
    assert_int_equal(rename(in_folder(YEAR_FILE), in_folder("home/candles/NSE_EQ%%7CACME/1m/2021.parquet")),
                     0);
    assert_fails(read_bars(home, err), PX_ECORRUPT, "2021.parquet is damaged");
    px_bars_free(&bars);
    px_home_close(&home);
}

/* A sum over signed zeros is that of the zeros that the file has. */
static void test_zeros_have_no_sign(void **state) {
    (void)state;
    px_home *home = open_home();
    px_bars bars = make_bars(FIRST_US, 100, 1), read = {0};
    px_instrument instrument = instrument_of(home, "ACME");
    bars.volume[7] = -0.0;
    store(home, &bars);
    assert_ok(px_candles_read(home, &instrument, 1, 0, INT64_MAX, &read, err));
    assert_true(read.volume[7] == 0 && !signbit(read.volume[7]));
    px_bars_free(&read);
    px_bars_free(&bars);
    px_home_close(&home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_any_flipped_bit_is_noticed),
        STORE_TEST(test_flipped_values_of_large_files_are_noticed),
        STORE_TEST(test_values_are_checked_without_a_checksum),
        STORE_TEST(test_a_file_of_another_year_is_noticed),
        STORE_TEST(test_zeros_have_no_sign),
    };
    return cmocka_run_group_tests_name("candle_file", tests, NULL, NULL);
}
