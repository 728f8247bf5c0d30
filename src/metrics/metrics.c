// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.h"

#include <stddef.h>
#include "base/json.h"

px_metrics pxi_metrics_compute(const pxi_metrics_input *in) {
    px_metrics m = {0};
    pxi_metrics_of_trades(in, &m);
    pxi_metrics_of_equity(in, &m);
    return m;
}

/* ---- names -------------------------------------------------------------------------------------------- */

#define COUNT(field)  .offset = offsetof(px_metrics, field), .is_count = true
#define REAL(field)   .offset = offsetof(px_metrics, field)
#define EXITS(reason) COUNT(n_exits[reason])
/* Both of a pair, the gross one first. */
#define COUNTS(name, field)                                                                                  \
    {name " (gross)", COUNT(gross.field)}, {                                                                 \
        name, COUNT(net.field)                                                                               \
    }
#define REALS(name, field)                                                                                   \
    {name " (gross)", REAL(gross.field)}, {                                                                  \
        name, REAL(net.field)                                                                                \
    }

/* Backtesting.py's names where it has the figure. */
static const struct {
    const char *name;
    size_t offset;
    bool is_count;
} metrics_table[] = {
    {"# Trades", COUNT(n_trades)},
    COUNTS("# Wins", n_wins),
    REALS("Win Rate [%]", win_rate_pct),
    REALS("Profit Factor", profit_factor),
    REALS("Expectancy [Rs]", expectancy),
    REALS("Expectancy [%]", expectancy_pct),
    REALS("Avg. R", average_r),
    REALS("Best Trade [Rs]", best_trade),
    REALS("Worst Trade [Rs]", worst_trade),
    REALS("Best Trade [%]", best_trade_pct),
    REALS("Worst Trade [%]", worst_trade_pct),
    REALS("Avg. Trade [%]", average_trade_pct),
    REALS("SQN", sqn),
    REALS("Kelly Criterion", kelly),
    COUNTS("Max. Consecutive Losses", max_consecutive_losses),
    {"Avg. MAE [R]", REAL(average_mae_r)},
    {"Avg. MFE [R]", REAL(average_mfe_r)},
    {"Avg. Bars Held", REAL(average_bars_held)},
    {"Median Bars Held", REAL(median_bars_held)},
    {"Max. Bars Held", REAL(max_bars_held)},
    {"Avg. Trade Duration [hours]", REAL(average_trade_hours)},
    {"Max. Trade Duration [hours]", REAL(max_trade_hours)},
    {"# Ambiguous Bars", COUNT(n_ambiguous)},
    {"In-Sample Trades [%]", REAL(in_sample_pct)},
    {"# Exits stop_loss", EXITS(PX_EXIT_STOP_LOSS)},
    {"# Exits take_profit", EXITS(PX_EXIT_TAKE_PROFIT)},
    {"# Exits time_stop", EXITS(PX_EXIT_TIME_STOP)},
    {"# Exits square_off", EXITS(PX_EXIT_SQUARE_OFF)},
    {"# Exits exit_signal", EXITS(PX_EXIT_SIGNAL)},
    {"# Exits kill_switch", EXITS(PX_EXIT_KILL_SWITCH)},
    {"# Exits end_of_data", EXITS(PX_EXIT_END_OF_DATA)},
    REALS("PnL [Rs]", pnl),
    {"Commissions [Rs]", REAL(fees)},
    REALS("Equity Final [Rs]", final_equity),
    REALS("Equity Peak [Rs]", peak_equity),
    REALS("Return [%]", return_pct),
    {"Buy & Hold Return [%]", REAL(buy_hold_pct)},
    REALS("CAGR [%]", cagr_pct),
    REALS("Volatility (Ann.) [%]", volatility_pct),
    REALS("Sharpe Ratio", sharpe),
    REALS("Sortino Ratio", sortino),
    REALS("Calmar Ratio", calmar),
    REALS("Max. Drawdown [%]", max_drawdown_pct),
    REALS("Avg. Drawdown [%]", average_drawdown_pct),
    REALS("Max. Drawdown Duration [days]", max_drawdown_days),
    REALS("Avg. Drawdown Duration [days]", average_drawdown_days),
    REALS("Max. Drawdown Duration [sessions]", max_drawdown_sessions),
    REALS("Avg. Drawdown Duration [sessions]", average_drawdown_sessions),
    REALS("Session Sharpe Ratio", session_sharpe),
    REALS("Session Skewness", skewness),
    REALS("Session Kurtosis", kurtosis),
    REALS("Probabilistic Sharpe Ratio", probabilistic_sharpe),
    {"Exposure Time [%]", REAL(exposure_pct)},
    {"Turnover [Rs]", REAL(turnover)},
    {"Turnover (Ann.)", REAL(turnover_annual)},
    {"# Sessions", COUNT(n_sessions)},
    {"Duration [days]", REAL(duration_days)},
};
enum { N_METRICS = sizeof metrics_table / sizeof metrics_table[0] };

static int64_t count_of(const px_metrics *metrics, size_t i) {
    return *(const int64_t *)(const void *)((const char *)metrics + metrics_table[i].offset);
}

static double real_of(const px_metrics *metrics, size_t i) {
    return *(const double *)(const void *)((const char *)metrics + metrics_table[i].offset);
}

const char *px_metric_name(size_t i) {
    return i < N_METRICS ? metrics_table[i].name : NULL;
}

double px_metric_value(const px_metrics *metrics, size_t i) {
    return metrics_table[i].is_count ? (double)count_of(metrics, i) : real_of(metrics, i);
}

json_t *pxi_metrics_json(const px_metrics *metrics) {
    bool failed = false;
    json_t *object = json_object();
    for (size_t i = 0; i < N_METRICS; i++)
        pxi_json_put(object, metrics_table[i].name,
                     metrics_table[i].is_count ? json_integer(count_of(metrics, i))
                                               : pxi_json_real(real_of(metrics, i)),
                     &failed);
    return pxi_json_built(object, failed);
}
