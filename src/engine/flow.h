// SPDX-License-Identifier: Apache-2.0
/* The flow: features, events, signals, replay. Nothing outside this folder runs these stages one after the
 * other. A flow says what is traded by what; its drivers take it through all bars of a data set (batch.h) or
 * through one bar after the other (stream.h). What comes of it is left where the caller reads it: signals,
 * candidates, journal. */
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
    const char *scope;             /* of signal ids */
    const px_work *work;           /* NULL = nobody is told or asked */
} pxi_flow;

pxi_replay_setup pxi_flow_replay(const pxi_flow *flow);
/* PX_EINTERRUPTED where the caller asks to stop. */
px_status pxi_flow_tell(const pxi_flow *flow, const char *phase, px_error *err);

#endif
