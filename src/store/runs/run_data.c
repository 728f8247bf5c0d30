// SPDX-License-Identifier: Apache-2.0
#include "store/runs/run_data.h"

#include "base/error.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"
#include "pixity/number.h"
#include "pixity/requests.h"
#include "store/candles/candles.h"
#include "store/candles/series_log.h"
#include "store/home/home.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- what journals tell -------------------------------------------------------------------------------- */

/* An entry that changed bars. */
typedef struct changed_bars {
    int number, undoes, minutes;
    bool undone;
    int64_t at_us;             /* INT64_MIN = not known */
    int64_t first_us, last_us; /* the bars that it touched lie between */
    char kind[16], file[80];
} changed_bars;

typedef struct pxi_watched {
    char key[PX_NAME_SIZE];
    bool stored; /* there is a folder of it */
    size_t n, capacity;
    changed_bars *entries;
    px_adjustments adjustments;
} pxi_watched;

static void free_watched(pxi_watched *watched) {
    free(watched->entries);
    px_adjustments_free(&watched->adjustments);
}

void pxi_data_watch_free(pxi_data_watch *watch) {
    for (size_t i = 0; i < watch->n; i++)
        free_watched(&watch->items[i]);
    free(watch->items);
    free(watch->exchange);
    pxi_futures_free(&watch->futures);
    *watch = (pxi_data_watch){0};
}

static const char *text_of(const json_t *document, const char *name) {
    const char *text = json_string_value(json_object_get(document, name));
    return text ? text : "";
}

/* Entries of earlier versions tell the bars that were given, not those of them that changed. */
static int64_t time_of(const json_t *document, const char *name, const char *usual, int64_t unknown) {
    int64_t ts_us;
    const char *text = text_of(document, name);
    if (!*text && usual)
        text = text_of(document, usual);
    return *text && px_time_parse(text, strlen(text), NULL, &ts_us, NULL) == PX_OK ? ts_us : unknown;
}

static px_status add_entry(pxi_watched *to, const pxi_entry *entry, int minutes, px_error *err) {
    const json_t *document = entry->document;
    if (json_integer_value(json_object_get(document, "changed")) <= 0)
        return PX_OK;
    changed_bars made = {
        .number = entry->number,
        .undoes = entry->undoes,
        .minutes = minutes,
        .undone = entry->undone,
        .at_us = time_of(document, "at", NULL, INT64_MIN),
        .first_us = time_of(document, "changed_first", "first", INT64_MIN),
        .last_us = time_of(document, "changed_last", "last", INT64_MAX),
    };
    pxi_copy(made.kind, sizeof made.kind, pxi_entry_kind(entry));
    pxi_copy(made.file, sizeof made.file, text_of(document, "file"));
    if (!pxi_grow(&to->entries, &to->capacity, to->n + 1, sizeof *to->entries))
        return pxi_fail_memory(err);
    to->entries[to->n++] = made;
    return PX_OK;
}

static px_status read_series(px_home *home, pxi_watched *to, int minutes, px_error *err) {
    pxi_series_log log = {0};
    char *folder = pxi_series_folder(home, to->key, minutes);
    px_status status = folder ? pxi_series_log_read(folder, to->key, &log, err) : pxi_fail_memory(err);
    for (size_t i = 0; i < log.n && !status; i++)
        status = add_entry(to, &log.items[i], minutes, err);
    pxi_series_log_free(&log);
    free(folder);
    return status;
}

static px_status read_instrument(px_home *home, const char *key, pxi_watched *to, px_error *err) {
    px_instrument instrument = {0};
    int *timeframes = NULL;
    size_t n = 0;
    pxi_copy(to->key, sizeof to->key, key);
    pxi_copy(instrument.key, sizeof instrument.key, key);
    px_status status = px_candles_timeframes(home, key, &timeframes, &n, err);
    to->stored = n > 0;
    for (size_t i = 0; i < n && !status; i++)
        status = read_series(home, to, timeframes[i], err);
    if (!status)
        status = px_adjustments_read(home, &instrument, &to->adjustments, err);
    free(timeframes);
    return status;
}

static px_status watch_instrument(px_home *home, const char *key, pxi_data_watch *watch,
                                  const pxi_watched **out, px_error *err) {
    for (size_t i = 0; i < watch->n; i++)
        if (strcmp(watch->items[i].key, key) == 0) {
            *out = &watch->items[i];
            return PX_OK;
        }
    if (!pxi_grow(&watch->items, &watch->capacity, watch->n + 1, sizeof *watch->items))
        return pxi_fail_memory(err);
    pxi_watched *made = &watch->items[watch->n++];
    *made = (pxi_watched){0};
    *out = made;
    px_status status = read_instrument(home, key, made, err);
    if (status) { /* what could not be read is not known */
        free_watched(made);
        watch->n--;
    }
    return status;
}

/* ---- one run ------------------------------------------------------------------------------------------- */

/* Which stored bars a run was made on. */
typedef struct used_bars {
    int64_t entry, created_us; /* the journal's last entry then, -1 = not known; when it was saved */
    int source_minutes, minutes;
    int64_t first_us, last_us; /* warm-up included; to the end of the last date */
    int32_t first_date;        /* PX_NO_DATE = the series' beginning */
} used_bars;

static int64_t parse_time(const char *text, int64_t unknown) {
    int64_t ts_us;
    return text && px_time_parse(text, strlen(text), NULL, &ts_us, NULL) == PX_OK ? ts_us : unknown;
}

/* "1m bars of ..." */
static int source_minutes(const char *source) {
    char name[16];
    int minutes = 0;
    return source && sscanf(source, "%15s bars of", name) == 1 &&
                   px_timeframe_parse(name, &minutes, NULL) == PX_OK
               ? minutes
               : 0;
}

/* False for bars that came from elsewhere, and for runs that do not tell. */
static bool describe(const px_run *run, used_bars *out) {
    const px_run_data *data = &run->data;
    const int64_t first_us = parse_time(data->first_bar, INT64_MIN),
                  last_us = parse_time(data->last_bar, INT64_MIN);
    int32_t first_date;
    *out = (used_bars){
        .entry = data->entry,
        .created_us = parse_time(run->created, INT64_MIN),
        .source_minutes = source_minutes(data->source),
        .first_date = PX_NO_DATE,
    };
    if (px_run_failed(run) || run->request.input || run->request.data_dir || !run->symbol ||
        !data->instrument_key || out->source_minutes == 0 || out->created_us == INT64_MIN ||
        first_us == INT64_MIN || last_us == INT64_MIN ||
        px_timeframe_parse(run->timeframe ? run->timeframe : "", &out->minutes, NULL) ||
        px_date_parse(run->start ? run->start : "", &first_date, NULL))
        return false;
    const int warmup_days = px_config_warmup_backtest(&run->config);
    const int64_t day_us = 86400 * PX_US_PER_SECOND;
    out->first_us = INT64_MIN;
    if (run->request.start && warmup_days >= 0) {
        out->first_us = first_us - (warmup_days + 1) * day_us;
        out->first_date = first_date - warmup_days;
    }
    out->last_us = last_us + day_us;
    return true;
}

static bool is_later(const changed_bars *entry, const used_bars *used) {
    return entry->at_us > used->created_us || (used->entry >= 0 && entry->number > used->entry);
}

static const changed_bars *find_entry(const pxi_watched *of, int number) {
    for (size_t i = 0; i < of->n; i++)
        if (of->entries[i].number == number)
            return &of->entries[i];
    return NULL;
}

/* A series that is coarser than the one that was read is chosen by no request for this one's bars. */
static bool touches(const pxi_watched *of, const changed_bars *entry, const used_bars *used) {
    if (!is_later(entry, used) || entry->undone || entry->last_us < used->first_us ||
        entry->first_us > used->last_us || entry->minutes > used->source_minutes ||
        used->minutes % entry->minutes != 0)
        return false;
    const changed_bars *taken_back = entry->undoes ? find_entry(of, entry->undoes) : NULL;
    return !taken_back || !is_later(taken_back, used); /* else both are later: nothing of them is left */
}

static bool has_adjustment(const px_run_data *data, const px_adjustment *one) {
    char date[PX_TIME_TEXT_SIZE];
    px_date_format(one->ex_date, date);
    for (size_t i = 0; i < data->n_adjustments; i++)
        if (data->adjustments[i].ex_date && strcmp(data->adjustments[i].ex_date, date) == 0)
            return data->adjustments[i].factor == one->factor;
    return false;
}

/* Those that lie after the first bar that was read. Of a series from its beginning on, that bar's date is not
 * known: one before the window that is not among the run's may lie before it. */
static bool same_adjustments(const px_run *run, const pxi_watched *of, const used_bars *used) {
    size_t n = 0;
    int32_t first_date = used->first_date;
    if (first_date == PX_NO_DATE)
        (void)!px_date_parse(run->start, &first_date, NULL);
    for (size_t i = 0; i < of->adjustments.n; i++) {
        const px_adjustment *one = &of->adjustments.items[i];
        const bool had = has_adjustment(&run->data, one);
        n += had;
        if (!had && one->ex_date > first_date)
            return false;
    }
    return n == run->data.n_adjustments;
}

static void put_entry(pxi_text *text, const char *symbol, const changed_bars *entry, size_t n_more) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], at[PX_TIME_TEXT_SIZE];
    pxi_text_printf(text, "%s bars of %s were changed by entry %d of `pixity data log %s` (%s",
                    px_timeframe_format(entry->minutes, timeframe), symbol, entry->number, symbol,
                    entry->kind);
    if (*entry->file)
        pxi_text_printf(text, " of %s", entry->file);
    if (entry->undoes)
        pxi_text_printf(text, " of entry %d", entry->undoes);
    if (entry->at_us != INT64_MIN)
        pxi_text_printf(text, ", %.10s", px_time_format_iso(entry->at_us, NULL, at));
    pxi_text_puts(text, ")");
    if (n_more)
        pxi_text_printf(text, " and %zu more", n_more);
}

/* The bars alone. */
static void compare_bars(const char *symbol, const pxi_watched *of, const used_bars *used, pxi_text *text) {
    const changed_bars *first = NULL;
    size_t n = 0;
    if (!of->stored) {
        pxi_text_printf(text, "no bars of %s are stored any more, or under another name", symbol);
        return;
    }
    for (size_t i = 0; i < of->n; i++)
        if (touches(of, &of->entries[i], used)) {
            first = first && first->number < of->entries[i].number ? first : &of->entries[i];
            n++;
        }
    if (first)
        put_entry(text, symbol, first, n - 1);
}

static void compare(const px_run *run, const pxi_watched *of, const used_bars *used, pxi_text *text) {
    compare_bars(run->symbol, of, used, text);
    if (of->stored && !same_adjustments(run, of, used))
        pxi_text_printf(text, "%sthe splits and bonuses of %s are others", text->length ? "; " : "",
                        run->symbol);
}

/* ---- a run on a continuous series ------------------------------------------------------------------------
 */

/* PX_NO_DATE where a run does not tell it. */
static int32_t date_or_none(const char *text) {
    int32_t date;
    return text && px_date_parse(text, &date, NULL) == PX_OK ? date : PX_NO_DATE;
}

static int64_t begin_of(const char *text, int64_t unknown) {
    const int32_t date = date_or_none(text);
    return date == PX_NO_DATE ? unknown : date * PX_US_PER_DAY;
}

/* The bars of one contract, with those that stand beside the last ones of the contract before. */
static used_bars used_of(const px_run *run, size_t i, const used_bars *whole) {
    const px_run_contract *contract = &run->data.contracts.items[i];
    used_bars used = *whole;
    used.entry = contract->entry;
    if (i > 0)
        used.first_us =
            begin_of(run->data.contracts.items[i - 1].last, INT64_MIN + PX_US_PER_DAY) - PX_US_PER_DAY;
    used.last_us = begin_of(contract->last, INT64_MAX - 2 * PX_US_PER_DAY) + 2 * PX_US_PER_DAY;
    return used;
}

static bool knows_contract(const px_run *run, const char *key) {
    for (size_t i = 0; i < run->data.contracts.n; i++)
        if (run->data.contracts.items[i].instrument_key &&
            strcmp(run->data.contracts.items[i].instrument_key, key) == 0)
            return true;
    return false;
}

/* All that the exchange has, read once for the runs of a list. */
static px_status read_futures(px_home *home, const char *exchange, pxi_data_watch *watch, px_error *err) {
    if (watch->exchange && strcasecmp(watch->exchange, exchange) == 0)
        return PX_OK;
    pxi_futures_free(&watch->futures);
    free(watch->exchange);
    watch->exchange = NULL;
    px_status status = pxi_futures_read(home, NULL, exchange, &watch->futures, err);
    return status ? status : pxi_duplicate(exchange, &watch->exchange, err);
}

/* A contract that was stored since, and has its place between those of the run. */
static px_status find_new_contract(px_home *home, const px_run *run, const used_bars *whole,
                                   pxi_data_watch *watch, pxi_text *text, px_error *err) {
    const px_run_contracts *had = &run->data.contracts;
    px_contract first;
    const int32_t first_expiry = date_or_none(had->items[0].expiry),
                  last_expiry = date_or_none(had->items[had->n - 1].expiry);
    used_bars used = *whole;
    const char *exchange = run->request.exchange ? run->request.exchange : PX_USUAL_EXCHANGE;
    const px_contract_hint hint = {.exchange = exchange, .first_date = PX_NO_DATE, .last_date = PX_NO_DATE};
    if (!had->items[0].symbol || first_expiry == PX_NO_DATE || last_expiry == PX_NO_DATE ||
        (px_contract_read(had->items[0].symbol, &hint, &first, NULL) != PX_OK && !*first.underlying))
        return PX_OK;
    used.entry = -1;
    px_status status = read_futures(home, exchange, watch, err);
    for (size_t i = 0; i < watch->futures.n && !status && !text->length; i++) {
        const pxi_future *future = &watch->futures.items[i];
        const pxi_watched *watched = NULL;
        if (strcasecmp(future->contract.underlying, first.underlying) != 0 ||
            future->contract.expiry <= first_expiry || future->contract.expiry >= last_expiry ||
            knows_contract(run, future->instrument.key))
            continue;
        status = watch_instrument(home, future->instrument.key, watch, &watched, err);
        if (!status)
            compare_bars(future->instrument.symbol, watched, &used, text);
    }
    return status;
}

/* The splits and bonuses behind the first bar of a contract that the run has, or, of a back-adjusted run,
 * behind the one that stands beside the contract before; a run that does not tell it knows no better. */
static bool is_adjusted_so(const px_run *run, const pxi_watched *of, size_t i) {
    const px_run_contract *contracts = run->data.contracts.items;
    const char *adjust = run->request.back_adjust;
    const bool joins = i > 0 && adjust && strcmp(adjust, "none") != 0;
    const int32_t first = date_or_none(joins ? contracts[i - 1].last : contracts[i].first);
    for (size_t k = 0; k < of->adjustments.n && first != PX_NO_DATE; k++) {
        const px_adjustment *one = &of->adjustments.items[k];
        if (one->ex_date > first && !has_adjustment(&run->data, one))
            return false;
    }
    return true;
}

static bool is_among(const px_adjustments *list, int32_t ex_date, double factor) {
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].ex_date == ex_date && list->items[i].factor == factor)
            return true;
    return false;
}

/* A split or bonus of the run that none of its contracts has any more. */
static px_status find_lost_adjustment(px_home *home, const px_run *run, pxi_data_watch *watch, pxi_text *text,
                                      px_error *err) {
    const px_run_contracts *contracts = &run->data.contracts;
    char factor[PX_DOUBLE_TEXT_SIZE];
    px_status status = PX_OK;
    for (size_t k = 0; k < run->data.n_adjustments && !status && !text->length; k++) {
        const px_run_adjustment *had = &run->data.adjustments[k];
        const int32_t ex_date = date_or_none(had->ex_date);
        bool known = ex_date == PX_NO_DATE || isnan(had->factor);
        for (size_t i = 0; i < contracts->n && !known && !status; i++) {
            const pxi_watched *watched = NULL;
            const char *key = contracts->items[i].instrument_key;
            if (key && !(status = watch_instrument(home, key, watch, &watched, err)))
                known = is_among(&watched->adjustments, ex_date, had->factor);
            else
                known = !key; /* it may be that of this one */
        }
        if (known || status)
            continue;
        px_double_format(had->factor, factor);
        pxi_text_printf(text, "none of its contracts has the split or bonus of %s by %s any more",
                        had->ex_date, factor);
    }
    return status;
}

static px_status compare_contracts(px_home *home, const px_run *run, const used_bars *whole,
                                   pxi_data_watch *watch, pxi_text *text, px_error *err) {
    px_status status = PX_OK;
    for (size_t i = 0; i < run->data.contracts.n && !status && !text->length; i++) {
        const px_run_contract *contract = &run->data.contracts.items[i];
        const used_bars used = used_of(run, i, whole);
        const pxi_watched *watched = NULL;
        if (!contract->symbol || !contract->instrument_key)
            continue;
        status = watch_instrument(home, contract->instrument_key, watch, &watched, err);
        if (status)
            break;
        compare_bars(contract->symbol, watched, &used, text);
        if (!text->length && !is_adjusted_so(run, watched, i))
            pxi_text_printf(text, "the splits and bonuses of %s are others", contract->symbol);
    }
    if (!status && !text->length)
        status = find_lost_adjustment(home, run, watch, text, err);
    return status || text->length ? status : find_new_contract(home, run, whole, watch, text, err);
}

px_status pxi_run_data_changed(px_home *home, const px_run *run, pxi_data_watch *watch, char **out,
                               px_error *err) {
    const pxi_watched *watched = NULL;
    used_bars used;
    pxi_text text = {0};
    *out = NULL;
    if (!describe(run, &used))
        return PX_OK;
    px_status status = PX_OK;
    if (run->data.contracts.n)
        status = compare_contracts(home, run, &used, watch, &text, err);
    else if (!(status = watch_instrument(home, run->data.instrument_key, watch, &watched, err)))
        compare(run, watched, &used, &text);
    if (!status && (text.length || text.failed))
        return pxi_text_take(&text, out, err);
    pxi_text_free(&text);
    return status;
}

/* ---- a list -------------------------------------------------------------------------------------------- */

/* A damaged journal or run keeps no list from being read: they are reported where they are asked for. */
static px_status mark_row(px_home *home, px_table *list, size_t row, size_t column, pxi_data_watch *watch,
                          px_error *err) {
    px_run run = {0};
    char *changed = NULL;
    px_error ignored = {0};
    px_status status =
        px_run_load(home, px_table_text(list, px_table_find(list, "run_id"), row), &run, &ignored);
    if (!status)
        status = pxi_run_data_changed(home, &run, watch, &changed, &ignored);
    if (!status)
        list->columns[column].u.i64[row] = changed != NULL;
    free(changed);
    px_run_free(&run);
    return status == PX_ENOMEM ? pxi_fail_memory(err) : PX_OK;
}

px_status pxi_runs_mark_changed(px_home *home, px_table *list, size_t column, px_error *err) {
    const size_t status_column = px_table_find(list, "status"), created = px_table_find(list, "created"),
                 symbol = px_table_find(list, "symbol");
    pxi_data_watch watch = {0};
    pxi_data_times times = {0};
    px_status status = list->n_rows ? pxi_candles_times(home, &times, err) : PX_OK;
    for (size_t row = 0; row < list->n_rows && !status; row++) {
        const char *state = px_table_text(list, status_column, row), *name = px_table_text(list, symbol, row);
        list->columns[column].u.i64[row] = 0;
        if (!state || strcmp(state, "done") != 0 ||
            !name || /* which says of no bars that it was made on them */
            pxi_data_times_of(&times, name) < list->columns[created].u.i64[row])
            continue;
        status = mark_row(home, list, row, column, &watch, err);
    }
    pxi_data_times_free(&times);
    pxi_data_watch_free(&watch);
    return status;
}
