// SPDX-License-Identifier: Apache-2.0
/* pixity runs export: a run, or one table of it, as files or on standard output. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>

typedef struct export_options {
    const char *out, *table;
    px_file_format format;
} export_options;

/* The choices of the option are in the order of the formats. */
static px_status parse_format(const char *text, void *field, px_error *err) {
    const char *names[PX_FILE_CSV_AS_IS];
    size_t n = 0, chosen;
    for (px_file_format i = PX_FILE_UNKNOWN + 1; px_file_format_name(i); i++)
        names[n++] = px_file_format_name(i);
    px_status status = cli_parse_choice("format", text, names, n, &chosen, err);
    if (!status)
        *(px_file_format *)field = PX_FILE_UNKNOWN + 1 + (px_file_format)chosen;
    return status;
}

static const cli_place export_places[] = {
    {"out", .offset = offsetof(export_options, out)},
    {"format", .offset = offsetof(export_options, format), parse_format},
    {"table", .offset = offsetof(export_options, table)},
    {0},
};

/* ---- to files ------------------------------------------------------------------------------------------ */

static void print_exported(json_t *report) {
    printf("run %s written to %s as %s\n", cli_text_at(report, "run_id"), cli_text_at(report, "out"),
           cli_text_at(report, "format"));
}

static px_status export_files(cli_call *call, const export_options *own, px_error *err) {
    const char *id = call->arguments.items[0];
    px_file_format ending = px_file_format_of(own->out);
    px_file_format format = own->format ? own->format : ending ? ending : PX_FILE_CSV;
    if (ending && ending != format)
        return cli_fail_usage(call, err, "--format %s and the ending of %s disagree",
                              px_file_format_name(format), own->out);
    if (!own->table && ending && ending != PX_FILE_JSON)
        return cli_fail_usage(call, err,
                              "a whole run is a folder or one JSON file, not %s: name another --out, or one "
                              "--table of it",
                              own->out);
    if (call->keep_formulas && format != PX_FILE_CSV)
        return cli_fail_usage(call, err, "--keep-formulas goes with CSV, not with %s",
                              px_file_format_name(format));
    px_status status = px_run_export(call->home, id, own->table,
                                     call->keep_formulas ? PX_FILE_CSV_AS_IS : format, own->out, err);
    if (status)
        return status;
    json_t *report = json_pack("{s:s, s:s, s:s, s:s?}", "run_id", id, "out", own->out, "format",
                               px_file_format_name(format), "table", own->table);
    status = cli_print_document(call, NULL, report, print_exported, err);
    json_decref(report);
    return status;
}

/* ---- to standard output -------------------------------------------------------------------------------- */

static px_status print_out(cli_call *call, const export_options *own, px_error *err) {
    if (own->format > PX_FILE_JSON)
        return cli_fail_usage(call, err, "--format %s needs --out", px_file_format_name(own->format));
    if (own->format)
        call->format = own->format == PX_FILE_JSON ? CLI_FORMAT_JSON : CLI_FORMAT_CSV;
    if (own->table)
        return cli_print_run_table(call, own->table, NULL, 0, PX_TABLE_CSV, err);
    if (call->format == CLI_FORMAT_CSV)
        return cli_fail_usage(call, err,
                              "a whole run does not fit one CSV: name --out FOLDER, or one --table of it");
    return px_run_write_json(call->home, call->arguments.items[0], cli_write_output, NULL, err);
}

static px_status run_export(cli_call *call, px_error *err) {
    const export_options *own = call->own;
    px_status status = cli_open_home_to_read(call, err);
    if (status)
        return status;
    return own->out ? export_files(call, own, err) : print_out(call, own, err);
}

const cli_verb cli_runs_export = {
    .name = "runs export",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Write a run out: every table and run.json into a new folder, one JSON document, or one table",
    .details = "Without --out the document goes to standard output, or with --table that table as CSV or "
               "--json. Times "
               "are exchange-local in CSV, ISO 8601 with offset in JSON, in UTC in Parquet and Arrow. What "
               "is there is never "
               "overwritten, "
               "and nothing half-written stands under the name.",
    .groups = PX_GROUP_OUTPUT,
    .places = export_places,
    .own_size = sizeof(export_options),
    .run = run_export,
};
