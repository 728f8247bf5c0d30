// SPDX-License-Identifier: Apache-2.0
/* pixity train: bars to a saved meta-model, and what there is to know before believing it. */
#include "cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct train_options {
    const char *learner, *model_out;
} train_options;

static const cli_option train_table[] = {
    {"learner", 0, "NAME",
     "rf (default): random forest; gbt: gradient-boosted trees; logistic: logistic regression",
     cli_parse_text, offsetof(train_options, learner)},
    {"model-out", 0, "NAME",
     "Name of the model (default: <symbol>_<timeframe>, which backtest finds); several symbols need one",
     cli_parse_text, offsetof(train_options, model_out)},
    {0},
};

/* ---- report ------------------------------------------------------------------------------------------- */

/* A number at width 9, or a hyphen; shares as per cent with scale 100. */
static void print_number(json_t *object, const char *key, double scale, int decimals) {
    json_t *value = json_object_get(object, key);
    if (json_is_number(value))
        printf(" %9.*f", decimals, scale * json_number_value(value));
    else
        printf(" %9s", "-");
}

static void print_learner(json_t *fit) {
    const char *name, *comma = ":";
    json_t *value;
    printf("Learner   %s", cli_text_at(fit, "learner"));
    json_object_foreach(json_object_get(fit, "parameters"), name, value) {
        printf("%s %s %.10g", comma, name, json_number_value(value));
        comma = ",";
    }
    putchar('\n');
}

static const char *first_symbol(json_t *report) {
    return cli_text_at(json_array_get(json_object_get(report, "instruments"), 0), "symbol");
}

static void print_bars(json_t *report, json_t *load) {
    const long long n = cli_count_at(load, "instruments");
    char several[40];
    snprintf(several, sizeof several, "%lld instruments", n);
    printf("Bars      %s %s, %.10s .. %.10s: %lld, after %lld of warm-up",
           n > 1 ? several : first_symbol(report), cli_text_at(report, "timeframe"),
           cli_text_at(report, "start"), cli_text_at(report, "end"), cli_count_at(load, "bars"),
           cli_count_at(load, "warmup_bars"));
    printf(n > 1 ? "\n" : ", from %s\n", cli_text_at(load, "source"));
}

static void print_head(json_t *report) {
    json_t *warnings = json_object_get(report, "warnings"), *phases = json_object_get(report, "phases");
    json_t *load = json_array_get(phases, 0), *events = json_array_get(phases, 1);
    json_t *labels = json_array_get(phases, 2), *fit = json_array_get(phases, 4);
    for (size_t i = 0; i < json_array_size(warnings); i++)
        printf("WARNING   %s\n", json_string_value(json_array_get(warnings, i)));
    printf("Model     %s, profile %s\n", cli_text_at(report, "model"), cli_text_at(report, "profile"));
    print_learner(fit);
    print_bars(report, load);
    printf("Events    %lld; %lld labelled, %lld unresolved, %lld whole inside the window; fitted on %lld\n",
           cli_count_at(events, "events"), cli_count_at(labels, "labelled"),
           cli_count_at(labels, "unresolved"), cli_count_at(labels, "complete"), cli_count_at(fit, "rows"));
}

static void print_distribution(json_t *list) {
    fputs("Labels   ", stdout);
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        printf("%s %s %+lld: %lld (%.1f %%)", i ? "," : "", cli_text_at(row, "barrier_hit"),
               cli_count_at(row, "label"), cli_count_at(row, "events"),
               100 * json_number_value(json_object_get(row, "share")));
    }
    putchar('\n');
}

static void print_outcomes(json_t *list) {
    puts("\nOutcome of each event, gross of costs (in sample)");
    printf("  %-10s %-5s %9s %9s %9s %9s\n", "type", "side", "events", "hit %", "mean R", "median R");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *row = json_array_get(list, i);
        printf("  %-10s %-5s %9lld", cli_text_at(row, "event_type"), cli_text_at(row, "side"),
               cli_count_at(row, "events"));
        print_number(row, "hit_rate", 100, 1);
        print_number(row, "mean_R", 1, 3);
        print_number(row, "median_R", 1, 3);
        putchar('\n');
    }
}

/* ---- instruments of a pool ---------------------------------------------------------------------------- */

static int by_events(const void *a, const void *b) {
    json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    long long n_x = cli_count_at(x, "complete"), n_y = cli_count_at(y, "complete");
    return n_x != n_y ? (n_x < n_y) - (n_x > n_y)
                      : strcmp(cli_text_at(x, "symbol"), cli_text_at(y, "symbol"));
}

static void print_instrument(json_t *row) {
    json_t *folds = json_object_get(row, "folds_out_of_fold");
    printf("  %-16s %9lld %9lld", cli_text_at(row, "symbol"), cli_count_at(row, "bars"),
           cli_count_at(row, "complete"));
    print_number(row, "hit_rate_in_sample", 100, 1);
    print_number(row, "mean_R_gross_in_sample", 1, 3);
    for (size_t k = 0; k < json_array_size(folds); k++)
        print_number(json_array_get(folds, k), "mean_R_gross", 1, 3);
    putchar('\n');
}

/* Those with the most events; all stand in --json. */
static void print_instruments(json_t *list) {
    enum { N_SHOWN = 20 };
    const size_t n = json_array_size(list);
    json_t **rows = calloc(n ? n : 1, sizeof *rows);
    if (n < 2 || !rows) {
        free(rows);
        return;
    }
    for (size_t i = 0; i < n; i++)
        rows[i] = json_array_get(list, i);
    qsort(rows, n, sizeof *rows, by_events);
    puts("\nInstruments: what taking every event of each gives, gross of costs; then by the fold that tests "
         "it");
    printf("  %-16s %9s %9s %9s %9s %9s %9s %9s %9s %9s\n", "symbol", "bars", "events", "hit %", "mean R",
           "R fold 1", "R fold 2", "R fold 3", "R fold 4", "R fold 5");
    for (size_t i = 0; i < n && i < N_SHOWN; i++)
        print_instrument(rows[i]);
    if (n > N_SHOWN)
        printf("  and %zu more with fewer events: --json has all\n", n - N_SHOWN);
    free(rows);
}

/* ---- folds -------------------------------------------------------------------------------------------- */

static void print_fold(json_t *fold) {
    json_t *test = json_object_get(fold, "test");
    printf("  %-4lld %9lld %9lld %9lld", cli_count_at(fold, "fold"), cli_count_at(fold, "train_events"),
           cli_count_at(fold, "purged_events"), cli_count_at(fold, "test_events"));
    print_number(test, "auc", 1, 3);
    print_number(test, "log_loss", 1, 3);
    print_number(test, "brier", 1, 3);
    print_number(json_object_get(test, "take_every_event"), "mean_R_gross", 1, 3);
    print_number(fold, "mean_R_gross_above_0.6", 1, 3);
    printf("  %.10s .. %.10s\n", cli_text_at(fold, "test_first"), cli_text_at(fold, "test_last"));
}

static void print_folds(json_t *list) {
    puts("\nFolds: walk forward, scored on events that the fold's model had not seen");
    printf("  %-4s %9s %9s %9s %9s %9s %9s %9s %9s  %s\n", "fold", "train", "purged", "test", "AUC",
           "log loss", "Brier", "mean R", "R p>0.6", "tested");
    for (size_t i = 0; i < json_array_size(list); i++)
        print_fold(json_array_get(list, i));
}

static void print_threshold(const char *name, json_t *row, const char *mean) {
    printf("  %-16s %9lld", name, cli_count_at(row, "events"));
    print_number(row, "hit_rate", 100, 1);
    print_number(row, mean, 1, 3);
    putchar('\n');
}

static void print_thresholds(json_t *scores) {
    json_t *rows = json_object_get(scores, "thresholds");
    char name[32];
    puts("\nOut of fold: what taking only events above a probability gives, gross of costs");
    printf("  %-16s %9s %9s %9s\n", "", "events", "hit %", "mean R");
    print_threshold("take every event", json_object_get(scores, "take_every_event"), "mean_R_gross");
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        snprintf(name, sizeof name, "p >= %.2f", json_number_value(json_object_get(row, "threshold")));
        print_threshold(name, row, "mean_R_gross");
    }
    fputs("  over all folds:  AUC", stdout);
    print_number(scores, "auc", 1, 3);
    fputs("  log loss", stdout);
    print_number(scores, "log_loss", 1, 3);
    fputs("  Brier", stdout);
    print_number(scores, "brier", 1, 3);
    putchar('\n');
}

static void print_importance(json_t *shares) {
    const char *input;
    json_t *share;
    fputs("\nImportance (share of gain, in sample) ", stdout);
    json_object_foreach(shares, input, share) printf(" %s %.1f %%", input, 100 * json_number_value(share));
    putchar('\n');
}

static void print_report(json_t *report) {
    print_head(report);
    print_distribution(json_object_get(report, "label_distribution_in_sample"));
    print_outcomes(json_object_get(report, "outcomes_in_sample_gross"));
    print_instruments(json_object_get(report, "instruments"));
    print_folds(json_object_get(report, "folds_out_of_fold"));
    print_thresholds(json_object_get(report, "out_of_fold"));
    print_importance(json_object_get(report, "importance_in_sample"));
}

/* ---- verb --------------------------------------------------------------------------------------------- */

static px_status train(cli_call *call, char **text, px_error *err) {
    const train_options *own = call->own;
    px_train_request request = {.data = call->data,
                                .learner = own->learner,
                                .model_out = own->model_out,
                                .symbols = (const char *const *)call->symbols.items,
                                .n_symbols = call->symbols.n > 1 ? call->symbols.n : 0};
    cli_progress progress = cli_progress_begin(call);
    px_status status = px_train(call->home, &request, &call->config, cli_progress_show, &progress, text, err);
    cli_progress_end(&progress);
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
    if (call->data.input)
        return cli_fail_usage(call, err, "--input holds the bars of one symbol here: import several first");
    return PX_OK;
}

static px_status run(cli_call *call, px_error *err) {
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
        status = cli_print_document(call, text, report, print_report, err);
    if (!status)
        cli_suggest_backtest(call, cli_text_at(report, "model"), first_symbol(report));
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
        "The "
        "report tells what every event gave, what purged walk-forward folds say about the model, and \"take "
        "every event\" beside it.",
    .groups = CLI_DATA | CLI_INPUT | CLI_CONFIG | CLI_OUTPUT,
    .several_symbols = true,
    .options = train_table,
    .own_size = sizeof(train_options),
    .run = run,
};
