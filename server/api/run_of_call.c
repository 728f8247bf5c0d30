// SPDX-License-Identifier: Apache-2.0
/* The run that a path names. */
#include "server/api/api_runs.h"

#include <stdlib.h>
#include <string.h>

px_status api_run_id(server_call *call, px_error *err) {
    const char *id = call->parts[0];
    if (!px_run_id_valid(id))
        return server_fail(err, PX_ENOTFOUND, "no run \"%.64s\": a run's id has letters, digits and ._- only",
                           id);
    return server_home(call, err);
}

px_status api_run_finished(server_call *call, px_error *err) {
    char *text = NULL;
    px_status status = api_run_id(call, err);
    if (!status)
        status = px_run_read(call->home, call->parts[0], &text, err);
    if (status)
        return status;
    json_t *run = json_loads(text, 0, NULL);
    const char *state = json_string_value(json_object_get(run, "status"));
    const char *message = json_string_value(json_object_get(run, "message"));
    if (!run)
        status =
            server_fail(err, PX_ECORRUPT, "run %s is damaged: its run.json does not read", call->parts[0]);
    else if (state && !strcmp(state, "failed"))
        status = server_fail(err, PX_EMISMATCH, "run %s failed and has no results: %.600s", call->parts[0],
                             message ? message : "no reason is stored");
    json_decref(run);
    free(text);
    return status;
}
