// SPDX-License-Identifier: Apache-2.0
/* How results are printed. */
#include "cli.h"

#include <stddef.h>

static px_status set_format(cli_format *field, cli_format format, px_error *err) {
    if (*field != CLI_FORMAT_DEFAULT && *field != format)
        return cli_fail(err, PX_EINPUT, "--csv and --json exclude each other");
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

const cli_option cli_output_options[] = {
    {"json", 0, NULL, "Print one JSON document", parse_json, offsetof(cli_call, format)},
    {"csv", 0, NULL, "Print a header and rows", parse_csv, offsetof(cli_call, format)},
    {"keep-formulas", 0, NULL,
     "In CSV leave texts that a spreadsheet would run (they start with =, +, -, @) as they are; default: an "
     "apostrophe in front",
     cli_parse_flag, offsetof(cli_call, keep_formulas)},
    {0},
};
