// SPDX-License-Identifier: Apache-2.0
/* Metrics of a run of a million bars and twenty thousand trades. */
#include "bench.h"

#include "backtest/metrics.h"
#include "base/rng.h"

#define N_RUNS          15
#define BARS_A_SESSION  375
#define BARS_A_TRADE    50
#define BARS_IN_A_TRADE 12

/* An account that wanders by up to 0.1 % of its capital a bar. */
static void add_points(pxi_journal *journal, size_t n, pxi_rng *rng) {
    double equity = 1e5;
    for (size_t i = 0; i < n; i++) {
        equity += 200.0 * (pxi_rng_uniform(rng) - 0.5);
        pxi_point point = {
            .ts_us = (int64_t)i * PX_US_PER_MINUTE,
            .date = (int32_t)(i / BARS_A_SESSION),
            .equity = equity,
            .fees_paid = (double)(i / BARS_A_TRADE),
        };
        pxi_journal_point(journal, &point);
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

static void bench_size(const char *name, size_t n_bars) {
    pxi_journal journal = {0};
    pxi_rng rng;
    pxi_rng_seed(&rng, 1);
    add_points(&journal, n_bars, &rng);
    add_trades(&journal, n_bars, &rng);
    if (journal.failed)
        exit(1);
    pxi_metrics_input input = {&journal, 1e5, 248, 1000, 1000, 0};
    bench b = bench_make(name, "bar", n_bars);
    for (int run = 0; run < N_RUNS; run++) {
        bench_start(&b);
        px_metrics metrics = pxi_metrics_compute(&input);
        bench_stop(&b);
        if (metrics.n_trades == 0)
            exit(1);
    }
    bench_print(&b);
    pxi_journal_free(&journal);
}

int main(void) {
    bench_size("metrics", 1000000);
    bench_size("metrics_of_a_tenth", 100000);
    return 0;
}
