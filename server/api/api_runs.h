// SPDX-License-Identifier: Apache-2.0
#ifndef API_RUNS_H
#define API_RUNS_H

#include "server/server.h"

/* Checks the id in the path and opens the home folder. Errors: PX_ENOTFOUND for what is no id. */
px_status api_run_id(server_call *call, px_error *err);
/* The same, of a run that has results. Errors: PX_EMISMATCH with the reason for one that failed. */
px_status api_run_finished(server_call *call, px_error *err);
/* api_run_files.c: what is to be kept as a file. */
px_status api_run_export(server_call *call, px_error *err);
px_status api_run_report(server_call *call, px_error *err);

#endif
