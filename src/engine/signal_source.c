// SPDX-License-Identifier: Apache-2.0
#include "engine/signal_source.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/mem.h"
#include "indicators/frame.h"
#include "market/stretch.h"

/* ---- listed ------------------------------------------------------------------------------------------- */

static size_t peek_listed(void *source, size_t end) {
    const pxi_listed_signals *state = source;
    (void)end;
    return state->at < state->list->n ? state->list->items[state->at].bar : SIZE_MAX;
}

static bool next_listed(void *source, size_t bar, px_signal *out) {
    pxi_listed_signals *state = source;
    if (peek_listed(state, bar) > bar)
        return false;
    *out = state->list->items[state->at++];
    return true;
}

pxi_signal_source pxi_signals_listed(pxi_listed_signals *state) {
    return (pxi_signal_source){state, next_listed, peek_listed};
}

/* ---- of bars ------------------------------------------------------------------------------------------ */

/* What a strategy names, and what is wanted beside it; ended by NULL. */
static const char **list_columns(const px_strategy *strategy, const char *const *beside, size_t *n_own) {
    size_t n = 0, n_beside = 0;
    while (strategy->columns && strategy->columns[n])
        n++;
    while (beside[n_beside])
        n_beside++;
    const char **names = pxi_new_array(n + n_beside + 1, sizeof *names);
    for (size_t c = 0; names && c < n + n_beside; c++)
        names[c] = c < n ? strategy->columns[c] : beside[c - n];
    *n_own = n;
    return names;
}

static px_status open_columns(pxi_bar_signals *state, const pxi_flow *flow, const char *const *beside,
                              px_error *err) {
    const pxi_columns_setup setup = {
        .config = &state->config,
        .calendar = flow->data->calendar,
        .twap = true,
        .parameters = px_strategy_parameters(state->strategy),
        .values = flow->parameters,
    };
    size_t n_own;
    const char **names = list_columns(state->strategy, beside, &n_own);
    px_status status = names ? pxi_columns_open(&state->columns, names, &setup, err) : pxi_fail_memory(err);
    free(names);
    if (status)
        return status;
    const size_t n = state->columns.n;
    state->values = pxi_new_array(n * state->block, sizeof *state->values);
    state->rows = pxi_new_array(n, sizeof *state->rows);
    state->present = pxi_new_array(n, sizeof *state->present);
    if (!state->values || !state->rows || !state->present)
        return pxi_fail_memory(err);
    for (size_t c = 0; c < n; c++)
        state->rows[c] = state->values + c * state->block;
    state->features = n > n_own ? state->present + n_own : NULL;
    return PX_OK;
}

static px_status init(pxi_bar_signals *state, const pxi_flow *flow, const char *const *beside,
                      px_error *err) {
    state->strategy = flow->strategy;
    state->bars = &flow->data->bars;
    state->config = *flow->config;
    state->config.swing = PX_SWING_CONFIRMED;
    state->config.vwap_fallback = PX_VWAP_SESSION;
    state->strategy_state = pxi_new_array(1, state->strategy->state_size);
    state->signals = pxi_new_array(PX_SIGNALS_PER_BAR * state->block, sizeof *state->signals);
    if (!state->strategy_state || !state->signals)
        return pxi_fail_memory(err);
    state->parameters = flow->parameters;
    state->holes = pxi_holes_by(flow->config, flow->data->calendar);
    state->strategy->init(state->strategy_state, &state->config, state->parameters);
    return open_columns(state, flow, beside, err);
}

px_status pxi_bar_signals_stream(pxi_bar_signals *state, const pxi_flow *flow, px_error *err) {
    *state = (pxi_bar_signals){.block = 1};
    return init(state, flow, pxi_frame_columns, err);
}

px_status pxi_bar_signals_batch(pxi_bar_signals *state, const pxi_flow *flow, px_error *err) {
    static const char *const none[] = {NULL};
    *state = (pxi_bar_signals){.block = PXI_BLOCK};
    return init(state, flow, none, err);
}

static void begin_anew(pxi_bar_signals *state) {
    memset(state->strategy_state, 0, state->strategy->state_size);
    state->strategy->init(state->strategy_state, &state->config, state->parameters);
}

void pxi_bar_signals_show(pxi_bar_signals *state, const px_bars *bars) {
    state->n = state->at = 0;
    pxi_columns_run(&state->columns, bars, state->rows);
    for (size_t i = 0; i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, i);
        px_signal *out = &state->signals[state->n];
        if (state->n_bars && pxi_is_hole(state->holes, state->last_us, bar.ts_us))
            begin_anew(state);
        state->last_us = bar.ts_us;
        for (size_t c = 0; c < state->columns.n; c++)
            state->present[c] = state->rows[c][i];
        const int n = state->strategy->on_bar(state->strategy_state, &bar, state->present, out);
        for (int k = 0; k < n; k++) {
            out[k].bar = state->n_bars;
            out[k].ts_us = bar.ts_us;
        }
        state->n += (size_t)n;
        state->n_bars++;
    }
}

static void show_next(pxi_bar_signals *state, size_t end) {
    const size_t left = end - state->n_bars;
    const px_bars block = px_bars_slice(state->bars, state->n_bars,
                                        state->n_bars + (left < state->block ? left : state->block));
    pxi_bar_signals_show(state, &block);
}

/* Bars from `end` on are not looked at. */
static size_t peek_shown(void *source, size_t end) {
    pxi_bar_signals *state = source;
    while (state->at == state->n && state->n_bars < end)
        show_next(state, end);
    return state->at < state->n ? state->signals[state->at].bar : SIZE_MAX;
}

static bool next_shown(void *source, size_t bar, px_signal *out) {
    pxi_bar_signals *state = source;
    while (state->at == state->n && state->n_bars <= bar)
        show_next(state, state->bars->n);
    if (state->at == state->n || state->signals[state->at].bar > bar)
        return false;
    *out = state->signals[state->at++];
    return true;
}

pxi_signal_source pxi_signals_of_bars(pxi_bar_signals *state) {
    return (pxi_signal_source){state, next_shown, peek_shown};
}

void pxi_bar_signals_free(pxi_bar_signals *state) {
    pxi_columns_close(&state->columns);
    free(state->values);
    free(state->rows);
    free(state->present);
    free(state->strategy_state);
    free(state->signals);
    *state = (pxi_bar_signals){0};
}
