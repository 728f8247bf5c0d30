// SPDX-License-Identifier: Apache-2.0
/* On which days contracts expire: dated rows. A row holds for contracts that are to expire between its dates,
 * whenever they were listed; one whose day is a holiday expires on the trading day before. */
#include "market/contracts/contracts.h"

#include "base/error.h"
#include "market/closed_days.h"

#include <string.h>
#include <strings.h>

enum { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY };
enum { WEEKLY = 1, MONTHLY = 2, ALL = WEEKLY | MONTHLY };

typedef struct rule {
    const char *underlying; /* "" = shares with derivatives on NSE */
    int cycles;
    int32_t from, to; /* days of expiry, year * 10000 + month * 100 + day; 0 = open */
    int weekday;
} rule;

static const rule rules[] = {
    /* NSE circular NSE/FAOP/68747: index and share contracts to Tuesday from 2025-09-01 */
    {"NIFTY", WEEKLY, 20190201, 20250831, THURSDAY},
    {"NIFTY", ALL, 20250901, 0, TUESDAY},
    {"NIFTY", MONTHLY, 0, 20250831, THURSDAY},
    {"NIFTYNXT50", MONTHLY, 20240424, 20241231, FRIDAY},
    {"NIFTYNXT50", MONTHLY, 20250101, 20250831, THURSDAY},
    {"NIFTYNXT50", MONTHLY, 20250901, 0, TUESDAY},
    /* weeklies to Wednesday from 2023-09-06, monthlies from 2024-03-27, back to Thursday from 2025-01-01; no
     * weeklies after 2024-11-13 (SEBI: one index an exchange) */
    {"BANKNIFTY", WEEKLY, 20160601, 20230903, THURSDAY},
    {"BANKNIFTY", WEEKLY, 20230904, 20241113, WEDNESDAY},
    {"BANKNIFTY", MONTHLY, 0, 20240229, THURSDAY},
    {"BANKNIFTY", MONTHLY, 20240301, 20241231, WEDNESDAY},
    {"BANKNIFTY", MONTHLY, 20250101, 20250831, THURSDAY},
    {"BANKNIFTY", MONTHLY, 20250901, 0, TUESDAY},
    {"FINNIFTY", ALL, 0, 20211017, THURSDAY},
    {"FINNIFTY", WEEKLY, 20211018, 20241119, TUESDAY},
    {"FINNIFTY", MONTHLY, 20211018, 20241231, TUESDAY},
    {"FINNIFTY", MONTHLY, 20250101, 20250831, THURSDAY},
    {"FINNIFTY", MONTHLY, 20250901, 0, TUESDAY},
    {"MIDCPNIFTY", ALL, 20220124, 20230425, TUESDAY},
    {"MIDCPNIFTY", ALL, 20230426, 20230816, WEDNESDAY},
    {"MIDCPNIFTY", WEEKLY, 20230817, 20241118, MONDAY},
    {"MIDCPNIFTY", MONTHLY, 20230817, 20241231, MONDAY},
    {"MIDCPNIFTY", MONTHLY, 20250101, 20250831, THURSDAY},
    {"MIDCPNIFTY", MONTHLY, 20250901, 0, TUESDAY},
    /* BSE notices of 2023-03-28 (launch on Fridays), 2023-08-30, 2024-11-28 and 2025-06-17 */
    {"SENSEX", ALL, 20230515, 20241231, FRIDAY},
    {"SENSEX", ALL, 20250101, 20250831, TUESDAY},
    {"SENSEX", ALL, 20250901, 0, THURSDAY},
    {"BANKEX", ALL, 20230515, 20231013, FRIDAY},
    {"BANKEX", ALL, 20231016, 20241118, MONDAY},
    {"BANKEX", MONTHLY, 20241119, 20241231, MONDAY},
    {"BANKEX", MONTHLY, 20250101, 20250831, TUESDAY},
    {"BANKEX", MONTHLY, 20250901, 0, THURSDAY},
    {"", MONTHLY, 0, 20250831, THURSDAY},
    {"", MONTHLY, 20250901, 0, TUESDAY},
};
enum { N_RULES = sizeof rules / sizeof *rules };

/* Indices whose days of expiry no row has, commodities, currencies and coins: no shares. */
static const char *const no_shares[] = {
    "SENSEX50",  "CRUDEOIL", "CRUDEOILM", "NATURALGAS", "NATGASMINI", "GOLD",   "GOLDM",      "GOLDGUINEA",
    "GOLDPETAL", "GOLDTEN",  "SILVER",    "SILVERM",    "SILVERMIC",  "COPPER", "ZINC",       "ZINCMINI",
    "LEAD",      "LEADMINI", "ALUMINIUM", "ALUMINI",    "NICKEL",     "COTTON", "COTTONCNDY", "COTTONOIL",
    "MENTHAOIL", "KAPAS",    "CARDAMOM",  "USDINR",     "EURINR",     "GBPINR", "JPYINR",     "EURUSD",
    "GBPUSD",    "USDJPY",   "INDIAVIX",  "BTC",        "ETH",        "SOL",    "XRP",        "BTCUSDT",
    "ETHUSDT",   "BTCUSD",   "ETHUSD",    "ES",         "NQ",         "CL",     "GC",
};

static int32_t number_of(int32_t date) {
    const px_civil day = px_civil_from_date(date);
    return day.year * 10000 + day.month * 100 + day.day;
}

bool pxi_is_known_index(const char *underlying) {
    for (size_t i = 0; i < N_RULES; i++)
        if (*rules[i].underlying && strcasecmp(rules[i].underlying, underlying) == 0)
            return true;
    return false;
}

bool pxi_is_share_or_index(const char *underlying) {
    for (size_t i = 0; i < sizeof no_shares / sizeof *no_shares; i++)
        if (strcasecmp(no_shares[i], underlying) == 0)
            return false;
    return true;
}

/* The name under which an underlying's rules stand; NULL = none are known. */
static const char *rules_of(const char *underlying) {
    return pxi_is_known_index(underlying) ? underlying : pxi_is_share_or_index(underlying) ? "" : NULL;
}

static bool holds(const rule *r, const char *name, int cycle, int32_t date) {
    const int32_t number = number_of(date);
    return strcasecmp(r->underlying, name) == 0 && r->cycles & cycle && px_date_weekday(date) == r->weekday &&
           (!r->from || number >= r->from) && (!r->to || number <= r->to);
}

/* Days with an evening session only (Muhurat), on which nothing expires. */
static const int32_t evenings[] = {20101105, 20111026, 20121113, 20141023, 20151111, 20171019,
                                   20181107, 20211104, 20221024, 20241101, 20251021};

static pxi_day day_of(int32_t date) {
    for (size_t i = 0; i < sizeof evenings / sizeof *evenings; i++)
        if (evenings[i] == number_of(date))
            return PXI_DAY_CLOSED;
    return pxi_day_of_india(date);
}

/* The trading day on or before a date; the date itself, and false, where that is not known. */
static bool move_back(int32_t date, int32_t *out) {
    int32_t day = date;
    while (day_of(day) == PXI_DAY_CLOSED)
        day--;
    const bool known = day_of(day) == PXI_DAY_OPEN;
    *out = known ? day : date;
    return known;
}

/* The day on which a month's or a week's contracts are to expire, before holidays: the last of the days
 * [begin, end) that a row holds for, of the row that comes first. */
static bool find_day(const char *underlying, int cycle, int32_t begin, int32_t end, int32_t *out) {
    const char *name = rules_of(underlying);
    for (size_t i = 0; name && i < N_RULES; i++)
        for (int32_t date = end - 1; date >= end - 7 && date >= begin; date--)
            if (holds(&rules[i], name, cycle, date)) {
                *out = date;
                return true;
            }
    return false;
}

static int32_t month_begin(int year, int month) {
    return px_date_from_civil(
        (px_civil){.year = year + month / 13, .month = month > 12 ? 1 : month, .day = 1});
}

/* The same of the week that begins on a Monday. In the week of the monthly contract there is no other one. */
static bool find_week(const char *underlying, int32_t monday, int32_t *out) {
    int32_t monthly;
    if (!find_day(underlying, WEEKLY, monday, monday + 7, out))
        return false;
    const px_civil civil = px_civil_from_date(*out);
    return !find_day(underlying, MONTHLY, month_begin((int)civil.year, civil.month),
                     month_begin((int)civil.year, civil.month + 1), &monthly) ||
           monthly == *out || monthly < monday || monthly >= monday + 7;
}

static px_status settle(const char *underlying, int32_t date, int32_t *out, px_error *err) {
    char text[PX_TIME_TEXT_SIZE];
    if (move_back(date, out))
        return PX_OK;
    return pxi_fail(
        err, PX_EINPUT,
        "contracts of %s expire on %s or, where that is a holiday, on the trading day before; the "
        "holidays of that time are not known",
        underlying, px_date_format(date, text));
}

px_status px_expiry_of_month(const char *underlying, int year, int month, int32_t *out, px_error *err) {
    int32_t date;
    if (!find_day(underlying, MONTHLY, month_begin(year, month), month_begin(year, month + 1), &date))
        return pxi_fail(err, PX_ENOTFOUND, "no rule tells when contracts of %s of %04d-%02d expire",
                        underlying, year, month);
    return settle(underlying, date, out, err);
}

px_status px_expiry_of_week(const char *underlying, int32_t date, int32_t *out, px_error *err) {
    const int32_t monday = date - px_date_weekday(date);
    int32_t day;
    char text[PX_TIME_TEXT_SIZE];
    if (!find_week(underlying, monday, &day))
        return pxi_fail(err, PX_ENOTFOUND, "no weekly contract of %s is known for the week of %s", underlying,
                        px_date_format(date, text));
    return settle(underlying, day, out, err);
}

/* Where holidays are not known, four days before the day of the rule are not ruled out. */
static bool can_be_moved(int32_t date, int32_t day) {
    int32_t moved;
    return move_back(day, &moved) ? date == moved : date <= day && date >= day - 4;
}

pxi_expiry_is pxi_expiry_check(const char *underlying, int32_t date) {
    const px_civil civil = px_civil_from_date(date);
    const int32_t monday = date - px_date_weekday(date);
    int32_t day;
    if (day_of(date) == PXI_DAY_CLOSED && pxi_is_share_or_index(underlying))
        return PXI_EXPIRY_NO;
    if (!rules_of(underlying))
        return PXI_EXPIRY_UNKNOWN;
    if (find_day(underlying, MONTHLY, month_begin(civil.year, civil.month),
                 month_begin(civil.year, civil.month + 1), &day) &&
        can_be_moved(date, day))
        return PXI_EXPIRY_YES;
    for (int32_t week = monday; week <= monday + 7; week += 7) /* holidays may reach into the week before */
        if (find_week(underlying, week, &day) && can_be_moved(date, day))
            return PXI_EXPIRY_YES;
    return PXI_EXPIRY_NO;
}
