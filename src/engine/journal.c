// SPDX-License-Identifier: Apache-2.0
#include "engine/journal.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/mem.h"
#include "engine/sink.h"

/* They lie in the order of their numbers; what changes is one of the last. */
void pxi_journal_order(pxi_journal *journal, const pxi_order *order) {
    size_t at = journal->n_orders;
    while (at > 0 && journal->orders[at - 1].number > order->number)
        at--;
    if (at > 0 && journal->orders[at - 1].number == order->number) {
        journal->orders[at - 1] = *order;
        return;
    }
    if (!pxi_grow(&journal->orders, &journal->order_capacity, journal->n_orders + 1, sizeof *order)) {
        journal->failed = true;
        return;
    }
    memmove(&journal->orders[at + 1], &journal->orders[at], (journal->n_orders - at) * sizeof *order);
    journal->orders[at] = *order;
    journal->n_orders++;
}

void pxi_journal_fill(pxi_journal *journal, const pxi_fill *fill) {
    if (pxi_grow(&journal->fills, &journal->fill_capacity, journal->n_fills + 1, sizeof *fill))
        journal->fills[journal->n_fills++] = *fill;
    else
        journal->failed = true;
}

void pxi_journal_trade(pxi_journal *journal, const pxi_trade *trade) {
    if (pxi_grow(&journal->trades, &journal->trade_capacity, journal->n_trades + 1, sizeof *trade))
        journal->trades[journal->n_trades++] = *trade;
    else
        journal->failed = true;
}

void pxi_journal_state(pxi_journal *journal, const pxi_account_state *state) {
    if (pxi_grow(&journal->states, &journal->state_capacity, journal->n_states + 1, sizeof *state))
        journal->states[journal->n_states++] = *state;
    else
        journal->failed = true;
}

void pxi_journal_clear(pxi_journal *journal) {
    journal->n_orders = journal->n_fills = journal->n_trades = journal->n_states = 0;
}

void pxi_journal_free(pxi_journal *journal) {
    free(journal->orders);
    free(journal->fills);
    free(journal->trades);
    free(journal->states);
    *journal = (pxi_journal){0};
}

const char *pxi_order_kind(px_exit_reason reason, bool carry) {
    if (carry)
        return "carry";
    return reason == PX_EXIT_NONE ? "entry" : px_exit_reason_name(reason);
}

const char *pxi_order_status_name(pxi_order_status status) {
    static const char *const names[] = {
        [PXI_ORDER_PENDING] = "pending",
        [PXI_ORDER_FILLED] = "filled",
        [PXI_ORDER_CANCELLED] = "cancelled",
        [PXI_ORDER_VOID] = "void",
    };
    return names[status];
}

/* ---- as a sink ---------------------------------------------------------------------------------------- */

static px_status check(const pxi_journal *journal, px_error *err) {
    return journal->failed ? pxi_fail_memory(err) : PX_OK;
}

static px_status keep_order(void *user, const pxi_order *order, px_error *err) {
    pxi_journal_order(user, order);
    return check(user, err);
}

static px_status keep_fill(void *user, const pxi_fill *fill, px_error *err) {
    pxi_journal_fill(user, fill);
    return check(user, err);
}

static px_status keep_trade(void *user, const pxi_trade *trade, px_error *err) {
    pxi_journal_trade(user, trade);
    return check(user, err);
}

static px_status keep_state(void *user, const pxi_account_state *state, px_error *err) {
    pxi_journal_state(user, state);
    return check(user, err);
}

static px_status keep_end(void *user, const pxi_account *account, px_error *err) {
    pxi_journal *journal = user;
    journal->killed = account->killed;
    journal->rates_known_from = account->rates_known_from;
    journal->n_unslipped = account->n_unslipped;
    return check(journal, err);
}

const pxi_sink_kind pxi_journal_sink = {
    .done = keep_order,
    .fill = keep_fill,
    .trade = keep_trade,
    .order = keep_order,
    .state = keep_state,
    .end = keep_end,
};
