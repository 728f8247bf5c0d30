// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.h"

px_metrics pxi_metrics_compute(const pxi_metrics_input *in) {
    px_metrics m = {0};
    pxi_metrics_of_trades(in, &m);
    pxi_metrics_of_equity(in, &m);
    return m;
}
