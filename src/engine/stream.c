// SPDX-License-Identifier: Apache-2.0
#include "engine/stream.h"

#include "base/error.h"

#include <math.h>
#include <string.h>

px_status pxi_stream_open(pxi_stream *s, const pxi_flow *flow, bool sees_events, px_error *err) {
    const px_dataset *data = flow->data;
    *s = (pxi_stream){.flow = *flow, .sees_events = sees_events || flow->strategy->take_events};
    px_status status = PX_OK;
    if (s->sees_events)
        status = px_feature_stream_new(data->calendar, flow->config, &s->features, err);
    if (!status && s->sees_events)
        status =
            px_event_stream_new(data->calendar, flow->config, data->timeframe_minutes, &s->event_stream, err);
    if (!status && flow->strategy->on_bar)
        status = pxi_bar_signals_stream(&s->shown, flow, err);
    if (status)
        return status;
    const pxi_replay_setup setup = pxi_flow_replay(flow);
    s->replay = pxi_replay_new(&setup, &s->candidates, &s->journal);
    return s->replay ? PX_OK : pxi_fail_memory(err);
}

void pxi_stream_close(pxi_stream *s) {
    pxi_replay_free(&s->replay);
    pxi_journal_free(&s->journal);
    px_candidate_list_free(&s->candidates);
    px_signal_list_free(&s->signals);
    pxi_bar_signals_free(&s->shown);
    px_feature_stream_free(&s->features);
    px_event_stream_free(&s->event_stream);
}

/* ---- what a bar says ---------------------------------------------------------------------------------- */

static px_status take_events(pxi_stream *s, px_error *err) {
    const pxi_flow *flow = &s->flow;
    double p[PX_EVENTS_PER_BAR];
    const px_event_list list = {s->n_events, s->n_events, s->events};
    px_status status = PX_OK;
    for (size_t k = 0; k < s->n_events; k++)
        p[k] = NAN;
    if (flow->model && s->n_events)
        status = px_model_predict(flow->model, &list, p, err);
    const px_events_input input = {
        .events = s->events,
        .p = p,
        .n = s->n_events,
        .config = flow->config,
        .has_model = flow->model != NULL,
        .parameters = flow->parameters,
        .unknown_types = flow->model ? ~flow->model->event_types : 0,
    };
    return status ? status : flow->strategy->take_events(&input, &s->candidates, &s->signals, err);
}

static px_status show_bar(pxi_stream *s, const px_bar *bar, px_error *err) {
    px_signal signal;
    px_bar b = *bar;
    const px_bars one = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    const pxi_signal_source source = pxi_signals_of_bars(&s->shown);
    px_status status = PX_OK;
    pxi_bar_signals_show(&s->shown, &one);
    if (!s->sees_events)
        memcpy(s->row, s->shown.features, sizeof s->row);
    while (!status && source.next(source.state, s->n_bars, &signal))
        status = px_signal_list_add(&s->signals, &signal, err);
    return status;
}

/* Only the last bar's is kept: a stream has no end. */
static void forget_last_bar(pxi_stream *s) {
    s->candidates.n = 0;
    s->signals.n = 0;
    s->journal.n_states = 0;
}

static void look(pxi_stream *s, const px_bar *bar) {
    if (!s->sees_events)
        return;
    px_features_step(s->features, bar, s->row);
    s->n_events = px_events_step(s->event_stream, bar, s->row, s->events);
}

static px_status decide(pxi_stream *s, const px_bar *bar, bool traded, px_error *err) {
    look(s, bar);
    if (s->flow.strategy->on_bar)
        return show_bar(s, bar, err);
    return traded && s->flow.strategy->take_events ? take_events(s, err) : PX_OK;
}

/* ---- a bar -------------------------------------------------------------------------------------------- */

px_status pxi_stream_warm(pxi_stream *s, const px_bar *bar, px_error *err) {
    forget_last_bar(s);
    px_status status = decide(s, bar, false, err);
    s->signals.n = 0;
    s->n_bars++;
    return status;
}

void pxi_stream_begin(pxi_stream *s, int64_t ts_us, double open) {
    pxi_replay_open(s->replay, s->n_bars, ts_us, open);
}

px_status pxi_stream_complete(pxi_stream *s, const px_bar *bar, const px_bars *parts, bool last,
                              px_error *err) {
    forget_last_bar(s);
    pxi_replay_watch(s->replay, bar, parts);
    px_status status = decide(s, bar, true, err);
    if (!status) {
        for (size_t k = 0; k < s->signals.n; k++)
            pxi_replay_signal(s->replay, &s->signals.items[k]);
        pxi_replay_close(s->replay, last);
        status = s->journal.failed ? pxi_fail_memory(err) : PX_OK;
    }
    s->n_bars++;
    return status;
}
