// SPDX-License-Identifier: Apache-2.0
/* What fee_table.c (the built-in rows, and writing) and fee_reader.c (reading a file) share. */
#ifndef PXI_FEE_TABLE_H
#define PXI_FEE_TABLE_H

#include "base/hash.h"
#include "base/json.h"
#include "pixity/risk.h"

#define PXI_FEE_FORMAT  "pixity fee table"
#define PXI_FEE_VERSION 1

struct px_fee_table {
    const px_fee_rates *rows;
    size_t n;
    px_fee_rates *own; /* rows and the document with their sources, of a table that was read; else NULL */
    json_t *document;
    char hash[PXI_HASH_TEXT_SIZE];
};

/* A number of a row, in the order of files. */
typedef struct pxi_fee_field {
    const char *name;
    size_t offset;
    double max;
    bool nullable; /* null = no limit */
} pxi_fee_field;
#define PXI_N_FEE_FIELDS 10
extern const pxi_fee_field pxi_fee_fields[PXI_N_FEE_FIELDS];

#endif
