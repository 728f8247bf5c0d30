// SPDX-License-Identifier: Apache-2.0
/* Batch = stream: the bars once more, one after the other through the functions that live trading calls, held
 * against what the batch drivers made of all of them. */
#include "research/audit.h"

#include <math.h>

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

/* ---- features and events ------------------------------------------------------------------------------ */

static void compare_row(pxi_audit *audit, pxi_audit_tally *tally, size_t i, const double *row) {
    const px_feature_frame *frame = &audit->run.frame;
    for (size_t f = 0; f < PX_N_FEATURES; f++)
        pxi_audit_count(tally, audit, pxi_audit_same(frame->column[f][i], row[f]), px_feature_name(f),
                        audit->data.bars.ts_us[i], frame->column[f][i], row[f]);
}

/* Events of one bar: those of the batch begin at *at, which moves behind them. */
static void compare_events(pxi_audit *audit, pxi_audit_tally *tally, size_t bar, size_t *at,
                           const px_event *streamed, size_t n) {
    const px_event_list *batch = &audit->run.events;
    const int64_t ts_us = audit->data.bars.ts_us[bar];
    size_t n_batch = 0;
    for (; *at < batch->n && batch->items[*at].bar == bar; ++*at, n_batch++)
        if (n_batch < n)
            pxi_audit_count(tally, audit, pxi_audit_same_event(&batch->items[*at], &streamed[n_batch]),
                            "event", ts_us, NAN, NAN);
    pxi_audit_count_missing(tally, audit, "events", n_batch, n, ts_us);
}

static px_status stream_series(pxi_audit *audit, const px_config *config, pxi_audit_tally *features,
                               pxi_audit_tally *events, px_error *err) {
    const px_dataset *data = &audit->data;
    px_feature_stream *stream = NULL;
    px_event_state state = {data->calendar, config, data->timeframe_minutes, 0, 0, 0};
    double row[PX_N_FEATURES];
    px_event found[PX_EVENTS_PER_BAR];
    size_t at = 0;
    px_status status = px_feature_stream_new(data->calendar, config, &stream, err);
    for (size_t i = 0; i < data->bars.n && !status; i++) {
        const px_bar bar = px_bars_at(&data->bars, i);
        audit->drivers->features_step(stream, &bar, row);
        compare_row(audit, features, i, row);
        const size_t n = audit->drivers->events_step(&state, &bar, row, found);
        if (i >= data->begin)
            compare_events(audit, events, i, &at, found, n);
        if (i % 65536 == 0)
            pxi_audit_tell(audit, i, data->bars.n);
    }
    px_feature_stream_free(&stream);
    return status;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static void describe(const pxi_audit *audit, px_audit_check *check, const pxi_audit_tally *tallies,
                     const char *const *names, size_t n) {
    char settings[PXI_AUDIT_SETTINGS_SIZE];
    if (*pxi_audit_ahead(&audit->config, settings))
        pxi_audit_detail(
            check, "%s looks ahead and cannot be streamed: held against what is known bar by bar.", settings);
    for (size_t i = 0; i < n; i++)
        if (tallies[i].mismatches)
            pxi_audit_detail(check, "%lld of %lld %s differ, the first: %s (batch and stream).",
                             (long long)tallies[i].mismatches, (long long)tallies[i].cases, names[i],
                             tallies[i].first);
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    static const char *const names[] = {"bars", "feature values", "events"};
    enum { BARS, FEATURES, EVENTS, N };
    pxi_audit_tally tallies[N], total = pxi_audit_tally_make();
    for (size_t i = 0; i < N; i++)
        tallies[i] = pxi_audit_tally_make();
    const px_config causal = pxi_audit_causal(&audit->config);
    px_status status = check_bars(audit, check, &tallies[BARS], err);
    if (!status)
        status = stream_series(audit, &causal, &tallies[FEATURES], &tallies[EVENTS], err);
    for (size_t i = 0; i < N; i++) {
        total.cases += tallies[i].cases;
        total.mismatches += tallies[i].mismatches;
    }
    pxi_audit_conclude(check, &total);
    describe(audit, check, tallies, names, N);
    pxi_audit_compared(check, "%lld resampled bars, %lld feature values, %lld events: at once and bar by bar",
                       (long long)tallies[BARS].cases, (long long)tallies[FEATURES].cases,
                       (long long)tallies[EVENTS].cases);
    return status;
}

const pxi_audit_kind pxi_audit_stream = {
    .name = "batch = stream",
    .proves = "every bar, feature and event computed bar by bar, as live does, is that of the backtest",
    .run = run,
};
