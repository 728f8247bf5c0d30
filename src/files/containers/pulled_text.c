// SPDX-License-Identifier: Apache-2.0
#include "files/containers/pulled_text.h"

#include "base/error.h"
#include "base/number.h"
#include "files/csv/text_rows.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static px_status read_pulled(pxi_bytes *bytes, void *to, size_t size, size_t *got, px_error *err) {
    pxi_pulled *p = (pxi_pulled *)bytes;
    px_status status = PX_OK;
    if (p->at == p->text.length)
        p->at = p->text.length = 0;
    while (!status && p->text.length - p->at < size && !p->ended && !p->text.failed)
        status = p->more(p, err);
    if (status)
        return status;
    if (p->text.failed)
        return pxi_fail_memory(err);
    *got = p->text.length - p->at < size ? p->text.length - p->at : size;
    if (*got)
        memcpy(to, p->text.data + p->at, *got);
    p->at += *got;
    if (p->at > size) { /* what was given is not kept */
        memmove(p->text.data, p->text.data + p->at, p->text.length - p->at);
        p->text.length -= p->at;
        p->at = 0;
    }
    return PX_OK;
}

static px_status rewind_pulled(pxi_bytes *bytes, px_error *err) {
    pxi_pulled *p = (pxi_pulled *)bytes;
    p->at = p->text.length = 0;
    p->ended = false;
    return p->restart(p, err);
}

static void close_pulled(pxi_bytes *bytes) {
    pxi_pulled *p = (pxi_pulled *)bytes;
    pxi_text_free(&p->text);
    p->free(p);
}

void pxi_pulled_init(pxi_pulled *p) {
    p->base = (pxi_bytes){read_pulled, rewind_pulled, close_pulled};
    p->text = (pxi_text){0};
    p->at = 0;
    p->ended = false;
}

void pxi_pulled_text(pxi_text *row, bool first, const char *text, size_t length) {
    bool plain = true;
    for (size_t i = 0; plain && i < length; i++)
        plain = text[i] != '"' && text[i] != ',' && text[i] != '\n' && text[i] != '\r' && text[i] != '\0' &&
                text[i] != ';' && text[i] != '\t' && text[i] != '|';
    if (!first)
        pxi_text_add(row, ",", 1);
    if (plain) {
        pxi_text_add(row, text, length);
        return;
    }
    pxi_text_add(row, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        const char c = text[i] == '\n' || text[i] == '\r' || text[i] == '\0' ? ' ' : text[i];
        pxi_text_add(row, "\"\"", c == '"' ? 2 : 0);
        pxi_text_add(row, &c, c == '"' ? 0 : 1);
    }
    pxi_text_add(row, "\"", 1);
}

void pxi_pulled_double(pxi_text *row, bool first, double value) {
    char digits[PX_DOUBLE_TEXT_SIZE];
    const size_t length = isfinite(value) ? px_double_format(value, digits) : 0;
    pxi_pulled_text(row, first, digits, length);
}

void pxi_pulled_i64(pxi_text *row, bool first, int64_t value) {
    pxi_text_printf(row, "%s%" PRId64, first ? "" : ",", value);
}

px_status pxi_pulled_take(const pxi_opening *o, pxi_bytes *bytes, const char *name, bool no_header,
                          px_error *err) {
    pxi_lines *lines = NULL;
    pxi_rows *rows = NULL;
    px_status status = pxi_lines_open_bytes(bytes, name, &lines, err);
    if (!status)
        status = pxi_text_rows_open(&lines, name, no_header, o->out, &rows, err);
    if (!status)
        status = o->take(rows, o->context, err);
    pxi_text_rows_close(&rows);
    return status;
}
