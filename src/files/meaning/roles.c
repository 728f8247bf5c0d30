// SPDX-License-Identifier: Apache-2.0
/* Which column is what, by its name. */
#include "base/error.h"
#include "base/text.h"
#include "files/meaning/meaning.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- --columns ------------------------------------------------------------------------------------------
 */

static size_t column_named(const pxi_rows *rows, const char *name, size_t length) {
    char text[PX_NAME_SIZE];
    long number;
    char *end;
    if (length >= sizeof text)
        return PXI_NO_COLUMN;
    memcpy(text, name, length);
    text[length] = '\0';
    for (size_t i = 0; i < rows->n_columns; i++)
        if (strcmp(rows->columns[i].name, text) == 0)
            return i;
    for (size_t i = 0; i < rows->n_columns; i++)
        if (strcasecmp(rows->columns[i].name, text) == 0)
            return i;
    number = strtol(text, &end, 10);
    return *text && !*end && number >= 1 && (size_t)number <= rows->n_columns ? (size_t)number - 1
                                                                              : PXI_NO_COLUMN;
}

static bool role_named(const char *name, size_t length, size_t *role) {
    static const char *const clock_names[] = {"clock", "time of day", "timeofday"};
    for (size_t i = 0; i < PXI_N_ROLES; i++)
        if (strlen(pxi_role_name((pxi_bar_role)i)) == length &&
            strncasecmp(pxi_role_name((pxi_bar_role)i), name, length) == 0) {
            *role = i;
            return true;
        }
    for (size_t i = 0; i < sizeof clock_names / sizeof *clock_names; i++)
        if (strlen(clock_names[i]) == length && strncasecmp(clock_names[i], name, length) == 0) {
            *role = PXI_N_ROLES;
            return true;
        }
    *role = PXI_ROLE_TIME;
    return length == 4 && strncasecmp(name, "date", 4) == 0;
}

static px_status fail_map(const pxi_rows *rows, const char *what, size_t length, px_error *err) {
    pxi_text names = {0};
    for (size_t i = 0; i < rows->n_columns && names.length < 200; i++)
        pxi_text_printf(&names, "%s%s", i ? ", " : "", rows->columns[i].name);
    px_status status = pxi_fail(
        err, PX_EINPUT,
        "--columns: \"%.*s\" is not ROLE=COLUMN or NUMBER=ROLE; roles: time, time of day, open, high, low, "
        "close, volume, symbol, timeframe, expiry, strike, option type, series; columns: %.220s",
        (int)(length < 80 ? length : 80), what, names.data ? names.data : "");
    pxi_text_free(&names);
    return status;
}

px_status pxi_columns_map(const pxi_rows *rows, const char *map, pxi_meaning *out, px_error *err) {
    for (const char *at = map; *at;) {
        const size_t length = strcspn(at, ",");
        const char *equals = memchr(at, '=', length);
        size_t role = 0, column;
        if (!equals)
            return fail_map(rows, at, length, err);
        const size_t left = (size_t)(equals - at), right = length - left - 1;
        if (role_named(at, left, &role))
            column = column_named(rows, equals + 1, right);
        else if (role_named(equals + 1, right, &role))
            column = column_named(rows, at, left);
        else
            return fail_map(rows, at, length, err);
        if (column == PXI_NO_COLUMN)
            return fail_map(rows, at, length, err);
        *(role == PXI_N_ROLES ? &out->clock : &out->at[role]) = column;
        at += length + (at[length] == ',');
    }
    return PX_OK;
}

/* ---- volumes of a pair ----------------------------------------------------------------------------------
 */

/* "Volume BTC" beside "Volume USDT": of what the symbol, or else the file's name, has in front. */
static size_t volume_of_base(const pxi_rows *rows, const pxi_sample *sample, size_t symbol, size_t *n_found) {
    size_t found = PXI_NO_COLUMN, first_at = SIZE_MAX;
    char key[PXI_NAME_KEY_SIZE], base[PXI_NAME_KEY_SIZE];
    const char *slash = strrchr(rows->name, '/');
    const char *name = symbol != PXI_NO_COLUMN && sample->n ? pxi_sample_text(sample, 0, symbol) : "";
    pxi_name_key(*name ? name : slash ? slash + 1 : rows->name, base);
    for (size_t i = 0; i < rows->n_columns; i++) {
        pxi_name_key(rows->columns[i].name, key);
        if (strncmp(key, "volume", 6) != 0 || strlen(key) < 8 || strlen(key) > 12)
            continue;
        const char *at = strstr(base, key + 6);
        if (++*n_found == 1 || (at && (size_t)(at - base) < first_at))
            found = i;
        if (at && (size_t)(at - base) < first_at)
            first_at = (size_t)(at - base);
    }
    return *n_found == 1 || first_at != SIZE_MAX ? found : PXI_NO_COLUMN;
}

static px_status find_volume(const pxi_rows *rows, const pxi_sample *sample, pxi_meaning *out,
                             px_error *err) {
    size_t n_found = 0;
    if (out->at[PXI_ROLE_VOLUME] != PXI_NO_COLUMN)
        return PX_OK;
    out->at[PXI_ROLE_VOLUME] = volume_of_base(rows, sample, out->at[PXI_ROLE_SYMBOL], &n_found);
    if (n_found > 1 && out->at[PXI_ROLE_VOLUME] == PXI_NO_COLUMN)
        return pxi_fail(
            err, PX_EINPUT,
            "several columns give a volume: name the one that counts units of the instrument, as in "
            "--columns \"volume=Volume BTC\"");
    return PX_OK;
}

/* ---- names ----------------------------------------------------------------------------------------------
 */

static px_status fail_missing(const pxi_rows *rows, size_t role, px_error *err) {
    pxi_text names = {0};
    for (size_t i = 0; i < rows->n_columns && names.length < 160; i++)
        pxi_text_printf(&names, "%s%.40s", i ? ", " : "", rows->columns[i].name);
    px_status status = pxi_fail(
        err, PX_EINPUT,
        "no column for the %s; bars need columns for time, open, high, low, close and, where "
        "there is any, volume; there are: %.180s; name it: --columns %s=NAME",
        pxi_role_name((pxi_bar_role)role), names.data ? names.data : "", pxi_role_name((pxi_bar_role)role));
    pxi_text_free(&names);
    return status;
}

static bool is_empty(const pxi_rows *rows, const pxi_sample *sample, size_t column) {
    if (!sample->n || rows->columns[column].kind == PXI_OPAQUE || sample->places[column] == PXI_NO_COLUMN)
        return false;
    for (size_t row = 0; row < sample->n; row++)
        if (*pxi_sample_text(sample, row, column))
            return false;
    return sample->n > 0;
}

static px_status fail_two(const pxi_rows *rows, pxi_bar_role role, size_t first, size_t second,
                          px_error *err) {
    const char *a = rows->columns[first].name, *b = rows->columns[second].name, *what = pxi_role_name(role);
    if (strcmp(a, b) != 0)
        return pxi_fail(err, PX_EINPUT,
                        "columns \"%s\" and \"%s\" both give the %s; rename or drop one, or name it: "
                        "--columns \"%s=%s\"",
                        a, b, what, what, a);
    return pxi_fail(err, PX_EINPUT,
                    "columns \"%s\" and \"%s\" both give the %s, number %zu and %zu: write instruments that "
                    "stand side by "
                    "side into one file each, or name the column by its place: --columns %zu=%s",
                    a, b, what, first + 1, second + 1, first + 1, what);
}

/* An unnamed index in front is a time only where no other column is. */
static px_status choose_role(const pxi_rows *rows, const pxi_sample *sample, size_t column,
                             int ranks[PXI_N_ROLES], const bool named[PXI_N_ROLES], pxi_meaning *out,
                             px_error *err) {
    pxi_bar_role role;
    int rank;
    if (!pxi_name_role(rows->columns[column].name, &role, &rank) || role == PXI_ROLE_TIME || named[role])
        return PX_OK;
    const size_t before = out->at[role];
    if (before != PXI_NO_COLUMN && rank == ranks[role]) {
        if (role == PXI_ROLE_SYMBOL || is_empty(rows, sample, column))
            return PX_OK;
        if (!is_empty(rows, sample, before))
            return fail_two(rows, role, before, column, err);
    } else if (before != PXI_NO_COLUMN && rank > ranks[role])
        return PX_OK;
    out->at[role] = column;
    ranks[role] = rank;
    return PX_OK;
}

px_status pxi_roles_choose(const pxi_rows *rows, const px_source_config *config, const pxi_sample *sample,
                           pxi_meaning *out, px_error *err) {
    int ranks[PXI_N_ROLES];
    bool named[PXI_N_ROLES];
    px_status status = PX_OK;
    (void)config;
    for (size_t role = 0; role < PXI_N_ROLES; role++)
        named[role] = out->at[role] != PXI_NO_COLUMN;
    for (size_t i = 0; i < rows->n_columns && !status; i++)
        if (i != out->clock)
            status = choose_role(rows, sample, i, ranks, named, out, err);
    if (!status)
        status = find_volume(rows, sample, out, err);
    for (size_t role = PXI_ROLE_OPEN; role <= PXI_ROLE_CLOSE && !status; role++)
        if (out->at[role] == PXI_NO_COLUMN)
            status = fail_missing(rows, role, err);
    return status;
}
