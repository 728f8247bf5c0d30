// SPDX-License-Identifier: Apache-2.0
/* The replay: bars in order, signals as they become known, fills, exits, the account. A bar goes through four
 * steps, each when what it needs is known: it opens, it is watched when it is complete, the signals of its
 * close are considered, it closes. Backtests take all bars of a data set through them, live trading one after
 * the other; neither sees a bar beyond the present one. */
#ifndef PXI_REPLAY_H
#define PXI_REPLAY_H

#include "engine/journal.h"

/* Where signals come from. `next` gives those up to a bar in order, one a call, and is false when there are
 * no more; `peek` is the bar of the next one before `end`, which is not taken (SIZE_MAX: there is none). Bars
 * are asked for in order. Entries without a candidate get one. */
typedef struct pxi_signal_source {
    void *state;
    bool (*next)(void *state, size_t bar, px_signal *out);
    size_t (*peek)(void *state, size_t end);
} pxi_signal_source;

typedef struct pxi_replay_setup {
    const px_calendar *calendar;
    const px_instrument *instrument;
    int timeframe_minutes;
    const px_config *config;
    const px_fee_table *fee_table; /* NULL = the built-in one */
    const char *scope;             /* of signal ids */
    const char *strategy_id;
    const px_work *work; /* asked whether to go on; NULL = nobody */
} pxi_replay_setup;

typedef struct pxi_replay pxi_replay;
/* Everything is borrowed; the journal and the candidates grow with every step. NULL when out of memory. Once
 * journal->failed is set nothing counts any more. */
pxi_replay *pxi_replay_new(const pxi_replay_setup *setup, px_candidate_list *candidates,
                           pxi_journal *journal);
void pxi_replay_free(pxi_replay **replay);
/* Bar `i` begins: what was scheduled for its open fills. */
void pxi_replay_open(pxi_replay *replay, size_t i, int64_t ts_us, double open);
/* It is complete: exits through the barrier routine, in its one-minute parts unless that is NULL. */
void pxi_replay_watch(pxi_replay *replay, const px_bar *bar, const px_bars *parts);
/* A signal of its close: guards, sizing, order. An entry without a candidate gets one. */
void pxi_replay_signal(pxi_replay *replay, px_signal *signal);
/* What the kill switch does, and its end: the drawdown is then counted from the present equity. */
void pxi_replay_halt(pxi_replay *replay);
void pxi_replay_resume(pxi_replay *replay);
/* It closes; after the last bar there is, nothing stays open. */
void pxi_replay_close(pxi_replay *replay, bool last);
/* The account at the close of the last bar. */
pxi_account_state pxi_replay_state(const pxi_replay *replay);

/* All bars of a data set: trades in [begin, end); what is signalled before begin is ignored. Fills *journal
 * (from a zeroed struct) and settles the candidates' outcomes and quantities. Errors: PX_ENOMEM. */
px_status pxi_replay_run(const pxi_replay_setup *setup, const px_dataset *data,
                         const pxi_signal_source *source, px_candidate_list *candidates, pxi_journal *journal,
                         px_error *err);

#endif
