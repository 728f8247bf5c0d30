// SPDX-License-Identifier: Apache-2.0
/* The columns of the feature frame, and the batch driver that makes them block by block. */
#ifndef PXI_FRAME_H
#define PXI_FRAME_H

#include "indicators/column_set.h"

/* The columns of the frame, ended by NULL. */
extern const char *const pxi_frame_columns[PX_N_FEATURES + 1];
/* What columns of all bars are made with; reads them all where a setting looks at them all. */
pxi_columns_setup pxi_frame_setup(const px_bars *bars, const px_calendar *calendar, const px_config *config);
/* True where these columns of n bars are what the indicators make, without a rule that looks ahead or at the
 * number of all bars: they may then be used block by block. */
bool pxi_frame_is_causal(const char *const *columns, size_t n, const px_config *config);

/* Any columns of all bars, as px_features_compute makes the features. Errors: as pxi_columns_open. */
px_status pxi_frame_compute(const px_bars *bars, const char *const *columns, const pxi_columns_setup *setup,
                            px_feature_frame *out, px_error *err);

/* pxi_frame_compute block by block, for whoever needs each row once, where pxi_frame_is_causal. */
typedef struct pxi_frame_walk {
    pxi_column_set columns;
    px_bars bars; /* a view */
    size_t at;    /* the next block's first bar */
} pxi_frame_walk;
/* Errors: as pxi_columns_open. Close in any case. */
px_status pxi_frame_walk_open(pxi_frame_walk *walk, const px_bars *bars, const char *const *columns,
                              const pxi_columns_setup *setup, px_error *err);
/* Rows of the next bars, at most PXI_BLOCK; out[k] takes column k. Returns how many, 0 past the last. */
size_t pxi_frame_walk_next(pxi_frame_walk *walk, double *const *out);
void pxi_frame_walk_close(pxi_frame_walk *walk);

#endif
