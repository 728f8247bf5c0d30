// SPDX-License-Identifier: Apache-2.0
#include "strategies/signal_row.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include "base/error.h"
#include "base/text.h"

/* Longer time stops and tags are mistakes. */
#define MAX_H_BARS 1000000
#define MAX_TAG    64

/* ---- columns ------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    pxi_signal_role role;
} role_names[] = {
    {"timestamp", PXI_SIGNAL_TIME},
    {"datetime", PXI_SIGNAL_TIME},
    {"date", PXI_SIGNAL_TIME},
    {"ts", PXI_SIGNAL_TIME},
    {"time", PXI_SIGNAL_TIME},
    {"side", PXI_SIGNAL_SIDE},
    {"stop", PXI_SIGNAL_STOP},
    {"target", PXI_SIGNAL_TARGET},
    {"stop_distance", PXI_SIGNAL_STOP_DISTANCE},
    {"target_distance", PXI_SIGNAL_TARGET_DISTANCE},
    {"h_bars", PXI_SIGNAL_H_BARS},
    {"quantity", PXI_SIGNAL_QUANTITY},
    {"probability", PXI_SIGNAL_PROBABILITY},
    {"tag", PXI_SIGNAL_TAG},
    {"symbol", PXI_SIGNAL_SYMBOL},
};

static size_t role_of(const char *name) {
    for (size_t i = 0; i < sizeof role_names / sizeof *role_names; i++)
        if (strcasecmp(name, role_names[i].name) == 0)
            return role_names[i].role;
    return PXI_N_SIGNAL_ROLES;
}

static void list_unread(const char *name, char *unread, size_t size) {
    size_t used = strlen(unread);
    snprintf(unread + used, size - used, "%s%s", used ? ", " : "", *name ? name : "(unnamed)");
}

px_status pxi_signal_columns_find(const pxi_records *records, pxi_signal_columns *out, char *unread,
                                  size_t size, px_error *err) {
    pxi_signal_columns found;
    *unread = '\0';
    for (size_t role = 0; role < PXI_N_SIGNAL_ROLES; role++)
        found.at[role] = SIZE_MAX;
    for (size_t i = 0; i < pxi_records_n_columns(records); i++) {
        const char *name = pxi_records_column(records, i);
        size_t role = role_of(name);
        if (role == PXI_N_SIGNAL_ROLES)
            list_unread(name, unread, size);
        else if (found.at[role] != SIZE_MAX)
            return pxi_fail(err, PX_EINPUT, "columns \"%s\" and \"%s\" mean the same; rename or drop one",
                            pxi_records_column(records, found.at[role]), name);
        else
            found.at[role] = i;
    }
    for (size_t role = PXI_SIGNAL_TIME; role <= PXI_SIGNAL_SIDE; role++)
        if (found.at[role] == SIZE_MAX)
            return pxi_fail(
                err, PX_EINPUT,
                "no column \"%s\"; signals have the columns timestamp, side and, where wanted, stop, "
                "target, stop_distance, target_distance, h_bars, quantity, probability, tag, symbol",
                role == PXI_SIGNAL_TIME ? "timestamp" : "side");
    *out = found;
    return PX_OK;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* The cell of a role, or NULL where it is undefined: no such column, nothing in it, or what NaN is written
 * as. */
static const pxi_field *cell_of(const pxi_signal_columns *columns, const pxi_field *fields,
                                pxi_signal_role role) {
    size_t at = columns->at[role];
    if (at == SIZE_MAX || fields[at].length == 0 || strcasecmp(fields[at].text, "nan") == 0)
        return NULL;
    return &fields[at];
}

static bool take_time(const pxi_field *cell, const px_zone *zone, int64_t *out,
                      char reason[PXI_SIGNAL_REASON_SIZE]) {
    px_error err = {0};
    if (!cell)
        pxi_copy(reason, PXI_SIGNAL_REASON_SIZE, "no timestamp");
    else if (px_time_parse(cell->text, cell->length, zone, out, &err) == PX_OK)
        return true;
    else
        pxi_copy(reason, PXI_SIGNAL_REASON_SIZE, err.message);
    return false;
}

static bool take_side(const pxi_field *cell, px_signal *out, char reason[PXI_SIGNAL_REASON_SIZE]) {
    static const struct {
        const char *name;
        px_action action;
        px_side side;
    } sides[] = {
        {"BUY", PX_ACTION_ENTER, PX_LONG},   {"LONG", PX_ACTION_ENTER, PX_LONG},
        {"SELL", PX_ACTION_ENTER, PX_SHORT}, {"SHORT", PX_ACTION_ENTER, PX_SHORT},
        {"EXIT", PX_ACTION_CLOSE, PX_LONG},  {"CLOSE", PX_ACTION_CLOSE, PX_LONG},
    };
    for (size_t i = 0; cell && i < sizeof sides / sizeof *sides; i++)
        if (strcasecmp(cell->text, sides[i].name) == 0) {
            *out = px_signal_make(sides[i].action, sides[i].side);
            return true;
        }
    if (cell)
        snprintf(reason, PXI_SIGNAL_REASON_SIZE, "side is \"%.40s\", not BUY, SELL or EXIT", cell->text);
    else
        pxi_copy(reason, PXI_SIGNAL_REASON_SIZE, "no side");
    return false;
}

/* What a number may be, bounds included; `what` is for the message. */
typedef struct range {
    double least, most;
    const char *what;
} range;

static const range positive = {DBL_TRUE_MIN, DBL_MAX, "a number above 0"};
static const range probable = {0.0, 1.0, "a number from 0 to 1"};

/* NaN where the cell is undefined. */
static bool take_number(const pxi_field *cell, const char *name, const range *allowed, double *out,
                        char reason[PXI_SIGNAL_REASON_SIZE]) {
    *out = NAN;
    if (!cell)
        return true;
    double value;
    if (pxi_parse_double(cell->text, cell->length, &value) && value >= allowed->least &&
        value <= allowed->most) {
        *out = value;
        return true;
    }
    snprintf(reason, PXI_SIGNAL_REASON_SIZE, "%s is \"%.40s\", not %s", name, cell->text, allowed->what);
    return false;
}

/* A level stands in one of two columns. */
static bool take_level(const pxi_signal_columns *columns, const pxi_field *fields, pxi_signal_role price_role,
                       pxi_signal_role distance_role, const char *name, px_level *out,
                       char reason[PXI_SIGNAL_REASON_SIZE]) {
    const pxi_field *price = cell_of(columns, fields, price_role);
    const pxi_field *distance = cell_of(columns, fields, distance_role);
    char distance_name[32];
    snprintf(distance_name, sizeof distance_name, "%s_distance", name);
    if (price && distance) {
        snprintf(reason, PXI_SIGNAL_REASON_SIZE, "both %s and %s are given", name, distance_name);
        return false;
    }
    out->kind = price ? PX_LEVEL_PRICE : distance ? PX_LEVEL_DISTANCE : PX_LEVEL_NONE;
    return take_number(price ? price : distance, price ? name : distance_name, &positive, &out->value,
                       reason);
}

static bool take_levels(const pxi_signal_columns *columns, const pxi_field *fields, px_signal *out,
                        char reason[PXI_SIGNAL_REASON_SIZE]) {
    return take_level(columns, fields, PXI_SIGNAL_STOP, PXI_SIGNAL_STOP_DISTANCE, "stop", &out->stop,
                      reason) &&
           take_level(columns, fields, PXI_SIGNAL_TARGET, PXI_SIGNAL_TARGET_DISTANCE, "target", &out->target,
                      reason);
}

/* Frames with empty cells write whole numbers as 12.0. */
static bool take_h_bars(const pxi_field *cell, int *out, char reason[PXI_SIGNAL_REASON_SIZE]) {
    double value = 0.0;
    if (cell && (!pxi_parse_double(cell->text, cell->length, &value) || !(value >= 0.0) ||
                 value > MAX_H_BARS || value != floor(value))) {
        snprintf(reason, PXI_SIGNAL_REASON_SIZE, "h_bars is \"%.40s\", not a whole number from 0 to %d",
                 cell->text, MAX_H_BARS);
        return false;
    }
    *out = (int)value;
    return true;
}

/* Tags are stored and printed. */
static bool take_tag(const pxi_field *cell, const char **out, char reason[PXI_SIGNAL_REASON_SIZE]) {
    if (!cell)
        return true;
    bool plain = pxi_is_utf8(cell->text);
    for (size_t i = 0; i < cell->length; i++)
        plain = plain && (unsigned char)cell->text[i] >= ' ' && cell->text[i] != 0x7f;
    if (!plain || cell->length > MAX_TAG) {
        snprintf(reason, PXI_SIGNAL_REASON_SIZE, "tag is not text of at most %d bytes", MAX_TAG);
        return false;
    }
    if (pxi_starts_formula(cell->text)) {
        pxi_copy(reason, PXI_SIGNAL_REASON_SIZE,
                 "tag starts like a formula: let it start with a letter or digit");
        return false;
    }
    *out = cell->text;
    return true;
}

/* What only entries have. */
static bool take_entry(const pxi_signal_columns *columns, const pxi_field *fields, px_signal *out,
                       char reason[PXI_SIGNAL_REASON_SIZE]) {
    return take_levels(columns, fields, out, reason) &&
           take_h_bars(cell_of(columns, fields, PXI_SIGNAL_H_BARS), &out->h_bars, reason) &&
           take_number(cell_of(columns, fields, PXI_SIGNAL_QUANTITY), "quantity", &positive, &out->quantity,
                       reason) &&
           take_number(cell_of(columns, fields, PXI_SIGNAL_PROBABILITY), "probability", &probable,
                       &out->probability, reason) &&
           take_tag(cell_of(columns, fields, PXI_SIGNAL_TAG), &out->tag, reason);
}

bool pxi_signal_row_parse(const pxi_signal_columns *columns, const pxi_field *fields, const px_zone *zone,
                          px_signal *out, char reason[PXI_SIGNAL_REASON_SIZE]) {
    px_signal signal;
    int64_t ts_us;
    if (!take_time(cell_of(columns, fields, PXI_SIGNAL_TIME), zone, &ts_us, reason) ||
        !take_side(cell_of(columns, fields, PXI_SIGNAL_SIDE), &signal, reason))
        return false;
    signal.bar = SIZE_MAX;
    signal.ts_us = ts_us;
    if (signal.action == PX_ACTION_ENTER && !take_entry(columns, fields, &signal, reason))
        return false;
    *out = signal;
    return true;
}
