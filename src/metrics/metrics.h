// SPDX-License-Identifier: Apache-2.0
/* Metrics of a journal. Formulas: docs/metrics.md. */
#ifndef PXI_METRICS_H
#define PXI_METRICS_H

#include <math.h>
#include "engine/journal.h"
#include "pixity/metrics.h"

typedef struct pxi_metrics_input {
    const pxi_journal *journal;
    const pxi_curve *closes;
    const size_t *session_ends; /* of the curve's bars: one past the last bar of each session */
    size_t n_sessions;
    const int32_t *session_dates;
    int64_t n_due, n_met; /* the calendar's sessions from one to the other, and those with bars */
    double capital;
    int days_per_year;              /* sessions of the calendar's year */
    double first_close, last_close; /* of the window */
    int64_t n_in_sample;            /* -1 = no model, or its training window is unknown */
} pxi_metrics_input;

/* Memory of a few doubles a session. Errors: PX_ENOMEM. */
px_status pxi_metrics_compute(const pxi_metrics_input *in, px_metrics *out, px_error *err);
/* What a run says of its metrics, beside them. */
#define PXI_METRICS_BASIS                                                                                    \
    "net of fees unless the name says gross; [Rs] rupees; [%] of capital (Return), of peak equity at bar "   \
    "closes (Drawdown), of a trade's value at entry (Trade, Expectancy), of trades (Win Rate, In-Sample "    \
    "Trades), of bars (Exposure Time), a year (CAGR, Volatility); ratios are annualised from session "       \
    "returns at risk-free rate 0 unless the name says session; R multiples of the risk at the stop; "        \
    "in_sample_trades tells how many of the trades lie in the model's training window, null without a "      \
    "model or where that window is unknown"

/* Windows of fewer sessions, or with a smaller share of the calendar's, have no yearly figures. */
enum { PXI_LEAST_SESSIONS = 20, PXI_LEAST_PERCENT_MET = 90 };

/* The parts, in this order: metrics_trades.c, metrics_equity.c and metrics_sessions.c. Each fills its fields
 * of a zeroed struct. */
void pxi_metrics_of_trades(const pxi_metrics_input *in, px_metrics *m);
void pxi_metrics_of_equity(const pxi_metrics_input *in, px_metrics *m);
px_status pxi_metrics_of_sessions(const pxi_metrics_input *in, px_metrics *m, px_error *err);

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
