// SPDX-License-Identifier: Apache-2.0
/* What every check starts from: the series from its first bar to its last, the run's part of it, and what the
 * stages make of that. */
#include "audit/audit.h"

#include <stdio.h>
#include <string.h>
#include "base/error.h"
#include "base/text.h"
#include "findings/findings.h"
#include "pixity/requests.h"

pxi_audit_drivers pxi_audit_real_drivers(void) {
    return (pxi_audit_drivers){
        .stages = pxi_real_stages,
        .replay = pxi_replay_run,
        .resample_step = px_resample_step,
        .fit = px_predictor_train,
        .backtest = px_backtest_run,
    };
}

px_status pxi_audit_tell(const pxi_audit *audit, size_t done, size_t total, px_error *err) {
    return pxi_work_tell(audit->work, audit->phase, done, total, err);
}

/* ---- settings ----------------------------------------------------------------------------------------- */

px_config pxi_audit_causal(const px_config *config) {
    px_config causal = *config;
    causal.swing = PX_SWING_CONFIRMED;
    causal.vwap_fallback = PX_VWAP_SESSION;
    return causal;
}

const char *pxi_audit_ahead(const px_config *config, char buf[PXI_AUDIT_SETTINGS_SIZE]) {
    const bool swing = config->swing == PX_SWING_CENTERED, vwap = config->vwap_fallback == PX_VWAP_DATASET;
    snprintf(buf, PXI_AUDIT_SETTINGS_SIZE, "%s%s%s", swing ? "swing=centered" : "",
             swing && vwap ? " and " : "", vwap ? "vwap_fallback=dataset" : "");
    return buf;
}

static px_status find_strategy(pxi_audit *audit, px_error *err) {
    const char *id = audit->request->strategy_id ? audit->request->strategy_id : PX_USUAL_STRATEGY;
    px_status status = px_strategy_config_read(id, audit->request->parameters, &audit->chosen, err);
    audit->strategy = audit->chosen.strategy;
    if (!status && audit->strategy->reads_signals)
        return pxi_fail(err, PX_EINPUT,
                        "strategy %s reads signals that were made elsewhere: how they came about cannot be "
                        "audited",
                        id);
    if (!status && audit->request->model && !audit->strategy->uses_model)
        return pxi_fail(err, PX_EINPUT, "strategy %s uses no model, and %s is named", id,
                        audit->request->model);
    if (!status)
        status = px_config_check(&audit->config, err);
    if (!status && *audit->config.fee_table)
        status = px_fee_table_load(audit->config.fee_table, &audit->fee_table, err);
    return status;
}

/* ---- bars --------------------------------------------------------------------------------------------- */

px_dataset pxi_audit_view(const px_dataset *data, size_t begin, size_t end) {
    px_dataset view = *data;
    view.bars = px_bars_slice(&data->bars, begin, end);
    if (px_detail_is_present(&data->detail))
        view.detail.first = data->detail.first + begin;
    view.begin = data->begin > begin ? data->begin - begin : 0;
    view.end = (data->end < end ? data->end : end) - begin;
    return view;
}

/* The window of a request, in a series that goes on after it. */
static void find_window(pxi_audit *audit) {
    px_dataset *all = &audit->all;
    const px_data_request *request = &audit->request->data;
    const int days = px_config_warmup_backtest(&audit->config);
    if (request->end_date != PX_NO_DATE)
        all->end = px_bars_lower_bound(
            &all->bars, px_calendar_session(all->calendar, request->end_date).next_midnight_us);
    if (request->start_date != PX_NO_DATE && days >= 0)
        audit->data_at = px_bars_lower_bound(
            &all->bars, px_calendar_session(all->calendar, request->start_date - days).midnight_us);
}

/* Everything, where the window's end leaves bars of that series in the window; else as a run does, which
 * tells what is wrong. A continuous series that goes on has other prices before its rolls: it ends with the
 * window. */
static px_status load(pxi_audit *audit, px_error *err) {
    px_data_request request = audit->request->data;
    request.detail = audit->config.detail;
    request.holes = audit->config.holes;
    if (!request.continuous.rank)
        request.end_date = PX_NO_DATE;
    audit->phase = "load";
    px_status status = pxi_audit_tell(audit, 0, 0, err);
    if (!status)
        status = px_dataset_load(audit->home, &request, audit->config.resample_anchor, PX_WARMUP_ALL,
                                 &audit->all, err);
    if (status)
        return status;
    find_window(audit);
    if (audit->all.begin >= audit->all.end) {
        px_dataset_free(&audit->all);
        request.end_date = audit->request->data.end_date;
        status = px_dataset_load(audit->home, &request, audit->config.resample_anchor, PX_WARMUP_ALL,
                                 &audit->all, err);
        if (status)
            return status;
        find_window(audit);
    }
    audit->data = pxi_audit_view(&audit->all, audit->data_at, audit->all.end);
    if (audit->data.bars.n < PX_EVENT_MIN_BAR)
        return pxi_fail(err, PX_EINPUT,
                        "%zu bars of %s are too few for an audit, which needs %d; widen --start and --end or "
                        "take a shorter timeframe",
                        audit->data.bars.n, audit->data.instrument.symbol, PX_EVENT_MIN_BAR);
    return PX_OK;
}

/* A model that is named has to be there. One that does not fit is what a check reports. */
static px_status open_model(pxi_audit *audit, px_error *err) {
    px_error why = {0};
    if (!audit->strategy->uses_model || audit->config.skip_meta_model) {
        pxi_copy(audit->model_message, sizeof audit->model_message,
                 audit->strategy->uses_model ? "skip_meta_model is set" : "the strategy uses no model");
        return PX_OK;
    }
    audit->model_status =
        px_model_open(audit->home, audit->request->model, &audit->data, &audit->config, &audit->model, &why);
    if (audit->model_status == PX_OK)
        return PX_OK;
    const bool wanted = audit->request->model || *audit->config.model_path;
    if (audit->model_status != PX_EMISMATCH && (wanted || audit->model_status != PX_ENOTFOUND)) {
        if (err)
            *err = why;
        return audit->model_status;
    }
    pxi_copy(audit->model_message, sizeof audit->model_message, why.message);
    audit->config.skip_meta_model = true;
    return PX_OK;
}

/* What a backtest of the same request would refuse or say of its bars, before anything is made of them. */
static px_status look_at_bars(pxi_audit *audit, px_error *err) {
    px_data_request request = audit->request->data;
    px_dataset data = {0};
    request.detail = audit->config.detail;
    request.check = true;
    audit->phase = "load";
    px_status status = px_dataset_load(audit->home, &request, audit->config.resample_anchor,
                                       px_config_warmup_backtest(&audit->config), &data, err);
    audit->findings = data.findings;
    data.findings = (px_findings){0};
    px_dataset_free(&data);
    return status;
}

/* ---- stages ------------------------------------------------------------------------------------------- */

pxi_flow pxi_audit_flow(const pxi_audit *audit, const px_dataset *data) {
    return (pxi_flow){
        .data = data,
        .config = &audit->config,
        .strategy = audit->strategy,
        .model = audit->model,
        .parameters = audit->chosen.values,
        .fee_table = audit->fee_table,
        .work = audit->work,
    };
}

px_status pxi_audit_find_signals(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *pass,
                                 px_error *err) {
    const pxi_flow flow = pxi_audit_flow(audit, data);
    return pxi_batch_signals(&flow, &pass->found.frame, &pass->made.candidates, &pass->signals, err);
}

px_status pxi_audit_replay(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *pass,
                           px_error *err) {
    pxi_flow flow = pxi_audit_flow(audit, data);
    const pxi_sink journal = {&pxi_journal_sink, &pass->journal};
    const pxi_desks desks = {.flows = &flow, .n = 1, .sinks = {&journal, 1}};
    return pxi_batch_replay(&desks, audit->drivers->replay, &pass->signals, &pass->made, err);
}

px_status pxi_audit_compute(const pxi_audit *audit, const px_dataset *data, pxi_audit_pass *out,
                            px_error *err) {
    px_status status = pxi_labelled_find(&audit->drivers->stages, data, &audit->config, &out->found, err);
    if (!status)
        status = pxi_work_ask(audit->work, err);
    if (!status)
        status = pxi_audit_find_signals(audit, data, out, err);
    if (!status)
        status = pxi_audit_replay(audit, data, out, err);
    if (status)
        pxi_audit_pass_free(out);
    return status;
}

px_status pxi_audit_trade_again(const pxi_audit *audit, pxi_audit_pass *out, px_error *err) {
    pxi_audit_pass pass = {.found = audit->run.found};
    px_status status = pxi_audit_find_signals(audit, &audit->data, &pass, err);
    if (!status)
        status = pxi_audit_replay(audit, &audit->data, &pass, err);
    pass.found = (pxi_labelled_events){0};
    if (status)
        pxi_audit_pass_free(&pass);
    else
        *out = pass;
    return status;
}

double pxi_audit_net(const pxi_journal *journal) {
    double net = 0;
    for (size_t i = 0; i < journal->n_trades; i++)
        net += journal->trades[i].pnl - journal->trades[i].fees;
    return net;
}

void pxi_audit_pass_free(pxi_audit_pass *pass) {
    pxi_labelled_free(&pass->found);
    px_signal_list_free(&pass->signals);
    pxi_found_free(&pass->made);
    pxi_journal_free(&pass->journal);
}

px_status pxi_audit_open(pxi_audit *audit, px_error *err) {
    px_status status = find_strategy(audit, err);
    if (!status)
        status = px_findings_check_codes(audit->request->data.accept, err);
    if (!status)
        status = look_at_bars(audit, err);
    if (!status)
        status = load(audit, err);
    if (!status)
        status = open_model(audit, err);
    if (!status)
        status = pxi_audit_compute(audit, &audit->data, &audit->run, err);
    return status;
}

void pxi_audit_keep_journal(pxi_audit *audit) {
    const pxi_journal journal = audit->run.journal;
    audit->run.journal = (pxi_journal){0};
    pxi_audit_pass_free(&audit->run);
    audit->run = (pxi_audit_pass){.journal = journal};
    px_bars_free(&audit->all.bars);
    px_detail_free(&audit->all.detail);
    audit->data.bars = (px_bars){0};
    audit->data.detail = (px_detail){0};
}

void pxi_audit_close(pxi_audit *audit) {
    pxi_audit_pass_free(&audit->run);
    px_model_close(&audit->model);
    px_fee_table_free(&audit->fee_table);
    px_dataset_free(&audit->all);
    pxi_findings_free(&audit->findings);
}
