// SPDX-License-Identifier: Apache-2.0
/* Symbols with separators, in any order behind the underlying: "NIFTY FUT 30 DEC 25",
 * NIFTY-Jan2025-17200-CE, OPTIDX_NIFTY_27JAN2022_CE_17200, "NIFTY 30 JAN 17200 CALL", BTC-29MAR24-50000-C,
 * BTCUSDT_240329, NIFTY-I. */
#include "market/contracts/contracts.h"

#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MOST_WORDS = 12, WORD_SIZE = 16 };
typedef struct words {
    size_t n;
    char text[MOST_WORDS][WORD_SIZE];
    size_t at[MOST_WORDS]; /* in the symbol */
} words;

static bool is_separator(char c) {
    return c == ' ' || c == '_' || c == '-';
}

/* False where there are none, or more or longer ones than a contract has. */
static bool divide(const char *symbol, words *w) {
    w->n = 0;
    for (const char *p = symbol; *p;) {
        size_t length = 0;
        while (is_separator(*p))
            p++;
        while (p[length] && !is_separator(p[length]))
            length++;
        if (!length)
            break;
        if (w->n == MOST_WORDS || length >= WORD_SIZE)
            return false;
        memcpy(w->text[w->n], p, length);
        w->text[w->n][length] = '\0';
        w->at[w->n++] = (size_t)(p - symbol);
        p += length;
    }
    return w->n >= 2;
}

/* Where a word ends in the symbol. */
static size_t end_of(const words *w, size_t i) {
    return w->at[i] + strlen(w->text[i]);
}

static bool is_number(const char *word) {
    double value;
    return strcmp(word, "0") == 0 || pxi_strike_parse(word, strlen(word), &value) ||
           pxi_digits(word, strlen(word)) >= 0;
}

static bool is_future(const char *word) {
    return strcmp(word, "FUT") == 0 || strcmp(word, "FUTURE") == 0 || strcmp(word, "FUTURES") == 0 ||
           strcmp(word, "XX") == 0;
}

/* "27JAN2022", "30DEC25", "JAN2025", "240329": the date in one word. */
static bool read_date(const char *word, px_contract *c) {
    const size_t length = strlen(word), days = strspn(word, "0123456789");
    const int month = pxi_month_named(word + days);
    if (days == 6 && length == 6) {
        c->year = pxi_short_year(pxi_digits(word, 2));
        c->month = pxi_digits(word + 2, 2);
        c->day = pxi_digits(word + 4, 2);
        return c->year && pxi_date_exists(c->year, c->month, c->day);
    }
    const size_t digits = length >= days + 3 ? length - days - 3 : 0;
    const int year = digits == 2 || digits == 4 ? pxi_digits(word + days + 3, digits) : -1;
    if (!month || days > 2 || year < 0)
        return false;
    c->year = digits == 2 ? pxi_short_year(year) : year;
    c->month = month;
    c->day = days ? pxi_digits(word, days) : 0;
    return pxi_date_exists(c->year, month, days ? c->day : 1);
}

/* The words of a date: "30 DEC 25", "30 JAN", "JAN". `taken` are those that it uses. A number behind the
 * month is the strike, not the year, where an option has no other. */
static bool read_month_words(const words *w, size_t k, bool option, unsigned *taken, px_contract *c) {
    size_t numbers = 0;
    if (strlen(w->text[k]) != 3 || !(c->month = pxi_month_named(w->text[k])))
        return false;
    *taken |= 1u << k;
    const size_t before = k ? strlen(w->text[k - 1]) : 0;
    if (k > 1 && before <= 2 && pxi_digits(w->text[k - 1], before) > 0) {
        c->day = pxi_digits(w->text[k - 1], before);
        *taken |= 1u << (k - 1);
    }
    for (size_t i = 1; i < w->n; i++)
        numbers += !(*taken & 1u << i) && is_number(w->text[i]);
    const size_t after = k + 1 < w->n ? strlen(w->text[k + 1]) : 0;
    const int year = after == 2 || after == 4 ? pxi_digits(w->text[k + 1], after) : -1;
    const int whole = after == 4 ? year : pxi_short_year(year);
    if (year >= 0 && whole >= 1995 && whole < 2050 && (!option || numbers > 1)) {
        c->year = whole;
        *taken |= 1u << (k + 1);
    }
    return !c->day || pxi_date_exists(c->year ? c->year : 2000, c->month, c->day);
}

/* "NIFTY-I", "NIFTY-2": futures one after the other. */
static bool read_rank(const words *w, const char *symbol, px_contract *c) {
    static const char *const romans[] = {"I", "II", "III"}, *const digits[] = {"1", "2", "3"};
    const char *last = w->text[w->n - 1];
    const size_t end = end_of(w, w->n - 2);
    if (symbol[w->at[w->n - 1] - 1] != '-' || end >= sizeof c->underlying)
        return false;
    for (int i = 0; i < 3; i++)
        if (strcmp(last, romans[i]) == 0 || strcmp(last, digits[i]) == 0) {
            c->rank = i + 1;
            c->kind = PX_CONTRACT_CONTINUOUS;
            memcpy(c->underlying, symbol + w->at[0], end - w->at[0]);
            c->underlying[end - w->at[0]] = '\0';
            return true;
        }
    return false;
}

/* Words of side, FUT and strike. False where two of a kind, or a word of none, stand there. */
static bool read_kinds(const words *w, size_t first, unsigned taken, px_contract *c) {
    for (size_t i = first; i < w->n; i++) {
        const px_contract_kind side = pxi_side_named(w->text[i]);
        if (taken & 1u << i || strcmp(w->text[i], "0") == 0)
            continue;
        if (is_future(w->text[i]) || side != PX_CONTRACT_NONE) {
            if (c->kind != PX_CONTRACT_NONE)
                return false;
            c->kind = side != PX_CONTRACT_NONE ? side : PX_CONTRACT_FUTURE;
        } else if (c->strike != 0 || !pxi_strike_parse(w->text[i], strlen(w->text[i]), &c->strike))
            return false;
    }
    if (c->kind == PX_CONTRACT_NONE && c->month && (c->day || c->year))
        c->kind = c->strike != 0      ? PX_CONTRACT_OPTION
                  : c->day && c->year ? PX_CONTRACT_FUTURE
                                      : PX_CONTRACT_NONE;
    return c->kind == PX_CONTRACT_FUTURE ? c->strike == 0 : c->kind != PX_CONTRACT_NONE && c->strike != 0;
}

static bool begins_contract(const char *word) {
    px_contract c;
    return is_number(word) || is_future(word) || pxi_side_named(word) != PX_CONTRACT_NONE ||
           (strlen(word) == 3 && pxi_month_named(word)) || read_date(word, &c);
}

/* The exchange's kind of instrument in front: 0 = none. */
static size_t kind_length(const char *symbol) {
    static const char *const kinds[] = {"OPTIDX", "FUTIDX", "OPTSTK", "FUTSTK",
                                        "OPTCUR", "FUTCUR", "FUTCOM", "OPTFUT"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(symbol, kinds[i], strlen(kinds[i])) == 0)
            return strlen(kinds[i]);
    return 0;
}

/* OPTIDXBANKNIFTY29-OCT-2020CE20000 of the exchange's reports, in words: a blank before the day and on both
 * sides of the side. False where a symbol is not of this form. */
static bool spread(const char *symbol, char out[PX_NAME_SIZE]) {
    const size_t kind = kind_length(symbol);
    const char *dash = strchr(symbol, '-');
    if (!kind || !isalpha((unsigned char)symbol[kind]) || !dash || dash < symbol + kind + 3 ||
        pxi_digits(dash - 2, 2) < 0 || !pxi_month_named(dash + 1) || dash[4] != '-' ||
        pxi_digits(dash + 5, 4) < 0)
        return false;
    const char *rest = dash + 9;
    const size_t letters = strspn(rest, "CEPXFUT");
    return snprintf(out, PX_NAME_SIZE, "%.*s %.*s %.*s %.*s %s", (int)kind, symbol,
                    (int)(dash - 2 - symbol - (ptrdiff_t)kind), symbol + kind, 11, dash - 2, (int)letters,
                    rest, rest + letters) < PX_NAME_SIZE;
}

void pxi_symbol_words(const char *symbol, pxi_meanings *out) {
    words w;
    char wide[PX_NAME_SIZE];
    px_contract c = {.expiry = PX_NO_DATE};
    unsigned taken = 0;
    bool dated = false, option = false;
    if (spread(symbol, wide))
        symbol = wide;
    if (!divide(symbol, &w))
        return;
    if (read_rank(&w, symbol, &c)) {
        pxi_meanings_add(out, &c);
        return;
    }
    const size_t begin = kind_length(w.text[0]) == strlen(w.text[0]);
    size_t first = begin + 1;
    while (first < w.n && !begins_contract(w.text[first]))
        first++;
    if (first >= w.n || end_of(&w, first - 1) - w.at[begin] >= sizeof c.underlying)
        return;
    memcpy(c.underlying, symbol + w.at[begin], end_of(&w, first - 1) - w.at[begin]);
    for (size_t i = first; i < w.n; i++)
        option |= pxi_side_named(w.text[i]) != PX_CONTRACT_NONE;
    for (size_t i = first; i < w.n && !dated; i++) {
        dated = read_date(w.text[i], &c) || read_month_words(&w, i, option, &taken, &c);
        taken |= dated ? 1u << i : 0;
    }
    if (dated && read_kinds(&w, first, taken, &c))
        pxi_meanings_add(out, &c);
}
