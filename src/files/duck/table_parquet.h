// SPDX-License-Identifier: Apache-2.0
/* Tables and bars as Parquet files. Files are written whole and flushed, but in place: callers write beside
 * and rename. Times are instants in UTC. */
#ifndef PXI_TABLE_PARQUET_H
#define PXI_TABLE_PARQUET_H

#include "files/duck/duck.h"

/* I64 is BIGINT, F64 DOUBLE, TIME TIMESTAMP WITH TIME ZONE, TEXT VARCHAR, FLAG and
 * BOOL BOOLEAN, which is read as FLAG; undefined cells are NULL. Numbers
 * alone are neither compressed nor looked up in a dictionary, which takes longer than writing them; whole
 * numbers and times are differences. */
px_status pxi_table_write(pxi_duck *duck, const px_table *table, const char *path, px_error *err);
/* The same for others: these words and `writer` (this program, with its version) are in the file's key-value
 * metadata. */
typedef struct pxi_parquet_words {
    const char *timezone;     /* of the exchange */
    const char *arrow_schema; /* of the table, for readers of Arrow */
} pxi_parquet_words;
px_status pxi_table_write_out(pxi_duck *duck, const px_table *table, const pxi_parquet_words *words,
                              const char *path, px_error *err);
/* *out from a zeroed struct. A file that does not read is PX_ECORRUPT naming it. */
px_status pxi_table_read(pxi_duck *duck, const char *path, px_table *out, px_error *err);

/* All that is left of a query's rows, whose columns are of the types above. *out from a zeroed struct. */
px_status pxi_table_take(pxi_duck_rows *rows, px_table *out, px_error *err);

/* Bars as columns <time_name>, open, high, low, close, volume: a view on memory of the caller. */
#define PXI_BAR_COLUMNS 6
px_table pxi_bars_as_table(const px_bars *bars, const char *time_name, px_column columns[PXI_BAR_COLUMNS]);
/* Plain pages without compression: a million bars read in 50 ms, where snappy takes 90 and zstd 120, and a
 * dictionary 65. The price is 47 bytes a bar instead of 19, 13 and 25. `metadata` are pairs of keys and
 * values for the footer, "{a: 'b'}", or NULL. */
px_status pxi_bars_write(pxi_duck *duck, const px_bars *bars, const char *metadata, const char *path,
                         px_error *err);

/* An open file under a name that DuckDB takes literally (no globbing) and that stays the same file whatever
 * is renamed over it. */
typedef struct pxi_pinned {
    int fd;
    char path[32];
} pxi_pinned;
/* Errors: PX_ENOTFOUND, PX_EIO. */
px_status pxi_pin(const char *path, pxi_pinned *out, px_error *err);
void pxi_unpin(pxi_pinned *pinned);

#endif
