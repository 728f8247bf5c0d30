// SPDX-License-Identifier: Apache-2.0
/* The instrument of a row: what its symbol says, or, with columns for expiry, strike and side, a contract. */
#include "files/meaning/meaning.h"
#include "market/contracts/contracts.h"
#include "pixity/contracts.h"
#include "pixity/number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static px_contract_kind side_of(const char *text) {
    static const char *const calls[] = {"CE", "C", "CALL", "CA"}, *const puts[] = {"PE", "P", "PUT", "PA"};
    for (size_t i = 0; i < 4; i++)
        if (strcasecmp(text, calls[i]) == 0)
            return PX_CONTRACT_CALL;
        else if (strcasecmp(text, puts[i]) == 0)
            return PX_CONTRACT_PUT;
    return PX_CONTRACT_NONE;
}

/* "NIFTY29APR2112150CE", "NIFTY29APR21FUT": the underlying, the day of expiry, strike and side; without the
 * side where a row has a strike and no word on it. */
static void name_contract(const char *underlying, int32_t expiry, const char *strike, const char *option,
                          char name[2 * PX_NAME_SIZE]) {
    const px_civil day = px_civil_from_date(expiry);
    px_contract c = {.kind = side_of(option),
                     .expiry = expiry,
                     .year = (int)day.year,
                     .month = (int)day.month,
                     .day = (int)day.day};
    char made[PX_NAME_SIZE], number[PX_DOUBLE_TEXT_SIZE];
    double value = 0;
    const bool has_strike = pxi_number_parse(strike, strlen(strike), &value) && value > 0;
    snprintf(c.underlying, sizeof c.underlying, "%.*s", PX_NAME_SIZE - 1, underlying);
    if (c.kind != PX_CONTRACT_NONE && has_strike)
        c.strike = value;
    else
        c.kind = PX_CONTRACT_FUTURE;
    if (!*px_contract_name(&c, made)) /* of an underlying that no spelling keeps */
        pxi_contract_spell(&c, made);
    if (c.kind == PX_CONTRACT_FUTURE && has_strike) {
        px_double_format(value, number);
        snprintf(name, 2 * PX_NAME_SIZE, "%.*s%s", (int)strlen(made) - 3, made, number);
    } else
        snprintf(name, 2 * PX_NAME_SIZE, "%s", made);
}

/* Whether a symbol that names a contract itself can be the one that expires on this day: holidays and new
 * rules move a contract by less than the week that lies between two. */
static bool names_this(const px_contract *c, int32_t expiry) {
    const px_civil day = px_civil_from_date(expiry);
    if (c->kind == PX_CONTRACT_NONE || c->kind == PX_CONTRACT_CONTINUOUS)
        return false;
    if (c->expiry == PX_NO_DATE)
        return c->month == day.month && (!c->year || c->year == day.year);
    return c->expiry - expiry < 7 && expiry - c->expiry < 7;
}

void pxi_bar_instrument(const pxi_bar_reader *t, const pxi_batch *batch, size_t row, const char *file,
                        char name[2 * PX_NAME_SIZE]) {
    char buf[PX_NAME_SIZE + 1], text[PX_NAME_SIZE + 1], strike[PX_NAME_SIZE + 1], option[PX_NAME_SIZE + 1];
    const bool named = t->slots[PXI_ROLE_SYMBOL] != PXI_NO_COLUMN;
    const char *symbol = named ? pxi_bar_text(t, batch, row, PXI_ROLE_SYMBOL, buf) : file;
    snprintf(name, 2 * PX_NAME_SIZE, "%s", symbol);
    if (t->slots[PXI_ROLE_EXPIRY] == PXI_NO_COLUMN)
        return;
    const char *day = pxi_bar_text(t, batch, row, PXI_ROLE_EXPIRY, text);
    pxi_read_time m;
    px_contract c = {.kind = PX_CONTRACT_NONE};
    if (pxi_is_missing(day, strlen(day)))
        return;
    const char *number = pxi_bar_text(t, batch, row, PXI_ROLE_STRIKE, strike);
    const char *side = pxi_bar_text(t, batch, row, PXI_ROLE_OPTION, option);
    if (pxi_read_time_parse(day, strlen(day), PXI_YMD | PXI_DMY, &m)) {
        snprintf(name, 2 * PX_NAME_SIZE, "%s %s %s %s", symbol, day, number, side);
        return;
    }
    const int32_t expiry = (int32_t)(m.us / PX_US_PER_DAY);
    const px_contract_hint hint = {.first_date = expiry, .last_date = expiry};
    if (px_contract_read(symbol, &hint, &c, NULL) != PX_OK || !names_this(&c, expiry))
        name_contract(*c.underlying ? c.underlying : symbol, expiry, number, side, name);
}
