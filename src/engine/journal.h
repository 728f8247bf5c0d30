// SPDX-License-Identifier: Apache-2.0
/* What is written down of orders, fills, trades, and of the account where it changes: of a whole run where a
 * journal is a sink (sink.h), of one step where the replay hands what came of it to its sinks. */
#ifndef PXI_JOURNAL_H
#define PXI_JOURNAL_H

#include "engine/account.h"
#include "pixity/strategy.h"
#include "store/runs/account_curve.h"

typedef enum pxi_order_status {
    PXI_ORDER_PENDING,
    PXI_ORDER_FILLED,
    PXI_ORDER_CANCELLED,
    PXI_ORDER_VOID, /* an exit signal with nothing to leave, or nothing that is not leaving already */
} pxi_order_status;

typedef struct pxi_order {
    size_t desk, number;   /* number: from 0, in the order in which orders were placed */
    int64_t ts_us;         /* bar whose close it was placed at */
    px_exit_reason reason; /* PX_EXIT_NONE: an entry */
    px_side side;          /* PX_LONG buys */
    double quantity;
    pxi_order_status status;
    int64_t done_us; /* bar of the fill or the cancellation */
} pxi_order;

typedef struct pxi_fill {
    size_t desk, number; /* number: from 0, in their order */
    int64_t ts_us;
    px_side side; /* PX_LONG buys */
    double quantity;
    double price, fees;
    px_exit_reason
        reason; /* PX_EXIT_NONE: an entry, or where `carry`, the overnight difference of its fees */
    bool carry;
    size_t trade; /* its number */
} pxi_fill;

typedef struct pxi_trade {
    size_t desk, number; /* number: from 0, in the order of entries; trades are written down as they end */
    px_signal signal;
    px_side side;
    double quantity;
    px_cap capped_by;
    size_t entry_bar, exit_bar;
    int64_t entry_us, exit_us;
    double entry_price, exit_price;
    px_levels levels; /* as first set */
    double risk;      /* rupees at the stop, as sized: pxi_signal_risk times quantity; NaN = no stop */
    double pnl, fees; /* gross; both sides */
    int bars_held;    /* watched bars to the exit, inclusive */
    px_exit_reason reason;
    double mae, mfe; /* price units, towards and away from the position */
    bool ambiguous, overnight;
    double overnight_leverage; /* of its position, see there */
} pxi_trade;

typedef struct pxi_journal {
    pxi_order *orders;
    pxi_fill *fills;
    pxi_trade *trades;
    pxi_account_state *states; /* one of a desk's first bar, and of each that closes with another */
    size_t n_orders, n_fills, n_trades, n_states;
    size_t order_capacity, fill_capacity, trade_capacity, state_capacity;
    size_t next_order, next_fill; /* numbers */
    bool killed;                  /* the kill switch fired; known at the end, as is the next */
    int32_t rates_known_from;     /* of the account, see there, */
    size_t n_unslipped;           /* as is this */
    bool failed;                  /* out of memory: the journal is incomplete */
} pxi_journal;

/* "entry", an exit reason, or "carry" (the overnight difference of an entry's fees). */
const char *pxi_order_kind(px_exit_reason reason, bool carry);
const char *pxi_order_status_name(pxi_order_status status); /* "pending", "filled", "cancelled", "void" */

/* An order takes the place of the one of its number, where that is there. */
void pxi_journal_order(pxi_journal *journal, const pxi_order *order);
void pxi_journal_fill(pxi_journal *journal, const pxi_fill *fill);
void pxi_journal_trade(pxi_journal *journal, const pxi_trade *trade);
void pxi_journal_state(pxi_journal *journal, const pxi_account_state *state);
static inline bool pxi_journal_is_empty(const pxi_journal *journal) {
    return !(journal->n_orders | journal->n_fills | journal->n_trades | journal->n_states) &&
           !journal->failed;
}
/* Begins the next step: nothing is left but the numbers. */
void pxi_journal_clear(pxi_journal *journal);
void pxi_journal_free(pxi_journal *journal);

#endif
