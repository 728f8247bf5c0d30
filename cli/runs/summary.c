// SPDX-License-Identifier: Apache-2.0
/* A run in one screen: warnings first, then what was asked, results gross and net side by side, and what
 * became of the events. Reads run.json, so that `backtest` and `runs show` cannot differ. */
#include "cli/frame/cli.h"

#include <stdio.h>
#include <string.h>

/* "-" where it is undefined. */
static const char *number(json_t *object, const char *key, int decimals, char buf[40]) {
    json_t *value = json_object_get(object, key);
    if (json_is_number(value))
        snprintf(buf, 40, "%.*f", decimals, json_number_value(value));
    else
        snprintf(buf, 40, "-");
    return buf;
}

/* ---- parts -------------------------------------------------------------------------------------------- */

static void print_warnings(json_t *run) {
    json_t *warnings = json_object_get(run, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        printf("WARNING   %s\n", json_string_value(json_array_get(warnings, i)));
    if (json_array_size(warnings))
        putchar('\n');
}

static void print_model(json_t *run, json_t *metrics) {
    json_t *model = json_object_get(run, "model");
    if (!json_is_object(model)) {
        puts(json_is_true(json_object_get(json_object_get(run, "config"), "skip_meta_model"))
                 ? "Model     none (skip_meta_model): every event is taken"
                 : "Model     none");
        return;
    }
    printf("Model     %s (%.12s), ", cli_text_at(model, "name"), cli_text_at(model, "sha256"));
    if (json_is_null(json_object_get(run, "in_sample_trades")))
        puts("its training window is unknown, and so which trades lie in it");
    else
        printf("trained on %.10s .. %.10s; %lld of %lld trades in sample\n",
               cli_text_at(model, "train_begin"), cli_text_at(model, "train_end"),
               cli_count_at(run, "in_sample_trades"), cli_count_at(metrics, "# Trades"));
}

/* Those that differ from their usual values. */
static void print_parameters(json_t *run) {
    json_t *parameters = json_object_get(json_object_get(run, "request"), "parameters"), *value;
    const char *name, *before = "Params    ";
    char text[PX_DOUBLE_TEXT_SIZE];
    json_object_foreach(parameters, name, value) {
        px_double_format(json_number_value(value), text);
        printf("%s%s %s", before, name, text);
        before = ", ";
    }
    if (json_object_size(parameters))
        putchar('\n');
}

static void print_request(json_t *run) {
    json_t *config = json_object_get(run, "config"), *data = json_object_get(run, "data");
    json_t *fees = json_object_get(run, "fees");
    char capital[40];
    printf("Run       %s, fingerprint %.12s\n", cli_text_at(run, "run_id"), cli_text_at(run, "fingerprint"));
    printf("Strategy  %s on %s %s, %s .. %s\n", cli_text_at(run, "strategy"), cli_text_at(run, "symbol"),
           cli_text_at(run, "timeframe"), cli_text_at(run, "start"), cli_text_at(run, "end"));
    print_parameters(run);
    printf("Profile   %s; product %s, fees %s, capital %s rupees\n", cli_text_at(run, "profile"),
           cli_text_at(config, "product"), cli_text_at(config, "fees"),
           number(config, "capital", 0, capital));
    if (json_is_string(json_object_get(fees, "sha256")))
        printf("Fees      %s, SHA-256 %.12s\n", cli_text_at(fees, "table"), cli_text_at(fees, "sha256"));
    printf("Bars      %lld, after %lld of warm-up, from %s\n", cli_count_at(data, "bars"),
           cli_count_at(data, "warmup_bars"), cli_text_at(data, "source"));
}

/* Of a strategy that reads them: what became of the rows. */
static void print_signals(json_t *run) {
    json_t *signals = json_object_get(run, "signals"), *rejections = json_object_get(signals, "rejections");
    if (!json_is_object(signals))
        return;
    printf(
        "Signals   %s (%.12s): %lld rows, %lld used, %lld rejected, %lld outside the window, %lld of other "
        "symbols\n",
        cli_text_at(signals, "path"), cli_text_at(signals, "sha256"), cli_count_at(signals, "rows"),
        cli_count_at(signals, "used"), cli_count_at(signals, "rejected"),
        cli_count_at(signals, "outside_window"), cli_count_at(signals, "other_symbols"));
    for (size_t i = 0; i < json_array_size(rejections); i++) {
        json_t *row = json_array_get(rejections, i);
        printf("          line %lld: %s\n", cli_count_at(row, "line"), cli_text_at(row, "reason"));
    }
    long long more = cli_count_at(signals, "rejected") - (long long)json_array_size(rejections);
    if (more > 0)
        printf("          and %lld more\n", more);
}

/* What is there before fees too has both columns. */
static void print_results(json_t *metrics) {
    const px_metric *net, *gross;
    char left[40], right[40];
    printf("\n  %-16s %14s %14s\n", "", "gross", "net of fees");
    for (int place = 1; (net = px_metric_headline(place, PX_METRIC_NET)); place++) {
        gross = px_metric_headline(place, PX_METRIC_GROSS);
        printf("  %-16s %14s %14s%s%s\n", net->title,
               gross ? number(metrics, gross->key, gross->decimals, left) : "",
               number(metrics, net->key, net->decimals, right), *net->unit ? "  " : "", net->unit);
    }
    putchar('\n');
}

/* " 12 stop_loss, 3 take_profit": members whose count is not 0, without the prefix of their names. */
static void print_counts(json_t *object, const char *prefix, const char *const *skip, size_t n_skip) {
    const char *key;
    json_t *count;
    bool first = true;
    json_object_foreach(object, key, count) {
        bool wanted = !strncmp(key, prefix, strlen(prefix)) && json_integer_value(count);
        for (size_t i = 0; i < n_skip; i++)
            wanted = wanted && strcmp(key, skip[i]) != 0;
        if (!wanted)
            continue;
        printf("%s%lld %s", first ? "" : ", ", (long long)json_integer_value(count), key + strlen(prefix));
        first = false;
    }
    puts(first ? "none" : "");
}

static void print_events(json_t *events) {
    static const char *const shown[] = {"candidates", "approved", "executed"};
    printf("Events    %lld candidates, %lld approved, %lld executed; the others: ",
           cli_count_at(events, "candidates"), cli_count_at(events, "approved"),
           cli_count_at(events, "executed"));
    print_counts(events, "", shown, 3);
}

/* Every run that was tried makes a good one less surprising. */
static void print_trials(json_t *trials) {
    char deflated[40];
    if (!json_is_object(trials))
        return;
    printf(
        "Trials    %lld of this strategy, symbol and timeframe in overlapping windows; deflated Sharpe %s\n",
        cli_count_at(trials, "n"), number(trials, "deflated_sharpe", 3, deflated));
}

static void print_failure(json_t *run) {
    printf("Run       %s\nFAILED    %s\n", cli_text_at(run, "run_id"), cli_text_at(run, "message"));
    printf("Strategy  %s on %s\nProfile   %s\n", cli_text_at(run, "strategy"), cli_text_at(run, "symbol"),
           cli_text_at(run, "profile"));
}

void cli_print_run(json_t *run) {
    json_t *metrics = json_object_get(run, "metrics");
    if (!json_is_object(metrics)) {
        print_failure(run);
        return;
    }
    print_warnings(run);
    print_request(run);
    print_signals(run);
    print_model(run, metrics);
    print_results(metrics);
    printf("Exits     ");
    print_counts(metrics, "# Exits ", NULL, 0);
    print_events(json_object_get(run, "events"));
    print_trials(json_object_get(run, "trials"));
}
