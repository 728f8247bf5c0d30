// SPDX-License-Identifier: Apache-2.0
#include "engine/batch.h"

#include "base/error.h"
#include "events/scan.h"
#include "indicators/frame.h"

#include <math.h>

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
static px_status find_signals(const pxi_flow *flow, pxi_batch *out, px_signal_list *signals, px_error *err) {
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

px_status pxi_batch_replay(const pxi_flow *flow, pxi_replay_fn replay, const px_signal_list *signals,
                           pxi_batch *out, px_error *err) {
    const pxi_replay_setup setup = pxi_flow_replay(flow);
    pxi_listed_signals listed = {signals, 0};
    if (flow->strategy->find_signals) {
        const pxi_signal_source source = pxi_signals_listed(&listed);
        return replay(&setup, flow->data, &source, &out->candidates, &out->journal, err);
    }
    pxi_bar_signals shown;
    px_status status = pxi_bar_signals_batch(&shown, flow, err);
    const pxi_signal_source source = pxi_signals_of_bars(&shown);
    if (!status)
        status = replay(&setup, flow->data, &source, &out->candidates, &out->journal, err);
    pxi_bar_signals_free(&shown);
    return status;
}

px_status pxi_batch_run(const pxi_flow *flow, pxi_batch *out, px_error *err) {
    px_signal_list signals = {0};
    px_status status = flow->strategy->find_signals ? find_signals(flow, out, &signals, err) : PX_OK;
    if (!status)
        status = pxi_flow_tell(flow, "replay", err);
    if (!status)
        status = pxi_batch_replay(flow, pxi_replay_run, &signals, out, err);
    px_signal_list_free(&signals);
    return status;
}

void pxi_batch_free(pxi_batch *batch) {
    px_candidate_list_free(&batch->candidates);
    pxi_journal_free(&batch->journal);
}
