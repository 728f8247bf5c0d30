// SPDX-License-Identifier: Apache-2.0
/* pixity run-job: what pixity serve starts for each job. Not for people, so that no help lists it. */
#include "cli/frame/cli.h"
#include "server/serve.h"

static px_status run(cli_call *call, px_error *err) {
    return server_run_job(call->arguments.items[0], err);
}

const cli_verb cli_run_job = {
    .name = "run-job",
    .arguments = "DIR",
    .min_arguments = 1,
    .max_arguments = 1,
    .run = run,
};
