// SPDX-License-Identifier: Apache-2.0
/* pixity strategies: what can be backtested, and what may be chosen of it. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID, SUMMARY, PARAMETERS, N_COLUMNS };

/* "stop_atrs=1.5,hold_bars=20": every parameter with its usual value. */
static px_status set_usual(px_table *table, const px_parameters *parameters, px_error *err) {
    char text[1200] = "";
    for (size_t i = 0; i < parameters->n; i++) {
        char value[PX_DOUBLE_TEXT_SIZE];
        const size_t used = strlen(text);
        px_double_format(parameters->items[i].usual, value);
        snprintf(text + used, sizeof text - used, "%s%s=%s", used ? "," : "", parameters->items[i].name,
                 value);
    }
    return *text ? px_table_set_text(table, PARAMETERS, text, err) : PX_OK;
}

static px_status make_table(px_table *table, size_t n_columns, px_error *err) {
    static const px_column_def defs[N_COLUMNS] = {
        {"id", PX_COLUMN_TEXT}, {"summary", PX_COLUMN_TEXT}, {"parameters", PX_COLUMN_TEXT}};
    const px_strategy *strategy;
    px_status status = px_table_init(table, defs, n_columns, err);
    for (size_t i = 0; !status && (strategy = px_strategy_at(i)); i++) {
        const px_parameters parameters = px_strategy_parameters(strategy);
        status = px_table_add_row(table, err);
        if (!status)
            status = px_table_set_text(table, ID, strategy->id, err);
        if (!status)
            status = px_table_set_text(table, SUMMARY, strategy->summary, err);
        if (!status && n_columns > PARAMETERS)
            status = set_usual(table, &parameters, err);
    }
    return status;
}

static void print_parameters(void) {
    const px_strategy *strategy;
    for (size_t i = 0; (strategy = px_strategy_at(i)); i++) {
        const px_parameters parameters = px_strategy_parameters(strategy);
        if (parameters.n)
            printf("\nParameters of %s (--param NAME=VALUE)\n", strategy->id);
        for (size_t k = 0; k < parameters.n; k++) {
            char range[PX_PARAMETER_RANGE_SIZE];
            printf("  %-16s %s: %s\n", parameters.items[k].name, parameters.items[k].help,
                   px_parameter_range(&parameters.items[k], range));
        }
    }
}

static px_status print_document(px_error *err) {
    char *text = NULL;
    px_status status = px_strategies_document(&text, err);
    if (!status)
        cli_print_text(text);
    free(text);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    const bool for_people = call->format == CLI_FORMAT_DEFAULT && !call->file;
    px_table table = {0};
    if (call->format == CLI_FORMAT_JSON && !call->file)
        return print_document(err);
    px_status status = make_table(&table, for_people ? PARAMETERS : N_COLUMNS, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, NULL, err);
    if (!status && for_people)
        print_parameters();
    px_table_free(&table);
    return status;
}

const cli_verb cli_strategies = {
    .name = "strategies",
    .arguments = "",
    .summary = "List the strategies that backtest --strategy takes, and their parameters",
    .details = "A parameter is set with --param NAME=VALUE, wherever --strategy stands. --json has range, "
               "step, unit "
               "and meaning of each, --csv the usual values.",
    .groups = PX_GROUP_OUTPUT,
    .run = run,
};
