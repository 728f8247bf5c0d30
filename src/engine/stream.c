// SPDX-License-Identifier: Apache-2.0
#include "engine/stream.h"

#include "base/error.h"
#include "base/mem.h"
#include "engine/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ------------------------------------------------------------------------------------------ */

static bool looks_for_events(const pxi_stream *s, const px_strategy *strategy) {
    return s->sees_events || strategy->take_events;
}

static px_status open_desk(const pxi_stream *s, pxi_stream_desk *d, const pxi_flow *flow, px_error *err) {
    const px_dataset *data = flow->data;
    px_status status = PX_OK;
    d->flow = *flow;
    d->listed.list = &d->signals;
    if (looks_for_events(s, flow->strategy))
        status =
            px_event_stream_new(data->calendar, flow->config, data->timeframe_minutes, &d->event_stream, err);
    if (status)
        return status;
    return flow->strategy->on_bar ? pxi_bar_signals_stream(&d->shown, flow, err)
                                  : px_feature_stream_new(data->calendar, flow->config, &d->features, err);
}

static px_status open_replay(pxi_stream *s, const pxi_desks *desks, px_error *err) {
    pxi_replay_desk *items = pxi_new_array(s->n, sizeof *items);
    if (!items)
        return pxi_fail_memory(err);
    for (size_t k = 0; k < s->n; k++) {
        pxi_stream_desk *d = &s->desks[k];
        items[k] = (pxi_replay_desk){d->flow.data, pxi_signals_listed(&d->listed), &d->candidates};
    }
    const pxi_replay_setup setup = pxi_desks_replay(desks, items);
    s->replay = pxi_replay_new(&setup);
    free(items);
    return s->replay ? PX_OK : pxi_fail_memory(err);
}

px_status pxi_stream_open(pxi_stream *s, const pxi_desks *desks, bool sees_events, px_error *err) {
    *s = (pxi_stream){.sinks = desks->sinks, .sees_events = sees_events, .n = desks->n};
    px_status status = pxi_desks_sort(desks, err);
    if (!status && !(s->desks = pxi_new_array(s->n, sizeof *s->desks)))
        status = pxi_fail_memory(err);
    for (size_t k = 0; k < s->n && !status; k++)
        status = open_desk(s, &s->desks[k], &desks->flows[k], err);
    return status ? status : open_replay(s, desks, err);
}

void pxi_stream_close(pxi_stream *s) {
    pxi_replay_free(&s->replay);
    for (size_t k = 0; s->desks && k < s->n; k++) {
        px_candidate_list_free(&s->desks[k].candidates);
        px_signal_list_free(&s->desks[k].signals);
        pxi_bar_signals_free(&s->desks[k].shown);
        px_feature_stream_free(&s->desks[k].features);
        px_event_stream_free(&s->desks[k].event_stream);
    }
    free(s->desks);
    *s = (pxi_stream){0};
}

/* ---- what a bar says ---------------------------------------------------------------------------------- */

static px_status take_events(pxi_stream_desk *d, px_error *err) {
    const pxi_flow *flow = &d->flow;
    double p[PX_EVENTS_PER_BAR];
    const px_event_list list = {d->n_events, d->n_events, d->events};
    px_status status = PX_OK;
    for (size_t k = 0; k < d->n_events; k++)
        p[k] = NAN;
    if (flow->model && d->n_events)
        status = px_model_predict(flow->model, &list, p, err);
    const px_events_input input = {
        .events = d->events,
        .p = p,
        .n = d->n_events,
        .config = flow->config,
        .has_model = flow->model != NULL,
        .parameters = flow->parameters,
        .unknown_types = flow->model ? ~flow->model->event_types : 0,
    };
    return status ? status : flow->strategy->take_events(&input, &d->candidates, &d->signals, err);
}

/* The columns of the strategy and those of the frame come of one set, each computed once. */
static px_status show_bar(pxi_stream_desk *d, px_error *err) {
    px_signal signal;
    px_bar b = d->bar;
    const px_bars one = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    const pxi_signal_source source = pxi_signals_of_bars(&d->shown);
    px_status status = PX_OK;
    pxi_bar_signals_show(&d->shown, &one);
    memcpy(d->row, d->shown.features, sizeof d->row);
    while (!status && source.next(source.state, d->n_bars, &signal))
        status = px_signal_list_add(&d->signals, &signal, err);
    return status;
}

static px_status decide(pxi_stream *s, pxi_stream_desk *d, bool traded, px_error *err) {
    const px_strategy *strategy = d->flow.strategy;
    px_status status = PX_OK;
    if (strategy->on_bar)
        status = show_bar(d, err);
    else
        px_features_step(d->features, &d->bar, d->row);
    if (looks_for_events(s, strategy))
        d->n_events = px_events_step(d->event_stream, &d->bar, d->row, d->events);
    return !status && traded && strategy->take_events ? take_events(d, err) : status;
}

/* Only the last bar's is kept: a stream has no end. */
static void forget_last_bar(pxi_stream_desk *d) {
    d->candidates.n = 0;
    d->signals.n = 0;
    d->listed.at = 0;
}

static pxi_seen_bar seen_by(const pxi_stream *s, size_t desk) {
    const pxi_stream_desk *d = &s->desks[desk];
    return (pxi_seen_bar){
        .desk = desk,
        .i = d->n_bars,
        .bar = &d->bar,
        .row = d->row,
        .events = d->events,
        .n_events = d->n_events,
        .signals = &d->signals,
    };
}

/* ---- a bar -------------------------------------------------------------------------------------------- */

px_status pxi_stream_warm(pxi_stream *s, size_t desk, const px_bar *bar, px_error *err) {
    pxi_stream_desk *d = &s->desks[desk];
    forget_last_bar(d);
    d->bar = *bar;
    pxi_replay_warm(s->replay, desk, bar);
    px_status status = decide(s, d, false, err);
    const pxi_seen_bar seen = seen_by(s, desk);
    if (!status)
        status = pxi_sinks_warm(&s->sinks, &seen, err);
    d->signals.n = 0;
    d->n_bars++;
    return status;
}

/* The candidate whose order waits; candidates.n = none. */
static size_t find_executed(const px_candidate_list *list) {
    size_t k = 0;
    while (k < list->n && list->items[k].outcome != PX_OUTCOME_EXECUTED)
        k++;
    return k;
}

/* Its order has not filled after all, or not as it was sized. */
static bool is_settled_anew(const px_candidate *before, const px_candidate *now) {
    return now->outcome != before->outcome || now->quantity != before->quantity ||
           now->capped_by != before->capped_by;
}

px_status pxi_stream_begin(pxi_stream *s, size_t desk, int64_t ts_us, double open, px_error *err) {
    const pxi_stream_desk *d = &s->desks[desk];
    const size_t k = find_executed(&d->candidates);
    const bool waits = k < d->candidates.n;
    const px_candidate before = waits ? d->candidates.items[k] : (px_candidate){0};
    px_status status = PX_OK;
    pxi_replay_open(s->replay, desk, d->n_bars, ts_us, open);
    if (waits && is_settled_anew(&before, &d->candidates.items[k]))
        status = pxi_sinks_candidate(&s->sinks, desk, &d->candidates.items[k], err);
    return status ? status : pxi_replay_tell(s->replay, err);
}

px_status pxi_stream_complete(pxi_stream *s, size_t desk, const pxi_stream_bar *bar, px_error *err) {
    pxi_stream_desk *d = &s->desks[desk];
    forget_last_bar(d);
    d->bar = *bar->bar;
    d->complete = true;
    pxi_replay_watch(s->replay, desk, bar->bar, bar->parts, bar->last);
    return decide(s, d, true, err);
}

static px_status tell_seen(const pxi_stream *s, size_t desk, px_error *err) {
    const px_candidate_list *candidates = &s->desks[desk].candidates;
    const pxi_account_state state = pxi_replay_state(s->replay, desk);
    pxi_seen_bar seen = seen_by(s, desk);
    seen.state = &state;
    px_status status = pxi_sinks_seen(&s->sinks, &seen, err);
    for (size_t i = 0; i < candidates->n && !status; i++)
        status = pxi_sinks_candidate(&s->sinks, desk, &candidates->items[i], err);
    return status;
}

px_status pxi_stream_settle(pxi_stream *s, px_error *err) {
    px_status status = PX_OK;
    pxi_replay_settle(s->replay);
    for (size_t k = 0; k < s->n; k++) {
        if (s->desks[k].complete && !status)
            status = tell_seen(s, k, err);
        s->desks[k].n_bars += s->desks[k].complete;
        s->desks[k].complete = false;
    }
    return status ? status : pxi_replay_tell(s->replay, err);
}

/* ---- all bars ----------------------------------------------------------------------------------------- */

static px_status stream_bar(pxi_stream *s, size_t desk, size_t i, px_error *err) {
    const px_dataset *data = s->desks[desk].flow.data;
    const px_bar bar = px_bars_at(&data->bars, i);
    px_bars parts = {0};
    if (i < data->begin)
        return pxi_stream_warm(s, desk, &bar, err);
    if (px_detail_is_present(&data->detail))
        parts = px_detail_at(&data->detail, i);
    const pxi_stream_bar complete = {&bar, parts.n ? &parts : NULL, i + 1 == data->end};
    return pxi_stream_complete(s, desk, &complete, err);
}

static px_status stream_moment(pxi_stream *s, pxi_clock *clock, px_error *err) {
    size_t n_traded = 0;
    px_status status = PX_OK;
    for (size_t m = 0; m < clock->n_present && !status; m++) {
        const size_t k = clock->present[m], i = clock->hands[k].at;
        const px_dataset *data = s->desks[k].flow.data;
        if (i >= data->begin)
            status = pxi_stream_begin(s, k, clock->now_us, data->bars.open[i], err);
    }
    for (size_t m = 0; m < clock->n_present && !status; m++) {
        const size_t k = clock->present[m], i = clock->hands[k].at++;
        n_traded += i >= s->desks[k].flow.data->begin;
        status = stream_bar(s, k, i, err);
    }
    return n_traded && !status ? pxi_stream_settle(s, err) : status;
}

px_status pxi_stream_run(pxi_stream *s, px_error *err) {
    pxi_clock clock = {0};
    px_status status = pxi_clock_init(&clock, s->n) ? PX_OK : pxi_fail_memory(err);
    for (size_t k = 0; k < s->n && !status; k++) {
        const px_dataset *data = s->desks[k].flow.data;
        clock.hands[k] = (pxi_hand){data->bars.ts_us, 0, data->end};
    }
    while (!status && pxi_clock_next(&clock))
        status = stream_moment(s, &clock, err);
    pxi_clock_free(&clock);
    return status ? status : pxi_replay_end(s->replay, err);
}
