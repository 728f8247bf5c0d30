// SPDX-License-Identifier: Apache-2.0
#include "data/chain.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "market/contracts/contracts.h"
#include "market/contracts/continuous.h"
#include "pixity/requests.h"
#include "store/candles/candles.h"
#include "store/home/futures.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the root -------------------------------------------------------------------------------------------
 */

/* "nifty [FO]" as "NIFTY". */
static px_status read_root(const char *symbol, const char *exchange, char root[PX_NAME_SIZE], px_error *err) {
    const px_contract_hint hint = {.exchange = exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    px_contract contract;
    while (isspace((unsigned char)*symbol))
        symbol++;
    if (!pxi_copy(root, PX_NAME_SIZE, symbol))
        return pxi_fail(err, PX_EINPUT, "the symbol \"%.40s...\" is longer than %d characters", symbol,
                        PX_NAME_SIZE - 1);
    char *bracket = strrchr(root, '[');
    if (bracket && bracket > root && bracket[strlen(bracket) - 1] == ']')
        *bracket = '\0';
    for (size_t n = strlen(root); n && isspace((unsigned char)root[n - 1]); n--)
        root[n - 1] = '\0';
    for (char *c = root; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    px_status status = px_contract_read(root, &hint, &contract, NULL);
    if (*root && status == PX_OK && contract.kind == PX_CONTRACT_NONE)
        return PX_OK;
    return pxi_fail(
        err, PX_EINPUT,
        "\"%.80s\" is no root of futures but one series: a continuous one is asked for by what its "
        "contracts are on%s%s",
        symbol, *contract.underlying ? ", as " : "", contract.underlying);
}

static px_status fail_no_futures(px_home *home, const char *root, const char *exchange, px_error *err) {
    enum { MOST_NAMED = 12 };
    pxi_futures all = {0};
    pxi_text roots = {0};
    const char *named[MOST_NAMED];
    size_t n_named = 0;
    px_status status = pxi_futures_read(home, NULL, exchange, &all, err);
    for (size_t i = 0; i < all.n && n_named < MOST_NAMED; i++) {
        bool known = false;
        for (size_t k = 0; k < n_named; k++)
            known |= strcmp(named[k], all.items[i].contract.underlying) == 0;
        if (known)
            continue;
        named[n_named++] = all.items[i].contract.underlying;
        pxi_text_printf(&roots, "%s%s", n_named > 1 ? ", " : "", named[n_named - 1]);
    }
    if (!status)
        status = pxi_fail(err, PX_ENOTFOUND, "no futures of \"%.60s\" are stored on %s in %s: %s%s", root,
                          exchange, px_home_path(home),
                          n_named ? "there are those of " : "import its contracts, a file or a symbol each",
                          roots.data ? roots.data : "");
    pxi_text_free(&roots);
    pxi_futures_free(&all);
    return status;
}

static px_status find_futures(px_home *home, const char *symbol, const char *exchange,
                              char root[PX_NAME_SIZE], pxi_futures *out, px_error *err) {
    px_status status = read_root(symbol, exchange, root, err);
    if (!status)
        status = pxi_futures_read(home, root, exchange, out, err);
    return status || out->n ? status : fail_no_futures(home, root, exchange, err);
}

px_status px_continuous_check_root(px_home *home, const char *symbol, const char *exchange,
                                   char root[PX_NAME_SIZE], px_error *err) {
    pxi_futures futures = {0};
    char found[PX_NAME_SIZE];
    px_status status =
        find_futures(home, symbol, exchange ? exchange : PX_USUAL_EXCHANGE, found, &futures, err);
    pxi_futures_free(&futures);
    if (!status && root)
        pxi_copy(root, PX_NAME_SIZE, found);
    return status;
}

/* ---- the chain ------------------------------------------------------------------------------------------
 */

static px_status add(pxi_chain_plan *plan, const px_chain_contract *contract, px_error *err) {
    if (!pxi_grow(&plan->contracts, &plan->capacity, plan->n + 1, sizeof *plan->contracts))
        return pxi_fail_memory(err);
    plan->contracts[plan->n++] = *contract;
    return PX_OK;
}

static int month_of(int32_t date) {
    const px_civil civil = px_civil_from_date(date);
    return (int)civil.year * 12 + (int)civil.month - 1;
}

static int32_t first_of_month(int month) {
    return px_date_from_civil((px_civil){.year = month / 12, .month = month % 12 + 1, .day = 1});
}

/* Contracts of months of which none is stored, where the exchange's rules tell that there was one. */
static px_status add_months(pxi_chain_plan *plan, int begin, int end, px_error *err) {
    px_status status = PX_OK;
    if (!pxi_is_of_india(px_calendar_name(plan->calendar)))
        return PX_OK;
    for (int month = begin; month < end && !status; month++) {
        px_contract contract = {
            .kind = PX_CONTRACT_FUTURE, .year = month / 12, .month = month % 12 + 1, .expiry = PX_NO_DATE};
        px_chain_contract made = {.first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
        if (px_expiry_of_month(plan->root, contract.year, contract.month, &contract.expiry, NULL) != PX_OK)
            continue;
        pxi_copy(contract.underlying, sizeof contract.underlying, plan->root);
        contract.day = (int)px_civil_from_date(contract.expiry).day;
        px_contract_name(&contract, made.symbol);
        made.expiry = contract.expiry;
        status = add(plan, &made, err);
    }
    return status;
}

static px_status add_stored(pxi_chain_plan *plan, const pxi_future *future, px_error *err) {
    px_chain_contract made = {
        .expiry = future->contract.expiry, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    const px_chain_contract *before = plan->n ? &plan->contracts[plan->n - 1] : NULL;
    char text[PX_TIME_TEXT_SIZE];
    if (made.expiry == PX_NO_DATE)
        return pxi_fail(err, PX_EINPUT,
                        "the day on which %s expires is not known: give it a name that has the day, as "
                        "\"%s 25 JAN 2024 FUT\" (`pixity data rename`)",
                        future->instrument.symbol, plan->root);
    if (before && *before->key && before->expiry == made.expiry)
        return pxi_fail(err, PX_EINPUT,
                        "%s and %s both expire on %s: which of them the series is made of "
                        "cannot be told",
                        before->symbol, future->instrument.symbol, px_date_format(made.expiry, text));
    pxi_copy(made.symbol, sizeof made.symbol, future->instrument.symbol);
    pxi_copy(made.key, sizeof made.key, future->instrument.key);
    return add(plan, &made, err);
}

/* Whether the window can have a contract whose day of expiry is not known: behind those that are known to
 * expire before its month, and until that ends. */
static bool may_be_needed(const pxi_chain_plan *plan, const pxi_futures *futures,
                          const px_contract *contract) {
    const px_calendar *calendar = plan->calendar;
    if (!contract->year || !contract->month)
        return true;
    const int32_t begin = first_of_month(contract->year * 12 + contract->month - 1),
                  end = first_of_month(contract->year * 12 + contract->month);
    size_t before = 0; /* those without a day stand first */
    while (before < futures->n && futures->items[before].contract.expiry < begin)
        before++;
    const size_t ahead = pxi_continuous_ahead(&plan->request->continuous);
    const int32_t last = before > ahead ? futures->items[before - ahead - 1].contract.expiry : PX_NO_DATE;
    return plan->wanted->series_us < px_calendar_session(calendar, end).midnight_us &&
           (last == PX_NO_DATE ||
            px_calendar_session(calendar, last).next_midnight_us < plan->wanted->end_us);
}

px_status pxi_chain_find(pxi_chain_plan *plan, px_error *err) {
    pxi_futures futures = {0};
    px_status status = find_futures(plan->home, plan->request->symbol, px_calendar_name(plan->calendar),
                                    plan->root, &futures, err);
    for (size_t i = 0; i < futures.n && !status; i++) {
        const int32_t expiry = futures.items[i].contract.expiry;
        if (expiry == PX_NO_DATE && !may_be_needed(plan, &futures, &futures.items[i].contract))
            continue;
        if (expiry != PX_NO_DATE) { /* the first has its place only after those before it */
            const int month = month_of(expiry);
            const int before = i && futures.items[i - 1].contract.expiry != PX_NO_DATE
                                   ? month_of(futures.items[i - 1].contract.expiry) + 1
                                   : month - 1 - (int)pxi_continuous_ahead(&plan->request->continuous);
            status = add_months(plan, before, month, err);
        }
        if (!status)
            status = add_stored(plan, &futures.items[i], err);
    }
    pxi_futures_free(&futures);
    return status;
}

/* ---- what a window needs --------------------------------------------------------------------------------
 */

static int64_t end_of(const pxi_chain_plan *plan, size_t i) {
    return px_calendar_session(plan->calendar, plan->contracts[i].expiry).next_midnight_us;
}

bool pxi_chain_needs(const pxi_chain_plan *plan, size_t i, int64_t *begin_us, int64_t *end_us) {
    const size_t ahead = pxi_continuous_ahead(&plan->request->continuous);
    if (i < ahead)
        return false;
    const int64_t begin = i > ahead ? end_of(plan, i - ahead - 1) : INT64_MIN, end = end_of(plan, i - ahead);
    *begin_us = begin > plan->wanted->series_us ? begin : plan->wanted->series_us;
    *end_us = end < plan->wanted->end_us ? end : plan->wanted->end_us;
    return *begin_us < *end_us;
}

/* The timeframes of all contracts that are needed, ascending. */
static px_status list_timeframes(const pxi_chain_plan *plan, pxi_series_choice *choice, px_error *err) {
    size_t capacity = 0;
    int64_t begin_us, end_us;
    px_status status = PX_OK;
    for (size_t i = 0; i < plan->n && !status; i++) {
        int *stored = NULL;
        size_t n = 0;
        if (*plan->contracts[i].key && pxi_chain_needs(plan, i, &begin_us, &end_us))
            status = px_candles_timeframes(plan->home, plan->contracts[i].key, &stored, &n, err);
        for (size_t k = 0; k < n && !status; k++) {
            size_t at = 0;
            while (at < choice->n_stored && choice->stored[at] < stored[k])
                at++;
            if (at < choice->n_stored && choice->stored[at] == stored[k])
                continue;
            if (!pxi_grow(&choice->stored, &capacity, choice->n_stored + 1, sizeof *choice->stored)) {
                status = pxi_fail_memory(err);
                break;
            }
            memmove(&choice->stored[at + 1], &choice->stored[at],
                    (choice->n_stored++ - at) * sizeof *choice->stored);
            choice->stored[at] = stored[k];
        }
        free(stored);
    }
    return status;
}

/* On how many days the contracts have bars while they are in their place. */
static px_status count_days(const void *context, int minutes, size_t *days, px_error *err) {
    const pxi_chain_plan *plan = context;
    int64_t begin_us, end_us;
    px_status status = PX_OK;
    *days = 0;
    for (size_t i = 0; i < plan->n && !status; i++) {
        size_t n = 0;
        if (*plan->contracts[i].key && pxi_chain_needs(plan, i, &begin_us, &end_us))
            status = pxi_candles_count_days(plan->home, plan->contracts[i].key, minutes, begin_us, end_us, &n,
                                            err);
        *days += n == SIZE_MAX ? 1 : n; /* a damaged file is reported where it is read */
    }
    return status;
}

px_status pxi_chain_choose(const pxi_chain_plan *plan, int timeframe_minutes, pxi_series_choice *out,
                           px_error *err) {
    pxi_series_choice choice = {0};
    px_status status = list_timeframes(plan, &choice, err);
    if (!status)
        status = pxi_series_take(timeframe_minutes, count_days, plan, &choice, err);
    if (status)
        pxi_series_choice_free(&choice);
    else
        *out = choice;
    return status;
}
