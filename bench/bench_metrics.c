// SPDX-License-Identifier: Apache-2.0
/* Metrics of a run of a million bars and twenty thousand trades. */
#include "bench.h"

#include "metrics/metrics.h"
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

static void add_states(pxi_journal *journal, const double *close, size_t n) {
    double cash = 1e5;
    for (size_t i = 0; i < n; i += BARS_A_TRADE) {
        const size_t out = i + BARS_IN_A_TRADE;
        const double fees = (double)(i / BARS_A_TRADE);
        pxi_journal_state(journal,
                          &(pxi_account_state){i, cash - 10 * close[i], 10, close[i], 0, fees, cash, 0});
        if (out >= n)
            break;
        cash += 10 * (close[out] - close[i]);
        pxi_journal_state(journal, &(pxi_account_state){out, cash, 0, 0, 0, fees, cash, 0});
    }
}

static void add_trades(pxi_journal *journal, size_t n_bars, pxi_rng *rng) {
    for (size_t i = 0; i + BARS_A_TRADE <= n_bars; i += BARS_A_TRADE) {
        int held = 1 + (int)(BARS_IN_A_TRADE * pxi_rng_uniform(rng));
        pxi_trade trade = {
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
        pxi_journal_trade(journal, &trade);
    }
}

int main(void) {
    const size_t n_bars = 1000000;
    pxi_journal journal = {0};
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
    add_states(&journal, close, n_bars);
    add_trades(&journal, n_bars, &rng);
    if (journal.failed)
        return 1;
    const pxi_curve curve = {0, n_bars, ts_us, close, journal.states, journal.n_states};
    pxi_metrics_input input = {
        .journal = &journal,
        .closes = &curve,
        .session_ends = ends,
        .n_sessions = n_sessions,
        .session_dates = dates,
        .capital = 1e5,
        .days_per_year = 248,
        .first_close = 1000,
        .last_close = 1000,
    };
    bench b = bench_start();
    px_metrics metrics;
    if (pxi_metrics_compute(&input, &metrics, NULL))
        return 1;
    bench_done(&b, "metrics", n_bars, (double)metrics.n_trades);
    pxi_journal_free(&journal);
    free(ts_us);
    free(close);
    free(ends);
    free(dates);
    return 0;
}
