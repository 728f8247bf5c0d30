// SPDX-License-Identifier: Apache-2.0
/* What the files that see DuckDB share. */
#ifndef PXI_DUCKDB_PRIVATE_H
#define PXI_DUCKDB_PRIVATE_H

#include "files/duck/duck.h"
#include "files/duck/duckdb_library.h"

/* What a function of ours works on while its statement runs. */
struct pxi_duck_rows {
    duckdb_result result;
    duckdb_data_chunk chunk;
    bool is_lent; /* the chunk is DuckDB's, and there is no result */
};

typedef struct pxi_duck_work {
    pxi_duck_block_fn take; /* pixity_each hands its blocks to this */
    void *context;
    px_bars *bars;        /* pixity_take appends to these */
    pxi_bars_look look;   /* and lets this see them */
    const px_table *rows; /* pixity_rows gives these */
    size_t next_row;
    const px_work *caller; /* asked before each block whether to go on */
    px_status status;
    px_error error;
} pxi_duck_work;

struct pxi_duck {
    duckdb_database database;
    duckdb_connection connection;
    pxi_duck_work work;
    px_work caller;
};

/* Opens the library when first called. Errors: PX_ELIBRARY. */
px_status pxi_duck_load(px_error *err);
/* A failure in DuckDB's words; `message` NULL = it gives none. */
px_status pxi_duck_fail(px_error *err, duckdb_error_type type, const char *message);
/* Makes pixity_take and pixity_rows known to the connection. */
px_status pxi_duck_register(pxi_duck *duck, px_error *err);

#endif
