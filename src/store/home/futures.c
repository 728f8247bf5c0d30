// SPDX-License-Identifier: Apache-2.0
#include "store/home/futures.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/candles/candles.h"
#include "store/home/home.h"
#include "store/home/sql.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int by_expiry(const void *a, const void *b) {
    const pxi_future *one = a, *two = b;
    if (one->contract.expiry != two->contract.expiry)
        return one->contract.expiry < two->contract.expiry ? -1 : 1;
    return strcmp(one->instrument.key, two->instrument.key);
}

/* The dates of all that is stored of an instrument; PX_NO_DATE in a time zone that no calendar knows. */
static px_status find_dates(px_home *home, const px_instrument *instrument, px_contract_hint *out,
                            px_error *err) {
    px_calendar *calendar = NULL;
    int *timeframes = NULL;
    size_t n = 0;
    if (px_calendar_open(instrument->exchange, &calendar, NULL) != PX_OK)
        return PX_OK;
    px_status status = px_candles_timeframes(home, instrument->key, &timeframes, &n, err);
    for (size_t i = 0; i < n && !status; i++) {
        pxi_coverage coverage = {0};
        status = pxi_candles_coverage(home, instrument->key, timeframes[i], &coverage, err);
        if (status || coverage.n == 0)
            continue;
        const int32_t first = px_calendar_date(calendar, coverage.first_us),
                      last = px_calendar_date(calendar, coverage.last_us);
        out->first_date = out->first_date == PX_NO_DATE || first < out->first_date ? first : out->first_date;
        out->last_date = last > out->last_date ? last : out->last_date;
    }
    free(timeframes);
    px_calendar_close(&calendar);
    return status;
}

/* What a symbol means, as an import understood it: where it gives no year, by the dates of its bars. */
static px_status read_contract(px_home *home, const char *root, const px_instrument *instrument,
                               px_contract *out, px_error *err) {
    px_contract_hint hint = {
        .exchange = instrument->exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    const px_status read = px_contract_read(instrument->symbol, &hint, out, NULL);
    const bool is_future = out->kind == PX_CONTRACT_FUTURE;
    if ((read == PX_OK && (!is_future || out->expiry != PX_NO_DATE)) ||
        (root && strcasecmp(out->underlying, root) != 0))
        return PX_OK;
    px_status status = find_dates(home, instrument, &hint, err);
    if (!status && px_contract_read(instrument->symbol, &hint, out, NULL) != PX_OK)
        out->kind = PX_CONTRACT_NONE;
    return status;
}

/* Adds an instrument that is a future of the root and has bars. */
static px_status add(px_home *home, const char *root, const px_instrument *instrument, pxi_futures *out,
                     px_error *err) {
    px_contract contract;
    bool has_bars = false;
    px_status status = read_contract(home, root, instrument, &contract, err);
    if (status || contract.kind != PX_CONTRACT_FUTURE || (root && strcasecmp(contract.underlying, root) != 0))
        return status;
    status = pxi_candles_any(home, instrument->key, &has_bars, err);
    if (status || !has_bars)
        return status;
    if (!pxi_grow(&out->items, &out->capacity, out->n + 1, sizeof *out->items))
        return pxi_fail_memory(err);
    out->items[out->n++] = (pxi_future){*instrument, contract};
    return PX_OK;
}

px_status pxi_futures_read(px_home *home, const char *root, const char *exchange, pxi_futures *out,
                           px_error *err) {
    pxi_futures found = {0};
    sqlite3_stmt *query = NULL;
    bool more = true;
    size_t n_new = 0; /* folders that the table does not know yet */
    px_status status = pxi_instruments_look_again(home, &n_new, err);
    if (!status)
        status = pxi_sql_query(home->db, &query, err,
                               "SELECT key, symbol, exchange FROM instruments WHERE (?1 IS NULL OR "
                               "instr(upper(symbol), upper(?1)) > 0) AND (?2 IS NULL OR exchange = ?2 "
                               "COLLATE NOCASE) ORDER BY key",
                               "tt", root, exchange);
    while (!status && !(status = pxi_sql_row(query, &more, err)) && more) {
        px_instrument instrument = {.lot_size = 1.0};
        pxi_copy(instrument.key, sizeof instrument.key, pxi_sql_text(query, 0));
        pxi_copy(instrument.symbol, sizeof instrument.symbol, pxi_sql_text(query, 1));
        pxi_copy(instrument.exchange, sizeof instrument.exchange, pxi_sql_text(query, 2));
        status = add(home, root, &instrument, &found, err);
    }
    sqlite3_finalize(query);
    if (status) {
        pxi_futures_free(&found);
        return status;
    }
    if (found.n)
        qsort(found.items, found.n, sizeof *found.items, by_expiry);
    *out = found;
    return PX_OK;
}

void pxi_futures_free(pxi_futures *futures) {
    free(futures->items);
    *futures = (pxi_futures){0};
}
