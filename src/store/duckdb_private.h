// SPDX-License-Identifier: Apache-2.0
/* What the files that see DuckDB share. */
#ifndef PXI_DUCKDB_PRIVATE_H
#define PXI_DUCKDB_PRIVATE_H

#include "store/duck.h"
#include "store/duckdb_library.h"

/* What a function of ours works on while its statement runs. */
typedef struct pxi_duck_work {
    px_bars *bars;        /* pixity_take appends to these */
    const px_table *rows; /* pixity_rows gives these */
    bool local_times;
    size_t next_row;
    px_status status;
    px_error error;
} pxi_duck_work;

struct pxi_duck {
    duckdb_database database;
    duckdb_connection connection;
    pxi_duck_work work;
};

/* Makes pixity_take and pixity_rows known to the connection. */
px_status pxi_duck_register(pxi_duck *duck, px_error *err);

#endif
