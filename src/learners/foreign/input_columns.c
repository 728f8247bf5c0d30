// SPDX-License-Identifier: Apache-2.0
/* Which inputs of an event the columns of a model are. */
#include "learners/foreign/foreign.h"

#include "base/error.h"
#include "base/text.h"
#include "events/inputs.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

px_status pxi_foreign_fail(const pxi_foreign_file *file, px_error *err, const char *format, ...) {
    char what[440];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    return pxi_fail(err, PX_EINPUT, "%.300s: %s", file->origin, what);
}

/* What libraries call the columns of a matrix, which has no names: f0, Column_0, x0, 0. */
static bool is_made_up(const char *name, size_t column) {
    static const char *const before[] = {"f", "Column_", "x", "x_", "feature_", ""};
    char text[40];
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        snprintf(text, sizeof text, "%s%zu", before[i], column);
        if (strcmp(name, text) == 0)
            return true;
    }
    return false;
}

static bool has_names(const json_t *names, size_t n) {
    size_t made_up = 0;
    for (size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_array_get(names, i));
        made_up += name && is_made_up(name, i);
    }
    return json_array_size(names) > 0 && made_up < n;
}

static px_status add(const pxi_foreign_file *file, const char *name, pxi_columns *columns, px_error *err) {
    char hint[128] = "";
    const size_t k = name ? pxi_input_find(name, hint, sizeof hint) : PX_N_INPUTS;
    if (k == PX_N_INPUTS)
        return pxi_foreign_fail(file, err, "its input \"%.60s\" is none of an event's%s%s",
                                name ? name : "(no text)", name ? hint : "",
                                file->inputs || *hint ? "" : "; --inputs names its columns, in their order");
    for (size_t i = 0; i < columns->n; i++)
        if (columns->input_of[i] == (int)k)
            return pxi_foreign_fail(file, err, "its input %s stands there twice", name);
    columns->input_of[columns->n++] = (int)k;
    return PX_OK;
}

static px_status add_given(const pxi_foreign_file *file, size_t n, pxi_columns *columns, px_error *err) {
    px_status status = PX_OK;
    const char *at = file->inputs;
    for (bool more = true; more && !status;) {
        char name[64];
        const size_t length = strcspn(at, ",");
        more = at[length] == ',';
        if (columns->n == n)
            return pxi_foreign_fail(file, err, "it has %zu columns, --inputs names more", n);
        snprintf(name, sizeof name, "%.*s", (int)(length < 63 ? length : 63), at);
        status = add(file, name, columns, err);
        at += length + more;
    }
    if (!status && columns->n < n)
        status = pxi_foreign_fail(file, err, "it has %zu columns, --inputs names %zu", n, columns->n);
    return status;
}

px_status pxi_foreign_columns(const pxi_foreign_file *file, const json_t *names, size_t n, pxi_columns *out,
                              px_error *err) {
    pxi_columns columns = {0};
    px_status status = PX_OK;
    if (n < 1 || n > PX_N_INPUTS)
        return pxi_foreign_fail(file, err, "it has %zu inputs, events have %d", n, PX_N_INPUTS);
    const bool named = has_names(names, n);
    if (!named && file->columns && file->columns->n == n) {
        *out = *file->columns;
        return PX_OK;
    }
    if (named && json_array_size(names) != n)
        return pxi_foreign_fail(file, err, "it names %zu of its %zu inputs", json_array_size(names), n);
    if (!named && !file->inputs && n != PX_N_INPUTS)
        return pxi_foreign_fail(file, err,
                                "it has %zu columns without names: --inputs a,b,... says which "
                                "inputs of an event they are, in their order",
                                n);
    if (file->inputs)
        status = add_given(file, n, &columns, err);
    for (size_t i = 0; !file->inputs && i < n && !status; i++)
        status =
            add(file, named ? json_string_value(json_array_get(names, i)) : px_input_name(i), &columns, err);
    for (size_t i = 0; named && file->inputs && i < n && !status; i++) {
        const char *said = json_string_value(json_array_get(names, i));
        const char *given = px_input_name((size_t)columns.input_of[i]);
        if (!said || strcmp(said, given) != 0)
            status = pxi_foreign_fail(file, err, "its column %zu is called %.60s, not %s as --inputs says",
                                      i + 1, said ? said : "(no text)", given);
    }
    if (!status)
        *out = columns;
    return status;
}
