// SPDX-License-Identifier: Apache-2.0
/* A backtest inside a process that has run one before: `bench_backtest HOME SYMBOL STRATEGY`. Nothing is
 * stored. Then one of many: 200,000 bars of which only the metrics are asked for, and its part that is
 * neither loading nor trading. */
#include "bench.h"

#include <string.h>
#include "pixity/backtest.h"

#define FEW_BARS 200000

/* Notes when the phase of results begins. */
static bool see_phase(void *user, const char *phase, size_t done, size_t total) {
    bench *results = user;
    (void)total;
    if (done == 0 && strcmp(phase, "result") == 0)
        *results = bench_start();
    return true;
}

static void run_whole(px_home *home, const px_backtest_request *request, const px_config *config) {
    px_error err;
    for (int run = 0; run < 2; run++) {
        px_backtest_result *result = NULL;
        bench b = bench_start();
        bench_check(px_backtest_run(home, request, config, &result, &err), &err);
        bench_done(&b, run ? "backtest_warm" : "backtest_first", 1, (double)result->metrics.n_trades);
        px_backtest_result_free(&result);
    }
}

/* Sessions have 375 bars. */
static void run_lean(px_home *home, px_backtest_request request, const px_config *config) {
    px_error err;
    px_backtest_result *result = NULL;
    bench results = {0, 0};
    request.metrics_only = true;
    request.data.start_date = px_date_from_civil((px_civil){2012, 1, 2});
    request.data.end_date = request.data.start_date + FEW_BARS / 375 * 7 / 5;
    request.data.work = (px_work){.progress = see_phase, .user = &results};
    bench b = bench_start();
    bench_check(px_backtest_run(home, &request, config, &result, &err), &err);
    bench_stop(&results);
    bench_stop(&b);
    const double n_trades = (double)result->metrics.n_trades;
    bench_print(&b, "backtest_metrics", 1, &n_trades, 1);
    bench_print(&results, "backtest_metrics_rest", 1, &n_trades, 1);
    px_backtest_result_free(&result);
}

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    px_home *home = NULL;
    px_error err;
    px_config config = px_config_default();
    config.skip_meta_model = true;
    const px_backtest_request request = {
        .data = {.symbol = argv[2], .timeframe_minutes = 1, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE},
        .strategy_id = argv[3],
        .run_id = "bench",
    };
    bench_check(px_home_open(argv[1], &home, &err), &err);
    run_whole(home, &request, &config);
    run_lean(home, request, &config);
    px_home_close(&home);
    return 0;
}
