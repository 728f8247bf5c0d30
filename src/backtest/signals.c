// SPDX-License-Identifier: Apache-2.0
#include "backtest/signals.h"

#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"

static bool next_listed(void *source, size_t bar, px_signal *out) {
    pxi_listed_signals *state = source;
    if (state->at == state->list->n || state->list->items[state->at].bar > bar)
        return false;
    *out = state->list->items[state->at++];
    return true;
}

pxi_signal_source pxi_signals_listed(pxi_listed_signals *state) {
    return (pxi_signal_source){state, next_listed};
}

px_status pxi_live_signals_init(pxi_live_signals *state, const px_strategy *strategy,
                                const px_dataset *dataset, const px_config *config, px_error *err) {
    *state = (pxi_live_signals){.strategy = strategy, .bars = &dataset->bars, .config = *config};
    state->config.swing = PX_SWING_CONFIRMED;
    state->config.vwap_fallback = PX_VWAP_SESSION;
    state->strategy_state = pxi_new_array(1, strategy->state_size);
    if (!state->strategy_state)
        return pxi_fail_memory(err);
    strategy->init(state->strategy_state, &state->config);
    return px_analytics_stream_new(dataset->calendar, &state->config, &state->analytics, err);
}

void pxi_live_signals_show(pxi_live_signals *state, const px_bar *bar, px_analytics *analytics) {
    size_t i = state->n_bars++;
    px_analytics_step(state->analytics, bar, analytics);
    state->n = state->strategy->on_bar(state->strategy_state, bar, analytics, state->signals);
    state->at = 0;
    for (int k = 0; k < state->n; k++) {
        state->signals[k].bar = i;
        state->signals[k].ts_us = bar->ts_us;
    }
}

static bool next_live(void *source, size_t bar, px_signal *out) {
    pxi_live_signals *state = source;
    while (state->n_bars <= bar) {
        px_analytics unused;
        px_bar next = px_bars_at(state->bars, state->n_bars);
        pxi_live_signals_show(state, &next, &unused);
    }
    if (state->at == state->n)
        return false;
    *out = state->signals[state->at++];
    return true;
}

pxi_signal_source pxi_signals_live(pxi_live_signals *state) {
    return (pxi_signal_source){state, next_live};
}

void pxi_live_signals_free(pxi_live_signals *state) {
    px_analytics_stream_free(&state->analytics);
    free(state->strategy_state);
    *state = (pxi_live_signals){0};
}
