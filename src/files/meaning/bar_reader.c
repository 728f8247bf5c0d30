// SPDX-License-Identifier: Apache-2.0
/* The cells of a row as a bar. */
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ---- numbers --------------------------------------------------------------------------------------------
 */

static bool is_there(const pxi_cells *cells, size_t row) {
    return !cells->valid || cells->valid[row / 64] >> row % 64 & 1;
}

typedef enum { NUMBER, MISSING, NO_NUMBER } number_is;

static number_is take_number(const pxi_bar_reader *t, const pxi_batch *batch, size_t what, size_t row,
                             double *out) {
    const pxi_cells *cells = &batch->cells[t->slots[what]];
    const pxi_cell_text *cell;
    switch (t->kinds[what]) {
    case PXI_TEXT:
        cell = &cells->u.text[row];
        return pxi_number_read(&t->meaning.numbers, cell->text, cell->length, out) ? NUMBER
               : pxi_is_missing(cell->text, cell->length)                          ? MISSING
                                                                                   : NO_NUMBER;
    case PXI_I64:
        *out = (double)cells->u.i64[row];
        break;
    case PXI_F32:
        *out = pxi_number_of_float(cells->u.f32[row]);
        break;
    case PXI_F64:
        *out = cells->u.f64[row];
        break;
    default:
        return NO_NUMBER;
    }
    return !is_there(cells, row) || isnan(*out) ? MISSING : isfinite(*out) ? NUMBER : NO_NUMBER;
}

static void say_no_number(const pxi_bar_reader *t, const pxi_batch *batch, size_t what, size_t row,
                          char *reason) {
    const char *name = pxi_role_name((pxi_bar_role)what);
    const pxi_cells *cells = &batch->cells[t->slots[what]];
    if (t->kinds[what] != PXI_TEXT) {
        snprintf(reason, PXI_REASON_SIZE, "%s is missing or not a finite number", name);
        return;
    }
    const pxi_cell_text *cell = &cells->u.text[row];
    snprintf(reason, PXI_REASON_SIZE, "%s is \"%.*s\", not a finite number", name,
             (int)(cell->length < 40 ? cell->length : 40), cell->text);
}

static pxi_row_is take_prices(const pxi_bar_reader *t, const pxi_batch *batch, size_t row, px_bar *bar,
                              char *reason) {
    double *const values[] = {NULL, &bar->open, &bar->high, &bar->low, &bar->close};
    size_t n_missing = 0, fault = 0;
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_CLOSE; role++) {
        *values[role] = 0;
        const number_is found = take_number(t, batch, role, row, values[role]);
        n_missing += found == MISSING;
        fault = found != NUMBER && !fault ? role : fault;
        *values[role] /= t->meaning.price_divisor;
    }
    if (n_missing == 4)
        return PXI_ROW_EMPTY;
    if (fault)
        say_no_number(t, batch, fault, row, reason);
    return fault ? PXI_ROW_FAULT : PXI_ROW_BAR;
}

/* A volume that is missing, or -1, is none. */
static bool take_volume(pxi_bar_reader *t, const pxi_batch *batch, size_t row, double *out, char *reason) {
    *out = 0;
    if (t->slots[PXI_ROLE_VOLUME] == PXI_NO_COLUMN)
        return true;
    const number_is found = take_number(t, batch, PXI_ROLE_VOLUME, row, out);
    if (found == NO_NUMBER) {
        say_no_number(t, batch, PXI_ROLE_VOLUME, row, reason);
        return false;
    }
    if (found == MISSING || *out == -1) {
        t->n_no_volume++;
        *out = 0;
    }
    return true;
}

/* ---- times ----------------------------------------------------------------------------------------------
 */

static void note_text(pxi_bar_reader *t, const char *text, size_t length, px_time_form form) {
    if (t->time_form != PX_TIME_UNKNOWN)
        return;
    snprintf(t->time_text, sizeof t->time_text, "%.*s", (int)(length < 63 ? length : 63), text);
    t->time_form = form;
}

static bool fail_time(const char *text, size_t length, const char *why, char *reason) {
    snprintf(reason, PXI_REASON_SIZE, "\"%.*s\" is no time: %s", (int)(length < 48 ? length : 48), text, why);
    return false;
}

static bool take_text_time(pxi_when *when, const char *text, size_t length, int64_t *out, px_time_form *form,
                           char *reason) {
    const char *why = pxi_when_read(when, text, length, out, form);
    return why ? fail_time(text, length, why, reason) : true;
}

/* A cell of a time column, whatever its kind. */
static bool take_cell_time(pxi_bar_reader *t, pxi_when *when, const pxi_batch *batch, size_t what, size_t row,
                           int64_t *out, px_time_form *form, char *reason) {
    const pxi_cells *cells = &batch->cells[t->slots[what]];
    const pxi_kind kind = t->kinds[what];
    char text[PX_TIME_TEXT_SIZE];
    if (kind == PXI_TEXT) {
        const pxi_cell_text *cell = &cells->u.text[row];
        if (!take_text_time(when, cell->text, cell->length, out, form, reason))
            return false;
        if (what == PXI_ROLE_TIME)
            note_text(t, cell->text, cell->length, *form);
        return true;
    }
    if (!is_there(cells, row)) {
        pxi_copy(reason, PXI_REASON_SIZE, "no time");
        return false;
    }
    if (kind == PXI_I64 || kind == PXI_F64 || kind == PXI_F32) {
        if (kind == PXI_I64)
            snprintf(text, sizeof text, "%" PRId64, cells->u.i64[row]);
        else
            snprintf(text, sizeof text, "%.6f",
                     kind == PXI_F64 ? cells->u.f64[row] : (double)cells->u.f32[row]);
        char *zeros = kind == PXI_I64 ? NULL : text + strlen(text);
        for (; zeros && zeros[-1] == '0'; zeros--)
            zeros[-1] = '\0';
        if (zeros && zeros[-1] == '.')
            zeros[-1] = '\0';
        if (!take_text_time(when, text, strlen(text), out, form, reason))
            return false;
    } else {
        const int64_t value = kind == PXI_DAY ? cells->u.i64[row] : cells->u.i64[row] / PX_US_PER_DAY;
        if (value < PX_TIME_MIN_US / PX_US_PER_DAY || value >= PX_TIME_MAX_US / PX_US_PER_DAY) {
            pxi_copy(reason, PXI_REASON_SIZE, "time out of range");
            return false;
        }
        const int64_t us = kind == PXI_DAY ? value * PX_US_PER_DAY : cells->u.i64[row];
        *form = kind == PXI_INSTANT ? PX_TIME_OFFSET : PX_TIME_LOCAL;
        *out = kind == PXI_INSTANT ? us : pxi_when_to_utc(when, us);
        if (what == PXI_ROLE_TIME && t->time_form == PX_TIME_UNKNOWN) {
            if (kind == PXI_INSTANT)
                px_time_format_iso(us, NULL, text);
            else
                px_time_format_local(us, NULL, text);
            note_text(t, text, strlen(text), *form);
        }
        return true;
    }
    if (what == PXI_ROLE_TIME)
        note_text(t, text, strlen(text), *form);
    return true;
}

static bool take_clock(const pxi_bar_reader *t, const pxi_batch *batch, size_t row, int64_t *us,
                       char *reason) {
    const pxi_cells *cells = &batch->cells[t->slots[PXI_SLOT_CLOCK]];
    const pxi_kind kind = t->kinds[PXI_SLOT_CLOCK];
    char number[32];
    pxi_cell_text cell = {number, 0};
    if (kind == PXI_TEXT)
        cell = cells->u.text[row];
    else if (!is_there(cells, row))
        return fail_time("", 0, "the time of day is missing", reason);
    else if (kind == PXI_CLOCK) {
        *us = cells->u.i64[row];
        return true;
    } else
        cell.length = (size_t)snprintf(number, sizeof number, "%" PRId64,
                                       kind == PXI_I64 ? cells->u.i64[row] : (int64_t)cells->u.f64[row]);
    return pxi_clock_parse(cell.text, cell.length, t->meaning.clock_seconds, us)
               ? true
               : fail_time(cell.text, cell.length, "it is not like 09:15:00", reason);
}

/* A date and a time of day in two columns. */
static bool take_two(pxi_bar_reader *t, const pxi_batch *batch, size_t row, int64_t *out, px_time_form *form,
                     char *reason) {
    const pxi_cells *cells = &batch->cells[t->slots[PXI_ROLE_TIME]];
    pxi_when utc = t->when; /* wall times as they are */
    pxi_read_time m = {.form = PX_TIME_LOCAL};
    char text[128];
    int64_t clock_us;
    if (t->kinds[PXI_ROLE_TIME] == PXI_TEXT) {
        const pxi_cell_text *date = &cells->u.text[row];
        const char *why = utc.format ? pxi_read_time_by_format(date->text, date->length, utc.format, &m)
                                     : pxi_read_time_parse(date->text, date->length, utc.orders, &m);
        if (!why && (m.orders & utc.orders & ((m.orders & utc.orders) - 1)))
            why = "its numbers are a date in more than one order: --date-format names the one that is meant";
        if (why)
            return fail_time(date->text, date->length, why, reason);
    } else if (!is_there(cells, row) ||
               (t->kinds[PXI_ROLE_TIME] != PXI_DAY && t->kinds[PXI_ROLE_TIME] != PXI_WALL)) {
        const char *why = "the date is missing";
        char number[32];
        if (!is_there(cells, row) || t->kinds[PXI_ROLE_TIME] != PXI_I64)
            return fail_time("", 0, why, reason);
        const size_t n = (size_t)snprintf(number, sizeof number, "%" PRId64, cells->u.i64[row]);
        if ((why = pxi_read_time_parse(number, n, utc.orders, &m)))
            return fail_time(number, n, why, reason);
    } else {
        const bool is_day = t->kinds[PXI_ROLE_TIME] == PXI_DAY;
        const int64_t value = cells->u.i64[row], day = is_day ? value : value / PX_US_PER_DAY;
        if (day < PX_TIME_MIN_US / PX_US_PER_DAY || day >= PX_TIME_MAX_US / PX_US_PER_DAY)
            return fail_time("", 0, "it lies outside the years 1900 to 2199", reason);
        m.us = is_day ? value * PX_US_PER_DAY : value;
    }
    if (!take_clock(t, batch, row, &clock_us, reason))
        return false;
    *form = PX_TIME_LOCAL;
    *out = pxi_when_to_utc(&t->when, m.us - m.clock_us + clock_us);
    if (*out < PX_TIME_MIN_US || *out >= PX_TIME_MAX_US)
        return fail_time("", 0, "it lies outside the years 1900 to 2199", reason);
    if (t->time_form == PX_TIME_UNKNOWN) {
        if (t->kinds[PXI_ROLE_TIME] == PXI_TEXT && t->kinds[PXI_SLOT_CLOCK] == PXI_TEXT)
            snprintf(text, sizeof text, "%.*s %.*s", (int)cells->u.text[row].length, cells->u.text[row].text,
                     (int)batch->cells[t->slots[PXI_SLOT_CLOCK]].u.text[row].length,
                     batch->cells[t->slots[PXI_SLOT_CLOCK]].u.text[row].text);
        else
            px_time_format_local(m.us - m.clock_us + clock_us, NULL, text);
        note_text(t, text, strlen(text), PX_TIME_LOCAL);
    }
    return true;
}

/* The time of day of a file whose name has the date. */
static bool take_since_midnight(pxi_bar_reader *t, const pxi_batch *batch, size_t row, int64_t *out,
                                char *reason) {
    double ms;
    if (take_number(t, batch, PXI_ROLE_TIME, row, &ms) != NUMBER || ms < 0 || ms >= 86400e3)
        return fail_time("", 0, "it is no number of milliseconds since midnight", reason);
    *out = pxi_when_to_utc(&t->when, t->meaning.base_us + (int64_t)(ms * 1000));
    if (t->time_form == PX_TIME_UNKNOWN)
        note_text(t, "milliseconds since midnight", 27, PX_TIME_LOCAL);
    return true;
}

/* Whether a second column gives the same time: the same moment, wall times of the zone or of UTC, or its
 * date. */
static bool agrees(pxi_bar_reader *t, const pxi_batch *batch, size_t k, size_t row, int64_t ts_us) {
    const size_t what = PXI_SLOT_OTHERS + k;
    const pxi_cells *cells = &batch->cells[t->slots[what]];
    char ignored[PXI_REASON_SIZE];
    px_time_form form;
    int64_t other_us;
    pxi_read_time m;
    if (t->kinds[what] == PXI_TEXT) {
        const pxi_cell_text *cell = &cells->u.text[row];
        if (pxi_is_missing(cell->text, cell->length))
            return true;
        if (pxi_read_time_parse(cell->text, cell->length, PXI_ANY_ORDER, &m))
            return true; /* it is reported among the times that were not read */
        const int64_t wall_us = ts_us + px_zone_offset_us(t->when.zone, ts_us);
        const int64_t usual_us = ts_us + px_zone_offset_us(t->usual_zone, ts_us);
        if (m.form != PX_TIME_LOCAL)
            return m.us == ts_us;
        if (m.has_clock && !m.orders)
            return m.us == wall_us || m.us == usual_us || m.us == ts_us;
        const int64_t days[] = {m.us / PX_US_PER_DAY, m.days[0], m.days[1], m.days[2]};
        for (size_t i = 0; i < 4; i++)
            if ((i == 0 || m.orders) &&
                (days[i] == wall_us / PX_US_PER_DAY || days[i] == usual_us / PX_US_PER_DAY ||
                 days[i] == ts_us / PX_US_PER_DAY))
                return true;
        return false;
    }
    if (!is_there(cells, row) ||
        !take_cell_time(t, &t->whens[k], batch, what, row, &other_us, &form, ignored))
        return true;
    const int64_t wall_us = ts_us + px_zone_offset_us(t->when.zone, ts_us);
    const int64_t usual_us = ts_us + px_zone_offset_us(t->usual_zone, ts_us);
    const int64_t value_us =
        form == PX_TIME_LOCAL ? other_us + px_zone_offset_us(t->when.zone, other_us) : other_us;
    if (form != PX_TIME_LOCAL)
        return value_us == ts_us;
    return value_us == wall_us || value_us == usual_us || value_us == ts_us ||
           (t->kinds[what] == PXI_DAY &&
            (value_us == wall_us - wall_us % PX_US_PER_DAY ||
             value_us == usual_us - usual_us % PX_US_PER_DAY || value_us == ts_us - ts_us % PX_US_PER_DAY));
}

static bool take_time(pxi_bar_reader *t, const pxi_batch *batch, size_t row, int64_t *out, char *reason) {
    px_time_form form;
    bool found = t->meaning.base_us != INT64_MIN && t->meaning.clock == PXI_NO_COLUMN
                     ? take_since_midnight(t, batch, row, out, reason)
                 : t->meaning.clock != PXI_NO_COLUMN
                     ? take_two(t, batch, row, out, &form, reason)
                     : take_cell_time(t, &t->when, batch, PXI_ROLE_TIME, row, out, &form, reason);
    if (!found)
        return false;
    const int64_t written_us = *out;
    const int64_t off = (*out % PX_US_PER_MINUTE + PX_US_PER_MINUTE) % PX_US_PER_MINUTE;
    if (off && (off <= 1000 || off >= PX_US_PER_MINUTE - 1000)) {
        *out += off <= 1000 ? -off : PX_US_PER_MINUTE - off;
        t->n_near++;
    }
    for (size_t k = 0; k < t->meaning.n_others; k++)
        if (!agrees(t, batch, k, row, written_us) && !agrees(t, batch, k, row, *out)) {
            char when[PX_TIME_TEXT_SIZE];
            t->disagrees = true;
            snprintf(reason, PXI_REASON_SIZE, "%s: two columns give other times",
                     px_time_format_local(*out, t->when.zone, when));
            return false;
        }
    return true;
}

/* ---- rows -----------------------------------------------------------------------------------------------
 */

pxi_row_is pxi_bar_read(pxi_bar_reader *t, const pxi_batch *batch, size_t row, px_bar *bar,
                        char reason[PXI_REASON_SIZE]) {
    const pxi_row_is prices = take_prices(t, batch, row, bar, reason);
    if (prices == PXI_ROW_EMPTY)
        return prices;
    if (!take_time(t, batch, row, &bar->ts_us, reason))
        return PXI_ROW_FAULT;
    if (prices != PXI_ROW_BAR || !take_volume(t, batch, row, &bar->volume, reason))
        return PXI_ROW_FAULT;
    t->n_widened += px_bar_widen(bar);
    const char *defect = px_bar_defect(bar);
    if (defect)
        pxi_copy(reason, PXI_REASON_SIZE, defect);
    return defect ? PXI_ROW_FAULT : PXI_ROW_BAR;
}

const char *pxi_bar_text(const pxi_bar_reader *t, const pxi_batch *batch, size_t row, size_t role,
                         char buf[PX_NAME_SIZE + 1]) {
    buf[0] = '\0';
    if (t->slots[role] == PXI_NO_COLUMN)
        return buf;
    const pxi_cells *cells = &batch->cells[t->slots[role]];
    if (t->kinds[role] == PXI_TEXT) {
        const pxi_cell_text *cell = &cells->u.text[row];
        const size_t n = cell->length < PX_NAME_SIZE ? cell->length : PX_NAME_SIZE;
        memcpy(buf, cell->text, n);
        buf[n] = '\0';
    } else if (!is_there(cells, row))
        return buf;
    else if (t->kinds[role] == PXI_F64 || t->kinds[role] == PXI_F32) {
        char number[PX_DOUBLE_TEXT_SIZE];
        const double value =
            t->kinds[role] == PXI_F64 ? cells->u.f64[row] : pxi_number_of_float(cells->u.f32[row]);
        px_double_format(value, number);
        pxi_copy(buf, PX_NAME_SIZE, number);
    } else if (t->kinds[role] == PXI_DAY || t->kinds[role] == PXI_WALL || t->kinds[role] == PXI_INSTANT) {
        char date[PX_TIME_TEXT_SIZE];
        const int64_t value = cells->u.i64[row];
        px_date_format((int32_t)(t->kinds[role] == PXI_DAY ? value : value / PX_US_PER_DAY), date);
        pxi_copy(buf, PX_NAME_SIZE, date);
    } else
        snprintf(buf, PX_NAME_SIZE, "%" PRId64, cells->u.i64[row]);
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
    for (size_t i = 0; i < t->n_wanted; i++)
        if (t->wanted[i] == column) {
            t->slots[what] = i;
            return PX_OK;
        }
    t->slots[what] = t->n_wanted;
    t->wanted[t->n_wanted++] = column;
    return PX_OK;
}

px_status pxi_bar_reader_make(const pxi_rows *rows, const pxi_meaning *meaning,
                              const px_source_config *config, const px_zone *zone, pxi_bar_reader *out,
                              px_error *err) {
    px_status status = PX_OK;
    *out = (pxi_bar_reader){.meaning = *meaning, .usual_zone = config->zone};
    out->when = (pxi_when){.zone = zone, .format = config->reading.date_format, .orders = meaning->orders};
    for (size_t i = 0; i < PXI_N_SLOTS; i++)
        out->slots[i] = PXI_NO_COLUMN;
    for (size_t role = 0; role < PXI_N_ROLES && !status; role++)
        if (role != PXI_ROLE_TICKS)
            status = want(rows, role, meaning->at[role], out, err);
    if (!status)
        status = want(rows, PXI_SLOT_CLOCK, meaning->clock, out, err);
    for (size_t k = 0; k < meaning->n_others && !status; k++) {
        out->whens[k] = (pxi_when){.zone = zone, .orders = PXI_ANY_ORDER};
        status = want(rows, PXI_SLOT_OTHERS + k, meaning->others[k], out, err);
    }
    return status;
}
