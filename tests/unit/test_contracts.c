// SPDX-License-Identifier: Apache-2.0
/* Symbols of contracts in the forms of brokers and exchanges, and days of expiry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "market/contracts/contracts.h"

#include <stdio.h>
#include <string.h>

static int32_t date_of(const char *text) {
    int32_t date = PX_NO_DATE;
    if (*text)
        assert_int_equal(px_date_parse(text, &date, NULL), PX_OK);
    return date;
}

/* "2025-10-28 NIFTY call 25850"; without a date where none is known. */
static const char *meaning_of(const char *symbol, const px_contract_hint *hint, char out[600]) {
    static const char *const kinds[] = {"none", "future", "call", "put", "option", "continuous"};
    px_contract c;
    px_error err = {0};
    char date[PX_TIME_TEXT_SIZE] = "-";
    if (px_contract_read(symbol, hint, &c, &err)) {
        snprintf(out, 600, "refused: %.500s", err.message);
        return out;
    }
    if (c.expiry != PX_NO_DATE)
        px_date_format(c.expiry, date);
    snprintf(out, 600, "%s %s %s %g", date, c.underlying, kinds[c.kind],
             c.kind == PX_CONTRACT_CONTINUOUS ? c.rank : c.strike);
    return out;
}

static void check(const char *symbol, const px_contract_hint *hint, const char *want) {
    char have[600];
    if (strcmp(meaning_of(symbol, hint, have), want) != 0)
        fail_msg("%s: %s, not %s", symbol, have, want);
}

static void test_symbols_by_themselves(void **state) {
    static const char *const cases[][2] = {
        /* monthly, the day by the exchange's rule */
        {"BANKNIFTY20FEB30900CE", "2020-02-27 BANKNIFTY call 30900"},
        {"RELIANCE23NOV1840CE", "2023-11-30 RELIANCE call 1840"},
        {"HDFC21FEB1550CE", "2021-02-25 HDFC call 1550"},
        {"RELIANCE24JAN1840CE", "2024-01-25 RELIANCE call 1840"},
        {"NFO:NIFTY25NOVFUT", "2025-11-25 NIFTY future 0"},
        {"NIFTY24FEB21900CE", "2024-02-29 NIFTY call 21900"},
        {"NIFTY24JAN", "2024-01-25 NIFTY future 0"},
        {"NSE:NIFTY25MAR23000CE", "2025-03-27 NIFTY call 23000"},
        {"BANKNIFTY24DEC52000PE", "2024-12-24 BANKNIFTY put 52000"},
        {"SENSEX26MAYFUT", "2026-05-27 SENSEX future 0"},
        {"M&M25SEP3500CE", "2025-09-30 M&M call 3500"},
        {"BAJAJ-AUTO23JUN4700PE", "2023-06-28 BAJAJ-AUTO put 4700"},
        {"360ONE25NOV1100CE", "2025-11-25 360ONE call 1100"},
        {"NIFTYNXT5025NOV68000CE", "2025-11-25 NIFTYNXT50 call 68000"},
        {"USDINR24JAN83.25CE", "- USDINR call 83.25"},
        {"CRUDEOIL24JUNFUT", "- CRUDEOIL future 0"},
        /* weekly: the month as 1-9, O, N, D */
        {"NIFTY20D1713600CE", "2020-12-17 NIFTY call 13600"},
        {"BANKNIFTY2020630900CE", "2020-02-06 BANKNIFTY call 30900"},
        {"BANKNIFTY2413137500CE", "2024-01-31 BANKNIFTY call 37500"},
        {"BANKNIFTY23N2243600PE", "2023-11-22 BANKNIFTY put 43600"},
        {"BANKNIFTY23D0643600PE", "2023-12-06 BANKNIFTY put 43600"},
        {"NSE:NIFTY2580724650PE", "2025-08-07 NIFTY put 24650"},
        {"SENSEX25O1682000CE", "2025-10-16 SENSEX call 82000"},
        /* the day in the symbol */
        {"NIFTY FUT 30 DEC 25", "2025-12-30 NIFTY future 0"},
        {"NIFTY 25850 CE 28 OCT 25", "2025-10-28 NIFTY call 25850"},
        {"NIFTY30DEC25FUT", "2025-12-30 NIFTY future 0"},
        {"SENSEX28MAR24FUT", "2024-03-28 SENSEX future 0"},
        {"NIFTY28OCT2525850CE", "2025-10-28 NIFTY call 25850"},
        {"NIFTY30DEC2525850CE", "2025-12-30 NIFTY call 25850"},
        {"BANKNIFTY30DEC2558900PE", "2025-12-30 BANKNIFTY put 58900"},
        {"NIFTY06JAN2217200CE", "2022-01-06 NIFTY call 17200"},
        {"SENSEX28MAR2475000CE", "2024-03-28 SENSEX call 75000"},
        {"BANKNIFTY25AUG2633000PE", "2026-08-25 BANKNIFTY put 33000"},
        {"NIFTY06JUN2422350.00CE", "2024-06-06 NIFTY call 22350"},
        {"OPTIDX_NIFTY_27JAN2022_CE_17200", "2022-01-27 NIFTY call 17200"},
        {"FUTIDX_NIFTY_27JAN2022_XX_0", "2022-01-27 NIFTY future 0"},
        {"OPTIDXBANKNIFTY29-OCT-2020CE20000", "2020-10-29 BANKNIFTY call 20000"},
        {"FUTSTKRELIANCE29-OCT-2020", "2020-10-29 RELIANCE future 0"},
        {"NIFTY 02 Mar 26 30600 CE", "2026-03-02 NIFTY call 30600"},
        {"NIFTY 02 Mar 26 30600", "2026-03-02 NIFTY option 30600"},
        {"NIFTY02MAR2630600", "2026-03-02 NIFTY option 30600"},
        {"NIFTY-Jan2025-17200-CE", "2025-01-30 NIFTY call 17200"},
        {"BAJAJ-AUTO-Mar2024-FUT", "2024-03-28 BAJAJ-AUTO future 0"},
        {"NIFTY28MAR24C22000", "2024-03-28 NIFTY call 22000"},
        {"NIFTY28MAR24F", "2024-03-28 NIFTY future 0"},
        {"AAPL240119C00150000", "2024-01-19 AAPL call 150"},
        {"BTC-29MAR24-50000-C", "2024-03-29 BTC call 50000"},
        /* one after the other */
        {"NIFTY-I", "- NIFTY continuous 1"},
        {"NIFTY-II.NFO", "- NIFTY continuous 2"},
        {"NIFTY-1", "- NIFTY continuous 1"},
        {"M&M-III", "- M&M continuous 3"},
        {"NSE:BANKNIFTY1!", "- BANKNIFTY continuous 1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i][0], NULL, cases[i][1]);
}

static void test_no_contracts(void **state) {
    static const char *const names[] = {
        "RELIANCE",
        "NIFTY 50",
        "NIFTY BANK",
        "M&M",
        "BAJAJ-AUTO",
        "20MICRONS",
        "3MINDIA",
        "NSE_FO|164693",
        "BTC_USDT",
        "BTCUSDT",
        "EURUSD",
        "SGBMAR25",
        "RELIANCE-EQ",
        "718GS2033",
        "364D250424",
        "",
        "BTC-PERPETUAL",
        "NIFTY25XYZ200CE",
        "PRICE",
        "NIFTY2580024650PE",
        "NIFTY25JAN0CE",
        "RELIANCE_2024-01-25",
        "TCS_240125",
        "NIFTY 30 JAN 99999999999999 CALL",
        "NIFTY 30 JAN 000000000000 CALL",
        "TCS 25 JAN 24",
        "TCS FUT",
        "ADABTC-1m-2021-11-27",
        "9999",
        "CE",
        "NIFTY 25850 CE",
    };
    px_contract c;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(px_contract_read(names[i], NULL, &c, NULL), PX_OK);
        if (c.kind != PX_CONTRACT_NONE)
            fail_msg("%s is taken for a contract", names[i]);
    }
}

static px_contract_hint hint_of(const char *first, const char *last, double low, double high) {
    return (px_contract_hint){.first_date = date_of(first),
                              .last_date = date_of(last),
                              .lowest_underlying = low,
                              .highest_underlying = high};
}

/* The same symbol in two forms: YYMMM and a strike, or DDMMMYY and a strike. */
static void test_bars_and_prices_decide(void **state) {
    px_contract_hint then = hint_of("2022-01-03", "2022-01-25", 0, 0),
                     later = hint_of("2026-12-01", "2027-01-20", 0, 0), low = hint_of("", "", 2250, 2500),
                     high = hint_of("", "", 210000, 230000);
    char have[600];
    (void)state;
    assert_non_null(strstr(meaning_of("RELIANCE27JAN222300PE", NULL, have), "2022-01-27"));
    assert_non_null(strstr(have, "strike 2300, "));
    assert_non_null(strstr(have, "strike 222300"));
    assert_non_null(strstr(have, "--symbol \"RELIANCE JAN 2027 222300 PE\""));
    check("RELIANCE 27 JAN 2022 2300 PE", NULL, "2022-01-27 RELIANCE put 2300");
    check("RELIANCE JAN 2027 222300 PE", NULL, "- RELIANCE put 222300");
    check("RELIANCE27JAN222300PE", &then, "2022-01-27 RELIANCE put 2300");
    check("RELIANCE27JAN222300PE", &low, "2022-01-27 RELIANCE put 2300");
    check("RELIANCE27JAN222300PE", &later, "- RELIANCE put 222300");
    check("RELIANCE27JAN222300PE", &high, "- RELIANCE put 222300");
    check("BANKNIFTY03NOV2140000CE", NULL, "2021-11-03 BANKNIFTY call 40000");
}

/* Files of shares are called after them and a day, or a month in which their bars go on. */
static void test_shares_by_day(void **state) {
    const px_contract_hint month = hint_of("2024-01-01", "2024-01-30", 0, 0);
    (void)state;
    check("RELIANCE01JAN2024", NULL, "-  none 0");
    check("TCS31DEC2023", NULL, "-  none 0");
    check("TCS24JAN", &month, "-  none 0");
    check("TCS24JANFUT", &month, "2024-01-25 TCS future 0");
}

static void test_years_and_exchanges(void **state) {
    px_contract_hint hint = hint_of("2024-12-20", "2024-12-31", 0, 0);
    px_contract_hint coins = {.exchange = "24x7", .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    (void)state;
    check("BTCUSDT_240329", &coins, "2024-03-29 BTCUSDT future 0");
    check("BTC-29MAR24", &coins, "2024-03-29 BTC future 0");
    check("NIFTY 30 JAN 17200 CALL", &hint, "2025-01-30 NIFTY call 17200");
    check("NIFTY JAN FUT", &hint, "2025-01-30 NIFTY future 0");
    check("NIFTY 30 JAN 17200 CALL", NULL, "- NIFTY call 17200");
}

static void test_names(void **state) {
    static const char *const cases[][2] = {
        {"NSE:NIFTY2580724650PE", "NIFTY07AUG2524650PE"},
        {"NIFTY07AUG2524650PE", "NIFTY07AUG2524650PE"},
        {"NIFTY-Jan2025-17200-CE", "NIFTY30JAN2517200CE"},
        {"NIFTY25JANFUT", "NIFTY30JAN25FUT"},
        {"USDINR24JAN83.25CE", "USDINR24JAN83.25CE"},
        {"RELIANCE 25 NOV 2025 1440 CE", "RELIANCE 25 NOV 2025 1440 CE"}, /* or a strike of 251440 */
        {"NIFTYMID50 27 JAN 2022 FUT", "NIFTYMID50 27 JAN 2022 FUT"},     /* a date behind digits is none */
        {"OPTIDX_NIFTY__27JAN2022_CE_17200", "NIFTY27JAN2217200CE"},
        {" _NIFTY_ 27 JAN 2022 FUT", "NIFTY27JAN22FUT"},
        {"NIFTY-I", ""},
        {"NIFTY 30 JAN 17200 CALL", ""},
        {"RELIANCE", ""},
    };
    px_contract a, b;
    char name[PX_NAME_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(px_contract_read(cases[i][0], NULL, &a, NULL), PX_OK);
        assert_string_equal(px_contract_name(&a, name), cases[i][1]);
        if (*name) { /* a name means what it names */
            assert_int_equal(px_contract_read(name, NULL, &b, NULL), PX_OK);
            assert_true(px_contract_same(&a, &b));
        }
    }
}

static void check_day(const char *underlying, const char *of, bool weekly, const char *want) {
    const int32_t date = date_of(of);
    const px_civil day = px_civil_from_date(date);
    int32_t expiry = PX_NO_DATE;
    char have[PX_TIME_TEXT_SIZE] = "none";
    px_status status = weekly ? px_expiry_of_week(underlying, date, &expiry, NULL)
                              : px_expiry_of_month(underlying, day.year, day.month, &expiry, NULL);
    if (!status)
        px_date_format(expiry, have);
    else if (status == PX_EINPUT)
        strcpy(have, "holidays");
    if (strcmp(have, want) != 0)
        fail_msg("%s, the %s of %s: %s, not %s", underlying, weekly ? "week" : "month", of, have, want);
}

static void test_days_of_expiry(void **state) {
    static const struct {
        const char *underlying, *of;
        bool weekly;
        const char *want;
    } cases[] = {
        {"NIFTY", "2025-08-01", false, "2025-08-28"},
        {"NIFTY", "2025-09-01", false, "2025-09-30"},
        {"NIFTY", "2025-09-01", true, "2025-09-02"},
        {"NIFTY", "2025-08-25", true, "2025-08-28"},
        {"BANKNIFTY", "2024-02-01", false, "2024-02-29"},
        {"BANKNIFTY", "2024-03-01", false, "2024-03-27"},
        {"BANKNIFTY", "2024-12-01", false, "2024-12-24"},
        {"BANKNIFTY", "2025-01-01", false, "2025-01-30"},
        {"BANKNIFTY", "2025-09-01", false, "2025-09-30"},
        {"BANKNIFTY", "2023-08-28", true, "2023-08-31"},
        {"BANKNIFTY", "2023-09-04", true, "2023-09-06"},
        {"BANKNIFTY", "2023-09-27", true, "none"},
        {"NIFTY", "2021-11-01", true, "2021-11-03"},
        {"NIFTY", "2025-10-20", true, "2025-10-20"},
        {"BANKNIFTY", "2024-11-11", true, "2024-11-13"},
        {"BANKNIFTY", "2024-11-18", true, "none"},
        {"FINNIFTY", "2021-10-18", true, "2021-10-19"},
        {"FINNIFTY", "2024-11-18", true, "2024-11-19"},
        {"FINNIFTY", "2024-11-25", true, "none"},
        {"FINNIFTY", "2021-10-01", false, "2021-10-26"},
        {"FINNIFTY", "2025-07-01", false, "2025-07-31"},
        {"MIDCPNIFTY", "2023-04-24", true, "2023-04-25"},
        {"MIDCPNIFTY", "2023-08-14", true, "2023-08-16"},
        {"MIDCPNIFTY", "2023-08-21", true, "2023-08-21"},
        {"MIDCPNIFTY", "2024-10-01", false, "2024-10-28"},
        {"MIDCPNIFTY", "2024-11-18", true, "2024-11-18"},
        {"MIDCPNIFTY", "2025-07-01", false, "2025-07-31"},
        {"SENSEX", "2024-12-23", true, "2024-12-27"},
        {"SENSEX", "2025-01-06", true, "2025-01-07"},
        {"SENSEX", "2025-09-01", true, "2025-09-04"},
        {"SENSEX", "2025-08-01", false, "2025-08-26"},
        {"BANKEX", "2024-12-01", false, "2024-12-30"},
        {"BANKEX", "2025-09-01", false, "2025-09-25"},
        /* holidays: the trading day before */
        {"SENSEX", "2026-03-23", true, "2026-03-25"},
        {"NIFTY", "2026-03-02", true, "2026-03-02"},
        {"NIFTY", "2026-03-01", false, "2026-03-30"},
        {"NIFTY", "2026-04-13", true, "2026-04-13"},
        {"NIFTY", "2026-10-19", true, "2026-10-19"},
        {"NIFTY", "2026-11-09", true, "2026-11-09"},
        {"NIFTY", "2026-11-01", false, "2026-11-23"},
        {"SENSEX", "2026-05-01", false, "2026-05-27"},
        {"RELIANCE", "2023-11-01", false, "2023-11-30"},
        {"RELIANCE", "2025-09-01", false, "2025-09-30"},
        /* refused, not guessed */
        {"NIFTY", "2027-01-01", false, "holidays"},
        {"NIFTY", "2009-12-01", false, "holidays"},
        {"CRUDEOIL", "2024-01-01", false, "none"},
        {"SENSEX", "2022-01-01", false, "none"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_day(cases[i].underlying, cases[i].of, cases[i].weekly, cases[i].want);
}

/* "25 to 2024-12-26, 75" as "25 2024-12-27:75"; ticks in brackets. */
static void check_units(const char *symbol, const char *want) {
    pxi_contract_unit units[PXI_MOST_UNITS];
    px_contract c;
    char have[200] = "", date[PX_TIME_TEXT_SIZE];
    size_t used = 0;
    assert_int_equal(px_contract_read(symbol, NULL, &c, NULL), PX_OK);
    const size_t n = pxi_contract_units(&c, units);
    for (size_t i = 0; i < n; i++)
        used += (size_t)snprintf(have + used, sizeof have - used, "%s%s%s%g/%g", i ? " " : "",
                                 i ? px_date_format(units[i].from, date) : "", i ? ":" : "", units[i].lot,
                                 units[i].tick);
    if (strcmp(have, want) != 0)
        fail_msg("%s: %s, not %s", symbol, have, want);
}

static void test_lots_and_ticks(void **state) {
    static const char *const cases[][2] = {
        {"NIFTY21JUNFUT", "75/0.05"},
        {"NIFTY29JUL2115000CE", "50/0.05"},
        {"NIFTY2172915000CE", "50/0.05"},
        {"NIFTY2172215000CE", "75/0.05"},
        {"NIFTY24APRFUT", "50/0.05"},
        {"NIFTY2450222500CE", "25/0.05"},
        {"NIFTY24MAYFUT", "25/0.05"},
        {"NIFTY25FEBFUT", "75/0.05"},
        {"NIFTY25JUN24000CE", "25/0.05 2024-12-27:75/0.05"},
        {"NIFTY25JUNFUT", "25/0.05 2024-12-27:75/0.05 2025-04-15:75/0"},
        {"NIFTY25D2326000CE", "75/0.05"},
        {"NIFTY30DEC2526000CE", "25/0.05 2024-12-27:75/0.05"},
        {"NIFTY2610626000CE", "65/0.05"},
        {"NIFTY26JAN26000CE", "65/0.05"},
        {"NIFTY26MAR26000CE", "75/0.05 2025-12-31:65/0.05"},
        {"NIFTY26JUN26000CE", "25/0.05 2024-12-27:75/0.05 2025-12-31:65/0.05"},
        {"BANKNIFTY23JUNFUT", "25/0.05"},
        {"BANKNIFTY23JULFUT", "15/0.05"},
        {"BANKNIFTY2380345000CE", "15/0.05"},
        {"BANKNIFTY24N1350000CE", "15/0.05"},
        {"BANKNIFTY25JUN50000CE", "15/0.05 2024-12-25:30/0.05"},
        {"BANKNIFTY25JUL50000CE", "35/0.05"},
        {"BANKNIFTY26JAN50000CE", "30/0.05"},
        {"FINNIFTY24JUN20000CE", "40/0.05"},
        {"FINNIFTY2480620000CE", "25/0.05"},
        {"FINNIFTY25MAR20000CE", "65/0.05"},
        {"FINNIFTY26JAN20000CE", "60/0.05"},
        {"MIDCPNIFTY24JUN12000CE", "75/0.05"},
        {"MIDCPNIFTY24JUL12000CE", "50/0.05"},
        {"MIDCPNIFTY25JUN12000CE", "120/0.05"},
        {"MIDCPNIFTY25JUL12000CE", "140/0.05"},
        {"MIDCPNIFTY26JAN12000CE", "120/0.05"},
        {"SENSEX24MAR75000CE", "10/0.05"},
        {"SENSEX25MAR75000CE", "10/0.05 2024-12-28:20/0.05"},
        {"BANKEX24MAR55000CE", "15/0.05"},
        {"BANKEX25MAR55000CE", "30/0.05"},
        /* lots of shares are not known; their options have a tick by the share's price since 2025-11-03 */
        {"RELIANCE23NOV1840CE", "0/0.05"},
        {"RELIANCE25NOV1440CE", "0/0.05 2025-11-03:0/0"},
        {"RELIANCE23NOVFUT", "0/0"},
        {"CRUDEOIL24JUNFUT", ""},
        {"NIFTY-I", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_units(cases[i][0], cases[i][1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols_by_themselves),  cmocka_unit_test(test_no_contracts),
        cmocka_unit_test(test_bars_and_prices_decide), cmocka_unit_test(test_shares_by_day),
        cmocka_unit_test(test_years_and_exchanges),    cmocka_unit_test(test_names),
        cmocka_unit_test(test_days_of_expiry),         cmocka_unit_test(test_lots_and_ticks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
