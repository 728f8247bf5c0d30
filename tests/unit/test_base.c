// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/library.h"
#include "base/json.h"
#include "base/rng.h"
#include "base/text.h"
#include "pixity/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void test_error_prefix_keeps_the_reason(void **state) {
    (void)state;
    px_error err;
    assert_int_equal(pxi_fail(&err, PX_EINPUT, "line %d", 7), PX_EINPUT);
    pxi_fail_prefix(&err, PX_EINPUT, "file %s", "a.csv");
    assert_string_equal(err.message, "file a.csv: line 7");
    assert_int_equal(pxi_fail(NULL, PX_EIO, "nobody listens"), PX_EIO);
}

static void test_error_prefix_never_overflows(void **state) {
    (void)state;
    px_error err;
    char long_text[4000];
    memset(long_text, 'x', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    pxi_fail(&err, PX_EINPUT, "%s", long_text);
    pxi_fail_prefix(&err, PX_EINPUT, "%s", long_text);
    assert_true(strlen(err.message) < sizeof err.message);
}

static void test_error_is_utf8_whatever_it_quotes(void **state) {
    (void)state;
    static const struct {
        const char *quoted, *message;
    } cases[] = {
        {"caf\xc3\xa9 \xe2\x82\xb9 \xf0\x9f\x90\x82", "caf\xc3\xa9 \xe2\x82\xb9 \xf0\x9f\x90\x82"},
        {"caf\xe9", "caf?"},
        {"\xff\x80 \xc0\xaf \xe0\x80\x80", "?? ?? ???"},
        {"\xed\xa0\x80 \xf4\x90\x80\x80 \xf5", "??? ???? ?"},
        {"cut \xe2\x82", "cut ??"},
    };
    px_error err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pxi_fail(&err, PX_EINPUT, "%s", cases[i].quoted);
        assert_string_equal(err.message, cases[i].message);
        pxi_fail_prefix(&err, PX_EINPUT, "%s", cases[i].quoted);
        assert_int_equal(strlen(err.message), 2 * strlen(cases[i].message) + 2);
        assert_null(strpbrk(err.message, "\xff\xf5\xed"));
    }
    char rupees[3000] = "";
    for (size_t i = 0; i < 900; i++)
        strcat(rupees, "\xe2\x82\xb9"); /* three bytes: the end of the message cuts one */
    pxi_fail(&err, PX_EINPUT, "%s", rupees);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    json_t *text = json_string(err.message);
    assert_non_null(text);
    json_decref(text);
}

static void test_usage_errors_are_told_from_failures(void **state) {
    (void)state;
    assert_true(px_status_is_usage(PX_EINPUT) && px_status_is_usage(PX_EMISMATCH));
    assert_false(px_status_is_usage(PX_EIO) || px_status_is_usage(PX_ECORRUPT));
}

/* FIPS 180-4 example "abc". */
static void test_sha256(void **state) {
    (void)state;
    char hex[PXI_HASH_TEXT_SIZE];
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_bytes(&hash, "abc", 3);
    pxi_hash_hex(&hash, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static struct pxi_library_math {
    PXI_LIBRARY_FIELD(cos)
    PXI_LIBRARY_FIELD(sin)
} math_table;

static void test_libraries_are_opened(void **state) {
    static const char *const names[] = {"cos", "sin"}, *const wrong[] = {"cos", "no_such_function"};
    struct pxi_library_math broken = {0};
    px_error err;
    (void)state;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(pxi_library_open(&(pxi_library){"libm.so.6", names, &math_table, 2}, &err), PX_OK);
        assert_true(math_table.cos(0) == 1 && math_table.sin(0) == 0);
    }
    for (int again = 0; again < 2; again++) { /* what failed once is tried again, and not used */
        assert_int_equal(pxi_library_open(&(pxi_library){"libm.so.6", wrong, &broken, 2}, &err), PX_ELIBRARY);
        assert_non_null(strstr(err.message, "no_such_function"));
        assert_null(broken.cos);
    }
    assert_int_equal(pxi_library_open(&(pxi_library){"libnone.so.1", names, &broken, 2}, &err), PX_ELIBRARY);
    assert_non_null(strstr(err.message, "cannot load libnone.so.1: "));
    assert_non_null(strstr(err.message, "install"));
    assert_int_equal(pxi_library_open(&(pxi_library){"libnone.so.1", names, &broken, 2}, NULL), PX_ELIBRARY);
}

/* A million times "a" (FIPS 180-2, appendix B.3), in pieces that no block ends with, with a look in between.
 */
static void test_hash_of_many_blocks(void **state) {
    char hex[PXI_HASH_TEXT_SIZE], between[PXI_HASH_TEXT_SIZE], block[1000];
    pxi_hash hash;
    (void)state;
    memset(block, 'a', sizeof block);
    pxi_hash_init(&hash);
    for (int i = 0; i < 1000; i++) {
        pxi_hash copy = hash;
        pxi_hash_hex(&copy, between);
        pxi_hash_bytes(&hash, block, sizeof block);
    }
    pxi_hash_hex(&hash, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    assert_string_not_equal(hex, between);
}

static void test_hashed_texts_do_not_run_together(void **state) {
    (void)state;
    char one[PXI_HASH_TEXT_SIZE], two[PXI_HASH_TEXT_SIZE];
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_text(&hash, "ab");
    pxi_hash_text(&hash, "c");
    pxi_hash_hex(&hash, one);
    pxi_hash_init(&hash);
    pxi_hash_text(&hash, "a");
    pxi_hash_text(&hash, "bc");
    pxi_hash_hex(&hash, two);
    assert_string_not_equal(one, two);
}

/* First values of xoshiro256** from the state {1, 2, 3, 4}, computed with the authors' reference code. */
static void test_rng_reference_values(void **state) {
    (void)state;
    pxi_rng rng = {{1, 2, 3, 4}};
    const uint64_t expected[] = {11520u, 0u, 1509978240u, UINT64_C(1215971899390074240)};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pxi_rng_next(&rng), expected[i]);
}

static void test_rng_below_is_uniform(void **state) {
    (void)state;
    pxi_rng rng;
    int count[7] = {0};
    pxi_rng_seed(&rng, 1);
    for (int i = 0; i < 70000; i++)
        count[pxi_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++)
        assert_true(count[i] >= 9600 && count[i] <= 10400); /* 4 standard errors */
}

static void check_double(double value, const char *expected) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    size_t length = px_double_format(value, buf);
    assert_string_equal(buf, expected);
    assert_int_equal(length, strlen(expected));
}

static void test_doubles_are_shortest(void **state) {
    (void)state;
    check_double(0.1, "0.1");
    check_double(2643.05, "2643.05");
    check_double(1.0 / 3, "0.3333333333333333");
    check_double(-0.05, "-0.05");
    check_double(12345678.000001, "12345678.000001");
    check_double(0.1 + 0.2, "0.30000000000000004");
    check_double(85045, "85045");
    check_double(-0.0, "0");
    check_double(0.00001234, "0.00001234");
    check_double(-0.00012345678901234567, "-0.00012345678901234567");
    check_double(1e300, "1e+300");
    check_double(NAN, "");
}

static void test_doubles_read_back(void **state) {
    (void)state;
    char buf[PX_DOUBLE_TEXT_SIZE];
    pxi_rng rng;
    pxi_rng_seed(&rng, 42);
    for (int i = 0; i < 200000; i++) {
        uint64_t bits = pxi_rng_next(&rng);
        double value;
        if (i % 2)
            memcpy(&value, &bits, sizeof value);
        else
            value = (double)(int64_t)bits * 1e-15;
        if (!isfinite(value))
            continue;
        size_t length = px_double_format(value, buf);
        assert_true(length < sizeof buf && strtod(buf, NULL) == value);
    }
}

/* Every decimal of up to 15 digits is its own shortest text. */
static void test_decimals_print_as_written(void **state) {
    (void)state;
    char written[64], buf[PX_DOUBLE_TEXT_SIZE];
    pxi_rng rng;
    pxi_rng_seed(&rng, 3);
    for (int i = 0; i < 100000; i++) {
        int decimals = 1 + (int)pxi_rng_below(&rng, 7);
        uint64_t whole = pxi_rng_below(&rng, 10000000),
                 part = pxi_rng_below(&rng, (uint64_t)pow(10, decimals));
        if (part % 10 == 0)
            continue;
        snprintf(written, sizeof written, "%d.%0*d", (int)whole, decimals, (int)part);
        px_double_format(strtod(written, NULL), buf);
        assert_string_equal(buf, written);
    }
}

static void test_parse_double_takes_plain_numbers_only(void **state) {
    (void)state;
    double value = 0;
    assert_true(pxi_parse_double("12.5", 4, &value) && value == 12.5);
    assert_true(pxi_parse_double("1e3x", 3, &value) && value == 1000);
    const char *bad[] = {"", " 1", "1 ", "nan", "inf", "0x10", "1e999", "1,5", "--1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(pxi_parse_double(bad[i], strlen(bad[i]), &value));
}

static void test_nearest_name(void **state) {
    (void)state;
    const char *names[] = {"swing", "sl_mult", "tp_mult"};
    assert_string_equal(px_name_nearest("sl_mul", names, 3), "sl_mult");
    assert_string_equal(px_name_nearest("SWNG", names, 3), "swing");
    assert_null(px_name_nearest("completely else", names, 3));
}

static void test_json_writes_shortest_doubles_and_null(void **state) {
    (void)state;
    char *text = NULL;
    json_t *value =
        json_pack("{s:o, s:o, s:f, s:[]}", "a", pxi_json_real(0.45), "b", pxi_json_real(NAN), "c", 2.0, "d");
    assert_int_equal(pxi_json_dump(value, &text, NULL), PX_OK);
    assert_string_equal(text, "{\n  \"a\": 0.45,\n  \"b\": null,\n  \"c\": 2.0,\n  \"d\": []\n}\n");
    free(text);
    json_decref(value);
}

static void test_json_errors_name_the_place(void **state) {
    (void)state;
    px_error err;
    json_t *value = NULL;
    assert_int_equal(pxi_json_parse("{\"a\": 1,\n oops}", 15, "c.json", &value, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "c.json: line 2"));
    assert_int_equal(pxi_json_parse("{\"a\": 1, \"a\": 2}", 16, "c.json", &value, &err), PX_EINPUT);
    assert_null(value);
}

static void make_table(px_table *table) {
    const px_column_def defs[] = {
        {"time", PX_COLUMN_TIME}, {"n", PX_COLUMN_I64}, {"x", PX_COLUMN_F64}, {"s", PX_COLUMN_TEXT}};
    assert_int_equal(px_table_init(table, defs, 4, NULL), PX_OK);
    assert_int_equal(px_table_add_row(table, NULL), PX_OK);
    px_table_set_i64(table, 0, INT64_C(1660621500000000)); /* 2022-08-16 03:45 UTC */
    px_table_set_i64(table, 1, -3);
    px_table_set_f64(table, 2, 0.1);
    assert_int_equal(px_table_set_text(table, 3, "say \"hi\", twice", NULL), PX_OK);
    assert_int_equal(px_table_add_row(table, NULL), PX_OK);
}

static void check_render(px_table_style style, const char *expected) {
    px_table table = {0};
    char *text = NULL;
    size_t length;
    make_table(&table);
    assert_int_equal(px_table_render(&table, style, NULL, &text, &length, NULL), PX_OK);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
    free(text);
    px_table_free(&table);
}

static void test_table_as_csv(void **state) {
    (void)state;
    check_render(PX_TABLE_CSV, "time,n,x,s\n2022-08-16 03:45:00,-3,0.1,\"say \"\"hi\"\", twice\"\n,,,\n");
}

/* Text cells that a spreadsheet would run, as CSV writes them; what the column holds decides, not the looks.
 */
static void test_csv_escapes_formulas(void **state) {
    (void)state;
    static const struct {
        const char *text, *csv;
    } cases[] = {
        {"=1+1", "'=1+1"},
        {"+1", "'+1"},
        {"-1.5", "'-1.5"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"\tx", "'\tx"},
        {"\rx", "\"'\rx\""},
        {"=a,b", "\"'=a,b\""},
        {"'=1", "''=1"},
        {"''-x", "'''-x"},
        {"'", "'"},
        {"'a=1", "'a=1"},
        {"a=1", "a=1"},
        {"3MINDIA", "3MINDIA"},
        {"M&M", "M&M"},
        {"", ""},
        {"BAJAJ-AUTO", "BAJAJ-AUTO"},
        {"=\"q\"", "\"'=\"\"q\"\"\""},
    };
    const px_column_def defs[] = {{"=name", PX_COLUMN_TEXT}, {"n", PX_COLUMN_I64}, {"x", PX_COLUMN_F64}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        px_table table = {0};
        char expected[2][80], *text = NULL;
        size_t length;
        assert_int_equal(px_table_init(&table, defs, 3, NULL), PX_OK);
        assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
        assert_int_equal(px_table_set_text(&table, 0, cases[i].text, NULL), PX_OK);
        px_table_set_i64(&table, 1, -3);
        px_table_set_f64(&table, 2, -1.5);
        assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
        assert_int_equal(px_table_set_value(&table, 0, "-7", NULL), PX_OK);
        assert_string_equal(px_table_text(&table, 0, 1), "-7");
        assert_int_equal(px_table_render(&table, PX_TABLE_CSV, NULL, &text, &length, NULL), PX_OK);
        snprintf(expected[0], sizeof expected[0], "'=name,n,x\n%s,-3,-1.5\n-7,,\n", cases[i].csv);
        assert_string_equal(text, expected[0]);
        free(text);
        assert_int_equal(px_table_render(&table, PX_TABLE_CSV_AS_IS, NULL, &text, &length, NULL), PX_OK);
        bool quoted = strpbrk(cases[i].text, ",\"\r") != NULL;
        if (!quoted) {
            snprintf(expected[1], sizeof expected[1], "=name,n,x\n%s,-3,-1.5\n-7,,\n", cases[i].text);
            assert_string_equal(text, expected[1]);
        }
        free(text);
        assert_string_equal(pxi_csv_unescape(cases[i].csv), quoted ? cases[i].csv : cases[i].text);
        px_table_free(&table);
    }
}

static void test_table_as_json(void **state) {
    (void)state;
    check_render(PX_TABLE_JSON,
                 "[\n  {\"time\": \"2022-08-16T03:45:00+00:00\", \"n\": -3, \"x\": 0.1, \"s\": \"say "
                 "\\\"hi\\\", twice\"},\n  {\"time\": null, \"n\": null, \"x\": null, \"s\": null}\n]\n");
}

/* -0.0 is 0 wherever it is written. */
static void test_no_written_number_is_minus_zero(void **state) {
    (void)state;
    static const char *const expected[] = {"x\n0\n", "[\n  {\"x\": 0}\n]\n", "x\n0\n"};
    const px_column_def defs[] = {{"x", PX_COLUMN_F64}};
    px_table table = {0};
    assert_int_equal(px_table_init(&table, defs, 1, NULL), PX_OK);
    assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
    px_table_set_f64(&table, 0, -0.0);
    for (int style = PX_TABLE_CSV; style <= PX_TABLE_TEXT; style++) {
        char *text = NULL;
        size_t length;
        assert_int_equal(px_table_render(&table, (px_table_style)style, NULL, &text, &length, NULL), PX_OK);
        assert_string_equal(text, expected[style]);
        free(text);
    }
    px_table_free(&table);
    json_t *value = pxi_json_real(-0.0);
    assert_true(json_is_real(value) && !signbit(json_real_value(value)));
    json_decref(value);
}

/* Each row's time is what it is alone, whatever day the row before was: over midnights, changes of the clock
 * and back. */
static void test_times_of_tables(void **state) {
    (void)state;
    const px_column_def defs[] = {{"t", PX_COLUMN_TIME}};
    px_table table = {0};
    px_zone *zone = NULL;
    pxi_rng rng;
    char *text = NULL, one[PX_TIME_TEXT_SIZE];
    size_t length;
    pxi_rng_seed(&rng, 5);
    assert_int_equal(px_zone_open("America/New_York", &zone, NULL), PX_OK);
    assert_int_equal(px_table_init(&table, defs, 1, NULL), PX_OK);
    int64_t ts_us = INT64_C(1646000000000000); /* two weeks before the clocks change */
    for (int i = 0; i < 20000; i++) {
        assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
        px_table_set_i64(&table, 0, ts_us);
        ts_us += (int64_t)pxi_rng_below(&rng, 120) * PX_US_PER_MINUTE - (i % 7 ? 0 : PX_US_PER_DAY / 3);
        ts_us += i % 100 == 0;
    }
    for (int style = PX_TABLE_CSV; style <= PX_TABLE_JSON; style++) {
        assert_int_equal(px_table_render(&table, (px_table_style)style, zone, &text, &length, NULL), PX_OK);
        const char *at = strchr(text, '\n') + 1;
        for (size_t row = 0; row < table.n_rows; row++) {
            ts_us = table.columns[0].u.i64[row];
            if (style == PX_TABLE_JSON)
                px_time_format_iso(ts_us, zone, one);
            else
                px_time_format_local(ts_us, zone, one);
            at += style == PX_TABLE_JSON ? strlen("  {\"t\": \"") : 0;
            assert_memory_equal(at, one, strlen(one));
            at = strchr(at, '\n') + 1;
        }
        free(text);
    }
    px_table_free(&table);
    px_zone_close(&zone);
}

static void test_table_grows(void **state) {
    (void)state;
    px_table table = {0};
    const px_column_def defs[] = {{"i", PX_COLUMN_I64}, {"t", PX_COLUMN_TEXT}};
    char text[16];
    assert_int_equal(px_table_init(&table, defs, 2, NULL), PX_OK);
    for (int i = 0; i < 5000; i++) {
        snprintf(text, sizeof text, "row %d", i);
        assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
        px_table_set_i64(&table, 0, i);
        assert_int_equal(px_table_set_text(&table, 1, text, NULL), PX_OK);
    }
    assert_int_equal(table.columns[0].u.i64[4321], 4321);
    assert_string_equal(px_table_text(&table, 1, 4321), "row 4321");
    assert_true(px_table_find(&table, "t") == 1 && px_table_find(&table, "u") == SIZE_MAX);
    px_table_free(&table);
}

typedef struct tap {
    size_t pieces, bytes, most;
} tap;

static bool drink(void *user, const char *bytes, size_t length) {
    tap *t = user;
    assert_true(length > 0 && bytes[length - 1] != '\0');
    t->bytes += length;
    return ++t->pieces < t->most;
}

static void test_tables_leave_in_pieces(void **state) {
    (void)state;
    px_table table = {0};
    const px_column_def defs[] = {{"x", PX_COLUMN_F64}};
    char *whole = NULL;
    size_t length = 0;
    px_error err;
    assert_int_equal(px_table_init(&table, defs, 1, NULL), PX_OK);
    for (int i = 0; i < 40000; i++) {
        assert_int_equal(px_table_add_row(&table, NULL), PX_OK);
        px_table_set_f64(&table, 0, i + 1.0 / 3);
    }
    for (int style = PX_TABLE_CSV; style <= PX_TABLE_TEXT; style++) {
        tap all = {.most = SIZE_MAX}, few = {.most = 2};
        assert_int_equal(px_table_write(&table, (px_table_style)style, NULL, drink, &all, NULL), PX_OK);
        assert_int_equal(px_table_render(&table, (px_table_style)style, NULL, &whole, &length, NULL), PX_OK);
        assert_true(all.pieces > 3 && all.bytes == length && strlen(whole) == length);
        assert_int_equal(px_table_write(&table, (px_table_style)style, NULL, drink, &few, &err), PX_EIO);
        assert_int_equal(few.pieces, 2);
        free(whole);
    }
    px_table_free(&table);
}

static void test_files_are_whole_or_absent(void **state) {
    (void)state;
    char folder[] = "/tmp/pixity-base-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char *deep = pxi_path_join(folder, "a/b/c"), *file = pxi_path_join(deep, "f.txt"), *text = NULL;
    size_t length = 0;
    px_error err;
    assert_int_equal(pxi_file_write(file, "x", 1, &err), PX_EINPUT);
    assert_non_null(strstr(err.message, "f.txt"));
    assert_int_equal(pxi_make_folder(deep, NULL), PX_OK);
    assert_int_equal(pxi_make_folder(deep, NULL), PX_OK);
    assert_int_equal(pxi_file_write(file, "old", 3, NULL), PX_OK);
    assert_int_equal(pxi_file_write(file, "newer", 5, NULL), PX_OK);
    assert_int_equal(pxi_file_read(file, &text, &length, NULL), PX_OK);
    assert_true(length == 5 && strcmp(text, "newer") == 0);
    assert_int_equal(pxi_make_folder(file, &err), PX_EINPUT);
    assert_int_equal(pxi_remove_tree(folder, NULL), PX_OK);
    assert_false(pxi_path_exists(folder));
    assert_int_equal(pxi_remove_tree(folder, NULL), PX_OK);
    free(text);
    free(deep);
    free(file);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_prefix_keeps_the_reason),
        cmocka_unit_test(test_error_prefix_never_overflows),
        cmocka_unit_test(test_error_is_utf8_whatever_it_quotes),
        cmocka_unit_test(test_usage_errors_are_told_from_failures),
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_libraries_are_opened),
        cmocka_unit_test(test_hash_of_many_blocks),
        cmocka_unit_test(test_hashed_texts_do_not_run_together),
        cmocka_unit_test(test_rng_reference_values),
        cmocka_unit_test(test_rng_below_is_uniform),
        cmocka_unit_test(test_doubles_are_shortest),
        cmocka_unit_test(test_doubles_read_back),
        cmocka_unit_test(test_decimals_print_as_written),
        cmocka_unit_test(test_parse_double_takes_plain_numbers_only),
        cmocka_unit_test(test_nearest_name),
        cmocka_unit_test(test_json_writes_shortest_doubles_and_null),
        cmocka_unit_test(test_json_errors_name_the_place),
        cmocka_unit_test(test_table_as_csv),
        cmocka_unit_test(test_csv_escapes_formulas),
        cmocka_unit_test(test_table_as_json),
        cmocka_unit_test(test_no_written_number_is_minus_zero),
        cmocka_unit_test(test_times_of_tables),
        cmocka_unit_test(test_table_grows),
        cmocka_unit_test(test_tables_leave_in_pieces),
        cmocka_unit_test(test_files_are_whole_or_absent),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
