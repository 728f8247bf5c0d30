// SPDX-License-Identifier: Apache-2.0
/* How results are printed. */
#include "cli/frame/cli.h"

#include <stddef.h>

static px_status set_format(cli_format *field, cli_format format, px_error *err) {
    if (*field != CLI_FORMAT_DEFAULT && *field != format)
        return cli_fail(err, PX_EINPUT, "--json excludes --csv, and files of tables");
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
static px_status save_as(cli_call *call, px_file_format format, const char *path, px_error *err) {
    const char *name = px_file_format_name(format);
    if (call->file && call->file_format != format)
        return cli_fail(err, PX_EINPUT, "--%s excludes --%s: a table goes to one file", name,
                        px_file_format_name(call->file_format));
    px_status status = set_format(&call->format, CLI_FORMAT_CSV, err);
    if (status)
        return cli_fail(err, PX_EINPUT, "--%s writes a table: --json excludes it", name);
    call->file_format = format;
    return cli_parse_text(path, &call->file, err);
}

#define PARSE(NAME, name, endings, media, help)                                                              \
    static px_status parse_##name(const char *text, void *call, px_error *err) {                             \
        return save_as(call, PX_FILE_##NAME, text, err);                                                     \
    }
PX_SAVED_FORMATS(PARSE)
#define PLACE(NAME, name, endings, media, help) {#name, 0, parse_##name},

const cli_place cli_output_places[] = {
    {"json", .offset = offsetof(cli_call, format), parse_json},
    {"csv", .offset = offsetof(cli_call, format), parse_csv},
    PX_SAVED_FORMATS(PLACE){"keep-formulas", .offset = offsetof(cli_call, keep_formulas)},
    {0},
};
