// SPDX-License-Identifier: Apache-2.0
/* pixity report: a stored run as one HTML file, and its equity curve as a picture. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct report_options {
    const char *out, *png;
    px_picture_config size;
    bool force;
} report_options;

static const cli_place report_places[] = {
    {"out", .offset = offsetof(report_options, out)},
    {"png", .offset = offsetof(report_options, png)},
    {"size", .offset = offsetof(report_options, size), cli_parse_pixels},
    {"force", .offset = offsetof(report_options, force)},
    {0},
};

/* ---- before anything is written ------------------------------------------------------------------------ */

static px_status check_options(cli_call *call, const report_options *own, px_error *err) {
    if (!own->out && !own->png)
        return cli_fail_usage(call, err, "say where to: --out FILE.html, --png FILE.png, or both");
    if (own->out && !cli_has_ending(own->out, ".html") && !cli_has_ending(own->out, ".htm"))
        return cli_fail_usage(call, err, "--out names an HTML file, which ends with .html, not %s%s",
                              own->out, cli_has_ending(own->out, ".png") ? "; a picture is --png" : "");
    if (own->png && !cli_has_ending(own->png, ".png"))
        return cli_fail_usage(call, err, "--png names a picture, which ends with .png, not %s", own->png);
    if (own->size.width && !own->png)
        return cli_fail_usage(call, err, "--size is that of the picture: it goes with --png");
    return PX_OK;
}

/* ---- the verb ----------------------------------------------------------------------------------------- */

static void print_written(json_t *report) {
    const char *out = json_string_value(json_object_get(report, "out"));
    const char *png = json_string_value(json_object_get(report, "png"));
    printf("run %s written to %s%s%s\n", cli_text_at(report, "run_id"), out ? out : png,
           out && png ? " and " : "", out && png ? png : "");
}

static px_status write_files(cli_call *call, const report_options *own, const char *id, px_error *err) {
    px_status status = PX_OK;
    if (own->out)
        status = px_report_save(call->home, id, NULL, own->out, own->force, err);
    if (!status && own->png)
        status = px_report_save_picture(call->home, id, own->size.width ? &own->size : NULL, own->png,
                                        own->force, err);
    return status;
}

static px_status run_report(cli_call *call, px_error *err) {
    const report_options *own = call->own;
    const char *id = call->arguments.items[0];
    px_status status = check_options(call, own, err);
    if (!status)
        status = cli_open_home_to_read(call, err);
    if (!status)
        status = cli_check_free((const char *const[]){own->out, own->png}, 2, own->force, err);
    if (!status)
        status = write_files(call, own, id, err);
    if (status)
        return status;
    json_t *report = json_pack("{s:s, s:s?, s:s?}", "run_id", id, "out", own->out, "png", own->png);
    status = cli_print_document(call, NULL, report, print_written, err);
    json_decref(report);
    return status;
}

const cli_verb cli_report = {
    .name = "report",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary =
        "Write a stored run as one HTML file to read, print or send, and its equity curve as a picture",
    .details =
        "The HTML file holds everything that it shows and loads nothing: results gross and net, equity, "
        "candles "
        "with the trades, months, distributions, trades and events. Candles are read again from where the "
        "run "
        "read its bars; where these have changed or are gone the report says so. Above some 2 MB events that "
        "were "
        "not executed and bars around trades are left out, with a note; trades never. The same run in the "
        "same data "
        "folder gives the same bytes. A picture shows equity gross and net of fees, with the drawdown below.",
    .groups = PX_GROUP_OUTPUT,
    .places = report_places,
    .own_size = sizeof(report_options),
    .run = run_report,
};
