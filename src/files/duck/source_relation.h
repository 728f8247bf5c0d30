// SPDX-License-Identifier: Apache-2.0
/* Rows that DuckDB reads. */
#ifndef PXI_SOURCE_RELATION_H
#define PXI_SOURCE_RELATION_H

#include "files/duck/duck.h"
#include "files/table_rows.h"

/* A column whose values DuckDB reads as something else than was written. */
typedef struct pxi_relation_fault {
    const char *name, *fault; /* pxi_rows_column.fault */
} pxi_relation_fault;

typedef struct pxi_relation {
    pxi_duck *duck;   /* sealed */
    const char *sql;  /* what stands after FROM */
    const char *name; /* of what holds the rows, for reasons and symbols */
    const pxi_relation_fault *faults;
    size_t n_faults;
} pxi_relation;

/* Hands its rows to o->take. Errors: PX_ENOMEM, what DuckDB says, and of taking. */
px_status pxi_relation_take(const pxi_opening *o, const pxi_relation *from, px_error *err);
/* What DuckDB says of a user's file is the file's fault. */
px_status pxi_relation_blame(const px_source_config *config, px_status status, const char *path,
                             px_error *err);

#endif
