// SPDX-License-Identifier: Apache-2.0
/* DuckDB behind one header (duckdb.c, duckdb_bulk.c): an in-memory database that reads and writes Parquet and
 * DuckDB files.
 *
 * Opening costs some 18 ms, so it is done when first needed and kept. One thread: order is kept and results
 * do not depend on the machine. Statements are formats of sqlite3_mprintf: %Q quotes a text, "%w" a name. */
#ifndef PXI_DUCK_H
#define PXI_DUCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/bars.h"
#include "pixity/table.h"

typedef struct pxi_duck pxi_duck;

px_status pxi_duck_open(pxi_duck **out, px_error *err);
/* For statements of strangers: without the functions of ours that the bulk calls below need. */
px_status pxi_duck_open_plain(pxi_duck **out, px_error *err);

/* All that a sealed connection opens from then on: these files, each with the log beside it, and what lies in
 * these folders, whose paths end with '/'. */
typedef struct pxi_duck_reach {
    const char *const *files, *const *folders;
    size_t n_files, n_folders;
    uint64_t memory; /* most bytes that DuckDB takes; 0 = its own limit */
} pxi_duck_reach;
/* No other file, no extension, no setting: whatever a view or a macro of a stranger asks for. Nothing opens
 * the seal again. */
px_status pxi_duck_seal(pxi_duck *duck, const pxi_duck_reach *reach, px_error *err);
/* pxi_duck_open, sealed. The files of others are opened in no other way (tools/check-layers). */
px_status pxi_duck_open_sealed(const pxi_duck_reach *reach, pxi_duck **out, px_error *err);
void pxi_duck_close(pxi_duck **duck);
/* Whom bulk calls and pxi_duck_each ask from now on whether to go on. */
void pxi_duck_set_work(pxi_duck *duck, const px_work *work);

/* Runs statements whose rows do not matter. Errors: PX_EIO, PX_ENOMEM, else PX_ELIBRARY. */
px_status pxi_duck_run(pxi_duck *duck, px_error *err, const char *format, ...);

/* To be put before a path in a statement: DuckDB gives a meaning to "~/..." and "s3://...", which are names
 * here. */
static inline const char *pxi_duck_here(const char *path) {
    return *path == '/' ? "" : "./";
}

/* ---- rows of a query ----------------------------------------------------------------------------------- */

typedef enum pxi_duck_type {
    PXI_DUCK_I64,
    PXI_DUCK_F64,
    PXI_DUCK_LOCAL,   /* TIMESTAMP: int64 microseconds of a wall time */
    PXI_DUCK_INSTANT, /* TIMESTAMP WITH TIME ZONE: int64 microseconds UTC */
    PXI_DUCK_TEXT,
    PXI_DUCK_BOOL,
    PXI_DUCK_INTEGER, /* other whole numbers; cast to read */
    PXI_DUCK_NUMBER,  /* other numbers; cast to read */
    PXI_DUCK_DATE,    /* dates and timestamps of other resolutions; cast to read */
    PXI_DUCK_OTHER,
} pxi_duck_type;

typedef struct pxi_duck_rows pxi_duck_rows;

px_status pxi_duck_query(pxi_duck *duck, pxi_duck_rows **out, px_error *err, const char *format, ...);
void pxi_duck_rows_free(pxi_duck_rows **rows);
size_t pxi_duck_n_columns(const pxi_duck_rows *rows);
const char *pxi_duck_name(pxi_duck_rows *rows, size_t column);
pxi_duck_type pxi_duck_column_type(pxi_duck_rows *rows, size_t column);

/* Goes to the next block of rows and returns how many it has; 0 at the end. What the accessors below return
 * is valid until the next call. */
size_t pxi_duck_fetch(pxi_duck_rows *rows);
const int64_t *pxi_duck_i64(pxi_duck_rows *rows, size_t column); /* also LOCAL and INSTANT */
const double *pxi_duck_f64(pxi_duck_rows *rows, size_t column);
const bool *pxi_duck_bool(pxi_duck_rows *rows, size_t column);
/* Bit r % 64 of word r / 64: row r is there; NULL = all are. */
const uint64_t *pxi_duck_validity(pxi_duck_rows *rows, size_t column);
bool pxi_duck_is_null(pxi_duck_rows *rows, size_t column, size_t row);
/* Not NUL-terminated. */
const char *pxi_duck_text(pxi_duck_rows *rows, size_t column, size_t row, size_t *length);

/* Hands the rows of a query to a function block by block, in their order, without keeping them: `rows` has
 * the block, and the accessors above read it. The query's columns are named by `columns` ("a, b"). It ends
 * with the first status that is not PX_OK, which it gives. */
typedef px_status (*pxi_duck_block_fn)(pxi_duck_rows *rows, size_t n, void *context, px_error *err);
px_status pxi_duck_each(pxi_duck *duck, const char *columns, const char *query, pxi_duck_block_fn take,
                        void *context, px_error *err);

/* ---- bulk --------------------------------------------------------------------------------------------- */

/* Appends columns ts, open, high, low, close, volume of the Parquet files, one after the other, to *bars. A
 * missing value is PX_ECORRUPT. `look` (NULL = nobody) sees each block of bars from `begin` on as soon as it
 * is there, and its first status that is not PX_OK ends the reading and is given. */
typedef struct pxi_bars_look {
    px_status (*look)(void *context, const px_bars *bars, size_t begin, px_error *err);
    void *context;
} pxi_bars_look;
px_status pxi_duck_read_bars(pxi_duck *duck, const char *const *paths, size_t n, const pxi_bars_look *look,
                             px_bars *bars, px_error *err);

/* Writes a table to a Parquet file, with options of COPY. Times are instants (TIMESTAMP WITH TIME
 * ZONE); undefined cells are NULL. Texts must be UTF-8 (PX_EINPUT). */
px_status pxi_duck_write_parquet(pxi_duck *duck, const px_table *rows, const char *options, const char *path,
                                 px_error *err);

#endif
