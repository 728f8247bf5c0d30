// SPDX-License-Identifier: Apache-2.0
#include "files/containers/json_table.h"

#include "base/mem.h"
#include "files/containers/pulled_text.h"
#include "files/csv/csv_fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DEPTH = 8, LEAST_COLUMNS = 4 };

/* ---- what a value looks like --------------------------------------------------------------------------- */

static bool is_scalar(const json_t *value) {
    return value && !json_is_object(value) && !json_is_array(value);
}

static bool is_list(const json_t *value) {
    return json_is_array(value) && json_array_size(value) > 0 && is_scalar(json_array_get(value, 0));
}

static const json_t *first_member(const json_t *object) {
    return json_object_iter_value(json_object_iter((json_t *)(uintptr_t)object));
}

typedef struct members {
    size_t n, scalars, lists, dictionaries, numbered; /* keys that begin with a digit */
} members;

static members count_members(const json_t *object) {
    members m = {0};
    const char *key;
    const json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        m.n++;
        m.scalars += is_scalar(value);
        m.lists += is_list(value);
        m.dictionaries += json_is_object(value) && is_scalar(first_member(value));
        m.numbered += isdigit((unsigned char)*key) != 0;
    }
    return m;
}

/* 0, 1, 2, ...: pandas' count of rows, which is no column. */
static bool is_count(const json_t *list) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!json_is_integer(json_array_get(list, i)) ||
            json_integer_value(json_array_get(list, i)) != (json_int_t)i)
            return false;
    return true;
}

static bool keys_count(const json_t *object) {
    char wanted[32];
    size_t i = 0;
    const char *key;
    const json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        snprintf(wanted, sizeof wanted, "%zu", i++);
        if (strcmp(key, wanted) != 0)
            return false;
    }
    return true;
}

/* ---- where tables are ---------------------------------------------------------------------------------- */

/* What stands above a value. */
typedef struct above {
    const char *symbol;
    const json_t *times;
    int depth;
} above;

static void add_table(pxi_json_tables *out, pxi_json_table table) {
    if (pxi_grow(&out->items, &out->capacity, out->n + 1, sizeof *out->items))
        out->items[out->n++] = table;
    else
        out->failed = true;
}

static const char *symbol_of(const json_t *object) {
    static const char *const names[] = {"symbol", "tradingsymbol", "ticker"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *text = json_string_value(json_object_get(object, names[i]));
        if (text && *text)
            return text;
    }
    return NULL;
}

static void find(const json_t *value, above a, pxi_json_tables *out);

/* The values of an object one by one. Where several are tables, keys tell their instruments apart. */
static void find_in_members(const json_t *object, above a, pxi_json_tables *out) {
    const size_t before = out->n;
    const char *key;
    const json_t *value;
    const json_t *times = json_object_get(object, "timestamp");
    if (is_list(times))
        a.times = times;
    const char *named = symbol_of(object);
    if (!named)
        named = symbol_of(json_object_get(object, "meta"));
    if (named)
        a.symbol = named;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        const size_t n = out->n;
        find(value, a, out);
        for (size_t i = n; i < out->n; i++)
            if (out->items[i].symbol == a.symbol)
                out->items[i].symbol = key;
    }
    if (out->n == before + 1)
        out->items[before].symbol = a.symbol; /* the only one: the key is a word of the envelope */
}

static void find_in_object(const json_t *object, above a, pxi_json_tables *out) {
    const json_t *data = json_object_get(object, "data"), *names = json_object_get(object, "columns");
    const json_t *index = json_object_get(object, "index");
    const members m = count_members(object);
    pxi_json_table table = {.symbol = symbol_of(object) ? symbol_of(object) : a.symbol, .rows = object};
    if (json_is_array(names) && json_is_array(data) && json_is_array(json_array_get(data, 0))) {
        table.form = PXI_JSON_VALUES;
        table.rows = data;
        table.names = names;
        table.times = json_is_array(index) && !is_count(index) ? index : NULL;
    } else if (m.lists >= LEAST_COLUMNS) {
        table.form = PXI_JSON_LISTS;
        table.times = a.times;
    } else if (m.n && m.dictionaries == m.n && (m.numbered == m.n || m.n >= LEAST_COLUMNS)) {
        table.form = m.numbered == m.n ? PXI_JSON_INDEX : PXI_JSON_COLUMNS;
    } else {
        find_in_members(object, a, out);
        return;
    }
    add_table(out, table);
}

static void find_in_array(const json_t *array, above a, pxi_json_tables *out) {
    const json_t *first = json_array_get(array, 0);
    const pxi_json_table table = {.rows = array, .symbol = a.symbol};
    if (json_is_object(first) && count_members(first).scalars >= 2) {
        add_table(out, table);
    } else if (is_list(first)) {
        add_table(out, table);
        if (!out->failed)
            out->items[out->n - 1].form = PXI_JSON_VALUES;
    } else {
        for (size_t i = 0; i < json_array_size(array) && !is_scalar(first); i++)
            find(json_array_get(array, i), a, out);
    }
}

static void find(const json_t *value, above a, pxi_json_tables *out) {
    if (++a.depth > MOST_DEPTH || out->failed)
        return;
    if (json_is_object(value))
        find_in_object(value, a, out);
    else if (json_is_array(value))
        find_in_array(value, a, out);
}

void pxi_json_find(const json_t *document, pxi_json_tables *out) {
    find(document, (above){0}, out);
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static void write_cell(pxi_text *out, bool first, const json_t *value) {
    while (json_is_object(value) && json_object_size(value) == 1)
        value = first_member(value); /* {"$date": ...} */
    if (json_is_integer(value))
        pxi_pulled_i64(out, first, json_integer_value(value));
    else if (json_is_real(value))
        pxi_pulled_double(out, first, json_real_value(value));
    else if (json_is_string(value))
        pxi_pulled_text(out, first, json_string_value(value), json_string_length(value));
    else if (json_is_boolean(value))
        pxi_pulled_i64(out, first, json_is_true(value));
    else
        pxi_pulled_text(out, first, "", 0);
}

/* "1. open" of numbered names is open; a name of several levels is written as Python writes one. */
static void write_name(pxi_text *out, bool first, const json_t *name) {
    pxi_text levels = {0};
    const char *text = json_is_string(name) ? json_string_value(name) : "";
    const size_t digits = strspn(text, "0123456789");
    if (digits && strncmp(text + digits, ". ", 2) == 0)
        text += digits + 2;
    for (size_t i = 0; json_is_array(name) && i < json_array_size(name); i++) {
        const char *level = json_string_value(json_array_get(name, i));
        pxi_text_printf(&levels, "%s'%s'", i ? ", " : "(", level ? level : "");
    }
    if (levels.data) {
        pxi_text_puts(&levels, ")");
        text = levels.data;
    }
    pxi_pulled_text(out, first, text, strlen(text));
    out->failed |= levels.failed;
    pxi_text_free(&levels);
}

static void write_key(pxi_text *out, bool first, const char *key) {
    json_t *name = json_string(key);
    out->failed |= !name;
    write_name(out, first, name);
    json_decref(name);
}

static void end_line(pxi_text *out, const char *symbol) {
    if (symbol)
        pxi_pulled_text(out, false, symbol, strlen(symbol));
    pxi_text_add(out, "\n", 1);
}

/* ---- records ------------------------------------------------------------------------------------------- */

bool pxi_json_add_keys(const json_t *record, json_t *keys) {
    const char *key;
    const json_t *value;
    size_t at = 0;
    json_object_foreach((json_t *)(uintptr_t)record, key, value) {
        const size_t n = json_array_size(keys);
        /* Most records have the keys of the first, in its order. */
        bool there = at < n && strcmp(json_string_value(json_array_get(keys, at)), key) == 0;
        for (size_t i = 0; !there && i < n; i++)
            there = strcmp(json_string_value(json_array_get(keys, i)), key) == 0;
        at++;
        if (!there && n < PXI_CSV_MAX_COLUMNS && json_array_append_new(keys, json_string(key)) != 0)
            return false;
    }
    return true;
}

static void write_keys(const json_t *keys, const char *symbol, pxi_text *out) {
    for (size_t i = 0; i < json_array_size(keys); i++)
        write_name(out, i == 0, json_array_get(keys, i));
    end_line(out, symbol);
}

static void write_record(const json_t *record, const json_t *keys, const char *symbol, pxi_text *out) {
    for (size_t i = 0; i < json_array_size(keys); i++)
        write_cell(out, i == 0, json_object_get(record, json_string_value(json_array_get(keys, i))));
    end_line(out, symbol);
}

void pxi_json_write_keys(const json_t *keys, pxi_text *out) {
    write_keys(keys, NULL, out);
}

void pxi_json_write_record(const json_t *record, const json_t *keys, pxi_text *out) {
    write_record(record, keys, NULL, out);
}

static void write_records(const pxi_json_table *table, pxi_text *out) {
    json_t *keys = json_array();
    out->failed |= !keys;
    for (size_t i = 0; !out->failed && i < json_array_size(table->rows); i++)
        out->failed |= !pxi_json_add_keys(json_array_get(table->rows, i), keys);
    const char *symbol = table->symbol;
    const char *first = symbol ? symbol_of(json_array_get(table->rows, 0)) : NULL;
    if (first) /* the records name it themselves */
        symbol = NULL;
    if (!out->failed)
        write_keys(keys, symbol ? "symbol" : NULL, out);
    for (size_t i = 0; !out->failed && i < json_array_size(table->rows); i++)
        write_record(json_array_get(table->rows, i), keys, symbol, out);
    json_decref(keys);
}

/* ---- other forms --------------------------------------------------------------------------------------- */

void pxi_json_write_values(const json_t *row, pxi_text *out) {
    for (size_t i = 0; i < json_array_size(row); i++)
        write_cell(out, i == 0, json_array_get(row, i));
    end_line(out, NULL);
}

static void write_values(const pxi_json_table *table, pxi_text *out) {
    if (table->names) {
        if (table->times)
            pxi_pulled_text(out, true, "time", 4);
        for (size_t i = 0; i < json_array_size(table->names); i++)
            write_name(out, i == 0 && !table->times, json_array_get(table->names, i));
        end_line(out, table->symbol ? "symbol" : NULL);
    }
    for (size_t r = 0; !out->failed && r < json_array_size(table->rows); r++) {
        const json_t *row = json_array_get(table->rows, r);
        if (table->times)
            write_cell(out, true, json_array_get(table->times, r));
        for (size_t i = 0; i < json_array_size(row); i++)
            write_cell(out, i == 0 && !table->times, json_array_get(row, i));
        end_line(out,
                 table->names ? table->symbol : NULL); /* without names a symbol would be one more value */
    }
}

static void write_lists(const pxi_json_table *table, pxi_text *out) {
    const char *key;
    const json_t *list;
    size_t n = 0, columns = table->times ? 1 : 0;
    if (table->times)
        pxi_pulled_text(out, true, "time", 4);
    json_object_foreach((json_t *)(uintptr_t)table->rows, key, list) {
        if (!is_list(list))
            continue;
        n = json_array_size(list) > n ? json_array_size(list) : n;
        write_key(out, columns++ == 0, key);
    }
    end_line(out, table->symbol ? "symbol" : NULL);
    for (size_t r = 0; !out->failed && r < n; r++) {
        columns = table->times ? 1 : 0;
        if (table->times)
            write_cell(out, true, json_array_get(table->times, r));
        json_object_foreach((json_t *)(uintptr_t)table->rows, key, list) {
            if (is_list(list))
                write_cell(out, columns++ == 0, json_array_get(list, r));
        }
        end_line(out, table->symbol);
    }
}

/* {"close": {"KEY": 1}}: the keys of the first column are the rows. */
static void write_columns(const pxi_json_table *table, pxi_text *out) {
    const char *key, *name;
    const json_t *value, *column;
    const json_t *rows = first_member(table->rows);
    const bool counted = keys_count(rows);
    size_t columns = 0;
    if (!counted)
        pxi_pulled_text(out, columns++ == 0, "time", 4);
    json_object_foreach((json_t *)(uintptr_t)table->rows, name, column) write_key(out, columns++ == 0, name);
    end_line(out, table->symbol ? "symbol" : NULL);
    json_object_foreach((json_t *)(uintptr_t)rows, key, value) {
        columns = 0;
        if (!counted)
            pxi_pulled_text(out, columns++ == 0, key, strlen(key));
        json_object_foreach((json_t *)(uintptr_t)table->rows, name, column)
            write_cell(out, columns++ == 0, json_object_get(column, key));
        end_line(out, table->symbol);
    }
}

/* {"KEY": {"close": 1}} */
static void write_index(const pxi_json_table *table, pxi_text *out) {
    const char *key;
    const json_t *record;
    const bool counted = keys_count(table->rows);
    json_t *keys = json_array();
    out->failed |= !keys;
    json_object_foreach((json_t *)(uintptr_t)table->rows, key, record) out->failed |=
        !keys || !pxi_json_add_keys(record, keys);
    if (!counted)
        pxi_text_puts(out, "time,");
    if (!out->failed)
        write_keys(keys, table->symbol ? "symbol" : NULL, out);
    json_object_foreach((json_t *)(uintptr_t)table->rows, key, record) {
        if (out->failed)
            break;
        if (!counted) {
            pxi_pulled_text(out, true, key, strlen(key));
            pxi_text_add(out, ",", 1);
        }
        write_record(record, keys, table->symbol, out);
    }
    json_decref(keys);
}

void pxi_json_write(const pxi_json_table *table, pxi_text *out) {
    static void (*const writers[])(const pxi_json_table *, pxi_text *) = {
        [PXI_JSON_RECORDS] = write_records, [PXI_JSON_VALUES] = write_values, [PXI_JSON_LISTS] = write_lists,
        [PXI_JSON_COLUMNS] = write_columns, [PXI_JSON_INDEX] = write_index,
    };
    writers[table->form](table, out);
}
