// SPDX-License-Identifier: Apache-2.0
/* The columns of the feature frame, and the batch driver that makes them block by block. */
#ifndef PXI_FRAME_H
#define PXI_FRAME_H

#include "indicators/column_set.h"

/* The columns of the frame, ended by NULL. */
extern const char *const pxi_frame_columns[PX_N_FEATURES + 1];
/* What the columns of the frame are made with; reads all bars where a setting looks at them all. */
pxi_columns_setup pxi_frame_setup(const px_bars *bars, const px_calendar *calendar, const px_config *config);
/* True where the columns of the frame are what the indicators make, without a rule that looks ahead or at the
 * number of all bars: they may then be used block by block. */
bool pxi_frame_is_causal(const px_bars *bars, const px_config *config);

/* px_features_compute block by block, for whoever needs each row once, where pxi_frame_is_causal. */
typedef struct pxi_frame_walk {
    pxi_column_set columns;
    px_bars bars; /* a view */
    size_t at;    /* the next block's first bar */
} pxi_frame_walk;
/* Errors: PX_ENOMEM. Close in any case. */
px_status pxi_frame_walk_open(pxi_frame_walk *walk, const px_bars *bars, const px_calendar *calendar,
                              const px_config *config, px_error *err);
/* Rows of the next bars, at most PXI_BLOCK; out[k] takes column k. Returns how many, 0 past the last. */
size_t pxi_frame_walk_next(pxi_frame_walk *walk, double *const out[PX_N_FEATURES]);
void pxi_frame_walk_close(pxi_frame_walk *walk);

#endif
