// SPDX-License-Identifier: Apache-2.0
/* Rows that DuckDB reads. */
#ifndef PXI_SOURCE_RELATION_H
#define PXI_SOURCE_RELATION_H

#include "files/duck/duck.h"
#include "files/table_rows.h"

typedef struct pxi_relation {
    pxi_duck *duck;   /* sealed */
    const char *sql;  /* what stands after FROM */
    const char *name; /* of what holds the rows, for reasons and symbols */
} pxi_relation;

/* Hands its rows to o->take. Errors: PX_ENOMEM, what DuckDB says, and of taking. */
px_status pxi_relation_take(const pxi_opening *o, const pxi_relation *from, px_error *err);

#endif
