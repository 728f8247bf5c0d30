// SPDX-License-Identifier: Apache-2.0
#include "backtest/result.h"

#include <stdlib.h>
#include <string.h>
#include "metrics/metrics.h"
#include "backtest/tables.h"
#include "backtest/warnings.h"
#include "base/error.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/parameter.h"
#include "market/bars.h"

/* ---- counts and tables -------------------------------------------------------------------------------- */

static pxi_curve curve_of(const pxi_run_facts *facts) {
    const px_dataset *data = facts->dataset;
    return (pxi_curve){
        .begin = data->begin,
        .end = data->end,
        .ts_us = data->bars.ts_us,
        .close = data->bars.close,
        .states = facts->journal->states,
        .n_states = facts->journal->n_states,
    };
}

static px_status measure(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    const px_dataset *data = facts->dataset;
    const pxi_curve curve = curve_of(facts);
    size_t *ends = NULL, n_sessions = 0;
    if (pxi_session_ends(&data->bars, data->calendar, data->begin, data->end, &ends, &n_sessions))
        return pxi_fail_memory(err);
    pxi_metrics_input input = {
        .journal = facts->journal,
        .closes = &curve,
        .session_ends = ends,
        .n_sessions = n_sessions,
        .capital = facts->config->capital,
        .days_per_year = px_calendar_days_per_year(data->calendar),
        .first_close = data->bars.close[data->begin],
        .last_close = data->bars.close[data->end - 1],
        .n_in_sample = result->n_in_sample,
    };
    result->metrics = pxi_metrics_compute(&input);
    free(ends);
    return PX_OK;
}

static void count(const pxi_run_facts *facts, px_backtest_result *result) {
    result->n_candidates = (int64_t)facts->candidates->n;
    for (size_t i = 0; i < facts->candidates->n; i++)
        result->n_outcomes[facts->candidates->items[i].outcome]++;
    bool knows = facts->model && px_model_knows_window(facts->model);
    result->n_in_sample = knows ? 0 : -1;
    for (size_t i = 0; knows && i < facts->journal->n_trades; i++)
        result->n_in_sample += pxi_in_sample(&facts->journal->trades[i], facts->model);
}

static px_status make_tables(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    px_status status = pxi_trades_table(facts->journal, facts->model, &result->trades, err);
    if (!status)
        status = pxi_signals_table(facts->candidates, &result->signals, err);
    if (!status)
        status = pxi_orders_table(facts->journal, &result->orders, err);
    if (!status)
        status = pxi_fills_table(facts->journal, &result->fills, err);
    return status;
}

/* ---- fingerprint -------------------------------------------------------------------------------------- */

/* Instants of the window: its first bar, and its last. */
static int64_t window_ts(const px_dataset *dataset, bool last) {
    return dataset->bars.ts_us[last ? dataset->end - 1 : dataset->begin];
}

/* SHA-256 of the file of rates; "" for the built-in ones, which the version stands for. */
static const char *rates_hash(const pxi_run_facts *facts) {
    return facts->fee_table ? px_fee_table_hash(facts->fee_table) : "";
}

/* Over what was asked, with what, and what came out; not over run id, signal ids, clock, host and paths. */
static px_status fingerprint(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    char *config = NULL, *parameters = NULL;
    px_config without_path = *facts->config;
    without_path.fee_table[0] = '\0';
    const px_parameters table = px_strategy_parameters(facts->chosen->strategy);
    px_status status = px_config_to_json(&without_path, &config, err);
    if (!status)
        status = px_parameters_text(&table, facts->chosen->values, &parameters, err);
    if (status) {
        free(config);
        return status;
    }
    const px_dataset *data = facts->dataset;
    const px_table *tables[] = {&result->trades, &result->signals, &result->orders, &result->fills};
    const pxi_curve curve = curve_of(facts);
    pxi_hash hash;
    pxi_hash_init(&hash);
    pxi_hash_text(&hash, px_version());
    pxi_hash_text(&hash, facts->chosen->strategy->id);
    if (*parameters) /* of the usual values nothing is said */
        pxi_hash_text(&hash, parameters);
    pxi_hash_text(&hash, config);
    pxi_hash_text(&hash, data->fingerprint);
    pxi_hash_i64(&hash, window_ts(data, false));
    pxi_hash_i64(&hash, window_ts(data, true));
    pxi_hash_text(&hash, facts->model ? facts->model->hash : "");
    pxi_hash_text(&hash, rates_hash(facts));
    pxi_hash_text(&hash, facts->signals ? facts->signals->sha256 : "");
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        pxi_hash_table(&hash, tables[i]);
    pxi_hash_curve(&hash, &curve);
    pxi_hash_hex(&hash, result->fingerprint);
    free(parameters);
    free(config);
    return PX_OK;
}

/* ---- run.json ----------------------------------------------------------------------------------------- */

static json_t *date_or_null(int32_t date) {
    char buf[PX_TIME_TEXT_SIZE];
    return date == PX_NO_DATE ? json_null() : json_string(px_date_format(date, buf));
}

static json_t *iso(const px_dataset *data, int64_t ts_us) {
    char buf[PX_TIME_TEXT_SIZE];
    return json_string(px_time_format_iso(ts_us, px_calendar_zone(data->calendar), buf));
}

static json_t *day(const px_dataset *data, int64_t ts_us) {
    return date_or_null(px_calendar_date(data->calendar, ts_us));
}

/* Puts the values that differ from the usual ones, if any do. */
static void put_parameters(json_t *object, const px_strategy_config *chosen, bool *failed) {
    const px_parameters parameters = px_strategy_parameters(chosen->strategy);
    json_t *values = pxi_values_json(&parameters, chosen->values, true);
    if (json_object_size(values))
        pxi_json_put(object, "parameters", json_incref(values), failed);
    *failed |= !values;
    json_decref(values);
}

json_t *pxi_request_json(const px_backtest_request *request) {
    px_strategy_config chosen;
    const px_data_request *data = &request->data;
    const int input_minutes = data->input_timeframe_minutes;
    const bool in_place = data->input || data->data_dir;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE], input[PX_TIMEFRAME_TEXT_SIZE];
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "strategy", pxi_json_text(request->strategy_id), &failed);
    if (px_strategy_config_read(request->strategy_id, request->parameters, &chosen, NULL) == PX_OK)
        put_parameters(object, &chosen, &failed);
    pxi_json_put(object, "symbol", pxi_json_text(data->symbol), &failed);
    pxi_json_put(object, "exchange", pxi_json_text(data->exchange), &failed);
    pxi_json_put(object, "timeframe", json_string(px_timeframe_format(data->timeframe_minutes, timeframe)),
                 &failed);
    pxi_json_put(object, "start", date_or_null(data->start_date), &failed);
    pxi_json_put(object, "end", date_or_null(data->end_date), &failed);
    pxi_json_put(object, "input", pxi_json_text(data->input), &failed);
    pxi_json_put(object, "data_dir", pxi_json_text(data->data_dir), &failed);
    pxi_json_put(
        object, "input_timeframe",
        pxi_json_text(in_place ? px_timeframe_format(input_minutes ? input_minutes : 1, input) : NULL),
        &failed);
    pxi_json_put(object, "stamp",
                 pxi_json_text(!in_place                      ? NULL
                               : data->input_stamped_at_close ? "close"
                                                              : "open"),
                 &failed);
    pxi_json_put(object, "input_adjustments", pxi_json_text(data->input_adjustments), &failed);
    pxi_json_put(object, "model", pxi_json_text(request->model), &failed);
    pxi_json_put(object, "signals", pxi_json_text(request->signals), &failed);
    return pxi_json_built(object, failed);
}

static json_t *adjustments_json(const px_adjustments *list) {
    json_t *array = json_array();
    bool failed = !array;
    for (size_t i = 0; i < list->n; i++) {
        json_t *object = json_object();
        bool incomplete = false;
        pxi_json_put(object, "ex_date", date_or_null(list->items[i].ex_date), &incomplete);
        pxi_json_put(object, "factor", pxi_json_real(list->items[i].factor), &incomplete);
        failed |= json_array_append_new(array, pxi_json_built(object, incomplete)) != 0;
    }
    return pxi_json_built(array, failed);
}

static json_t *data_json(const px_dataset *data) {
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "source", pxi_json_text(data->source), &failed);
    pxi_json_put(object, "instrument_key", pxi_json_text(data->instrument.key), &failed);
    pxi_json_put(object, "tick", pxi_json_real(data->instrument.tick), &failed);
    pxi_json_put(object, "lot_size", pxi_json_real(data->instrument.lot_size), &failed);
    pxi_json_put(object, "fingerprint", json_string(data->fingerprint), &failed);
    pxi_json_put(object, "adjustments", adjustments_json(&data->adjustments), &failed);
    pxi_json_put(object, "source_bars", json_integer((json_int_t)data->n_source), &failed);
    pxi_json_put(object, "excluded_bars", json_integer((json_int_t)data->n_excluded), &failed);
    pxi_json_put(object, "warmup_bars", json_integer((json_int_t)data->begin), &failed);
    pxi_json_put(object, "bars", json_integer((json_int_t)(data->end - data->begin)), &failed);
    pxi_json_put(object, "first_bar", iso(data, window_ts(data, false)), &failed);
    pxi_json_put(object, "last_bar", iso(data, window_ts(data, true)), &failed);
    return pxi_json_built(object, failed);
}

static json_t *model_json(const px_model *model, const px_dataset *data) {
    if (!model)
        return json_null();
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "name", pxi_json_text(model->name), &failed);
    pxi_json_put(object, "sha256", json_string(model->hash), &failed);
    bool knows = px_model_knows_window(model);
    pxi_json_put(object, "train_begin", knows ? iso(data, model->train_begin_us) : json_null(), &failed);
    pxi_json_put(object, "train_end", knows ? iso(data, model->train_end_us) : json_null(), &failed);
    return pxi_json_built(object, failed);
}

static json_t *count_json(size_t n) {
    return json_integer((json_int_t)n);
}

static json_t *rejections_json(const px_signal_rows *signals) {
    bool failed = false;
    json_t *list = json_array();
    for (size_t i = 0; i < signals->n_rejected && i < PX_MAX_REJECTIONS; i++) {
        json_t *object = json_object();
        pxi_json_put(object, "line", count_json(signals->rejections[i].line), &failed);
        pxi_json_put(object, "reason", pxi_json_text(signals->rejections[i].reason), &failed);
        failed |= json_array_append_new(list, object) != 0;
    }
    return pxi_json_built(list, failed);
}

/* rows = used + rejected + outside_window + other_symbols. */
static json_t *signals_json(const px_signal_rows *signals, const char *path) {
    if (!signals)
        return json_null();
    bool failed = false;
    json_t *object = json_object();
    pxi_json_put(object, "path", pxi_json_text(path), &failed);
    pxi_json_put(object, "sha256", json_string(signals->sha256), &failed);
    pxi_json_put(object, "rows", count_json(signals->n_read), &failed);
    pxi_json_put(object, "used", count_json(signals->n), &failed);
    pxi_json_put(object, "rejected", count_json(signals->n_rejected), &failed);
    pxi_json_put(object, "outside_window", count_json(signals->n_outside), &failed);
    pxi_json_put(object, "other_symbols", count_json(signals->n_other_symbols), &failed);
    pxi_json_put(object, "rejections", rejections_json(signals), &failed);
    return pxi_json_built(object, failed);
}

static json_t *fees_json(const pxi_run_facts *facts) {
    const px_config *config = facts->config;
    bool failed = false;
    json_t *object = json_object();
    pxi_text table = {0};
    pxi_text_puts(&table, facts->fee_table ? "fees of " : "built in");
    pxi_text_puts(&table, facts->fee_table ? config->fee_table : "");
    failed |= table.failed;
    pxi_json_put(object, "table", pxi_json_text(table.data), &failed);
    pxi_json_put(object, "sha256", facts->fee_table ? json_string(rates_hash(facts)) : json_null(), &failed);
    pxi_json_put(object, "segment", json_string(px_segment_name(px_fee_segment(config))), &failed);
    pxi_json_put(object, "segment_overnight", json_string(px_segment_name(px_fee_segment_overnight(config))),
                 &failed);
    pxi_text_free(&table);
    return pxi_json_built(object, failed);
}

static json_t *events_json(const px_backtest_result *result) {
    bool failed = false;
    json_t *object = json_object();
    int64_t approved = result->n_candidates - result->n_outcomes[PX_OUTCOME_REJECTED_MODEL];
    pxi_json_put(object, "candidates", json_integer(result->n_candidates), &failed);
    pxi_json_put(object, "approved", json_integer(approved), &failed);
    for (int outcome = 0; outcome < PX_N_OUTCOMES; outcome++)
        pxi_json_put(object, px_outcome_name(outcome), json_integer(result->n_outcomes[outcome]), &failed);
    return pxi_json_built(object, failed);
}

json_t *pxi_config_json(const px_config *config) {
    char *text;
    if (px_config_to_json(config, &text, NULL))
        return NULL;
    json_t *object = json_loads(text, 0, NULL);
    free(text);
    return object;
}

static json_t *warnings_json(const pxi_run_facts *facts, const px_backtest_result *result) {
    pxi_warning_input input = {
        .config = facts->config,
        .strategy = facts->chosen->strategy,
        .dataset = facts->dataset,
        .model = facts->model,
        .fee_table = facts->fee_table,
        .journal = facts->journal,
        .signals = facts->signals,
        .metrics = &result->metrics,
        .n_in_sample = result->n_in_sample,
        .n_without_vwap = facts->n_without_vwap,
    };
    return pxi_warnings_json(&input);
}

/* Everything but what only storing knows: run id, clock, status. */
static px_status write_json(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    const px_dataset *data = facts->dataset;
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    bool failed = false;
    json_t *run = json_object();
    pxi_json_put(run, "fingerprint", json_string(result->fingerprint), &failed);
    pxi_json_put(run, "strategy", json_string(facts->chosen->strategy->id), &failed);
    pxi_json_put(run, "symbol", pxi_json_text(data->instrument.symbol), &failed);
    pxi_json_put(run, "timeframe", json_string(px_timeframe_format(data->timeframe_minutes, timeframe)),
                 &failed);
    pxi_json_put(run, "profile", json_string(px_profile_name(facts->config->profile)), &failed);
    pxi_json_put(run, "start", day(data, window_ts(data, false)), &failed);
    pxi_json_put(run, "end", day(data, window_ts(data, true)), &failed);
    pxi_json_put(run, "metrics", pxi_metrics_json(&result->metrics), &failed);
    pxi_json_put(run, "metrics_basis", json_string(PXI_METRICS_BASIS), &failed);
    pxi_json_put(run, "events", events_json(result), &failed);
    pxi_json_put(run, "in_sample_trades",
                 result->n_in_sample < 0 ? json_null() : json_integer(result->n_in_sample), &failed);
    pxi_json_put(run, "warnings", warnings_json(facts, result), &failed);
    pxi_json_put(run, "request", pxi_request_json(facts->request), &failed);
    pxi_json_put(run, "config", pxi_config_json(facts->config), &failed);
    pxi_json_put(run, "fees", fees_json(facts), &failed);
    pxi_json_put(run, "data", data_json(data), &failed);
    pxi_json_put(run, "model", model_json(facts->model, data), &failed);
    pxi_json_put(run, "signals", signals_json(facts->signals, facts->request->signals), &failed);
    pxi_json_put(run, "version", json_string(px_version()), &failed);
    run = pxi_json_built(run, failed);
    px_status status = run ? pxi_json_dump(run, &result->json, err) : pxi_fail_memory(err);
    json_decref(run);
    return status;
}

/* ---- whole -------------------------------------------------------------------------------------------- */

/* Takes over what the curve is made of. */
static px_status take_equity(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    struct px_backtest_equity *equity = pxi_new_array(1, sizeof *equity);
    if (!equity)
        return pxi_fail_memory(err);
    equity->curve = curve_of(facts);
    equity->bars = facts->dataset->bars;
    equity->states = facts->journal->states;
    facts->dataset->bars = (px_bars){0};
    facts->journal->states = NULL;
    result->equity = equity;
    return PX_OK;
}

px_status px_backtest_equity_table(const px_backtest_result *result, px_table *out, px_error *err) {
    return pxi_curve_table(&result->equity->curve, out, err);
}

px_status pxi_result_make(const pxi_run_facts *facts, px_backtest_result **out, px_error *err) {
    px_backtest_result *result = pxi_new_array(1, sizeof *result);
    if (!result)
        return pxi_fail_memory(err);
    count(facts, result);
    px_status status = measure(facts, result, err);
    if (!status)
        status = make_tables(facts, result, err);
    if (!status)
        status = fingerprint(facts, result, err);
    if (!status)
        status = write_json(facts, result, err);
    if (!status)
        status = take_equity(facts, result, err);
    if (status) {
        px_backtest_result_free(&result);
        return status;
    }
    *out = result;
    return PX_OK;
}

void px_backtest_result_free(px_backtest_result **result) {
    if (!result || !*result)
        return;
    px_table_free(&(*result)->trades);
    px_table_free(&(*result)->signals);
    px_table_free(&(*result)->orders);
    px_table_free(&(*result)->fills);
    if ((*result)->equity) {
        px_bars_free(&(*result)->equity->bars);
        free((*result)->equity->states);
        free((*result)->equity);
    }
    free((*result)->json);
    free(*result);
    *result = NULL;
}
