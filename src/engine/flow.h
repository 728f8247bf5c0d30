// SPDX-License-Identifier: Apache-2.0
/* The flow: features, events, signals, replay. Nothing outside this folder runs these stages one after the
 * other. A flow says what of one instrument is traded by what, and is one desk of an account; the drivers
 * take the desks of an account through all bars of their data sets (batch.h) or through one bar after the
 * other (stream.h), and give what comes of it to sinks (sink.h). */
#ifndef PXI_FLOW_H
#define PXI_FLOW_H

#include "engine/replay.h"
#include "pixity/signals.h"

/* Everything is borrowed. */
typedef struct pxi_flow {
    const px_dataset *data; /* a stream needs its calendar, instrument and timeframe only */
    const px_config *config;
    const px_strategy *strategy;
    const double *parameters;      /* values, in the strategy's order */
    const px_model *model;         /* NULL = none: every event is taken */
    const px_signal_rows *signals; /* of a strategy that reads them; else NULL */
    const px_fee_table *fee_table; /* NULL = the built-in one */
    const px_work *work;           /* NULL = nobody follows it or is asked */
} pxi_flow;

/* The desks of one account. Its settings, fees and work are those of the first. */
typedef struct pxi_desks {
    pxi_flow *flows; /* borrowed; put in order by the driver, so that desk k is flows[k] */
    size_t n;
    pxi_account_rules rules;
    pxi_sinks sinks;
} pxi_desks;

/* By symbol, then instrument, whatever order they come in. Errors: PX_EINPUT where one comes twice, where
 * timeframes or exchanges differ, or where slippage is in ticks and one has none. */
px_status pxi_desks_sort(const pxi_desks *desks, px_error *err);
/* As the replay takes them, once the desks are in order. */
pxi_replay_setup pxi_desks_replay(const pxi_desks *desks, const pxi_replay_desk *items);
/* PX_EINTERRUPTED where the caller asks to stop. */
px_status pxi_flow_tell(const pxi_flow *flow, const char *phase, px_error *err);

#endif
