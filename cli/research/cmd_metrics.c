// SPDX-License-Identifier: Apache-2.0
/* pixity metrics: what a run is measured by. */
#include "cli/frame/cli.h"

static px_status add_metric(px_table *table, const px_metric *metric, px_error *err) {
    const char *const texts[] = {
        metric->key,     metric->title,   metric->unit,     px_metric_basis_name(metric->basis),
        metric->formula, metric->meaning, metric->undefined};
    enum { N_TEXTS = sizeof texts / sizeof *texts };
    px_status status = px_table_add_row(table, err);
    for (size_t c = 0; c < N_TEXTS && !status; c++)
        if (*texts[c])
            status = px_table_set_text(table, c, texts[c], err);
    if (!status) {
        px_table_set_i64(table, N_TEXTS, metric->decimals);
        px_table_set_i64(table, N_TEXTS + 1, metric->headline);
        px_table_set_i64(table, N_TEXTS + 2, metric->gain);
    }
    return status;
}

static px_status make_table(px_table *out, px_error *err) {
    static const px_column_def columns[] = {
        {"key", PX_COLUMN_TEXT},       {"title", PX_COLUMN_TEXT},   {"unit", PX_COLUMN_TEXT},
        {"basis", PX_COLUMN_TEXT},     {"formula", PX_COLUMN_TEXT}, {"meaning", PX_COLUMN_TEXT},
        {"undefined", PX_COLUMN_TEXT}, {"decimals", PX_COLUMN_I64}, {"headline", PX_COLUMN_I64},
        {"gain", PX_COLUMN_BOOL},
    };
    const px_metric *metric;
    px_status status = px_table_init(out, columns, sizeof columns / sizeof *columns, err);
    for (size_t i = 0; !status && (metric = px_metric_at(i)); i++)
        status = add_metric(out, metric, err);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    static const char *const narrow[] = {"key", "title", "unit", "basis", "meaning"};
    return cli_print_made(call, make_table, narrow, sizeof narrow / sizeof *narrow, err);
}

const cli_verb cli_metrics = {
    .name = "metrics",
    .arguments = "",
    .summary = "List what a run is measured by: key, unit, formula and meaning",
    .details = "A metric has this key wherever it is named: in --json and --csv, in `runs list --sort`, the "
               "HTTP API and the "
               "page. A plain key is net of fees where `KEY (gross)` is there too; `KEY (long)` and `KEY "
               "(short)` are of the "
               "trades of one side, net. `undefined` tells when there is no value; `headline` is its place "
               "among the figures that are shown first, 0 for the others; "
               "`gain` whether its sign tells a gain from a loss.",
    .groups = PX_GROUP_OUTPUT,
    .run = run,
};
