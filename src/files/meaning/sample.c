// SPDX-License-Identifier: Apache-2.0
/* The first rows as texts. */
#include "base/error.h"
#include "base/mem.h"
#include "base/number.h"
#include "files/meaning/meaning.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct taking {
    const pxi_rows *rows;
    pxi_sample *sample;
} taking;

static size_t write_cell(const pxi_cells *cells, pxi_kind kind, size_t row,
                         char buf[PX_DOUBLE_TEXT_SIZE + 16]) {
    switch (kind) {
    case PXI_F64:
        px_double_format(cells->u.f64[row], buf);
        break;
    case PXI_F32:
        px_double_format(pxi_number_of_float(cells->u.f32[row]), buf);
        break;
    default:
        snprintf(buf, PX_DOUBLE_TEXT_SIZE + 16, "%" PRId64, cells->u.i64[row]);
    }
    return strlen(buf);
}

static px_status put(pxi_sample *s, const char *text, size_t length, px_error *err) {
    if (!pxi_grow(&s->texts, &s->capacity, s->length + length + 1, 1))
        return pxi_fail_memory(err);
    memcpy(s->texts + s->length, text, length);
    s->texts[s->length + length] = '\0';
    s->length += length + 1;
    return PX_OK;
}

static px_status take_row(const taking *t, const pxi_batch *batch, size_t row, px_error *err) {
    pxi_sample *s = t->sample;
    px_status status = PX_OK;
    char buf[PX_DOUBLE_TEXT_SIZE + 16];
    if (!pxi_grow(&s->offsets, &s->cells_capacity, (s->n + 1) * s->n_columns, sizeof *s->offsets))
        return pxi_fail_memory(err);
    for (size_t c = 0; c < s->n_columns && !status; c++) {
        const pxi_cells *cells = &batch->cells[c];
        const pxi_kind kind = t->rows->columns[s->columns[c]].kind;
        size_t *offset = &s->offsets[s->n * s->n_columns + c];
        *offset = SIZE_MAX;
        if (kind == PXI_TEXT) {
            const pxi_cell_text *cell = &cells->u.text[row];
            if (pxi_is_missing(cell->text, cell->length))
                continue;
            *offset = s->length;
            status = put(s, cell->text, cell->length < 200 ? cell->length : 200, err);
        } else if (kind != PXI_OPAQUE && (!cells->valid || cells->valid[row / 64] >> row % 64 & 1)) {
            *offset = s->length;
            status = put(s, buf, write_cell(cells, kind, row, buf), err);
        }
    }
    s->n++;
    return status;
}

static px_status take_batch(const pxi_batch *batch, void *context, bool *stop, px_error *err) {
    const taking *t = context;
    px_status status = PX_OK;
    for (size_t row = 0; row < batch->n && !status && t->sample->n < PXI_SAMPLE_ROWS; row++)
        if (!batch->faults || !batch->faults[row])
            status = take_row(t, batch, row, err);
    *stop = t->sample->n >= PXI_SAMPLE_ROWS;
    return status;
}

px_status pxi_sample_take(pxi_rows *rows, bool all, pxi_sample *out, px_error *err) {
    taking t = {rows, out};
    pxi_bar_role role;
    int rank;
    out->places = pxi_new_array(rows->n_columns, sizeof *out->places);
    if (!out->places)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < rows->n_columns; i++) {
        const pxi_rows_column *c = &rows->columns[i];
        const bool wanted = all || i == 0 || pxi_name_role(c->name, &role, &rank);
        out->places[i] = PXI_NO_COLUMN;
        if (!wanted || c->kind == PXI_OPAQUE || out->n_columns == PXI_SAMPLE_COLUMNS)
            continue;
        out->places[i] = out->n_columns;
        out->columns[out->n_columns++] = i;
    }
    return out->n_columns ? rows->each(rows, out->columns, out->n_columns, take_batch, &t, err) : PX_OK;
}

void pxi_sample_free(pxi_sample *sample) {
    free(sample->offsets);
    free(sample->texts);
    free(sample->places);
    memset(sample, 0, sizeof *sample);
}

const char *pxi_sample_text(const pxi_sample *sample, size_t row, size_t column) {
    const size_t place = sample->places[column];
    const size_t offset =
        place == PXI_NO_COLUMN ? SIZE_MAX : sample->offsets[row * sample->n_columns + place];
    return offset == SIZE_MAX ? "" : sample->texts + offset;
}
