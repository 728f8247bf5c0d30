// SPDX-License-Identifier: Apache-2.0
/* pixity runs compare: runs side by side, what their numbers must not be used for first. */
#include "cli/frame/cli.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what to know before the numbers ------------------------------------------------------------------- */

/* "a 2022-01-03 .. 2022-06-30, b ..." of an object id -> text; malloc'ed, NULL on out of memory. */
static char *list_values(json_t *values) {
    const char *id;
    json_t *value;
    size_t size = 1;
    json_object_foreach(values, id, value) size += strlen(id) + json_string_length(value) + 4;
    char *text = calloc(1, size);
    json_object_foreach(values, id, value) {
        if (text)
            snprintf(text + strlen(text), size - strlen(text), "%s%s %s", *text ? ", " : "", id,
                     json_is_string(value) ? json_string_value(value) : "-");
    }
    return text;
}

/* "a, b" of an array. */
static char *list_ids(json_t *ids) {
    size_t size = 1, i;
    json_t *id;
    json_array_foreach(ids, i, id) size += json_string_length(id) + 2;
    char *text = calloc(1, size);
    json_array_foreach(ids, i, id) {
        if (text)
            snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? ", " : "", json_string_value(id));
    }
    return text;
}

/* Each note in turn: its word ("WARNING") and its text. */
typedef void (*note_fn)(const cli_call *call, const char *word, const char *text);

static void note_run(const cli_call *call, json_t *run, note_fn note) {
    char text[1200];
    size_t i;
    json_t *warning;
    json_array_foreach(json_object_get(run, "warnings"), i, warning) {
        snprintf(text, sizeof text, "%s: %s", cli_text_at(run, "run_id"), json_string_value(warning));
        note(call, cli_warning_word(json_array_get(json_object_get(run, "findings"), i)), text);
    }
    if (json_is_string(json_object_get(run, "not_annualised"))) {
        snprintf(text, sizeof text, "%s is not annualised: %s", cli_text_at(run, "run_id"),
                 cli_text_at(run, "not_annualised"));
        note(call, "WARNING", text);
    }
    if (!strcmp(cli_text_at(run, "status"), "failed")) {
        snprintf(text, sizeof text, "%s failed and has no numbers: %s", cli_text_at(run, "run_id"),
                 cli_text_at(run, "message"));
        note(call, "WARNING", text);
    }
}

static void each_note(const cli_call *call, json_t *document, note_fn note) {
    const char *what;
    char text[4096];
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(document, "runs"), i, item) note_run(call, item, note);
    json_object_foreach(json_object_get(document, "not_comparable"), what, item) {
        char *values = list_values(item);
        snprintf(text, sizeof text, "the runs differ in %s: %s", what, values ? values : "");
        note(call, "NOT COMPARABLE", text);
        free(values);
    }
    json_array_foreach(json_object_get(document, "identical"), i, item) {
        char *ids = list_ids(item);
        snprintf(text, sizeof text, "identical results: %s have one fingerprint", ids ? ids : "");
        note(call, "IDENTICAL", text);
        free(ids);
    }
}

static void print_note(const cli_call *call, const char *word, const char *text) {
    (void)call;
    printf("%-14s  %s\n", word, text);
}

static void log_note(const cli_call *call, const char *word, const char *text) {
    bool obstacle = !strcmp(word, "NOT COMPARABLE");
    cli_log(call, CLI_LOG_WARNING, "%s%s", obstacle ? "not comparable: " : "", text);
}

/* ---- side by side -------------------------------------------------------------------------------------- */

enum { TITLE = 30 };

/* As the table of metrics has it; what an earlier version stored and this one does not know has three. */
static int decimals_of(const char *key) {
    const px_metric *metric = px_metric_find(key);
    return metric ? metric->decimals : 3;
}

/* A cell for people. */
static const char *cell(const char *name, json_t *value, char buf[80]) {
    double number = json_number_value(value);
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value))
        snprintf(buf, 80, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        snprintf(buf, 80, "%.*f", decimals_of(name), number);
    else
        return "-";
    return buf;
}

/* Settings as they were given; of a hash, what tells it from others. */
static const char *setting(const char *name, json_t *value, char buf[80]) {
    if (json_is_real(value))
        px_double_format(json_real_value(value), buf);
    else if (json_is_string(value) && (strstr(name, "fingerprint") || strstr(name, "sha256")))
        snprintf(buf, 80, "%.12s", json_string_value(value));
    else
        return cell("", value, buf);
    return buf;
}

typedef const char *(*cell_fn)(const char *name, json_t *value, char buf[80]);

static size_t widest(json_t *table, cell_fn text) {
    const char *name, *id;
    json_t *values, *value;
    char buf[80];
    size_t most = 12;
    json_object_foreach(table, name, values) json_object_foreach(values, id, value) {
        size_t length = strlen(text(name, value, buf));
        most = length > most ? length : most;
        most = strlen(id) > most ? strlen(id) : most;
    }
    return most;
}

static void print_ids(json_t *runs, const char *title, size_t width) {
    size_t i;
    json_t *run;
    printf("%-*s", TITLE, title);
    json_array_foreach(runs, i, run) printf("  %*s", (int)width, cli_text_at(run, "run_id"));
    putchar('\n');
}

static void print_row(const char *title, const char *name, json_t *values, cell_fn text, size_t width) {
    const char *id;
    json_t *value;
    char buf[80];
    printf("  %-*s", TITLE - 2, title);
    json_object_foreach(values, id, value) printf("  %*s", (int)width, text(name, value, buf));
    putchar('\n');
}

/* No run had such an exit. */
static bool is_idle(const char *name, json_t *values) {
    const char *id;
    json_t *value;
    json_object_foreach(values, id, value) {
        if (strncmp(name, "# Exits ", 8) != 0 || json_integer_value(value) != 0)
            return false;
    }
    return true;
}

/* A metric that also exists gross is net. */
static void print_metrics(json_t *document) {
    json_t *metrics = json_object_get(document, "metrics"), *values;
    size_t width = widest(metrics, cell);
    const char *name;
    char title[80];
    print_ids(json_object_get(document, "runs"), "Results", width);
    json_object_foreach(metrics, name, values) {
        const px_metric *metric = px_metric_find(name);
        bool net = metric && metric->basis == PX_METRIC_NET;
        snprintf(title, sizeof title, "%s%s", name, net ? " (net)" : "");
        if (!is_idle(name, values))
            print_row(title, name, values, cell, width);
    }
}

/* What the choice among the runs in the store takes from their Sharpe ratios. */
static void print_trials(json_t *document) {
    json_t *trials = json_object_get(document, "trials"), *n = json_object_get(trials, "n");
    size_t width = widest(json_object_get(document, "metrics"), cell);
    if (!n)
        return;
    print_row("# Trials in this store", "", n, cell, width);
    print_row("Deflated Sharpe Ratio (net)", "", json_object_get(trials, "deflated_sharpe"), cell, width);
}

static void print_differences(json_t *document) {
    json_t *config = json_object_get(document, "config"), *values;
    size_t width = widest(config, setting);
    const char *name;
    if (!json_object_size(config)) {
        puts("\nNothing differs in how the runs were made.");
        return;
    }
    putchar('\n');
    print_ids(json_object_get(document, "runs"), "Differences", width);
    json_object_foreach(config, name, values) print_row(name, name, values, setting, width);
}

static void print_comparison(json_t *document) {
    each_note(NULL, document, print_note);
    putchar('\n');
    print_metrics(document);
    print_trials(document);
    if (json_is_string(json_object_get(document, "metrics_basis")))
        printf("\nBasis: %s.\n", cli_text_at(document, "metrics_basis"));
    print_differences(document);
}

/* metric,ID1,ID2,... */
static px_status print_csv(const cli_call *call, json_t *document, px_error *err) {
    size_t n = call->arguments.n, c;
    px_table table = {0};
    const char *name, *id;
    json_t *values, *value;
    px_column_def *defs = calloc(n + 1, sizeof *defs);
    if (!defs)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    defs[0] = (px_column_def){"metric", PX_COLUMN_TEXT};
    for (size_t i = 0; i < n; i++)
        defs[i + 1] = (px_column_def){call->arguments.items[i], PX_COLUMN_F64};
    px_status status = px_table_init(&table, defs, n + 1, err);
    json_object_foreach(json_object_get(document, "metrics"), name, values) {
        if (!status)
            status = px_table_add_row(&table, err);
        if (!status)
            status = px_table_set_text(&table, 0, name, err);
        c = 0;
        json_object_foreach(values, id, value) {
            if (!status && json_is_number(value))
                px_table_set_f64(&table, c + 1, json_number_value(value));
            c++;
        }
    }
    each_note(call, document, log_note);
    if (!status)
        status = cli_print_table(call, &table, PX_TABLE_CSV, NULL, err);
    px_table_free(&table);
    free(defs);
    return status;
}

static px_status run_compare(cli_call *call, px_error *err) {
    char *text = NULL;
    json_t *document = NULL;
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_runs_compare(call->home, call->arguments.items, call->arguments.n, &text, err);
    if (!status)
        status = cli_read_json(text, "comparison of", "runs", &document, err);
    if (!status && call->format == CLI_FORMAT_CSV)
        status = print_csv(call, document, err);
    else if (!status)
        status = cli_print_document(call, text, document, print_comparison, err);
    json_decref(document);
    free(text);
    return status;
}

const cli_verb cli_runs_compare = {
    .name = "runs compare",
    .arguments = "ID ID...",
    .min_arguments = 2,
    .max_arguments = SIZE_MAX,
    .summary =
        "Compare runs: warnings first, then metrics side by side, then what differs in how they were made",
    .details =
        "Says when numbers must not be held against each other, because window, symbol or profile differ, "
        "and when results are identical. --csv prints metric,ID,ID,...; --json all of it.",
    .groups = PX_GROUP_OUTPUT,
    .run = run_compare,
};
