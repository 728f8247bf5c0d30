// SPDX-License-Identifier: Apache-2.0
#include "base/number.h"

#include "base/decimal.h"
#include "pixity/number.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MOST_DIGITS 20 /* of 64 bits */

/* The digits of a number at the end of `buf`; returns how many. */
static size_t spell(uint64_t value, char buf[MOST_DIGITS]) {
    static const char pairs[] =
        "0001020304050607080910111213141516171819202122232425262728293031323334353637383940"
        "4142434445464748495051525354555657585960616263646566676869707172737475767778798081"
        "828384858687888990919293949596979899";
    char *at = buf + MOST_DIGITS;
    for (; value >= 100; value /= 100)
        memcpy(at -= 2, pairs + 2 * (value % 100), 2);
    if (value >= 10)
        memcpy(at -= 2, pairs + 2 * value, 2);
    else
        *--at = (char)('0' + value);
    return (size_t)(buf + MOST_DIGITS - at);
}

static char *put_digits(char *to, const char *digits, size_t n) {
    memcpy(to, digits, n);
    return to + n;
}

char *pxi_put_i64(char *to, int64_t value) {
    char buf[MOST_DIGITS];
    if (value < 0)
        *to++ = '-';
    size_t n = spell(value < 0 ? -(uint64_t)value : (uint64_t)value, buf);
    return put_digits(to, buf + MOST_DIGITS - n, n);
}

/* n digits, of which `point` stand before the decimal point: 0.00123, 12.3, 123. Never 12300: numbers of
 * fewer digits than places are whole and small, or have an exponent. */
static char *put_plain(char *to, const char *digits, size_t n, int point) {
    if (point <= 0) {
        to = put_digits(to, "0.", 2);
        memset(to, '0', (size_t)-point);
        return put_digits(to - point, digits, n);
    }
    size_t whole = (size_t)point < n ? (size_t)point : n;
    to = put_digits(to, digits, whole);
    if (whole == n)
        return to;
    *to++ = '.';
    return put_digits(to, digits + whole, n - whole);
}

/* 1.23e-07, 1e+22, 5e-324: as printf writes exponents. */
static char *put_scientific(char *to, const char *digits, size_t n, int point) {
    int exponent = point - 1;
    *to++ = digits[0];
    if (n > 1) {
        *to++ = '.';
        to = put_digits(to, digits + 1, n - 1);
    }
    *to++ = 'e';
    *to++ = exponent < 0 ? '-' : '+';
    exponent = exponent < 0 ? -exponent : exponent;
    if (exponent < 10)
        *to++ = '0';
    return pxi_put_i64(to, exponent);
}

char *pxi_put_double(char *to, double value) {
    double size = fabs(value);
    if (size < 1e15 && value == trunc(value)) /* most volumes and quantities; -0.0 is 0 */
        return pxi_put_i64(to, (int64_t)value);
    if (isnan(value))
        return to;
    if (value < 0)
        *to++ = '-';
    if (isinf(value))
        return put_digits(to, "inf", 3);
    char buf[MOST_DIGITS];
    pxi_decimal decimal = pxi_shortest_decimal(size);
    size_t n = spell(decimal.digits, buf);
    const char *digits = buf + MOST_DIGITS - n;
    int point = (int)n + decimal.exponent;
    bool plain = size >= 1e-5 && (size < 1e15 || decimal.exponent <= 0);
    return plain ? put_plain(to, digits, n, point) : put_scientific(to, digits, n, point);
}

size_t px_double_format(double value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    char *end = pxi_put_double(buf, value);
    *end = '\0';
    return (size_t)(end - buf);
}
