// SPDX-License-Identifier: Apache-2.0
#include "backtest/signals.h"

#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"

static int next_listed(void *source, size_t bar, px_signal *out) {
    pxi_listed_signals *state = source;
    const px_signal_list *list = state->list;
    int n = 0;
    while (state->at < list->n && list->items[state->at].bar < bar)
        state->at++;
    while (state->at < list->n && list->items[state->at].bar == bar && n < PX_SIGNALS_PER_BAR)
        out[n++] = list->items[state->at++];
    return n;
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

static int next_live(void *source, size_t bar, px_signal *out) {
    pxi_live_signals *state = source;
    px_bar current = px_bars_at(state->bars, bar);
    px_analytics analytics;
    px_analytics_step(state->analytics, &current, &analytics);
    int n = state->strategy->on_bar(state->strategy_state, &current, &analytics, out);
    for (int k = 0; k < n; k++) {
        out[k].bar = bar;
        out[k].ts_us = current.ts_us;
    }
    return n;
}

pxi_signal_source pxi_signals_live(pxi_live_signals *state) {
    return (pxi_signal_source){state, next_live};
}

void pxi_live_signals_free(pxi_live_signals *state) {
    px_analytics_stream_free(&state->analytics);
    free(state->strategy_state);
    *state = (pxi_live_signals){0};
}
