// SPDX-License-Identifier: Apache-2.0
/* pixity strategies: what can be backtested. */
#include "cli/frame/cli.h"

static px_status run(cli_call *call, px_error *err) {
    static const px_column_def defs[] = {{"id", PX_COLUMN_TEXT}, {"summary", PX_COLUMN_TEXT}};
    const px_strategy *strategy;
    px_table table = {0};
    px_status status = px_table_init(&table, defs, 2, err);
    for (size_t i = 0; !status && (strategy = px_strategy_at(i)); i++) {
        status = px_table_add_row(&table, err);
        if (!status)
            status = px_table_set_text(&table, 0, strategy->id, err);
        if (!status)
            status = px_table_set_text(&table, 1, strategy->summary, err);
    }
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    px_table_free(&table);
    return status;
}

const cli_verb cli_strategies = {
    .name = "strategies",
    .arguments = "",
    .summary = "List the strategies that backtest --strategy takes",
    .groups = CLI_OUTPUT,
    .run = run,
};
