// SPDX-License-Identifier: Apache-2.0
/* Batch = stream: the bars once more, one after the other through the functions that live trading calls, held
 * against what the batch drivers made of all of them. */
#include "audit/audit.h"

#include <math.h>
#include "base/error.h"

/* ---- bars --------------------------------------------------------------------------------------------- */

static void compare_bar(pxi_audit *audit, pxi_audit_tally *tally, const px_bars *batch, size_t i,
                        const px_bar *streamed) {
    const px_bar none = {0}, bar = i < batch->n ? px_bars_at(batch, i) : none;
    pxi_audit_count(tally, audit, pxi_audit_same_bar(&bar, streamed), "bar", streamed->ts_us, bar.close,
                    streamed->close);
}

/* The shorter bars one after the other, against `batch`, which was made of them at once. */
static px_status stream_bars(pxi_audit *audit, const px_bars *parts, int minutes, const px_bars *batch,
                             pxi_audit_tally *tally, px_error *err) {
    px_resample_state state;
    px_bar finished[2];
    size_t n = 0;
    px_status status = px_resample_init(&state, audit->all.calendar, audit->config.resample_anchor, minutes,
                                        audit->all.timeframe_minutes, err);
    for (size_t i = 0; i < parts->n && !status; i++) {
        const px_bar part = px_bars_at(parts, i);
        const int n_finished = audit->drivers->resample_step(&state, &part, finished);
        for (int k = 0; k < n_finished; k++)
            compare_bar(audit, tally, batch, n++, &finished[k]);
    }
    if (!status && px_resample_flush(&state, finished))
        compare_bar(audit, tally, batch, n++, finished);
    if (!status && batch->n)
        pxi_audit_count_missing(tally, audit, "bars", batch->n, n, batch->ts_us[batch->n - 1]);
    return status;
}

static px_status resample_and_compare(pxi_audit *audit, const px_bars *parts, int minutes,
                                      pxi_audit_tally *tally, px_error *err) {
    px_bars batch = {0};
    px_status status = px_bars_resample(parts, audit->all.calendar, audit->config.resample_anchor, minutes,
                                        audit->all.timeframe_minutes, &batch, err);
    if (!status)
        status = stream_bars(audit, parts, minutes, &batch, tally, err);
    px_bars_free(&batch);
    return status;
}

/* Shorter bars read once more; the audit's own are made of them unless the store holds longer ones too. */
static px_status check_loaded_bars(pxi_audit *audit, px_audit_check *check, pxi_audit_tally *tally,
                                   px_error *err) {
    px_dataset parts = {0};
    px_error why = {0};
    px_data_request request = audit->request->data;
    request.end_date = PX_NO_DATE;
    request.timeframe_minutes = request.input_timeframe_minutes ? request.input_timeframe_minutes : 1;
    if (request.timeframe_minutes == audit->all.timeframe_minutes) {
        pxi_audit_detail(check, "The bars come at this timeframe: nothing is resampled.");
        return PX_OK;
    }
    px_status status =
        px_dataset_load(audit->home, &request, audit->config.resample_anchor, PX_WARMUP_ALL, &parts, &why);
    if (px_status_is_usage(status)) {
        pxi_audit_detail(check, "There are no shorter bars to resample.");
        return PX_OK;
    }
    if (status && err)
        *err = why;
    else if (!status && parts.n_source == audit->all.n_source)
        status = stream_bars(audit, &parts.bars, parts.timeframe_minutes, &audit->all.bars, tally, err);
    else if (!status)
        status = resample_and_compare(audit, &parts.bars, parts.timeframe_minutes, tally, err);
    px_dataset_free(&parts);
    return status;
}

static px_status check_bars(pxi_audit *audit, px_audit_check *check, pxi_audit_tally *tally, px_error *err) {
    const px_detail *detail = &audit->all.detail;
    if (px_detail_is_present(detail))
        return stream_bars(audit, &detail->bars, detail->minutes, &audit->all.bars, tally, err);
    return check_loaded_bars(audit, check, tally, err);
}

/* ---- features, events, signals, trades ---------------------------------------------------------------- */

enum { BARS, FEATURES, EVENTS, SIGNALS, TRADES, N_TALLIES };
static const char *const tally_names[] = {"bars", "feature values", "events", "signals", "trades"};

/* What a stream keeps from bar to bar. */
typedef struct stream {
    pxi_audit *audit;
    const px_config *config; /* without what looks ahead */
    px_feature_stream *features;
    px_event_state events;
    pxi_bar_signals standard; /* of a strategy that sees bars, not events */
    px_candidate_list candidates;
    px_signal_list signals; /* of the present bar */
    pxi_journal journal;
    pxi_replay *replay;
    size_t event_at, signal_at; /* of the batch, reached so far */
    pxi_audit_tally *tallies;
} stream;

static px_status open_stream(stream *s, px_error *err) {
    const px_dataset *data = &s->audit->data;
    pxi_replay_setup setup = pxi_audit_replay_setup(s->audit);
    setup.config = s->config;
    s->events = (px_event_state){data->calendar, s->config, data->timeframe_minutes, 0, 0, 0};
    s->replay = pxi_replay_new(&setup, &s->candidates, &s->journal);
    px_status status = s->replay ? PX_OK : pxi_fail_memory(err);
    if (!status)
        status = px_feature_stream_new(data->calendar, s->config, &s->features, err);
    if (!status && !s->audit->strategy->find_signals)
        status = pxi_bar_signals_stream(&s->standard, s->audit->strategy, data, s->config, err);
    return status;
}

static void close_stream(stream *s) {
    px_feature_stream_free(&s->features);
    pxi_bar_signals_free(&s->standard);
    px_candidate_list_free(&s->candidates);
    px_signal_list_free(&s->signals);
    pxi_replay_free(&s->replay);
    pxi_journal_free(&s->journal);
}

static void compare_row(stream *s, size_t i, const double *row) {
    const pxi_audit *audit = s->audit;
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const double batch = audit->run.frame.column[f][i];
        pxi_audit_count(&s->tallies[FEATURES], audit, pxi_audit_same(batch, row[f]), px_feature_name(f),
                        audit->data.bars.ts_us[i], batch, row[f]);
    }
}

static void compare_events(stream *s, size_t bar, const px_event *events, size_t n) {
    const px_event_list *batch = &s->audit->run.events;
    const int64_t ts_us = s->audit->data.bars.ts_us[bar];
    size_t n_batch = 0;
    for (; s->event_at < batch->n && batch->items[s->event_at].bar == bar; s->event_at++, n_batch++)
        if (n_batch < n)
            pxi_audit_count(&s->tallies[EVENTS], s->audit,
                            pxi_audit_same_event(&batch->items[s->event_at], &events[n_batch]), "event",
                            ts_us, NAN, NAN);
    pxi_audit_count_missing(&s->tallies[EVENTS], s->audit, "number of events", n_batch, n, ts_us);
}

static void compare_signals(stream *s, size_t bar) {
    const px_signal_list *batch = &s->audit->run.signals;
    const int64_t ts_us = s->audit->data.bars.ts_us[bar];
    size_t n_batch = 0;
    for (; s->signal_at < batch->n && batch->items[s->signal_at].bar == bar; s->signal_at++, n_batch++)
        if (n_batch < s->signals.n)
            pxi_audit_count(&s->tallies[SIGNALS], s->audit,
                            pxi_audit_same_signal(&batch->items[s->signal_at], &s->signals.items[n_batch]),
                            "signal", ts_us, NAN, NAN);
    pxi_audit_count_missing(&s->tallies[SIGNALS], s->audit, "number of signals", n_batch, s->signals.n,
                            ts_us);
}

/* The strategy's answer to the events of one bar. */
static px_status take_events(stream *s, px_event *events, size_t n, px_error *err) {
    double p[PX_EVENTS_PER_BAR] = {NAN, NAN, NAN, NAN};
    const px_model *model = s->audit->model;
    px_event_list list = {n, n, events};
    px_status status = model && n ? px_model_predict(model, &list, p, err) : PX_OK;
    const px_events_input input = {events, p, n, s->config, model != NULL};
    return status ? status : s->audit->strategy->take_events(&input, &s->candidates, &s->signals, err);
}

/* Signals of a closed bar, into s->signals. */
static px_status decide(stream *s, size_t i, const px_bar *bar, px_error *err) {
    double row[PX_N_FEATURES];
    px_event events[PX_EVENTS_PER_BAR];
    px_signal signal;
    px_status status = PX_OK;
    const bool traded = i >= s->audit->data.begin;
    s->signals.n = 0;
    s->audit->drivers->features_step(s->features, bar, row);
    compare_row(s, i, row);
    const size_t n = s->audit->drivers->events_step(&s->events, bar, row, events);
    if (traded)
        compare_events(s, i, events, n);
    if (traded && s->audit->strategy->take_events)
        status = take_events(s, events, n, err);
    if (s->audit->strategy->find_signals)
        return status;
    const pxi_signal_source source = pxi_signals_of_bars(&s->standard);
    while (!status && source.next(source.state, i, &signal))
        status = px_signal_list_add(&s->signals, &signal, err);
    return status;
}

/* The replay's four steps; the account's states are not compared and not kept. */
static px_status trade_bar(stream *s, size_t i, const px_bar *bar, px_error *err) {
    const px_dataset *data = &s->audit->data;
    px_bars parts = {0};
    if (px_detail_is_present(&data->detail))
        parts = px_detail_at(&data->detail, i);
    pxi_replay_open(s->replay, i, bar->ts_us, bar->open);
    pxi_replay_watch(s->replay, bar, parts.n ? &parts : NULL);
    px_status status = decide(s, i, bar, err);
    if (status)
        return status;
    if (s->audit->strategy->take_events)
        compare_signals(s, i);
    for (size_t k = 0; k < s->signals.n; k++)
        pxi_replay_signal(s->replay, &s->signals.items[k]);
    pxi_replay_close(s->replay, i + 1 == data->end);
    s->journal.n_states = 0;
    return s->journal.failed ? pxi_fail_memory(err) : PX_OK;
}

static void compare_trades(stream *s) {
    const pxi_journal *batch = &s->audit->run.journal, *own = &s->journal;
    const size_t n = batch->n_trades < own->n_trades ? batch->n_trades : own->n_trades;
    for (size_t i = 0; i < n; i++)
        pxi_audit_count(&s->tallies[TRADES], s->audit,
                        pxi_audit_same_trade(&batch->trades[i], &own->trades[i]), "trade",
                        batch->trades[i].entry_us, batch->trades[i].pnl, own->trades[i].pnl);
    pxi_audit_count_missing(&s->tallies[TRADES], s->audit, "number of trades", batch->n_trades, own->n_trades,
                            s->audit->data.bars.ts_us[s->audit->data.end - 1]);
}

static px_status stream_series(pxi_audit *audit, const px_config *config, pxi_audit_tally *tallies,
                               px_error *err) {
    const px_dataset *data = &audit->data;
    stream s = {.audit = audit, .config = config, .tallies = tallies};
    px_status status = open_stream(&s, err);
    for (size_t i = 0; i < data->end && !status; i++) {
        const px_bar bar = px_bars_at(&data->bars, i);
        status = i < data->begin ? decide(&s, i, &bar, err) : trade_bar(&s, i, &bar, err);
        if (i % 65536 == 0)
            pxi_audit_tell(audit, i, data->end);
    }
    if (!status && (audit->strategy->take_events || !audit->strategy->find_signals))
        compare_trades(&s);
    close_stream(&s);
    return status;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static void describe(const pxi_audit *audit, px_audit_check *check, const pxi_audit_tally *tallies) {
    char settings[PXI_AUDIT_SETTINGS_SIZE];
    if (*pxi_audit_ahead(&audit->config, settings))
        pxi_audit_detail(
            check, "A stream cannot look ahead as %s does: held against what is known bar by bar.", settings);
    if (audit->strategy->find_signals && !audit->strategy->take_events)
        pxi_audit_detail(check, "Strategy %s makes its signals at once and cannot be streamed.",
                         audit->strategy->id);
    for (size_t i = 0; i < N_TALLIES; i++)
        if (tallies[i].mismatches)
            pxi_audit_detail(check, "%lld of %lld %s differ, the first: %s%s.",
                             (long long)tallies[i].mismatches, (long long)tallies[i].cases, tally_names[i],
                             tallies[i].first, i == FEATURES ? " (at once and bar by bar)" : "");
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    pxi_audit_tally tallies[N_TALLIES], total = pxi_audit_tally_make();
    for (size_t i = 0; i < N_TALLIES; i++)
        tallies[i] = pxi_audit_tally_make();
    const px_config causal = pxi_audit_causal(&audit->config);
    px_status status = check_bars(audit, check, &tallies[BARS], err);
    if (!status)
        status = stream_series(audit, &causal, tallies, err);
    for (size_t i = 0; i < N_TALLIES; i++)
        pxi_audit_add(&total, &tallies[i]);
    pxi_audit_conclude(check, &total);
    describe(audit, check, tallies);
    pxi_audit_compared(check,
                       "at once and bar by bar: %lld resampled bars, %lld feature values, %lld events, %lld "
                       "signals, %lld trades",
                       (long long)tallies[BARS].cases, (long long)tallies[FEATURES].cases,
                       (long long)tallies[EVENTS].cases, (long long)tallies[SIGNALS].cases,
                       (long long)tallies[TRADES].cases);
    return status;
}

const pxi_audit_kind pxi_audit_stream = {
    .name = "batch = stream",
    .proves = "what is computed bar by bar, as live does, is what training and backtest compute at once",
    .run = run,
};
