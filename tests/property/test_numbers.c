// SPDX-License-Identifier: Apache-2.0
/* The text of a double against a slow search for it: 15, 16 or 17 digits of printf, the first that read back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/number.h"
#include "base/rng.h"
#include "pixity/table.h"

#include "depth.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT 64

/* "d.ddde+XX" as plain decimal digits. */
static void expand_exponent(char text[TEXT]) {
    char digits[32], out[TEXT];
    size_t n = 0, used = 0;
    const char *p = text;
    if (*p == '-')
        out[used++] = *p++;
    for (; *p && *p != 'e'; p++)
        if (*p != '.')
            digits[n++] = *p;
    int point = *p ? (int)strtol(p + 1, NULL, 10) + 1 : (int)n;
    assert_true(point <= 0); /* the only ones that printf gives an exponent and the rule does not */
    used += (size_t)snprintf(out + used, sizeof out - used, "0.%.*s%.*s", -point, "0000", (int)n, digits);
    memcpy(text, out, used + 1);
}

static void search(double value, char text[TEXT]) {
    double size = fabs(value);
    if (size < 1e15 && value == trunc(value)) {
        snprintf(text, TEXT, "%" PRId64, (int64_t)value);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, TEXT, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    if (size >= 1e-5 && size < 1e15 && strchr(text, 'e'))
        expand_exponent(text);
}

/* Digits that count, without zeros at either end. */
static size_t n_digits(const char *text) {
    size_t n = 0, zeros = 0;
    for (; *text && *text != 'e'; text++) {
        if (*text < '0' || *text > '9' || (n == 0 && *text == '0'))
            continue;
        n += 1;
        zeros = *text == '0' ? zeros + 1 : 0;
    }
    return n - zeros;
}

/* The search misses shorter texts in two places: below the normal numbers fifteen digits are more than there
 * are, and below a power of two numbers lie closer than above it, so that the nearest decimal of 16 digits
 * may read back as another number where the next one does not. */
static bool search_may_miss(double value) {
    int exponent;
    return fabs(value) < 0x1p-1022 || fabs(frexp(value, &exponent)) == 0.5;
}

static void check(double value) {
    char text[PX_DOUBLE_TEXT_SIZE], searched[TEXT];
    size_t length = px_double_format(value, text);
    search(value, searched);
    if (length != strlen(text) || length > PXI_NUMBER_ROOM || strtod(text, NULL) != value)
        fail_msg("%a is written \"%s\"", value, text);
    if (strcmp(text, searched) != 0 && !(search_may_miss(value) && n_digits(text) < n_digits(searched)))
        fail_msg("%a is written \"%s\", the search gives \"%s\"", value, text, searched);
}

static void check_around(double value) {
    check(value);
    check(-value);
    check(nextafter(value, INFINITY));
    check(nextafter(value, 0));
}

static double from_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void test_any_bits(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 11);
    for (int i = 0; i < rounds(400000); i++) {
        double value = from_bits(pxi_rng_next(&rng));
        if (isfinite(value))
            check(value);
    }
}

/* Random fractions around 1: what features and prices are; most of what is printed. */
static void test_usual_sizes(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 12);
    for (int i = 0; i < rounds(600000); i++) {
        uint64_t exponent = 1023 - 40 + pxi_rng_below(&rng, 100);
        check(from_bits(exponent << 52 | pxi_rng_next(&rng) >> 12));
    }
}

static void test_whole_numbers_and_decimals(void **state) {
    (void)state;
    static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    pxi_rng rng;
    pxi_rng_seed(&rng, 13);
    for (int i = 0; i < rounds(400000); i++) {
        uint64_t whole = pxi_rng_next(&rng) >> pxi_rng_below(&rng, 64);
        double value = (double)(int64_t)whole;
        check(i % 2 ? value : value / powers[pxi_rng_below(&rng, 9)]);
    }
}

static void test_below_the_normal_numbers(void **state) {
    (void)state;
    pxi_rng rng;
    pxi_rng_seed(&rng, 14);
    for (int i = 0; i < rounds(100000); i++)
        check(from_bits(pxi_rng_next(&rng) >> (12 + pxi_rng_below(&rng, 52))));
}

static void test_powers_and_their_neighbours(void **state) {
    (void)state;
    for (int exponent = -1074; exponent < 1023; exponent++)
        check_around(ldexp(1, exponent));
    for (int exponent = -307; exponent <= 308; exponent++) {
        char text[TEXT];
        snprintf(text, sizeof text, "1e%d", exponent);
        check_around(strtod(text, NULL));
    }
}

/* Halves of the last digit, which go to the even one. */
static void test_ties(void **state) {
    (void)state;
    for (int64_t whole = INT64_C(1) << 52; whole < (INT64_C(1) << 52) + 20000; whole++) {
        check((double)whole / 2);
        check((double)whole / 4);
        check((double)whole * 2);
        check((double)whole * 16);
    }
}

static void test_known_texts(void **state) {
    (void)state;
    static const struct {
        double value;
        const char *text;
    } known[] = {
        {-0.0, "0"},
        {0x1p-1074, "5e-324"},
        {0x1p-1022, "2.2250738585072014e-308"},
        {0x1.fffffffffffffp+1023, "1.7976931348623157e+308"},
        {0x1p-44, "5.684341886080802e-14"},
        {1e15, "1e+15"},
        {999999999999999, "999999999999999"},
        {1234567890123456, "1234567890123456"},
        {1000000000000000.125, "1000000000000000.1"},
        {12345678901234568, "12345678901234568"},
        {123456789012345680, "1.2345678901234568e+17"},
        {1e-5, "0.00001"},
        {9.999999999999999e-6, "9.999999999999999e-06"},
        {-1.5e-7, "-1.5e-07"},
        {INFINITY, "inf"},
        {-INFINITY, "-inf"},
        {NAN, ""},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        char text[PX_DOUBLE_TEXT_SIZE];
        assert_int_equal(px_double_format(known[i].value, text), strlen(known[i].text));
        assert_string_equal(text, known[i].text);
    }
}

static void test_whole_numbers_of_64_bits(void **state) {
    (void)state;
    static const int64_t values[] = {0, 9, 10, 99, 100, -1, 12345, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char text[PXI_NUMBER_ROOM], expected[PXI_NUMBER_ROOM];
        *pxi_put_i64(text, values[i]) = '\0';
        snprintf(expected, sizeof expected, "%" PRId64, values[i]);
        assert_string_equal(text, expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_texts),
        cmocka_unit_test(test_any_bits),
        cmocka_unit_test(test_usual_sizes),
        cmocka_unit_test(test_whole_numbers_and_decimals),
        cmocka_unit_test(test_below_the_normal_numbers),
        cmocka_unit_test(test_powers_and_their_neighbours),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_whole_numbers_of_64_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
