// SPDX-License-Identifier: Apache-2.0
#include "engine/signal_source.h"

#include <stdint.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "indicators/analytics.h"

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

static px_status init(pxi_bar_signals *state, const px_dataset *dataset, const char *const *columns,
                      px_error *err) {
    const px_strategy *strategy = state->strategy;
    state->bars = &dataset->bars;
    state->config.swing = PX_SWING_CONFIRMED;
    state->config.vwap_fallback = PX_VWAP_SESSION;
    state->present = pxi_analytics_undefined();
    state->strategy_state = pxi_new_array(1, strategy->state_size);
    state->signals = pxi_new_array(PX_SIGNALS_PER_BAR * state->block, sizeof *state->signals);
    if (!state->strategy_state || !state->signals)
        return pxi_fail_memory(err);
    strategy->init(state->strategy_state, &state->config);
    const pxi_kernel_setup setup = {&state->config, dataset->calendar, .twap = true};
    return pxi_analytics_new(&setup, columns, &state->analytics, err);
}

px_status pxi_bar_signals_stream(pxi_bar_signals *state, const px_strategy *strategy,
                                 const px_dataset *dataset, const px_config *config, px_error *err) {
    *state = (pxi_bar_signals){.strategy = strategy, .config = *config, .block = 1};
    return init(state, dataset, NULL, err);
}

px_status pxi_bar_signals_batch(pxi_bar_signals *state, const px_strategy *strategy,
                                const px_dataset *dataset, const px_config *config, px_error *err) {
    *state = (pxi_bar_signals){.strategy = strategy, .config = *config, .block = PXI_BLOCK};
    return init(state, dataset, strategy->columns, err);
}

void pxi_bar_signals_show(pxi_bar_signals *state, const px_bars *bars) {
    state->n = state->at = 0;
    pxi_analytics_run(state->analytics, bars);
    for (size_t i = 0; i < bars->n; i++) {
        const px_bar bar = px_bars_at(bars, i);
        px_signal *out = &state->signals[state->n];
        pxi_analytics_at(state->analytics, i, &state->present);
        const int n = state->strategy->on_bar(state->strategy_state, &bar, &state->present, out);
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
    px_analytics_stream_free(&state->analytics);
    free(state->strategy_state);
    free(state->signals);
    *state = (pxi_bar_signals){0};
}
