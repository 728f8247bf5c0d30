// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/file.h"
#include "base/rng.h"
#include "base/text.h"
#include "files/table_rows.h"

#include "depth.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

static char folder[] = "/tmp/pixity-csv-XXXXXX";
static char path[64];
static px_zone *zone;

static int set_up(void **state) {
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/BARS.csv", folder);
    return px_zone_open("Asia/Kolkata", &zone, NULL);
}

static int tear_down(void **state) {
    (void)state;
    px_zone_close(&zone);
    return pxi_remove_tree(folder, NULL);
}

static px_status read_bytes(const char *bytes, size_t length, px_source *out, px_error *err) {
    px_source_config config = {.path = path, .zone = zone, .timeframe_minutes = 1};
    memset(out, 0, sizeof *out);
    assert_int_equal(pxi_file_write(path, bytes, length, NULL), PX_OK);
    px_status status = px_source_read(&config, out, err);
    if (status)
        px_source_free(out);
    return status;
}

static px_status read_text(const char *text, px_source *out, px_error *err) {
    return read_bytes(text, strlen(text), out, err);
}

#define NINE_FIFTEEN INT64_C(1660621500000000) /* 2022-08-16 09:15 in Kolkata */

static void check_one_bar(const char *text) {
    px_source source;
    px_error err = {0};
    if (read_text(text, &source, &err))
        fail_msg("%s", err.message);
    assert_int_equal(source.n_series, 1);
    assert_int_equal(source.series[0].bars.n, 1);
    px_bar bar = px_bars_at(&source.series[0].bars, 0);
    assert_int_equal(bar.ts_us, NINE_FIFTEEN);
    assert_true(bar.open == 2646.2 && bar.high == 2648.95 && bar.low == 2640.05 && bar.close == 2643.05);
    assert_true(bar.volume == 85045);
    px_source_free(&source);
}

static void test_every_form_of_header_and_time(void **state) {
    (void)state;
    const char *values = ",2646.2,2648.95,2640.05,2643.05,85045";
    const char *headers[] = {"datetime,open,high,low,close,volume", "Date,Open,High,Low,Close,Volume",
                             "TS,o,h,l,c,v"};
    const char *times[] = {"2022-08-16 09:15:00",
                           "2022-08-16T09:15:00+0530",
                           "2022-08-16 09:15:00+05:30",
                           "2022-08-16T03:45:00Z",
                           "1660621500",
                           "1660621500000",
                           "1660621500000000",
                           "1660621500000000000"};
    char text[256];
    for (size_t h = 0; h < 3; h++)
        for (size_t t = 0; t < sizeof times / sizeof *times; t++) {
            snprintf(text, sizeof text, "%s\n%s%s\n", headers[h], times[t], values);
            check_one_bar(text);
        }
}

static void test_separators_quotes_marks_and_extra_columns(void **state) {
    (void)state;
    check_one_bar(
        "time;open;high;low;close;volume\r\n2022-08-16 09:15;2646.2;2648.95;2640.05;2643.05;85045\r\n");
    check_one_bar(
        "time\topen\thigh\tlow\tclose\tvolume\n2022-08-16 09:15\t2646.2\t2648.95\t2640.05\t2643.05\t85045");
    check_one_bar("\xef\xbb\xbf\"time\",\"open\",high,low,close,volume\n\"2022-08-16 "
                  "09:15\",\"2646.2\",2648.95,2640.05,2643.05,85045\n");
    check_one_bar(
        "date,time,open,high,low,close,volume\n2022-08-16,09:15:00,2646.2,2648.95,2640.05,2643.05,85045\n");
    check_one_bar(
        ",Date,Open,High,Low,Close,Volume,6\n0,2022-08-16T09:15:00+0530,2646.2,2648.95,2640.05,2643.05,85045,"
        "0\n\n");
    check_one_bar("note,time,open,high,low,close,volume\n\"a, \"\"b\"\"\",2022-08-16 "
                  "09:15,2646.2,2648.95,2640.05,2643.05,85045\n");
}

static void check_rejected(const char *row, const char *reason) {
    px_source source;
    char text[512];
    snprintf(text, sizeof text, "time,open,high,low,close,volume\n2022-08-16 09:15,10,11,9,10,5\n%s\n", row);
    assert_int_equal(read_text(text, &source, NULL), PX_OK);
    assert_int_equal(source.n_read, 2);
    assert_int_equal(source.n_rejected, 1);
    assert_int_equal(source.rejections[0].line, 3);
    assert_int_equal(source.series[0].bars.n, 1);
    if (!strstr(source.rejections[0].reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", source.rejections[0].reason, reason);
    px_source_free(&source);
}

static void test_rows_that_are_no_bars_are_rejected_with_line_and_reason(void **state) {
    (void)state;
    check_rejected("2022-08-16 09:16,10,11,9,10", "5 fields, the header has 6");
    check_rejected("2022-08-16 09:16,10,11,9,10,5,6", "7 fields");
    check_rejected("2022-08-16 09:16,ten,11,9,10,5", "open is \"ten\"");
    check_rejected("2022-08-16 09:16,10,nan,9,10,5", "high is \"nan\"");
    check_rejected("2022-08-16 09:16,10,11,inf,10,5", "low is \"inf\"");
    check_rejected("2022-08-16 09:16,10,11,9,,5", "close is \"\"");
    check_rejected("2022-08-16 09:16,10,11,9,1e999,5", "close");
    check_rejected("2022-08-16 09:16,10,9,11,10,5", "high");
    check_rejected("2022-08-16 09:16,10,11,0,10,5", "price");
    check_rejected("2022-08-16 09:16,10,11,-9,10,5", "price");
    check_rejected("2022-08-16 09:16,10,11,9,10,-5", "volume");
    check_rejected("2022-13-16 09:16,10,11,9,10,5", "2022-13-16");
    check_rejected("yesterday,10,11,9,10,5", "yesterday");
    check_rejected("\"2022-08-16 09:16,10,11,9,10,5", "unbalanced quotes");
}

static void check_refused(const char *bytes, size_t length, const char *message) {
    px_source source;
    px_error err = {0};
    assert_int_equal(read_bytes(bytes, length, &source, &err), PX_EINPUT);
    if (!strstr(err.message, message) || !strstr(err.message, "BARS.csv"))
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
}

static void test_files_that_are_no_tables_of_bars(void **state) {
    (void)state;
    const char *header = "time,open,high,low,close,volume\n";
    check_refused("", 0, "is empty");
    check_refused(header, strlen(header), "no rows");
    check_refused("a\0b\n", 4, "binary");
    check_refused("time,open,high,low,volume\n1,2,3,4,5\n", 36, "no column for the close");
    check_refused("time,open,high,low,close,close\n", 31, "both give the close");
    check_refused("\"time,open\n", 11, "unbalanced quotes");
    char *wide = malloc((size_t)3 << 20);
    memset(wide, 'x', (size_t)3 << 20);
    check_refused(wide, (size_t)3 << 20, "longer than 1 MiB");
    free(wide);
    px_source source = {0};
    px_source_config config = {.path = "/nonexistent/x.csv", .zone = zone, .timeframe_minutes = 1};
    assert_int_equal(px_source_read(&config, &source, NULL), PX_ENOTFOUND);
    config.path = folder;
    assert_int_equal(px_source_read(&config, &source, NULL), PX_EINPUT);
}

/* A file of n bars, gzipped; returns its bytes. */
static char *gzip_bars(int n, size_t *length) {
    char *bytes = NULL;
    gzFile file = gzopen(path, "wb");
    gzprintf(file, "time,open,high,low,close,volume\n");
    for (int i = 0; i < n; i++)
        gzprintf(file, "%lld,%d.5,%d.75,%d.25,%d.5,%d\n", 1660621500ll + 60 * i, i + 1, i + 1, i + 1, i + 1,
                 i * 7);
    gzclose(file);
    assert_int_equal(pxi_file_read(path, &bytes, length, NULL), PX_OK);
    return bytes;
}

static void test_gzip_is_read_and_its_checksum_verified(void **state) {
    (void)state;
    size_t length;
    px_source source;
    char *bytes = gzip_bars(40000, &length);
    assert_int_equal(read_bytes(bytes, length, &source, NULL), PX_OK);
    assert_int_equal(source.series[0].bars.n, 40000);
    assert_true(source.series[0].bars.volume[39999] == 39999 * 7);
    px_source_free(&source);
    bytes[length - 8] ^= 1; /* the CRC */
    check_refused(bytes, length, "damaged gzip");
    bytes[length - 8] ^= 1;
    check_refused(bytes, length - 5, "truncated");
    check_refused(bytes, length / 2, "truncated");
    free(bytes);
}

static void test_symbols_make_series(void **state) {
    (void)state;
    const char *text =
        "symbol,time,o,h,l,c\nA,1660621500,1,1,1,1\nB,1660621500,2,2,2,2\nA,1660621560,3,3,3,3\n";
    px_source source = {0};
    px_source_config config = {.path = path, .zone = zone, .timeframe_minutes = 1};
    assert_int_equal(read_text(text, &source, NULL), PX_OK);
    assert_int_equal(source.n_series, 2);
    assert_int_equal(source.series[0].bars.n, 2);
    assert_true(source.series[0].bars.volume[0] == 0);
    px_source_free(&source);
    config.symbol = "b";
    assert_int_equal(px_source_read(&config, &source, NULL), PX_OK);
    assert_true(source.n_series == 1 && source.series[0].bars.open[0] == 2);
    px_source_free(&source);
    config = (px_source_config){.path = path, .zone = zone, .as_symbol = "X", .timeframe_minutes = 1};
    assert_int_equal(px_source_read(&config, &source, NULL), PX_OK);
    assert_string_equal(source.series[0].symbol, "X");
    px_source_free(&source);
}

static void test_blanks_around_a_symbol_are_none_of_it(void **state) {
    (void)state;
    px_source source = {0};
    assert_int_equal(read_text("symbol,time,o,h,l,c\nB C,1660621500,1,1,1,1\n\" B C \",1660621560,2,2,2,2\n"
                               "\"\tB C\",1660621620,3,3,3,3\n\" \",1660621680,4,4,4,4\n",
                               &source, NULL),
                     PX_OK);
    assert_int_equal(source.n_series, 1);
    assert_string_equal(source.series[0].symbol, "B C");
    assert_int_equal(source.series[0].bars.n, 3);
    assert_int_equal(source.n_rejected, 1);
    assert_non_null(strstr(source.rejections[0].reason, "symbol is empty"));
    px_source_free(&source);
}

static void test_numbers_read_as_strtod_reads_them(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 5);
    pxi_text text = {0};
    double expected[2000];
    char number[64];
    pxi_text_puts(&text, "time,open,high,low,close\n");
    for (int i = 0; i < 2000; i++) {
        int digits = 1 + (int)pxi_rng_below(&rng, 18);
        snprintf(number, sizeof number, "%.*f", (int)pxi_rng_below(&rng, (uint64_t)digits),
                 pxi_rng_uniform(&rng) * pow(10, digits / 2) + 0.5);
        expected[i] = strtod(number, NULL) > 0 ? strtod(number, NULL) : 1;
        if (strtod(number, NULL) <= 0)
            strcpy(number, "1");
        pxi_text_printf(&text, "%lld,%s,%s,%s,%s\n", 1660621500ll + 60 * i, number, number, number, number);
    }
    px_source source;
    assert_int_equal(read_text(text.data, &source, NULL), PX_OK);
    assert_int_equal(source.series[0].bars.n, 2000);
    for (size_t i = 0; i < 2000; i++)
        assert_true(source.series[0].bars.close[i] == expected[i]);
    px_source_free(&source);
    pxi_text_free(&text);
}

/* Whatever the bytes are: an error or bars, never a crash or a bar that is none. */
static void test_random_damage(void **state) {
    (void)state;
    const char *base =
        "symbol,date,time,open,high,low,close,volume\n\"A\",2022-08-16,09:15,10.5,11,9.25,10,5\n"
        "B,2022-08-16,09:16:00,1e1,11,9,10,5\n";
    pxi_rng rng;
    pxi_rng_seed(&rng, 11);
    char bytes[256];
    for (int round = 0; round < rounds(3000); round++) {
        size_t length = strlen(base);
        memcpy(bytes, base, length);
        for (uint64_t hits = 1 + pxi_rng_below(&rng, 6); hits > 0; hits--)
            bytes[pxi_rng_below(&rng, length)] =
                (char)(pxi_rng_below(&rng, 3) ? ",\"\n;0-:.eA"[pxi_rng_below(&rng, 11)]
                                              : (int)pxi_rng_below(&rng, 256));
        length -= pxi_rng_below(&rng, 20);
        px_source source;
        px_error err = {0};
        if (read_bytes(bytes, length, &source, &err)) {
            assert_true(err.message[0]);
            continue;
        }
        for (size_t s = 0; s < source.n_series; s++)
            for (size_t i = 0; i < source.series[s].bars.n; i++) {
                px_bar bar = px_bars_at(&source.series[s].bars, i);
                assert_null(px_bar_defect(&bar));
            }
        px_source_free(&source);
    }
}

static void add(px_bars *bars, int64_t minute, double price) {
    px_bar bar = {minute * PX_US_PER_MINUTE, price, price, price, price, 1};
    assert_int_equal(px_bars_append(bars, &bar, NULL), PX_OK);
}

static void test_normalize(void **state) {
    (void)state;
    px_bars bars = {0};
    size_t duplicates = 9, conflicts = 9;
    int64_t first = 0;
    add(&bars, 3, 30);
    add(&bars, 1, 10);
    add(&bars, 3, 30);
    add(&bars, 2, 20);
    add(&bars, 1, 11);
    add(&bars, 1, 10);
    assert_int_equal(px_bars_normalize(&bars, &duplicates, &conflicts, &first, NULL), PX_OK);
    assert_true(bars.n == 3 && duplicates == 2 && conflicts == 1 && first == PX_US_PER_MINUTE);
    for (size_t i = 0; i < 3; i++)
        assert_true(bars.close[i] == 10.0 * (double)(i + 1));
    assert_int_equal(px_bars_normalize(&bars, &duplicates, &conflicts, &first, NULL), PX_OK);
    assert_true(bars.n == 3 && duplicates == 0 && conflicts == 0);
    px_bars_free(&bars);
}

static void test_normalize_to_the_last(void **state) {
    (void)state;
    px_bars bars = {0};
    size_t duplicates = 9, replaced = 9;
    add(&bars, 2, 20);
    add(&bars, 1, 10);
    add(&bars, 2, 21);
    add(&bars, 2, 21);
    add(&bars, 2, 22);
    add(&bars, 1, 10);
    assert_int_equal(px_bars_normalize_to_last(&bars, &duplicates, &replaced, NULL), PX_OK);
    assert_true(bars.n == 2 && duplicates == 2 && replaced == 2);
    assert_true(bars.close[0] == 10 && bars.close[1] == 22);
    px_bars_free(&bars);
}

static void test_meet(void **state) {
    (void)state;
    int64_t there_us[] = {1, 3, 5, 7}, given_us[] = {0, 1, 3, 4, 7, 9};
    double there_values[] = {1, 1, 1, 1}, given_values[] = {1, 1, 2, 1, 2, 1};
    const px_bars there = {4,           0, there_us, there_values, there_values, there_values, there_values,
                           there_values};
    const px_bars none = {0};
    for (size_t column = 0; column < 5; column++) { /* a difference in any one value is one */
        px_bars given = {6,           0, given_us, given_values, given_values, given_values, given_values,
                         given_values};
        double ones[] = {1, 1, 1, 1, 1, 1};
        double **columns[] = {&given.open, &given.high, &given.low, &given.close, &given.volume};
        for (size_t c = 0; c < 5; c++)
            if (c != column)
                *columns[c] = ones;
        px_bars_meeting meeting = px_bars_meet(&there, &given);
        assert_int_equal(meeting.n_new, 3);
        assert_int_equal(meeting.n_equal, 1);
        assert_int_equal(meeting.n_different, 2);
        assert_int_equal(meeting.first_different_us, 3);
        meeting = px_bars_meet(&none, &given);
        assert_int_equal(meeting.n_new, 6);
        meeting = px_bars_meet(&given, &none);
        assert_int_equal(meeting.n_new + meeting.n_equal + meeting.n_different, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_form_of_header_and_time),
        cmocka_unit_test(test_separators_quotes_marks_and_extra_columns),
        cmocka_unit_test(test_rows_that_are_no_bars_are_rejected_with_line_and_reason),
        cmocka_unit_test(test_files_that_are_no_tables_of_bars),
        cmocka_unit_test(test_gzip_is_read_and_its_checksum_verified),
        cmocka_unit_test(test_symbols_make_series),
        cmocka_unit_test(test_blanks_around_a_symbol_are_none_of_it),
        cmocka_unit_test(test_numbers_read_as_strtod_reads_them),
        cmocka_unit_test(test_random_damage),
        cmocka_unit_test(test_normalize),
        cmocka_unit_test(test_normalize_to_the_last),
        cmocka_unit_test(test_meet),
    };
    return cmocka_run_group_tests_name("csv", tests, set_up, tear_down);
}
