// SPDX-License-Identifier: Apache-2.0
/* pixity audit: proofs on the user's own bars and settings. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct audit_options {
    const char *strategy, *model;
    cli_parameters parameters;
} audit_options;

static const cli_place audit_places[] = {
    {"strategy", .offset = offsetof(audit_options, strategy)},
    {"param", .offset = offsetof(audit_options, parameters)},
    {"model", .offset = offsetof(audit_options, model)},
    {0},
};

/* Text in lines of at most `width` columns, each behind `indent` spaces. */
static void print_wrapped(const char *text, int indent, size_t width) {
    while (*text) {
        size_t length = strlen(text);
        if (length > width)
            for (length = width; length > 0 && text[length] != ' ';)
                length--;
        if (length == 0)
            length = strcspn(text, " ");
        printf("%*s%.*s\n", indent, "", (int)length, text);
        text += length;
        text += strspn(text, " ");
    }
}

static void print_check(const px_audit_check *check) {
    printf("%-8s %-18s %13lld %11lld  %s\n", px_audit_verdict_name(check->verdict), check->name,
           (long long)check->cases, (long long)check->mismatches, check->proves);
    print_wrapped(check->compared, 9, 102);
    print_wrapped(check->detail, 9, 102);
}

/* What all of it comes to for a reader who does not want to know how it was found out. */
static void print_plain(const px_audit_report *report) {
    puts("\nWhat you may believe");
    for (size_t i = 0; i < report->n; i++) {
        const px_audit_check *check = &report->checks[i];
        const bool skipped = check->verdict == PX_AUDIT_SKIPPED;
        if (!skipped || *check->detail)
            printf("%-9s%s\n",
                   skipped                           ? "unknown"
                   : check->verdict == PX_AUDIT_FAIL ? "NO"
                                                     : "yes",
                   check->name);
        print_wrapped(skipped ? check->detail : check->plain, 9, 102);
    }
    puts("No check says that the strategy will earn anything: that is for bars that it has not seen.");
}

/* {"findings", "warnings"} of the report. */
static px_status read_findings(const px_audit_report *report, json_t **out, px_error *err) {
    char *text = NULL;
    px_status status = px_findings_document(&report->findings, &text, err);
    if (!status)
        status = cli_read_json(text, "the findings of", "the audit", out, err);
    free(text);
    return status;
}

static px_status print_text(const px_audit_report *report, px_error *err) {
    json_t *findings = NULL;
    px_status status = read_findings(report, &findings, err);
    if (status)
        return status;
    cli_print_document_warnings(findings);
    json_decref(findings);
    printf("%-8s %-18s %13s %11s  %s\n", "verdict", "check", "cases", "mismatches", "what it proves");
    for (size_t i = 0; i < report->n; i++)
        print_check(&report->checks[i]);
    print_plain(report);
    return PX_OK;
}

/* The rows as they are rendered, so that numbers and times are those of every table. */
static px_status print_json(const px_audit_report *report, const px_table *table, const px_zone *zone,
                            px_error *err) {
    char *rows = NULL, *lists = NULL;
    size_t length;
    px_status status = px_table_render(table, PX_TABLE_JSON, zone, &rows, &length, err);
    if (!status)
        status = px_findings_document(&report->findings, &lists, err);
    if (!status)
        printf("{\"checks\": %s, %s\n", rows, lists + 1); /* behind the brace of an object that has members */
    free(lists);
    free(rows);
    return status;
}

static px_status print_table(const cli_call *call, const px_audit_report *report, px_error *err) {
    px_table table = {0};
    px_zone *zone = NULL;
    px_status status = px_zone_open(report->zone, &zone, err);
    if (!status)
        status = px_audit_table(report, &table, err);
    if (!status && call->format == CLI_FORMAT_JSON)
        status = print_json(report, &table, zone, err);
    else if (!status)
        status = cli_print_table(call, &table, PX_TABLE_CSV, zone, err);
    px_table_free(&table);
    px_zone_close(&zone);
    return status;
}

static px_status print_report(const cli_call *call, const px_audit_report *report, px_error *err) {
    if (call->format != CLI_FORMAT_DEFAULT)
        return print_table(call, report, err);
    return print_text(report, err);
}

/* A proof that failed is no fault of the request. */
static px_status conclude(const px_audit_report *report, px_error *err) {
    char names[300] = "";
    size_t length = 0;
    for (size_t i = 0; i < report->n && length < sizeof names; i++)
        if (report->checks[i].verdict == PX_AUDIT_FAIL)
            length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", length ? ", " : "",
                                       report->checks[i].name);
    if (report->n_failed == 0)
        return PX_OK;
    return cli_fail(err, PX_EFAILED, "%zu of %zu checks failed: %s", report->n_failed, report->n, names);
}

static px_status resolve(cli_call *call, audit_options *own, px_error *err) {
    px_status status = cli_resolve_config(call, err);
    if (!status && !own->strategy && *call->config.strategy_id)
        own->strategy = call->config.strategy_id;
    if (!status && own->model && call->config.skip_meta_model)
        return cli_fail_usage(call, err, "--model %s contradicts skip_meta_model", own->model);
    if (!status)
        status = cli_resolve_data(call, err);
    if (!status)
        status = cli_data_direct(call) ? cli_open_home_if_there(call, err) : cli_open_home_to_read(call, err);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    audit_options *own = call->own;
    px_audit_report report = {0};
    px_status status = resolve(call, own, err);
    if (status)
        return status;
    const px_audit_request request = {call->data, own->strategy, own->model,
                                      cli_parameters_text(&own->parameters)};
    status = px_audit_run(call->home, &request, &call->config, &report, err);
    cli_progress_end();
    if (!status)
        status = print_report(call, &report, err);
    if (!status)
        status = conclude(&report, err);
    px_audit_report_free(&report);
    return status;
}

const cli_verb cli_audit = {
    .name = "audit",
    .arguments = "",
    .summary = "Prove on your own bars and settings that training, backtest and live agree",
    .details =
        "Each check compares two ways of computing the same thing, bit for bit, and says how many cases "
        "it compared and where the first difference is; the end says in plain words what may be believed. "
        "Exit status 1 if one fails. --json prints "
        "{\"checks\": [...], \"findings\", \"warnings\"} with check, compared, cases, mismatches, verdict "
        "(pass, fail, skipped, "
        "shown), detail, proves, of a failure series and first: what differs, and the start of the "
        "first bar where it does, and plain.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_FINDINGS |
              PX_GROUP_OUTPUT,
    .places = audit_places,
    .own_size = sizeof(audit_options),
    .run = run,
};
