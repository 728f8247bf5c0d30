// SPDX-License-Identifier: Apache-2.0
/* A small columnar table: how results travel between stages, store, files and printers.
 *
 * A table owns its columns. Text cells are offsets into one pool of NUL-terminated strings, so that a table
 * of a million trades is a handful of allocations. Undefined: NaN where cells are doubles, PX_NULL_I64 in the
 * others.
 */
#ifndef PX_TABLE_H
#define PX_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/status.h"
#include "pixity/number.h"
#include "pixity/time.h"

#ifdef __cplusplus
extern "C" {
#endif

#define PX_NULL_I64 INT64_MIN

typedef enum px_column_type {
    PX_COLUMN_I64,
    PX_COLUMN_F64,
    PX_COLUMN_TIME, /* int64 microseconds UTC, printed exchange-local */
    PX_COLUMN_TEXT, /* int64 offset into the pool, of a value in a column of texts its complement */
    PX_COLUMN_FLAG, /* int64 0 or 1, printed so; BOOLEAN in Parquet */
    PX_COLUMN_BOOL, /* the same, printed false or true */
    /* double: how many shares, contracts or coins. Whole numbers mostly, and printed as those; DOUBLE in
     * files whether they are whole or not, so that files of different runs go together. */
    PX_COLUMN_QUANTITY,
} px_column_type;
/* Whether its cells are doubles. */
static inline bool px_column_is_real(px_column_type type) {
    return type == PX_COLUMN_F64 || type == PX_COLUMN_QUANTITY;
}

typedef struct px_column {
    const char *name; /* owned by the table */
    px_column_type type;
    union {
        int64_t *i64;
        double *f64;
    } u;
} px_column;

typedef struct px_table {
    size_t n_rows, n_columns, row_capacity;
    px_column *columns;
    char *pool;
    size_t pool_used, pool_capacity;
} px_table;

/* Name and type of a column, for px_table_init; end a list by its length. */
typedef struct px_column_def {
    const char *name;
    px_column_type type;
} px_column_def;

/* Makes an empty table with these columns. Errors: PX_ENOMEM. Free with px_table_free (also when zeroed). */
PX_API PX_MUST_CHECK px_status px_table_init(px_table *table, const px_column_def *defs, size_t n_columns,
                                             px_error *err);
PX_API void px_table_free(px_table *table);

/* Appends one row of undefined cells; set them with the setters below. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_table_add_row(px_table *table, px_error *err);

/* Sets a cell of the last row. Columns count from 0 and the type must match (asserted). */
PX_API void px_table_set_i64(px_table *table, size_t column, int64_t value);
PX_API void px_table_set_f64(px_table *table, size_t column, double value);
/* NULL text is undefined. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_table_set_text(px_table *table, size_t column, const char *text,
                                                 px_error *err);

/* A number, or another value of a fixed form, in a column of texts: CSV does not escape it. Errors:
 * PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_table_set_value(px_table *table, size_t column, const char *text,
                                                  px_error *err);

/* Index of a column, or SIZE_MAX. */
PX_API size_t px_table_find(const px_table *table, const char *name);
/* Text of a cell, NULL where undefined; valid until the table changes. */
PX_API const char *px_table_text(const px_table *table, size_t column, size_t row);

/* Takes rendered text piece by piece; false stops the rendering. */
typedef bool (*px_write_fn)(void *user, const char *bytes, size_t length);

/* Renders as CSV (a header line, then rows; times local in `zone`; RFC 4180 quoting), as a JSON array of
 * objects (times ISO 8601 with offset, undefined null), or as aligned text for a terminal, in pieces of some
 * 64 KiB, so that a large table needs no large text. `zone` NULL means UTC. Errors: PX_ENOMEM, PX_EIO
 * (`write` refused).
 *
 * A spreadsheet runs a text that starts with =, +, -, @, a tab or a carriage return. CSV has an apostrophe in
 * front of such texts (and of those that start so behind apostrophes: the readers of this library take
 * exactly this one off); numbers and times stay as they are. PX_TABLE_CSV_AS_IS leaves the texts too. */
typedef enum px_table_style {
    PX_TABLE_CSV,
    PX_TABLE_JSON,
    PX_TABLE_TEXT,
    PX_TABLE_CSV_AS_IS,
    PX_TABLE_JSON_LINES, /* the objects of PX_TABLE_JSON, one a line */
} px_table_style;
PX_API PX_MUST_CHECK px_status px_table_write(const px_table *table, px_table_style style,
                                              const px_zone *zone, px_write_fn write, void *user,
                                              px_error *err);
/* The same in one piece: *out is a malloc'ed NUL-terminated text of *length bytes that the caller frees. */
PX_API PX_MUST_CHECK px_status px_table_render(const px_table *table, px_table_style style,
                                               const px_zone *zone, char **out, size_t *length,
                                               px_error *err);

/* ---- formats of files --------------------------------------------------------------------------------- */

/* The formats that tables are saved in beside CSV and JSON, each a file of src/files/output: name, endings
 * (the first is the usual one), media type, and what the option of its name does. */
#define PX_SAVED_FORMATS(X)                                                                                  \
    X(PARQUET, parquet, ".parquet .pq", "application/vnd.apache.parquet",                                    \
      "Write the table to a Parquet file instead, over one that is there; times in UTC, the exchange's "     \
      "zone "                                                                                                \
      "in the metadata")                                                                                     \
    X(ARROW, arrow, ".arrow .feather", "application/vnd.apache.arrow.file",                                  \
      "Write the table to an Arrow file (Feather of version 2) instead, over one that is there; times in "   \
      "UTC, of the exchange's zone")                                                                         \
    X(JSONL, jsonl, ".jsonl .ndjson", "application/x-ndjson",                                                \
      "Write the table to a file of JSON lines instead, over one that is there, as --json has its rows")

typedef enum px_file_format {
    PX_FILE_UNKNOWN,
    PX_FILE_CSV,
    PX_FILE_JSON,
#define PX_FILE_OF_(NAME, name, endings, media, help) PX_FILE_##NAME,
    PX_SAVED_FORMATS(PX_FILE_OF_)
#undef PX_FILE_OF_
        PX_FILE_CSV_AS_IS, /* PX_TABLE_CSV_AS_IS; has no name of its own */
} px_file_format;
#ifdef __cplusplus
}
#endif
#endif
