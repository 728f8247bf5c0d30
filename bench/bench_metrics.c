// SPDX-License-Identifier: Apache-2.0
/* Metrics of a run of a million bars and twenty thousand trades. */
#include "bench.h"

#include "metrics/run_tally.h"
#include "base/mem.h"
#include "base/rng.h"

#define BARS_A_SESSION  375
#define BARS_A_TRADE    50
#define BARS_IN_A_TRADE 12

/* Bars that wander by up to 0.1 % of 1000 a bar, and an account that is in the market for some of each fifty.
 */
static void make_bars(int64_t *ts_us, double *close, size_t n, pxi_rng *rng) {
    double price = 1000.0;
    for (size_t i = 0; i < n; i++) {
        price += 2.0 * (pxi_rng_uniform(rng) - 0.5);
        ts_us[i] = (int64_t)i * PX_US_PER_MINUTE;
        close[i] = price;
    }
}

/* The account at each close; flat ones that close as the one before are left out. */
static void tell_moment(pxi_tally *tally, const int64_t *ts_us, const double *close, size_t i) {
    static double cash = 1e5, held;
    const size_t into = i % BARS_A_TRADE;
    const double fees = (double)(i / BARS_A_TRADE + 1);
    if (into == 0)
        held = 10, cash -= 10 * close[i];
    if (into == BARS_IN_A_TRADE)
        held = 0, cash += 10 * close[i];
    const pxi_moment moment = {.ts_us = ts_us[i], .equity = cash + held * close[i], .fees_paid = fees};
    if (into <= BARS_IN_A_TRADE && pxi_tally_sink.moment(tally, &moment, NULL))
        exit(1);
}

static void tell_trade(pxi_tally *tally, size_t i, pxi_rng *rng) {
    int held = 1 + (int)(BARS_IN_A_TRADE * pxi_rng_uniform(rng));
    const pxi_trade trade = {
        .quantity = 10,
        .entry_bar = i,
        .exit_bar = i + (size_t)held - 1,
        .entry_us = (int64_t)i * PX_US_PER_MINUTE,
        .exit_us = ((int64_t)i + held - 1) * PX_US_PER_MINUTE,
        .entry_price = 1000,
        .exit_price = 1000,
        .risk = 100,
        .pnl = 200.0 * (pxi_rng_uniform(rng) - 0.5),
        .fees = 1,
        .bars_held = held,
        .reason = PX_EXIT_TIME_STOP,
    };
    if (pxi_tally_sink.fill(tally, &(pxi_fill){.quantity = 10}, NULL) ||
        pxi_tally_sink.trade(tally, &trade, NULL))
        exit(1);
}

int main(void) {
    const size_t n_bars = 1000000;
    pxi_tally tally = {0};
    pxi_rng rng;
    pxi_rng_seed(&rng, 1);
    int64_t *ts_us = pxi_new_block(n_bars * sizeof *ts_us);
    double *close = pxi_new_block(n_bars * sizeof *close);
    const size_t n_sessions = (n_bars + BARS_A_SESSION - 1) / BARS_A_SESSION;
    size_t *ends = pxi_new_block(n_sessions * sizeof *ends);
    int32_t *dates = pxi_new_block(n_sessions * sizeof *dates);
    if (!ts_us || !close || !ends || !dates)
        exit(1);
    for (size_t k = 0; k < n_sessions; k++)
        dates[k] = (int32_t)k, ends[k] = k + 1 < n_sessions ? (k + 1) * BARS_A_SESSION : n_bars;
    make_bars(ts_us, close, n_bars, &rng);
    const pxi_timeline moments = {
        .ts_us = ts_us,
        .market = close,
        .n = n_bars,
        .session_ends = ends,
        .n_sessions = n_sessions,
        .session_dates = dates,
        .days_per_year = 248,
    };
    bench b = bench_start();
    px_metrics metrics;
    if (pxi_tally_begin(&tally, &moments, 1e5, NULL, NULL))
        return 1;
    for (size_t i = 0; i < n_bars; i++) {
        if (i % BARS_A_TRADE == BARS_IN_A_TRADE)
            tell_trade(&tally, i - BARS_IN_A_TRADE, &rng);
        tell_moment(&tally, ts_us, close, i);
    }
    if (pxi_tally_end(&tally, &metrics, NULL))
        return 1;
    bench_done(&b, "metrics", n_bars, (double)metrics.trades.n);
    pxi_tally_free(&tally);
    free(ts_us);
    free(close);
    free(ends);
    free(dates);
    return 0;
}
