// SPDX-License-Identifier: Apache-2.0
/* pixity train: bars to a saved meta-model, and what there is to know before believing it. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdlib.h>

typedef struct train_options {
    const char *learner, *model_out;
    bool folds;
} train_options;

static const cli_place train_places[] = {
    {"learner", .offset = offsetof(train_options, learner)},
    {"model-out", .offset = offsetof(train_options, model_out)},
    {"folds", .offset = offsetof(train_options, folds)},
    {0},
};

static px_status train(cli_call *call, char **text, px_error *err) {
    const train_options *own = call->own;
    px_train_request request = {.data = call->data,
                                .learner = own->learner,
                                .model_out = own->model_out,
                                .symbols = (const char *const *)call->symbols.items,
                                .n_symbols = call->symbols.n > 1 ? call->symbols.n : 0};
    px_status status = px_train(call->home, &request, &call->config, text, err);
    cli_progress_end();
    return status;
}

/* Several symbols are a model of their own, which nothing but its name can find. */
static px_status check_symbols(cli_call *call, px_error *err) {
    const train_options *own = call->own;
    if (call->symbols.n < 2)
        return PX_OK;
    if (!own->model_out)
        return cli_fail_usage(call, err,
                              "--model-out is missing: a model of %zu symbols has no name of its own",
                              call->symbols.n);
    return PX_OK;
}

static px_status run(cli_call *call, px_error *err) {
    const train_options *own = call->own;
    char *text = NULL;
    json_t *report = NULL;
    px_status status = check_symbols(call, err);
    if (!status)
        status = cli_resolve_config(call, err);
    if (!status)
        status = cli_resolve_data(call, err);
    if (!status)
        status = cli_data_direct(call) ? cli_open_home(call, err) : cli_open_home_to_read(call, err);
    if (!status)
        status = train(call, &text, err);
    if (!status)
        status = cli_read_json(text, "the report of", "training", &report, err);
    if (!status)
        status = cli_print_document(call, text, report,
                                    own->folds ? cli_print_training_by_fold : cli_print_training, err);
    if (!status)
        cli_suggest_backtest(
            call, cli_text_at(report, "model"),
            cli_text_at(json_array_get(json_object_get(report, "instruments"), 0), "symbol"));
    json_decref(report);
    free(text);
    return status;
}

const cli_verb cli_train = {
    .name = "train",
    .alias = "workflow",
    .arguments = "",
    .summary = "Find and label events, train a meta-model on them, and save it with its card",
    .details =
        "Saves model, card, configuration and the labelled events as CSV under models/ of the data folder. "
        "The report tells what every event gave, what purged walk-forward folds say about the model, and "
        "\"take every event\" beside it.\n\n"
        "Several symbols (--symbol A,B or @FILE) are one model: their events are joined in order of time, "
        "and "
        "the folds are cut by time. It serves each of them under the name that --model-out gives it.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_FINDINGS |
              PX_GROUP_OUTPUT,
    .several_symbols = true,
    .places = train_places,
    .own_size = sizeof(train_options),
    .run = run,
};
