// SPDX-License-Identifier: Apache-2.0
/* Rendering tables: CSV, JSON, and aligned text. */
#include "pixity/table.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/number.h"
#include "time/stamp.h"
#include "base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECE 65536
/* Any cell but a text, and what stands between cells. */
#define CELL_ROOM (PX_TIME_TEXT_SIZE + 4)

/* A table on its way out. */
typedef struct printer {
    const px_table *table;
    pxi_stamp stamp;
    pxi_text text; /* what has gathered */
    px_write_fn write;
    void *user;
    bool refused, as_is; /* formulas are not escaped */
} printer;

/* Passes on what has gathered, once it is a piece or `all` of it; false if nobody wants more. */
static bool pass_on(printer *p, bool all) {
    if (p->text.failed || p->refused)
        return false;
    if (p->text.length >= PIECE || (all && p->text.length > 0)) {
        p->refused = !p->write(p->user, p->text.data, p->text.length);
        p->text.length = 0;
    }
    return !p->refused;
}

static bool cell_defined(const px_column *column, size_t row) {
    return px_column_is_real(column->type) ? !isnan(column->u.f64[row]) : column->u.i64[row] != PX_NULL_I64;
}

/* A defined cell that is no text. */
static char *put_cell(printer *p, char *to, const px_column *column, size_t row) {
    if (px_column_is_real(column->type))
        return pxi_put_double(to, column->u.f64[row]);
    if (column->type == PX_COLUMN_I64 || column->type == PX_COLUMN_FLAG)
        return pxi_put_i64(to, column->u.i64[row]);
    if (column->type == PX_COLUMN_BOOL)
        return stpcpy(to, column->u.i64[row] ? "true" : "false");
    return pxi_put_stamp(to, &p->stamp, column->u.i64[row]);
}

/* ---- CSV ----------------------------------------------------------------------------------------------- */

static void write_csv_field(pxi_text *text, const char *field, bool escaped) {
    const char *mark = escaped && pxi_csv_is_escaped(field) ? "'" : "";
    if (!strpbrk(field, ",\"\r\n")) {
        pxi_text_puts(text, mark);
        pxi_text_puts(text, field);
        return;
    }
    pxi_text_puts(text, "\"");
    pxi_text_puts(text, mark);
    for (; *field; field++) {
        if (*field == '"')
            pxi_text_puts(text, "\"");
        pxi_text_add(text, field, 1);
    }
    pxi_text_puts(text, "\"");
}

/* By what the column holds, not by how the cell looks: a number below zero starts like a formula. */
static bool is_free_text(const px_column *column, size_t row) {
    return column->type == PX_COLUMN_TEXT && column->u.i64[row] >= 0;
}

static void write_csv_cell(printer *p, size_t c, size_t row) {
    const px_column *column = &p->table->columns[c];
    char *at = pxi_text_room(&p->text, CELL_ROOM);
    if (!at)
        return;
    if (c)
        *at++ = ',';
    if (column->type != PX_COLUMN_TEXT && cell_defined(column, row))
        at = put_cell(p, at, column, row);
    pxi_text_end(&p->text, at);
    if (column->type == PX_COLUMN_TEXT && cell_defined(column, row))
        write_csv_field(&p->text, px_table_text(p->table, c, row), !p->as_is && is_free_text(column, row));
}

static void render_csv(printer *p) {
    const px_table *table = p->table;
    for (size_t c = 0; c < table->n_columns; c++) {
        pxi_text_puts(&p->text, c ? "," : "");
        write_csv_field(&p->text, table->columns[c].name, !p->as_is);
    }
    pxi_text_puts(&p->text, "\n");
    for (size_t row = 0; row < table->n_rows && pass_on(p, false); row++) {
        for (size_t c = 0; c < table->n_columns; c++)
            write_csv_cell(p, c, row);
        pxi_text_add(&p->text, "\n", 1);
    }
}

/* ---- JSON ---------------------------------------------------------------------------------------------- */

static void write_json_cell(printer *p, size_t c, size_t row) {
    const px_column *column = &p->table->columns[c];
    char *at = pxi_text_room(&p->text, CELL_ROOM);
    if (!at)
        return;
    if (!cell_defined(column, row) || (px_column_is_real(column->type) && isinf(column->u.f64[row])))
        pxi_text_add(&p->text, "null", 4);
    else if (column->type == PX_COLUMN_TEXT)
        pxi_json_quote(&p->text, px_table_text(p->table, c, row));
    else {
        bool quoted = column->type == PX_COLUMN_TIME;
        if (quoted)
            *at++ = '"';
        at = put_cell(p, at, column, row);
        if (quoted)
            *at++ = '"';
        pxi_text_end(&p->text, at);
    }
}

/* `"name": ` of every column, each ending where *ends says. */
static void quote_names(const px_table *table, pxi_text *names, size_t *ends) {
    for (size_t c = 0; c < table->n_columns; c++) {
        pxi_text_puts(names, c ? ", " : "");
        pxi_json_quote(names, table->columns[c].name);
        pxi_text_puts(names, ": ");
        ends[c] = names->length;
    }
}

/* A list of objects, or lines of them. */
static px_status render_json(printer *p, bool lines, px_error *err) {
    const px_table *table = p->table;
    pxi_text *text = &p->text, names = {0};
    size_t *ends = pxi_new_array(table->n_columns, sizeof *ends);
    if (!ends)
        return pxi_fail_memory(err);
    quote_names(table, &names, ends);
    text->failed |= names.failed;
    pxi_text_puts(text, lines ? "" : "[");
    for (size_t row = 0; row < table->n_rows && pass_on(p, false); row++) {
        pxi_text_puts(text, lines ? "{" : row ? ",\n  {" : "\n  {");
        for (size_t c = 0, begin = 0; c < table->n_columns; begin = ends[c++]) {
            pxi_text_add(text, names.data + begin, ends[c] - begin);
            write_json_cell(p, c, row);
        }
        pxi_text_puts(text, lines ? "}\n" : "}");
    }
    pxi_text_puts(text, lines ? "" : table->n_rows ? "\n]\n" : "]\n");
    pxi_text_free(&names);
    free(ends);
    return PX_OK;
}

/* ---- text ---------------------------------------------------------------------------------------------- */

/* For people: doubles get 6 digits, or cents where they are large; `buf` is used for all but texts. */
static const char *text_cell(printer *p, size_t c, size_t row, char buf[CELL_ROOM]) {
    const px_column *column = &p->table->columns[c];
    if (!cell_defined(column, row))
        return "-";
    if (column->type == PX_COLUMN_TEXT)
        return px_table_text(p->table, c, row);
    if (column->type == PX_COLUMN_F64) {
        double value = column->u.f64[row] + 0.0; /* -0.0 is 0 */
        snprintf(buf, CELL_ROOM, fabs(value) >= 1000 ? "%.2f" : "%.6g", value);
    } else
        *put_cell(p, buf, column, row) = '\0';
    return buf;
}

static void write_padded(pxi_text *text, const char *cell, size_t width, bool left, bool last) {
    int pad = (int)(width - strlen(cell));
    if (left)
        pxi_text_printf(text, "%s%*s", cell, last ? 0 : pad, "");
    else
        pxi_text_printf(text, "%*s%s", pad, "", cell);
    pxi_text_puts(text, last ? "\n" : "  ");
}

static px_status render_text(printer *p, px_error *err) {
    const px_table *table = p->table;
    char buf[CELL_ROOM];
    size_t *width = pxi_new_array(table->n_columns, sizeof *width);
    if (!width)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < table->n_columns; c++) {
        width[c] = strlen(table->columns[c].name);
        for (size_t row = 0; row < table->n_rows; row++) {
            size_t length = strlen(text_cell(p, c, row, buf));
            if (length > width[c])
                width[c] = length;
        }
    }
    for (size_t line = 0; line <= table->n_rows && pass_on(p, false); line++)
        for (size_t c = 0; c < table->n_columns; c++) {
            px_column_type type = table->columns[c].type;
            const char *cell = line ? text_cell(p, c, line - 1, buf) : table->columns[c].name;
            write_padded(&p->text, cell, width[c], type == PX_COLUMN_TEXT || type == PX_COLUMN_TIME,
                         c + 1 == table->n_columns);
        }
    free(width);
    return PX_OK;
}

/* -------------------------------------------------------------------------------------------------------- */

px_status px_table_write(const px_table *table, px_table_style style, const px_zone *zone, px_write_fn write,
                         void *user, px_error *err) {
    printer p = {
        .table = table,
        .stamp = {.zone = zone, .iso = style == PX_TABLE_JSON || style == PX_TABLE_JSON_LINES},
        .write = write,
        .user = user,
        .as_is = style == PX_TABLE_CSV_AS_IS,
    };
    px_status status = PX_OK;
    if (style == PX_TABLE_CSV || style == PX_TABLE_CSV_AS_IS)
        render_csv(&p);
    else if (style == PX_TABLE_JSON || style == PX_TABLE_JSON_LINES)
        status = render_json(&p, style == PX_TABLE_JSON_LINES, err);
    else
        status = render_text(&p, err);
    if (!status && !pass_on(&p, true))
        status = p.refused ? pxi_fail(err, PX_EIO, "the output was refused") : pxi_fail_memory(err);
    pxi_text_free(&p.text);
    return status;
}

static bool gather(void *user, const char *bytes, size_t length) {
    pxi_text *text = user;
    pxi_text_add(text, bytes, length);
    return !text->failed;
}

px_status px_table_render(const px_table *table, px_table_style style, const px_zone *zone, char **out,
                          size_t *length, px_error *err) {
    pxi_text text = {0};
    px_status status = px_table_write(table, style, zone, gather, &text, err);
    size_t used = text.length;
    if (text.failed || (!status && (status = pxi_text_take(&text, out, err))))
        status = pxi_fail_memory(err);
    if (!status)
        *length = used;
    pxi_text_free(&text);
    return status;
}
