// SPDX-License-Identifier: Apache-2.0
/* Results on standard output. A write that failed is told once, when main.c closes the output: results count
 * only when they have arrived. */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_errno; /* of the first write that failed */

void cli_open_output(void) {
    static char buffer[1 << 16]; /* so that what printf writes is flushed on closing, where it is checked */
    setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

static void write_out(const char *text, size_t length) {
    if ((fwrite(text, 1, length, stdout) < length || fflush(stdout) != 0) && !write_errno)
        write_errno = errno;
}

px_status cli_close_output(px_error *err) {
    if ((fflush(stdout) != 0 || fclose(stdout) != 0) && !write_errno)
        write_errno = errno;
    if (!write_errno)
        return PX_OK;
    if (write_errno == EPIPE) /* the reader has seen enough (`| head`): nothing to tell */
        return cli_fail(err, PX_EIO, "%s", "");
    return cli_fail(err, PX_EIO, "cannot write to standard output: %s", strerror(write_errno));
}

px_status cli_print_table(const cli_call *call, const px_table *table, px_table_style fallback,
                          const px_zone *zone, px_error *err) {
    char *text = NULL;
    size_t length = 0;
    px_table_style style = call->format == CLI_FORMAT_JSON  ? PX_TABLE_JSON
                           : call->format == CLI_FORMAT_CSV ? PX_TABLE_CSV
                                                            : fallback;
    px_status status = px_table_render(table, style, zone, &text, &length, err);
    if (!status)
        write_out(text, length);
    free(text);
    return status;
}

px_status cli_print_bars(const cli_call *call, const px_bars *bars, const px_zone *zone, px_error *err) {
    static const px_column_def defs[] = {
        {"timestamp", PX_COLUMN_TIME}, {"open", PX_COLUMN_F64},  {"high", PX_COLUMN_F64},
        {"low", PX_COLUMN_F64},        {"close", PX_COLUMN_F64}, {"volume", PX_COLUMN_F64},
    };
    px_table table = {0};
    px_status status = px_table_init(&table, defs, 6, err);
    for (size_t i = 0; !status && i < bars->n; i++) {
        status = px_table_add_row(&table, err);
        if (status)
            break;
        px_table_set_i64(&table, 0, bars->ts_us[i]);
        px_table_set_f64(&table, 1, bars->open[i]);
        px_table_set_f64(&table, 2, bars->high[i]);
        px_table_set_f64(&table, 3, bars->low[i]);
        px_table_set_f64(&table, 4, bars->close[i]);
        px_table_set_f64(&table, 5, bars->volume[i]);
    }
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_CSV, zone, err);
    px_table_free(&table);
    return status;
}

px_status cli_select_columns(const px_table *table, const char *const *names, size_t n, px_table *view,
                             px_error *err) {
    *view = *table;
    view->n_columns = 0;
    view->columns = calloc(n, sizeof *view->columns);
    if (!view->columns)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < n; i++) {
        size_t c = px_table_find(table, names[i]);
        if (c != SIZE_MAX)
            view->columns[view->n_columns++] = table->columns[c];
    }
    return PX_OK;
}

void cli_print_text(const char *text) {
    write_out(text, strlen(text));
}

px_status cli_read_json(const char *text, const char *what, const char *name, json_t **out, px_error *err) {
    json_error_t where;
    *out = json_loads(text, 0, &where);
    if (!*out)
        return cli_fail(err, PX_ECORRUPT, "%s %s is damaged: its JSON ends or breaks at line %d: %s", what,
                        name, where.line, where.text);
    return PX_OK;
}

/* ---- documents ---------------------------------------------------------------------------------------- */

/* The bare text of a value that is neither object nor array; "" for null. */
static const char *scalar_text(const json_t *value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    buf[0] = '\0';
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_integer(value))
        snprintf(buf, PX_DOUBLE_TEXT_SIZE, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_real(value))
        px_double_format(json_real_value(value), buf);
    else if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    return buf;
}

static bool is_scalar(const json_t *value) {
    return !json_is_object(value) && !json_is_array(value);
}

/* Calls visit for each member of an object or element of an array, whose name is then its number from 1. */
static void each_member(const json_t *value,
                        void (*visit)(const char *name, const json_t *member, void *user), void *user) {
    json_t *container = (json_t *)(uintptr_t)value;
    char number[24];
    if (json_is_object(value))
        for (void *at = json_object_iter(container); at; at = json_object_iter_next(container, at))
            visit(json_object_iter_key(at), json_object_iter_value(at), user);
    for (size_t i = 0; i < json_array_size(value); i++) {
        snprintf(number, sizeof number, "%zu", i + 1);
        visit(number, json_array_get(value, i), user);
    }
}

static void print_member(const char *name, const json_t *value, void *user) {
    int depth = *(int *)user, pad = 2 * depth, deeper = depth + 1;
    char buf[PX_DOUBLE_TEXT_SIZE];
    if (is_scalar(value)) {
        const char *text = scalar_text(value, buf);
        printf("%*s%-*s %s\n", pad, "", 28 - pad, name, *text ? text : "-");
        return;
    }
    printf("%*s%s\n", pad, "", name);
    each_member(value, print_member, &deeper);
}

void cli_print_outline(const json_t *document) {
    int depth = 0;
    each_member(document, print_member, &depth);
}

typedef struct flat_rows {
    px_table table;
    const char *prefix;
    px_status status;
    px_error *err;
} flat_rows;

/* Rows "config.swing,confirmed" of a nested document. */
static void add_flat(const char *name, const json_t *value, void *user) {
    flat_rows *rows = user;
    char path[400], buf[PX_DOUBLE_TEXT_SIZE];
    const char *outer = rows->prefix;
    snprintf(path, sizeof path, "%s%s%s", outer, *outer ? "." : "", name);
    if (!is_scalar(value)) {
        rows->prefix = path;
        each_member(value, add_flat, rows);
        rows->prefix = outer;
        return;
    }
    if (!rows->status)
        rows->status = px_table_add_row(&rows->table, rows->err);
    if (!rows->status)
        rows->status = px_table_set_text(&rows->table, 0, path, rows->err);
    if (!rows->status && !json_is_null(value))
        rows->status = px_table_set_text(&rows->table, 1, scalar_text(value, buf), rows->err);
}

static px_status print_flat(const cli_call *call, const json_t *document, px_error *err) {
    static const px_column_def defs[] = {{"key", PX_COLUMN_TEXT}, {"value", PX_COLUMN_TEXT}};
    flat_rows rows = {.prefix = "", .err = err};
    rows.status = px_table_init(&rows.table, defs, 2, err);
    if (!rows.status)
        each_member(document, add_flat, &rows);
    if (!rows.status)
        rows.status = cli_print_table(call, &rows.table, PX_TABLE_CSV, NULL, err);
    px_table_free(&rows.table);
    return rows.status;
}

static px_status print_json(const json_t *document, px_error *err) {
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_ENCODE_ANY);
    if (!text)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    cli_print_text(text);
    cli_print_text("\n");
    free(text);
    return PX_OK;
}

px_status cli_print_document(const cli_call *call, const char *text, const json_t *document,
                             void (*print_text)(const json_t *document), px_error *err) {
    if (!document)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    if (call->format == CLI_FORMAT_CSV)
        return print_flat(call, document, err);
    if (call->format == CLI_FORMAT_JSON && !text)
        return print_json(document, err);
    if (call->format == CLI_FORMAT_JSON)
        cli_print_text(text);
    else
        print_text(document);
    return PX_OK;
}

px_status cli_open_calendar(const char *exchange, px_calendar **out, px_error *err) {
    return px_calendar_open(exchange ? exchange : "NSE", out, err);
}
