// SPDX-License-Identifier: Apache-2.0
/* What a run comes to, in numbers. docs/metrics.md gives every formula and its edge cases. SPEC section 10.
 */
#ifndef PX_METRICS_H
#define PX_METRICS_H

#include <stddef.h>
#include "pixity/exits.h"
#include "pixity/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the results of trades come to, before fees or net of them. Rupees unless said. */
typedef struct px_result_metrics {
    int64_t n_wins, max_consecutive_wins, max_consecutive_losses;
    double pnl, win_rate_pct, profit_factor;
    double expectancy, expectancy_pct; /* a trade: rupees, % of its value at entry */
    double average_r;                  /* R; NaN where no trade has a stop */
    double best_trade, worst_trade;
    double best_trade_pct, worst_trade_pct, average_trade_pct; /* % of the value at entry; geometric mean */
    double sqn, kelly;
    double average_win, average_loss, payoff_ratio; /* rupees, a loss negative or 0; win / -loss */
} px_result_metrics;

/* A group of trades: all of them, the long or the short ones. */
typedef struct px_trade_metrics {
    px_result_metrics gross, net;
    int64_t n, n_ambiguous;
    int64_t n_exits[PX_EXIT_END_OF_DATA + 1];
    double fees, turnover; /* rupees; turnover: bought and sold */
    double average_bars_held, median_bars_held, max_bars_held;
    double average_trade_hours, max_trade_hours; /* calendar time between entry bar and exit bar */
    double average_mae_r, average_mfe_r;         /* R, of trades with a stop */
} px_trade_metrics;

/* What the equity at bar closes comes to, before fees or net of them. */
typedef struct px_equity_metrics {
    double final_equity, peak_equity, return_pct;            /* rupees; % of capital */
    double max_drawdown_pct, average_drawdown_pct;           /* of peak equity; negative or 0 */
    double max_drawdown_days, average_drawdown_days;         /* calendar days from peak to recovery */
    double max_drawdown_sessions, average_drawdown_sessions; /* the same in sessions */
    double cagr_pct, volatility_pct;                         /* % a year; NaN if not_annualised */
    double sharpe, sortino;               /* annualised, daily by session, rf 0; NaN if not_annualised */
    double underwater_pct;                /* of bars: closes below the highest equity so far */
    double var_pct, cvar_pct, tail_ratio; /* of session returns at 5 %, historical; % negative */
    double ulcer_pct, martin, omega, gain_to_pain; /* of sessions; gain to pain of months */
    double best_day_pct, worst_day_pct, best_month_pct, worst_month_pct, best_year_pct, worst_year_pct;
    double winning_months_pct;                                       /* of the months with bars */
    double alpha_pct, beta, information_ratio, correlation;          /* to buy and hold; alpha % a year */
    double session_sharpe, skewness, kurtosis, probabilistic_sharpe; /* of session returns; kurtosis raw */
} px_equity_metrics;

#define PX_REASON_SIZE 128

/* Undefined = NaN. docs/metrics.md gives every formula and its edge cases. */
typedef struct px_metrics {
    px_trade_metrics trades, longs, shorts; /* all of them; by side */
    px_equity_metrics gross, net;
    int64_t n_sessions;
    double in_sample_pct;   /* of trades; NaN without a model, or where its training window is unknown */
    double duration_days;   /* calendar days between the first bar and the last */
    double exposure_pct;    /* of bars */
    double turnover_annual; /* times mean equity a year */
    double buy_hold_pct;    /* first close to last, before costs */
    char not_annualised[PX_REASON_SIZE]; /* why yearly figures are NaN; "" = they are not for this */
} px_metrics;

/* ---- the table ---------------------------------------------------------------------------------------- */

/* Of all trades before fees, net of them; net of fees of the long trades, of the short ones. */
typedef enum px_metric_basis {
    PX_METRIC_NO_BASIS,
    PX_METRIC_GROSS,
    PX_METRIC_NET,
    PX_METRIC_LONG,
    PX_METRIC_SHORT
} px_metric_basis;
/* Behind the key of the metric that is net of fees, or has no basis, of all trades. */
#define PX_METRIC_GROSS_SUFFIX " (gross)"
#define PX_METRIC_LONG_SUFFIX  " (long)"
#define PX_METRIC_SHORT_SUFFIX " (short)"

/* One metric, under one key wherever it is named: run.json, tables, the HTTP API, the page, the documents. */
typedef struct px_metric {
    const char *key;       /* "Sharpe Ratio" */
    const char *title;     /* short, for heads of columns: "Sharpe" */
    const char *unit;      /* "% of capital"; "" = a plain number */
    const char *formula;   /* as docs/metrics.md prints it, with its letters */
    const char *meaning;   /* for people, without a full stop */
    const char *undefined; /* when there is no value; "" = there always is one */
    px_metric_basis basis;
    int decimals; /* to print */
    bool gain;    /* above 0 is a gain, below 0 a loss */
    int headline; /* place among the figures that are shown first, from 1; 0 = not one of them */
    /* How px_metric_value reads it: by the function, where there is one, else a member of px_metrics. */
    double (*value)(const px_metrics *metrics, const px_equity_metrics *equity);
    size_t offset;
    bool is_count;
} px_metric;

/* In the order of run.json: gross, net (or without a basis), long, short; NULL past the end. */
PX_API const px_metric *px_metric_at(size_t i);
/* NULL for an unknown key. */
PX_API const px_metric *px_metric_find(const char *key);
/* The metric that reads a member, PX_METRIC_OF(net.sharpe); NULL if none does. */
PX_API const px_metric *px_metric_of(size_t offset);
#define PX_METRIC_OF(member) px_metric_of(offsetof(px_metrics, member))
/* The headline at a place on a basis, where PX_METRIC_NET is the net or only one of all trades; NULL if there
 * is none. */
PX_API const px_metric *px_metric_headline(int place, px_metric_basis basis);
/* As a number; counts are whole. NaN = undefined. */
PX_API double px_metric_value(const px_metrics *metrics, const px_metric *metric);
/* "none", "gross", "net", "long", "short" */
PX_API const char *px_metric_basis_name(px_metric_basis basis);
/* Columns for px_runs_select: the first `headlines` of those, net of fees, then the metrics of `keys` that
 * are not among them. Malloc'ed; the caller frees. Errors: PX_EINPUT for an
 * unknown key, with the nearest known one. */
PX_API PX_MUST_CHECK px_status px_metric_columns(int headlines, const char *const *keys, size_t n_keys,
                                                 px_column_def **out, size_t *n, px_error *err);
#define PX_METRIC_FIRST 6 /* headlines that a list has room for */
/* [{"key", "title", "unit", "basis", "formula", "meaning", "undefined", "decimals", "headline", "gain"}] of
 * every metric, in the table's order. Malloc'ed; the caller frees. */
PX_API PX_MUST_CHECK px_status px_metrics_document(char **json, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
