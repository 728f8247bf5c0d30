// SPDX-License-Identifier: Apache-2.0
/* What comes in and what comes of it, into the ledger of an account; without one nothing is kept. */
#include "live/live.h"

bool pxi_live_is_keeping(const px_live *live) {
    return live->ledger && !live->repeating && !live->warming;
}

/* ---- into the ledger ---------------------------------------------------------------------------------- */

px_status pxi_live_keep_action(px_live *live, pxi_action action, const char *reason, px_error *err) {
    return pxi_live_is_keeping(live) ? pxi_ledger_action(live->ledger, action, live->last_us, reason, err)
                                     : PX_OK;
}

static px_status keep_seen(void *user, const pxi_seen_bar *seen, px_error *err) {
    const px_live *live = user;
    return pxi_live_is_keeping(live) ? pxi_ledger_equity(live->ledger, seen->bar, seen->state, err) : PX_OK;
}

static px_status keep_candidate(void *user, size_t desk, const px_candidate *candidate, px_error *err) {
    const px_live *live = user;
    const px_event *event = &candidate->event;
    (void)desk;
    if (!pxi_live_is_keeping(live))
        return PX_OK;
    px_signal signal = px_signal_make(PX_ACTION_ENTER, event->side);
    signal.ts_us = event->ts_us;
    signal.event_type = event->type;
    const pxi_signal_id id =
        pxi_signal_id_make(live->account, live->strategy->id, live->data.instrument.key, &signal);
    return pxi_ledger_signal(live->ledger, &id, candidate, err);
}

static px_status keep_order(void *user, const pxi_order *order, px_error *err) {
    const px_live *live = user;
    return pxi_live_is_keeping(live) ? pxi_ledger_order(live->ledger, order, err) : PX_OK;
}

static px_status keep_fill(void *user, const pxi_fill *fill, px_error *err) {
    const px_live *live = user;
    return pxi_live_is_keeping(live) ? pxi_ledger_fill(live->ledger, fill, err) : PX_OK;
}

static px_status keep_trade(void *user, const pxi_trade *trade, px_error *err) {
    const px_live *live = user;
    return pxi_live_is_keeping(live) ? pxi_ledger_trade(live->ledger, trade, err) : PX_OK;
}

const pxi_sink_kind pxi_bookkeeping_sink = {
    .seen = keep_seen,
    .candidate = keep_candidate,
    .done = keep_order,
    .fill = keep_fill,
    .trade = keep_trade,
    .order = keep_order,
};

/* ---- what it must come to again ----------------------------------------------------------------------- */

void pxi_live_digest(px_live *live, size_t begin) {
    pxi_text *text = &live->lines.text;
    if (!live->ledger || text->failed || text->length == begin)
        return;
    pxi_hash_bytes(&live->digest, text->data + begin, text->length - begin);
    if (live->repeating)
        text->length = begin;
}
