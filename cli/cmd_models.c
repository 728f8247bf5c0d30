// SPDX-License-Identifier: Apache-2.0
/* pixity models list|show|delete: trained meta-models. */
#include "cli.h"

#include <stdlib.h>

static px_status run_list(cli_call *call, px_error *err) {
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_home(call, err);
    if (!status)
        status = cli_open_calendar(NULL, &calendar, err);
    if (!status)
        status = px_models_list(call->home, &table, err);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_TEXT, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

const cli_verb cli_models_list = {
    .name = "models list",
    .arguments = "",
    .summary = "List the trained models: what on, when, out-of-fold AUC, whether they are whole",
    .groups = CLI_OUTPUT,
    .run = run_list,
};

static px_status run_show(cli_call *call, px_error *err) {
    char *text = NULL;
    json_t *card = NULL;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_model_card(call->home, call->arguments.items[0], &text, err);
    if (!status)
        status = cli_read_json(text, "the card of model", call->arguments.items[0], &card, err);
    if (!status)
        status = cli_print_document(call, text, card, cli_print_outline, err);
    json_decref(card);
    free(text);
    return status;
}

const cli_verb cli_models_show = {
    .name = "models show",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show a model's card: data, rules, training window, scores",
    .groups = CLI_OUTPUT,
    .run = run_show,
};

static px_status run_delete(cli_call *call, px_error *err) {
    const char *name = call->arguments.items[0];
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_model_delete(call->home, name, err);
    return status ? status : cli_print_deleted(call, name, err);
}

const cli_verb cli_models_delete = {
    .name = "models delete",
    .arguments = "NAME",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Delete a model with its card, configuration and labelled events",
    .groups = CLI_OUTPUT,
    .run = run_delete,
};
