// SPDX-License-Identifier: Apache-2.0
#include "metrics/metrics.h"

#include <inttypes.h>
#include <stdio.h>

/* A few days say nothing of a year, and what is missing may be what would have been lost. */
static void ask_for_a_year(const pxi_metrics_input *in, char reason[PX_REASON_SIZE]) {
    if (in->n_sessions < PXI_LEAST_SESSIONS)
        snprintf(reason, PX_REASON_SIZE, "%zu session%s, and yearly figures need %d", in->n_sessions,
                 in->n_sessions == 1 ? "" : "s", PXI_LEAST_SESSIONS);
    else if (100 * in->n_met < PXI_LEAST_PERCENT_MET * in->n_due)
        snprintf(reason, PX_REASON_SIZE,
                 "bars in %" PRId64 " of the calendar's %" PRId64
                 " sessions, and yearly figures need %d %% of them",
                 in->n_met, in->n_due, PXI_LEAST_PERCENT_MET);
}

px_status pxi_metrics_compute(const pxi_metrics_input *in, px_metrics *out, px_error *err) {
    px_metrics m = {0};
    ask_for_a_year(in, m.not_annualised);
    pxi_metrics_of_trades(in, &m);
    pxi_metrics_of_equity(in, &m);
    px_status status = pxi_metrics_of_sessions(in, &m, err);
    if (!status)
        *out = m;
    return status;
}
