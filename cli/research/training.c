// SPDX-License-Identifier: Apache-2.0
/* A training in one screen: what was done, what every event gave, and what the model is worth on events that
 * it had not seen. Reads the report of px_train. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- head --------------------------------------------------------------------------------------------- */

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
    json_t *phases = json_object_get(report, "phases");
    json_t *load = json_array_get(phases, 0), *events = json_array_get(phases, 1);
    json_t *labels = json_array_get(phases, 2), *fit = json_array_get(phases, 4);
    cli_print_document_warnings(report);
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

/* ---- instruments of a panel --------------------------------------------------------------------------- */

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

/* ---- a validation -------------------------------------------------------------------------------------- */

static void print_threshold(const char *name, json_t *row) {
    printf("  %-30s %9lld", name, cli_count_at(row, "events"));
    print_number(row, "hit_rate", 100, 1);
    print_number(row, "mean_R_gross", 1, 3);
    putchar('\n');
}

static void print_configured(json_t *row) {
    char name[64];
    json_t *threshold = json_object_get(row, "threshold");
    if (json_is_number(threshold))
        snprintf(name, sizeof name, "as configured, %s p >= %.2f", cli_text_at(row, "side"),
                 json_number_value(threshold));
    else
        snprintf(name, sizeof name, "as configured, %s", cli_text_at(row, "side"));
    print_threshold(name, row);
}

static void print_thresholds(json_t *scores) {
    json_t *rows = json_object_get(scores, "thresholds"), *own = json_object_get(scores, "as_configured");
    char name[32];
    printf("  %-30s %9s %9s %9s\n", "", "events", "hit %", "mean R");
    print_threshold("take every event", json_object_get(scores, "take_every_event"));
    for (size_t i = 0; i < json_array_size(rows); i++) {
        json_t *row = json_array_get(rows, i);
        snprintf(name, sizeof name, "p >= %.2f", json_number_value(json_object_get(row, "threshold")));
        print_threshold(name, row);
    }
    for (size_t i = 0; i < json_array_size(own); i++)
        print_configured(json_array_get(own, i));
}

static void print_scores(json_t *scores) {
    static const struct {
        const char *title, *key;
    } shown[] = {{"AUC", "auc"},
                 {"log loss", "log_loss"},
                 {"Brier", "brier"},
                 {"calibration error", "calibration_error"}};
    fputs("  over all folds:", stdout);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        json_t *value = json_object_get(scores, shown[i].key);
        printf("%s %s ", i ? "," : "", shown[i].title);
        if (json_is_number(value))
            printf("%.3f", json_number_value(value));
        else
            putchar('-');
    }
    putchar('\n');
}

static void print_calibration(json_t *scores) {
    json_t *bins = json_object_get(scores, "calibration");
    printf("  %-12s %9s %9s %9s\n", "probability", "events", "mean p", "hit %");
    for (size_t i = 0; i < json_array_size(bins); i++) {
        json_t *bin = json_array_get(bins, i);
        if (!cli_count_at(bin, "events"))
            continue;
        printf("  %.1f .. %.1f   %9lld", json_number_value(json_object_get(bin, "from")),
               json_number_value(json_object_get(bin, "to")), cli_count_at(bin, "events"));
        print_number(bin, "mean_probability", 1, 3);
        print_number(bin, "hit_rate", 100, 1);
        putchar('\n');
    }
}

static void print_decomposition(json_t *scores) {
    json_t *parts = json_object_get(scores, "brier_decomposition");
    if (!json_is_number(json_object_get(parts, "reliability")))
        return;
    printf("  Brier %.4f = reliability %.4f - resolution %.4f + uncertainty %.4f + inside bins %.4f\n",
           json_number_value(json_object_get(scores, "brier")),
           json_number_value(json_object_get(parts, "reliability")),
           json_number_value(json_object_get(parts, "resolution")),
           json_number_value(json_object_get(parts, "uncertainty")),
           json_number_value(json_object_get(parts, "inside_bins")));
}

/* ---- importance --------------------------------------------------------------------------------------- */

static void print_importance(json_t *used, json_t *permuted) {
    const char *input;
    json_t *drops;
    printf("  %-12s %9s %9s %14s\n", "input", "used %", "AUC drop", "log loss rise");
    json_object_foreach(permuted, input, drops) {
        printf("  %-12s", input);
        print_number(used, input, 100, 1);
        print_number(drops, "auc_drop", 1, 4);
        fputs("     ", stdout);
        print_number(drops, "log_loss_rise", 1, 4);
        putchar('\n');
    }
}

/* ---- folds -------------------------------------------------------------------------------------------- */

static void print_fold(json_t *fold) {
    json_t *test = json_object_get(fold, "test");
    printf("  %-4lld %9lld %9lld %9lld", cli_count_at(fold, "fold"), cli_count_at(fold, "train_events"),
           cli_count_at(fold, "purged_events"), cli_count_at(fold, "test_events"));
    print_number(test, "auc", 1, 3);
    print_number(test, "log_loss", 1, 3);
    print_number(test, "brier", 1, 3);
    print_number(test, "calibration_error", 1, 3);
    print_number(json_object_get(test, "take_every_event"), "mean_R_gross", 1, 3);
    print_number(fold, "mean_R_gross_above_0.6", 1, 3);
    printf("  %.10s .. %.10s\n", cli_text_at(fold, "test_first"), cli_text_at(fold, "test_last"));
}

static void print_folds(json_t *list) {
    puts("\nFolds: walk forward, scored on events that the fold's model had not seen");
    printf("  %-4s %9s %9s %9s %9s %9s %9s %9s %9s %9s  %s\n", "fold", "train", "purged", "test", "AUC",
           "log loss", "Brier", "cal. err", "mean R", "R p>0.6", "tested");
    for (size_t i = 0; i < json_array_size(list); i++)
        print_fold(json_array_get(list, i));
}

static void print_fold_in_full(json_t *fold, const char *measure) {
    json_t *test = json_object_get(fold, "test");
    printf("\nFold %lld, %.10s .. %.10s, gross of costs\n", cli_count_at(fold, "fold"),
           cli_text_at(fold, "test_first"), cli_text_at(fold, "test_last"));
    print_thresholds(test);
    putchar('\n');
    print_calibration(test);
    printf("\n  used: %s, on the fold's training events; drop and rise: on its test events\n", measure);
    print_importance(json_object_get(fold, "importance_of_training_events"),
                     json_object_get(fold, "permutation_importance_of_test_events"));
}

/* ---- the whole ---------------------------------------------------------------------------------------- */

static void print_overall(json_t *report) {
    json_t *scores = json_object_get(report, "out_of_fold");
    puts("\nOut of fold: what taking only events above a probability gives, gross of costs");
    print_thresholds(scores);
    print_scores(scores);
    puts("\nCalibration, out of fold: how often events of a probability reach their target");
    print_calibration(scores);
    print_decomposition(scores);
    printf("\nImportance of inputs. Used: %s, in sample.\nDrop and rise: what shuffling the input costs on "
           "events "
           "that the fold's model had not seen, mean over folds\n",
           cli_text_at(report, "importance_measure"));
    print_importance(json_object_get(report, "importance_in_sample"),
                     json_object_get(report, "permutation_importance_out_of_fold"));
}

void cli_print_training(json_t *report) {
    print_head(report);
    print_distribution(json_object_get(report, "label_distribution_in_sample"));
    print_outcomes(json_object_get(report, "outcomes_in_sample_gross"));
    print_instruments(json_object_get(report, "instruments"));
    print_folds(json_object_get(report, "folds_out_of_fold"));
    print_overall(report);
}

void cli_print_training_by_fold(json_t *report) {
    json_t *folds = json_object_get(report, "folds_out_of_fold");
    cli_print_training(report);
    for (size_t i = 0; i < json_array_size(folds); i++)
        print_fold_in_full(json_array_get(folds, i), cli_text_at(report, "importance_measure"));
}
