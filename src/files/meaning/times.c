// SPDX-License-Identifier: Apache-2.0
/* Which columns give the time, and how its dates are written. */
#include "base/error.h"
#include "files/meaning/meaning.h"

#include <stdio.h>
#include <string.h>

typedef enum { IS_NONE, IS_MOMENT, IS_DATE, IS_CLOCK } time_class;

typedef struct candidate {
    size_t column;
    time_class is;
    bool is_instant;  /* an epoch, or with an offset */
    bool at_midnight; /* moments all of whose times of day are 00:00 */
} candidate;

typedef struct candidates {
    size_t n;
    candidate items[16];
} candidates;

/* ---- what the cells of a column are ---------------------------------------------------------------------
 */

typedef struct counts {
    size_t n, moments, dates, clocks, instants, midnights;
} counts;

static counts count_cells(const pxi_sample *sample, size_t column, const char *format) {
    counts c = {0};
    for (size_t row = 0; row < sample->n; row++) {
        const char *text = pxi_sample_text(sample, row, column);
        const size_t length = strlen(text);
        pxi_read_time m;
        int64_t us;
        if (!length)
            continue;
        c.n++;
        c.clocks += pxi_clock_parse(text, length, true, &us) || pxi_clock_parse(text, length, false, &us);
        if (format ? pxi_read_time_by_format(text, length, format, &m)
                   : pxi_read_time_parse(text, length, PXI_ANY_ORDER, &m))
            continue;
        *(m.has_clock ? &c.moments : &c.dates) += 1;
        c.instants += m.form != PX_TIME_LOCAL;
        c.midnights += m.has_clock && m.clock_us == 0;
    }
    return c;
}

static candidate look_at(const pxi_rows *rows, const pxi_sample *sample, size_t column, const char *format) {
    candidate found = {.column = column};
    const pxi_kind kind = rows->columns[column].kind;
    if (kind == PXI_DAY || kind == PXI_CLOCK) {
        found.is = kind == PXI_DAY ? IS_DATE : IS_CLOCK;
        return found;
    }
    if (kind == PXI_INSTANT || kind == PXI_WALL) {
        found = (candidate){column, IS_MOMENT, kind == PXI_INSTANT, kind == PXI_WALL};
        for (size_t row = 0; row < sample->n && found.at_midnight; row++) {
            const char *text = pxi_sample_text(sample, row, column);
            double us = 0;
            found.at_midnight =
                !*text || !pxi_number_parse(text, strlen(text), &us) || (int64_t)us % PX_US_PER_DAY == 0;
        }
        return found;
    }
    const counts c = count_cells(sample, column, format);
    const size_t times = c.moments + c.dates;
    if (c.n && c.clocks == c.n && times < c.n)
        found.is = IS_CLOCK;
    else if (times && 2 * times >= c.n)
        found = (candidate){column, c.moments ? IS_MOMENT : IS_DATE, 2 * c.instants > times,
                            c.moments && c.midnights == c.moments && !c.instants};
    return found;
}

static void add_candidates(const pxi_rows *rows, const pxi_sample *sample, const char *format,
                           int wanted_rank, candidates *out) {
    for (size_t i = 0; i < rows->n_columns && out->n < 16; i++) {
        pxi_bar_role role;
        int rank;
        const char *name = rows->columns[i].name;
        if (!*name && i == 0)
            rank = 2;
        else if (!pxi_name_role(name, &role, &rank) || role != PXI_ROLE_TIME)
            continue;
        if (rank != wanted_rank || sample->places[i] == PXI_NO_COLUMN)
            continue;
        const candidate found = look_at(rows, sample, i, format);
        if (found.is != IS_NONE)
            out->items[out->n++] = found;
    }
}

/* ---- which of them --------------------------------------------------------------------------------------
 */

static const candidate *first_of(const candidates *list, time_class is, bool instant, bool midnight) {
    for (size_t i = 0; i < list->n; i++) {
        const candidate *c = &list->items[i];
        if (c->is == is && (!instant || c->is_instant) && (midnight || !c->at_midnight))
            return c;
    }
    return NULL;
}

static void choose(const candidates *list, pxi_meaning *out) {
    const candidate *clock = first_of(list, IS_CLOCK, false, true),
                    *date = first_of(list, IS_DATE, false, true);
    const candidate *chosen = first_of(list, IS_MOMENT, true, true);
    if (!chosen)
        chosen = first_of(list, IS_MOMENT, false, false);
    if (!chosen && clock) {
        chosen = date ? date : first_of(list, IS_MOMENT, false, true);
        out->clock = chosen ? clock->column : PXI_NO_COLUMN;
    }
    if (!chosen)
        chosen = first_of(list, IS_MOMENT, false, true);
    if (!chosen)
        chosen = date;
    if (!chosen)
        return;
    out->at[PXI_ROLE_TIME] = chosen->column;
    out->days_only = chosen->is == IS_DATE && out->clock == PXI_NO_COLUMN;
    for (size_t i = 0; i < list->n && out->n_others < PXI_MOST_TIMES; i++) {
        const candidate *c = &list->items[i];
        if (c->column != chosen->column && c->is != IS_CLOCK)
            out->others[out->n_others++] = c->column;
    }
}

static px_status fail_no_time(const pxi_rows *rows, const pxi_sample *sample, const candidates *list,
                              px_error *err) {
    if (list->n)
        return pxi_fail(
            err, PX_EINPUT,
            "the column \"%s\" gives a time of day and no column gives the date: name it with --columns "
            "time=NAME",
            rows->columns[list->items[0].column].name);
    for (size_t i = 0; i < rows->n_columns; i++) {
        pxi_bar_role role;
        int rank;
        pxi_read_time m;
        if (!pxi_name_role(rows->columns[i].name, &role, &rank) || role != PXI_ROLE_TIME || !sample->n)
            continue;
        if (rows->columns[i].kind == PXI_OPAQUE)
            return pxi_fail(err, PX_EINPUT, "the column \"%s\" holds %s", rows->columns[i].name,
                            rows->columns[i].fault);
        const char *text = pxi_sample_text(sample, 0, i);
        const char *reason = pxi_read_time_parse(text, strlen(text), PXI_ANY_ORDER, &m);
        return pxi_fail(
            err, PX_EINPUT,
            "the column \"%s\" gives no times, as \"%.40s\" (%s): --date-format says how they are written",
            rows->columns[i].name, text, reason ? reason : "most of the others are none");
    }
    return pxi_fail(err, PX_EINPUT,
                    "no column for the time (date, datetime, timestamp, ts or time); name it: "
                    "--columns time=NAME");
}

/* ---- the order of the numbers of a date -----------------------------------------------------------------
 */

typedef struct ordering {
    unsigned possible, rising,
        falling; /* orders in which no date is impossible; in which they never turn back */
    size_t n;    /* dates with a choice */
    int64_t last[3];
    char first[40]; /* a text with a choice */
    pxi_read_time first_moment;
    const char *format;
} ordering;

static void see_date(ordering *o, const char *text, size_t length) {
    static const unsigned bits[] = {PXI_DMY, PXI_MDY, PXI_YMD};
    pxi_read_time m;
    if (pxi_is_missing(text, length) || pxi_read_time_parse(text, length, PXI_ANY_ORDER, &m) || !m.orders)
        return;
    if (o->n++ == 0) {
        snprintf(o->first, sizeof o->first, "%.*s", (int)(length < 39 ? length : 39), text);
        o->first_moment = m;
    }
    o->possible &= m.orders;
    for (size_t k = 0; k < 3; k++) {
        if (o->n > 1 && m.days[k] < o->last[k])
            o->rising &= ~bits[k];
        if (o->n > 1 && m.days[k] > o->last[k])
            o->falling &= ~bits[k];
        o->last[k] = m.days[k];
    }
}

static bool is_one(unsigned orders) {
    return orders && !(orders & (orders - 1));
}

static px_status see_batch(const pxi_batch *batch, void *context, bool *stop, px_error *err) {
    ordering *o = context;
    (void)err;
    for (size_t row = 0; row < batch->n; row++)
        if (!batch->faults || !batch->faults[row])
            see_date(o, batch->cells[0].u.text[row].text, batch->cells[0].u.text[row].length);
    *stop = is_one(o->possible) || !o->possible;
    return PX_OK;
}

static const char *order_name(unsigned order) {
    return order == PXI_DMY ? "day, month, year" : order == PXI_MDY ? "month, day, year" : "year, month, day";
}

static px_status fail_order(const pxi_rows *rows, size_t column, const ordering *o, unsigned left,
                            px_error *err) {
    static const unsigned bits[] = {PXI_DMY, PXI_MDY, PXI_YMD};
    static const char *const formats[] = {"%d/%m/%Y", "%m/%d/%Y", "%y/%m/%d"};
    char readings[3][PX_TIME_TEXT_SIZE + 40];
    size_t n = 0;
    if (!o->possible)
        return pxi_fail(
            err, PX_EINPUT,
            "the dates of \"%s\" have their numbers in no one order: some are dates only as day, month, "
            "year and some only as month, day, year",
            rows->columns[column].name);
    for (size_t k = 0; k < 3; k++)
        if (left & bits[k]) {
            char date[PX_TIME_TEXT_SIZE];
            snprintf(readings[n++], sizeof readings[0], "%s (--date-format like %s)",
                     px_date_format((int32_t)o->first_moment.days[k], date), formats[k]);
        }
    return pxi_fail(
        err, PX_EINPUT,
        "\"%s\" of the column \"%s\" is %s or %s%s%s, and no other row shows which: name the form of the "
        "whole text with --date-format",
        o->first, rows->columns[column].name, readings[0], readings[1], n > 2 ? " or " : "",
        n > 2 ? readings[2] : "");
}

/* "11/20/2023" as "99/99/9999" has it. */
static bool has_form(const char *text, const char *form) {
    for (; *text && *form; text++, form++)
        if (*form == '9' ? (unsigned)(*text - '0') > 9 : *text != *form)
            return false;
    return *text == *form;
}

/* By a number above 12 anywhere, by the rows' going forward or backward in one reading alone, or by what is
 * known of the program. */
static px_status find_order(pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out, px_source *notes,
                            px_error *err) {
    const size_t column = out->at[PXI_ROLE_TIME];
    ordering o = {.possible = PXI_ANY_ORDER, .rising = PXI_ANY_ORDER, .falling = PXI_ANY_ORDER};
    out->orders = PXI_ANY_ORDER;
    if (rows->columns[column].kind != PXI_TEXT)
        return PX_OK;
    for (size_t row = 0; row < sample->n; row++) {
        const char *text = pxi_sample_text(sample, row, column);
        see_date(&o, text, strlen(text));
    }
    if (o.n == 0)
        return PX_OK;
    px_status status = PX_OK;
    if (!is_one(o.possible)) {
        o = (ordering){.possible = PXI_ANY_ORDER, .rising = PXI_ANY_ORDER, .falling = PXI_ANY_ORDER};
        status = rows->each(rows, &column, 1, see_batch, &o, err);
    }
    if (status)
        return status;
    unsigned left = o.possible;
    const char *why = "a number that can only be the day shows it";
    const unsigned straight = left & (o.rising | o.falling);
    if (!is_one(left) && left && is_one(straight)) {
        left = straight;
        why = "only so do the rows follow each other in time";
    }
    const pxi_profile *p = out->profile;
    if (!is_one(left) && p && p->dates && (left & p->orders) && out->clock == PXI_NO_COLUMN &&
        has_form(o.first, p->dates)) {
        left &= p->orders;
        why = p->name;
    }
    if (!is_one(left))
        return fail_order(rows, column, &o, left, err);
    pxi_source_note(notes, "dates like \"%s\" are %s: %s", o.first, order_name(left), why);
    out->orders = left;
    return PX_OK;
}

/* ---- all ------------------------------------------------------------------------------------------------
 */

static bool has_seconds(const pxi_sample *sample, size_t column) {
    for (size_t row = 0; row < sample->n; row++) {
        const char *text = pxi_sample_text(sample, row, column);
        if (strspn(text, "0123456789") == strlen(text) && strlen(text) > 4)
            return true;
    }
    return false;
}

/* "2022.10.10": no other program writes dates so. */
static bool has_metatrader_dates(const pxi_sample *sample, const pxi_meaning *m) {
    const char *text = sample->n ? pxi_sample_text(sample, 0, m->at[PXI_ROLE_TIME]) : "";
    return strlen(text) >= 10 && text[4] == '.' && text[7] == '.' && strspn(text, "0123456789.") >= 10;
}

px_status pxi_times_choose(pxi_rows *rows, const px_source_config *config, const pxi_sample *sample,
                           pxi_meaning *out, px_source *notes, px_error *err) {
    const char *format = config->reading.date_format;
    candidates list = {0};
    px_status status = PX_OK;
    const char *wrong = format ? pxi_format_check(format) : NULL;
    if (wrong)
        return pxi_fail(err, PX_EINPUT, "--date-format \"%.60s\": %s", format, wrong);
    if (out->at[PXI_ROLE_TIME] == PXI_NO_COLUMN) {
        add_candidates(rows, sample, format, 1, &list);
        if (list.n == 0)
            add_candidates(rows, sample, format, 2, &list);
        choose(&list, out);
    } else
        out->days_only = out->clock == PXI_NO_COLUMN &&
                         look_at(rows, sample, out->at[PXI_ROLE_TIME], format).is == IS_DATE;
    if (out->at[PXI_ROLE_TIME] == PXI_NO_COLUMN && sample->n == 0 && !out->n_others) {
        for (size_t i = 0; i < rows->n_columns; i++) { /* a table without rows: by its name */
            pxi_bar_role role;
            int rank;
            if (pxi_name_role(rows->columns[i].name, &role, &rank) && role == PXI_ROLE_TIME && rank == 1)
                out->at[PXI_ROLE_TIME] = i;
        }
    }
    if (!out->profile && out->at[PXI_ROLE_TIME] != PXI_NO_COLUMN && has_metatrader_dates(sample, out))
        status = pxi_profile_named("metatrader", &out->profile, err);
    if (out->at[PXI_ROLE_TIME] == PXI_NO_COLUMN)
        return fail_no_time(rows, sample, &list, err);
    if (out->clock != PXI_NO_COLUMN)
        out->clock_seconds = has_seconds(sample, out->clock);
    return format || status ? status : find_order(rows, sample, out, notes, err);
}
