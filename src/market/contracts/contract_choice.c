// SPDX-License-Identifier: Apache-2.0
/* Of the meanings that a symbol may have, the one that is left. */
#include "market/contracts/contracts.h"

#include "base/error.h"
#include "base/text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool px_contract_same(const px_contract *a, const px_contract *b) {
    return a->kind == b->kind && strcasecmp(a->underlying, b->underlying) == 0 && a->strike == b->strike &&
           a->rank == b->rank && a->expiry == b->expiry &&
           (a->expiry != PX_NO_DATE || (a->year == b->year && a->month == b->month));
}

/* ---- days of expiry --------------------------------------------------------------------------------------
 */

bool pxi_is_of_india(const char *exchange) {
    static const char *const names[] = {"NSE", "BSE", "NFO", "BFO"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(exchange, names[i]) == 0)
            return true;
    return false;
}

/* Where no exchange is named India's is meant. */
static bool is_of_india(const px_contract_hint *hint) {
    return !hint->exchange || pxi_is_of_india(hint->exchange);
}

static int32_t date_of(int year, int month, int day) {
    return px_date_from_civil((px_civil){.year = year, .month = month, .day = day});
}

/* A symbol without year is of the first one in which it expires after its bars. */
static void find_year(const px_contract_hint *hint, px_contract *c) {
    if (c->year || hint->last_date == PX_NO_DATE || c->kind == PX_CONTRACT_CONTINUOUS)
        return;
    const px_civil last = px_civil_from_date(hint->last_date);
    c->year = last.year;
    if (c->month < last.month || (c->month == last.month && c->day && c->day < last.day))
        c->year++;
}

static void find_expiry(const px_contract_hint *hint, px_contract *c) {
    find_year(hint, c);
    c->expiry = PX_NO_DATE;
    if (c->kind == PX_CONTRACT_CONTINUOUS || !c->year)
        return;
    if (c->day)
        c->expiry = date_of(c->year, c->month, c->day);
    else if (is_of_india(hint) && px_expiry_of_month(c->underlying, c->year, c->month, &c->expiry, NULL))
        c->expiry = PX_NO_DATE;
}

/* ---- what rules a meaning out ----------------------------------------------------------------------------
 */

typedef bool fits(const px_contract *c, const px_contract_hint *hint);

/* For how many days contracts are listed: of shares in India three months, of others about a year, those of
 * June and December up to five. */
static int32_t days_listed(const px_contract *c, const px_contract_hint *hint) {
    if (is_of_india(hint) && pxi_is_share_or_index(c->underlying) && !pxi_is_known_index(c->underlying))
        return 130;
    return c->month == 6 || c->month == 12 ? 5 * 366 + 31 : 400;
}

/* No contract has bars before it was listed, or after its day of expiry. */
static bool fits_bars(const px_contract *c, const px_contract_hint *hint) {
    const int32_t last_day = c->expiry != PX_NO_DATE ? c->expiry
                             : c->month == 12        ? date_of(c->year, 12, 31)
                                                     : date_of(c->year, c->month + 1, 1) - 1;
    return hint->last_date == PX_NO_DATE ||
           (hint->last_date <= last_day && hint->first_date >= last_day - days_listed(c, hint));
}

static bool fits_underlying(const px_contract *c, const px_contract_hint *hint) {
    enum { MOST_AWAY = 4 };
    return c->strike == 0 || hint->highest_underlying <= 0 ||
           (c->strike <= hint->highest_underlying * MOST_AWAY &&
            c->strike >= hint->lowest_underlying / MOST_AWAY);
}

static bool fits_rules(const px_contract *c, const px_contract_hint *hint) {
    return !c->day || !is_of_india(hint) || pxi_expiry_check(c->underlying, c->expiry) != PXI_EXPIRY_NO;
}

/* No share or index with derivatives in India has ever stood near this. */
static bool fits_any_price(const px_contract *c, const px_contract_hint *hint) {
    return !is_of_india(hint) || !pxi_is_share_or_index(c->underlying) || c->strike < 500000;
}

/* What all meanings fail tells nothing of them. */
static void keep(pxi_meanings *m, fits *accept, const px_contract_hint *hint) {
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++)
        n += accept(&m->items[i], hint);
    if (n == 0 || n == m->n)
        return;
    n = 0;
    for (size_t i = 0; i < m->n; i++)
        if (accept(&m->items[i], hint))
            m->items[n++] = m->items[i];
    m->n = n;
}

static px_status fail_ambiguous(const char *symbol, const pxi_meanings *m, px_error *err) {
    pxi_text list = {0};
    char one[PX_NAME_SIZE + 80], plain[PX_NAME_SIZE];
    for (size_t i = 0; i < m->n; i++)
        pxi_text_printf(&list, "%s%s", i ? ", or " : "",
                        pxi_contract_describe(&m->items[i], one, sizeof one));
    pxi_contract_spell(&m->items[0], plain);
    px_status status = pxi_fail(err, PX_EINPUT,
                                "\"%.80s\" is %s; neither its bars nor stored ones of the underlying tell "
                                "which: name the one that is meant in words, as in --symbol \"%s\"",
                                symbol, list.data ? list.data : "", plain);
    pxi_text_free(&list);
    return status;
}

/* ---- the whole -------------------------------------------------------------------------------------------
 */

/* In capitals, without blanks at the ends, the exchange in front ("NFO:", "NSE_FO|") or behind (".NFO").
 * False of what cannot be a contract's symbol. */
static bool clean(const char *symbol, char out[PX_NAME_SIZE]) {
    static const char *const endings[] = {".NFO", ".BFO", ".MCX", ".NSE", ".BSE", ".NS", ".BO"};
    const char *colon = strrchr(symbol, ':'), *bar = strrchr(symbol, '|');
    const char *from = bar && (!colon || bar > colon) ? bar + 1 : colon ? colon + 1 : symbol;
    while (isspace((unsigned char)*from))
        from++;
    size_t n = strlen(from);
    while (n && isspace((unsigned char)from[n - 1]))
        n--;
    if (n == 0 || n >= PX_NAME_SIZE)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (from[i] < ' ' || from[i] > '~')
            return false;
        out[i] = (char)toupper((unsigned char)from[i]);
    }
    out[n] = '\0';
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const size_t cut = strlen(endings[i]);
        if (n > cut && strcmp(out + n - cut, endings[i]) == 0)
            out[n - cut] = '\0';
    }
    return true;
}

/* Exact first: rules out what the bars say, then what the exchange's days say. */
static void choose(const px_contract_hint *hint, pxi_meanings *m) {
    static fits *const order[] = {fits_bars, fits_underlying, fits_any_price, fits_rules};
    for (size_t i = 0; i < m->n; i++)
        find_expiry(hint, &m->items[i]);
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (m->n > 1)
            keep(m, order[i], hint);
    for (size_t i = 1; i < m->n;) /* two spellings of one day */
        if (px_contract_same(&m->items[0], &m->items[i]))
            m->items[i] = m->items[--m->n];
        else
            i++;
}

/* Files are called after a symbol and a day more often than futures in India are written without FUT. */
static bool is_dated_name(const char *text, const px_contract_hint *hint, const pxi_meanings *m) {
    return m->n && m->items[0].kind == PX_CONTRACT_FUTURE && is_of_india(hint) && !strstr(text, "FUT") &&
           !strstr(text, "XX");
}

static void find_meanings(const char *symbol, const px_contract_hint *hint, pxi_meanings *out) {
    char text[PX_NAME_SIZE];
    if (!clean(symbol, text))
        return;
    pxi_symbol_compact(text, out);
    if (out->n)
        return;
    pxi_symbol_words(text, out);
    if (is_dated_name(text, hint, out))
        out->n = 0;
}

static const px_contract_hint nothing = {.first_date = PX_NO_DATE, .last_date = PX_NO_DATE};

bool pxi_contract_underlying(const char *symbol, char out[PX_NAME_SIZE]) {
    pxi_meanings meanings = {0};
    find_meanings(symbol, &nothing, &meanings);
    if (meanings.n)
        memcpy(out, meanings.items[0].underlying, PX_NAME_SIZE);
    return meanings.n > 0;
}

bool pxi_contract_may_be(const char *symbol, const char *exchange, const px_contract *wanted) {
    const px_contract_hint hint = {.exchange = exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    pxi_meanings meanings = {0};
    bool found = false;
    find_meanings(symbol, &hint, &meanings);
    for (size_t i = 0; i < meanings.n && !found; i++) {
        find_expiry(&hint, &meanings.items[i]);
        found = px_contract_same(&meanings.items[i], wanted);
    }
    return found;
}

/* A share's file of a month, "TCS24JAN", has bars of days on which the future of that month is no more. */
static bool outlives(const px_contract *c, const char *symbol, const px_contract_hint *hint) {
    return c->kind == PX_CONTRACT_FUTURE && !strstr(symbol, "FUT") && c->expiry != PX_NO_DATE &&
           hint->last_date != PX_NO_DATE && hint->last_date > c->expiry;
}

px_status px_contract_read(const char *symbol, const px_contract_hint *hint, px_contract *out,
                           px_error *err) {
    pxi_meanings meanings = {0};
    if (!hint)
        hint = &nothing;
    find_meanings(symbol, hint, &meanings);
    choose(hint, &meanings);
    if (meanings.n == 1 && outlives(&meanings.items[0], symbol, hint))
        meanings.n = 0;
    *out = (px_contract){.expiry = PX_NO_DATE};
    if (meanings.n > 1) {
        memcpy(out->underlying, meanings.items[0].underlying, sizeof out->underlying);
        return fail_ambiguous(symbol, &meanings, err);
    }
    if (meanings.n)
        *out = meanings.items[0];
    return PX_OK;
}

/* ---- the name that means it -------------------------------------------------------------------------- */

static bool means(const char *name, const px_contract *c) {
    px_contract read;
    return *name && px_contract_read(name, NULL, &read, NULL) == PX_OK && px_contract_same(&read, c);
}

char *px_contract_name(const px_contract *contract, char out[PX_NAME_SIZE]) {
    px_contract c = *contract;
    out[0] = '\0';
    if (c.expiry != PX_NO_DATE) {
        const px_civil day = px_civil_from_date(c.expiry);
        c.year = (int)day.year;
        c.month = (int)day.month;
        c.day = (int)day.day;
    } else
        c.day = 0;
    if (!*pxi_contract_side(&c) || c.month < 1 || c.month > 12 || !c.year)
        return out;
    pxi_contract_compact(&c, out);
    if (!means(out, &c))
        pxi_contract_spell(&c, out);
    if (!means(out, &c))
        out[0] = '\0';
    return out;
}
