// SPDX-License-Identifier: Apache-2.0
/* JSON documents: read, looked into, and printed as they are, as key,value rows, or for people. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

px_status cli_read_json(const char *text, const char *what, const char *name, json_t **out, px_error *err) {
    json_error_t where;
    *out = json_loads(text, 0, &where);
    if (!*out)
        return cli_fail(err, PX_ECORRUPT, "%s %s is damaged: its JSON ends or breaks at line %d: %s", what,
                        name, where.line, where.text);
    return PX_OK;
}

const char *cli_text_at(json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "-";
}

long long cli_count_at(json_t *object, const char *key) {
    return json_integer_value(json_object_get(object, key));
}

/* The bare text of a value that is neither object nor array; "" for null. */
static const char *scalar_text(json_t *value, char buf[PX_DOUBLE_TEXT_SIZE]) {
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

static bool is_scalar(json_t *value) {
    return !json_is_object(value) && !json_is_array(value);
}

/* Calls visit for each member of an object or element of an array, whose name is then its number from 1. */
static void each_member(json_t *value, void (*visit)(const char *name, json_t *member, void *user),
                        void *user) {
    const char *name;
    json_t *member;
    size_t i;
    char number[24];
    json_object_foreach(value, name, member) visit(name, member, user);
    json_array_foreach(value, i, member) {
        snprintf(number, sizeof number, "%zu", i + 1);
        visit(number, member, user);
    }
}

static void print_member(const char *name, json_t *value, void *user) {
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

void cli_print_outline(json_t *document) {
    int depth = 0;
    each_member(document, print_member, &depth);
}

typedef struct flat_rows {
    px_table table;
    const px_zone *zone;
    const char *prefix;
    px_status status;
    px_error *err;
} flat_rows;

/* Times are ISO 8601 in documents, and in CSV like those of every other CSV. */
static const char *flat_text(json_t *value, const px_zone *zone, char number[PX_DOUBLE_TEXT_SIZE],
                             char time[PX_TIME_TEXT_SIZE]) {
    const char *text = scalar_text(value, number);
    size_t length = strlen(text);
    int64_t ts_us;
    bool is_time = json_is_string(value) && length > 19 && length < PX_TIME_TEXT_SIZE && text[10] == 'T';
    if (!is_time || px_time_parse(text, length, NULL, &ts_us, NULL) != PX_OK)
        return text;
    px_time_format_local(ts_us, zone, time);
    time[19] = '\0'; /* whole seconds */
    return time;
}

/* Rows "config.swing,confirmed" of a nested document. */
static void add_flat(const char *name, json_t *value, void *user) {
    flat_rows *rows = user;
    char path[400], number[PX_DOUBLE_TEXT_SIZE], time[PX_TIME_TEXT_SIZE];
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
    if (rows->status || json_is_null(value))
        return;
    const char *text = flat_text(value, rows->zone, number, time);
    rows->status = json_is_string(value) ? px_table_set_text(&rows->table, 1, text, rows->err)
                                         : px_table_set_value(&rows->table, 1, text, rows->err);
}

static px_status print_flat(const cli_call *call, json_t *document, px_error *err) {
    static const px_column_def defs[] = {{"key", PX_COLUMN_TEXT}, {"value", PX_COLUMN_TEXT}};
    flat_rows rows = {.prefix = "", .err = err};
    px_calendar *calendar = NULL;
    rows.status = cli_open_calendar(NULL, &calendar, err);
    if (!rows.status)
        rows.status = px_table_init(&rows.table, defs, 2, err);
    if (!rows.status) {
        rows.zone = px_calendar_zone(calendar);
        each_member(document, add_flat, &rows);
    }
    if (!rows.status)
        rows.status = cli_print_table(call, &rows.table, PX_TABLE_CSV, NULL, err);
    px_table_free(&rows.table);
    px_calendar_close(&calendar);
    return rows.status;
}

static px_status print_json(json_t *document, px_error *err) {
    char *text = json_dumps(document, JSON_INDENT(2) | JSON_ENCODE_ANY);
    if (!text)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    cli_print_text(text);
    cli_print_text("\n");
    free(text);
    return PX_OK;
}

px_status cli_print_document(const cli_call *call, const char *text, json_t *document,
                             void (*print_text)(json_t *document), px_error *err) {
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

static void print_deleted(json_t *report) {
    printf("deleted %s\n", cli_text_at(report, "deleted"));
}

px_status cli_print_deleted(const cli_call *call, const char *name, px_error *err) {
    json_t *report = json_pack("{s:s}", "deleted", name);
    px_status status = cli_print_document(call, NULL, report, print_deleted, err);
    json_decref(report);
    return status;
}
