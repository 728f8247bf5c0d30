// SPDX-License-Identifier: Apache-2.0
/* Rows of a file as texts, whatever its format: for what reads tables that are no bars. */
#ifndef PXI_RECORDS_H
#define PXI_RECORDS_H

#include "pixity/source.h"
#include "files/csv/csv_fields.h"

typedef struct pxi_records pxi_records;

/* Opens a CSV, CSV.gz or Parquet file. Errors: PX_ENOTFOUND, PX_EINPUT (another format, an empty or damaged
 * file, one that unfolds to more than the limits), PX_EIO, PX_ENOMEM. Close with pxi_records_close. */
px_status pxi_records_open(const char *path, const px_source_limits *limits, pxi_records **out,
                           px_error *err);
/* CSV in memory, which is borrowed, and has its limit there; `name` stands in messages. */
px_status pxi_records_open_text(const char *text, size_t length, const char *name, pxi_records **out,
                                px_error *err);
void pxi_records_close(pxi_records **records); /* NULL is a no-op */

size_t pxi_records_n_columns(const pxi_records *records);
const char *pxi_records_column(const pxi_records *records, size_t column); /* its name */
/* Says that a column (SIZE_MAX: none) holds free text: what CSV escaped in it is read as it was. */
void pxi_records_hold_text(pxi_records *records, size_t column);

typedef struct pxi_record {
    size_t line;             /* 1-based line of a text file (header included), row of others */
    const pxi_field *fields; /* one a column, empty = undefined; valid until the next record */
    const char *fault;       /* why the line is no row, and has no fields; NULL = it is one */
} pxi_record;

/* The next row; empty lines are passed over. *more is false at the end. Errors: as pxi_records_open. */
px_status pxi_records_next(pxi_records *records, pxi_record *out, bool *more, px_error *err);

/* ---- rows of Parquet (records_parquet.c), for records.c ------------------------------------------------ */

typedef struct pxi_parquet_rows pxi_parquet_rows;

px_status pxi_parquet_rows_open(const char *path, const px_source_limits *limits, pxi_parquet_rows **out,
                                px_error *err);
void pxi_parquet_rows_close(pxi_parquet_rows **rows);
size_t pxi_parquet_rows_n_columns(const pxi_parquet_rows *rows);
const char *pxi_parquet_rows_column(const pxi_parquet_rows *rows, size_t column);
/* Fills one field a column. Times are texts that px_time_parse reads. */
px_status pxi_parquet_rows_next(pxi_parquet_rows *rows, pxi_field *fields, bool *more, px_error *err);

#endif
