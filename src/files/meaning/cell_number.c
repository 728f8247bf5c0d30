// SPDX-License-Identifier: Apache-2.0
/* Numbers of cells. */
#include "files/meaning/meaning.h"

#include "base/text.h"

#include <math.h>

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
