// SPDX-License-Identifier: Apache-2.0
/* Options of the program itself: help, the home folder, what goes to standard error. */
#include "cli/frame/cli.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static px_status parse_verbose(const char *text, void *field, px_error *err) {
    (void)text, (void)err;
    cli_log_level *level = field;
    *level = *level < CLI_LOG_INFO ? CLI_LOG_INFO : CLI_LOG_DEBUG;
    return PX_OK;
}

static px_status parse_quiet(const char *text, void *field, px_error *err) {
    (void)text, (void)err;
    *(cli_log_level *)field = CLI_LOG_ERROR;
    return PX_OK;
}

#define FIELD(name) offsetof(cli_call, name)
const cli_place cli_global_places[] = {
    {"home", .offset = FIELD(home_path)},
    {"log-level", .offset = FIELD(log_level)},
    {"verbose", FIELD(log_level), parse_verbose},
    {"quiet", FIELD(log_level), parse_quiet},
    {"progress", .offset = FIELD(progress_mode)},
    {"threads", FIELD(data.work.threads), cli_parse_threads},
    {"help", .offset = FIELD(help)},
    {"version", .offset = FIELD(version)},
    {0},
};

const char *cli_usual_home(void) {
    const char *home = getenv("PIXITY_HOME");
    return home && *home ? home : "pixity-data";
}

px_status cli_open_home(cli_call *call, px_error *err) {
    if (call->home)
        return PX_OK;
    px_status status = px_home_open(call->home_path, &call->home, err);
    if (!status)
        px_home_set_work(call->home, &call->data.work);
    return status;
}

static bool is_absent(const char *path) {
    struct stat info;
    return stat(path, &info) != 0 && errno == ENOENT;
}

px_status cli_open_home_to_read(cli_call *call, px_error *err) {
    if (!call->home && is_absent(call->home_path))
        return cli_fail(err, PX_ENOTFOUND,
                        "there is no data folder %s: `pixity import` or `pixity synth` makes one, --home or "
                        "PIXITY_HOME names another",
                        call->home_path);
    return cli_open_home(call, err);
}

px_status cli_open_home_if_there(cli_call *call, px_error *err) {
    return is_absent(call->home_path) ? PX_OK : cli_open_home(call, err);
}
