// SPDX-License-Identifier: Apache-2.0
/* Lots and ticks of contracts. A lot goes by the day of expiry and the cycle; existing quarterly and
 * half-yearly contracts change theirs overnight, under the same name. What stands here is what exchanges have
 * published; `data instruments --lot --tick` takes its place for an instrument. */
#include "market/contracts/contracts.h"

#include <strings.h>

enum { WEEKLY = 1, SERIAL = 2, QUARTERLY = 4, MONTHLY = SERIAL | QUARTERLY, ALL = 7 };

typedef struct lot_row {
    const char *underlying;
    int cycles;
    int32_t from, to; /* days of expiry, year * 10000 + month * 100 + day; 0 = open */
    double lot;
    struct {
        int32_t from; /* trading date; 0 = none */
        double lot;
    } changes[2];
} lot_row;

static const lot_row lots[] = {
    /* NSE circulars of 2021-03-31 (75 to 50), 2024-04-02 (to 25), 2024-10-18 (to 75: contracts introduced
     * from 2024-11-20, existing quarterlies at the end of 2024-12-26) and 2025-10-03 (to 65, existing
     * quarterlies at the end of 2025-12-30). */
    {"NIFTY", MONTHLY, 0, 20210630, 75, {{0}}},
    {"NIFTY", WEEKLY, 0, 20210731, 75, {{0}}},
    {"NIFTY", MONTHLY, 20210701, 20240425, 50, {{0}}},
    {"NIFTY", WEEKLY, 20210801, 20240425, 50, {{0}}},
    {"NIFTY", MONTHLY, 20240426, 20250130, 25, {{0}}},
    {"NIFTY", WEEKLY, 20240426, 20241219, 25, {{0}}},
    {"NIFTY", WEEKLY, 20250102, 20251223, 75, {{0}}},
    {"NIFTY", SERIAL, 20250201, 20251230, 75, {{0}}},
    {"NIFTY", QUARTERLY, 20250201, 20251230, 25, {{20241227, 75}}},
    {"NIFTY", WEEKLY, 20260106, 0, 65, {{0}}},
    {"NIFTY", SERIAL, 20260127, 0, 65, {{0}}},
    {"NIFTY", QUARTERLY, 20260127, 20260331, 75, {{20251231, 65}}},
    {"NIFTY", QUARTERLY, 20260401, 20291231, 25, {{20241227, 75}, {20251231, 65}}},
    /* NSE circulars of 2023-03-31, 2024-10-18 (existing quarterlies at the end of 2024-12-24), of March 2025
     * (35 from the expiry of July) and 2025-10-03 */
    {"BANKNIFTY", MONTHLY, 0, 20230629, 25, {{0}}},
    {"BANKNIFTY", WEEKLY, 0, 20230731, 25, {{0}}},
    {"BANKNIFTY", MONTHLY, 20230701, 20250130, 15, {{0}}},
    {"BANKNIFTY", WEEKLY, 20230801, 20241113, 15, {{0}}},
    {"BANKNIFTY", SERIAL, 20250201, 20250626, 30, {{0}}},
    {"BANKNIFTY", QUARTERLY, 20250201, 20250626, 15, {{20241225, 30}}},
    {"BANKNIFTY", MONTHLY, 20250731, 20251230, 35, {{0}}},
    {"BANKNIFTY", MONTHLY, 20260127, 0, 30, {{0}}},
    {"FINNIFTY", MONTHLY, 0, 20240630, 40, {{0}}},
    {"FINNIFTY", WEEKLY, 0, 20240731, 40, {{0}}},
    {"FINNIFTY", MONTHLY, 20240730, 20250130, 25, {{0}}},
    {"FINNIFTY", WEEKLY, 20240806, 20241119, 25, {{0}}},
    {"FINNIFTY", MONTHLY, 20250201, 20251230, 65, {{0}}},
    {"FINNIFTY", MONTHLY, 20260127, 0, 60, {{0}}},
    {"MIDCPNIFTY", MONTHLY, 0, 20240630, 75, {{0}}},
    {"MIDCPNIFTY", MONTHLY, 20240729, 20250130, 50, {{0}}},
    {"MIDCPNIFTY", WEEKLY, 20240805, 20241118, 50, {{0}}},
    {"MIDCPNIFTY", MONTHLY, 20250201, 20250626, 120, {{0}}},
    {"MIDCPNIFTY", MONTHLY, 20250731, 20251230, 140, {{0}}},
    {"MIDCPNIFTY", MONTHLY, 20260127, 0, 120, {{0}}},
    {"NIFTYNXT50", MONTHLY, 20250201, 0, 25, {{0}}},
    /* BSE notices of 2023-03-28 and October 2024 (existing quarterlies at the end of 2024-12-27). What its
     * review of 2025-09-30 has brought is not known here. */
    {"SENSEX", ALL, 20230515, 20241129, 10, {{0}}},
    {"SENSEX", WEEKLY | SERIAL, 20250201, 20251231, 20, {{0}}},
    {"SENSEX", QUARTERLY, 20250201, 20251231, 10, {{20241228, 20}}},
    {"BANKEX", ALL, 20230515, 20241129, 15, {{0}}},
    {"BANKEX", MONTHLY, 20250201, 20251231, 30, {{0}}},
};

static int32_t date_of(int32_t number) {
    return px_date_from_civil(
        (px_civil){.year = number / 10000, .month = number / 100 % 100, .day = number % 100});
}

static int cycle_of(const px_contract *c) {
    const px_civil day = px_civil_from_date(c->expiry);
    int32_t monthly = PX_NO_DATE;
    if (px_expiry_of_month(c->underlying, (int)day.year, (int)day.month, &monthly, NULL) == PX_OK &&
        monthly != c->expiry)
        return WEEKLY;
    return day.month % 3 == 0 ? QUARTERLY : SERIAL;
}

static const lot_row *row_of(const px_contract *c) {
    const px_civil day = px_civil_from_date(c->expiry);
    const int32_t number = day.year * 10000 + day.month * 100 + day.day;
    const int cycle = cycle_of(c);
    for (size_t i = 0; i < sizeof lots / sizeof *lots; i++)
        if (strcasecmp(lots[i].underlying, c->underlying) == 0 && lots[i].cycles & cycle &&
            number >= lots[i].from && (!lots[i].to || number <= lots[i].to))
            return &lots[i];
    return NULL;
}

/* Options on indices 0.05; futures on indices 0.05 to 2025-04-14, and then by the level of the index, which
 * is not looked at here; options on shares 0.05 to 2025-11-02, and then by the price of the share. Futures on
 * shares go by bands of the price. 0 = not known. */
static double tick_of(const px_contract *c, int32_t date) {
    const bool index = pxi_is_known_index(c->underlying);
    if (c->kind == PX_CONTRACT_FUTURE)
        return index && date < date_of(20250415) ? 0.05 : 0;
    return index || (pxi_is_share_or_index(c->underlying) && date < date_of(20251103)) ? 0.05 : 0;
}

size_t pxi_contract_units(const px_contract *c, pxi_contract_unit out[PXI_MOST_UNITS]) {
    if (c->kind < PX_CONTRACT_FUTURE || c->kind > PX_CONTRACT_PUT || c->expiry == PX_NO_DATE ||
        !pxi_is_share_or_index(c->underlying))
        return 0;
    const lot_row *row = row_of(c);
    int32_t dates[PXI_MOST_UNITS] = {INT32_MIN};
    size_t n = 1, kept = 0;
    for (size_t i = 0; row && i < 2 && row->changes[i].from; i++)
        dates[n++] = date_of(row->changes[i].from);
    dates[n++] = date_of(c->kind == PX_CONTRACT_FUTURE ? 20250415 : 20251103);
    for (size_t i = 2; i < n; i++) /* ascending */
        for (size_t k = i; k > 1 && dates[k] < dates[k - 1]; k--) {
            const int32_t date = dates[k];
            dates[k] = dates[k - 1];
            dates[k - 1] = date;
        }
    for (size_t i = 0; i < n && dates[i] <= c->expiry; i++) {
        pxi_contract_unit unit = {dates[i], tick_of(c, dates[i]), row ? row->lot : 0};
        for (size_t k = 0; row && k < 2 && row->changes[k].from && date_of(row->changes[k].from) <= dates[i];
             k++)
            unit.lot = row->changes[k].lot;
        if (!kept || unit.tick != out[kept - 1].tick || unit.lot != out[kept - 1].lot)
            out[kept++] = unit;
    }
    return kept;
}
