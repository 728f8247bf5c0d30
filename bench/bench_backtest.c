// SPDX-License-Identifier: Apache-2.0
/* A backtest inside a process that has run one before: `bench_backtest HOME SYMBOL STRATEGY`. Nothing is
 * stored. */
#include "bench.h"

#include "pixity/backtest.h"

int main(int argc, char **argv) {
    if (argc != 4)
        return 2;
    px_home *home = NULL;
    px_error err;
    px_config config = px_config_default();
    config.skip_meta_model = true;
    px_backtest_request request = {
        .data = {.symbol = argv[2], .timeframe_minutes = 1, .start_date = PX_NO_DATE, .end_date = PX_NO_DATE},
        .strategy_id = argv[3],
        .run_id = "bench",
    };
    bench_check(px_home_open(argv[1], &home, &err), &err);
    for (int run = 0; run < 2; run++) {
        px_backtest_result *result = NULL;
        bench b = bench_start();
        bench_check(px_backtest_run(home, &request, &config, &result, &err), &err);
        bench_done(&b, run ? "backtest_warm" : "backtest_first", 1, (double)result->metrics.n_trades);
        px_backtest_result_free(&result);
    }
    px_home_close(&home);
    return 0;
}
