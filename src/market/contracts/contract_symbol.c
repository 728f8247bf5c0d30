// SPDX-License-Identifier: Apache-2.0
/* Symbols without separators: the underlying, a date, and FUT or strike and side. The date begins at the
 * first digit behind a letter from which one can be read, so that names with digits in front (360ONE) stay
 * whole. */
#include "market/contracts/contracts.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Underlyings whose name ends in digits. */
static const char *const with_digits[] = {"NIFTYNXT50", "SENSEX50", "NIFTY50"};

/* What stands behind the date: "FUT", "24650CE", "CE24650", "C24650"; nothing, or a strike alone, where
 * `loose`. */
static bool read_rest(const char *rest, bool loose, px_contract *c) {
    const size_t length = strlen(rest);
    char side[5];
    if (strcmp(rest, "FUT") == 0 || strcmp(rest, "F") == 0 || (loose && !*rest)) {
        c->kind = PX_CONTRACT_FUTURE;
        return true;
    }
    size_t letters = 0;
    while (isalpha((unsigned char)rest[letters]))
        letters++;
    if (letters > 0 && letters <= 2) {
        memcpy(side, rest, letters);
        side[letters] = '\0';
        c->kind = pxi_side_named(side);
        return c->kind != PX_CONTRACT_NONE && pxi_strike_parse(rest + letters, length - letters, &c->strike);
    }
    const size_t digits = strspn(rest, "0123456789.");
    if (!digits || !pxi_strike_parse(rest, digits, &c->strike))
        return false;
    c->kind = strcmp(rest + digits, "CE") == 0   ? PX_CONTRACT_CALL
              : strcmp(rest + digits, "PE") == 0 ? PX_CONTRACT_PUT
              : loose && !rest[digits]           ? PX_CONTRACT_OPTION
                                                 : PX_CONTRACT_NONE;
    return c->kind != PX_CONTRACT_NONE;
}

static void add_with(const px_contract *base, px_contract date, const char *rest, bool loose,
                     pxi_meanings *out) {
    px_contract c = *base;
    c.year = date.year;
    c.month = date.month;
    c.day = date.day;
    if (c.year && (!c.day || pxi_date_exists(c.year, c.month, c.day)) && read_rest(rest, loose, &c))
        pxi_meanings_add(out, &c);
}

static int week_month(char code) {
    return code >= '1' && code <= '9' ? code - '0'
           : code == 'O'              ? 10
           : code == 'N'              ? 11
           : code == 'D'              ? 12
                                      : 0;
}

/* AAPL240119C00150000: the form of the Options Clearing Corporation, strikes in thousandths. */
static void add_occ(const px_contract *base, const char *at, pxi_meanings *out) {
    px_contract c = *base;
    if (strlen(at) != 15 || pxi_digits(at, 6) < 0 || pxi_digits(at + 7, 8) <= 0)
        return;
    c.year = pxi_short_year(pxi_digits(at, 2));
    c.month = pxi_digits(at + 2, 2);
    c.day = pxi_digits(at + 4, 2);
    c.strike = pxi_digits(at + 7, 8) / 1000.0;
    c.kind = at[6] == 'C' ? PX_CONTRACT_CALL : at[6] == 'P' ? PX_CONTRACT_PUT : PX_CONTRACT_NONE;
    if (c.kind != PX_CONTRACT_NONE && c.year && pxi_date_exists(c.year, c.month, c.day))
        pxi_meanings_add(out, &c);
}

/* "24JAN2024" and nothing behind it: files are called after a share and a day so. */
static bool is_whole_date(const char *at) {
    enum { FIRST_YEAR = 1990, LAST_YEAR = 2099 };
    const int year = pxi_digits(at + 5, 4);
    return strlen(at) == 9 && year >= FIRST_YEAR && year <= LAST_YEAR;
}

/* All dates that can stand at `at`: YYMMM, DDMMMYY, YYMDD. */
static void read_from(const px_contract *base, const char *at, pxi_meanings *out) {
    const int first = pxi_digits(at, 2);
    if (strlen(at) < 5 || first < 0)
        return;
    const int month = pxi_month_named(at + 2), code = week_month(at[2]);
    if (month && is_whole_date(at))
        return;
    if (month) {
        const int year = pxi_digits(at + 5, 2);
        add_with(base, (px_contract){.year = pxi_short_year(first), .month = month}, at + 5, true, out);
        if (year >= 0)
            add_with(base, (px_contract){.year = pxi_short_year(year), .month = month, .day = first}, at + 7,
                     true, out);
    } else if (code && pxi_digits(at + 3, 2) > 0)
        add_with(base,
                 (px_contract){.year = pxi_short_year(first), .month = code, .day = pxi_digits(at + 3, 2)},
                 at + 5, false, out);
    add_occ(base, at, out);
}

static void read_behind(const char *symbol, size_t n, pxi_meanings *out) {
    px_contract base = {.expiry = PX_NO_DATE};
    if (n == 0 || n >= sizeof base.underlying)
        return;
    memcpy(base.underlying, symbol, n);
    base.underlying[n] = '\0';
    read_from(&base, symbol + n, out);
}

/* "NIFTY1!" of charts: the nearest future, "NIFTY2!" the next. */
static void read_chart(const char *symbol, pxi_meanings *out) {
    px_contract c = {.kind = PX_CONTRACT_CONTINUOUS, .expiry = PX_NO_DATE};
    const size_t n = strlen(symbol);
    if (n < 3 || n >= sizeof c.underlying || symbol[n - 1] != '!' || symbol[n - 2] < '1' ||
        symbol[n - 2] > '9' || !isalpha((unsigned char)symbol[n - 3]))
        return;
    memcpy(c.underlying, symbol, n - 2);
    c.rank = symbol[n - 2] - '0';
    pxi_meanings_add(out, &c);
}

void pxi_symbol_compact(const char *symbol, pxi_meanings *out) {
    for (size_t i = 0; i < sizeof with_digits / sizeof *with_digits && !out->n; i++)
        if (strncmp(symbol, with_digits[i], strlen(with_digits[i])) == 0)
            read_behind(symbol, strlen(with_digits[i]), out);
    for (size_t i = 1; symbol[i] && !out->n; i++)
        if (isdigit((unsigned char)symbol[i]) && isalpha((unsigned char)symbol[i - 1]))
            read_behind(symbol, i, out);
    if (!out->n)
        read_chart(symbol, out);
}
