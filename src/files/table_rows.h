// SPDX-License-Identifier: Apache-2.0
/* The interface between the second and the third step of reading bars: rows and named columns.
 *
 *   open     a path → its container: what kind of file it is, by its first bytes (open.c)
 *   table    a container → tables of rows and named, typed columns (pxi_rows; csv/, duck/, containers/)
 *   meaning  a table → which column is what, in what unit, zone and form (meaning/)
 *   bars     rows → bars, series by series (source_rows.c)
 *
 * A reader of a format gives pxi_rows and knows nothing of bars; the meaning knows nothing of formats. To add
 * a format: a function that opens its tables and hands each, as pxi_rows, to pxi_opening.take; a row in
 * open.c that tells its first bytes; done. Rows come in batches of some hundreds, in memory of the reader, so
 * that a file of any size is read in bounded memory; they can be read more than once, each time from the
 * first row and with the columns that are wanted then. */
#ifndef PXI_ROWS_H
#define PXI_ROWS_H

#include "files/source.h"

/* What the cells of a column are. */
typedef enum pxi_kind {
    PXI_TEXT,    /* as written; numbers and times too where the format has texts only (CSV) */
    PXI_I64,     /* a whole number */
    PXI_F64,     /* a number */
    PXI_F32,     /* a 32-bit number as it is stored: the meaning widens it to the decimal that was meant */
    PXI_INSTANT, /* int64 microseconds since 1970 UTC */
    PXI_WALL,    /* int64 microseconds since 1970-01-01 00:00 of a clock whose zone the file does not say */
    PXI_DAY,     /* int64 days since 1970-01-01 */
    PXI_CLOCK,   /* int64 microseconds since midnight */
    PXI_OPAQUE,  /* cannot be read: an error that says `fault` if the column is needed; no cells are given */
} pxi_kind;

/* A fault that several formats have. */
#define PXI_FAULT_HALF_FLOAT "half floats, which have 11 bits, so that 2648.95 is 2648: write it as float64"

typedef struct pxi_rows_column {
    const char *name; /* "" for a column without a name; of the reader */
    pxi_kind kind;
    const char *fault; /* of PXI_OPAQUE: what it holds and what to do about it ("half floats, which ..."); of
                          the reader */
} pxi_rows_column;

/* A text; not NUL-terminated. Length 0: empty or missing. */
typedef struct pxi_cell_text {
    const char *text;
    size_t length;
} pxi_cell_text;

/* The cells of one column of a batch. */
typedef struct pxi_cells {
    union {
        const pxi_cell_text *text; /* PXI_TEXT */
        const int64_t *i64;        /* PXI_I64, INSTANT, WALL, DAY, CLOCK */
        const double *f64;         /* PXI_F64 */
        const float *f32;          /* PXI_F32 */
    } u;
    const uint64_t *valid; /* bit r % 64 of word r / 64: cell r is there; NULL = all are. Not of texts */
} pxi_cells;

typedef struct pxi_batch {
    size_t n;                  /* rows; 0 where only bytes are to be counted */
    const pxi_cells *cells;    /* of the wanted columns, in the order in which they were asked for */
    const size_t *lines;       /* of each row: its line in the file, its row in a table, from 1 */
    const char *const *faults; /* of each row: why it is no row at all (its cells must not be read), or NULL;
                                * NULL = all are rows */
    uint64_t bytes;            /* of these rows, as limits count them */
} pxi_batch;

/* Takes a batch, whose memory is valid until it returns. *stop = true ends the reading without an error. */
typedef px_status (*pxi_take_batch)(const pxi_batch *batch, void *context, bool *stop, px_error *err);
/* Whether rows with this value in the column of pxi_rows_only are wanted. */
typedef bool (*pxi_accept)(const char *value, size_t length, const void *context);

typedef struct pxi_rows pxi_rows;
struct pxi_rows {
    /* Hands all rows to `take`, from the first on. `columns` are indices. A second call begins anew. Errors:
     * of the format (PX_EINPUT), of `take`. */
    px_status (*each)(pxi_rows *rows, const size_t *columns, size_t n, pxi_take_batch take, void *context,
                      px_error *err);
    /* Optional (NULL): from now on only rows whose cell of this column, as text, is accepted need to come; a
     * reader that can look them up skips the others. PX_ENOTFOUND where it knows that there are none. */
    px_status (*only)(pxi_rows *rows, size_t column, pxi_accept accept, const void *context, px_error *err);
    size_t n_columns;
    pxi_rows_column *columns;
    bool unnamed;     /* the file names no columns: names are "1", "2", ... */
    const char *name; /* of what holds the rows: the file, or the member, table or sheet in it */
    char separator;   /* of a text's fields; 0 = it has none */
    const char *zone; /* of its wall times, as the file itself (metadata of pandas or Arrow) says; or NULL */
};

/* Opens the tables of a path and hands them over one after the other. */
typedef px_status (*pxi_take_rows)(pxi_rows *rows, void *context, px_error *err);
/* What the name of a folder says of the files in it: symbol=TCS. */
typedef struct pxi_partition {
    char name[PX_NAME_SIZE], value[PX_NAME_SIZE];
} pxi_partition;

typedef struct pxi_opening pxi_opening;
typedef px_status (*pxi_open)(const pxi_opening *o, px_error *err);
struct pxi_opening {
    const px_source_config *config; /* its path is what the file is called */
    const char *file;               /* and this is what is opened; another one for a member of an archive */
    px_source *out;                 /* takes notes (pxi_source_note) */
    pxi_take_rows take;
    void *context; /* the opening itself: what opens members hands over one of its own for each */
    const pxi_partition *partitions;
    size_t n_partitions;
    pxi_open open; /* pxi_open_file, for members */
};

/* Opens what o->file is by its first bytes (open.c). */
px_status pxi_open_file(const pxi_opening *o, px_error *err);

px_status pxi_text_open(const pxi_opening *o, px_error *err);    /* CSV and its kin (csv/text_rows.c) */
px_status pxi_parquet_open(const pxi_opening *o, px_error *err); /* duck/ */
px_status pxi_duckdb_open(const pxi_opening *o, px_error *err);
px_status pxi_folder_open(const pxi_opening *o,
                          px_error *err); /* of one DuckDB file a day, or of any files */

/* The third and fourth step: what the columns mean, and the bars, added to o->out. */
px_status pxi_rows_read(pxi_rows *rows, const px_source_config *config, px_source *out, px_error *err);

#endif
