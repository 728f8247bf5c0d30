// SPDX-License-Identifier: Apache-2.0
#include "files/duck/records.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "files/csv/text_lines.h"
#include "files/source.h"

#include <stdlib.h>
#include <string.h>

struct pxi_records {
    char *name; /* for messages */
    px_source_limits limits;
    uint64_t n_rows, n_bytes; /* read so far */
    size_t n_columns;
    char **columns;
    pxi_field *fields;
    bool *texts;      /* columns that hold free text */
    pxi_lines *lines; /* of a text file, with its separator */
    char separator;
    pxi_parquet_rows *parquet; /* else */
    char fault[80];
};

/* ---- opening ------------------------------------------------------------------------------------------- */

static px_status take_columns(pxi_records *r, const char *const *names, size_t n, px_error *err) {
    r->columns = pxi_new_array(n, sizeof *r->columns);
    r->fields = pxi_new_array(n, sizeof *r->fields);
    r->texts = pxi_new_array(n, sizeof *r->texts);
    if (!r->columns || !r->fields || !r->texts)
        return pxi_fail_memory(err);
    px_status status = PX_OK;
    for (; !status && r->n_columns < n; r->n_columns += !status)
        status = pxi_duplicate(names[r->n_columns], &r->columns[r->n_columns], err);
    return status;
}

static px_status read_header(pxi_records *r, px_error *err) {
    const char *names[PXI_CSV_MAX_COLUMNS];
    char *line;
    size_t length, n;
    bool more;
    px_status status = pxi_lines_next(r->lines, &line, &length, &more, err);
    if (status)
        return status;
    if (!more)
        return pxi_fail(err, PX_EINPUT, "%s is empty", r->name);
    status = pxi_csv_names(line, length, &r->separator, names, &n, err);
    if (status)
        return pxi_fail_prefix(err, status, "%s: line 1", r->name);
    return take_columns(r, names, n, err);
}

static px_status read_schema(pxi_records *r, px_error *err) {
    size_t n = pxi_parquet_rows_n_columns(r->parquet);
    const char **names = pxi_new_array(n, sizeof *names);
    if (!names)
        return pxi_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        names[i] = pxi_parquet_rows_column(r->parquet, i);
    px_status status = take_columns(r, names, n, err);
    free(names);
    return status;
}

static px_status new_records(const char *name, pxi_records **out, px_error *err) {
    pxi_records *r = pxi_new_array(1, sizeof *r);
    if (!r)
        return pxi_fail_memory(err);
    px_status status = pxi_duplicate(name, &r->name, err);
    if (status)
        pxi_records_close(&r);
    else
        *out = r;
    return status;
}

static px_status open_file(pxi_records *r, px_error *err) {
    pxi_file_kind kind;
    px_status status = pxi_file_kind_of(r->name, r->name, &kind, err);
    if (status)
        return status;
    if (kind != PXI_FILE_CSV && kind != PXI_FILE_PARQUET)
        return pxi_fail(err, PX_EINPUT, "%s is %s; CSV, CSV.gz and Parquet can be read here", r->name,
                        pxi_file_kind_name(kind));
    if (kind == PXI_FILE_PARQUET) {
        status = pxi_parquet_rows_open(r->name, &r->limits, &r->parquet, err);
        return status ? status : read_schema(r, err);
    }
    status = pxi_lines_open(r->name, &r->lines, err);
    return status ? status : read_header(r, err);
}

px_status pxi_records_open(const char *path, const px_source_limits *limits, pxi_records **out,
                           px_error *err) {
    pxi_records *r = NULL;
    px_status status = new_records(path, &r, err);
    if (!status) {
        r->limits = *limits;
        status = open_file(r, err);
    }
    if (status)
        pxi_records_close(&r);
    else
        *out = r;
    return status;
}

px_status pxi_records_open_text(const char *text, size_t length, const char *name, pxi_records **out,
                                px_error *err) {
    pxi_records *r = NULL;
    px_status status = new_records(name, &r, err);
    if (!status)
        status = pxi_lines_open_text(text, length, name, &r->lines, err);
    if (!status)
        status = read_header(r, err);
    if (status)
        pxi_records_close(&r);
    else
        *out = r;
    return status;
}

void pxi_records_close(pxi_records **records) {
    pxi_records *r = records ? *records : NULL;
    if (!r)
        return;
    for (size_t i = 0; i < r->n_columns; i++)
        free(r->columns[i]);
    free(r->columns);
    free(r->fields);
    free(r->texts);
    pxi_lines_close(&r->lines);
    pxi_parquet_rows_close(&r->parquet);
    free(r->name);
    free(r);
    *records = NULL;
}

/* ---- rows ---------------------------------------------------------------------------------------------- */

size_t pxi_records_n_columns(const pxi_records *records) {
    return records->n_columns;
}

const char *pxi_records_column(const pxi_records *records, size_t column) {
    return records->columns[column];
}

void pxi_records_hold_text(pxi_records *records, size_t column) {
    if (column != SIZE_MAX)
        records->texts[column] = true;
}

static void unescape_texts(pxi_records *r) {
    for (size_t i = 0; i < r->n_columns; i++) {
        pxi_field *f = &r->fields[i];
        if (!r->texts[i] || pxi_csv_unescape(f->text) == f->text)
            continue;
        f->text++;
        f->length--;
    }
}

static px_status count(pxi_records *r, uint64_t rows, uint64_t bytes, px_error *err) {
    r->n_rows += rows;
    r->n_bytes += bytes;
    return pxi_limits_check(&r->limits, r->name, r->n_rows, r->n_bytes, err);
}

static px_status next_line(pxi_records *r, pxi_record *out, bool *more, px_error *err) {
    char *line;
    size_t length;
    px_status status;
    do {
        status = pxi_lines_next(r->lines, &line, &length, more, err);
        if (!status && *more)
            status = count(r, length > 0, length + 1, err);
    } while (!status && *more && length == 0);
    if (status || !*more)
        return status;
    size_t n = pxi_csv_split(line, length, r->separator, r->fields, r->n_columns);
    bool fits = pxi_csv_row_fits(n, r->n_columns, r->fault, sizeof r->fault);
    if (fits)
        unescape_texts(r);
    *out = (pxi_record){pxi_lines_number(r->lines), r->fields, fits ? NULL : r->fault};
    return PX_OK;
}

px_status pxi_records_next(pxi_records *records, pxi_record *out, bool *more, px_error *err) {
    if (records->lines)
        return next_line(records, out, more, err);
    uint64_t bytes = 0;
    px_status status = pxi_parquet_rows_next(records->parquet, records->fields, more, err);
    if (status || !*more)
        return status;
    for (size_t i = 0; i < records->n_columns; i++)
        bytes += records->fields[i].length;
    status = count(records, 1, bytes, err);
    *out = (pxi_record){records->n_rows, records->fields, NULL};
    return status;
}
