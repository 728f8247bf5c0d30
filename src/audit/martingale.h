// SPDX-License-Identifier: Apache-2.0
/* What a configuration earns where nothing can be earned: its events on driftless walks, labelled without
 * costs. A mean above 0 beyond chance is look-ahead somewhere; one below 0 is a rule that gives money away.
 */
#ifndef PXI_MARTINGALE_H
#define PXI_MARTINGALE_H

#include "engine/labelling.h"

typedef struct pxi_martingale_limits {
    int least_seeds, most_seeds; /* 40, 400 */
    size_t enough_events;        /* 20,000: no further seed after that */
    int sessions;                /* 250 a seed; more where a bar is long */
    size_t least_judged;         /* 2,000 events: a cell with fewer is shown, not judged */
    double most_se;              /* 4 standard errors */
} pxi_martingale_limits;
pxi_martingale_limits pxi_martingale_limits_default(void);

/* One type and side, or all. R gross; an ambiguous bar counts as the stop, or as the target. */
typedef struct pxi_cell {
    int type, side; /* -1, 0: all */
    size_t n;
    double mean_stop_first, mean_target_first;
    double se_stop_first, se_target_first; /* clustered by seed; NaN below two seeds */
    bool judged, failed;
} pxi_cell;

#define PXI_MAX_CELLS (1 + 2 * PX_MAX_EVENT_TYPES)
typedef struct pxi_martingale {
    int n_seeds;
    size_t n_bars, n_events; /* bars of the timeframe; events whose whole horizon lies in the data */
    int n_cells;
    pxi_cell cells[PXI_MAX_CELLS]; /* all, then by type, long before short */
    double detectable_r;           /* most_se standard errors of all */
} pxi_martingale;

/* Seeds 1, 2, ..., on the threads of `work`. Errors: PX_ENOMEM, those of the stages, PX_EINTERRUPTED. */
px_status pxi_martingale_run(const px_config *config, int timeframe_minutes, const pxi_stages *stages,
                             const pxi_martingale_limits *limits, const px_work *work, pxi_martingale *out,
                             px_error *err);

#endif
