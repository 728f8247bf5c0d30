// SPDX-License-Identifier: Apache-2.0
/* Options of the program itself: help, the home folder, what goes to standard error. */
#include "cli/frame/cli.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static px_status parse_level(const char *text, void *field, px_error *err) {
    static const char *const names[] = {"error", "warning", "info", "debug"};
    size_t level;
    px_status status = cli_parse_choice("log level", text, names, 4, &level, err);
    if (!status)
        *(cli_log_level *)field = (cli_log_level)level;
    return status;
}

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

static px_status parse_progress(const char *text, void *field, px_error *err) {
    static const char *const names[] = {"auto", "json", "none"};
    size_t mode;
    px_status status = cli_parse_choice("progress", text, names, 3, &mode, err);
    if (!status)
        *(cli_progress_mode *)field = (cli_progress_mode)mode;
    return status;
}

#define FIELD(name) offsetof(cli_call, name)
const cli_option cli_global_options[] = {
    {"home", 0, "DIR", "Data folder (default: $PIXITY_HOME, else ./pixity-data)", cli_parse_text,
     FIELD(home_path)},
    {"log-level", 0, "LEVEL", "What to tell on standard error: error, warning (default), info, debug",
     parse_level, FIELD(log_level)},
    {"verbose", 'v', NULL, "Tell more; twice: everything", parse_verbose, FIELD(log_level)},
    {"quiet", 0, NULL, "Tell errors only, show no progress", parse_quiet, FIELD(log_level)},
    {"progress", 0, "MODE",
     "auto (default: a bar on a terminal), json (one object a line on standard error), none", parse_progress,
     FIELD(progress_mode)},
    {"threads", 0, "N", "Threads for the work (default: one a processor); results do not depend on it",
     cli_parse_threads, FIELD(data.work.threads)},
    {"help", 0, NULL, "Print this help", cli_parse_flag, FIELD(help)},
    {"version", 0, NULL, "Print the version", cli_parse_flag, FIELD(version)},
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
