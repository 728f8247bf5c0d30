// SPDX-License-Identifier: Apache-2.0
/* Metrics, from trades and closes that come one after the other: sums, and of each trade and session only
 * what a formula needs once all are known. The tally (run_tally.h) hands them over. Formulas:
 * docs/metrics.md. */
#ifndef PXI_METRICS_H
#define PXI_METRICS_H

#include <math.h>
#include "engine/journal.h"
#include "pixity/metrics.h"

/* What a run says of its metrics, beside them. */
#define PXI_METRICS_BASIS                                                                                    \
    "net of fees unless the name says gross; long and short: of the trades of that side; [Rs] rupees; [%] "  \
    "of capital (Return), of peak equity at bar "                                                            \
    "closes (Drawdown), of a trade's value at entry (Trade, Expectancy), of trades (Win Rate, In-Sample "    \
    "Trades), of bars (Exposure Time), a year (CAGR, Volatility); ratios are annualised from session "       \
    "returns at risk-free rate 0 unless the name says session; R multiples of the risk at the stop; "        \
    "in_sample_trades tells how many of the trades lie in the model's training window, null without a "      \
    "model or where that window is unknown"

/* Windows of fewer sessions, or with a smaller share of the calendar's, have no yearly figures. */
enum { PXI_LEAST_SESSIONS = 20, PXI_LEAST_PERCENT_MET = 90 };

/* The moments at which an account is looked at, of one instrument the closes of its bars. Borrowed. */
typedef struct pxi_timeline {
    const int64_t *ts_us;
    const double *market; /* what the account is held against, at each: the instrument's closes */
    size_t n;
    const size_t *session_ends; /* one past the last moment of each session */
    size_t n_sessions;
    const int32_t *session_dates;
    int64_t n_due, n_met; /* the calendar's sessions from one to the other, and those with bars */
    int days_per_year;    /* sessions of the calendar's year */
} pxi_timeline;

/* ---- trades: metrics_trades.c ------------------------------------------------------------------------- */

/* Sums over the results of trades, gross or net. */
typedef struct pxi_results {
    int64_t n_r, wins_in_a_row, losses_in_a_row;
    double profit, loss;       /* absolute */
    double r;                  /* of trades with a stop */
    double shares, log_growth; /* of the results as shares of the value at entry */
} pxi_results;

typedef struct pxi_kept_trade {
    double gross, net;
    int bars_held;
} pxi_kept_trade;

typedef struct pxi_trade_sums {
    pxi_results gross, net;
    double bars, hours, mae, mfe; /* mae, mfe: of trades with a stop */
    int most_bars;
    pxi_kept_trade *kept;
    size_t n, capacity;
} pxi_trade_sums;

/* Of a group of trades. `m` from a zeroed struct, in which the sums that are metrics themselves grow. False
 * when out of memory. */
void pxi_trades_begin(px_trade_metrics *m);
bool pxi_trades_add(pxi_trade_sums *sums, const pxi_trade *trade, px_trade_metrics *m);
/* Fills in what is made of the sums. */
void pxi_trades_describe(const pxi_trade_sums *sums, px_trade_metrics *m);

/* ---- equity at closes: metrics_equity.c ---------------------------------------------------------------- */

/* A drawdown lasts from the last close at the peak to the first that is back at it, or to the last one. */
typedef struct pxi_drawdowns {
    double peak, depth; /* depth: of the present one so far */
    int64_t peak_us, peak_session;
    int64_t n;
    size_t n_below; /* closes inside of one */
    double deepest, depths;
    double longest_days, days;
    double longest_sessions, sessions;
} pxi_drawdowns;

/* The close of a moment of a session, counted from 1. */
void pxi_drawdowns_add(pxi_drawdowns *d, double equity, int64_t ts_us, int64_t session);
/* Ends what has not recovered, at the last of all moments, and fills in what is reported of them. */
void pxi_drawdowns_describe(pxi_drawdowns *d, const pxi_timeline *timeline, px_equity_metrics *set);

/* ---- sessions: metrics_sessions.c ---------------------------------------------------------------------- */

/* Equity at the ends of the sessions, and what an account of this capital made of it. `m` has all else, and
 * why it is not annualised. Errors: PX_ENOMEM. */
typedef struct pxi_session_equity {
    const double *gross, *net;
    double capital;
} pxi_session_equity;
px_status pxi_sessions_describe(const pxi_timeline *timeline, const pxi_session_equity *equity, px_metrics *m,
                                px_error *err);

/* ---- arithmetic ---------------------------------------------------------------------------------------- */

/* a / b, NaN where b is 0. */
static inline double pxi_ratio(double a, double b) {
    return b != 0.0 ? a / b : (double)NAN;
}

/* Relative change. What the sums of an account cannot tell from no change is none: else a position bought and
 * priced at the same price would be a drawdown, or a loss. */
static inline double pxi_change(double before, double now) {
    double relative = now / before - 1.0;
    return fabs(relative) > 1e-12 ? relative : 0.0;
}

#endif
