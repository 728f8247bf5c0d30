// SPDX-License-Identifier: Apache-2.0
/* The batch driver: all bars of the desks' data sets through the flow at once, one clock over all of them.
 * Backtests and audits are its callers. */
#ifndef PXI_BATCH_H
#define PXI_BATCH_H

#include "engine/flow.h"
#include "engine/signal_source.h"

/* What a desk found, beside what its sinks were given. */
typedef struct pxi_found {
    px_candidate_list candidates; /* with what became of them */
    size_t n_without_vwap;        /* bars of the window; 0 where the strategy reads no frame */
} pxi_found;

/* `found`: one a desk, from zeroed structs, freed with pxi_found_free, also after a failure. Errors: as the
 * strategy's, px_model_predict and the sinks'; PX_EINPUT as pxi_desks_sort; PX_ENOMEM. */
px_status pxi_batch_run(const pxi_desks *desks, pxi_found *found, px_error *err);
void pxi_found_free(pxi_found *found);

/* The parts, for who computes features and replays himself. Signals of all bars from the frame: none of a
 * strategy on bars, which makes them during the replay. */
px_status pxi_batch_signals(const pxi_flow *flow, const px_feature_frame *frame,
                            px_candidate_list *candidates, px_signal_list *signals, px_error *err);
typedef px_status (*pxi_replay_fn)(const pxi_replay_setup *setup, px_error *err);
/* Of desks that are in order, a list of signals each. `replay`: pxi_replay_run, or what stands in its place.
 */
px_status pxi_batch_replay(const pxi_desks *desks, pxi_replay_fn replay, const px_signal_list *signals,
                           pxi_found *found, px_error *err);

#endif
