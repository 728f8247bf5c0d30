// SPDX-License-Identifier: Apache-2.0
/* Bars of rows. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct taking {
    const pxi_rows *rows;
    const px_source_config *config;
    pxi_bar_reader reader;
    char stem[PX_NAME_SIZE];
    size_t last;        /* pxi_source_add's memory */
    const char *prefix; /* before reasons, where a source has several files; else NULL */
    px_source *out;
} taking;

/* ---- rows -----------------------------------------------------------------------------------------------
 */

static px_status take_row(taking *t, const pxi_batch *batch, size_t row, px_error *err) {
    char reason[PXI_REASON_SIZE], symbol[PX_NAME_SIZE + 1];
    px_bar bar;
    const size_t line = batch->lines[row];
    const char *fault = batch->faults ? batch->faults[row] : NULL;
    if (!fault && !pxi_bar_read(&t->reader, batch, row, &bar, reason))
        fault = reason;
    if (fault) {
        if (t->out->time_form == PX_TIME_UNKNOWN) /* the first bar's is told */
            t->reader.time_form = PX_TIME_UNKNOWN;
        pxi_source_reject(t->out, line, "%s%s%s", t->prefix ? t->prefix : "", t->prefix ? ": " : "", fault);
        return PX_OK;
    }
    if (t->out->time_form == PX_TIME_UNKNOWN)
        pxi_source_note_time(t->out, t->reader.time_text, strlen(t->reader.time_text), t->reader.time_form,
                             bar.ts_us);
    return pxi_source_add(t->config, pxi_bar_symbol(&t->reader, batch, row, symbol), t->stem, bar, line,
                          &t->last, t->out, err);
}

static px_status take_batch(const pxi_batch *batch, void *context, bool *stop, px_error *err) {
    taking *t = context;
    const uint64_t most = t->config->first_rows;
    const size_t n = most && most - t->out->n_read < batch->n ? most - t->out->n_read : batch->n;
    px_status status = pxi_source_count(t->config, t->out, n, batch->bytes, err);
    for (size_t row = 0; row < n && !status; row++)
        status = take_row(t, batch, row, err);
    if (!status)
        *stop = pxi_source_is_enough(t->config, t->out);
    return status;
}

/* ---- a table --------------------------------------------------------------------------------------------
 */

static px_status note_columns(const taking *t, px_error *err) {
    px_status status = PX_OK;
    px_source *out = t->out;
    if (out->columns || !t->rows->n_columns)
        return PX_OK;
    if (!(out->columns = pxi_new_array(t->rows->n_columns, sizeof *out->columns)))
        return pxi_fail_memory(err);
    out->n_columns = t->rows->n_columns;
    for (size_t i = 0; i < out->n_columns && !status; i++)
        status = pxi_duplicate(t->rows->columns[i].name, &out->columns[i].name, err);
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        if (t->reader.meaning.at[role] != PXI_NO_COLUMN)
            out->columns[t->reader.meaning.at[role]].meaning = pxi_role_name((pxi_bar_role)role);
    if (t->reader.meaning.clock != PXI_NO_COLUMN) {
        out->columns[t->reader.meaning.at[PXI_ROLE_TIME]].meaning = "date";
        out->columns[t->reader.meaning.clock].meaning = "time of day";
    }
    return status;
}

static bool is_symbol(const char *value, size_t length, const void *context) {
    char text[PX_NAME_SIZE];
    if (length >= sizeof text)
        return false;
    memcpy(text, value, length);
    text[length] = '\0';
    return px_symbol_same(text, context);
}

/* "1m", "1minute", "5min", "1h", "day", "15"... in minutes; 0 if it is none. */
static int loose_timeframe(const char *text) {
    static const struct {
        const char *unit;
        int minutes;
    } units[] = {{"", 1},
                 {"m", 1},
                 {"min", 1},
                 {"mins", 1},
                 {"minute", 1},
                 {"minutes", 1},
                 {"h", 60},
                 {"hr", 60},
                 {"hour", 60},
                 {"hours", 60},
                 {"d", PX_TIMEFRAME_DAY},
                 {"day", PX_TIMEFRAME_DAY},
                 {"days", PX_TIMEFRAME_DAY}};
    char *unit;
    long count = strtol(text, &unit, 10);
    if (unit == text)
        count = *text ? 1 : 0;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcasecmp(unit, units[i].unit) == 0 && count > 0 && count <= PX_TIMEFRAME_DAY / units[i].minutes)
            return (int)count * units[i].minutes;
    return 0;
}

static bool is_timeframe(const char *value, size_t length, const void *context) {
    char text[PX_NAME_SIZE];
    snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : 0), value);
    return loose_timeframe(text) == *(const int *)context;
}

static px_status only(pxi_rows *rows, size_t column, pxi_accept accept, const void *wanted, const char *what,
                      px_error *err) {
    px_error why = {0};
    px_status status = rows->only(rows, column, accept, wanted, &why);
    if (status == PX_ENOTFOUND)
        return pxi_fail(err, status, "no rows of the %s; %s", what, why.message);
    return status ? pxi_fail(err, status, "%s", why.message) : PX_OK;
}

/* Rows of other symbols and timeframes need not come at all. */
static px_status narrow(pxi_rows *rows, const taking *t, px_error *err) {
    const pxi_meaning *m = &t->reader.meaning;
    char what[PX_NAME_SIZE + 16], asked[PX_TIMEFRAME_TEXT_SIZE];
    px_status status = PX_OK;
    if (rows->only && m->at[PXI_ROLE_SYMBOL] != PXI_NO_COLUMN && t->config->symbol) {
        snprintf(what, sizeof what, "symbol %s", t->config->symbol);
        status = only(rows, m->at[PXI_ROLE_SYMBOL], is_symbol, t->config->symbol, what, err);
    }
    if (!status && rows->only && m->at[PXI_ROLE_INTERVAL] != PXI_NO_COLUMN &&
        t->config->timeframe_minutes > 0) {
        snprintf(what, sizeof what, "timeframe %s", px_timeframe_format(t->config->timeframe_minutes, asked));
        status = only(rows, m->at[PXI_ROLE_INTERVAL], is_timeframe, &t->config->timeframe_minutes, what, err);
    }
    return status;
}

px_status pxi_rows_read(pxi_rows *rows, const px_source_config *config, px_source *out, px_error *err) {
    taking t = {.rows = rows, .config = config, .out = out, .last = SIZE_MAX};
    pxi_meaning meaning;
    const char *slash = strrchr(rows->name, '/');
    if (strcmp(rows->name, config->path) != 0)
        t.prefix = slash ? slash + 1 : rows->name;
    px_status status = pxi_source_stem(config, t.stem, err);
    if (!status)
        status = pxi_columns_choose(rows, config, &meaning, err);
    if (!status)
        status = pxi_bar_reader_make(rows, &meaning, config->zone, &t.reader, err);
    if (!status)
        status = note_columns(&t, err);
    if (!status)
        status = narrow(rows, &t, err);
    if (!status)
        status = rows->each(rows, t.reader.wanted, t.reader.n_wanted, take_batch, &t, err);
    return status;
}
