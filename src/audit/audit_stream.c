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

enum { BARS, FEATURES, EVENTS, SIGNALS, OUTCOMES, TRADES, N_TALLIES };
static const char *const tally_names[] = {"bars",    "feature values", "events",
                                          "signals", "outcomes",       "trades"};

/* A sink of the engine's stream driver, beside what the batch made, reached so far. */
typedef struct comparison {
    pxi_audit *audit;
    size_t event_at, signal_at, trade_at; /* of the batch */
    px_candidate_list reported;           /* by the stream, each as it was reported last */
    pxi_audit_tally *tallies;
} comparison;

static void compare_row(comparison *c, size_t i, const double *row) {
    const pxi_audit *audit = c->audit;
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const double batch = audit->run.found.frame.column[f][i];
        pxi_audit_count(&c->tallies[FEATURES], audit, pxi_audit_same(batch, row[f]), px_feature_name(f),
                        audit->data.bars.ts_us[i], batch, row[f]);
    }
}

static void compare_events(comparison *c, const pxi_seen_bar *seen) {
    const px_event_list *batch = &c->audit->run.found.events;
    size_t n_batch = 0;
    for (; c->event_at < batch->n && batch->items[c->event_at].bar == seen->i; c->event_at++, n_batch++)
        if (n_batch < seen->n_events)
            pxi_audit_count(&c->tallies[EVENTS], c->audit,
                            pxi_audit_same_event(&batch->items[c->event_at], &seen->events[n_batch]), "event",
                            seen->bar->ts_us, NAN, NAN);
    pxi_audit_count_missing(&c->tallies[EVENTS], c->audit, "number of events", n_batch, seen->n_events,
                            seen->bar->ts_us);
}

static void compare_signals(comparison *c, const pxi_seen_bar *seen) {
    const px_signal_list *batch = &c->audit->run.signals;
    size_t n_batch = 0;
    for (; c->signal_at < batch->n && batch->items[c->signal_at].bar == seen->i; c->signal_at++, n_batch++)
        if (n_batch < seen->signals->n)
            pxi_audit_count(
                &c->tallies[SIGNALS], c->audit,
                pxi_audit_same_signal(&batch->items[c->signal_at], &seen->signals->items[n_batch]), "signal",
                seen->bar->ts_us, NAN, NAN);
    pxi_audit_count_missing(&c->tallies[SIGNALS], c->audit, "number of signals", n_batch, seen->signals->n,
                            seen->bar->ts_us);
}

static px_status compare_warm(void *user, const pxi_seen_bar *seen, px_error *err) {
    comparison *c = user;
    compare_row(c, seen->i, seen->row);
    return seen->i % PXI_ASK_EVERY ? PX_OK : pxi_audit_tell(c->audit, seen->i, c->audit->data.end, err);
}

static px_status compare_seen(void *user, const pxi_seen_bar *seen, px_error *err) {
    comparison *c = user;
    compare_events(c, seen);
    if (c->audit->strategy->take_events)
        compare_signals(c, seen);
    return compare_warm(user, seen, err);
}

/* A candidate that was executed may be reported once more, by what its fill made of it. */
static px_status keep_candidate(void *user, size_t desk, const px_candidate *candidate, px_error *err) {
    comparison *c = user;
    const px_event *event = &candidate->event;
    (void)desk;
    for (size_t i = c->reported.n; i-- > 0 && c->reported.items[i].event.ts_us == event->ts_us;) {
        px_candidate *reported = &c->reported.items[i];
        if (reported->outcome == PX_OUTCOME_EXECUTED && candidate->outcome != PX_OUTCOME_DUPLICATE &&
            reported->event.type == event->type && reported->event.side == event->side) {
            *reported = *candidate;
            return PX_OK;
        }
    }
    return px_candidate_list_add(&c->reported, candidate, err);
}

/* What became of signals, which is final only now. */
static void compare_candidates(comparison *c) {
    const px_candidate_list *batch = &c->audit->run.made.candidates;
    pxi_audit_tally *tally = &c->tallies[OUTCOMES];
    for (size_t i = 0; i < batch->n && i < c->reported.n; i++) {
        const px_candidate *a = &batch->items[i], *b = &c->reported.items[i];
        const bool same = a->event.ts_us == b->event.ts_us && a->outcome == b->outcome;
        if (same)
            pxi_audit_count(tally, c->audit,
                            pxi_audit_same(a->quantity, b->quantity) && a->capped_by == b->capped_by,
                            "quantity", a->event.ts_us, a->quantity, b->quantity);
        else
            pxi_audit_count(tally, c->audit, false, "fate", a->event.ts_us, NAN, NAN);
    }
    const px_dataset *data = &c->audit->data;
    pxi_audit_count_missing(tally, c->audit, "number of candidates", batch->n, c->reported.n,
                            data->bars.ts_us[data->end - 1]);
}

static px_status compare_trade(void *user, const pxi_trade *trade, px_error *err) {
    comparison *c = user;
    const pxi_journal *batch = &c->audit->run.journal;
    const size_t at = c->trade_at++;
    (void)err;
    if (at < batch->n_trades)
        pxi_audit_count(&c->tallies[TRADES], c->audit, pxi_audit_same_trade(&batch->trades[at], trade),
                        "trade", batch->trades[at].entry_us, batch->trades[at].pnl, trade->pnl);
    return PX_OK;
}

static px_status compare_end(void *user, const pxi_account *account, px_error *err) {
    comparison *c = user;
    const px_dataset *data = &c->audit->data;
    (void)account, (void)err;
    pxi_audit_count_missing(&c->tallies[TRADES], c->audit, "number of trades", c->audit->run.journal.n_trades,
                            c->trade_at, data->bars.ts_us[data->end - 1]);
    compare_candidates(c);
    return PX_OK;
}

static const pxi_sink_kind comparing = {
    .warm = compare_warm,
    .seen = compare_seen,
    .candidate = keep_candidate,
    .trade = compare_trade,
    .end = compare_end,
};

/* Of a strategy that makes its signals at once, features and events only. */
static const pxi_sink_kind comparing_events = {.warm = compare_warm, .seen = compare_seen};

static px_status stream_series(pxi_audit *audit, const px_config *config, pxi_audit_tally *tallies,
                               px_error *err) {
    comparison c = {.audit = audit, .tallies = tallies};
    pxi_stream driver;
    const bool streamed = audit->strategy->take_events || !audit->strategy->find_signals;
    const pxi_sink sink = {streamed ? &comparing : &comparing_events, &c};
    pxi_flow flow = pxi_audit_flow(audit, &audit->data);
    flow.config = config; /* without what looks ahead */
    const pxi_desks desks = {.flows = &flow, .n = 1, .sinks = {&sink, 1}};
    px_status status = pxi_stream_open(&driver, &desks, true, err);
    if (!status)
        status = pxi_stream_run(&driver, err);
    pxi_stream_close(&driver);
    px_candidate_list_free(&c.reported);
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
                       "signals, %lld outcomes of signals, %lld trades",
                       (long long)tallies[BARS].cases, (long long)tallies[FEATURES].cases,
                       (long long)tallies[EVENTS].cases, (long long)tallies[SIGNALS].cases,
                       (long long)tallies[OUTCOMES].cases, (long long)tallies[TRADES].cases);
    return status;
}

const pxi_audit_kind pxi_audit_stream = {
    .name = "batch = stream",
    .proves = "what is computed bar by bar, as live does, is what training and backtest compute at once",
    .holds = "What was tested is what live trading computes, bar by bar.",
    .fails = "Live trading would see other values than the backtest did: its result cannot be reached.",
    .run = run,
};
