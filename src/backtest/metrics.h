// SPDX-License-Identifier: Apache-2.0
/* Metrics of a journal. Formulas: docs/metrics.md. */
#ifndef PXI_METRICS_H
#define PXI_METRICS_H

#include <jansson.h>
#include "backtest/journal.h"
#include "pixity/backtest.h"

px_metrics pxi_metrics_compute(const pxi_journal *journal, double capital, int days_per_year);
/* What a run says of its metrics, beside them. */
#define PXI_METRICS_BASIS                                                                                    \
    "net of fees unless the name says gross; [Rs] rupees; [%] of capital (Return), of peak equity at bar "   \
    "closes (Max. Drawdown), of trades (Win Rate); R multiples of the risk at the stop; in_sample_trades "   \
    "tells how many of the trades lie in the model's training window, null without a model"
/* As the "metrics" object of run.json; NULL when out of memory. */
json_t *pxi_metrics_json(const px_metrics *metrics);

#endif
