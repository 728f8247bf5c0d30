// SPDX-License-Identifier: Apache-2.0
/* A run in one screen: warnings first, then what was asked, results gross and net side by side, and what
 * became of the events. Reads run.json, so that `backtest` and `runs show` cannot differ. */
#include "cli.h"

#include <stdio.h>
#include <string.h>

static const json_t *get(const json_t *object, const char *key) {
    return json_object_get(object, key);
}

static const char *text_of(const json_t *object, const char *key) {
    const char *text = json_string_value(get(object, key));
    return text ? text : "-";
}

static long long count_of(const json_t *object, const char *key) {
    return (long long)json_integer_value(get(object, key));
}

static const char *number(const json_t *object, const char *key, int decimals, char buf[40]) {
    const json_t *value = get(object, key);
    if (json_is_number(value))
        snprintf(buf, 40, "%.*f", decimals, json_number_value(value));
    else
        snprintf(buf, 40, "-");
    return buf;
}

/* ---- parts -------------------------------------------------------------------------------------------- */

static void print_warnings(const json_t *run) {
    const json_t *warnings = get(run, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        printf("WARNING   %s\n", json_string_value(json_array_get(warnings, i)));
    if (json_array_size(warnings))
        putchar('\n');
}

static void print_model(const json_t *run, const json_t *metrics) {
    const json_t *model = get(run, "model");
    if (!json_is_object(model)) {
        puts(json_is_true(get(get(run, "config"), "skip_meta_model"))
                 ? "Model     none (skip_meta_model): every event is taken"
                 : "Model     none");
        return;
    }
    printf("Model     %s (%.12s), trained on %.10s .. %.10s; %lld of %lld trades in sample\n",
           text_of(model, "name"), text_of(model, "sha256"), text_of(model, "train_begin"),
           text_of(model, "train_end"), count_of(run, "in_sample_trades"), count_of(metrics, "trades"));
}

static void print_request(const json_t *run) {
    const json_t *config = get(run, "config"), *data = get(run, "data");
    char capital[40];
    printf("Run       %s, fingerprint %.12s\n", text_of(run, "run_id"), text_of(run, "fingerprint"));
    printf("Strategy  %s on %s %s, %s .. %s\n", text_of(run, "strategy"), text_of(run, "symbol"),
           text_of(run, "timeframe"), text_of(run, "start"), text_of(run, "end"));
    printf("Profile   %s; product %s, fees %s, capital %s rupees\n", text_of(run, "profile"),
           text_of(config, "product"), text_of(config, "fees"), number(config, "capital", 0, capital));
    printf("Bars      %lld, after %lld of warm-up, from %s\n", count_of(data, "bars"),
           count_of(data, "warmup_bars"), text_of(data, "source"));
}

static void print_pair(const json_t *metrics, const char *title, const char *gross, const char *net,
                       int decimals, const char *unit) {
    char left[40], right[40];
    printf("  %-16s %14s %14s  %s\n", title, number(metrics, gross, decimals, left),
           number(metrics, net, decimals, right), unit);
}

static void print_results(const json_t *metrics) {
    char fees[40];
    printf("\n  %-16s %14s %14s\n", "", "gross", "net of fees");
    print_pair(metrics, "Profit", "pnl_gross", "pnl_net", 2, "rupees");
    print_pair(metrics, "Return", "return_gross_pct", "return_net_pct", 2, "% of capital");
    print_pair(metrics, "Max drawdown", "max_drawdown_gross_pct", "max_drawdown_net_pct", 2,
               "% of peak equity, at bar closes");
    print_pair(metrics, "Sharpe", "sharpe_gross", "sharpe_net", 2, "annualised, daily by session");
    print_pair(metrics, "Win rate", "win_rate_gross_pct", "win_rate_net_pct", 2, "% of trades");
    print_pair(metrics, "Profit factor", "profit_factor_gross", "profit_factor_net", 3, "");
    print_pair(metrics, "Expectancy", "expectancy_gross", "expectancy_net", 2, "rupees a trade");
    print_pair(metrics, "Average R", "average_r_gross", "average_r_net", 3, "R a trade");
    printf("  %-16s %14s %14s  rupees\n", "Fees", "", number(metrics, "fees", 2, fees));
}

/* " 12 stop_loss, 3 take_profit": members whose count is not 0, without the prefix of their names. */
static void print_counts(const json_t *object, const char *prefix, const char *const *skip, size_t n_skip) {
    json_t *container = (json_t *)(uintptr_t)object;
    bool first = true;
    for (void *at = json_object_iter(container); at; at = json_object_iter_next(container, at)) {
        const char *key = json_object_iter_key(at);
        bool wanted = !strncmp(key, prefix, strlen(prefix)) && json_integer_value(json_object_iter_value(at));
        for (size_t i = 0; i < n_skip; i++)
            wanted = wanted && strcmp(key, skip[i]) != 0;
        if (!wanted)
            continue;
        printf("%s%lld %s", first ? "" : ", ", (long long)json_integer_value(json_object_iter_value(at)),
               key + strlen(prefix));
        first = false;
    }
    puts(first ? "none" : "");
}

static void print_trades(const json_t *metrics) {
    char held[40];
    printf("\nTrades    %lld in %lld sessions, held %s bars on average, %lld exits ambiguous\nExits     ",
           count_of(metrics, "trades"), count_of(metrics, "sessions"),
           number(metrics, "average_bars_held", 1, held), count_of(metrics, "ambiguous_bars"));
    print_counts(metrics, "exits_", NULL, 0);
}

static void print_events(const json_t *events) {
    static const char *const shown[] = {"candidates", "approved", "executed"};
    printf("Events    %lld candidates, %lld approved, %lld executed; the others: ",
           count_of(events, "candidates"), count_of(events, "approved"), count_of(events, "executed"));
    print_counts(events, "", shown, 3);
}

static void print_failure(const json_t *run) {
    printf("Run       %s\nFAILED    %s\n", text_of(run, "run_id"), text_of(run, "message"));
    printf("Strategy  %s on %s\nProfile   %s\n", text_of(run, "strategy"), text_of(run, "symbol"),
           text_of(run, "profile"));
}

void cli_print_run(const json_t *run) {
    const json_t *metrics = get(run, "metrics");
    const char *id = text_of(run, "run_id");
    if (!json_is_object(metrics)) {
        print_failure(run);
        return;
    }
    print_warnings(run);
    print_request(run);
    print_model(run, metrics);
    print_results(metrics);
    print_trades(metrics);
    print_events(get(run, "events"));
    printf("\nStored. Look further:\n  pixity runs trades %s --csv\n  pixity runs events %s --csv\n"
           "  pixity runs show %s --json\n",
           id, id, id);
}
