// SPDX-License-Identifier: Apache-2.0
/* A backtest, from the request to its result. Read px_backtest_run at the end first: it is the pipeline. */
#include <math.h>
#include "engine/replay.h"
#include "backtest/result.h"
#include "backtest/run_signals.h"
#include "base/error.h"
#include "events/scan.h"
#include "indicators/kernel.h"
#include "pixity/signals.h"

/* Everything a run makes on its way; freed as one. */
typedef struct run {
    px_home *home;
    const px_backtest_request *request;
    const px_config *config;
    px_progress_fn progress;
    void *user;
    const px_strategy *strategy;
    px_dataset dataset;
    px_signal_rows signals; /* of a strategy that reads them */
    px_model *model;
    px_fee_table *fee_table; /* NULL = the built-in one */
    px_candidate_list candidates;
    pxi_journal journal;
    size_t n_without_vwap;
} run;

static void tell(const run *r, const char *phase) {
    if (r->progress)
        r->progress(r->user, phase, 0, 0);
}

/* What can be told wrong before anything is loaded. */
static px_status check_settings(run *r, px_error *err) {
    px_status status = px_config_check(r->config, err);
    if (!status && r->strategy->reads_signals && !r->request->signals)
        return pxi_fail(err, PX_EINPUT, "strategy %s needs a file of signals", r->strategy->id);
    if (!status && !r->strategy->reads_signals && r->request->signals)
        return pxi_fail(err, PX_EINPUT, "strategy %s reads no signals; precomputed does", r->strategy->id);
    if (!status && *r->config->fee_table)
        status = px_fee_table_load(r->config->fee_table, &r->fee_table, err);
    return status;
}

static px_status load(run *r, px_error *err) {
    tell(r, "load");
    px_data_request data = r->request->data;
    data.detail = r->config->detail;
    px_status status = px_dataset_load(r->home, &data, r->config->resample_anchor,
                                       px_config_warmup_backtest(r->config), &r->dataset, err);
    if (status)
        return status;
    if (r->dataset.bars.n < PX_EVENT_MIN_BAR && !r->strategy->reads_signals)
        return pxi_fail(
            err, PX_EINPUT,
            "%zu bars of %s are too few for a backtest, which needs %d; widen --start and --end or "
            "take a shorter timeframe",
            r->dataset.bars.n, r->dataset.instrument.symbol, PX_EVENT_MIN_BAR);
    return PX_OK;
}

static px_status read_signals(run *r, px_error *err) {
    if (!r->strategy->reads_signals)
        return PX_OK;
    tell(r, "read signals");
    const px_signals_config config = {
        .zone = px_calendar_zone(r->dataset.calendar),
        .instrument = &r->dataset.instrument,
        .limits = r->request->data.input_limits,
    };
    px_status status = px_signals_read(r->request->signals, &config, &r->signals, err);
    return status ? status : px_signals_place(&r->signals, &r->dataset, r->request->signals, err);
}

static px_status open_model(run *r, px_error *err) {
    if (!r->strategy->uses_model || r->config->skip_meta_model)
        return PX_OK;
    tell(r, "model");
    return px_model_open(r->home, r->request->model, &r->dataset, r->config, &r->model, err);
}

static px_status replay(run *r, pxi_signal_source source, px_error *err) {
    tell(r, "replay");
    pxi_replay_setup setup = {
        .calendar = r->dataset.calendar,
        .instrument = &r->dataset.instrument,
        .timeframe_minutes = r->dataset.timeframe_minutes,
        .config = r->config,
        .fee_table = r->fee_table,
        .scope = r->request->run_id ? r->request->run_id : "",
        .strategy_id = r->strategy->id,
    };
    return pxi_replay_run(&setup, &r->dataset, &source, &r->candidates, &r->journal, err);
}

static size_t count_without_vwap(const px_dataset *data, const px_feature_frame *frame) {
    size_t n = 0;
    for (size_t i = data->begin; i < data->end; i++)
        n += isnan(frame->column[PX_VWAP][i]);
    return n;
}

/* What signals are made of. A strategy on events needs no frame where its blocks are enough. */
typedef struct ground {
    px_feature_frame frame;
    pxi_event_scan scan;
} ground;

static px_status compute_ground(run *r, ground *g, px_batch_input *input, px_error *err) {
    const px_dataset *data = &r->dataset;
    px_status status;
    tell(r, "features");
    if (r->strategy->take_events && pxi_frame_is_causal(&data->bars, r->config)) {
        status = pxi_events_scan(data, r->config, &g->scan, err);
        input->events = &g->scan.events;
        r->n_without_vwap = g->scan.n_without_vwap;
    } else {
        status = px_features_compute(&data->bars, data->calendar, r->config, &g->frame, err);
        input->frame = &g->frame;
        r->n_without_vwap = status ? 0 : count_without_vwap(data, &g->frame);
    }
    return status;
}

/* Signals that were made elsewhere know their features. */
static px_status find_signals(run *r, px_signal_list *signals, px_error *err) {
    ground g = {0};
    px_batch_input input = {.dataset = &r->dataset, .config = r->config, .model = r->model};
    px_status status = PX_OK;
    if (r->strategy->reads_signals)
        input.signals = &r->signals;
    else
        status = compute_ground(r, &g, &input, err);
    if (!status) {
        tell(r, "signals");
        status = r->strategy->find_signals(&input, &r->candidates, signals, err);
    }
    px_feature_frame_free(&g.frame);
    px_event_list_free(&g.scan.events);
    return status;
}

/* Batch path: all signals at once, then their replay. */
static px_status trade_batch(run *r, px_error *err) {
    px_signal_list signals = {0};
    pxi_listed_signals listed = {&signals, 0};
    px_status status = find_signals(r, &signals, err);
    if (!status)
        status = replay(r, pxi_signals_listed(&listed), err);
    px_signal_list_free(&signals);
    return status;
}

/* Standard path: bar after bar. */
static px_status trade_standard(run *r, px_error *err) {
    pxi_bar_signals shown;
    px_status status = pxi_bar_signals_batch(&shown, r->strategy, &r->dataset, r->config, err);
    if (!status)
        status = replay(r, pxi_signals_of_bars(&shown), err);
    pxi_bar_signals_free(&shown);
    return status;
}

static px_status trade(run *r, px_error *err) {
    return r->strategy->find_signals ? trade_batch(r, err) : trade_standard(r, err);
}

static px_status summarise(run *r, px_backtest_result **out, px_error *err) {
    tell(r, "result");
    pxi_run_facts facts = {
        .request = r->request,
        .config = r->config,
        .strategy = r->strategy,
        .dataset = &r->dataset,
        .model = r->model,
        .fee_table = r->fee_table,
        .candidates = &r->candidates,
        .journal = &r->journal,
        .signals = r->strategy->reads_signals ? &r->signals : NULL,
        .n_without_vwap = r->n_without_vwap,
    };
    return pxi_result_make(&facts, out, err);
}

static void free_run(run *r) {
    px_dataset_free(&r->dataset);
    px_signal_rows_free(&r->signals);
    px_model_close(&r->model);
    px_fee_table_free(&r->fee_table);
    px_candidate_list_free(&r->candidates);
    pxi_journal_free(&r->journal);
}

px_status px_backtest_run(px_home *home, const px_backtest_request *request, const px_config *config,
                          px_progress_fn progress, void *user, px_backtest_result **out, px_error *err) {
    run r = {.home = home, .request = request, .config = config, .progress = progress, .user = user};
    px_status status = px_strategy_find(request->strategy_id, &r.strategy, err);
    if (!status)
        status = check_settings(&r, err);
    if (!status)
        status = load(&r, err);
    if (!status)
        status = read_signals(&r, err);
    if (!status)
        status = open_model(&r, err);
    if (!status)
        status = trade(&r, err);
    if (!status)
        status = summarise(&r, out, err);
    free_run(&r);
    return status;
}
