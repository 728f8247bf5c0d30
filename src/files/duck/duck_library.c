// SPDX-License-Identifier: Apache-2.0
/* The library itself, and what its errors say. */
#include "files/duck/duckdb_private.h"

#include "base/error.h"

#include <string.h>

PXI_LIBRARY(duckdb, "libduckdb.so", PXI_DUCKDB_FUNCTIONS)

px_status pxi_duck_load(px_error *err) {
    return open_library(err);
}

/* DuckDB's messages go on with hints and the statement; their first line says what happened, and a second may
 * name what was meant. */
px_status pxi_duck_fail(px_error *err, duckdb_error_type type, const char *message) {
    px_status status = type == DUCKDB_ERROR_IO              ? PX_EIO
                       : type == DUCKDB_ERROR_OUT_OF_MEMORY ? PX_ENOMEM
                                                            : PX_ELIBRARY;
    if (!message)
        message = "unknown error";
    size_t length = strcspn(message, "\n");
    const char *hint = message + length + (message[length] == '\n');
    bool helps = strncmp(hint, "Did you mean", 12) == 0;
    return pxi_fail(err, status, "DuckDB: %.*s%s%.*s", (int)length, message, helps ? " " : "",
                    helps ? (int)strcspn(hint, "\n") : 0, hint);
}
