// SPDX-License-Identifier: Apache-2.0
#include "files/containers/workbook.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/containers/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 1 << 15, OVERHEAD = 32 }; /* bytes of one text; what keeping one costs besides */

typedef struct reading {
    pxi_workbook *book;
    const px_source_limits *limits;
    pxi_text text;         /* of the shared text being read */
    bool in_text, in_item; /* <t>, outside of how it is pronounced; <si> */
    bool in_styles;        /* <cellXfs> */
    bool failed;           /* out of memory */
    bool too_much;         /* over a limit */
} reading;

/* ---- number formats ------------------------------------------------------------------------------------ */

bool pxi_format_is_date(const char *code) {
    bool quoted = false, bracket = false;
    for (const char *p = code; *p; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (quoted)
            continue;
        else if (*p == '\\' || *p == '_' || *p == '*') {
            if (p[1])
                p++;
        } else if (*p == '[') {
            bracket = true;
            if (strncasecmp(p, "[h", 2) == 0 || strncasecmp(p, "[m]", 3) == 0 ||
                strncasecmp(p, "[mm", 3) == 0 || strncasecmp(p, "[s", 2) == 0)
                return true; /* hours and minutes that went by; "[Magenta]" is a colour */
        } else if (*p == ']')
            bracket = false;
        else if (!bracket && strchr("yYmMdDhHsS", *p))
            return true;
        else if (!bracket && strncasecmp(p, "General", 7) == 0)
            p += 6;
    }
    return false;
}

/* The formats that every workbook has without writing them down. */
static bool is_built_in_date(int id) {
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
           (id >= 50 && id <= 58);
}

static bool is_date_format(const pxi_workbook *book, int id) {
    for (size_t i = 0; i < book->n_formats; i++)
        if (book->formats[i].id == id)
            return book->formats[i].is_date;
    return is_built_in_date(id);
}

/* ---- the parts ----------------------------------------------------------------------------------------- */

static int integer(const char *text) {
    long long value = -1;
    return text && pxi_parse_i64(text, strlen(text), &value) && value >= 0 && value < 1 << 20 ? (int)value
                                                                                              : -1;
}

static char *copy_or_fail(reading *r, const char *text) {
    char *copy = strdup(text ? text : "");
    r->failed |= !copy;
    return copy;
}

static void start_book(void *context, const char *element, const char **attributes) {
    reading *r = context;
    pxi_workbook *book = r->book;
    if (strcmp(element, "workbookPr") == 0) {
        const char *from = pxi_xml_attribute(attributes, "date1904");
        book->from_1904 = from && (strcmp(from, "1") == 0 || strcmp(from, "true") == 0);
    }
    if (strcmp(element, "sheet") != 0)
        return;
    if (!pxi_grow(&book->sheets, &book->sheet_capacity, book->n_sheets + 1, sizeof *book->sheets)) {
        r->failed = true;
        return;
    }
    const char *id = NULL;
    for (size_t i = 0; attributes[i]; i += 2) { /* r:id, beside sheetId */
        const char *colon = strrchr(attributes[i], ':');
        if (colon && strcmp(colon, ":id") == 0)
            id = attributes[i + 1];
    }
    book->sheets[book->n_sheets++] =
        (pxi_sheet){copy_or_fail(r, pxi_xml_attribute(attributes, "name")), copy_or_fail(r, id), NULL};
}

/* Targets are relative to the folder xl, or begin at the root. */
static void start_relation(void *context, const char *element, const char **attributes) {
    reading *r = context;
    const char *id = pxi_xml_attribute(attributes, "Id"), *target = pxi_xml_attribute(attributes, "Target");
    char member[256];
    if (strcmp(element, "Relationship") != 0 || !id || !target)
        return;
    snprintf(member, sizeof member, "%s%s", *target == '/' ? "" : "xl/",
             *target == '/' ? target + 1 : target);
    for (size_t i = 0; i < r->book->n_sheets; i++) {
        pxi_sheet *sheet = &r->book->sheets[i];
        if (!sheet->member && sheet->id && strcmp(sheet->id, id) == 0)
            sheet->member = copy_or_fail(r, member);
    }
}

static void start_style(void *context, const char *element, const char **attributes) {
    reading *r = context;
    pxi_workbook *book = r->book;
    const int id = integer(pxi_xml_attribute(attributes, "numFmtId"));
    if (strcmp(element, "cellXfs") == 0)
        r->in_styles = true;
    if (strcmp(element, "numFmt") == 0) {
        const char *code = pxi_xml_attribute(attributes, "formatCode");
        if (!pxi_grow(&book->formats, &book->format_capacity, book->n_formats + 1, sizeof *book->formats)) {
            r->failed = true;
            return;
        }
        book->formats[book->n_formats].id = id;
        book->formats[book->n_formats++].is_date = code && pxi_format_is_date(code);
    } else if (strcmp(element, "xf") == 0 && r->in_styles) {
        if (!pxi_grow(&book->styles, &book->style_capacity, book->n_styles + 1, sizeof *book->styles)) {
            r->failed = true;
            return;
        }
        book->styles[book->n_styles++] = is_date_format(book, id);
    }
}

static void end_style(void *context, const char *element) {
    reading *r = context;
    if (strcmp(element, "cellXfs") == 0)
        r->in_styles = false;
}

static void start_text(void *context, const char *element, const char **attributes) {
    reading *r = context;
    (void)attributes;
    if (strcmp(element, "si") == 0) {
        r->in_item = true;
        r->text.length = 0;
    } else if (strcmp(element, "rPh") == 0)
        r->in_item = false; /* how it is pronounced */
    r->in_text = r->in_item && strcmp(element, "t") == 0;
}

static void end_text(void *context, const char *element) {
    reading *r = context;
    pxi_workbook *book = r->book;
    r->in_text = false;
    if (strcmp(element, "rPh") == 0)
        r->in_item = true;
    if (strcmp(element, "si") != 0)
        return;
    r->in_item = false;
    if (r->failed || r->too_much ||
        !pxi_grow(&book->texts, &book->text_capacity, book->n_texts + 1, sizeof *book->texts)) {
        r->failed |= !r->too_much;
        return;
    }
    char *copy = strndup(r->text.data ? r->text.data : "", r->text.length);
    r->failed |= !copy;
    book->texts[book->n_texts] = copy;
    book->n_texts += copy != NULL;
    book->memory += r->text.length + OVERHEAD;
    r->too_much = book->memory > pxi_limits_memory(r->limits);
}

static void add_text(void *context, const char *text, size_t length) {
    reading *r = context;
    if (!r->in_text || r->text.length + length > MOST_TEXT)
        return;
    pxi_text_add(&r->text, text, length);
    r->failed |= r->text.failed;
}

static void no_end(void *context, const char *element) {
    (void)context;
    (void)element;
}

static void no_text(void *context, const char *text, size_t length) {
    (void)context;
    (void)text;
    (void)length;
}

/* ---- reading ------------------------------------------------------------------------------------------- */

static px_status read_part(pxi_zip *zip, const char *member, const char *path,
                           const pxi_xml_handlers *handlers, reading *r, px_error *err) {
    const size_t at = pxi_zip_find(zip, member);
    pxi_bytes *bytes = NULL;
    pxi_xml *xml = NULL;
    bool ended = at == SIZE_MAX; /* a part that is not there is empty */
    px_status status = ended ? PX_OK : pxi_zip_bytes(zip, at, &bytes, err);
    if (!status && !ended)
        status = pxi_xml_open(handlers, r, path, &xml, err);
    while (!status && !ended) {
        status = pxi_xml_step(xml, bytes, &ended, err);
        if (!status && r->failed)
            status = pxi_fail_memory(err);
        if (!status && r->too_much)
            status = pxi_limits_fail_memory(r->limits, path, err);
    }
    pxi_xml_close(&xml);
    pxi_bytes_close(&bytes);
    return status;
}

px_status pxi_workbook_read(pxi_zip *zip, const char *path, const px_source_limits *limits, pxi_workbook *out,
                            px_error *err) {
    static const struct {
        const char *member;
        pxi_xml_handlers handlers;
    } parts[] = {
        {"xl/workbook.xml", {start_book, no_end, no_text}},
        {"xl/_rels/workbook.xml.rels", {start_relation, no_end, no_text}},
        {"xl/styles.xml", {start_style, end_style, no_text}},
        {"xl/sharedStrings.xml", {start_text, end_text, add_text}},
    };
    pxi_workbook book = {0};
    reading r = {.book = &book, .limits = limits};
    px_status status = PX_OK;
    for (size_t i = 0; !status && i < sizeof parts / sizeof *parts; i++)
        status = read_part(zip, parts[i].member, path, &parts[i].handlers, &r, err);
    pxi_text_free(&r.text);
    if (status)
        pxi_workbook_free(&book);
    else
        *out = book;
    return status;
}

void pxi_workbook_free(pxi_workbook *book) {
    for (size_t i = 0; i < book->n_sheets; i++) {
        free(book->sheets[i].name);
        free(book->sheets[i].id);
        free(book->sheets[i].member);
    }
    for (size_t i = 0; i < book->n_texts; i++)
        free(book->texts[i]);
    free(book->sheets);
    free(book->texts);
    free(book->formats);
    free(book->styles);
    memset(book, 0, sizeof *book);
}
