// SPDX-License-Identifier: Apache-2.0
/* The journal of a stored series: what changed it, and what it takes to go back. An entry is
 * journal/<number>.json beside the year files and, where bars changed, <number>.parquet: the bars as they
 * were before it at each time that it touched, empty where there was none. Entries come into their place by
 * the same commit as the bars that they tell of (series.h), so that one is never there without the other.
 * Numbers go up over all timeframes of an instrument. */
#ifndef PXI_SERIES_LOG_H
#define PXI_SERIES_LOG_H

#include <jansson.h>
#include "store/candles/series.h"

#define PXI_KIND_UNDO   "undo"
#define PXI_KIND_DELETE "delete"
#define PXI_KIND_RENAME "rename"

typedef struct pxi_entry {
    int number;
    int undoes;  /* the entry that this one takes back; 0 = none */
    bool undone; /* taken back, and that has not been taken back */
    json_t *document;
} pxi_entry;

typedef struct pxi_series_log {
    size_t n;
    pxi_entry *items; /* ascending */
} pxi_series_log;

/* *out from a zeroed struct. A series without a journal has none. Errors: PX_ECORRUPT naming the file. */
px_status pxi_series_log_read(const char *folder, const char *key, pxi_series_log *out, px_error *err);
void pxi_series_log_free(pxi_series_log *log);
const char *pxi_entry_kind(const pxi_entry *entry);
/* Whether the entry changed bars and stands. */
bool pxi_entry_stands(const pxi_entry *entry);
pxi_entry *pxi_series_log_find(const pxi_series_log *log, int number);

/* The number of an instrument's next entry. */
px_status pxi_series_log_next(const px_home *home, const char *key, int *out, px_error *err);

/* What an entry says of itself; `document` is borrowed, its members stand behind number, kind and instant. */
typedef struct pxi_new_entry {
    int number;
    const char *kind;
    int64_t at_us; /* 0 = not known */
    json_t *document;
    const px_bars *before; /* of each time that changes; a NaN open, or times alone = no bar */
    bool forget;           /* without `before`: for good */
} pxi_new_entry;
/* Stages an entry for a change that is committed with it. */
px_status pxi_series_log_stage(pxi_series_change *change, pxi_duck *duck, const pxi_new_entry *entry,
                               px_error *err);
/* The bars before an entry. *out from a zeroed struct. Errors: PX_ENOTFOUND where none were kept. */
px_status pxi_series_log_before(const char *folder, pxi_duck *duck, int number, px_bars *out, px_error *err);
/* Drops the bars that were kept for all entries: none of them can be taken back any more. */
px_status pxi_series_log_forget(const char *folder, px_error *err);

#endif
