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

px_status pxi_live_keep_candidate(px_live *live, const px_candidate *candidate, px_error *err) {
    const px_event *event = &candidate->event;
    if (!pxi_live_is_keeping(live))
        return PX_OK;
    px_signal signal = px_signal_make(PX_ACTION_ENTER, event->side);
    signal.ts_us = event->ts_us;
    signal.event_type = event->type;
    const pxi_signal_id id =
        pxi_signal_id_make(live->account, live->strategy->id, live->data.instrument.key, &signal);
    return pxi_ledger_signal(live->ledger, &id, candidate, err);
}

px_status pxi_live_keep_order(px_live *live, size_t i, px_error *err) {
    return pxi_live_is_keeping(live) ? pxi_ledger_order(live->ledger, i, &live->stream.journal.orders[i], err)
                                     : PX_OK;
}

px_status pxi_live_keep_fill(px_live *live, size_t i, px_error *err) {
    return pxi_live_is_keeping(live) ? pxi_ledger_fill(live->ledger, i, &live->stream.journal.fills[i], err)
                                     : PX_OK;
}

px_status pxi_live_keep_trade(px_live *live, size_t i, px_error *err) {
    return pxi_live_is_keeping(live) ? pxi_ledger_trade(live->ledger, i, &live->stream.journal.trades[i], err)
                                     : PX_OK;
}

px_status pxi_live_keep_equity(px_live *live, const px_bar *bar, px_error *err) {
    const pxi_account_state state = pxi_replay_state(live->stream.replay);
    return pxi_live_is_keeping(live) ? pxi_ledger_equity(live->ledger, bar, &state, err) : PX_OK;
}

void pxi_live_digest(px_live *live, size_t begin) {
    pxi_text *text = &live->lines.text;
    if (!live->ledger || text->failed || text->length == begin)
        return;
    pxi_hash_bytes(&live->digest, text->data + begin, text->length - begin);
    if (live->repeating)
        text->length = begin;
}
