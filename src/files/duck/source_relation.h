// SPDX-License-Identifier: Apache-2.0
/* Rows of DuckDB that are read as bars. */
#ifndef PXI_SOURCE_RELATION_H
#define PXI_SOURCE_RELATION_H

#include "files/duck/duck.h"
#include "files/source.h"

typedef struct pxi_relation {
    pxi_duck *duck;   /* sealed */
    const char *sql;  /* what stands after FROM */
    const char *file; /* before reasons, where one source has several files; else NULL */
    const px_source_config *config;
} pxi_relation;

/* Adds its bars to *out. Errors: PX_ENOTFOUND where it has no rows of what is asked for, PX_EINPUT,
 * PX_ENOMEM, and what DuckDB says. */
px_status pxi_relation_read(const pxi_relation *from, px_source *out, px_error *err);

#endif
