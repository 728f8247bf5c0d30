// SPDX-License-Identifier: Apache-2.0
/* What a run comes to, in numbers. docs/metrics.md gives every formula and its edge cases. SPEC section 10.
 */
#ifndef PX_METRICS_H
#define PX_METRICS_H

#include "pixity/exits.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What is told twice: before fees and net of them. Rupees unless said. */
typedef struct px_metric_set {
    /* of trades */
    int64_t n_wins, max_consecutive_losses;
    double pnl, win_rate_pct, profit_factor;
    double expectancy, expectancy_pct; /* a trade: rupees, % of its value at entry */
    double average_r;                  /* R; NaN where no trade has a stop */
    double best_trade, worst_trade;
    double best_trade_pct, worst_trade_pct, average_trade_pct; /* % of the value at entry; geometric mean */
    double sqn, kelly;
    /* of equity at bar closes */
    double final_equity, peak_equity, return_pct;                    /* % of capital */
    double max_drawdown_pct, average_drawdown_pct;                   /* of peak equity; negative or 0 */
    double max_drawdown_days, average_drawdown_days;                 /* calendar days from peak to recovery */
    double max_drawdown_sessions, average_drawdown_sessions;         /* the same in sessions */
    double cagr_pct, volatility_pct;                                 /* % a year */
    double sharpe, sortino, calmar;                                  /* annualised, daily by session, rf 0 */
    double session_sharpe, skewness, kurtosis, probabilistic_sharpe; /* of session returns; kurtosis raw */
} px_metric_set;

/* Undefined = NaN. docs/metrics.md gives every formula and its edge cases. */
typedef struct px_metrics {
    px_metric_set gross, net;
    int64_t n_trades, n_ambiguous, n_sessions;
    int64_t n_exits[PX_EXIT_END_OF_DATA + 1];
    double fees;          /* rupees */
    double in_sample_pct; /* of trades; NaN without a model, or where its training window is unknown */
    double average_bars_held, median_bars_held, max_bars_held;
    double average_trade_hours, max_trade_hours; /* calendar time between entry bar and exit bar */
    double average_mae_r, average_mfe_r;         /* R, of trades with a stop */
    double duration_days;                        /* calendar days between the first bar and the last */
    double exposure_pct;                         /* of bars */
    double turnover, turnover_annual;            /* rupees bought and sold; times mean equity a year */
    double buy_hold_pct;                         /* first close to last, before costs */
} px_metrics;

/* The metrics' names in run.json and printed results, in order; NULL past the end. */
PX_API const char *px_metric_name(size_t i);
/* One metric by index as a number; counts are whole. NaN = undefined. */
PX_API double px_metric_value(const px_metrics *metrics, size_t i);

#ifdef __cplusplus
}
#endif
#endif
