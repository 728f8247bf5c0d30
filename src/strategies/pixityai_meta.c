// SPDX-License-Identifier: Apache-2.0
/* Events of the whole frame, kept where the meta-model gives them a good enough chance of reaching their
 * target. Batch path: the events, inputs and probabilities are those that training saw. */
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "pixity/strategy.h"

static px_status predict(const px_model *model, const px_event_list *events, double *p, px_error *err) {
    for (size_t i = 0; i < events->n; i++)
        p[i] = NAN;
    return model && events->n ? px_model_predict(model, events, p, err) : PX_OK;
}

static bool survives(const px_event *event, double p, const px_events_input *input) {
    double threshold =
        event->side == PX_LONG ? input->config->long_threshold : input->config->short_threshold;
    return !input->has_model || p >= threshold;
}

static px_signal make_signal(const px_event *event, double p, const px_config *config, size_t candidate) {
    px_signal signal = px_signal_make(PX_ACTION_ENTER, event->side);
    signal.bar = event->bar;
    signal.ts_us = event->ts_us;
    signal.event_type = event->type;
    signal.stop = (px_level){PX_LEVEL_DISTANCE, config->sl_mult * event->atr};
    signal.target = (px_level){PX_LEVEL_DISTANCE, config->tp_mult * event->atr};
    signal.atr = event->atr;
    signal.h_bars = event->h_bars;
    signal.probability = p;
    signal.candidate = candidate;
    return signal;
}

/* Of several survivors on one bar the first is the signal. */
static px_status take_events(const px_events_input *input, px_candidate_list *candidates,
                             px_signal_list *signals, px_error *err) {
    for (size_t i = 0; i < input->n; i++) {
        const px_event *event = &input->events[i];
        if (input->unknown_types >> event->type & 1)
            continue;
        px_candidate candidate = {.event = *event, .probability = input->p[i], .quantity = NAN};
        px_status status = PX_OK;
        if (!survives(event, input->p[i], input)) {
            candidate.outcome = PX_OUTCOME_REJECTED_MODEL;
        } else if (signals->n && signals->items[signals->n - 1].bar == event->bar) {
            candidate.outcome = PX_OUTCOME_SUPERSEDED;
        } else {
            px_signal signal = make_signal(event, input->p[i], input->config, candidates->n);
            status = px_signal_list_add(signals, &signal, err);
        }
        if (!status)
            status = px_candidate_list_add(candidates, &candidate, err);
        if (status)
            return status;
    }
    return PX_OK;
}

static px_status judge(const px_batch_input *input, const px_event_list *events,
                       px_candidate_list *candidates, px_signal_list *signals, px_error *err) {
    double *p = pxi_new_array(events->n, sizeof *p);
    px_status status = p ? predict(input->model, events, p, err) : pxi_fail_memory(err);
    if (!status) {
        const px_events_input taken = {
            .events = events->items,
            .p = p,
            .n = events->n,
            .config = input->config,
            .has_model = input->model != NULL,
            .parameters = input->parameters,
            .unknown_types = input->model ? ~input->model->event_types : 0,
        };
        status = take_events(&taken, candidates, signals, err);
    }
    free(p);
    return status;
}

static px_status find_signals(const px_batch_input *input, px_candidate_list *candidates,
                              px_signal_list *signals, px_error *err) {
    const px_dataset *data = input->dataset;
    px_event_list events = {0};
    if (input->events)
        return judge(input, input->events, candidates, signals, err);
    px_status status = px_events_find(&data->bars, input->frame, data->calendar, input->config,
                                      data->timeframe_minutes, data->begin, data->end, &events, err);
    if (!status)
        status = judge(input, &events, candidates, signals, err);
    px_event_list_free(&events);
    return status;
}

const px_strategy pxi_pixityai_meta = {
    .id = "pixityAI_meta",
    .summary = "TREND and REVERSION events filtered by the meta-model; stop, target and time stop in ATRs",
    .uses_model = true,
    .find_signals = find_signals,
    .take_events = take_events,
};
