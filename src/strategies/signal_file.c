// SPDX-License-Identifier: Apache-2.0
/* Files of signals: rows read, sorted, hashed, and found among the bars. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "files/source.h"
#include "strategies/signal_row.h"

static void reject(px_signal_rows *rows, size_t line, const char *format, ...) PX_PRINTF(3, 4);
static void reject(px_signal_rows *rows, size_t line, const char *format, ...) {
    if (rows->n_rejected < PX_MAX_REJECTIONS) {
        px_rejection *rejection = &rows->rejections[rows->n_rejected];
        rejection->line = line;
        va_list args;
        va_start(args, format);
        vsnprintf(rejection->reason, sizeof rejection->reason, format, args);
        va_end(args);
    }
    rows->n_rejected++;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

/* While rows are read their tags are offsets into rows->tags, which moves; this puts the addresses in. */
static void point_to_tags(px_signal_rows *rows) {
    for (size_t i = 0; i < rows->n; i++) {
        px_signal *signal = &rows->items[i].signal;
        if (signal->tag)
            signal->tag = rows->tags + signal->candidate;
        signal->candidate = SIZE_MAX;
    }
}

static px_status add_row(px_signal_rows *rows, size_t line, px_signal signal, px_error *err) {
    size_t length = signal.tag ? strlen(signal.tag) + 1 : 0;
    if (!pxi_grow(&rows->items, &rows->capacity, rows->n + 1, sizeof *rows->items) ||
        !pxi_grow(&rows->tags, &rows->tags_capacity, rows->tags_used + length, 1))
        return pxi_fail_memory(err);
    if (length > 0)
        memcpy(rows->tags + rows->tags_used, signal.tag, length);
    signal.candidate = rows->tags_used;
    rows->tags_used += length;
    rows->items[rows->n++] = (px_signal_row){line, signal};
    return PX_OK;
}

/* A symbol may be written as in bar files, or as the key. */
static bool is_asked_for(const px_instrument *instrument, const char *symbol) {
    return !instrument || px_symbol_same(symbol, instrument->symbol) || strcmp(symbol, instrument->key) == 0;
}

static px_status take_record(const pxi_signal_columns *columns, const pxi_record *record,
                             const px_signals_config *config, px_signal_rows *rows, px_error *err) {
    char reason[PXI_SIGNAL_REASON_SIZE];
    size_t symbol = columns->at[PXI_SIGNAL_SYMBOL];
    px_signal signal;
    rows->n_read++;
    if (record->fault) {
        reject(rows, record->line, "%s", record->fault);
        return PX_OK;
    }
    if (symbol != SIZE_MAX && !is_asked_for(config->instrument, record->fields[symbol].text)) {
        rows->n_other_symbols++;
        return PX_OK;
    }
    if (pxi_signal_row_parse(columns, record->fields, config->zone, &signal, reason))
        return add_row(rows, record->line, signal, err);
    reject(rows, record->line, "%s", reason);
    return PX_OK;
}

/* By time; what leaves first, so that a row of each turns the position; then as in the file. */
static int compare_rows(const void *a, const void *b) {
    const px_signal_row *x = a, *y = b;
    bool x_enters = x->signal.action == PX_ACTION_ENTER, y_enters = y->signal.action == PX_ACTION_ENTER;
    if (x->signal.ts_us != y->signal.ts_us)
        return x->signal.ts_us < y->signal.ts_us ? -1 : 1;
    if (x_enters != y_enters)
        return x_enters ? 1 : -1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static void hash_number(pxi_hash *hash, double value) {
    int64_t bits = 0;
    if (isnan(value))
        value = NAN; /* every NaN alike */
    memcpy(&bits, &value, sizeof bits);
    pxi_hash_i64(hash, bits);
}

static void hash_rows(px_signal_rows *rows) {
    pxi_hash hash;
    pxi_hash_init(&hash);
    for (size_t i = 0; i < rows->n; i++) {
        const px_signal *signal = &rows->items[i].signal;
        pxi_hash_i64(&hash, signal->ts_us);
        pxi_hash_i64(&hash, signal->action);
        pxi_hash_i64(&hash, signal->side);
        pxi_hash_i64(&hash, signal->stop.kind);
        hash_number(&hash, signal->stop.value);
        pxi_hash_i64(&hash, signal->target.kind);
        hash_number(&hash, signal->target.value);
        pxi_hash_i64(&hash, signal->h_bars);
        hash_number(&hash, signal->quantity);
        hash_number(&hash, signal->probability);
        pxi_hash_text(&hash, signal->tag ? signal->tag : "");
    }
    pxi_hash_hex(&hash, rows->sha256);
}

static px_status fail_empty(const px_signal_rows *rows, const px_signals_config *config, const char *name,
                            px_error *err) {
    if (rows->n_read == 0)
        return pxi_fail(err, PX_EINPUT, "%s: a header line but no rows", name);
    if (rows->n_rejected == 0)
        return pxi_fail(err, PX_EINPUT, "%s: none of its %zu rows is of %s", name, rows->n_read,
                        config->instrument->symbol);
    return pxi_fail(err, PX_EINPUT, "%s: no row is a signal (%zu read, %zu of them rejected; line %zu: %s)",
                    name, rows->n_read, rows->n_rejected, rows->rejections[0].line,
                    rows->rejections[0].reason);
}

/* Takes the records, which are closed. */
static px_status read_records(pxi_records *records, const char *name, const px_signals_config *config,
                              px_signal_rows *out, px_error *err) {
    px_signal_rows rows = {0};
    pxi_signal_columns columns;
    pxi_record record;
    bool more = true;
    px_status status = pxi_signal_columns_find(records, &columns, rows.unread, sizeof rows.unread, err);
    if (status)
        pxi_fail_prefix(err, status, "%s", name);
    if (!status) {
        pxi_records_hold_text(records, columns.at[PXI_SIGNAL_SYMBOL]);
        pxi_records_hold_text(records, columns.at[PXI_SIGNAL_TAG]);
    }
    while (!status && !(status = pxi_records_next(records, &record, &more, err)) && more)
        status = take_record(&columns, &record, config, &rows, err);
    if (!status && rows.n == 0)
        status = fail_empty(&rows, config, name, err);
    pxi_records_close(&records);
    if (status) {
        px_signal_rows_free(&rows);
        return status;
    }
    point_to_tags(&rows);
    qsort(rows.items, rows.n, sizeof *rows.items, compare_rows);
    hash_rows(&rows);
    *out = rows;
    return PX_OK;
}

px_status px_signals_read(const char *path, const px_signals_config *config, px_signal_rows *out,
                          px_error *err) {
    pxi_records *records;
    px_status status = pxi_records_open(path, &config->limits, &records, err);
    return status ? status : read_records(records, path, config, out, err);
}

px_status px_signals_parse(const char *text, size_t length, const char *name, const px_signals_config *config,
                           px_signal_rows *out, px_error *err) {
    pxi_records *records;
    px_status status = pxi_records_open_text(text, length, name, &records, err);
    return status ? status : read_records(records, name, config, out, err);
}

void px_signal_rows_free(px_signal_rows *rows) {
    if (!rows)
        return;
    free(rows->items);
    free(rows->tags);
    *rows = (px_signal_rows){0};
}

/* ---- placing ------------------------------------------------------------------------------------------- */

/* The bar that starts at a time, of daily bars that of the time's date; SIZE_MAX if there is none. */
static size_t find_bar(const px_dataset *data, int64_t ts_us) {
    bool daily = data->timeframe_minutes >= PX_TIMEFRAME_DAY;
    int32_t date = px_calendar_date(data->calendar, ts_us);
    int64_t from_us = daily ? px_calendar_session(data->calendar, date).midnight_us : ts_us;
    size_t i = px_bars_lower_bound(&data->bars, from_us);
    if (i == data->bars.n)
        return SIZE_MAX;
    bool found =
        daily ? px_calendar_date(data->calendar, data->bars.ts_us[i]) == date : data->bars.ts_us[i] == ts_us;
    return found ? i : SIZE_MAX;
}

/* Before the first bar of the window, or where none follows. */
static bool is_outside(const px_dataset *data, size_t bar, int64_t ts_us) {
    if (bar != SIZE_MAX)
        return bar < data->begin || bar >= data->end;
    return ts_us < data->bars.ts_us[data->begin] || ts_us > data->bars.ts_us[data->end - 1];
}

static px_status fail_nowhere(const px_signal_rows *rows, const px_dataset *data, const char *name,
                              px_error *err) {
    char first[PX_TIME_TEXT_SIZE], begin[PX_TIME_TEXT_SIZE], end[PX_TIME_TEXT_SIZE];
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    const px_zone *zone = px_calendar_zone(data->calendar);
    return pxi_fail(
        err, PX_EINPUT,
        "%s: none of its %zu signals is at the start of a %s bar of %s from %s to %s; the first is at "
        "%s",
        name, rows->n, px_timeframe_format(data->timeframe_minutes, timeframe), data->instrument.symbol,
        px_time_format_local(data->bars.ts_us[data->begin], zone, begin),
        px_time_format_local(data->bars.ts_us[data->end - 1], zone, end),
        px_time_format_local(rows->items[0].signal.ts_us, zone, first));
}

static void reject_between(px_signal_rows *rows, const px_signal_row *row, const px_dataset *data) {
    char when[PX_TIME_TEXT_SIZE], timeframe[PX_TIMEFRAME_TEXT_SIZE];
    reject(rows, row->line, "no %s bar starts at %s", px_timeframe_format(data->timeframe_minutes, timeframe),
           px_time_format_local(row->signal.ts_us, px_calendar_zone(data->calendar), when));
}

static int compare_lines(const void *a, const void *b) {
    size_t x = ((const px_rejection *)a)->line, y = ((const px_rejection *)b)->line;
    return x < y ? -1 : x > y;
}

static void sort_rejections(px_signal_rows *rows) {
    size_t n = rows->n_rejected < PX_MAX_REJECTIONS ? rows->n_rejected : PX_MAX_REJECTIONS;
    qsort(rows->rejections, n, sizeof *rows->rejections, compare_lines);
}

static bool is_in_window(const px_dataset *data, size_t bar) {
    return bar >= data->begin && bar < data->end;
}

px_status px_signals_place(px_signal_rows *rows, const px_dataset *dataset, const char *name, px_error *err) {
    size_t n = 0;
    for (size_t i = 0; i < rows->n && n == 0; i++)
        n += is_in_window(dataset, find_bar(dataset, rows->items[i].signal.ts_us));
    if (n == 0)
        return fail_nowhere(rows, dataset, name, err);
    n = 0;
    for (size_t i = 0; i < rows->n; i++) {
        px_signal_row row = rows->items[i];
        size_t bar = find_bar(dataset, row.signal.ts_us);
        if (is_in_window(dataset, bar)) {
            row.signal.bar = bar;
            row.signal.ts_us = dataset->bars.ts_us[bar];
            rows->items[n++] = row;
        } else if (is_outside(dataset, bar, row.signal.ts_us))
            rows->n_outside++;
        else
            reject_between(rows, &row, dataset);
    }
    rows->n = n;
    sort_rejections(rows);
    return PX_OK;
}
