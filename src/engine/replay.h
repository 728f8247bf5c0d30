// SPDX-License-Identifier: Apache-2.0
/* The replay: the desks of one account, moment by moment. At a moment every desk that has a bar there goes
 * through the steps of desk.h, all of them through one step before the next: bars open and what was scheduled
 * fills, they are watched and exits leave, the account looks at its drawdown, signals are considered, they
 * close. Desks go in the order of their symbols; of signals those that leave come first, then entries by
 * probability, highest first, and each is sized on what those before it left. Backtests take all bars of
 * their data sets through this, live trading one after the other; neither sees a bar beyond the present one.
 */
#ifndef PXI_REPLAY_H
#define PXI_REPLAY_H

#include "engine/desk.h"
#include "engine/sink.h"

/* Where a desk's signals come from. `next` gives those up to a bar in order, one a call, and is false when
 * there are no more; `peek` is the bar of the next one before `end`, which is not taken (SIZE_MAX: there is
 * none). Bars are asked for in order. Entries without a candidate get one. */
typedef struct pxi_signal_source {
    void *state;
    bool (*next)(void *state, size_t bar, px_signal *out);
    size_t (*peek)(void *state, size_t end);
} pxi_signal_source;

/* One desk. */
typedef struct pxi_replay_desk {
    const px_dataset *data; /* of a stream calendar, instrument and timeframe only */
    pxi_signal_source signals;
    px_candidate_list *candidates;
} pxi_replay_desk;

/* Everything is borrowed; the list of desks itself while a replay is made. */
typedef struct pxi_replay_setup {
    const pxi_replay_desk *desks; /* in the order of their symbols */
    size_t n;
    const px_config *config;
    const px_fee_table *fee_table; /* NULL = the built-in one */
    pxi_account_rules rules;
    pxi_sinks sinks;
    const px_work *work; /* asked whether to go on; NULL = nobody */
} pxi_replay_setup;

typedef struct pxi_replay pxi_replay;
/* The candidates grow with every step. NULL when out of memory. */
pxi_replay *pxi_replay_new(const pxi_replay_setup *setup);
void pxi_replay_free(pxi_replay **replay);

/* A bar of the warm-up, where bars come one after the other. */
void pxi_replay_warm(pxi_replay *replay, size_t desk, const px_bar *bar);

/* A desk makes no entry in its next bars but the last of them: what came before them is missing, and its
 * indicators are not yet what they would be. */
void pxi_replay_hold(pxi_replay *replay, size_t desk, size_t n_bars);

/* ---- a moment, in this order -------------------------------------------------------------------------- */

/* Bar `i` of a desk begins: what was scheduled for its open fills. */
void pxi_replay_open(pxi_replay *replay, size_t desk, size_t i, int64_t ts_us, double open);
/* It is complete: exits, in its one-minute parts unless that is NULL. `last`: the desk has no bar after it,
 * so that nothing stays open. */
void pxi_replay_watch(pxi_replay *replay, size_t desk, const px_bar *bar, const px_bars *parts, bool last);
/* All bars of the moment have been watched: drawdown, signals, orders that fill at closes. */
void pxi_replay_settle(pxi_replay *replay);
/* What came of a step, all but candidates, to the sinks. Errors: theirs, PX_ENOMEM. */
px_status pxi_replay_tell(pxi_replay *replay, px_error *err);

/* No bar follows, to the sinks. */
px_status pxi_replay_end(pxi_replay *replay, px_error *err);

/* What the kill switch does, and its end: the drawdown is then counted from the present equity. */
void pxi_replay_halt(pxi_replay *replay);
void pxi_replay_resume(pxi_replay *replay);
/* The account at the present moment, as a desk sees it. */
pxi_account_state pxi_replay_state(const pxi_replay *replay, size_t desk);

/* ---- all bars ----------------------------------------------------------------------------------------- */

/* Each desk trades in [begin, end) of its data; what is signalled before begin is ignored. Settles the
 * candidates' outcomes and quantities, and ends the sinks' run. Errors: theirs, PX_ENOMEM, PX_EINTERRUPTED.
 */
px_status pxi_replay_run(const pxi_replay_setup *setup, px_error *err);

#endif
