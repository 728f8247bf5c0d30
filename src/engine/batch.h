// SPDX-License-Identifier: Apache-2.0
/* The batch driver: all bars of a data set through the flow at once. Backtests and audits are its callers. */
#ifndef PXI_BATCH_H
#define PXI_BATCH_H

#include "engine/flow.h"
#include "engine/signal_source.h"

/* What comes of it. */
typedef struct pxi_batch {
    px_candidate_list candidates; /* with what became of them */
    pxi_journal journal;
    size_t n_without_vwap; /* bars of the window; 0 where the strategy reads no frame */
} pxi_batch;

/* *out from a zeroed struct, freed with pxi_batch_free, also after a failure. Errors: as the strategy's and
 * px_model_predict; PX_ENOMEM. */
px_status pxi_batch_run(const pxi_flow *flow, pxi_batch *out, px_error *err);
void pxi_batch_free(pxi_batch *batch);

/* The parts, for who computes features and replays himself. Signals of all bars from the frame: none of a
 * strategy on bars, which makes them during the replay. */
px_status pxi_batch_signals(const pxi_flow *flow, const px_feature_frame *frame,
                            px_candidate_list *candidates, px_signal_list *signals, px_error *err);
typedef px_status (*pxi_replay_fn)(const pxi_replay_setup *setup, const px_dataset *data,
                                   const pxi_signal_source *source, px_candidate_list *candidates,
                                   pxi_journal *journal, px_error *err);
/* `replay`: pxi_replay_run, or what stands in its place. */
px_status pxi_batch_replay(const pxi_flow *flow, pxi_replay_fn replay, const px_signal_list *signals,
                           pxi_batch *out, px_error *err);

#endif
