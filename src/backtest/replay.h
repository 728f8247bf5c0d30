// SPDX-License-Identifier: Apache-2.0
/* The replay: bars in order, signals as they become known, fills, exits, the account. It never looks forward:
 * a bar beyond the current one is read for nothing but the time and open at which an order fills. */
#ifndef PXI_REPLAY_H
#define PXI_REPLAY_H

#include "backtest/journal.h"

/* Where signals come from. `next` is asked for every bar in order, warm-up included, again and again until it
 * has none left for that bar. Entries without a candidate get one. */
typedef struct pxi_signal_source {
    void *state;
    bool (*next)(void *state, size_t bar, px_signal *out);
} pxi_signal_source;

typedef struct pxi_replay_input {
    const px_dataset *dataset; /* trades in [begin, end); what is signalled before begin is ignored */
    const px_config *config;
    const px_fee_table *fee_table; /* NULL = the built-in one */
    const char *scope;             /* of signal ids */
    const char *strategy_id;
    pxi_signal_source source;
} pxi_replay_input;

/* Fills *journal (from a zeroed struct) and settles the candidates' fates and quantities. Errors: PX_ENOMEM.
 */
px_status pxi_replay_run(const pxi_replay_input *input, px_candidate_list *candidates, pxi_journal *journal,
                         px_error *err);

#endif
