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

/* The engine's stream driver beside what the batch made, reached so far. */
typedef struct stream {
    pxi_audit *audit;
    pxi_stream driver;
    size_t event_at, signal_at; /* of the batch */
    pxi_audit_tally *tallies;
} stream;

static px_status open_stream(stream *s, const px_config *config, px_error *err) {
    pxi_flow flow = pxi_audit_flow(s->audit, &s->audit->data);
    flow.config = config; /* without what looks ahead */
    return pxi_stream_open(&s->driver, &flow, true, err);
}

static void compare_row(stream *s, size_t i) {
    const pxi_audit *audit = s->audit;
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const double batch = audit->run.found.frame.column[f][i];
        pxi_audit_count(&s->tallies[FEATURES], audit, pxi_audit_same(batch, s->driver.row[f]),
                        px_feature_name(f), audit->data.bars.ts_us[i], batch, s->driver.row[f]);
    }
}

static void compare_events(stream *s, size_t bar) {
    const px_event *events = s->driver.events;
    const size_t n = s->driver.n_events;
    const px_event_list *batch = &s->audit->run.found.events;
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
        if (n_batch < s->driver.signals.n)
            pxi_audit_count(
                &s->tallies[SIGNALS], s->audit,
                pxi_audit_same_signal(&batch->items[s->signal_at], &s->driver.signals.items[n_batch]),
                "signal", ts_us, NAN, NAN);
    pxi_audit_count_missing(&s->tallies[SIGNALS], s->audit, "number of signals", n_batch, s->driver.signals.n,
                            ts_us);
}

static px_status stream_bar(stream *s, size_t i, px_error *err) {
    const px_dataset *data = &s->audit->data;
    const px_bar bar = px_bars_at(&data->bars, i);
    px_bars parts = {0};
    if (i < data->begin) {
        px_status status = pxi_stream_warm(&s->driver, &bar, err);
        compare_row(s, i);
        return status;
    }
    if (px_detail_is_present(&data->detail))
        parts = px_detail_at(&data->detail, i);
    pxi_stream_begin(&s->driver, bar.ts_us, bar.open);
    px_status status =
        pxi_stream_complete(&s->driver, &bar, parts.n ? &parts : NULL, i + 1 == data->end, err);
    compare_row(s, i);
    compare_events(s, i);
    if (s->audit->strategy->take_events)
        compare_signals(s, i);
    return status;
}

static void compare_trades(stream *s) {
    const pxi_journal *batch = &s->audit->run.made.journal, *own = &s->driver.journal;
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
    stream s = {.audit = audit, .tallies = tallies};
    px_status status = open_stream(&s, config, err);
    for (size_t i = 0; i < data->end && !status; i++) {
        status = stream_bar(&s, i, err);
        if (!status && i % PXI_ASK_EVERY == 0)
            status = pxi_audit_tell(audit, i, data->end, err);
    }
    if (!status && (audit->strategy->take_events || !audit->strategy->find_signals))
        compare_trades(&s);
    pxi_stream_close(&s.driver);
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
