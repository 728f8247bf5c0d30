// SPDX-License-Identifier: Apache-2.0
/* The two ways in which a strategy's signals reach the replay. */
#ifndef PXI_SIGNALS_H
#define PXI_SIGNALS_H

#include "backtest/replay.h"

/* Precomputed: signals in time order. Both structs are borrowed by the source. */
typedef struct pxi_listed_signals {
    const px_signal_list *list;
    size_t at;
} pxi_listed_signals;
pxi_signal_source pxi_signals_listed(pxi_listed_signals *state);

/* A standard strategy, shown one bar after another with its analytics. */
typedef struct pxi_live_signals {
    const px_strategy *strategy;
    const px_bars *bars;
    px_config config; /* without look-ahead settings: what a standard strategy sees is causal */
    px_analytics_stream *analytics;
    void *strategy_state;
    size_t n_bars; /* shown so far */
    px_signal signals[PX_SIGNALS_PER_BAR];
    int n, at; /* signals of the last bar, and how many of them are handed out */
} pxi_live_signals;
/* Errors: PX_ENOMEM. Free with pxi_live_signals_free, also after a failure. */
px_status pxi_live_signals_init(pxi_live_signals *state, const px_strategy *strategy,
                                const px_dataset *dataset, const px_config *config, px_error *err);
/* Shows the next bar; its signals and analytics are then those of the source's last bar. */
void pxi_live_signals_show(pxi_live_signals *state, const px_bar *bar, px_analytics *analytics);
pxi_signal_source pxi_signals_live(pxi_live_signals *state);
void pxi_live_signals_free(pxi_live_signals *state);

#endif
