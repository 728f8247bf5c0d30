// SPDX-License-Identifier: Apache-2.0
#include "engine/batch.h"

#include "base/error.h"
#include "base/mem.h"
#include "events/scan.h"
#include "indicators/frame.h"

#include <math.h>
#include <stdlib.h>

static size_t count_without_vwap(const px_dataset *data, const px_feature_frame *frame) {
    size_t n = 0;
    for (size_t i = data->begin; i < data->end; i++)
        n += isnan(frame->column[PX_VWAP][i]);
    return n;
}

static px_batch_input input_of(const pxi_flow *flow) {
    return (px_batch_input){
        .dataset = flow->data,
        .config = flow->config,
        .model = flow->model,
        .parameters = flow->parameters,
        .signals = flow->signals,
    };
}

px_status pxi_batch_signals(const pxi_flow *flow, const px_feature_frame *frame,
                            px_candidate_list *candidates, px_signal_list *signals, px_error *err) {
    px_batch_input input = input_of(flow);
    input.frame = frame;
    return flow->strategy->find_signals ? flow->strategy->find_signals(&input, candidates, signals, err)
                                        : PX_OK;
}

/* A strategy on events needs no frame where events can be found block by block; signals that were made
 * elsewhere know their features. */
static px_status find_signals(const pxi_flow *flow, pxi_found *out, px_signal_list *signals, px_error *err) {
    const px_dataset *data = flow->data;
    px_batch_input input = input_of(flow);
    px_feature_frame frame = {0};
    pxi_event_scan scan = {0};
    px_status status = PX_OK;
    if (!flow->strategy->reads_signals)
        status = pxi_flow_tell(flow, "features", err);
    if (status)
        return status;
    if (flow->strategy->take_events && pxi_events_scannable(data, flow->config)) {
        status = pxi_events_scan(data, flow->config, &scan, err);
        input.events = &scan.events;
        out->n_without_vwap = scan.n_without_vwap;
    } else if (!flow->strategy->reads_signals) {
        status = px_features_compute(&data->bars, data->calendar, flow->config, &frame, err);
        input.frame = &frame;
        out->n_without_vwap = status ? 0 : count_without_vwap(data, &frame);
    }
    if (!status)
        status = pxi_flow_tell(flow, "signals", err);
    if (!status)
        status = flow->strategy->find_signals(&input, &out->candidates, signals, err);
    px_feature_frame_free(&frame);
    px_event_list_free(&scan.events);
    return status;
}

/* Where the signals of a desk come from. */
typedef struct desk_signals {
    pxi_listed_signals listed;
    pxi_bar_signals shown;
} desk_signals;

static px_status open_source(const pxi_flow *flow, const px_signal_list *signals, desk_signals *own,
                             pxi_signal_source *out, px_error *err) {
    if (flow->strategy->find_signals) {
        own->listed.list = signals;
        *out = pxi_signals_listed(&own->listed);
        return PX_OK;
    }
    px_status status = pxi_bar_signals_batch(&own->shown, flow, err);
    *out = pxi_signals_of_bars(&own->shown);
    return status;
}

static px_status tell_candidates(const pxi_desks *desks, const pxi_found *found, px_error *err) {
    px_status status = PX_OK;
    for (size_t k = 0; k < desks->n; k++)
        for (size_t i = 0; i < found[k].candidates.n && !status; i++)
            status = pxi_sinks_candidate(&desks->sinks, k, &found[k].candidates.items[i], err);
    return status;
}

px_status pxi_batch_replay(const pxi_desks *desks, pxi_replay_fn replay, const px_signal_list *signals,
                           pxi_found *found, px_error *err) {
    const size_t n = desks->n;
    desk_signals *own = pxi_new_array(n, sizeof *own);
    pxi_replay_desk *items = pxi_new_array(n, sizeof *items);
    px_status status = own && items ? PX_OK : pxi_fail_memory(err);
    for (size_t k = 0; k < n && !status; k++) {
        items[k] = (pxi_replay_desk){.data = desks->flows[k].data, .candidates = &found[k].candidates};
        status = open_source(&desks->flows[k], &signals[k], &own[k], &items[k].signals, err);
    }
    if (!status) {
        const pxi_replay_setup setup = pxi_desks_replay(desks, items);
        status = replay(&setup, err);
    }
    if (!status)
        status = tell_candidates(desks, found, err);
    for (size_t k = 0; own && k < n; k++)
        pxi_bar_signals_free(&own[k].shown);
    free(own);
    free(items);
    return status;
}

px_status pxi_batch_run(const pxi_desks *desks, pxi_found *found, px_error *err) {
    const size_t n = desks->n;
    px_signal_list *signals = pxi_new_array(n, sizeof *signals);
    px_status status = signals ? pxi_desks_sort(desks, err) : pxi_fail_memory(err);
    for (size_t k = 0; k < n && !status; k++)
        if (desks->flows[k].strategy->find_signals)
            status = find_signals(&desks->flows[k], &found[k], &signals[k], err);
    if (!status)
        status = pxi_flow_tell(desks->flows, "replay", err);
    if (!status)
        status = pxi_batch_replay(desks, pxi_replay_run, signals, found, err);
    for (size_t k = 0; signals && k < n; k++)
        px_signal_list_free(&signals[k]);
    free(signals);
    return status;
}

void pxi_found_free(pxi_found *found) {
    px_candidate_list_free(&found->candidates);
}
