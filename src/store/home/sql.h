// SPDX-License-Identifier: Apache-2.0
/* SQLite statements in one call. Values are bound, never pasted: `types` has one letter a value, 't' text
 * (NULL is fine), 'i' int64_t, 'd' double (NaN becomes NULL). */
#ifndef PXI_SQL_H
#define PXI_SQL_H

#include <sqlite3.h>
#include <stdbool.h>
#include "pixity/status.h"

/* PX_EIO, PX_ECORRUPT or PX_ELIBRARY with the database's message and file. */
px_status pxi_sql_fail(sqlite3 *db, px_error *err);
/* Runs one statement to its end. */
px_status pxi_sql_run(sqlite3 *db, px_error *err, const char *sql, const char *types, ...);
/* Starts a query; read it with pxi_sql_row and the sqlite3_column functions, end it with sqlite3_finalize. */
px_status pxi_sql_query(sqlite3 *db, sqlite3_stmt **out, px_error *err, const char *sql, const char *types,
                        ...);
/* Goes to the next row; *more is false at the end. */
px_status pxi_sql_row(sqlite3_stmt *query, bool *more, px_error *err);
/* A text column, "" where NULL. */
const char *pxi_sql_text(sqlite3_stmt *query, int column);

/* BEGIN IMMEDIATE; ends with COMMIT if `status` is PX_OK, else with ROLLBACK, and gives what came first. */
px_status pxi_sql_begin(sqlite3 *db, px_error *err);
px_status pxi_sql_end(sqlite3 *db, px_status status, px_error *err);

#endif
