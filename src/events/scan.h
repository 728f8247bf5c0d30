// SPDX-License-Identifier: Apache-2.0
/* Events found while the features are made, block by block, where nobody needs the whole frame. */
#ifndef PXI_SCAN_H
#define PXI_SCAN_H

#include "pixity/events.h"
#include "pixity/dataset.h"

typedef struct pxi_event_scan {
    px_event_list events;
    size_t n_without_vwap; /* bars of the window */
} pxi_event_scan;

/* True where blocks are enough for all columns that types and inputs name (pxi_frame_is_causal). */
bool pxi_events_scannable(const px_dataset *data, const px_config *config);
/* True where types and inputs name nothing but features. */
bool pxi_events_of_features(const px_config *config);
/* As px_features_compute and px_events_find on the bars of the window, the same bits; only where
 * pxi_events_scannable. *out from a zeroed struct. Errors: PX_ENOMEM. */
px_status pxi_events_scan(const px_dataset *data, const px_config *config, pxi_event_scan *out,
                          px_error *err);

#endif
