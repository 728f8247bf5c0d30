// SPDX-License-Identifier: Apache-2.0
/* Whether the stored bars that a run was made on are still those. Journals and adjustments tell; no bar is
 * read. */
#ifndef PXI_RUN_DATA_H
#define PXI_RUN_DATA_H

#include "store/home/futures.h"

/* What journals tell of instruments, each read once. Zero it first. */
typedef struct pxi_data_watch {
    size_t n, capacity;
    struct pxi_watched *items;
    char *exchange; /* of the futures that were read; NULL = none were */
    pxi_futures futures;
} pxi_data_watch;
void pxi_data_watch_free(pxi_data_watch *watch);

/* *out: what changed, for people, malloc'ed; NULL = nothing, or the bars came from elsewhere. */
px_status pxi_run_data_changed(px_home *home, const px_run *run, pxi_data_watch *watch, char **out,
                               px_error *err);
/* Fills a column of a list of runs, true where something changed. The list has their run_id, symbol, status
 * and created. */
px_status pxi_runs_mark_changed(px_home *home, px_table *list, size_t column, px_error *err);

#endif
