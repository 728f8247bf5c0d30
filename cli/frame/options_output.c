// SPDX-License-Identifier: Apache-2.0
/* How results are printed. */
#include "cli/frame/cli.h"

#include <stddef.h>

static px_status set_format(cli_format *field, cli_format format, px_error *err) {
    if (*field != CLI_FORMAT_DEFAULT && *field != format)
        return cli_fail(err, PX_EINPUT, "--json excludes --csv and --parquet");
    *field = format;
    return PX_OK;
}

static px_status parse_json(const char *text, void *field, px_error *err) {
    (void)text;
    return set_format(field, CLI_FORMAT_JSON, err);
}

static px_status parse_csv(const char *text, void *field, px_error *err) {
    (void)text;
    return set_format(field, CLI_FORMAT_CSV, err);
}

/* A file takes the table of --csv: every row and column, none of them narrowed for people. */
static px_status parse_parquet(const char *text, void *field, px_error *err) {
    cli_call *call = field;
    px_status status = set_format(&call->format, CLI_FORMAT_CSV, err);
    if (status)
        return cli_fail(err, PX_EINPUT, "--parquet writes a table: --json excludes it");
    return cli_parse_text(text, &call->parquet, err);
}

const cli_place cli_output_places[] = {
    {"json", .offset = offsetof(cli_call, format), parse_json},
    {"csv", .offset = offsetof(cli_call, format), parse_csv},
    {"parquet", 0, parse_parquet},
    {"keep-formulas", .offset = offsetof(cli_call, keep_formulas)},
    {0},
};
