// SPDX-License-Identifier: Apache-2.0
/* A complete bar through the flow, and what comes of it: lines of text and, with an account, rows of its
 * ledger. */
#include "base/error.h"
#include "live/live.h"

/* ---- telling ------------------------------------------------------------------------------------------ */

static void wait_for(px_live *live, size_t order) {
    live->waiting[live->waiting[0] != SIZE_MAX] = order;
}

/* What has become of orders that were told as pending: a fill tells of itself. */
static px_status tell_done(px_live *live, px_error *err) {
    px_status status = PX_OK;
    for (size_t k = 0; k < 2 && !status; k++) {
        const size_t i = live->waiting[k];
        if (i == SIZE_MAX || live->stream.journal.orders[i].status == PXI_ORDER_PENDING)
            continue;
        if (live->stream.journal.orders[i].status == PXI_ORDER_CANCELLED)
            pxi_line_order(&live->lines, &live->stream.journal.orders[i]);
        status = pxi_live_keep_order(live, i, err);
        live->waiting[k] = SIZE_MAX;
    }
    return status;
}

static px_status tell_orders(px_live *live, px_error *err) {
    px_status status = PX_OK;
    for (; live->n_orders_reported < live->stream.journal.n_orders && !status; live->n_orders_reported++) {
        const pxi_order *order = &live->stream.journal.orders[live->n_orders_reported];
        pxi_line_order(&live->lines, order);
        if (order->status == PXI_ORDER_PENDING)
            wait_for(live, live->n_orders_reported);
        status = pxi_live_keep_order(live, live->n_orders_reported, err);
    }
    return status;
}

/* What the replay has written down since the last time. */
static px_status tell_journal(px_live *live, px_error *err) {
    pxi_journal *journal = &live->stream.journal;
    px_status status = journal->failed ? pxi_fail_memory(err) : tell_done(live, err);
    for (; live->n_fills_reported < journal->n_fills && !status; live->n_fills_reported++) {
        pxi_line_fill(&live->lines, &journal->fills[live->n_fills_reported]);
        status = pxi_live_keep_fill(live, live->n_fills_reported, err);
    }
    for (; live->n_trades_reported < journal->n_trades && !status; live->n_trades_reported++) {
        pxi_line_exit(&live->lines, &journal->trades[live->n_trades_reported]);
        status = pxi_live_keep_trade(live, live->n_trades_reported, err);
    }
    return status ? status : tell_orders(live, err);
}

static px_status tell_candidate(px_live *live, const px_candidate *candidate, px_error *err) {
    pxi_line_signal(&live->lines, candidate);
    return pxi_live_keep_candidate(live, candidate, err);
}

/* ---- a bar ------------------------------------------------------------------------------------------ */

static px_status tell_bar(px_live *live, const px_bar *bar, px_error *err) {
    const pxi_stream *stream = &live->stream;
    px_status status = PX_OK;
    pxi_line_feature(&live->lines, bar->ts_us, stream->row);
    for (size_t k = 0; k < stream->n_events; k++)
        pxi_line_event(&live->lines, &stream->events[k]);
    for (size_t k = 0; k < stream->candidates.n && !status; k++)
        status = tell_candidate(live, &stream->candidates.items[k], err);
    if (!status)
        status = pxi_live_keep_equity(live, bar, err);
    return status ? status : tell_journal(live, err);
}

/* The candidate whose order waits; candidates.n = none. */
static size_t find_executed(const px_candidate_list *list) {
    size_t k = 0;
    while (k < list->n && list->items[k].outcome != PX_OUTCOME_EXECUTED)
        k++;
    return k;
}

px_status pxi_live_begin(px_live *live, int64_t ts_us, double open, px_error *err) {
    if (live->warming)
        return PX_OK;
    const px_candidate_list *candidates = &live->stream.candidates;
    const size_t k = find_executed(candidates), begin = live->lines.text.length;
    px_status status = PX_OK;
    live->bar_open = true;
    pxi_stream_begin(&live->stream, ts_us, open);
    if (k < candidates->n &&
        candidates->items[k].outcome != PX_OUTCOME_EXECUTED) /* it did not fill after all */
        status = tell_candidate(live, &candidates->items[k], err);
    if (!status)
        status = tell_journal(live, err);
    pxi_live_digest(live, begin);
    return status;
}

px_status pxi_live_complete(px_live *live, const px_bar *bar, px_error *err) {
    const size_t begin = live->lines.text.length;
    if (live->warming)
        return pxi_stream_warm(&live->stream, bar, err);
    pxi_line_bar(&live->lines, bar);
    px_status status =
        pxi_stream_complete(&live->stream, bar, live->parts.n ? &live->parts : NULL, false, err);
    if (!status)
        status = tell_bar(live, bar, err);
    pxi_live_digest(live, begin);
    return status;
}
