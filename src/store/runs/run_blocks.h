// SPDX-License-Identifier: Apache-2.0
/* A run's table block by block: what is read never is in memory as a whole. */
#ifndef PXI_RUN_BLOCKS_H
#define PXI_RUN_BLOCKS_H

#include "pixity/store.h"

typedef struct pxi_run_blocks {
    const char *run_id, *part;
    const px_column_def *columns; /* numbers and times, in the order wanted */
    size_t n_columns;
    /* Called once, with the number of rows, before the first block. */
    px_status (*begin)(size_t n_rows, void *context, px_error *err);
    /* Called for each block, in the order of the rows; the block is the callee's until it returns. */
    px_status (*take)(const px_table *block, void *context, px_error *err);
    void *context;
} pxi_run_blocks;
/* Errors: as px_run_read_table; PX_ECORRUPT naming a column that is not there, or of another type; what
 * `begin` and `take` give. */
px_status pxi_run_read_blocks(px_home *home, const pxi_run_blocks *wanted, px_error *err);

#endif
