// SPDX-License-Identifier: Apache-2.0
/* A table's rows as bars: what its columns mean, then row after row. */
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/meaning/meaning.h"
#include "market/contracts/contracts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct taking {
    const pxi_rows *rows;
    const px_source_config *config;
    pxi_bar_reader reader;
    char stem[PX_NAME_SIZE], file[PX_NAME_SIZE]; /* file: what the file itself is called */
    char underlying[PX_NAME_SIZE];               /* of the contract that `file` names; "" = none */
    size_t n_empty_before;                       /* in files before this one */
    size_t last;                                 /* pxi_source_add's memory */
    char interval[PX_NAME_SIZE + 1];             /* of the last row, which is most often that of the next; */
    int interval_minutes;
    const char *prefix; /* before reasons, where a source has several files; else NULL */
    px_source *out;
} taking;

/* ---- rows -----------------------------------------------------------------------------------------------
 */

/* What a row says of its series. */
typedef struct row_name {
    pxi_bar_name of; /* texts are those below */
    char symbol[2 * PX_NAME_SIZE], series[PX_NAME_SIZE + 1], interval[PX_NAME_SIZE + 1];
} row_name;

/* The timeframe of a row, 0 where it names none. */
static int minutes_of(taking *t, const char *interval) {
    if (strcmp(interval, t->interval) != 0) {
        t->interval_minutes = pxi_timeframe_loose(interval);
        pxi_copy(t->interval, sizeof t->interval, interval);
    }
    return t->interval_minutes;
}

static void read_name(taking *t, const pxi_batch *batch, size_t row, row_name *out) {
    const pxi_bar_reader *reader = &t->reader;
    const bool named =
        reader->slots[PXI_ROLE_SYMBOL] != PXI_NO_COLUMN || reader->slots[PXI_ROLE_EXPIRY] != PXI_NO_COLUMN;
    if (named)
        pxi_bar_instrument(reader, batch, row, t->stem, out->symbol);
    const bool is_underlying = named && *t->underlying && px_symbol_same(out->symbol, t->underlying);
    out->of = (pxi_bar_name){
        .symbol = !named          ? NULL
                  : is_underlying ? t->file
                                  : out->symbol,
        .file = t->file,
        .series = pxi_bar_text(reader, batch, row, PXI_ROLE_SERIES, out->series),
        .timeframe_minutes =
            minutes_of(t, pxi_bar_text(reader, batch, row, PXI_ROLE_INTERVAL, out->interval)),
        .line = batch->lines[row],
    };
}

/* Of the interval that the row names, rows may not have been asked for. */
static bool is_asked_for(const taking *t, const row_name *name) {
    const int asked = t->config->timeframe_minutes, minutes = name->of.timeframe_minutes;
    return !asked || !minutes || minutes == asked;
}

static px_status add_bar(taking *t, const pxi_batch *batch, size_t row, px_bar bar, px_error *err) {
    row_name name;
    read_name(t, batch, row, &name);
    if (*name.interval && !name.of.timeframe_minutes)
        pxi_source_reject(t->out, &t->out->unnamed, batch->lines[row], "the timeframe \"%.40s\" is none",
                          name.interval);
    if ((*name.interval && !name.of.timeframe_minutes) || !is_asked_for(t, &name))
        return PX_OK;
    if (t->out->time_form == PX_TIME_UNKNOWN)
        pxi_source_note_time(t->out, t->reader.time_text, strlen(t->reader.time_text), t->reader.time_form,
                             bar.ts_us);
    return pxi_source_add(t->config, &name.of, t->stem, bar, &t->last, t->out, err);
}

/* A row that is no bar, of the series that its cells name. `whole`: it has cells. */
static px_status reject_row(taking *t, const pxi_batch *batch, size_t row, bool whole, const char *reason,
                            px_error *err) {
    px_source_tally *tally = &t->out->unnamed;
    px_status status = PX_OK;
    row_name name = {.of = {.series = "", .file = t->file, .line = batch->lines[row]}};
    if (whole)
        read_name(t, batch, row, &name);
    if (whole && !is_asked_for(t, &name))
        return PX_OK;
    if (whole || t->reader.slots[PXI_ROLE_SYMBOL] == PXI_NO_COLUMN)
        status = pxi_source_tally_of(t->config, &name.of, t->stem, t->out, &tally, err);
    if (!status && tally)
        pxi_source_reject(t->out, tally, batch->lines[row], "%s%s%s", t->prefix ? t->prefix : "",
                          t->prefix ? ": " : "", reason);
    return status;
}

static px_status take_row(taking *t, const pxi_batch *batch, size_t row, px_error *err) {
    char reason[PXI_REASON_SIZE];
    px_bar bar;
    const char *fault = batch->faults ? batch->faults[row] : NULL;
    const pxi_row_is found = fault ? PXI_ROW_FAULT : pxi_bar_read(&t->reader, batch, row, &bar, reason);
    if (found == PXI_ROW_BAR)
        return add_bar(t, batch, row, bar, err);
    if (t->out->time_form == PX_TIME_UNKNOWN) /* the first bar's is reported */
        t->reader.time_form = PX_TIME_UNKNOWN;
    if (t->reader.disagrees)
        return pxi_fail(err, PX_EINPUT, "line %zu: %s: name the one that is meant with --columns time=NAME",
                        batch->lines[row], reason);
    if (found == PXI_ROW_EMPTY)
        t->out->n_empty++;
    else
        return reject_row(t, batch, row, !fault, fault ? fault : reason, err);
    return PX_OK;
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

/* ---- volume ---------------------------------------------------------------------------------------------
 */

typedef struct zeros {
    pxi_kind kind;
    bool any;
} zeros;

static px_status see_volume(const pxi_batch *batch, void *context, bool *stop, px_error *err) {
    zeros *z = context;
    const pxi_number_form form = {'.', ','};
    (void)err;
    for (size_t row = 0; row < batch->n && !z->any; row++) {
        double value = 0;
        const pxi_cells *cells = &batch->cells[0];
        if ((batch->faults && batch->faults[row]) ||
            (cells->valid && !(cells->valid[row / 64] >> row % 64 & 1)))
            continue;
        if (z->kind == PXI_TEXT)
            z->any = pxi_number_read(&form, cells->u.text[row].text, cells->u.text[row].length, &value) &&
                     value != 0 && value != -1;
        else
            z->any = z->kind == PXI_F64   ? cells->u.f64[row] != 0
                     : z->kind == PXI_F32 ? cells->u.f32[row] != 0
                                          : cells->u.i64[row] != 0;
    }
    *stop = z->any;
    return PX_OK;
}

/* Where no volume is traded in any row, the changes of the price are the volume. */
static px_status choose_volume(pxi_rows *rows, pxi_meaning *m, px_source *out, px_error *err) {
    const size_t ticks = m->at[PXI_ROLE_TICKS], volume = m->at[PXI_ROLE_VOLUME];
    if (ticks == PXI_NO_COLUMN)
        return PX_OK;
    zeros z = {volume == PXI_NO_COLUMN ? PXI_TEXT : rows->columns[volume].kind, false};
    px_status status = volume == PXI_NO_COLUMN ? PX_OK : rows->each(rows, &volume, 1, see_volume, &z, err);
    if (!status && !z.any) {
        m->at[PXI_ROLE_VOLUME] = ticks;
        pxi_source_note(out, "the volume is \"%s\"%s", rows->columns[ticks].name,
                        volume == PXI_NO_COLUMN ? "" : ": the other one is 0 in every row");
    } else if (!status)
        m->at[PXI_ROLE_TICKS] = PXI_NO_COLUMN;
    return status;
}

/* ---- columns --------------------------------------------------------------------------------------------
 */

static px_status note_columns(const pxi_rows *rows, const pxi_meaning *m, px_source *out, px_error *err) {
    px_status status = PX_OK;
    if (out->columns || !rows->n_columns)
        return PX_OK;
    if (!(out->columns = pxi_new_array(rows->n_columns, sizeof *out->columns)))
        return pxi_fail_memory(err);
    out->n_columns = rows->n_columns;
    for (size_t i = 0; i < out->n_columns && !status; i++)
        status = pxi_duplicate(rows->columns[i].name, &out->columns[i].name, err);
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        if (m->at[role] != PXI_NO_COLUMN && role != PXI_ROLE_TICKS)
            out->columns[m->at[role]].meaning = pxi_role_name((pxi_bar_role)role);
    for (size_t k = 0; k < m->n_others; k++)
        out->columns[m->others[k]].meaning = "the same time";
    if (m->clock != PXI_NO_COLUMN) {
        out->columns[m->at[PXI_ROLE_TIME]].meaning = "date";
        out->columns[m->clock].meaning = "time of day";
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

static bool is_timeframe(const char *value, size_t length, const void *context) {
    char text[PX_NAME_SIZE];
    snprintf(text, sizeof text, "%.*s", (int)(length < sizeof text ? length : 0), value);
    return pxi_timeframe_loose(text) == *(const int *)context;
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
    if (rows->only && m->at[PXI_ROLE_SYMBOL] != PXI_NO_COLUMN && m->at[PXI_ROLE_EXPIRY] == PXI_NO_COLUMN &&
        t->config->symbol) { /* a contract has a name of its own */
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

/* ---- what the table means -------------------------------------------------------------------------------
 */

static pxi_meaning nothing_known(void) {
    pxi_meaning m = {
        .clock = PXI_NO_COLUMN, .price_divisor = 1, .orders = PXI_ANY_ORDER, .base_us = INT64_MIN};
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        m.at[role] = PXI_NO_COLUMN;
    return m;
}

/* Prices of a LEAN file are in ten-thousandths, and whole. */
static void read_lean(const pxi_sample *sample, pxi_meaning *m, px_source *out) {
    bool whole = sample->n > 0;
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_CLOSE && whole; role++)
        for (size_t row = 0; row < sample->n && whole; row++)
            whole = !strchr(pxi_sample_text(sample, row, m->at[role]), '.');
    if (!whole)
        return;
    m->price_divisor = 10000;
    pxi_source_note(out, "prices are in ten-thousandths, as LEAN writes them");
}

/* What folders or a document say stands in columns with names, also where the file's own have none. */
static void take_labels(const pxi_rows *rows, pxi_meaning *m) {
    pxi_bar_role role;
    int rank;
    for (size_t i = 0; i < rows->n_columns; i++)
        if (pxi_name_role(rows->columns[i].name, &role, &rank) && role > PXI_ROLE_VOLUME &&
            m->at[role] == PXI_NO_COLUMN) {
            m->at[role] = i;
            if (m->at[PXI_ROLE_VOLUME] == i) /* a number behind the prices */
                m->at[PXI_ROLE_VOLUME] = PXI_NO_COLUMN;
        }
}

static px_status find_columns(pxi_rows *rows, const px_source_config *config, const pxi_sample *sample,
                              pxi_meaning *m, px_source *out, px_error *err) {
    const char *map = config->reading.columns;
    px_status status = map ? pxi_columns_map(rows, map, m, err) : PX_OK;
    bool whole = map != NULL;
    for (size_t role = PXI_ROLE_TIME; role <= PXI_ROLE_CLOSE; role++)
        whole &= m->at[role] != PXI_NO_COLUMN;
    if (rows->unnamed && !whole) {
        if (m->profile && !strcmp(m->profile->name, "lean"))
            m->at[PXI_ROLE_TIME] = 0;
        if (!status)
            status = pxi_layout_find(rows, sample, m, out, err);
        if (!status)
            take_labels(rows, m);
        return status;
    }
    if (!status && !rows->unnamed)
        status = pxi_roles_choose(rows, config, sample, m, err);
    return status ? status : pxi_numbers_find(rows, sample, m, out, err);
}

static px_status find_meaning(pxi_rows *rows, const px_source_config *config, pxi_meaning *m, px_source *out,
                              px_error *err) {
    pxi_sample sample = {0};
    px_status status = PX_OK;
    *m = nothing_known();
    if (config->reading.source)
        status = pxi_profile_named(config->reading.source, &m->profile, err);
    else if ((m->profile = pxi_profile_of(rows)))
        pxi_source_note(out, "its columns are those of %s", m->profile->name);
    const bool lean = rows->unnamed && pxi_lean_date(rows->name, &m->base_us);
    if (!status)
        status = pxi_sample_take(rows, rows->unnamed || config->reading.columns, &sample, err);
    if (!status)
        status = find_columns(rows, config, &sample, m, out, err);
    if (!status && lean)
        pxi_source_note(out, "times are milliseconds since midnight of the date in the name of the file");
    if (!status && (lean || (m->profile && !strcmp(m->profile->name, "lean"))))
        read_lean(&sample, m, out);
    if (!status && !lean)
        status = pxi_times_choose(rows, config, &sample, m, out, err);
    if (!status)
        status = choose_volume(rows, m, out, err);
    pxi_sample_free(&sample);
    return status;
}

/* A date beside a time is a pair; else the first name of a time. */
px_status pxi_meaning_of_names(const pxi_rows *rows, pxi_meaning *out, px_error *err) {
    size_t date = PXI_NO_COLUMN, time = PXI_NO_COLUMN;
    *out = nothing_known();
    out->numbers = (pxi_number_form){'.', ','};
    for (size_t i = 0; i < rows->n_columns; i++) {
        pxi_bar_role role;
        int rank;
        char key[PXI_NAME_KEY_SIZE];
        pxi_name_key(rows->columns[i].name, key);
        date = strcmp(key, "date") == 0 ? i : date;
        time = strcmp(key, "time") == 0 ? i : time;
        if (out->at[PXI_ROLE_TIME] == PXI_NO_COLUMN && pxi_name_role(rows->columns[i].name, &role, &rank) &&
            role == PXI_ROLE_TIME && rank == 1)
            out->at[PXI_ROLE_TIME] = i;
    }
    if (date != PXI_NO_COLUMN && time != PXI_NO_COLUMN) {
        out->at[PXI_ROLE_TIME] = date;
        out->clock = time;
    }
    if (out->at[PXI_ROLE_TIME] == PXI_NO_COLUMN)
        return pxi_fail(err, PX_EINPUT, "no column for the time (date, datetime, timestamp, ts or time)");
    return pxi_roles_choose(rows, &(px_source_config){0}, &(pxi_sample){0}, out, err);
}

/* ---- zone, stamp, exchange ------------------------------------------------------------------------------
 */

/* That the file says for times without an offset: its metadata, the name of the column, or the program. */
static const char *zone_of(const pxi_rows *rows, const pxi_meaning *m, const px_source_config *config) {
    char key[PXI_NAME_KEY_SIZE];
    if (config->reading.tz)
        return NULL;
    if (rows->zone)
        return rows->zone;
    if (!rows->unnamed) {
        pxi_name_key(rows->columns[m->at[PXI_ROLE_TIME]].name, key);
        if (strstr(key, "utc") || strstr(key, "gmt"))
            return "UTC";
        if (strstr(key, "ist") && (strstr(key, "timeist") || strstr(key, "stampist")))
            return "Asia/Kolkata";
    }
    return m->profile ? m->profile->zone : NULL;
}

static px_status open_zone(const pxi_rows *rows, const pxi_meaning *m, const px_source_config *config,
                           px_source *out, px_zone **zone, px_error *err) {
    const char *name = zone_of(rows, m, config);
    if (!name)
        return PX_OK;
    out->zone_is_known = true;
    pxi_source_note(out, "times without an offset are of %s, as %s says", name,
                    rows->zone                                                   ? "the file"
                    : m->profile && m->profile->zone && name == m->profile->zone ? m->profile->name
                                                                                 : "the name of the column");
    return px_zone_open(name, zone, err);
}

static void take_profile(const pxi_meaning *m, const px_source_config *config, px_source *out) {
    const pxi_profile *p = m->profile;
    out->stamped_at_close = config->stamped_at_close;
    out->days_only = m->days_only;
    if (!p)
        return;
    out->program = p->name;
    out->exchange = p->exchange;
    if (p->stamped_at_close) {
        out->stamped_at_close = true;
        pxi_source_note(out, "times name the ends of bars, as %s writes them", p->name);
    }
}

static void note_rows(const taking *t) {
    px_source *out = t->out;
    if (out->n_empty > t->n_empty_before)
        pxi_source_note(out, "%zu rows have no price at all and are passed over",
                        out->n_empty - t->n_empty_before);
    if (t->reader.n_no_volume)
        pxi_source_note(out, "%zu rows have no volume: taken as 0", t->reader.n_no_volume);
    if (t->reader.n_widened)
        pxi_source_note(
            out, "of %zu rows high and low are widened to hold open and close, which miss by a tick at most",
            t->reader.n_widened);
    if (t->reader.n_near)
        pxi_source_note(out, "%zu times within a millisecond of a minute are taken as that minute",
                        t->reader.n_near);
}

/* A file called after a contract, in so many words, holds its bars, also where a column names the
 * underlying. */
static void find_underlying(taking *t) {
    const size_t length = strlen(t->file);
    const char *end = t->file + (length > 2 ? length - 2 : 0);
    if (strcasestr(t->file, "FUT") || !strcasecmp(end, "CE") || !strcasecmp(end, "PE") || !strcmp(end, "-I"))
        (void)pxi_contract_underlying(t->file, t->underlying);
}

px_status pxi_rows_read(pxi_rows *rows, const px_source_config *config, px_source *out, px_error *err) {
    taking t = {.rows = rows, .config = config, .out = out, .n_empty_before = out->n_empty, .last = SIZE_MAX};
    pxi_meaning meaning;
    px_zone *zone = NULL;
    const char *slash = strrchr(rows->name, '/');
    if (strcmp(rows->name, out->path ? out->path : config->path) != 0)
        t.prefix = slash ? slash + 1 : rows->name;
    pxi_file_symbol(config->path, t.file);
    find_underlying(&t);
    px_status status = pxi_source_stem(config, config->path, t.stem, err);
    if (!status)
        status = find_meaning(rows, config, &meaning, out, err);
    if (!status)
        status = open_zone(rows, &meaning, config, out, &zone, err);
    if (!status) {
        take_profile(&meaning, config, out);
        status = note_columns(rows, &meaning, out, err);
    }
    if (!status)
        status = pxi_bar_reader_make(rows, &meaning, config, zone ? zone : config->zone, &t.reader, err);
    if (!status)
        status = narrow(rows, &t, err);
    if (!status)
        status = rows->each(rows, t.reader.wanted, t.reader.n_wanted, take_batch, &t, err);
    if (!status)
        note_rows(&t);
    px_zone_close(&zone);
    return status;
}
