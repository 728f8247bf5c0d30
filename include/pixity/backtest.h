// SPDX-License-Identifier: Apache-2.0
/* Backtest: one request in, one result out, the same bytes each time. SPEC sections 8 and 10. */
#ifndef PX_BACKTEST_H
#define PX_BACKTEST_H

#include "pixity/exits.h"
#include "pixity/strategy.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_backtest_request {
    px_data_request data;
    const char *strategy_id;
    const char *model;  /* NULL = by the rule of px_model_open */
    const char *run_id; /* scope of signal ids; not part of the fingerprint */
} px_backtest_request;

/* Gross is before fees, net after; rupees unless said. Undefined = NaN. docs/metrics.md gives every formula.
 */
typedef struct px_metrics {
    int64_t n_trades, n_wins_gross, n_wins_net, n_ambiguous, n_sessions;
    int64_t n_exits[PX_EXIT_END_OF_DATA + 1];
    double pnl_gross, fees, pnl_net;
    double win_rate_gross_pct, win_rate_net_pct;
    double profit_factor_gross, profit_factor_net;
    double expectancy_gross, expectancy_net; /* rupees a trade */
    double average_r_gross, average_r_net;   /* R; NaN where no trade has a stop */
    double average_bars_held;
    double final_equity;
    double return_gross_pct, return_net_pct;             /* of capital */
    double max_drawdown_gross_pct, max_drawdown_net_pct; /* of peak equity at bar closes; negative or 0 */
    double sharpe_gross, sharpe_net;                     /* annualised, daily by session, rf 0 */
} px_metrics;

/* The metrics' names in run.json and printed results, in order; NULL past the end. */
PX_API const char *px_metric_name(size_t i);
/* One metric by index as a number; counts are whole. NaN = undefined. */
PX_API double px_metric_value(const px_metrics *metrics, size_t i);

typedef struct px_backtest_result {
    char fingerprint[65];
    char *json; /* run.json: request, config, data, model, metrics, events, in_sample_trades, warnings */
    px_table trades, signals, orders, fills, equity;
    px_metrics metrics;
    int64_t n_candidates, n_fates[PX_N_FATES];
    int64_t n_in_sample; /* -1 without a model */
} px_backtest_result;

/* The whole flow; src/backtest/runner.c reads as the story. Stores nothing. `home` may be NULL where neither
 * symbol nor model needs it. *out is freed with px_backtest_result_free. Errors: as px_dataset_load,
 * px_model_open, px_strategy_find; PX_EINPUT under 50 bars. */
PX_API PX_MUST_CHECK px_status px_backtest_run(px_home *home, const px_backtest_request *request,
                                               const px_config *config, px_progress_fn progress, void *user,
                                               px_backtest_result **out, px_error *err);
PX_API void px_backtest_result_free(px_backtest_result **result);
/* Stores a result in the run store under request->run_id. `created_us` is the caller's clock. */
PX_API PX_MUST_CHECK px_status px_backtest_save(px_home *home, const char *run_id,
                                                const px_backtest_result *result, int64_t created_us,
                                                px_error *err);
/* Lists a run that failed in the work (not for bad input). */
PX_API PX_MUST_CHECK px_status px_backtest_save_failure(px_home *home, const px_backtest_request *request,
                                                        const px_config *config, int64_t created_us,
                                                        const char *message, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
