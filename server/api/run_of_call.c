// SPDX-License-Identifier: Apache-2.0
/* The run that a path names. */
#include "server/api/api_runs.h"

px_status api_run_id(server_call *call, px_error *err) {
    const char *id = call->parts[0];
    if (!px_run_id_valid(id))
        return server_fail(err, PX_ENOTFOUND, "no run \"%.64s\": a run's id has letters, digits and ._- only",
                           id);
    return server_home(call, err);
}

px_status api_run_finished(server_call *call, px_error *err) {
    px_run run = {0};
    px_status status = api_run_id(call, err);
    if (!status)
        status = px_run_load(call->home, call->parts[0], &run, err);
    if (!status && px_run_failed(&run))
        status = server_fail(err, PX_EMISMATCH, "run %s failed and has no results: %.600s", call->parts[0],
                             run.message ? run.message : "no reason is stored");
    px_run_free(&run);
    return status;
}
