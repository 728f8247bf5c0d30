// SPDX-License-Identifier: Apache-2.0
/* What a complete bar means: features, events, the strategy's signals, and what becomes of them on paper.
 * Every step is the function that batch training and backtests call. */
#include "base/error.h"
#include "live/live.h"

#include <math.h>

/* ---- telling ------------------------------------------------------------------------------------------ */

static void wait_for(px_live *live, size_t order) {
    live->waiting[live->waiting[0] != SIZE_MAX] = order;
}

/* What has become of orders that were told as pending: a fill tells of itself. */
static px_status tell_done(px_live *live, px_error *err) {
    px_status status = PX_OK;
    for (size_t k = 0; k < 2 && !status; k++) {
        const size_t i = live->waiting[k];
        if (i == SIZE_MAX || live->journal.orders[i].status == PXI_ORDER_PENDING)
            continue;
        if (live->journal.orders[i].status == PXI_ORDER_CANCELLED)
            pxi_line_order(&live->lines, &live->journal.orders[i]);
        status = pxi_live_keep_order(live, i, err);
        live->waiting[k] = SIZE_MAX;
    }
    return status;
}

static px_status tell_orders(px_live *live, px_error *err) {
    px_status status = PX_OK;
    for (; live->n_orders_told < live->journal.n_orders && !status; live->n_orders_told++) {
        const pxi_order *order = &live->journal.orders[live->n_orders_told];
        pxi_line_order(&live->lines, order);
        if (order->status == PXI_ORDER_PENDING)
            wait_for(live, live->n_orders_told);
        status = pxi_live_keep_order(live, live->n_orders_told, err);
    }
    return status;
}

/* What the replay has written down since the last time. */
static px_status tell_journal(px_live *live, px_error *err) {
    pxi_journal *journal = &live->journal;
    px_status status = journal->failed ? pxi_fail_memory(err) : tell_done(live, err);
    for (; live->n_fills_told < journal->n_fills && !status; live->n_fills_told++) {
        pxi_line_fill(&live->lines, &journal->fills[live->n_fills_told]);
        status = pxi_live_keep_fill(live, live->n_fills_told, err);
    }
    for (; live->n_trades_told < journal->n_trades && !status; live->n_trades_told++) {
        pxi_line_exit(&live->lines, &journal->trades[live->n_trades_told]);
        status = pxi_live_keep_trade(live, live->n_trades_told, err);
    }
    return status ? status : tell_orders(live, err);
}

static px_status tell_candidate(px_live *live, const px_candidate *candidate, px_error *err) {
    pxi_line_signal(&live->lines, candidate);
    return pxi_live_keep_candidate(live, candidate, err);
}

/* ---- deciding ----------------------------------------------------------------------------------------- */

/* Only the present bar's are kept: a stream has no end. */
static void forget_last_bar(px_live *live) {
    live->candidates.n = 0;
    live->signals.n = 0;
    live->journal.n_states = 0;
}

static px_status take_events(px_live *live, px_event *events, size_t n, px_error *err) {
    double p[PX_EVENTS_PER_BAR];
    px_event_list list = {n, n, events};
    px_status status = PX_OK;
    for (size_t k = 0; k < n; k++)
        p[k] = NAN;
    if (live->model && n)
        status = px_model_predict(live->model, &list, p, err);
    const px_events_input input = {events, p, n, &live->config, live->model != NULL};
    return status ? status : live->strategy->take_events(&input, &live->candidates, &live->signals, err);
}

/* A strategy on events: they, and what it makes of them. */
static px_status see_events(px_live *live, const px_bar *bar, px_error *err) {
    double row[PX_N_FEATURES];
    px_event events[PX_EVENTS_PER_BAR];
    px_features_step(live->features, bar, row);
    const size_t n = px_events_step(&live->events, bar, row, events);
    if (live->warming)
        return PX_OK;
    pxi_line_feature(&live->lines, bar->ts_us, row);
    for (size_t k = 0; k < n; k++)
        pxi_line_event(&live->lines, &events[k]);
    return take_events(live, events, n, err);
}

/* A strategy on bars. */
static px_status see_bar(px_live *live, const px_bar *bar, px_error *err) {
    px_signal signal;
    px_status status = PX_OK;
    pxi_signal_source source = pxi_signals_of_bars(&live->standard);
    px_bar b = *bar;
    const px_bars one = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    pxi_bar_signals_show(&live->standard, &one);
    if (live->warming)
        return PX_OK;
    pxi_line_feature(&live->lines, bar->ts_us, live->standard.present.row);
    while (!status && source.next(source.state, live->n_bars, &signal))
        status = px_signal_list_add(&live->signals, &signal, err);
    return status;
}

static px_status decide(px_live *live, const px_bar *bar, px_error *err) {
    return live->strategy->take_events ? see_events(live, bar, err) : see_bar(live, bar, err);
}

static px_status act(px_live *live, const px_bar *bar, px_error *err) {
    px_status status = PX_OK;
    for (size_t k = 0; k < live->signals.n; k++)
        pxi_replay_signal(live->replay, &live->signals.items[k]);
    pxi_replay_close(live->replay, false);
    for (size_t k = 0; k < live->candidates.n && !status; k++)
        status = tell_candidate(live, &live->candidates.items[k], err);
    if (!status)
        status = pxi_live_keep_equity(live, bar, err);
    return status ? status : tell_journal(live, err);
}

/* The candidate whose order waits; candidates.n = none. */
static size_t find_executed(const px_candidate_list *list) {
    size_t k = 0;
    while (k < list->n && list->items[k].fate != PX_FATE_EXECUTED)
        k++;
    return k;
}

px_status pxi_live_begin(px_live *live, int64_t ts_us, double open, px_error *err) {
    if (live->warming)
        return PX_OK;
    const px_candidate_list *candidates = &live->candidates;
    const size_t k = find_executed(candidates), begin = live->lines.text.length;
    px_status status = PX_OK;
    live->bar_open = true;
    pxi_replay_open(live->replay, live->n_bars, ts_us, open);
    if (k < candidates->n && candidates->items[k].fate != PX_FATE_EXECUTED) /* it did not fill after all */
        status = tell_candidate(live, &candidates->items[k], err);
    if (!status)
        status = tell_journal(live, err);
    pxi_live_digest(live, begin);
    return status;
}

px_status pxi_live_complete(px_live *live, const px_bar *bar, px_error *err) {
    const size_t begin = live->lines.text.length;
    forget_last_bar(live);
    if (!live->warming) {
        pxi_line_bar(&live->lines, bar);
        pxi_replay_watch(live->replay, bar, live->parts.n ? &live->parts : NULL);
    }
    px_status status = decide(live, bar, err);
    if (!status && !live->warming)
        status = act(live, bar, err);
    live->n_bars++;
    pxi_live_digest(live, begin);
    return status;
}
