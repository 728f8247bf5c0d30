// SPDX-License-Identifier: Apache-2.0
/* A stored run as what it was asked for: settings, request, calendar, window. */
#ifndef PXI_STORED_H
#define PXI_STORED_H

#include "pixity/report.h"

typedef struct pxi_stored_run {
    px_run facts; /* what run.json says */
    char *json;   /* run.json with them, where it was asked for */
    px_calendar *calendar;
    px_config config;
    px_data_request request;       /* texts belong to the facts; an open end is the run's last date */
    int32_t first_date, last_date; /* of its window's bars */
} pxi_stored_run;

/* `out` from a zeroed struct. Errors: as px_run_read; PX_EMISMATCH for a run that failed. */
px_status pxi_stored_run_open(px_home *home, const char *run_id, pxi_stored_run *out, px_error *err);
void pxi_stored_run_close(pxi_stored_run *run);

/* The same with its trials and its document. */
px_status pxi_stored_run_open_whole(px_home *home, const char *run_id, pxi_stored_run *out, px_error *err);

/* The column of a run's table by name and type. Errors: PX_ECORRUPT naming run and column. */
px_status pxi_table_column(const px_table *table, const char *name, px_column_type type, const char *run_id,
                           size_t *out, px_error *err);

#endif
