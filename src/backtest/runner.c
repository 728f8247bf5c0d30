// SPDX-License-Identifier: Apache-2.0
/* A backtest, from the request to what comes of it. Read run_through near the end first: it is the pipeline.
 */
#include "backtest/result.h"
#include "base/error.h"
#include "base/work.h"
#include "engine/batch.h"
#include "pixity/signals.h"

/* Everything a run makes on its way; freed as one. */
typedef struct run {
    px_home *home;
    const px_backtest_request *request;
    const px_config *config;
    px_strategy_config chosen;
    const px_strategy *strategy; /* of these */
    px_dataset loaded;           /* unless the request brings its bars */
    const px_dataset *dataset;
    px_signal_rows signals; /* of a strategy that reads them */
    px_model *model;
    px_fee_table *fee_table; /* NULL = the built-in one */
    pxi_found found;         /* what comes of the flow */
    pxi_tally tally;
    bool wants_journal;
    pxi_journal journal;
} run;

static px_status tell(const run *r, const char *phase, px_error *err) {
    return pxi_work_tell(&r->request->data.work, phase, 0, 0, err);
}

/* What can be seen to be wrong before anything is loaded. */
static px_status check_settings(run *r, px_error *err) {
    px_status status = px_config_check(r->config, err);
    if (!status)
        status = px_findings_check_codes(r->request->data.accept, err);
    if (!status && r->strategy->reads_signals && !r->request->signals)
        return pxi_fail(err, PX_EINPUT, "strategy %s needs a file of signals", r->strategy->id);
    if (!status && !r->strategy->reads_signals && r->request->signals)
        return pxi_fail(err, PX_EINPUT, "strategy %s reads no signals; precomputed does", r->strategy->id);
    if (!status && *r->config->fee_table)
        status = px_fee_table_load(r->config->fee_table, &r->fee_table, err);
    return status;
}

static px_status load(run *r, px_error *err) {
    r->dataset = r->request->dataset;
    if (r->dataset)
        return PX_OK;
    px_data_request data = r->request->data;
    data.detail = r->config->detail;
    data.holes = r->config->holes;
    data.check = r->wants_journal;
    px_status status = tell(r, "load", err);
    if (!status)
        status = px_dataset_load(r->home, &data, r->config->resample_anchor,
                                 px_config_warmup_backtest(r->config), &r->loaded, err);
    r->dataset = &r->loaded;
    return status;
}

static px_status check_length(const run *r, px_error *err) {
    const px_dataset *data = r->dataset;
    if (data->bars.n < PX_EVENT_MIN_BAR && !r->strategy->reads_signals)
        return pxi_fail(
            err, PX_EINPUT,
            "%zu bars of %s are too few for a backtest, which needs %d; widen --start and --end or "
            "take a shorter timeframe",
            data->bars.n, data->instrument.symbol, PX_EVENT_MIN_BAR);
    return PX_OK;
}

static px_status read_signals(run *r, px_error *err) {
    if (!r->strategy->reads_signals)
        return PX_OK;
    const px_signals_config config = {
        .zone = px_calendar_zone(r->dataset->calendar),
        .instrument = &r->dataset->instrument,
        .limits = r->request->data.input_limits,
    };
    px_status status = tell(r, "read signals", err);
    if (!status)
        status = px_signals_read(r->request->signals, &config, &r->signals, err);
    return status ? status : px_signals_place(&r->signals, r->dataset, r->request->signals, err);
}

static px_status open_model(run *r, px_error *err) {
    if (!r->strategy->uses_model || r->config->skip_meta_model)
        return PX_OK;
    px_status status = tell(r, "model", err);
    return status ? status : px_model_open(r->home, r->request->model, r->dataset, r->config, &r->model, err);
}

static px_status trade(run *r, px_error *err) {
    pxi_flow flow = {
        .data = r->dataset,
        .config = r->config,
        .strategy = r->strategy,
        .parameters = r->chosen.values,
        .model = r->model,
        .signals = r->strategy->reads_signals ? &r->signals : NULL,
        .fee_table = r->fee_table,
        .work = &r->request->data.work,
    };
    const pxi_sink sinks[] = {{&pxi_tally_sink, &r->tally}, {&pxi_journal_sink, &r->journal}};
    const pxi_desks desks = {.flows = &flow, .n = 1, .sinks = {sinks, r->wants_journal ? 2 : 1}};
    px_status status = pxi_tally_open(&r->tally, r->dataset, r->config->capital, r->model, err);
    return status ? status : pxi_batch_run(&desks, &r->found, err);
}

static px_status summarise(run *r, px_backtest_result **out, px_error *err) {
    const pxi_run_facts facts = {
        .request = r->request,
        .config = r->config,
        .chosen = &r->chosen,
        .dataset = &r->loaded,
        .model = r->model,
        .fee_table = r->fee_table,
        .candidates = &r->found.candidates,
        .tally = &r->tally,
        .journal = &r->journal,
        .signals = r->strategy->reads_signals ? &r->signals : NULL,
        .n_without_vwap = r->found.n_without_vwap,
    };
    return pxi_result_make(&facts, out, err);
}

static void free_run(run *r) {
    px_dataset_free(&r->loaded);
    px_signal_rows_free(&r->signals);
    px_model_close(&r->model);
    px_fee_table_free(&r->fee_table);
    pxi_found_free(&r->found);
    pxi_tally_free(&r->tally);
    pxi_journal_free(&r->journal);
}

static px_status run_through(run *r, px_error *err) {
    px_status status =
        px_strategy_config_read(r->request->strategy_id, r->request->parameters, &r->chosen, err);
    r->strategy = r->chosen.strategy;
    if (!status)
        status = check_settings(r, err);
    if (!status)
        status = load(r, err);
    if (!status)
        status = check_length(r, err);
    if (!status)
        status = read_signals(r, err);
    if (!status)
        status = open_model(r, err);
    if (!status)
        status = trade(r, err);
    return status ? status : tell(r, "result", err);
}

px_status px_backtest_run(px_home *home, const px_backtest_request *request, const px_config *config,
                          px_backtest_result **out, px_error *err) {
    if (request->dataset)
        return pxi_fail(
            err, PX_EINPUT,
            "a whole backtest loads its bars itself: leave `dataset` out, or ask px_backtest_tally");
    run r = {.home = home, .request = request, .config = config, .wants_journal = true};
    px_status status = run_through(&r, err);
    if (!status)
        status = summarise(&r, out, err);
    free_run(&r);
    return status;
}

px_status px_backtest_tally(px_home *home, const px_backtest_request *request, const px_config *config,
                            px_tally *out, px_error *err) {
    run r = {.home = home, .request = request, .config = config};
    px_status status = run_through(&r, err);
    if (!status)
        status = pxi_tally_result(&r.tally, &r.found.candidates, out, err);
    free_run(&r);
    return status;
}
