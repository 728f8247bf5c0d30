// SPDX-License-Identifier: Apache-2.0
/* A user's own signals, made anywhere and read from a file. Their bars are known by now; entries become
 * candidates when the replay meets them. */
#include "pixity/signals.h"

static px_status find_signals(const px_batch_input *input, px_candidate_list *candidates,
                              px_signal_list *signals, px_error *err) {
    px_status status = PX_OK;
    (void)candidates;
    for (size_t i = 0; i < input->signals->n && !status; i++)
        status = px_signal_list_add(signals, &input->signals->items[i].signal, err);
    return status;
}

const px_strategy pxi_precomputed = {
    .id = "precomputed",
    .summary =
        "your own signals from a file (--signals): entries with stop, target, time stop and size, and exits",
    .reads_signals = true,
    .find_signals = find_signals,
};
