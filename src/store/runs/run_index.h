// SPDX-License-Identifier: Apache-2.0
/* The index of runs in pixity.db. The folders are the truth: the index can be made of them at any time. */
#ifndef PXI_RUN_INDEX_H
#define PXI_RUN_INDEX_H

#include "store/home/home.h"

/* Makes the index say of one run what its folder says: it is dropped where there is none, and entered as
 * corrupt with the reason where its run.json does not read. `run` is what is stored there, NULL = read it. */
px_status pxi_run_index_settle(px_home *home, const char *id, const px_run *run, px_error *err);

/* Tables of a run, borrowed. */
typedef struct pxi_run_parts {
    const px_run_part *items;
    size_t n;
} pxi_run_parts;
/* As px_run_save, of a run in memory, under its run_id. */
px_status pxi_run_store(px_home *home, const px_run *run, const pxi_run_parts *parts, px_error *err);

/* Removes what dead processes left half-made, enters runs that the index does not know and drops those that
 * are gone; *left is true where something half-made is left. In a home that cannot be written it works on the
 * copy of the index in memory. */
px_status pxi_runs_settle(px_home *home, bool *left, px_error *err);
/* That, where something may have changed since it was done last, by any process (run_version.c). A disk
 * without room for the index keeps nobody from reading what is there. */
px_status pxi_runs_agree(px_home *home, px_error *err);

/* Names of a run's files of rows without their ending, sorted; free as ids. */
px_status pxi_run_files(const px_home *home, const char *id, char ***out, size_t *n, px_error *err);
/* Names of its tables: what is stored as bars and changes is the table that is made of them. */
px_status pxi_run_tables(const px_home *home, const char *id, char ***out, size_t *n, px_error *err);

/* The changes that a run's table `part` is made of (account_curve.h); *out stays as it is where the table is
 * stored as its rows. */
px_status pxi_run_read_changes(px_home *home, const char *id, const char *part, px_table *out, px_error *err);
/* The file of a run's table, malloc'ed. Errors: as px_run_read_table. */
px_status pxi_run_table_path(px_home *home, const char *id, const char *part, char **out, px_error *err);

/* <home>/runs[/<name>[/<file>]], malloc'ed; NULL on out of memory. */
char *pxi_run_path(const px_home *home, const char *name, const char *file);
/* The ids of all run folders, sorted; free each and the list. */
px_status pxi_run_ids(const px_home *home, char ***out, size_t *n, px_error *err);
void pxi_run_ids_free(char **ids, size_t n);

/* Unfinished folders begin with this; no run id does. Their makers hold `runs/.lock` shared: whoever gets it
 * alone knows that all of them are left over. */
#define PXI_RUN_UNFINISHED ".unfinished-"

/* Longest id of a run. */
#define PXI_RUN_ID_LENGTH 64
#define PXI_RUN_LETTERS   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

#endif
