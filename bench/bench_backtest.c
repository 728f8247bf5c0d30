// SPDX-License-Identifier: Apache-2.0
/* A backtest inside a process that has run one before: `bench_backtest HOME SYMBOL STRATEGY`. Nothing is
 * stored. Then 200,000 bars that are loaded once: a run with its tables, without the time of loading them
 * again, its tally, and its trading alone, of which nobody is told. */
#include "bench.h"

#include <string.h>
#include "engine/batch.h"
#include "pixity/backtest.h"

#define FEW_BARS 200000

/* Notes when the bars are there. */
typedef struct phases {
    bool loading;
    bench after;
} phases;

static bool see_phase(void *user, const char *phase, size_t done, size_t total) {
    phases *p = user;
    (void)done;
    (void)total;
    if (p->loading && strcmp(phase, "load") != 0 && *phase)
        *p = (phases){false, bench_start()};
    return true;
}

static void run_whole(px_home *home, const px_backtest_request *request, const px_config *config) {
    px_error err;
    for (int run = 0; run < 2; run++) {
        px_backtest_result *result = NULL;
        bench b = bench_start();
        bench_check(px_backtest_run(home, request, config, &result, &err), &err);
        bench_done(&b, run ? "backtest_warm" : "backtest_first", 1, (double)result->metrics.trades.n);
        px_backtest_result_free(&result);
    }
}

static void run_tables(px_home *home, px_backtest_request request, const px_config *config) {
    px_error err;
    px_backtest_result *result = NULL;
    phases p = {.loading = true};
    request.data.work = (px_work){.progress = see_phase, .user = &p};
    bench_check(px_backtest_run(home, &request, config, &result, &err), &err);
    bench_done(&p.after, "backtest_tables", 1, (double)result->metrics.trades.n);
    px_backtest_result_free(&result);
}

static void run_tally(px_home *home, const px_backtest_request *request, const px_config *config) {
    px_error err;
    px_tally tally;
    bench b = bench_start();
    bench_check(px_backtest_tally(home, request, config, &tally, &err), &err);
    bench_done(&b, "backtest_tally", 1, (double)tally.metrics.trades.n);
}

static void run_trading(const px_backtest_request *request, const px_config *config) {
    px_error err;
    px_strategy_config chosen;
    pxi_found found = {0};
    bench_check(px_strategy_config_read(request->strategy_id, NULL, &chosen, &err), &err);
    pxi_flow flow = {
        .data = request->dataset, .config = config, .strategy = chosen.strategy, .parameters = chosen.values};
    const pxi_desks desks = {.flows = &flow, .n = 1};
    bench b = bench_start();
    bench_check(pxi_batch_run(&desks, &found, &err), &err);
    bench_done(&b, "backtest_trading", 1, (double)FEW_BARS);
    pxi_found_free(&found);
}

/* Sessions have 375 bars. */
static void run_few(px_home *home, px_backtest_request request, const px_config *config) {
    px_error err;
    px_dataset data = {0};
    request.data.start_date = px_date_from_civil((px_civil){2012, 1, 2});
    request.data.end_date = request.data.start_date + FEW_BARS / 375 * 7 / 5;
    bench_check(px_dataset_load(home, &request.data, config->resample_anchor,
                                px_config_warmup_backtest(config), &data, &err),
                &err);
    run_tables(home, request, config);
    request.dataset = &data;
    run_tally(home, &request, config);
    run_trading(&request, config);
    px_dataset_free(&data);
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
    run_few(home, request, &config);
    px_home_close(&home);
    return 0;
}
