// SPDX-License-Identifier: Apache-2.0
/* The rows of Arrow data: files (Feather of version 2) and streams, plain or with buffers compressed by lz4
 * or zstd. Of a batch only the columns that are asked for are read. */
#include "base/error.h"
#include "base/mem.h"
#include "files/arrow/arrow.h"
#include "files/containers/containers.h"

#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 2048 };
enum { DICTIONARY_ID, DICTIONARY_VALUES, DICTIONARY_IS_DELTA };
enum { BATCH_LENGTH };

/* What a dictionary holds so far. Deltas add to it; its texts lie in the arrays. */
typedef struct dictionary {
    int64_t id;
    const pxi_arrow_field *field; /* one of those whose values it has */
    size_t n, n_arrays, capacity;
    pxi_arrow_cells cells;
    pxi_arrow_array *arrays;
} dictionary;

typedef struct wanted_column {
    const pxi_arrow_field *field;
    pxi_kind kind;
    dictionary *dictionary; /* NULL = it has none */
    pxi_arrow_array array;  /* of the batch */
    pxi_arrow_cells cells;
} wanted_column;

typedef struct arrow_rows {
    pxi_rows base;
    pxi_arrow_file file;
    pxi_arrow_schema schema;
    dictionary *dictionaries; /* of the columns that are wanted */
    size_t n_dictionaries;
    wanted_column *wanted;
    size_t n_wanted;
    pxi_cells *cells;
    size_t lines[BATCH_ROWS], row; /* rows before the batch */
    pxi_take_batch take;
    void *context;
    bool stop;
} arrow_rows;

/* ---- dictionaries -------------------------------------------------------------------------------------- */

static void empty_dictionary(arrow_rows *r, dictionary *d) {
    for (size_t i = 0; i < d->n_arrays; i++)
        pxi_arrow_array_free(&r->file, &d->arrays[i]);
    d->n = d->n_arrays = 0;
}

static dictionary *find_dictionary(arrow_rows *r, int64_t id) {
    for (size_t i = 0; i < r->n_dictionaries; i++)
        if (r->dictionaries[i].id == id)
            return &r->dictionaries[i];
    return NULL;
}

static px_status add_values(arrow_rows *r, dictionary *d, const pxi_fb_table *values, px_error *err) {
    const pxi_rows_column column = pxi_arrow_describe(d->field);
    if (!pxi_grow(&d->arrays, &d->capacity, d->n_arrays + 1, sizeof *d->arrays))
        return pxi_fail_memory(err);
    pxi_arrow_array *array = &d->arrays[d->n_arrays++];
    memset(array, 0, sizeof *array);
    const pxi_arrow_schema alone = {
        .n_nodes = 1,
        .n_buffers = d->field->type.id == ARROW_NULL                                            ? 0
                     : d->field->type.id == ARROW_UTF8 || d->field->type.id == ARROW_LARGE_UTF8 ? 3
                                                                                                : 2,
        .n_views = d->field->type.id == ARROW_UTF8_VIEW};
    px_status status = pxi_arrow_check_batch(&r->file, values, &alone, err);
    if (!status)
        status = pxi_arrow_load(&r->file, values, &d->field->type, (pxi_arrow_place){0}, array, err);
    if (!status)
        status = pxi_arrow_check_memory(&r->file, (uint64_t)d->n + array->n, err);
    if (!status)
        status = pxi_arrow_cells_reserve(&d->cells, column.kind, d->n + array->n, err);
    if (!status && !pxi_arrow_convert(&d->field->type, array, 0, array->n, &d->cells, d->n))
        status = pxi_arrow_damaged(&r->file, "a dictionary has values outside of its buffers", err);
    d->n += status ? 0 : array->n;
    return status;
}

static px_status take_dictionary(arrow_rows *r, px_error *err) {
    const pxi_fb_table *header = &r->file.header, values = pxi_fb_child(header, DICTIONARY_VALUES);
    dictionary *d = find_dictionary(r, pxi_fb_int(header, DICTIONARY_ID, 8, 0));
    if (!d)
        return PX_OK; /* of a column that is not wanted */
    if (!pxi_fb_int(header, DICTIONARY_IS_DELTA, 1, 0))
        empty_dictionary(r, d);
    return values.at ? add_values(r, d, &values, err)
                     : pxi_arrow_damaged(&r->file, "a dictionary has no values", err);
}

/* ---- batches ------------------------------------------------------------------------------------------- */

static px_status fill(arrow_rows *r, wanted_column *w, size_t begin, size_t n, pxi_cells *cells,
                      uint64_t *bytes, px_error *err) {
    const pxi_arrow_field *f = w->field;
    const bool whole = w->dictionary
                           ? pxi_arrow_look_up(&f->places, &w->array, begin, n, &w->dictionary->cells,
                                               w->dictionary->n, w->kind, &w->cells)
                           : pxi_arrow_convert(&f->type, &w->array, begin, n, &w->cells, 0);
    if (!whole)
        return pxi_arrow_damaged(&r->file, "a column has values outside of its buffers, or of no dictionary",
                                 err);
    if (w->kind == PXI_TEXT) {
        for (size_t i = 0; i < n; i++)
            *bytes += w->cells.texts[i].length;
        cells->u.text = w->cells.texts;
        cells->valid = NULL;
        return PX_OK;
    }
    *bytes += n * sizeof(double);
    cells->valid = w->cells.valid;
    if (w->kind == PXI_F32)
        cells->u.f32 = w->cells.floats;
    else
        cells->u.i64 = (const int64_t *)w->cells.values; /* doubles too */
    return PX_OK;
}

static px_status take_rows(arrow_rows *r, size_t begin, size_t n, px_error *err) {
    uint64_t bytes = 0;
    px_status status = PX_OK;
    for (size_t i = 0; i < n; i++)
        r->lines[i] = r->row + i + 1;
    for (size_t c = 0; c < r->n_wanted && !status; c++)
        status = fill(r, &r->wanted[c], begin, n, &r->cells[c], &bytes, err);
    r->row += n;
    return status ? status
                  : r->take(&(pxi_batch){n, r->cells, r->lines, NULL, bytes}, r->context, &r->stop, err);
}

static px_status take_batch(arrow_rows *r, px_error *err) {
    const pxi_fb_table *batch = &r->file.header;
    const int64_t n = pxi_fb_int(batch, BATCH_LENGTH, 8, 0);
    px_status status = pxi_arrow_check_batch(&r->file, batch, &r->schema, err);
    if (!status && n < 0)
        status = pxi_arrow_damaged(&r->file, "a batch has fewer than no rows", err);
    for (size_t c = 0; c < r->n_wanted && !status; c++) {
        wanted_column *w = &r->wanted[c];
        const pxi_arrow_field *f = w->field;
        status = pxi_arrow_load(&r->file, batch, w->dictionary ? &f->places : &f->type,
                                (pxi_arrow_place){f->node, f->buffer, f->views}, &w->array, err);
    }
    for (size_t at = 0; !status && !r->stop && at < (size_t)n; at += BATCH_ROWS)
        status = take_rows(r, at, (size_t)n - at < BATCH_ROWS ? (size_t)n - at : BATCH_ROWS, err);
    for (size_t c = 0; c < r->n_wanted; c++)
        pxi_arrow_array_free(&r->file, &r->wanted[c].array);
    return status;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

static void forget_wanted(arrow_rows *r) {
    for (size_t i = 0; i < r->n_dictionaries; i++) {
        empty_dictionary(r, &r->dictionaries[i]);
        pxi_arrow_cells_free(&r->dictionaries[i].cells);
        free(r->dictionaries[i].arrays);
    }
    for (size_t i = 0; i < r->n_wanted; i++)
        pxi_arrow_cells_free(&r->wanted[i].cells);
    free(r->dictionaries);
    free(r->wanted);
    free(r->cells);
    r->dictionaries = NULL;
    r->wanted = NULL;
    r->cells = NULL;
    r->n_dictionaries = r->n_wanted = 0;
}

static px_status want(arrow_rows *r, const size_t *columns, size_t n, px_error *err) {
    px_status status = PX_OK;
    forget_wanted(r);
    r->wanted = pxi_new_array(n, sizeof *r->wanted);
    r->cells = pxi_new_array(n, sizeof *r->cells);
    r->dictionaries = pxi_new_array(n, sizeof *r->dictionaries);
    if (!r->wanted || !r->cells || !r->dictionaries)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < n && !status; c++) {
        wanted_column *w = &r->wanted[r->n_wanted++];
        w->field = &r->schema.fields[columns[c]];
        w->kind = r->base.columns[columns[c]].kind;
        if (w->field->in_dictionary) {
            w->dictionary = find_dictionary(r, w->field->dictionary);
            if (!w->dictionary)
                w->dictionary = &r->dictionaries[r->n_dictionaries++];
            else if (!pxi_arrow_same_type(&w->dictionary->field->type, &w->field->type))
                return pxi_arrow_damaged(&r->file, "one of its dictionaries has values of two types", err);
            w->dictionary->id = w->field->dictionary;
            w->dictionary->field = w->field;
        }
        status = pxi_arrow_cells_reserve(&w->cells, w->kind, BATCH_ROWS, err);
    }
    return status;
}

static px_status each_row(pxi_rows *rows, const size_t *columns, size_t n, pxi_take_batch take, void *context,
                          px_error *err) {
    arrow_rows *r = (arrow_rows *)rows;
    bool more = true;
    px_status status = want(r, columns, n, err);
    r->take = take;
    r->context = context;
    r->stop = false;
    r->row = 0;
    pxi_arrow_rewind(&r->file);
    while (!status && !r->stop) {
        status = pxi_arrow_next(&r->file, &more, err);
        if (status || !more)
            break;
        status = r->file.kind == ARROW_DICTIONARY ? take_dictionary(r, err) : take_batch(r, err);
    }
    return status;
}

static px_status describe_columns(arrow_rows *r, px_error *err) {
    r->base.n_columns = r->schema.n;
    r->base.columns = pxi_new_array(r->schema.n, sizeof *r->base.columns);
    if (!r->base.columns)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < r->schema.n; i++)
        r->base.columns[i] = pxi_arrow_describe(&r->schema.fields[i]);
    return PX_OK;
}

px_status pxi_arrow_open(const pxi_opening *o, px_error *err) {
    arrow_rows *r = pxi_new_array(1, sizeof *r);
    if (!r)
        return pxi_fail_memory(err);
    r->base.each = each_row;
    r->base.name = o->config->path;
    px_status status = pxi_arrow_open_file(o, &r->file, &r->schema, err);
    if (!status)
        status = describe_columns(r, err);
    if (!status)
        status = o->take(&r->base, o->context, err);
    forget_wanted(r);
    free(r->base.columns);
    pxi_arrow_schema_free(&r->schema);
    pxi_arrow_close_file(&r->file);
    free(r);
    return status;
}
