// SPDX-License-Identifier: Apache-2.0
/* The two ways in which a strategy's signals reach the replay. */
#ifndef PXI_SIGNALS_H
#define PXI_SIGNALS_H

#include "engine/flow.h"
#include "indicators/column_set.h"

/* Precomputed: signals in time order. Both structs are borrowed by the source. */
typedef struct pxi_listed_signals {
    const px_signal_list *list;
    size_t at;
} pxi_listed_signals;
pxi_signal_source pxi_signals_listed(pxi_listed_signals *state);

/* A standard strategy, shown one bar after another with the columns that it names; behind a hole it begins
 * anew. The columns are computed by
 * blocks: of one bar, with the features beside them, where a stream shows its bars, of many where all bars
 * are there. */
typedef struct pxi_bar_signals {
    const px_strategy *strategy;
    const px_bars *bars;
    px_config config; /* without look-ahead settings: what a standard strategy sees is causal */
    pxi_column_set columns;
    double *values;   /* of the last block: a row of `block` values a column */
    double **rows;    /* of `values`, by column */
    double *present;  /* of the last bar shown: the strategy's columns, */
    double *features; /* then in a stream those of the frame, else NULL */
    void *strategy_state;
    const double *parameters; /* it was made with */
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    int64_t last_us;          /* of the last bar shown, once one was */
    size_t block;             /* bars of one */
    size_t n_bars;            /* shown so far */
    px_signal *signals;       /* of the last block */
    size_t n, at;             /* and how many of them are handed out */
} pxi_bar_signals;
/* Errors: PX_ENOMEM, PX_EINPUT (the strategy names a column that is none). Free with pxi_bar_signals_free,
 * also after a failure. */
px_status pxi_bar_signals_stream(pxi_bar_signals *state, const pxi_flow *flow, px_error *err);
px_status pxi_bar_signals_batch(pxi_bar_signals *state, const pxi_flow *flow, px_error *err);
/* Shows the next bars, a block at most; their signals are then those of the source. */
void pxi_bar_signals_show(pxi_bar_signals *state, const px_bars *bars);
pxi_signal_source pxi_signals_of_bars(pxi_bar_signals *state);
void pxi_bar_signals_free(pxi_bar_signals *state);

#endif
