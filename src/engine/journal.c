// SPDX-License-Identifier: Apache-2.0
#include "engine/journal.h"

#include <stdlib.h>
#include "base/mem.h"

size_t pxi_journal_order(pxi_journal *journal, const pxi_order *order) {
    if (!pxi_grow(&journal->orders, &journal->order_capacity, journal->n_orders + 1, sizeof *order)) {
        journal->failed = true;
        return 0;
    }
    journal->orders[journal->n_orders] = *order;
    return journal->n_orders++;
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
