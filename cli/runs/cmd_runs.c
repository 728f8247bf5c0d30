// SPDX-License-Identifier: Apache-2.0
/* pixity runs list|show|trades|events|delete: the run store. */
#include "cli/frame/cli.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define N_NAMES(names) (sizeof(names) / sizeof(names)[0])

/* ---- list --------------------------------------------------------------------------------------------- */

typedef struct list_options {
    const char *sort;
    cli_texts columns, where;
    bool descending, ascending;
} list_options;

static const cli_place list_places[] = {
    {"sort", .offset = offsetof(list_options, sort)},
    {"desc", .offset = offsetof(list_options, descending)},
    {"asc", .offset = offsetof(list_options, ascending)},
    {"where", .offset = offsetof(list_options, where)},
    {"column", .offset = offsetof(list_options, columns)},
    {0},
};

/* What is asked for, and the metrics that have to be printed for it. */
typedef struct list_plan {
    px_runs_request request;
    px_runs_condition *conditions;
    px_column_def *metrics;
    const char **keys; /* --column, --sort and --where, which are printed */
    size_t n_keys;
} list_plan;

static void free_plan(list_plan *plan) {
    free(plan->conditions);
    free(plan->metrics);
    free(plan->keys);
}

static void add_key(list_plan *plan, const char *key) {
    if (!px_runs_have_column(key))
        plan->keys[plan->n_keys++] = key;
}

static px_status make_plan(const list_options *own, bool all, list_plan *plan, px_error *err) {
    px_status status = PX_OK;
    plan->conditions = calloc(own->where.n + 1, sizeof *plan->conditions);
    plan->keys = calloc(own->where.n + own->columns.n + 1, sizeof *plan->keys);
    if (!plan->conditions || !plan->keys)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    for (size_t i = 0; i < own->columns.n; i++)
        add_key(plan, own->columns.items[i]);
    for (size_t i = 0; i < own->where.n && !status; i++) {
        status = px_runs_condition_parse(own->where.items[i], &plan->conditions[i], err);
        add_key(plan, plan->conditions[i].key);
    }
    if (own->sort)
        add_key(plan, own->sort);
    plan->request = (px_runs_request){
        .conditions = plan->conditions,
        .n_conditions = own->where.n,
        .sort = own->sort,
        .descending = own->descending || (own->sort && !own->ascending && !px_runs_have_column(own->sort)),
    };
    if (!status)
        status = px_metric_columns(all ? INT_MAX : PX_METRIC_FIRST, plan->keys, plan->n_keys, &plan->metrics,
                                   &plan->request.n_metrics, err);
    plan->request.metrics = plan->metrics;
    return status;
}

/* What fits a terminal; --csv and --json print every column. */
static px_status select_narrow(const px_table *table, const list_plan *plan, px_table *view, px_error *err) {
    static const char *const first[] = {"run_id",  "status", "strategy", "symbol",      "timeframe",
                                        "profile", "start",  "end",      "data_changed"};
    const size_t n = N_NAMES(first), n_metrics = plan->request.n_metrics;
    const char **names = calloc(n + n_metrics + 1, sizeof *names);
    if (!names)
        return cli_fail(err, PX_ENOMEM, "out of memory");
    memcpy(names, first, sizeof first);
    for (size_t i = 0; i < n_metrics; i++)
        names[n + i] = plan->metrics[i].name;
    names[n + n_metrics] = "message";
    px_status status = cli_select_columns(table, names, n + n_metrics + 1, view, err);
    free(names);
    return status;
}

static px_status print_runs(cli_call *call, const list_plan *plan, bool all, px_error *err) {
    px_table table = {0}, view = {0};
    px_calendar *calendar = NULL;
    px_status status = cli_open_home(call, err);
    if (!status)
        status = cli_open_calendar(NULL, &calendar, err);
    if (!status)
        status = px_runs_select(call->home, &plan->request, &table, err);
    if (!status && !all)
        status = select_narrow(&table, plan, &view, err);
    if (!status)
        status = cli_print_table(call, all ? &table : &view, PX_TABLE_TEXT, px_calendar_zone(calendar), err);
    free(view.columns);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

static px_status run_list(cli_call *call, px_error *err) {
    list_options *own = call->own;
    const bool all = call->format != CLI_FORMAT_DEFAULT;
    list_plan plan = {0};
    if (own->ascending && own->descending)
        return cli_fail_usage(call, err, "--asc and --desc contradict each other");
    px_status status = make_plan(own, all, &plan, err);
    if (!status)
        status = print_runs(call, &plan, all, err);
    free_plan(&plan);
    free(own->where.items);
    free(own->columns.items);
    return status;
}

const cli_verb cli_runs_list = {
    .name = "runs list",
    .arguments = "",
    .summary = "List the stored runs, oldest first, with their headline metrics net of fees",
    .details = "Metrics have the keys that `pixity metrics` lists. What is sorted by, chosen by or named "
               "with --column is printed; a "
               "run without a value of it stands last, and meets no condition on it. --json and --csv have "
               "all headlines.",
    .groups = PX_GROUP_OUTPUT,
    .places = list_places,
    .own_size = sizeof(list_options),
    .run = run_list,
};

/* ---- show --------------------------------------------------------------------------------------------- */

/* `json` NULL = only the run; else with what is computed on reading, and its document. */
static px_status read_run(cli_call *call, px_run *run, char **json, px_error *err) {
    const char *id = call->arguments.items[0];
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status =
            json ? px_backtest_load(call->home, id, run, json, err) : px_run_load(call->home, id, run, err);
    if (status == PX_ECORRUPT) {
        const px_error why = *err;
        return cli_fail(err, status, "%.900s (`pixity runs delete %s` removes it)", why.message, id);
    }
    return status || (run->run_id && !strcmp(run->run_id, id))
               ? status
               : cli_fail(err, PX_ECORRUPT,
                          "run %s is damaged: its run.json is not that of this run; `pixity runs delete %s` "
                          "removes it",
                          id, id);
}

static px_status run_show(cli_call *call, px_error *err) {
    char *json = NULL;
    px_run run = {0};
    px_status status = read_run(call, &run, &json, err);
    if (!status)
        status = cli_print_run(call, &run, json, err);
    if (!status)
        cli_suggest_run(call, &run);
    px_run_free(&run);
    free(json);
    return status;
}

const cli_verb cli_runs_show = {
    .name = "runs show",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Show a run: warnings, request, results gross and net, what became of its events",
    .details =
        "--json prints everything that is stored about it but its tables, and under `trials` what is "
        "computed "
        "from the other runs in the store: how many trials this one was chosen from, and its deflated Sharpe "
        "ratio.",
    .groups = PX_GROUP_OUTPUT,
    .run = run_show,
};

/* ---- tables ------------------------------------------------------------------------------------------- */

typedef struct table_options {
    bool full;
} table_options;

static const cli_place table_places[] = {
    {"full", .offset = offsetof(table_options, full)},
    {0},
};

px_status cli_print_run_table(cli_call *call, const char *part, const char *const *names, size_t n,
                              px_table_style fallback, px_error *err) {
    const char *id = call->arguments.items[0];
    px_run run = {0};
    px_table table = {0}, view = {0};
    px_calendar *calendar = NULL;
    px_status status = read_run(call, &run, NULL, err);
    if (!status && px_run_failed(&run))
        status = cli_fail(err, PX_ENOTFOUND, "run %s failed and has no %s: `pixity runs show %s` tells why",
                          id, part, id);
    if (!status)
        status = px_run_calendar(call->home, id, &calendar, err);
    if (!status)
        status = px_run_read_table(call->home, id, part, &table, err);
    if (!status && n)
        status = cli_select_columns(&table, names, n, &view, err);
    if (!status)
        status = cli_print_table(call, n ? &view : &table, fallback, px_calendar_zone(calendar), err);
    free(view.columns);
    px_table_free(&table);
    px_calendar_close(&calendar);
    px_run_free(&run);
    return status;
}

/* Its columns that every version prints, or with --full all of them. */
static px_status print_part(cli_call *call, const char *part, const char *const *names, size_t n,
                            px_error *err) {
    const table_options *own = call->own;
    return cli_print_run_table(call, part, names, own->full ? 0 : n, PX_TABLE_TEXT, err);
}

static px_status run_trades(cli_call *call, px_error *err) {
    static const char *const names[] = {"entry_ts",    "exit_ts",    "direction",   "qty",
                                        "entry_price", "exit_price", "stop",        "target",
                                        "pnl",         "fees",       "pnl_net",     "bars_held",
                                        "exit_reason", "event_type", "probability", "in_sample"};
    return print_part(call, "trades", names, N_NAMES(names), err);
}

const cli_verb cli_runs_trades = {
    .name = "runs trades",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Print the trades of a run, by entry time",
    .details =
        "Columns: entry_ts,exit_ts,direction,qty,entry_price,exit_price,stop,target,pnl,fees,pnl_net,"
        "bars_held,exit_reason,event_type,probability,in_sample. pnl is gross, fees are of both sides, "
        "rupees; stop and target as first set; bars_held counts watched bars to the exit, inclusive; "
        "in_sample is 1 inside the model's training window, empty without a model or where that window is "
        "unknown.",
    .groups = PX_GROUP_OUTPUT,
    .places = table_places,
    .own_size = sizeof(table_options),
    .run = run_trades,
};

static px_status run_events(cli_call *call, px_error *err) {
    static const char *const names[] = {"ts",   "side",     "event_type",           "probability",
                                        "fate", "quantity", "entry_price_at_event", "atr_at_event"};
    return print_part(call, "signals", names, N_NAMES(names), err);
}

const cli_verb cli_runs_events = {
    .name = "runs events",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Print every candidate of a run and its outcome: executed, rejected_model, cooldown, ...",
    .groups = PX_GROUP_OUTPUT,
    .places = table_places,
    .own_size = sizeof(table_options),
    .run = run_events,
};

/* ---- delete ------------------------------------------------------------------------------------------- */

static px_status run_delete(cli_call *call, px_error *err) {
    const char *id = call->arguments.items[0];
    px_status status = cli_open_home_to_read(call, err);
    if (!status)
        status = px_run_delete(call->home, id, err);
    return status ? status : cli_print_deleted(call, id, err);
}

const cli_verb cli_runs_delete = {
    .name = "runs delete",
    .arguments = "ID",
    .min_arguments = 1,
    .max_arguments = 1,
    .summary = "Delete a run",
    .groups = PX_GROUP_OUTPUT,
    .run = run_delete,
};
