// SPDX-License-Identifier: Apache-2.0
/* Instruments that are contracts: other spellings (NIFTY2580724650PE is NIFTY07AUG2524650PE), and the lots
 * and ticks that exchanges have given them. */
#include "market/contracts/contracts.h"
#include "store/home/home.h"

#include "base/text.h"
#include "store/home/sql.h"

px_status pxi_instrument_spelling(sqlite3 *db, const char *name, const char *exchange,
                                  char found[PX_NAME_SIZE], px_error *err) {
    const px_contract_hint hint = {.exchange = exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    px_contract wanted;
    sqlite3_stmt *query = NULL;
    bool more = true;
    found[0] = '\0';
    if (px_contract_read(name, &hint, &wanted, NULL) || wanted.kind == PX_CONTRACT_NONE ||
        wanted.kind == PX_CONTRACT_CONTINUOUS || wanted.expiry == PX_NO_DATE)
        return PX_OK;
    px_status status = pxi_sql_query(db, &query, err,
                                     "SELECT symbol FROM instruments WHERE instr(upper(symbol), ?1) > 0 AND "
                                     "(?2 IS NULL OR exchange = ?2 COLLATE NOCASE) ORDER BY key",
                                     "tt", wanted.underlying, exchange);
    while (!status && !*found && !(status = pxi_sql_row(query, &more, err)) && more) {
        const char *symbol = pxi_sql_text(query, 0);
        if (pxi_contract_may_be(symbol, exchange, &wanted))
            pxi_copy(found, PX_NAME_SIZE, symbol);
    }
    sqlite3_finalize(query);
    return status;
}

static double lot_or_one(double lot) {
    return lot > 0 ? lot : 1.0;
}

void pxi_instrument_units(int32_t date, px_instrument *instrument) {
    const px_contract_hint hint = {
        .exchange = instrument->exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    pxi_contract_unit units[PXI_MOST_UNITS];
    px_contract contract;
    if (!pxi_is_of_india(instrument->exchange))
        return;
    if (px_contract_read(instrument->symbol, &hint, &contract, NULL) != PX_OK)
        return;
    const size_t n = pxi_contract_units(&contract, units);
    for (size_t i = 0; i < n; i++) {
        if (date == PX_NO_DATE || units[i].from <= date) {
            instrument->tick = units[i].tick;
            instrument->lot_size = lot_or_one(units[i].lot);
        } else
            instrument->changes[instrument->n_changes++] =
                (px_trading_unit){units[i].from, units[i].tick, lot_or_one(units[i].lot)};
    }
}
