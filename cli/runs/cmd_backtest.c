// SPDX-License-Identifier: Apache-2.0
/* pixity backtest: runs a strategy over bars and stores the run. */
#include "cli/frame/cli.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

typedef struct backtest_options {
    const char *strategy, *model, *run_id, *signals;
    const char *capital, *slippage_bps;
    bool skip_meta_model;
    cli_parameters parameters;
    char default_id[65];
} backtest_options;

static const cli_place backtest_places[] = {
    {"strategy", .offset = offsetof(backtest_options, strategy)},
    {"param", .offset = offsetof(backtest_options, parameters)},
    {"signals", .offset = offsetof(backtest_options, signals)},
    {"model", .offset = offsetof(backtest_options, model)},
    {"skip-meta-model", .offset = offsetof(backtest_options, skip_meta_model)},
    {"capital", .offset = offsetof(backtest_options, capital)},
    {"slippage-bps", .offset = offsetof(backtest_options, slippage_bps)},
    {"run-id", .offset = offsetof(backtest_options, run_id)},
    {0},
};

/* The verb's own options come last, over --set. */
static px_status apply_options(cli_call *call, px_error *err) {
    const backtest_options *own = call->own;
    const struct {
        const char *key, *option, *value;
    } settings[] = {
        {"capital", "--capital", own->capital},
        {"slippage_bps", "--slippage-bps", own->slippage_bps},
        {"skip_meta_model", "--skip-meta-model", own->skip_meta_model ? "true" : NULL},
    };
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        px_status status =
            settings[i].value ? px_config_set(&call->config, settings[i].key, settings[i].value, err) : PX_OK;
        if (status)
            return cli_fail_prefix(err, status, "%s", settings[i].option);
    }
    return PX_OK;
}

/* Signals go with the strategy that reads them, and a model with one that uses it. */
static px_status check_strategy(cli_call *call, const backtest_options *own, const px_strategy *strategy,
                                px_error *err) {
    if (strategy->reads_signals && !own->signals)
        return cli_fail_usage(call, err, "--signals is missing: the file that strategy %s reads",
                              own->strategy);
    if (own->signals && !strategy->reads_signals)
        return cli_fail_usage(call, err, "--signals %s: strategy %s reads no signals; precomputed does",
                              own->signals, own->strategy);
    if (strategy->reads_signals && own->skip_meta_model)
        return cli_fail_usage(call, err, "--skip-meta-model: strategy %s uses no model", own->strategy);
    if (own->model && !strategy->uses_model)
        return cli_fail_usage(call, err, "--model %s: strategy %s uses no model", own->model, own->strategy);
    if (own->model && call->config.skip_meta_model)
        return cli_fail_usage(call, err, "--model %s contradicts skip_meta_model", own->model);
    return PX_OK;
}

static px_status resolve_strategy(cli_call *call, backtest_options *own, px_error *err) {
    px_strategy_config chosen;
    if (!own->strategy && *call->config.strategy_id)
        own->strategy = call->config.strategy_id;
    if (!own->strategy)
        return cli_fail_usage(call, err, "--strategy is missing; `pixity strategies` lists what there is");
    px_status status =
        px_strategy_config_read(own->strategy, cli_parameters_text(&own->parameters), &chosen, err);
    return status ? status : check_strategy(call, own, chosen.strategy, err);
}

/* Letters, digits, dot, underscore and hyphen stay; anything else becomes a hyphen. */
static void make_plain(char *text) {
    for (; *text; text++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._", *text))
            *text = '-';
}

/* "pixityAI_meta-RELIANCE-15m-20240131-153000-1f2e": when, in UTC, and four digits so that two runs that
 * start in one second differ. */
static void make_run_id(const cli_call *call, backtest_options *own) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], when[PX_TIME_TEXT_SIZE], symbol[20];
    const char *path = call->data.input, *slash = path ? strrchr(path, '/') : NULL;
    const char *name = call->data.symbol ? call->data.symbol : slash ? slash + 1 : path;
    size_t length = call->data.symbol ? strlen(name) : strcspn(name, "."); /* without .csv.gz */
    unsigned short salt = 0;
    if (getrandom(&salt, sizeof salt, 0) < 0)
        salt = (unsigned short)cli_clock_us();
    px_time_format_local(cli_clock_us() / PX_US_PER_SECOND * PX_US_PER_SECOND, NULL, when);
    snprintf(symbol, sizeof symbol, "%.*s", (int)(length < 18 ? length : 18), name);
    make_plain(symbol);
    snprintf(own->default_id, sizeof own->default_id, "%.16s-%s-%.6s-%.4s%.2s%.2s-%.2s%.2s%.2s-%04x",
             own->strategy, symbol, px_timeframe_format(call->data.timeframe_minutes, timeframe), when,
             when + 5, when + 8, when + 11, when + 14, when + 17, salt);
    own->run_id = own->default_id;
}

static px_status resolve(cli_call *call, backtest_options *own, px_error *err) {
    px_status status = cli_resolve_config(call, err);
    if (!status)
        status = apply_options(call, err);
    if (!status)
        status = resolve_strategy(call, own, err);
    if (!status)
        status = cli_resolve_data(call, err);
    if (!status && own->run_id && !px_run_id_valid(own->run_id))
        return cli_fail_usage(call, err,
                              "--run-id %s: 1 to 64 letters, digits, dots, underscores and hyphens, "
                              "the first a letter or digit",
                              own->run_id);
    if (!status && !own->run_id)
        make_run_id(call, own);
    return status;
}

/* A run that failed in the work is listed; one that was asked for wrongly never was one. */
static void note_failure(cli_call *call, const px_backtest_request *request, px_status failure,
                         const px_error *why) {
    px_error err = {0};
    if (px_status_is_usage(failure) || failure == PX_EINTERRUPTED)
        return;
    if (cli_open_home(call, &err) ||
        px_backtest_save_failure(call->home, request, &call->config, cli_clock_us(), why->message, &err))
        cli_log(call, CLI_LOG_WARNING, "the failed run could not be listed: %s", err.message);
}

static px_status print_stored(const cli_call *call, px_run *run, px_error *err) {
    const px_run_signals *signals = &run->signals;
    px_status status = px_run_find_trials(call->home, run, &run->trials, err);
    if (!status)
        status = cli_print_run(call, run, NULL, err);
    if (!status && signals->rejected)
        cli_log(call, CLI_LOG_WARNING, "%s: %" PRId64 " of %" PRId64 " rows rejected", signals->path,
                signals->rejected, signals->rows);
    if (!status)
        cli_suggest_run(call, run);
    return status;
}

/* Bars that are read in place need no data folder before there is a run to store. */
static px_status open_home(cli_call *call, const char *run_id, px_error *err) {
    px_status status =
        cli_data_direct(call) ? cli_open_home_if_there(call, err) : cli_open_home_to_read(call, err);
    return status || !call->home ? status : px_run_check_new(call->home, run_id, err);
}

static px_status run_request(cli_call *call, const px_backtest_request *request, px_backtest_result **result,
                             px_error *err) {
    px_status status = px_backtest_run(call->home, request, &call->config, result, err);
    cli_progress_end();
    if (status == PX_EINTERRUPTED)
        return cli_fail(err, status, "interrupted; no run was stored");
    if (status)
        note_failure(call, request, status, err);
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    backtest_options *own = call->own;
    px_backtest_result *result = NULL;
    call->reads_file = own->signals;
    px_status status = resolve(call, own, err);
    if (!status)
        status = open_home(call, own->run_id, err);
    if (status)
        return status;
    px_backtest_request request = {
        .data = call->data,
        .strategy_id = own->strategy,
        .parameters = cli_parameters_text(&own->parameters),
        .model = own->model,
        .run_id = own->run_id,
        .signals = own->signals,
    };
    status = run_request(call, &request, &result, err);
    if (!status)
        status = cli_open_home(call, err);
    if (!status)
        status = px_backtest_save(call->home, own->run_id, result, cli_clock_us(), err);
    if (!status)
        status = print_stored(call, &result->run, err);
    px_backtest_result_free(&result);
    return status;
}

const cli_verb cli_backtest = {
    .name = "backtest",
    .arguments = "",
    .summary = "Run a strategy over bars, store the run and print its summary",
    .details =
        "Signals pass idempotency, cooldown, daily limit, position rule, kill switch and sizing; what "
        "becomes of "
        "each is stored. The same request on the same data has the same fingerprint, and an earlier run "
        "never "
        "blocks a later one. --json prints the stored run: run_id, fingerprint, profile, metrics, events, "
        "in_sample_trades, findings, warnings, trials and more. Bars with error findings (bad_price, split, "
        "...) are "
        "refused unless --accept names the code; docs/findings.md lists them.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_FINDINGS |
              PX_GROUP_OUTPUT,
    .places = backtest_places,
    .own_size = sizeof(backtest_options),
    .run = run,
};
