// SPDX-License-Identifier: Apache-2.0
/* Futures and options among what is imported: what their symbols mean, and contracts whose day of expiry was
 * moved, which are one contract in files of different days. */
#include "cli/data/import.h"
#include "pixity/contracts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what symbols mean ---------------------------------------------------------------------------------
 */

static void find_dates(const import *im, import_part *part) {
    int64_t first_us = INT64_MAX, last_us = INT64_MIN;
    for (size_t p = part->piece; p != SIZE_MAX; p = im->pieces[p].next) {
        const px_bars *bars = &im->pieces[p].series->bars;
        for (size_t i = 0; i < bars->n; i++) {
            first_us = bars->ts_us[i] < first_us ? bars->ts_us[i] : first_us;
            last_us = bars->ts_us[i] > last_us ? bars->ts_us[i] : last_us;
        }
    }
    part->first_date = px_calendar_date(im->calendar, first_us);
    part->last_date = px_calendar_date(im->calendar, last_us);
}

/* Prices of the underlying on these days, of the longest timeframe that is stored of it. */
static void find_underlying(const import *im, const char *underlying, px_contract_hint *hint) {
    px_instrument instrument;
    px_bars bars = {0};
    int *timeframes = NULL;
    size_t n = 0;
    if (!im->call->home || px_instrument_find(im->call->home, underlying, NULL, 0, &instrument, NULL) ||
        px_candles_timeframes(im->call->home, instrument.key, &timeframes, &n, NULL))
        return;
    const int64_t begin_us = px_calendar_session(im->calendar, hint->first_date - 7).midnight_us,
                  end_us = px_calendar_session(im->calendar, hint->last_date).next_midnight_us;
    if (n && !px_candles_read(im->call->home, &instrument, timeframes[n - 1], begin_us, end_us, &bars, NULL))
        for (size_t i = 0; i < bars.n; i++) {
            if (!i || bars.low[i] < hint->lowest_underlying)
                hint->lowest_underlying = bars.low[i];
            if (bars.high[i] > hint->highest_underlying)
                hint->highest_underlying = bars.high[i];
        }
    px_bars_free(&bars);
    free(timeframes);
}

/* Prices are asked for only where dates leave two meanings, which have one underlying. */
static px_status read_symbol(const import *im, import_part *part) {
    px_error why = {0};
    px_contract *c = &part->contract;
    px_contract_hint hint = {
        .exchange = import_exchange(im), .first_date = part->first_date, .last_date = part->last_date};
    px_status status = px_contract_read(part->symbol, &hint, c, &why);
    if (status == PX_EINPUT) {
        find_underlying(im, c->underlying, &hint);
        status = px_contract_read(part->symbol, &hint, c, &why);
    }
    if (!status && c->kind == PX_CONTRACT_OPTION)
        snprintf(
            part->refusal, sizeof part->refusal,
            "%s has a strike and no word on its side: name it with CE or PE, or give the column of sides "
            "with --columns \"option type=NAME\"",
            part->symbol);
    if (status == PX_EINPUT)
        snprintf(part->refusal, sizeof part->refusal, "%s", why.message);
    return status == PX_EINPUT ? PX_OK : status;
}

/* ---- days of expiry that were moved --------------------------------------------------------------------
 */

/* A series of a contract, on its way or stored, and when any contract of its underlying and expiry traded. */
typedef struct listed {
    px_contract contract;
    int32_t first_date, last_date;
    int32_t family_first, family_last;
    import_part *part; /* NULL = stored, as */
    px_instrument instrument;
} listed;

typedef struct board {
    listed *items;
    size_t n, capacity;
} board;

static px_status add(board *b, const listed *item, px_error *err) {
    if (b->n == b->capacity) {
        const size_t capacity = b->capacity ? 2 * b->capacity : 64;
        listed *items = realloc(b->items, capacity * sizeof *items);
        if (!items)
            return cli_fail(err, PX_ENOMEM, "out of memory");
        b->items = items;
        b->capacity = capacity;
    }
    b->items[b->n++] = *item;
    return PX_OK;
}

static bool has_expiry(const px_contract *c) {
    return c->kind >= PX_CONTRACT_FUTURE && c->kind <= PX_CONTRACT_PUT && c->expiry != PX_NO_DATE;
}

static int compare_expiry(const void *a, const void *b) {
    const listed *x = a, *y = b;
    int order = strcasecmp(x->contract.underlying, y->contract.underlying);
    if (!order)
        order = (x->contract.expiry > y->contract.expiry) - (x->contract.expiry < y->contract.expiry);
    return order;
}

static int compare_contract(const void *a, const void *b) {
    const listed *x = a, *y = b;
    int order = strcasecmp(x->contract.underlying, y->contract.underlying);
    if (!order)
        order = (int)x->contract.kind - (int)y->contract.kind;
    if (!order)
        order = (x->contract.strike > y->contract.strike) - (x->contract.strike < y->contract.strike);
    return order ? order : compare_expiry(a, b);
}

/* Among the first `n`, which stand by underlying. */
static bool is_wanted(const board *b, size_t n, const char *underlying) {
    size_t begin = 0;
    while (begin < n) {
        const size_t middle = begin + (n - begin) / 2;
        const int order = strcasecmp(b->items[middle].contract.underlying, underlying);
        if (order == 0)
            return true;
        if (order < 0)
            begin = middle + 1;
        else
            n = middle;
    }
    return false;
}

/* A stored series, where it is one of a contract whose expiry is known. */
static bool take_stored(const import *im, const px_table *stored, size_t row, listed *out) {
    px_contract_hint hint = {.exchange = import_exchange(im)};
    const int64_t first_us = stored->columns[4].u.i64[row], last_us = stored->columns[5].u.i64[row];
    if (first_us == PX_NULL_I64 || last_us == PX_NULL_I64 ||
        strcasecmp(px_table_text(stored, 2, row), import_exchange(im)) != 0)
        return false;
    out->first_date = hint.first_date = px_calendar_date(im->calendar, first_us);
    out->last_date = hint.last_date = px_calendar_date(im->calendar, last_us);
    return px_contract_read(px_table_text(stored, 0, row), &hint, &out->contract, NULL) == PX_OK &&
           has_expiry(&out->contract);
}

/* What is stored of the underlyings that are imported. */
static px_status list_stored(const import *im, board *b, px_error *err) {
    px_table stored = {0};
    const size_t n_parts = b->n;
    if (!im->call->home || !b->n)
        return PX_OK;
    qsort(b->items, b->n, sizeof *b->items, compare_expiry);
    px_status status = px_candles_list(im->call->home, &stored, err);
    for (size_t row = 0; row < stored.n_rows && !status; row++) {
        listed item = {0};
        if (!take_stored(im, &stored, row, &item) || !is_wanted(b, n_parts, item.contract.underlying))
            continue;
        status = px_instrument_find(im->call->home, px_table_text(&stored, 1, row), NULL, 0, &item.instrument,
                                    err);
        if (!status)
            status = add(b, &item, err);
    }
    px_table_free(&stored);
    return status;
}

static px_status list_parts(const import *im, board *b, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < im->n_parts && !status; i++) {
        import_part *part = &im->parts[i];
        const listed item = {.contract = part->contract,
                             .first_date = part->first_date,
                             .last_date = part->last_date,
                             .part = part};
        if (has_expiry(&part->contract))
            status = add(b, &item, err);
    }
    return status;
}

/* On which days contracts of one expiry were traded, whatever their strike. */
static void find_families(board *b) {
    if (b->n)
        qsort(b->items, b->n, sizeof *b->items, compare_expiry);
    for (size_t i = 0, end; i < b->n; i = end) {
        int32_t first = b->items[i].first_date, last = b->items[i].last_date;
        for (end = i; end < b->n && !compare_expiry(&b->items[i], &b->items[end]); end++) {
            first = b->items[end].first_date < first ? b->items[end].first_date : first;
            last = b->items[end].last_date > last ? b->items[end].last_date : last;
        }
        for (size_t k = i; k < end; k++) {
            b->items[k].family_first = first;
            b->items[k].family_last = last;
        }
    }
}

/* Whether contracts that were to expire on one day expire, by the exchange's rules and holidays, on the
 * other. */
static bool by_rule(const px_contract *before, const px_contract *after) {
    const px_civil day = px_civil_from_date(before->expiry);
    int32_t month, week;
    return (px_expiry_of_month(before->underlying, (int)day.year, (int)day.month, &month, NULL) == PX_OK &&
            month == after->expiry) ||
           (px_expiry_of_week(before->underlying, before->expiry, &week, NULL) == PX_OK &&
            week == after->expiry);
}

static bool is_day_of_expiry(const px_contract *c) {
    return by_rule(c, c);
}

/* Two expiries less than a week apart are one contract, whose day was moved, where the first is no day of
 * expiry by the exchange's rules, was not traded past the other's, and was listed only before the other
 * appeared, or that is the day by the rules. */
static bool was_moved(const listed *before, const listed *after) {
    const int32_t apart = after->contract.expiry - before->contract.expiry;
    if (!apart || apart > 6 || apart < -6 || is_day_of_expiry(&before->contract) ||
        before->family_last > after->contract.expiry)
        return false;
    return (before->family_last < after->family_first && before->contract.expiry >= after->family_first) ||
           by_rule(&before->contract, &after->contract);
}

static void set_name(import_part *part, const char *name) {
    snprintf(part->name, sizeof part->name, "%s", name);
    part->symbol = part->name;
}

static px_status note_rename(import *im, const px_instrument *from, const char *to, px_error *err) {
    for (size_t i = 0; i < im->n_renames; i++) /* with all its timeframes; and a name has room for one */
        if (strcmp(im->renames[i].from.key, from->key) == 0 || strcasecmp(im->renames[i].to, to) == 0)
            return PX_OK;
    if (im->n_renames == im->renames_capacity) {
        const size_t capacity = 2 * im->renames_capacity + 8;
        import_rename *more = realloc(im->renames, capacity * sizeof *more);
        if (!more)
            return cli_fail(err, PX_ENOMEM, "out of memory");
        im->renames = more;
        im->renames_capacity = capacity;
    }
    import_rename *rename = &im->renames[im->n_renames++];
    rename->from = *from;
    snprintf(rename->to, sizeof rename->to, "%s", to);
    return PX_OK;
}

static bool has_part(const import *im, const char *symbol) {
    for (size_t i = 0; i < im->n_parts; i++)
        if (strcasecmp(im->parts[i].symbol, symbol) == 0)
            return true;
    return false;
}

/* A part that is refused changes no name. */
px_status import_rename_stored(import *im, px_error *err) {
    px_instrument moved;
    px_status status = PX_OK;
    for (size_t i = 0; i < im->n_renames && !status; i++) {
        const import_rename *rename = &im->renames[i];
        if (has_part(im, rename->to))
            status =
                px_candles_rename(im->call->home, &rename->from, rename->to, cli_clock_us(), &moved, err);
        if (status == PX_EEXISTS || status == PX_ENOTFOUND) /* another command was faster */
            status = PX_OK;
    }
    return status;
}

static px_status take_name(import *im, listed *before, const listed *after, px_error *err) {
    char from[PX_TIME_TEXT_SIZE], to[PX_TIME_TEXT_SIZE];
    const char *name = after->part ? after->part->symbol : after->instrument.symbol;
    const char *old = before->part ? before->part->symbol : before->instrument.symbol;
    if (strcasecmp(old, name) == 0)
        return PX_OK;
    cli_log(
        im->call, CLI_LOG_WARNING,
        "%s and %s are one contract, whose expiry was moved from %s to %s: the later file holds, its bars "
        "are those of %s",
        old, name, px_date_format(before->contract.expiry, from), px_date_format(after->contract.expiry, to),
        name);
    if (!before->part)
        return note_rename(im, &before->instrument, name, err);
    set_name(before->part, name);
    return PX_OK;
}

/* Series of one contract take the name of those of the day it was moved to. What is stored under both keeps
 * its names. */
static px_status take_names(import *im, listed *before, size_t n_before, const listed *after, size_t n_after,
                            px_error *err) {
    bool is_stored = false;
    px_status status = PX_OK;
    for (size_t i = 0; i < n_after; i++)
        is_stored |= !after[i].part;
    for (size_t i = 0; i < n_before && !status; i++)
        if (before[i].part || !is_stored)
            status = take_name(im, &before[i], after, err);
    return status;
}

static bool same_but_expiry(const px_contract *a, const px_contract *b) {
    return a->kind == b->kind && a->strike == b->strike && strcasecmp(a->underlying, b->underlying) == 0;
}

/* Spellings of one contract are one series: that of the data folder, else the first. */
static void spell_alike(listed *items, size_t n) {
    const import_part *first = NULL;
    const char *name = NULL;
    for (size_t i = 0; i < n; i++)
        if (!items[i].part)
            name = items[i].instrument.symbol;
        else if (!first || items[i].part < first)
            first = items[i].part;
    if (!name && first)
        name = first->symbol;
    for (size_t i = 0; i < n; i++)
        if (items[i].part && strcasecmp(items[i].part->symbol, name) != 0)
            set_name(items[i].part, name);
}

/* Series of one contract stand together, and beside those of the expiry before. */
static px_status join_moved(import *im, board *b, px_error *err) {
    px_status status = PX_OK;
    find_families(b);
    if (b->n)
        qsort(b->items, b->n, sizeof *b->items, compare_contract);
    for (size_t i = 0, next; i < b->n; i = next) {
        for (next = i; next < b->n && !compare_contract(&b->items[i], &b->items[next]);)
            next++;
        spell_alike(&b->items[i], next - i);
    }
    const bool is_of_india =
        strcasecmp(import_exchange(im), "NSE") == 0 || strcasecmp(import_exchange(im), "BSE") == 0;
    for (size_t i = 0, next, end; is_of_india && i < b->n && !status; i = next) {
        for (next = i; next < b->n && !compare_contract(&b->items[i], &b->items[next]);)
            next++;
        if (next == b->n || !same_but_expiry(&b->items[i].contract, &b->items[next].contract))
            continue;
        for (end = next; end < b->n && !compare_contract(&b->items[next], &b->items[end]);)
            end++;
        listed *one = &b->items[i], *other = &b->items[next];
        if (was_moved(one, other))
            status = take_names(im, one, next - i, other, end - next, err);
        else if (was_moved(other, one))
            status = take_names(im, other, end - next, one, next - i, err);
    }
    return status;
}

px_status import_contracts(import *im, px_error *err) {
    board b = {0};
    px_status status = PX_OK;
    for (size_t i = 0; i < im->n_parts && !status; i++) {
        find_dates(im, &im->parts[i]);
        status = read_symbol(im, &im->parts[i]);
    }
    if (!status)
        status = list_parts(im, &b, err);
    if (!status)
        status = list_stored(im, &b, err);
    if (!status)
        status = join_moved(im, &b, err);
    free(b.items);
    return status ? status : import_link_parts(im, err);
}
