// SPDX-License-Identifier: Apache-2.0
/* Numbers of cells. */
#include "base/error.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

bool pxi_is_missing(const char *text, size_t length) {
    static const char *const words[] = {"null", "nan", "none", "na",  "n/a", "#n/a",
                                        "-",    "--",  "nil",  "\\n", "<na>"};
    if (length == 0)
        return true;
    for (size_t i = 0; length <= 4 && i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == length && strncasecmp(text, words[i], length) == 0)
            return true;
    return false;
}

/* Plain decimals of at most 15 digits: an exact integer over an exact power of ten is correctly rounded
 * (Clinger, How to Read Floating Point Numbers Accurately, 1990). Everything else goes through strtod. */
bool pxi_number_parse(const char *text, size_t length, double *out) {
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *p = text, *end = text + length;
    bool negative = p < end && *p == '-';
    p += negative;
    int64_t digits = 0;
    size_t n = 0, decimals = 0;
    for (bool point = false; p < end && n <= 15; p++) {
        unsigned digit = (unsigned)*p - '0';
        if (digit <= 9) {
            digits = digits * 10 + digit;
            n++;
            decimals += point;
        } else if (*p == '.' && !point)
            point = true;
        else
            return pxi_parse_double(text, length, out);
    }
    if (n == 0 || n > 15)
        return pxi_parse_double(text, length, out);
    double value = (double)digits / powers[decimals];
    *out = negative ? -value : value;
    return true;
}

/* Bytes of a sign that stands before a price or between its digits and means nothing; 0 = it is none. */
static size_t noise(const char *text, size_t length) {
    static const char *const signs[] = {"$",   "\xe2\x82\xac", "\xc2\xa3", "\xe2\x82\xb9", "Rs.",
                                        "INR", "USD",          "\xc2\xa0", "\xe2\x80\xaf", " ",
                                        "'",   "\xe2\x80\x99"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        const size_t n = strlen(signs[i]);
        if (n <= length && memcmp(text, signs[i], n) == 0)
            return n;
    }
    return 0;
}

static double unit_of(char letter) {
    switch (letter) {
    case 'K':
    case 'k':
        return 1e3;
    case 'M':
    case 'm':
        return 1e6;
    case 'B':
    case 'b':
        return 1e9;
    default:
        return 0;
    }
}

/* Digits behind a sign between thousands: three, or two where another one follows (1,23,456). */
static bool is_group(const char *text, size_t length, char sign) {
    size_t n = 0;
    while (n < length && isdigit((unsigned char)text[n]))
        n++;
    return n == 3 || (n == 2 && n < length && text[n] == sign);
}

bool pxi_number_read(const pxi_number_form *form, const char *text, size_t length, double *out) {
    char plain[64];
    size_t n = 0;
    if (form->decimal == '.' && pxi_number_parse(text, length, out))
        return true;
    const double unit = length ? unit_of(text[length - 1]) : 0;
    for (size_t i = 0; i < length - (unit > 0) && n + 1 < sizeof plain;) {
        const size_t skip = noise(text + i, length - i);
        const bool group = !skip && form->group && text[i] == form->group && n;
        if (group && !is_group(text + i + 1, length - i - 1, form->group))
            return false;
        if (skip || group) {
            i += skip ? skip : 1;
            continue;
        }
        plain[n++] = text[i] == form->decimal ? '.' : text[i] == '.' ? '\0' : text[i];
        i++;
    }
    if (n + 1 >= sizeof plain || memchr(plain, '\0', n) || !pxi_number_parse(plain, n, out))
        return false;
    if (unit > 0) { /* 1.15M is 1150000, where the product of two doubles is not */
        char with[80];
        memcpy(with, plain, n);
        memcpy(with + n, unit > 1e8 ? "e9" : unit > 1e5 ? "e6" : "e3", 2);
        return pxi_parse_double(with, n + 2, out);
    }
    return true;
}

double pxi_number_of_float(float value) {
    static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12};
    const double wide = (double)value;
    for (size_t i = 0; i < sizeof powers / sizeof *powers && fabs(wide) < 1e7; i++) {
        const double scaled = rint(wide * powers[i]), found = scaled / powers[i];
        if ((float)found == value)
            return found;
        if (fabs(scaled) > 1e12)
            break;
    }
    return wide;
}
