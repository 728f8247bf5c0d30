// SPDX-License-Identifier: Apache-2.0
/* pixity findings: what may be wrong with a result. */
#include "cli/frame/cli.h"

static px_status make_table(px_table *out, px_error *err) {
    static const px_column_def columns[] = {{"code", PX_COLUMN_TEXT},
                                            {"severity", PX_COLUMN_TEXT},
                                            {"meaning", PX_COLUMN_TEXT},
                                            {"effect", PX_COLUMN_TEXT},
                                            {"remedy", PX_COLUMN_TEXT}};
    enum { N_COLUMNS = sizeof columns / sizeof *columns };
    const px_finding_kind *kind;
    px_status status = px_table_init(out, columns, N_COLUMNS, err);
    for (size_t i = 0; !status && (kind = px_finding_kind_at(i)); i++) {
        const char *const texts[N_COLUMNS] = {kind->code, px_severity_name(kind->severity), kind->meaning,
                                              kind->effect, kind->remedy};
        status = px_table_add_row(out, err);
        for (size_t c = 0; c < N_COLUMNS && !status; c++)
            status = px_table_set_text(out, c, texts[c], err);
    }
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    static const char *const narrow[] = {"code", "severity", "meaning"};
    return cli_print_made(call, make_table, narrow, sizeof narrow / sizeof *narrow, err);
}

const cli_verb cli_findings = {
    .name = "findings",
    .arguments = "",
    .summary = "List what may be wrong with a result: code, severity, meaning, effect and remedy",
    .details = "A result has its findings in --json, and its warnings are their texts, in the order of this "
               "list. An "
               "error refuses it unless --accept names the code.",
    .groups = PX_GROUP_OUTPUT,
    .run = run,
};
