// SPDX-License-Identifier: Apache-2.0
/* JSON: one document, or a record a line. A document is held in memory, which its size limits; lines are read
 * one by one, twice: for the keys of all records, then for the rows. */
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "files/containers/containers.h"
#include "files/containers/json_table.h"
#include "files/containers/pulled_text.h"
#include "files/csv/text_lines.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of memory that a byte of a document takes: a record's keys are kept with each record. */
enum { MEMORY_PER_BYTE = 8 };

/* ---- records line by line ------------------------------------------------------------------------------ */

typedef struct json_lines {
    pxi_pulled pulled;
    pxi_lines *lines;
    const char *path;
    json_t *keys; /* NULL: lines are arrays, without names */
    bool named;
} json_lines;

/* Parses the next line that is not blank; *out is NULL at the end. */
static px_status next_value(json_lines *l, json_t **out, px_error *err) {
    char *line;
    size_t length;
    bool more = true;
    *out = NULL;
    while (more) {
        px_status status = pxi_lines_next(l->lines, &line, &length, &more, err);
        if (status || !more)
            return status;
        if (line[strspn(line, " \t")] == '\0')
            continue;
        return pxi_json_parse_line(line, length, l->path, pxi_lines_number(l->lines), out, err);
    }
    return PX_OK;
}

static px_status give_line(pxi_pulled *pulled, px_error *err) {
    json_lines *l = (json_lines *)pulled;
    json_t *value = NULL;
    if (l->keys && !l->named) {
        l->named = true;
        pxi_json_write_keys(l->keys, &pulled->text);
        return PX_OK;
    }
    px_status status = next_value(l, &value, err);
    pulled->ended = !status && !value;
    if (value && l->keys)
        pxi_json_write_record(value, l->keys, &pulled->text);
    else if (value)
        pxi_json_write_values(value, &pulled->text);
    json_decref(value);
    return status;
}

static px_status restart_lines(pxi_pulled *pulled, px_error *err) {
    json_lines *l = (json_lines *)pulled;
    l->named = false;
    return pxi_lines_rewind(l->lines, err);
}

static void free_lines(pxi_pulled *pulled) {
    json_lines *l = (json_lines *)pulled;
    pxi_lines_close(&l->lines);
    json_decref(l->keys);
    free(l);
}

static px_status find_keys(json_lines *l, px_error *err) {
    json_t *value = NULL;
    bool is_record = true;
    px_status status = PX_OK;
    do {
        status = next_value(l, &value, err);
        if (value && !json_is_object(value))
            is_record = false;
        else if (value && !pxi_json_add_keys(value, l->keys))
            status = pxi_fail_memory(err);
        bool again = value && !status && is_record;
        json_decref(value);
        value = NULL;
        if (!again)
            break;
    } while (true);
    if (!is_record) {
        json_decref(l->keys);
        l->keys = NULL;
    }
    return status ? status : pxi_lines_rewind(l->lines, err);
}

static px_status read_lines(const pxi_opening *o, pxi_lines **lines, px_error *err) {
    json_lines *l = pxi_new_array(1, sizeof *l);
    if (!l)
        return pxi_fail_memory(err);
    pxi_pulled_init(&l->pulled);
    l->pulled.more = give_line;
    l->pulled.restart = restart_lines;
    l->pulled.free = free_lines;
    l->lines = *lines;
    *lines = NULL;
    l->path = o->config->path;
    l->keys = json_array();
    px_status status = l->keys ? find_keys(l, err) : pxi_fail_memory(err);
    if (status) {
        pxi_bytes *bytes = &l->pulled.base;
        pxi_bytes_close(&bytes);
        return status;
    }
    pxi_source_note(o->out, "JSON, one %s a line", l->keys ? "record" : "list");
    return pxi_pulled_take(o, &l->pulled.base, l->path, false, err);
}

/* ---- a document ---------------------------------------------------------------------------------------- */

static px_status read_all(const pxi_opening *o, pxi_bytes *bytes, pxi_text *out, px_error *err) {
    enum { BLOCK = 1 << 18 };
    const uint64_t most = pxi_limits_memory(&o->config->limits) / MEMORY_PER_BYTE;
    size_t got = 1;
    while (got) {
        char *to = pxi_text_room(out, BLOCK);
        if (!to)
            return pxi_fail_memory(err);
        px_status status = bytes->read(bytes, to, BLOCK, &got, err);
        if (status)
            return status;
        pxi_text_end(out, to + got);
        if (out->length > most)
            return pxi_limits_fail_memory(&o->config->limits, o->config->path, err);
    }
    return PX_OK;
}

static px_status load(const pxi_opening *o, json_t **out, px_error *err) {
    const char *path = o->config->path;
    pxi_text text = {0};
    pxi_bytes *bytes = NULL;
    px_status status = pxi_bytes_open(o->file, &bytes, err);
    if (!status)
        status = pxi_bytes_as_utf8(&bytes, path, err);
    if (!status)
        status = read_all(o, bytes, &text, err);
    const size_t mark = text.length >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    if (!status)
        status = pxi_json_parse(text.data + mark, text.length - mark, path, out, err);
    pxi_bytes_close(&bytes);
    pxi_text_free(&text);
    return status;
}

static px_status read_table(const pxi_opening *o, const pxi_json_table *table, px_error *err) {
    static const char *const forms[] = {
        [PXI_JSON_RECORDS] = "a list of records", [PXI_JSON_VALUES] = "a list of rows",
        [PXI_JSON_LISTS] = "a list a column",     [PXI_JSON_COLUMNS] = "a dictionary a column",
        [PXI_JSON_INDEX] = "a record a key",
    };
    const bool unnamed = table->form == PXI_JSON_VALUES && !table->names;
    pxi_text text = {0};
    pxi_bytes *bytes = NULL;
    pxi_opening inner = *o;
    pxi_partition symbol = {.name = "symbol"};
    if (unnamed && table->symbol && !o->n_partitions &&
        pxi_copy(symbol.value, sizeof symbol.value,
                 table->symbol)) { /* rows without names have no place for it */
        inner.partitions = &symbol;
        inner.n_partitions = 1;
        inner.context = &inner;
    }
    pxi_json_write(table, &text);
    px_status status = text.failed ? pxi_fail_memory(err)
                                   : pxi_bytes_of(text.data ? text.data : "", text.length, &bytes, err);
    if (!status) {
        pxi_source_note(o->out, "JSON: %s", forms[table->form]);
        status = pxi_pulled_take(&inner, bytes, o->config->path, unnamed, err);
    }
    pxi_text_free(&text);
    return status;
}

static px_status read_document(const pxi_opening *o, px_error *err) {
    json_t *document = NULL;
    pxi_json_tables tables = {0};
    px_status status = load(o, &document, err);
    if (!status) {
        pxi_json_find(document, &tables);
        status = tables.failed ? pxi_fail_memory(err) : PX_OK;
    }
    if (!status && tables.n == 0)
        status = pxi_fail(
            err, PX_EINPUT,
            "%s is JSON without a table that is known: a list of records or of rows, a list a column, "
            "or what DataFrame.to_json writes, alone or inside an answer of a broker",
            o->config->path);
    for (size_t i = 0; !status && i < tables.n && !o->out->is_cut; i++)
        status = read_table(o, &tables.items[i], err);
    free(tables.items);
    json_decref(document);
    return status;
}

/* ---- which of the two ---------------------------------------------------------------------------------- */

/* The first line is a whole value and another one follows. What is no text of lines is a document, or none.
 */
static bool has_lines(pxi_lines *lines) {
    char *line;
    size_t length;
    bool more = true, second = false;
    if (pxi_lines_next(lines, &line, &length, &more, NULL) || !more || (line[0] != '{' && line[0] != '['))
        return false;
    json_t *value = json_loadb(line, length, 0, NULL);
    bool whole = value != NULL;
    json_decref(value);
    while (whole && more && !second) {
        whole = pxi_lines_next(lines, &line, &length, &more, NULL) == PX_OK;
        second = whole && more && line[strspn(line, " \t")] != '\0';
    }
    return second;
}

px_status pxi_json_open(const pxi_opening *o, px_error *err) {
    pxi_lines *lines = NULL;
    px_status status = pxi_lines_open(o->file, &lines, err);
    const bool by_line = !status && has_lines(lines);
    if (!status && by_line)
        status = pxi_lines_rewind(lines, err);
    if (!status)
        status = by_line ? read_lines(o, &lines, err) : read_document(o, err);
    pxi_lines_close(&lines);
    return status;
}
