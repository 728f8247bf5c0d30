// SPDX-License-Identifier: Apache-2.0
/* A desk: what one instrument has of its own on an account - orders that wait, the barrier of its position,
 * its session, the signals that were seen. A bar goes through four steps, each when what it needs is known:
 * it opens, it is watched when it is complete, the signals of its close are considered, it closes. The replay
 * (replay.h) takes the desks of an account through these steps moment by moment. */
#ifndef PXI_DESK_H
#define PXI_DESK_H

#include "engine/journal.h"
#include "engine/liquidity.h"
#include "engine/signal_id.h"

/* Orders that wait for the next moment of filling: the next open, or this close. One of each at most. */
typedef struct pxi_pending_exit {
    bool active;
    pxi_order order;
} pxi_pending_exit;
typedef struct pxi_pending_entry {
    bool active;
    pxi_order order;
    px_signal signal;
    px_cap capped_by;
    double risk; /* rupees a share, as sized; NaN = no stop */
} pxi_pending_entry;

typedef struct pxi_desk {
    size_t k; /* among those of the account */
    const px_config *config;
    const px_instrument *instrument;
    int timeframe_minutes;
    pxi_account *account;
    pxi_journal *journal;          /* of the present step */
    px_candidate_list *candidates; /* of the desk */
    bool fills_at_close;
    const px_bars *bars;      /* where all are there at once; NULL = they come one after the other */
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    pxi_liquidity liquidity;

    size_t i; /* the current bar; of one that has only begun, time and open are known */
    px_bar bar;
    bool complete; /* the current bar is */
    px_session_cursor session, entry_session;
    pxi_signal_set seen;
    size_t held_bars; /* so many bars more no entry is made; see pxi_replay_hold */
    size_t exit_bar;  /* of the last exit; SIZE_MAX = none yet */
    pxi_pending_exit leaving;
    pxi_pending_entry entering;
    px_barrier barrier; /* of the open position, as is its trade so far */
    pxi_trade trade;
    bool has_state;
    pxi_account_state state; /* as last written down */
} pxi_desk;

/* Something is open or ordered: its bars matter whatever is signalled. */
static inline bool pxi_desk_is_busy(const pxi_desk *desk) {
    return pxi_account_is_open(desk->account, desk->k) || desk->entering.active || desk->leaving.active;
}

/* Everything is borrowed. Once journal->failed is set nothing counts any more. Free *out also after a
 * failure. Errors: PX_ENOMEM. */
px_status pxi_desk_make(const px_dataset *data, pxi_account *account, pxi_journal *journal, pxi_desk *out,
                        px_error *err);
void pxi_desk_free(pxi_desk *desk);
/* A bar of the warm-up, where bars come one after the other: seen, not traded. */
void pxi_desk_warm(pxi_desk *desk, const px_bar *bar);
/* Bar `i` begins: what was scheduled for its open fills. Where it shows a hole before it, nothing has come
 * across: what is open closed at the last close, and orders are dropped. */
void pxi_desk_open(pxi_desk *desk, size_t i, int64_t ts_us, double open);
/* It is complete: exits through the barrier routine, in its one-minute parts unless that is NULL. */
void pxi_desk_watch(pxi_desk *desk, const px_bar *bar, const px_bars *parts);
/* The kill switch has fired at a moment: what is open leaves as after an exit signal. */
void pxi_desk_kill(pxi_desk *desk, int64_t ts_us);
/* A signal of its close: guards, sizing, order. An entry without a candidate gets one. */
void pxi_desk_signal(pxi_desk *desk, px_signal *signal);
/* It closes; after the last bar there is, nothing stays open. */
void pxi_desk_close(pxi_desk *desk, bool last);

#endif
