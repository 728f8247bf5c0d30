// SPDX-License-Identifier: Apache-2.0
/* Rendering tables: CSV, JSON, and aligned text. */
#include "pixity/table.h"

#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Rewrites "d.ddde+XX" as plain decimal digits. */
static size_t expand_exponent(char buf[PX_DOUBLE_TEXT_SIZE]) {
    char digits[32], out[PX_DOUBLE_TEXT_SIZE];
    size_t n = 0, used = 0;
    const char *p = buf;
    if (*p == '-')
        out[used++] = *p++;
    for (; *p && *p != 'e'; p++)
        if (*p != '.')
            digits[n++] = *p;
    int point = *p ? (int)strtol(p + 1, NULL, 10) + 1 : (int)n;
    if (point <= 0) {
        out[used++] = '0';
        out[used++] = '.';
        for (int i = point; i < 0; i++)
            out[used++] = '0';
    }
    for (size_t i = 0; i < n; i++) {
        if (point > 0 && i == (size_t)point)
            out[used++] = '.';
        out[used++] = digits[i];
    }
    for (int i = (int)n; i < point; i++)
        out[used++] = '0';
    memcpy(buf, out, used);
    buf[used] = '\0';
    return used;
}

/* Whole numbers are most of what is printed (volumes, quantities): no search for them. */
static size_t format_whole(double value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    return (size_t)snprintf(buf, PX_DOUBLE_TEXT_SIZE, "%" PRId64, (int64_t)value);
}

/* Prices: a whole number over a power of ten. If it divides back to the value it is the shortest text,
 * because both are exact and the quotient is correctly rounded. 0 if it takes more decimals. */
static size_t format_decimal(double value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    static const double powers[] = {1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    double size = fabs(value);
    for (int k = 0; k < 6 && size * powers[k] < 1e15; k++) {
        double whole = rint(size * powers[k]);
        if (whole / powers[k] != size)
            continue;
        int64_t digits = (int64_t)whole, unit = (int64_t)powers[k];
        return (size_t)snprintf(buf, PX_DOUBLE_TEXT_SIZE, "%s%" PRId64 ".%0*" PRId64, value < 0 ? "-" : "",
                                digits / unit, k + 1, digits % unit);
    }
    return 0;
}

size_t px_double_format(double value, char buf[PX_DOUBLE_TEXT_SIZE]) {
    if (isnan(value)) {
        buf[0] = '\0';
        return 0;
    }
    double size = fabs(value);
    if (size < 1e15 && value == trunc(value))
        return signbit(value) && value == 0 ? (size_t)snprintf(buf, PX_DOUBLE_TEXT_SIZE, "-0")
                                            : format_whole(value, buf);
    size_t decimal = size >= 1e-5 && size < 1e15 ? format_decimal(value, buf) : 0;
    if (decimal)
        return decimal;
    for (int digits = 15;; digits++) {
        int length = snprintf(buf, PX_DOUBLE_TEXT_SIZE, "%.*g", digits, value);
        if (digits < 17 && strtod(buf, NULL) != value)
            continue;
        return size >= 1e-5 && size < 1e15 && strchr(buf, 'e') ? expand_exponent(buf) : (size_t)length;
    }
}

static bool cell_defined(const px_column *column, size_t row) {
    return column->type == PX_COLUMN_F64 ? !isnan(column->u.f64[row]) : column->u.i64[row] != PX_NULL_I64;
}

/* The bare text of a defined cell; `buf` is used for all but texts. */
static const char *cell_text(const px_table *table, size_t c, size_t row, px_table_style style,
                             const px_zone *zone, char buf[PX_DOUBLE_TEXT_SIZE]) {
    const px_column *column = &table->columns[c];
    switch (column->type) {
    case PX_COLUMN_F64:
        px_double_format(column->u.f64[row], buf);
        return buf;
    case PX_COLUMN_I64:
        snprintf(buf, PX_DOUBLE_TEXT_SIZE, "%" PRId64, column->u.i64[row]);
        return buf;
    case PX_COLUMN_TIME:
        return style == PX_TABLE_JSON ? px_time_format_iso(column->u.i64[row], zone, buf)
                                      : px_time_format_local(column->u.i64[row], zone, buf);
    case PX_COLUMN_TEXT:
        return px_table_text(table, c, row);
    }
    return "";
}

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

#define PIECE 65536

/* Text on its way out. */
typedef struct sink {
    pxi_text text;
    px_write_fn write;
    void *user;
    bool refused;
} sink;

/* Passes on what has gathered, once it is a piece or `all` of it; false if nobody wants more. */
static bool pass_on(sink *out, bool all) {
    if (out->text.failed || out->refused)
        return false;
    if (out->text.length >= PIECE || (all && out->text.length > 0)) {
        out->refused = !out->write(out->user, out->text.data, out->text.length);
        out->text.length = 0;
    }
    return !out->refused;
}

/* By what the column holds, not by how the cell looks: a number below zero starts like a formula. */
static bool is_free_text(const px_column *column, size_t row) {
    return column->type == PX_COLUMN_TEXT && column->u.i64[row] >= 0;
}

static void render_csv(const px_table *table, const px_zone *zone, bool as_is, sink *out) {
    pxi_text *text = &out->text;
    char buf[PX_DOUBLE_TEXT_SIZE];
    for (size_t c = 0; c < table->n_columns; c++) {
        pxi_text_puts(text, c ? "," : "");
        write_csv_field(text, table->columns[c].name, !as_is);
    }
    pxi_text_puts(text, "\n");
    for (size_t row = 0; row < table->n_rows && pass_on(out, false); row++) {
        for (size_t c = 0; c < table->n_columns; c++) {
            pxi_text_puts(text, c ? "," : "");
            if (cell_defined(&table->columns[c], row))
                write_csv_field(text, cell_text(table, c, row, PX_TABLE_CSV, zone, buf),
                                !as_is && is_free_text(&table->columns[c], row));
        }
        pxi_text_puts(text, "\n");
    }
}

static void write_json_cell(pxi_text *text, const px_table *table, size_t c, size_t row,
                            const px_zone *zone) {
    const px_column *column = &table->columns[c];
    char buf[PX_DOUBLE_TEXT_SIZE];
    bool number = column->type == PX_COLUMN_F64 || column->type == PX_COLUMN_I64;
    if (!cell_defined(column, row) || (column->type == PX_COLUMN_F64 && isinf(column->u.f64[row])))
        pxi_text_puts(text, "null");
    else if (number)
        pxi_text_puts(text, cell_text(table, c, row, PX_TABLE_JSON, zone, buf));
    else
        pxi_json_quote(text, cell_text(table, c, row, PX_TABLE_JSON, zone, buf));
}

static void render_json(const px_table *table, const px_zone *zone, sink *out) {
    pxi_text *text = &out->text;
    pxi_text_puts(text, "[");
    for (size_t row = 0; row < table->n_rows && pass_on(out, false); row++) {
        pxi_text_puts(text, row ? ",\n  {" : "\n  {");
        for (size_t c = 0; c < table->n_columns; c++) {
            pxi_text_puts(text, c ? ", " : "");
            pxi_json_quote(text, table->columns[c].name);
            pxi_text_puts(text, ": ");
            write_json_cell(text, table, c, row, zone);
        }
        pxi_text_puts(text, "}");
    }
    pxi_text_puts(text, table->n_rows ? "\n]\n" : "]\n");
}

/* For people: times without seconds of zero would hide seconds elsewhere, so they stay; doubles get 6 digits.
 */
static const char *text_cell(const px_table *table, size_t c, size_t row, const px_zone *zone,
                             char buf[PX_DOUBLE_TEXT_SIZE]) {
    const px_column *column = &table->columns[c];
    if (!cell_defined(column, row))
        return "-";
    if (column->type != PX_COLUMN_F64)
        return cell_text(table, c, row, PX_TABLE_TEXT, zone, buf);
    double value = column->u.f64[row];
    snprintf(buf, PX_DOUBLE_TEXT_SIZE, fabs(value) >= 1000 ? "%.2f" : "%.6g", value);
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

static px_status render_text(const px_table *table, const px_zone *zone, sink *out, px_error *err) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    size_t *width = pxi_new_array(table->n_columns, sizeof *width);
    if (!width)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < table->n_columns; c++) {
        width[c] = strlen(table->columns[c].name);
        for (size_t row = 0; row < table->n_rows; row++) {
            size_t length = strlen(text_cell(table, c, row, zone, buf));
            if (length > width[c])
                width[c] = length;
        }
    }
    for (size_t line = 0; line <= table->n_rows && pass_on(out, false); line++)
        for (size_t c = 0; c < table->n_columns; c++) {
            px_column_type type = table->columns[c].type;
            const char *cell = line ? text_cell(table, c, line - 1, zone, buf) : table->columns[c].name;
            write_padded(&out->text, cell, width[c], type == PX_COLUMN_TEXT || type == PX_COLUMN_TIME,
                         c + 1 == table->n_columns);
        }
    free(width);
    return PX_OK;
}

px_status px_table_write(const px_table *table, px_table_style style, const px_zone *zone, px_write_fn write,
                         void *user, px_error *err) {
    sink out = {.write = write, .user = user};
    px_status status = PX_OK;
    if (style == PX_TABLE_CSV || style == PX_TABLE_CSV_AS_IS)
        render_csv(table, zone, style == PX_TABLE_CSV_AS_IS, &out);
    else if (style == PX_TABLE_JSON)
        render_json(table, zone, &out);
    else
        status = render_text(table, zone, &out, err);
    if (!status && !pass_on(&out, true))
        status = out.refused ? pxi_fail(err, PX_EIO, "the output was refused") : pxi_fail_memory(err);
    pxi_text_free(&out.text);
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
