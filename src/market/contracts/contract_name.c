// SPDX-License-Identifier: Apache-2.0
/* What a contract is called. */
#include "market/contracts/contracts.h"

#include "base/text.h"
#include "pixity/number.h"

#include <stdio.h>

const char *pxi_contract_side(const px_contract *c) {
    return c->kind == PX_CONTRACT_FUTURE ? "FUT"
           : c->kind == PX_CONTRACT_CALL ? "CE"
           : c->kind == PX_CONTRACT_PUT  ? "PE"
                                         : "";
}

/* "" of a future. */
static char *strike_of(const px_contract *c, char out[PX_DOUBLE_TEXT_SIZE]) {
    out[0] = '\0';
    if (c->strike != 0)
        px_double_format(c->strike, out);
    return out;
}

void pxi_contract_spell(const px_contract *c, char out[PX_NAME_SIZE]) {
    char strike[PX_DOUBLE_TEXT_SIZE], day[16] = "";
    if (c->day)
        snprintf(day, sizeof day, " %02d", c->day);
    const char *side = pxi_contract_side(c), *blank = c->strike != 0 ? " " : "";
    if (snprintf(out, PX_NAME_SIZE, "%s%s %s %d%s%s%s%s", c->underlying, day, pxi_month_name(c->month),
                 c->year, blank, strike_of(c, strike), *side ? " " : "", side) >= PX_NAME_SIZE)
        out[0] = '\0';
}

void pxi_contract_compact(const px_contract *c, char out[PX_NAME_SIZE]) {
    char strike[PX_DOUBLE_TEXT_SIZE], date[32];
    if (c->day)
        snprintf(date, sizeof date, "%02d%s%02d", c->day, pxi_month_name(c->month), c->year % 100);
    else
        snprintf(date, sizeof date, "%02d%s", c->year % 100, pxi_month_name(c->month));
    if (snprintf(out, PX_NAME_SIZE, "%s%s%s%s", c->underlying, date, strike_of(c, strike),
                 pxi_contract_side(c)) >= PX_NAME_SIZE)
        out[0] = '\0';
}

char *pxi_contract_describe(const px_contract *c, char *out, size_t size) {
    static const char *const kinds[] = {"no contract",           "future",           "call", "put",
                                        "option without a side", "continuous future"};
    char strike[PX_DOUBLE_TEXT_SIZE], date[PX_TIME_TEXT_SIZE];
    int used = snprintf(out, size, "%s %s", c->underlying, kinds[c->kind]);
    if (c->strike != 0 && used > 0 && (size_t)used < size) {
        px_double_format(c->strike, strike);
        used += snprintf(out + used, size - (size_t)used, ", strike %s", strike);
    }
    if (c->kind == PX_CONTRACT_CONTINUOUS || used < 0 || (size_t)used >= size)
        return out;
    if (c->expiry != PX_NO_DATE)
        snprintf(out + used, size - (size_t)used, ", expiry %s", px_date_format(c->expiry, date));
    else if (c->year)
        snprintf(out + used, size - (size_t)used, ", expiry in %04d-%02d", c->year, c->month);
    return out;
}
