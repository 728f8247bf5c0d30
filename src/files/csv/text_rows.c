// SPDX-License-Identifier: Apache-2.0
/* Tables of text: CSV and its kin. A batch is what lines lie in memory together; fields stay where they are.
 */
#include "files/csv/text_rows.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/csv/dialect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_ROWS = 256, FAULT_SIZE = 64 };
#define NO_SLOT UINT16_MAX

typedef struct text_rows {
    pxi_rows base;
    pxi_lines *lines;
    pxi_dialect dialect;
    uint16_t slots[PXI_CSV_MAX_COLUMNS + 1]; /* where a column's cells go; NO_SLOT = it is not wanted */
    size_t n_wanted;
    pxi_cell_text *cells; /* BATCH_ROWS of each wanted column */
    pxi_cells columns[PXI_CSV_MAX_COLUMNS];
    size_t numbers[BATCH_ROWS];
    const char *faults[BATCH_ROWS];
    char texts[BATCH_ROWS][FAULT_SIZE];
    size_t n; /* rows of the batch */
    bool any_fault;
    uint64_t bytes;
} text_rows;

/* ---- rows -----------------------------------------------------------------------------------------------
 */

static void put_cell(text_rows *t, size_t column, const char *text, size_t length) {
    const uint16_t slot = t->slots[column];
    if (slot != NO_SLOT)
        t->cells[(size_t)slot * BATCH_ROWS + t->n] = (pxi_cell_text){text, length};
}

/* A line without quotes: its fields lie between separators. Returns how many there are. */
static size_t split_plain(text_rows *t, const char *line, size_t length) {
    const char *end = line + length, *start = line;
    const size_t most = t->base.n_columns;
    size_t n = 0;
    for (;;) {
        const char *found = memchr(start, t->dialect.separator, (size_t)(end - start));
        if (n < most) {
            const char *from = start, *to = found ? found : end;
            while (from < to && (*from == ' ' || *from == '\t'))
                from++;
            while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
                to--;
            put_cell(t, n, from, (size_t)(to - from));
        }
        n++;
        if (!found)
            return n;
        start = found + 1;
    }
}

static size_t split_any(text_rows *t, char *line, size_t length) {
    pxi_field fields[PXI_CSV_MAX_COLUMNS];
    size_t n = pxi_dialect_split(&t->dialect, line, length, fields, PXI_CSV_MAX_COLUMNS);
    for (size_t i = 0; i < n && i < t->base.n_columns && n <= PXI_CSV_MAX_COLUMNS; i++)
        put_cell(t, i, fields[i].text, fields[i].length);
    return n;
}

static bool is_blank_after_last(const text_rows *t, const char *line, size_t length) {
    return length && line[length - 1] == t->dialect.separator;
}

static void take_line(text_rows *t, char *line, size_t length) {
    const pxi_dialect *d = &t->dialect;
    const size_t most = t->base.n_columns;
    const bool extra = is_blank_after_last(t, line, length);
    const bool plain = d->separator != PXI_BLANKS && !memchr(line, '"', length);
    const size_t n = plain ? split_plain(t, line, length) : split_any(t, line, length);
    const char *fault = NULL;
    if (n < d->least || (n > most && !(n == most + 1 && extra))) {
        fault = t->texts[t->n];
        t->any_fault = true;
        pxi_csv_row_fits(n, most, t->texts[t->n], FAULT_SIZE);
    }
    for (size_t i = n; !fault && i < most; i++)
        put_cell(t, i, "", 0);
    t->faults[t->n] = fault;
    t->numbers[t->n] = pxi_lines_number(t->lines);
    t->n++;
}

static px_status hand_over(text_rows *t, pxi_take_batch take, void *context, bool *stop, px_error *err) {
    const pxi_batch batch = {t->n, t->columns, t->numbers, t->any_fault ? t->faults : NULL, t->bytes};
    px_status status = t->bytes ? take(&batch, context, stop, err) : PX_OK;
    t->n = 0;
    t->bytes = 0;
    t->any_fault = false;
    return status;
}

static px_status want(text_rows *t, const size_t *columns, size_t n, px_error *err) {
    free(t->cells);
    t->cells = pxi_new_array(n * BATCH_ROWS, sizeof *t->cells);
    if (!t->cells)
        return pxi_fail_memory(err);
    for (size_t i = 0; i <= PXI_CSV_MAX_COLUMNS; i++)
        t->slots[i] = NO_SLOT;
    for (size_t i = 0; i < n; i++) {
        t->slots[columns[i]] = (uint16_t)i;
        t->columns[i] = (pxi_cells){.u.text = t->cells + i * BATCH_ROWS};
    }
    t->n_wanted = n;
    t->n = 0;
    t->bytes = 0;
    t->any_fault = false;
    return pxi_lines_rewind(t->lines, err);
}

static px_status each_row(pxi_rows *rows, const size_t *columns, size_t n, pxi_take_batch take, void *context,
                          px_error *err) {
    text_rows *t = (text_rows *)rows;
    char *line;
    size_t length;
    bool more = true, stop = false;
    px_status status = want(t, columns, n, err);
    while (!status && more && !stop) {
        status = pxi_lines_next(t->lines, &line, &length, &more, err);
        for (bool have = !status && more; have;
             have = t->n < BATCH_ROWS && pxi_lines_next_in_memory(t->lines, &line, &length)) {
            if (pxi_lines_number(t->lines) < t->dialect.first)
                continue;
            t->bytes += length + 1;
            if (length)
                take_line(t, line, length);
        }
        if (!status)
            status = hand_over(t, take, context, &stop, err);
    }
    return status;
}

/* ---- opening --------------------------------------------------------------------------------------------
 */

void pxi_text_rows_close(pxi_rows **rows) {
    text_rows *t = rows ? (text_rows *)*rows : NULL;
    if (!t)
        return;
    pxi_lines_close(&t->lines);
    pxi_dialect_free(&t->dialect);
    free(t->base.columns);
    free(t->cells);
    free(t);
    *rows = NULL;
}

static void note_dialect(const pxi_dialect *d, px_source *out) {
    static const char *const names[] = {[','] = "commas",
                                        [';'] = "semicolons",
                                        ['\t'] = "tabs",
                                        ['|'] = "vertical bars",
                                        [PXI_BLANKS] = "blanks"};
    if (d->header > 1)
        pxi_source_note(out, "line %zu is the header; what stands above it is passed over", d->header);
    if (d->unnamed)
        pxi_source_note(out, "no line names the columns; rows begin in line %zu", d->first);
    if (d->header && d->first > d->header + 1)
        pxi_source_note(out, "the header goes on to line %zu%s%s", d->first - 1,
                        d->ticker ? " and names the ticker " : "", d->ticker ? d->ticker : "");
    if (d->separator != ',')
        pxi_source_note(out, "fields are divided by %s", names[(unsigned char)d->separator]);
    if (d->whole_quoted)
        pxi_source_note(out, "each line stands in quotes as a whole");
}

px_status pxi_text_rows_open(pxi_lines **lines, const char *name, bool no_header, px_source *out,
                             pxi_rows **rows, px_error *err) {
    text_rows *t = pxi_new_array(1, sizeof *t);
    if (!t) {
        pxi_lines_close(lines);
        return pxi_fail_memory(err);
    }
    t->lines = *lines;
    *lines = NULL;
    t->base.each = each_row;
    t->base.name = name;
    px_status status = pxi_dialect_find(t->lines, no_header, &t->dialect, err);
    if (!status && !(t->base.columns = pxi_new_array(t->dialect.n, sizeof *t->base.columns)))
        status = pxi_fail_memory(err);
    for (size_t i = 0; !status && i < t->dialect.n; i++)
        t->base.columns[i] = (pxi_rows_column){t->dialect.names[i], PXI_TEXT, NULL};
    t->base.n_columns = t->dialect.n;
    t->base.unnamed = t->dialect.unnamed;
    t->base.separator = t->dialect.separator;
    if (!status)
        note_dialect(&t->dialect, out);
    *rows = &t->base;
    if (status)
        pxi_text_rows_close(rows);
    return status;
}

/* Names the file, where the message does not yet. */
static px_status fail_file(const char *path, px_status status, px_error *err) {
    return err && strncmp(err->message, path, strlen(path)) == 0 ? status
                                                                 : pxi_fail_prefix(err, status, "%s", path);
}

px_status pxi_text_open(const pxi_opening *o, px_error *err) {
    const px_source_config *config = o->config;
    pxi_lines *lines = NULL;
    pxi_rows *rows = NULL;
    px_status status = pxi_lines_open(o->file, &lines, err);
    if (status)
        return status;
    status = pxi_text_rows_open(&lines, config->path, config->reading.no_header, o->out, &rows, err);
    if (status)
        return fail_file(config->path, status, err);
    const size_t before = o->out->n_read;
    status = o->take(rows, o->context, err);
    if (!status && o->out->n_read == before)
        status = pxi_fail(err, PX_EINPUT, "a header line but no rows");
    pxi_text_rows_close(&rows);
    return status ? fail_file(config->path, status, err) : PX_OK;
}
