// SPDX-License-Identifier: Apache-2.0
/* Three instruments on one account. Include after cmocka.h. */
#ifndef DESK_KIT_H
#define DESK_KIT_H

#include "engine/batch.h"
#include "engine/stream.h"
#include "replay_kit.h"

enum { N_DESKS = 3 };

/* Bit for bit: what a journal says, whatever else lies in its memory. */
static inline void assert_same_journal(const pxi_journal *a, const pxi_journal *b) {
    assert_int_equal(a->n_orders, b->n_orders);
    assert_int_equal(a->n_fills, b->n_fills);
    assert_int_equal(a->n_trades, b->n_trades);
    assert_int_equal(a->n_states, b->n_states);
    assert_int_equal(a->killed, b->killed);
    for (size_t i = 0; i < a->n_orders; i++) {
        const pxi_order *x = &a->orders[i], *y = &b->orders[i];
        assert_true(x->desk == y->desk && x->number == y->number && x->ts_us == y->ts_us &&
                    x->side == y->side && x->quantity == y->quantity && x->status == y->status &&
                    x->done_us == y->done_us && x->reason == y->reason);
    }
    for (size_t i = 0; i < a->n_fills; i++) {
        const pxi_fill *x = &a->fills[i], *y = &b->fills[i];
        assert_true(x->desk == y->desk && x->number == y->number && x->ts_us == y->ts_us &&
                    x->side == y->side && x->quantity == y->quantity && x->price == y->price &&
                    x->fees == y->fees && x->reason == y->reason && x->trade == y->trade &&
                    x->carry == y->carry);
    }
    for (size_t i = 0; i < a->n_trades; i++) {
        const pxi_trade *x = &a->trades[i], *y = &b->trades[i];
        assert_true(x->desk == y->desk && x->number == y->number && x->entry_us == y->entry_us &&
                    x->exit_us == y->exit_us && x->quantity == y->quantity && x->pnl == y->pnl &&
                    x->fees == y->fees && x->mae == y->mae && x->mfe == y->mfe && x->reason == y->reason &&
                    x->side == y->side && x->entry_price == y->entry_price &&
                    x->exit_price == y->exit_price && x->bars_held == y->bars_held);
    }
    for (size_t i = 0; i < a->n_states; i++) {
        const pxi_account_state *x = &a->states[i], *y = &b->states[i];
        assert_true(x->desk == y->desk && x->cash == y->cash && x->position == y->position &&
                    x->realised_gross == y->realised_gross && x->fees_paid == y->fees_paid &&
                    x->peak == y->peak && x->bar == y->bar && x->entry_price == y->entry_price);
    }
}

#endif
