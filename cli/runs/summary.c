// SPDX-License-Identifier: Apache-2.0
/* A run in one screen: warnings first, then what was asked, results gross and net side by side, and what
 * became of the events. */
#include "cli/frame/cli.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "-" where it is undefined. */
static const char *number(double value, int decimals, char buf[40]) {
    if (isnan(value))
        snprintf(buf, 40, "-");
    else
        snprintf(buf, 40, "%.*f", decimals, value);
    return buf;
}

static const char *or_dash(const char *text) {
    return text ? text : "-";
}

/* A name of the configuration, as text. */
static const char *setting(const px_run *run, const char *key, char buf[64]) {
    if (run->config_error || px_config_get(&run->config, key, buf, 64, NULL))
        snprintf(buf, 64, "-");
    return buf;
}

/* ---- parts -------------------------------------------------------------------------------------------- */

static void print_model(const px_run *run) {
    const px_run_model *model = &run->model;
    if (!model->name) {
        puts(!run->config_error && run->config.skip_meta_model
                 ? "Model     none (skip_meta_model): every event is taken"
                 : "Model     none");
        return;
    }
    printf("Model     %s (%.12s), ", model->name, or_dash(model->sha256));
    if (run->in_sample_trades < 0)
        puts("its training window is unknown, and so which trades lie in it");
    else
        printf("trained on %.10s .. %.10s; %" PRId64 " of %.0f trades in sample\n",
               or_dash(model->train_begin), or_dash(model->train_end), run->in_sample_trades,
               px_run_number_of(&run->metrics, PX_METRIC_OF(trades.n)->key));
}

/* Those that differ from their usual values. */
static void print_parameters(const px_run_numbers *parameters) {
    const char *before = "Params    ";
    char text[PX_DOUBLE_TEXT_SIZE];
    for (size_t i = 0; i < parameters->n; i++, before = ", ") {
        px_double_format(parameters->items[i].value, text);
        printf("%s%s %s", before, parameters->items[i].name, text);
    }
    if (parameters->n)
        putchar('\n');
}

static void print_request(const px_run *run) {
    char capital[40], product[64], fees[64];
    printf("Run       %s, fingerprint %.12s\n", or_dash(run->run_id), or_dash(run->fingerprint));
    printf("Strategy  %s on %s %s, %s .. %s\n", or_dash(run->strategy), or_dash(run->symbol),
           or_dash(run->timeframe), or_dash(run->start), or_dash(run->end));
    print_parameters(&run->request.parameters);
    printf("Profile   %s; product %s, fees %s, capital %s rupees\n", or_dash(run->profile),
           setting(run, "product", product), setting(run, "fees", fees),
           number(run->config_error ? (double)NAN : run->config.capital, 0, capital));
    if (run->fees.sha256)
        printf("Fees      %s, SHA-256 %.12s\n", or_dash(run->fees.table), run->fees.sha256);
    printf("Bars      %" PRId64 ", after %" PRId64 " of warm-up, from %s\n", run->data.bars,
           run->data.warmup_bars, or_dash(run->data.source));
}

/* Of a strategy that reads them: what became of the rows. */
static void print_signals(const px_run_signals *signals) {
    if (!signals->path)
        return;
    printf("Signals   %s (%.12s): %" PRId64 " rows, %" PRId64 " used, %" PRId64 " rejected, %" PRId64
           " outside the window, %" PRId64 " of other symbols\n",
           signals->path, or_dash(signals->sha256), signals->rows, signals->used, signals->rejected,
           signals->outside_window, signals->other_symbols);
    for (size_t i = 0; i < signals->n_rejections; i++)
        printf("          line %" PRId64 ": %s\n", signals->rejections[i].line,
               or_dash(signals->rejections[i].reason));
    const int64_t more = signals->rejected - (int64_t)signals->n_rejections;
    if (more > 0)
        printf("          and %" PRId64 " more\n", more);
}

/* A column a basis, empty where a metric is not told on it. */
static void print_results(const px_run_numbers *metrics) {
    static const px_metric_basis columns[] = {PX_METRIC_GROSS, PX_METRIC_NET, PX_METRIC_LONG,
                                              PX_METRIC_SHORT};
    const px_metric *net, *metric;
    char text[40];
    printf("\n  %-16s %12s %12s %12s %12s\n", "", "gross", "net of fees", "long, net", "short, net");
    for (int place = 1; (net = px_metric_headline(place, PX_METRIC_NET)); place++) {
        int empty = 0; /* before what is printed next */
        printf("  %-16s", net->title);
        for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
            empty += 13;
            if (!(metric = px_metric_headline(place, columns[c])))
                continue;
            printf("%*s", empty, number(px_run_number_of(metrics, metric->key), metric->decimals, text));
            empty = 0;
        }
        if (*net->unit)
            printf("%*s  %s", empty, "", net->unit);
        putchar('\n');
    }
    putchar('\n');
}

/* ", 12 stop_loss": a count that is not 0, behind others. */
static void print_count(double count, const char *name, bool *first) {
    if (isnan(count) || count == 0.0)
        return;
    printf("%s%.0f %s", *first ? "" : ", ", count, name);
    *first = false;
}

static void print_exits(const px_run_numbers *metrics) {
    bool first = true;
    printf("Exits     ");
    for (int reason = 0; reason <= PX_EXIT_END_OF_DATA; reason++) {
        const px_metric *metric =
            px_metric_of(offsetof(px_metrics, trades.n_exits) + (size_t)reason * sizeof(int64_t));
        if (metric)
            print_count(px_run_number_of(metrics, metric->key), px_exit_reason_name(reason), &first);
    }
    puts(first ? "none" : "");
}

static void print_events(const px_run_numbers *events) {
    bool first = true;
    const char *const executed = px_outcome_name(PX_OUTCOME_EXECUTED);
    printf("Events    %.0f candidates, %.0f approved, %.0f executed; the others: ",
           px_run_number_of(events, "candidates"), px_run_number_of(events, "approved"),
           px_run_number_of(events, executed));
    for (size_t i = 0; i < events->n; i++) {
        const char *name = events->items[i].name;
        if (strcmp(name, "candidates") && strcmp(name, "approved") && strcmp(name, executed))
            print_count(events->items[i].value, name, &first);
    }
    puts(first ? "none" : "");
}

/* Every run that was tried makes a good one less surprising. */
static void print_trials(const px_trials *trials) {
    char deflated[40];
    if (trials->n > 0)
        printf("Trials    %" PRId64
               " of this strategy, symbol and timeframe in overlapping windows; deflated "
               "Sharpe %s\n",
               trials->n, number(trials->deflated_sharpe, 3, deflated));
}

static void print_failure(const px_run *run) {
    printf("Run       %s\nFAILED    %s\n", or_dash(run->run_id), or_dash(run->message));
    printf("Strategy  %s on %s\nProfile   %s\n", or_dash(run->strategy), or_dash(run->symbol),
           or_dash(run->profile));
}

static void print_run(const px_run *run) {
    if (run->metrics.n == 0) {
        print_failure(run);
        return;
    }
    if (run->data_changed)
        printf("WARNING   data has changed: %s\n%s", run->data_changed, run->warnings.n ? "" : "\n");
    cli_print_warnings(&run->findings, (const char *const *)run->warnings.items, run->warnings.n);
    print_request(run);
    print_signals(&run->signals);
    print_model(run);
    print_results(&run->metrics);
    if (run->not_annualised)
        printf("Not annualised: %s\n", run->not_annualised);
    print_exits(&run->metrics);
    print_events(&run->events);
    print_trials(&run->trials);
}

/* Rows of CSV are those of the document. */
static px_status print_rows(const cli_call *call, const px_run *run, const char *json, px_error *err) {
    json_t *document = NULL;
    px_status status = cli_read_json(json, "run", run->run_id, &document, err);
    if (!status)
        status = cli_print_document(call, json, document, NULL, err);
    json_decref(document);
    return status;
}

px_status cli_print_run(const cli_call *call, const px_run *run, const char *json, px_error *err) {
    char *made = NULL;
    px_status status = PX_OK;
    if (call->format == CLI_FORMAT_DEFAULT) {
        print_run(run);
        return PX_OK;
    }
    if (!json)
        status = px_run_to_json(run, &made, err);
    if (!status && call->format == CLI_FORMAT_JSON)
        cli_print_text(json ? json : made);
    else if (!status)
        status = print_rows(call, run, json ? json : made, err);
    free(made);
    return status;
}
