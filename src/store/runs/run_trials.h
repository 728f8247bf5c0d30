// SPDX-License-Identifier: Apache-2.0
/* What the index of runs knows of the trials that a run was one of. */
#ifndef PXI_RUN_TRIALS_H
#define PXI_RUN_TRIALS_H

#include "pixity/store.h"

/* A finished run, by what it tried. Dates are texts "YYYY-MM-DD", inclusive. */
typedef struct pxi_trial {
    const char *strategy, *symbol, *timeframe, *start, *end, *fingerprint;
    const char *sharpe_key; /* of the metric that trials are judged by */
    double session_sharpe;  /* net; NaN = undefined */
} pxi_trial;

/* The per-session Sharpe ratios, net, of the distinct fingerprints in the store with the strategy, symbol and
 * timeframe of `own` and a window that overlaps its own, by fingerprint; NaN where undefined. `own` is among
 * them whether the index knows it or not. Folders and index are brought into agreement first. The caller
 * frees *sharpes. Errors: PX_EIO, PX_ENOMEM. */
px_status pxi_trial_sharpes(px_home *home, const pxi_trial *own, double **sharpes, size_t *n, px_error *err);

#endif
