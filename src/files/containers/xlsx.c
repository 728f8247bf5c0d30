// SPDX-License-Identifier: Apache-2.0
/* Sheets of XLSX workbooks, row by row. */
#include "base/error.h"
#include "base/mem.h"
#include "files/containers/containers.h"
#include "files/containers/pulled_text.h"
#include "files/containers/workbook.h"
#include "files/containers/xml.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CELL = 1 << 15, MOST_COLUMNS = 256, MOST_ROWS = 1 << 20 };

typedef enum cell_type { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_NOTHING } cell_type;

typedef struct sheet_text {
    pxi_pulled pulled;
    pxi_zip *zip;
    const pxi_workbook *book;
    const char *path;
    size_t member;
    pxi_bytes *bytes;
    pxi_xml *xml;
    size_t row, column; /* of the cell being read, and the columns that the row has so far, from 0 */
    size_t n_cells;
    bool any; /* cell of the row that is not empty */
    cell_type type;
    int style;
    bool in_value;
    pxi_text value;
} sheet_text;

/* ---- cells --------------------------------------------------------------------------------------------- */

/* "BC12" → 54; SIZE_MAX if it is none. */
static size_t column_of(const char *reference) {
    size_t column = 0, n = 0;
    for (; reference[n] >= 'A' && reference[n] <= 'Z' && n < 4; n++)
        column = 26 * column + (size_t)(reference[n] - 'A' + 1);
    return n ? column - 1 : SIZE_MAX;
}

/* Days since 1899-12-30 or 1904-01-01, as the date and time they are shown as; a number below 1 is a time of
 * day. */
static void add_date(sheet_text *s, bool first, double serial) {
    enum { DAY_MS = 86400000 };
    const int64_t epoch_day = s->book->from_1904 ? 24107 : 25569;
    const int64_t ms = (int64_t)floor(serial * DAY_MS + 0.5);
    int64_t day = ms / DAY_MS, rest = ms % DAY_MS;
    char text[PX_TIME_TEXT_SIZE + 32];
    size_t length = 0;
    if (serial >= 1) {
        if (!s->book->from_1904 && day < 60)
            day++; /* a 29 February 1900 is counted that there was not */
        px_time_format_local((day - epoch_day) * 86400 * 1000000, NULL, text);
        length = 10; /* the date of it */
    }
    if (rest || !length)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%02d:%02d:%02d", length ? " " : "",
                                   (int)(rest / 3600000), (int)(rest / 60000 % 60), (int)(rest / 1000 % 60));
    if (rest % 1000)
        length += (size_t)snprintf(text + length, sizeof text - length, ".%03d", (int)(rest % 1000));
    pxi_pulled_text(&s->pulled.text, first, text, length);
}

static void add_value(sheet_text *s, bool first) {
    pxi_text *row = &s->pulled.text;
    const char *text = s->value.data ? s->value.data : "";
    double number;
    long long index;
    if (s->type == CELL_NUMBER && pxi_parse_double(text, s->value.length, &number)) {
        const bool is_date =
            s->style >= 0 && (size_t)s->style < s->book->n_styles && s->book->styles[s->style];
        if (is_date && number >= 0 && number < 3000000)
            add_date(s, first, number);
        else
            pxi_pulled_double(row, first, number);
    } else if (s->type == CELL_SHARED && pxi_parse_i64(text, s->value.length, &index) && index >= 0 &&
               (size_t)index < s->book->n_texts)
        pxi_pulled_text(row, first, s->book->texts[index], strlen(s->book->texts[index]));
    else if (s->type == CELL_TEXT)
        pxi_pulled_text(row, first, text, s->value.length);
    else
        pxi_pulled_text(row, first, "", 0);
}

static void end_cell(sheet_text *s) {
    if (s->value.length && s->column >= s->n_cells && s->column < MOST_COLUMNS) {
        for (; s->n_cells < s->column; s->n_cells++)
            pxi_pulled_text(&s->pulled.text, s->n_cells == 0, "", 0);
        add_value(s, s->n_cells == 0);
        s->n_cells++;
        s->any = true;
    }
    s->column++;
}

/* ---- the sheet ----------------------------------------------------------------------------------------- */

static void start_cell(sheet_text *s, const char **attributes) {
    static const struct {
        const char *name;
        cell_type type;
    } types[] = {{"n", CELL_NUMBER}, {"s", CELL_SHARED}, {"str", CELL_TEXT}, {"inlineStr", CELL_TEXT},
                 {"b", CELL_NUMBER}, {"d", CELL_TEXT},   {"e", CELL_NOTHING}};
    const char *reference = pxi_xml_attribute(attributes, "r"), *type = pxi_xml_attribute(attributes, "t");
    const char *style = pxi_xml_attribute(attributes, "s");
    long long number = -1;
    const size_t column = reference ? column_of(reference) : SIZE_MAX;
    if (column != SIZE_MAX)
        s->column = column;
    s->type = CELL_NUMBER;
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i].name) == 0)
            s->type = types[i].type;
    s->style = style && pxi_parse_i64(style, strlen(style), &number) && number < 1 << 20 ? (int)number : -1;
    s->value.length = 0;
}

/* Rows that are left out are empty lines, so that a line's number is the row's. */
static void start_row(sheet_text *s, const char **attributes) {
    const char *text = pxi_xml_attribute(attributes, "r");
    long long number = 0;
    if (text && pxi_parse_i64(text, strlen(text), &number) && number <= MOST_ROWS)
        for (; s->row + 1 < (size_t)number; s->row++)
            pxi_text_add(&s->pulled.text, "\n", 1);
    s->row++;
    s->column = s->n_cells = 0;
    s->any = false;
}

static void start(void *context, const char *element, const char **attributes) {
    sheet_text *s = context;
    if (strcmp(element, "row") == 0)
        start_row(s, attributes);
    else if (strcmp(element, "c") == 0)
        start_cell(s, attributes);
    s->in_value = strcmp(element, "v") == 0 || strcmp(element, "t") == 0;
}

static void end(void *context, const char *element) {
    sheet_text *s = context;
    s->in_value = false;
    if (strcmp(element, "c") == 0)
        end_cell(s);
    else if (strcmp(element, "row") == 0)
        pxi_text_add(&s->pulled.text, "\n", 1);
}

static void add_text(void *context, const char *text, size_t length) {
    sheet_text *s = context;
    if (s->in_value && s->value.length + length <= MOST_CELL)
        pxi_text_add(&s->value, text, length);
}

static px_status open_sheet(sheet_text *s, px_error *err) {
    static const pxi_xml_handlers handlers = {start, end, add_text};
    pxi_xml_close(&s->xml);
    pxi_bytes_close(&s->bytes);
    s->row = s->column = s->n_cells = 0;
    s->in_value = false;
    px_status status = pxi_zip_bytes(s->zip, s->member, &s->bytes, err);
    return status ? status : pxi_xml_open(&handlers, s, s->path, &s->xml, err);
}

static px_status restart(pxi_pulled *pulled, px_error *err) {
    return open_sheet((sheet_text *)pulled, err);
}

static px_status give_rows(pxi_pulled *pulled, px_error *err) {
    sheet_text *s = (sheet_text *)pulled;
    px_status status = pxi_xml_step(s->xml, s->bytes, &pulled->ended, err);
    return !status && s->value.failed ? pxi_fail_memory(err) : status;
}

static void free_sheet(pxi_pulled *pulled) {
    sheet_text *s = (sheet_text *)pulled;
    pxi_xml_close(&s->xml);
    pxi_bytes_close(&s->bytes);
    pxi_text_free(&s->value);
    free(s);
}

static px_status make_sheet(const pxi_opening *o, pxi_zip *zip, const pxi_workbook *book,
                            const pxi_sheet *sheet, sheet_text **out, px_error *err) {
    const size_t member = sheet->member ? pxi_zip_find(zip, sheet->member) : SIZE_MAX;
    if (member == SIZE_MAX)
        return pxi_fail(err, PX_EINPUT, "%s: the sheet %.100s is not in the workbook", o->config->path,
                        sheet->name);
    sheet_text *s = pxi_new_array(1, sizeof *s);
    if (!s)
        return pxi_fail_memory(err);
    pxi_pulled_init(&s->pulled);
    s->pulled.more = give_rows;
    s->pulled.restart = restart;
    s->pulled.free = free_sheet;
    s->zip = zip;
    s->book = book;
    s->path = o->config->path;
    s->member = member;
    px_status status = open_sheet(s, err);
    if (status)
        free_sheet(&s->pulled);
    else
        *out = s;
    return status;
}

/* ---- which sheet --------------------------------------------------------------------------------------- */

static px_status is_empty(const pxi_opening *o, pxi_zip *zip, const pxi_workbook *book,
                          const pxi_sheet *sheet, bool *out, px_error *err) {
    sheet_text *s = NULL;
    px_status status = make_sheet(o, zip, book, sheet, &s, err);
    *out = true;
    while (!status && *out && !s->pulled.ended) {
        status = give_rows(&s->pulled, err);
        for (size_t i = 0; i < s->pulled.text.length; i++)
            *out &= s->pulled.text.data[i] == '\n';
        s->pulled.text.length = 0;
    }
    pxi_bytes *bytes = s ? &s->pulled.base : NULL;
    pxi_bytes_close(&bytes);
    return status;
}

static px_status fail_choice(const pxi_opening *o, const pxi_workbook *book, px_error *err) {
    pxi_text names = {0};
    for (size_t i = 0; i < book->n_sheets && names.length < 300; i++)
        pxi_text_printf(&names, "%s%s", i ? ", " : "", book->sheets[i].name);
    const char *wanted = o->config->reading.sheet, *list = names.data ? names.data : "";
    px_status status =
        wanted ? pxi_fail(err, PX_EINPUT, "%s has no sheet \"%.100s\"; there are: %.300s", o->config->path,
                          wanted, list)
               : pxi_fail(err, PX_EINPUT, "%s has several sheets; choose one with --sheet: %.300s",
                          o->config->path, list);
    pxi_text_free(&names);
    return status;
}

/* The one that is named, else the only one in which something stands. */
static px_status choose(const pxi_opening *o, pxi_zip *zip, const pxi_workbook *book, const pxi_sheet **out,
                        px_error *err) {
    const char *wanted = o->config->reading.sheet;
    size_t n = 0;
    for (size_t i = 0; i < book->n_sheets; i++) {
        bool empty = false;
        if (wanted && strcasecmp(book->sheets[i].name, wanted) != 0)
            continue;
        px_status status = wanted ? PX_OK : is_empty(o, zip, book, &book->sheets[i], &empty, err);
        if (status)
            return status;
        if (!empty) {
            *out = &book->sheets[i];
            n++;
        }
    }
    if (n == 0 && !wanted)
        return pxi_fail(err, PX_EINPUT, "%s is an empty workbook", o->config->path);
    return n == 1 ? PX_OK : fail_choice(o, book, err);
}

px_status pxi_xlsx_open(const pxi_opening *o, px_error *err) {
    const char *path = o->config->path;
    pxi_zip *zip = NULL;
    pxi_workbook book = {0};
    const pxi_sheet *sheet = NULL;
    sheet_text *s = NULL;
    px_status status = pxi_zip_open_members(o->file, &o->config->limits, &zip, err);
    if (!status)
        status = pxi_workbook_read(zip, path, &o->config->limits, &book, err);
    if (!status)
        status = choose(o, zip, &book, &sheet, err);
    if (!status)
        status = make_sheet(o, zip, &book, sheet, &s, err);
    if (!status) {
        pxi_source_note(o->out, "the sheet %.100s is read", sheet->name);
        status = pxi_pulled_take(o, &s->pulled.base, path, o->config->reading.no_header, err);
    }
    pxi_workbook_free(&book);
    pxi_zip_close(&zip);
    return status;
}
