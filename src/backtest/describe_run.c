// SPDX-License-Identifier: Apache-2.0
/* What a run says of itself beside its tables: a px_run, of what the stages left. */
#include "backtest/result.h"

#include <stdlib.h>
#include "backtest/run_findings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/text.h"
#include "findings/findings.h"
#include "metrics/metrics.h"
#include "store/runs/run_json.h"

/* ---- texts -------------------------------------------------------------------------------------------- */

static void set_date(char **text, int32_t date, bool *failed) {
    char buf[PX_TIME_TEXT_SIZE];
    pxi_run_set(text, date == PX_NO_DATE ? NULL : px_date_format(date, buf), failed);
}

static void set_time(char **text, const px_dataset *data, int64_t ts_us, bool *failed) {
    char buf[PX_TIME_TEXT_SIZE];
    pxi_run_set(text, px_time_format_iso(ts_us, px_calendar_zone(data->calendar), buf), failed);
}

static void set_timeframe(char **text, int minutes, bool *failed) {
    char buf[PX_TIMEFRAME_TEXT_SIZE];
    pxi_run_set(text, px_timeframe_format(minutes, buf), failed);
}

/* ---- what was asked ----------------------------------------------------------------------------------- */

/* The values that differ from the usual ones. */
static void add_parameters(px_run_numbers *out, const px_strategy_config *chosen, bool *failed) {
    const px_parameters parameters = px_strategy_parameters(chosen->strategy);
    for (size_t i = 0; i < parameters.n; i++)
        if (chosen->values[i] != parameters.items[i].usual)
            pxi_run_add_number(out, parameters.items[i].name, chosen->values[i], parameters.items[i].whole,
                               failed);
}

static void describe_reading(const px_source_reading *reading, px_run_request *out, bool *failed) {
    static const char *const kinds[] = {NULL, "traded", "cumulative"};
    pxi_run_set(&out->tz, reading->tz, failed);
    pxi_run_set(&out->columns, reading->columns, failed);
    pxi_run_set(&out->header, reading->no_header ? "no" : NULL, failed);
    pxi_run_set(&out->date_format, reading->date_format, failed);
    pxi_run_set(&out->profile_of_source, reading->source, failed);
    pxi_run_set(&out->table, reading->table, failed);
    pxi_run_set(&out->sheet, reading->sheet, failed);
    pxi_run_set(&out->volume, kinds[reading->volume], failed);
    pxi_run_set(&out->as_is, reading->as_is ? "yes" : NULL, failed);
    pxi_run_set(&out->keep_good, reading->keep_good ? "yes" : NULL, failed);
}

static void describe_request(const px_backtest_request *request, px_run_request *out, bool *failed) {
    px_strategy_config chosen;
    const px_data_request *data = &request->data;
    const bool in_place = data->input || data->data_dir;
    pxi_run_set(&out->strategy, request->strategy_id, failed);
    if (px_strategy_config_read(request->strategy_id, request->parameters, &chosen, NULL) == PX_OK)
        add_parameters(&out->parameters, &chosen, failed);
    pxi_run_set(&out->symbol, data->symbol, failed);
    pxi_run_set(&out->exchange, data->exchange, failed);
    set_timeframe(&out->timeframe, data->timeframe_minutes, failed);
    set_date(&out->start, data->start_date, failed);
    set_date(&out->end, data->end_date, failed);
    if (data->continuous.rank) {
        pxi_run_set(&out->continuous, px_continuous_rank_name(data->continuous.rank), failed);
        pxi_run_set(&out->roll, px_roll_rule_name(data->continuous.roll), failed);
        pxi_run_set(&out->back_adjust, px_back_adjust_name(data->continuous.adjust), failed);
    }
    pxi_run_set(&out->input, data->input, failed);
    pxi_run_set(&out->data_dir, data->data_dir, failed);
    if (in_place) {
        set_timeframe(&out->input_timeframe,
                      data->input_timeframe_minutes ? data->input_timeframe_minutes : 1, failed);
        pxi_run_set(&out->stamp, data->input_stamped_at_close ? "close" : "open", failed);
        describe_reading(&data->input_reading, out, failed);
    }
    pxi_run_set(&out->input_adjustments, data->input_adjustments, failed);
    pxi_run_set(&out->accept, data->accept, failed);
    pxi_run_set(&out->model, request->model, failed);
    pxi_run_set(&out->signals, request->signals, failed);
}

px_status pxi_describe_failure(const px_backtest_request *request, const px_config *config, px_run *out,
                               px_error *err) {
    bool failed = false;
    const px_run_request *asked = &out->request;
    describe_request(request, &out->request, &failed);
    pxi_run_set(&out->strategy, asked->strategy, &failed);
    pxi_run_set(&out->symbol, asked->symbol, &failed);
    pxi_run_set(&out->timeframe, asked->timeframe, &failed);
    pxi_run_set(&out->start, asked->start, &failed);
    pxi_run_set(&out->end, asked->end, &failed);
    pxi_run_set(&out->profile, px_profile_name(config->profile), &failed);
    out->config = *config;
    out->in_sample_trades = -1;
    return failed ? pxi_fail_memory(err) : PX_OK;
}

/* ---- with what ---------------------------------------------------------------------------------------- */

static void add_adjustments(px_run_data *out, const px_adjustments *list, bool *failed) {
    if (list->n == 0)
        return;
    out->adjustments = pxi_new_array(list->n, sizeof *out->adjustments);
    *failed |= !out->adjustments;
    for (size_t i = 0; out->adjustments && i < list->n; i++) {
        set_date(&out->adjustments[i].ex_date, list->items[i].ex_date, failed);
        out->adjustments[i].factor = list->items[i].factor;
        out->n_adjustments = i + 1;
    }
}

/* Those that the series has bars of. */
static void add_contracts(px_run_contracts *out, const px_chain *chain, bool *failed) {
    out->items = chain->n ? pxi_new_array(chain->n, sizeof *out->items) : NULL;
    *failed |= chain->n && !out->items;
    for (size_t i = 0; out->items && i < chain->n; i++) {
        const px_chain_contract *contract = &chain->contracts[i];
        if (contract->n_bars == 0)
            continue;
        px_run_contract *made = &out->items[out->n++];
        pxi_run_set(&made->symbol, contract->symbol, failed);
        pxi_run_set(&made->instrument_key, contract->key, failed);
        set_date(&made->expiry, contract->expiry, failed);
        set_date(&made->first, contract->first_date, failed);
        set_date(&made->last, contract->last_date, failed);
        pxi_run_set(&made->sha256, contract->sha256, failed);
        made->bars = (int64_t)contract->n_bars;
        made->entry = contract->entry;
    }
}

static void describe_data(const px_dataset *data, const px_config *config, px_run_data *out, bool *failed) {
    pxi_run_set(&out->source, data->source, failed);
    pxi_run_set(&out->instrument_key, data->instrument.key, failed);
    out->tick = data->instrument.tick;
    out->lot_size = px_config_lot(config, data->instrument.lot_size);
    pxi_run_set(&out->fingerprint, data->fingerprint, failed);
    add_adjustments(out, &data->adjustments, failed);
    add_contracts(&out->contracts, &data->chain, failed);
    out->entry = data->entry;
    out->source_bars = (int64_t)data->n_source;
    out->excluded_bars = (int64_t)data->n_excluded;
    out->warmup_bars = (int64_t)data->begin;
    out->bars = (int64_t)(data->end - data->begin);
    set_time(&out->first_bar, data, data->bars.ts_us[data->begin], failed);
    set_time(&out->last_bar, data, data->bars.ts_us[data->end - 1], failed);
}

static void describe_model(const px_model *model, const px_dataset *data, px_run_model *out, bool *failed) {
    if (!model)
        return;
    pxi_run_set(&out->name, model->name, failed);
    pxi_run_set(&out->sha256, model->hash, failed);
    if (px_model_knows_window(model)) {
        set_time(&out->train_begin, data, model->train_begin_us, failed);
        set_time(&out->train_end, data, model->train_end_us, failed);
    }
}

static void describe_signals(const px_signal_rows *signals, const char *path, px_run_signals *out,
                             bool *failed) {
    if (!signals)
        return;
    const size_t n = signals->n_rejected < PX_MAX_REJECTIONS ? signals->n_rejected : PX_MAX_REJECTIONS;
    pxi_run_set(&out->path, path, failed);
    pxi_run_set(&out->sha256, signals->sha256, failed);
    out->rows = (int64_t)signals->n_read;
    out->used = (int64_t)signals->n;
    out->rejected = (int64_t)signals->n_rejected;
    out->outside_window = (int64_t)signals->n_outside;
    out->other_symbols = (int64_t)signals->n_other_symbols;
    out->rejections = n ? pxi_new_array(n, sizeof *out->rejections) : NULL;
    *failed |= n && !out->rejections;
    for (size_t i = 0; out->rejections && i < n; i++) {
        out->rejections[i].line = (int64_t)signals->rejections[i].line;
        pxi_run_set(&out->rejections[i].reason, signals->rejections[i].reason, failed);
        out->n_rejections = i + 1;
    }
}

static void describe_fees(const pxi_run_facts *facts, px_run_fees *out, bool *failed) {
    const px_config *config = facts->config;
    pxi_text table = {0};
    pxi_text_puts(&table, facts->fee_table ? "fees of " : "built in");
    pxi_text_puts(&table, facts->fee_table ? config->fee_table : "");
    *failed |= table.failed;
    pxi_run_set(&out->table, table.data, failed);
    pxi_text_free(&table);
    if (facts->fee_table)
        pxi_run_set(&out->sha256, px_fee_table_hash(facts->fee_table), failed);
    pxi_run_set(&out->segment, px_segment_name(px_fee_segment(config)), failed);
    pxi_run_set(&out->segment_overnight, px_segment_name(px_fee_segment_overnight(config)), failed);
}

/* ---- what came of it ---------------------------------------------------------------------------------- */

static void add_metrics(px_run_numbers *out, const px_metrics *metrics, bool *failed) {
    const px_metric *metric;
    for (size_t i = 0; (metric = px_metric_at(i)); i++)
        pxi_run_add_number(out, metric->key, px_metric_value(metrics, metric), metric->is_count, failed);
}

static void add_events(px_run_numbers *out, const px_backtest_result *result, bool *failed) {
    const int64_t approved = result->n_candidates - result->n_outcomes[PX_OUTCOME_REJECTED_MODEL];
    pxi_run_add_number(out, "candidates", (double)result->n_candidates, true, failed);
    pxi_run_add_number(out, "approved", (double)approved, true, failed);
    for (int outcome = 0; outcome < PX_OUTCOME_MAX_POSITIONS; outcome++) /* which one instrument has not */
        pxi_run_add_number(out, px_outcome_name(outcome), (double)result->n_outcomes[outcome], true, failed);
}

/* Of the bars, and of what was done with them; warnings are their texts. */
static void add_findings(px_run *out, const pxi_run_facts *facts, const px_backtest_result *result,
                         bool *failed) {
    const pxi_run_finding_input input = {
        .config = facts->config,
        .strategy = facts->chosen->strategy,
        .dataset = facts->dataset,
        .model = facts->model,
        .fee_table = facts->fee_table,
        .journal = facts->journal,
        .candidates = facts->candidates,
        .signals = facts->signals,
        .metrics = &result->metrics,
        .n_in_sample = result->n_in_sample,
        .n_without_vwap = facts->n_without_vwap,
    };
    pxi_findings_join(&out->findings, &facts->dataset->findings, failed);
    pxi_run_findings_add(&input, &out->findings, failed);
    for (size_t i = 0; i < out->findings.n; i++) {
        pxi_text text = {0};
        pxi_finding_text(&out->findings.items[i], &text);
        *failed |= text.failed;
        if (!text.failed)
            pxi_run_add_text(&out->warnings, text.data, failed);
        pxi_text_free(&text);
    }
}

px_status pxi_describe_run(const pxi_run_facts *facts, const px_backtest_result *result, px_run *out,
                           px_error *err) {
    const px_dataset *data = facts->dataset;
    bool failed = false;
    pxi_run_set(&out->fingerprint, result->fingerprint, &failed);
    pxi_run_set(&out->strategy, facts->chosen->strategy->id, &failed);
    pxi_run_set(&out->symbol, data->instrument.symbol, &failed);
    set_timeframe(&out->timeframe, data->timeframe_minutes, &failed);
    pxi_run_set(&out->profile, px_profile_name(facts->config->profile), &failed);
    set_date(&out->start, px_calendar_date(data->calendar, data->bars.ts_us[data->begin]), &failed);
    set_date(&out->end, px_calendar_date(data->calendar, data->bars.ts_us[data->end - 1]), &failed);
    add_metrics(&out->metrics, &result->metrics, &failed);
    pxi_run_set(&out->metrics_basis, PXI_METRICS_BASIS, &failed);
    const char *reason = result->metrics.not_annualised;
    pxi_run_set(&out->not_annualised, *reason ? reason : NULL, &failed);
    add_events(&out->events, result, &failed);
    out->in_sample_trades = result->n_in_sample;
    add_findings(out, facts, result, &failed);
    describe_request(facts->request, &out->request, &failed);
    out->config = *facts->config;
    describe_fees(facts, &out->fees, &failed);
    describe_data(data, facts->config, &out->data, &failed);
    describe_model(facts->model, data, &out->model, &failed);
    describe_signals(facts->signals, facts->request->signals, &out->signals, &failed);
    pxi_run_set(&out->version, px_version(), &failed);
    return failed ? pxi_fail_memory(err) : PX_OK;
}
