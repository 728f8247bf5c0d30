// SPDX-License-Identifier: Apache-2.0
#include "backtest/result.h"

#include <stdlib.h>
#include <string.h>
#include "backtest/tables.h"
#include "base/error.h"
#include "base/mem.h"

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

px_status pxi_tally_result(pxi_tally *tally, const px_candidate_list *candidates, px_tally *out,
                           px_error *err) {
    px_tally result = {.n_candidates = (int64_t)candidates->n, .n_in_sample = tally->n_in_sample};
    for (size_t i = 0; i < candidates->n; i++)
        result.n_outcomes[candidates->items[i].outcome]++;
    px_status status = pxi_tally_end(tally, &result.metrics, err);
    if (!status)
        *out = result;
    return status;
}

static px_status take_tally(const pxi_run_facts *facts, px_backtest_result *result, px_error *err) {
    px_tally tally;
    px_status status = pxi_tally_result(facts->tally, facts->candidates, &tally, err);
    if (status)
        return status;
    result->metrics = tally.metrics;
    result->n_candidates = tally.n_candidates;
    result->n_in_sample = tally.n_in_sample;
    memcpy(result->n_outcomes, tally.n_outcomes, sizeof result->n_outcomes);
    return PX_OK;
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
    px_status status = take_tally(facts, result, err);
    if (!status)
        status = make_tables(facts, result, err);
    if (!status)
        status = fingerprint(facts, result, err);
    if (!status)
        status = pxi_describe_run(facts, result, &result->run, err);
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
    px_run_free(&(*result)->run);
    free(*result);
    *result = NULL;
}
