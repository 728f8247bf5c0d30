// SPDX-License-Identifier: Apache-2.0
/* pixity models list|show|delete|import|import-sklearn: meta-models. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static px_status run_list(cli_call *call, px_error *err) {
    return cli_print_list(call, px_models_list, NULL, 0, err);
}

const cli_verb cli_models_list = {
    .name = "models list",
    .arguments = "",
    .summary = "List the trained models: what on, when, out-of-fold AUC, whether they are whole",
    .groups = PX_GROUP_OUTPUT,
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
    .groups = PX_GROUP_OUTPUT,
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
    .groups = PX_GROUP_OUTPUT,
    .run = run_delete,
};

/* ---- import, import-sklearn
 * ----------------------------------------------------------------------------------- */

typedef struct import_options {
    const char *name, *inputs, *train_start, *train_end;
    int32_t first, last; /* of the two, once they are read */
} import_options;

static const cli_place import_sklearn_places[] = {
    {"name", .offset = offsetof(import_options, name)},
    {"train-start", .offset = offsetof(import_options, train_start), cli_parse_text},
    {"train-end", .offset = offsetof(import_options, train_end), cli_parse_text},
    {0},
};
static const cli_place import_model_places[] = {
    {"name", .offset = offsetof(import_options, name)},
    {"inputs", .offset = offsetof(import_options, inputs), cli_parse_text},
    {"train-start", .offset = offsetof(import_options, train_start), cli_parse_text},
    {"train-end", .offset = offsetof(import_options, train_end), cli_parse_text},
    {0},
};

static px_status read_date(const char *option, const char *text, int32_t *out, px_error *err) {
    *out = PX_NO_DATE;
    px_status status = text ? px_date_parse(text, out, err) : PX_OK;
    return status ? cli_fail_prefix(err, status, "%s", option) : PX_OK;
}

static px_status check_import(cli_call *call, px_error *err) {
    import_options *own = call->own;
    if (!own->name)
        return cli_fail_usage(call, err, "--name is missing: what to call the model");
    if (call->data.start_date != PX_NO_DATE || call->data.end_date != PX_NO_DATE)
        return cli_fail_usage(
            call, err,
            "--start and --end are of bars; what the model was trained on is --train-start and "
            "--train-end");
    if (!own->train_start != !own->train_end)
        return cli_fail_usage(call, err, "--train-start and --train-end go together");
    px_status status = read_date("--train-start", own->train_start, &own->first, err);
    return status ? status : read_date("--train-end", own->train_end, &own->last, err);
}

static void print_imported(json_t *card) {
    json_t *learner = json_object_get(card, "learner"), *instruments = json_object_get(card, "instruments");
    json_t *window = json_object_get(card, "training_window");
    printf("Model     %s: %s, ", cli_text_at(card, "name"), cli_text_at(learner, "made_by"));
    if (json_object_get(learner, "trees"))
        printf("%lld trees, ", cli_count_at(learner, "trees"));
    printf("probability of class %s\n", cli_text_at(learner, "target"));
    fputs("For      ", stdout);
    for (size_t i = 0; i < json_array_size(instruments); i++)
        printf("%s %s", i ? "," : "", cli_text_at(json_array_get(instruments, i), "key"));
    printf(" at %s, profile %s\n", cli_text_at(card, "timeframe"), cli_text_at(card, "profile"));
    for (size_t i = 0; i < json_array_size(instruments); i++) {
        const char *key = cli_text_at(json_array_get(instruments, i), "key");
        if (!strchr(key, '|'))
            printf("          %s is not in the data folder: it stands for bars of --input with that name\n",
                   key);
    }
    if (json_is_object(window))
        printf("Trained   %.10s .. %.10s\n", cli_text_at(window, "first_bar"),
               cli_text_at(window, "last_bar"));
    else
        puts("Trained   on what is not known: runs cannot tell which of their trades are in sample");
}

typedef px_status import_fn(px_home *home, const px_model_import *request, const px_config *config,
                            char **card_json, px_error *err);

static px_status import_file(cli_call *call, import_fn *import, char **card, px_error *err) {
    const import_options *own = call->own;
    const char *one[] = {call->data.symbol};
    const bool several = call->symbols.n > 1;
    const px_model_import request = {
        .path = call->arguments.items[0],
        .inputs = own->inputs,
        .name = own->name,
        .symbols = several ? (const char *const *)call->symbols.items : one,
        .n_symbols = several ? call->symbols.n : 1,
        .exchange = call->data.exchange,
        .timeframe_minutes = call->data.timeframe_minutes,
        .train_start = own->first,
        .train_end = own->last,
    };
    return import(call->home, &request, &call->config, card, err);
}

static px_status run_import_by(cli_call *call, import_fn *import, px_error *err) {
    char *text = NULL;
    json_t *card = NULL;
    px_status status = check_import(call, err);
    if (!status)
        status = cli_resolve_config(call, err);
    if (!status)
        status = cli_resolve_data(call, err);
    if (!status)
        status = cli_open_home(call, err);
    if (!status)
        status = import_file(call, import, &text, err);
    if (!status)
        status = cli_read_json(text, "the card of model", call->arguments.items[0], &card, err);
    if (!status)
        status = cli_print_document(call, text, card, print_imported, err);
    json_decref(card);
    free(text);
    return status;
}

static px_status run_import(cli_call *call, px_error *err) {
    return run_import_by(call, px_model_import_file, err);
}

static px_status run_import_sklearn(cli_call *call, px_error *err) {
    return run_import_by(call, px_model_import_sklearn, err);
}

#define IMPORT_DETAILS                                                                                       \
    "The settings are those that the model was trained with: a run refuses others. Without "                 \
    "--train-start and --train-end a run says that it cannot tell which of its trades are in sample. "       \
    "A symbol that the data folder does not know is for bars of --input with that name."

const cli_verb cli_models_import = {
    .name = "models import",
    .arguments = "FILE",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Bring in a model of another library: XGBoost, LightGBM, ONNX or scikit-learn",
    .details = "What the file is, is told by what it holds; docs/model.md has what is taken. " IMPORT_DETAILS,
    .groups = PX_GROUP_BARS | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .several_symbols = true,
    .places = import_model_places,
    .own_size = sizeof(import_options),
    .run = run_import,
};

const cli_verb cli_models_import_sklearn = {
    .name = "models import-sklearn",
    .arguments = "FILE.json",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Bring in a model of scikit-learn, which tools/sklearn_to_json.py wrote",
    .details = IMPORT_DETAILS,
    .groups = PX_GROUP_BARS | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .several_symbols = true,
    .places = import_sklearn_places,
    .own_size = sizeof(import_options),
    .run = run_import_sklearn,
};
