// SPDX-License-Identifier: Apache-2.0
/* Small replays by hand: 15-minute NSE bars one after the other, signals on them, the journal. Include after
 * cmocka.h. Functions a test does not use are no error. */
#ifndef REPLAY_KIT_H
#define REPLAY_KIT_H

#include <math.h>
#include <string.h>
#include "vocabulary.h"
#include "engine/replay.h"
#include "engine/signal_source.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) <= 1e-9)

#define KIT_BARS_A_DAY 25 /* 09:15 .. 15:15 */

typedef struct kit {
    px_dataset data;
    px_config config;
    const px_fee_table *fee_table; /* NULL = the built-in one */
    px_candidate_list candidates;
    px_signal_list signals;
    pxi_journal journal;
} kit;

/* Fees off, tick 0.05, no cooldown: a test turns on what it is about. */
__attribute__((unused)) static kit kit_make(void) {
    kit k = {.config = px_config_default()};
    assert_int_equal(px_calendar_open("NSE", &k.data.calendar, NULL), PX_OK);
    k.data.timeframe_minutes = 15;
    k.data.instrument.tick = 0.05;
    k.data.instrument.lot_size = 1;
    strcpy(k.data.instrument.key, "NSE_EQ|TEST");
    strcpy(k.data.instrument.symbol, "TEST");
    k.config.fees = PX_FEES_NONE;
    k.config.cooldown_bars = 0;
    return k;
}

__attribute__((unused)) static void kit_free(kit *k) {
    pxi_journal_free(&k->journal);
    px_candidate_list_free(&k->candidates);
    px_signal_list_free(&k->signals);
    px_dataset_free(&k->data);
}

/* Start of the i-th bar: weekdays from Monday 2025-01-06 on, which has no holiday that matters here. */
__attribute__((unused)) static int64_t kit_ts(size_t i) {
    int32_t day = (int32_t)(i / KIT_BARS_A_DAY), monday = px_date_from_civil((px_civil){2025, 1, 6});
    int64_t date = monday + day / 5 * 7 + day % 5;
    int64_t minute = 9 * 60 + 15 + 15 * (int64_t)(i % KIT_BARS_A_DAY) - 330;
    return date * PX_US_PER_DAY + minute * PX_US_PER_MINUTE;
}

__attribute__((unused)) static void kit_bar(kit *k, double open, double high, double low, double close) {
    px_bar bar = {kit_ts(k->data.bars.n), open, high, low, close, 1000};
    assert_int_equal(px_bars_append(&k->data.bars, &bar, NULL), PX_OK);
    k->data.end = k->data.bars.n;
}

/* `n` bars that stay within 0.5 of a price. */
__attribute__((unused)) static void kit_quiet(kit *k, size_t n, double price) {
    for (size_t i = 0; i < n; i++)
        kit_bar(k, price, price + 0.5, price - 0.5, price);
}

/* An event's entry signal, stop and target sl_mult and tp_mult `atr` away, and its candidate. */
__attribute__((unused)) static px_signal *kit_signal(kit *k, size_t bar, px_side side, double atr) {
    px_candidate candidate = {.event = {.bar = bar, .ts_us = kit_ts(bar), .side = side, .atr = atr},
                              .probability = NAN,
                              .quantity = NAN};
    px_signal signal = px_signal_make(PX_ACTION_ENTER, side);
    signal.bar = bar;
    signal.ts_us = kit_ts(bar);
    signal.event_type = KIT_TREND;
    signal.stop = (px_level){PX_LEVEL_DISTANCE, k->config.sl_mult * atr};
    signal.target = (px_level){PX_LEVEL_DISTANCE, k->config.tp_mult * atr};
    signal.atr = atr;
    signal.h_bars = k->config.time_stop_bars;
    signal.candidate = k->candidates.n;
    assert_int_equal(px_candidate_list_add(&k->candidates, &candidate, NULL), PX_OK);
    assert_int_equal(px_signal_list_add(&k->signals, &signal, NULL), PX_OK);
    return &k->signals.items[k->signals.n - 1];
}

/* A signal of a standard strategy: no stop, no candidate. */
__attribute__((unused)) static void kit_standard(kit *k, size_t bar, px_action action, px_side side) {
    px_signal signal = px_signal_make(action, side);
    signal.bar = bar;
    signal.ts_us = kit_ts(bar);
    assert_int_equal(px_signal_list_add(&k->signals, &signal, NULL), PX_OK);
}

/* The account at every close; the caller frees. */
__attribute__((unused)) static px_table kit_equity(const px_dataset *data, const pxi_journal *journal) {
    const pxi_curve curve = {
        .begin = data->begin,
        .end = data->end,
        .ts_us = data->bars.ts_us,
        .close = data->bars.close,
        .states = journal->states,
        .n_states = journal->n_states,
    };
    px_table table = {0};
    assert_int_equal(pxi_curve_table(&curve, &table, NULL), PX_OK);
    return table;
}

/* What must hold in every run: the account adds up at every close, outcomes are settled, fills make the
 * trades.
 */
__attribute__((unused)) static void check_journal(const px_dataset *data, const px_config *config,
                                                  const px_candidate_list *candidates,
                                                  const pxi_journal *journal) {
    px_table equity = kit_equity(data, journal);
    const px_column *column = equity.columns;
    assert_int_equal(equity.n_rows, data->end - data->begin);
    double tolerance = 1e-9 * config->capital, peak = config->capital;
    for (size_t i = 0; i < equity.n_rows; i++) {
        double close = data->bars.close[data->begin + i], net = column[PXI_EQUITY_NET].u.f64[i];
        double position = column[PXI_EQUITY_POSITION].u.f64[i];
        double gross =
            config->capital + column[PXI_EQUITY_REALISED].u.f64[i] + column[PXI_EQUITY_UNREALISED].u.f64[i];
        assert_true(column[PXI_EQUITY_TS].u.i64[i] == data->bars.ts_us[data->begin + i]);
        assert_true(fabs(net - (column[PXI_EQUITY_CASH].u.f64[i] + position * close)) <= tolerance);
        assert_true(fabs(net - (gross - column[PXI_EQUITY_FEES].u.f64[i])) <= tolerance);
        peak =
            fmax(peak, net); /* of closes; that of the account may lie higher, before its orders at a close */
        assert_true(column[PXI_EQUITY_DRAWDOWN].u.f64[i] <= 100.0 * (net / peak - 1.0) + 1e-9);
    }
    const size_t last = equity.n_rows - 1;
    const double realised = column[PXI_EQUITY_REALISED].u.f64[last],
                 fees_paid = column[PXI_EQUITY_FEES].u.f64[last];
    assert_true(column[PXI_EQUITY_POSITION].u.f64[last] == 0.0);
    px_table_free(&equity);
    double pnl = 0, fees = 0, fill_fees = 0;
    for (size_t i = 0; i < journal->n_trades; i++) {
        pnl += journal->trades[i].pnl;
        fees += journal->trades[i].fees;
    }
    for (size_t i = 0; i < journal->n_fills; i++)
        fill_fees += journal->fills[i].fees;
    assert_true(fabs(realised - pnl) <= tolerance);
    assert_true(fabs(fees_paid - fees) <= tolerance && fabs(fees - fill_fees) <= tolerance);
    size_t executed = 0;
    for (size_t i = 0; i < candidates->n; i++) {
        assert_true(candidates->items[i].outcome < PX_N_OUTCOMES);
        executed += candidates->items[i].outcome == PX_OUTCOME_EXECUTED;
    }
    assert_int_equal(executed, journal->n_trades);
    for (size_t i = 0; i < journal->n_orders; i++)
        assert_true(journal->orders[i].status != PXI_ORDER_PENDING);
}

__attribute__((unused)) static void kit_replay(kit *k, pxi_signal_source source) {
    pxi_journal_free(&k->journal);
    const pxi_sink journal = {&pxi_journal_sink, &k->journal};
    const pxi_replay_desk desk = {&k->data, source, &k->candidates};
    const pxi_replay_setup setup = {
        .desks = &desk,
        .n = 1,
        .config = &k->config,
        .fee_table = k->fee_table,
        .sinks = {&journal, 1},
    };
    assert_int_equal(pxi_replay_run(&setup, NULL), PX_OK);
    check_journal(&k->data, &k->config, &k->candidates, &k->journal);
}

__attribute__((unused)) static void kit_run(kit *k) {
    pxi_listed_signals listed = {&k->signals, 0};
    kit_replay(k, pxi_signals_listed(&listed));
}

__attribute__((unused)) static px_outcome kit_fate(const kit *k, size_t candidate) {
    return k->candidates.items[candidate].outcome;
}

#endif
