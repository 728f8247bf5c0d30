// SPDX-License-Identifier: Apache-2.0
/* The cells of a row as a bar. */
#include "base/error.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- cells ----------------------------------------------------------------------------------------------
 */

static bool is_there(const pxi_cells *cells, size_t row) {
    return !cells->valid || cells->valid[row / 64] >> row % 64 & 1;
}

static bool take_number(pxi_bar_reader *t, const pxi_batch *batch, size_t what, size_t row, double *out,
                        char *reason) {
    const pxi_cells *cells = &batch->cells[t->slots[what]];
    const char *name = pxi_role_name((pxi_bar_role)what);
    switch (t->kinds[what]) {
    case PXI_TEXT:
        if (pxi_number_parse(cells->u.text[row].text, cells->u.text[row].length, out))
            return true;
        snprintf(reason, PXI_REASON_SIZE, "%s is \"%.*s\", not a finite number", name,
                 (int)(cells->u.text[row].length < 40 ? cells->u.text[row].length : 40),
                 cells->u.text[row].text);
        return false;
    case PXI_I64:
        *out = (double)cells->u.i64[row];
        break;
    case PXI_F32:
        *out = pxi_number_of_float(cells->u.f32[row]);
        break;
    default:
        *out = cells->u.f64[row];
    }
    if (is_there(cells, row) && isfinite(*out))
        return true;
    snprintf(reason, PXI_REASON_SIZE, "%s is missing or not a finite number", name);
    return false;
}

static size_t join(pxi_bar_reader *t, const pxi_batch *batch, size_t row, char *to, size_t size) {
    const pxi_cell_text *date = &batch->cells[t->slots[PXI_ROLE_TIME]].u.text[row];
    const pxi_cell_text *clock = &batch->cells[t->slots[PXI_SLOT_CLOCK]].u.text[row];
    int n = snprintf(to, size, "%.*s %.*s", (int)date->length, date->text, (int)clock->length, clock->text);
    return (size_t)n < size ? (size_t)n : size - 1;
}

static void note_text(pxi_bar_reader *t, const char *text, size_t length, px_time_form form) {
    if (t->time_form != PX_TIME_UNKNOWN)
        return;
    snprintf(t->time_text, sizeof t->time_text, "%.*s", (int)(length < 63 ? length : 63), text);
    t->time_form = form;
}

static bool take_text_time(pxi_bar_reader *t, const char *text, size_t length, int64_t *out, char *reason) {
    px_error why = {0};
    if (px_time_parse(text, length, t->zone, out, &why)) {
        pxi_copy(reason, PXI_REASON_SIZE, why.message);
        return false;
    }
    if (t->time_form == PX_TIME_UNKNOWN)
        note_text(t, text, length, px_time_form_of(text, length));
    return true;
}

static void note_value(pxi_bar_reader *t, int64_t value) {
    char text[PX_TIME_TEXT_SIZE];
    if (t->time_form != PX_TIME_UNKNOWN)
        return;
    const bool instant = t->kinds[PXI_ROLE_TIME] == PXI_INSTANT;
    if (instant)
        px_time_format_iso(value, NULL, text);
    else
        px_time_format_local(value, NULL, text);
    note_text(t, text, strlen(text), instant ? PX_TIME_OFFSET : PX_TIME_LOCAL);
}

static bool take_time(pxi_bar_reader *t, const pxi_batch *batch, size_t row, int64_t *out, char *reason) {
    const pxi_cells *cells = &batch->cells[t->slots[PXI_ROLE_TIME]];
    const pxi_kind kind = t->kinds[PXI_ROLE_TIME];
    char joined[128];
    if (kind == PXI_TEXT && t->meaning.clock != PXI_NO_COLUMN)
        return take_text_time(t, joined, join(t, batch, row, joined, sizeof joined), out, reason);
    if (kind == PXI_TEXT)
        return take_text_time(t, cells->u.text[row].text, cells->u.text[row].length, out, reason);
    if (!is_there(cells, row)) {
        pxi_copy(reason, PXI_REASON_SIZE, "no time");
        return false;
    }
    if (kind == PXI_I64 || kind == PXI_F64) {
        const double value = kind == PXI_I64 ? (double)cells->u.i64[row] : cells->u.f64[row];
        int n = snprintf(joined, sizeof joined, "%lld",
                         kind == PXI_I64      ? (long long)cells->u.i64[row]
                         : fabs(value) < 9e18 ? (long long)value
                                              : 0LL);
        return take_text_time(t, joined, (size_t)n, out, reason);
    }
    const int64_t value = kind == PXI_DAY ? cells->u.i64[row] * PX_US_PER_DAY : cells->u.i64[row];
    if (value < PX_TIME_MIN_US || value >= PX_TIME_MAX_US) {
        pxi_copy(reason, PXI_REASON_SIZE, "time out of range");
        return false;
    }
    *out = kind == PXI_INSTANT ? value : px_zone_to_utc(t->zone, value);
    note_value(t, value);
    return true;
}

/* ---- rows -----------------------------------------------------------------------------------------------
 */

bool pxi_bar_read(pxi_bar_reader *t, const pxi_batch *batch, size_t row, px_bar *bar,
                  char reason[PXI_REASON_SIZE]) {
    double *const values[] = {NULL, &bar->open, &bar->high, &bar->low, &bar->close, &bar->volume};
    bar->volume = 0;
    if (!take_time(t, batch, row, &bar->ts_us, reason))
        return false;
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_VOLUME; role++)
        if (t->slots[role] != PXI_NO_COLUMN && !take_number(t, batch, role, row, values[role], reason))
            return false;
    const char *defect = px_bar_defect(bar);
    if (defect)
        pxi_copy(reason, PXI_REASON_SIZE, defect);
    return !defect;
}

const char *pxi_bar_symbol(const pxi_bar_reader *t, const pxi_batch *batch, size_t row,
                           char buf[PX_NAME_SIZE + 1]) {
    const size_t size = PX_NAME_SIZE + 1;
    if (t->slots[PXI_ROLE_SYMBOL] == PXI_NO_COLUMN)
        return NULL;
    const pxi_cells *cells = &batch->cells[t->slots[PXI_ROLE_SYMBOL]];
    if (t->kinds[PXI_ROLE_SYMBOL] == PXI_TEXT) {
        const pxi_cell_text *cell = &cells->u.text[row];
        snprintf(buf, size, "%.*s", (int)(cell->length < size ? cell->length : size - 1), cell->text);
    } else
        snprintf(buf, size, "%lld", is_there(cells, row) ? (long long)cells->u.i64[row] : 0LL);
    return pxi_csv_unescape(buf);
}

/* ---- which cells ----------------------------------------------------------------------------------------
 */

static px_status want(const pxi_rows *rows, size_t what, size_t column, pxi_bar_reader *t, px_error *err) {
    t->slots[what] = PXI_NO_COLUMN;
    if (column == PXI_NO_COLUMN)
        return PX_OK;
    const pxi_rows_column *c = &rows->columns[column];
    t->kinds[what] = c->kind;
    if (c->kind == PXI_OPAQUE)
        return pxi_fail(err, PX_EINPUT, "the column \"%s\" holds %s", c->name, c->fault);
    t->slots[what] = t->n_wanted;
    t->wanted[t->n_wanted++] = column;
    return PX_OK;
}

px_status pxi_bar_reader_make(const pxi_rows *rows, const pxi_meaning *meaning, const px_zone *zone,
                              pxi_bar_reader *out, px_error *err) {
    px_status status = PX_OK;
    *out = (pxi_bar_reader){.meaning = *meaning, .zone = zone};
    for (size_t role = 0; role < PXI_N_ROLES && !status; role++)
        if (role <= PXI_ROLE_SYMBOL)
            status = want(rows, role, meaning->at[role], out, err);
        else
            out->slots[role] = PXI_NO_COLUMN;
    return status ? status : want(rows, PXI_SLOT_CLOCK, meaning->clock, out, err);
}
