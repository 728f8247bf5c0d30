// SPDX-License-Identifier: Apache-2.0
/* The pieces of contract symbols. */
#include "market/contracts/contracts.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char months[][4] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                 "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};

const char *pxi_month_name(int month) {
    return months[month - 1];
}

int pxi_month_named(const char *text) {
    for (int month = 1; month <= 12; month++)
        if (strncasecmp(text, months[month - 1], 3) == 0)
            return month;
    return 0;
}

int pxi_digits(const char *text, size_t n) {
    int value = 0;
    if (n > 9) /* does not fit */
        return -1;
    for (size_t i = 0; i < n; i++) {
        if (!isdigit((unsigned char)text[i]))
            return -1;
        value = 10 * value + (text[i] - '0');
    }
    return value;
}

int pxi_short_year(int digits) {
    return digits >= 0 && digits < 50 ? 2000 + digits : 0;
}

bool pxi_date_exists(int year, int month, int day) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1995 || year > 2049 || month < 1 || month > 12 || day < 1)
        return false;
    return day <= days[month - 1] + (month == 2 && year % 4 == 0);
}

px_contract_kind pxi_side_named(const char *text) {
    static const char *const calls[] = {"CE", "C", "CALL", "CA"}, *const puts[] = {"PE", "P", "PUT", "PA"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strcasecmp(text, calls[i]) == 0)
            return PX_CONTRACT_CALL;
        else if (strcasecmp(text, puts[i]) == 0)
            return PX_CONTRACT_PUT;
    return PX_CONTRACT_NONE;
}

bool pxi_strike_parse(const char *text, size_t n, double *out) {
    size_t points = 0;
    if (n == 0 || n > 12 || !isdigit((unsigned char)text[0]) || !isdigit((unsigned char)text[n - 1]) ||
        (text[0] == '0' && n > 1 && text[1] != '.'))
        return false;
    for (size_t i = 0; i < n; i++) {
        points += text[i] == '.';
        if (!isdigit((unsigned char)text[i]) && text[i] != '.')
            return false;
    }
    return points <= 1 && pxi_parse_double(text, n, out) && *out > 0;
}

void pxi_meanings_add(pxi_meanings *meanings, const px_contract *contract) {
    if (meanings->n < PXI_MOST_MEANINGS)
        meanings->items[meanings->n++] = *contract;
}
