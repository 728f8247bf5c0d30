// SPDX-License-Identifier: Apache-2.0
/* What is known to be wrong with the bars of a request, as findings of the dataset. */
#ifndef PXI_DATASET_FINDINGS_H
#define PXI_DATASET_FINDINGS_H

#include "pixity/dataset.h"

/* How the bars of a request were read. */
typedef struct pxi_reading {
    int timeframe_minutes;    /* of the source's bars */
    int64_t begin_us, end_us; /* the window; INT64_MIN and INT64_MAX = as the bars */
    bool goes_on;             /* the source has bars behind it */
} pxi_reading;

/* Rows of one time and other values, of which the first is kept: those of [begin_us, end_us), which a run
 * reads. The bars are as their file has them. PX_ENOMEM. */
px_status pxi_dataset_find_conflicts(const px_bars *bars, int64_t begin_us, int64_t end_us,
                                     px_dataset *dataset, px_error *err);
/* Looks at the bars of the dataset, as they were read and adjusted, before they are made longer. The errors
 * are those of all bars, as indicators begin with the warm-up; the rest is of the window. PX_ENOMEM. */
px_status pxi_dataset_look_at(const px_data_request *request, px_anchor anchor, const pxi_reading *reading,
                              px_dataset *dataset, px_error *err);
/* Adds what is known once the dataset is whole. Errors: PX_EINPUT for an error that the request does not
 * accept, PX_ENOMEM. */
px_status pxi_dataset_settle(const px_data_request *request, px_dataset *dataset, px_error *err);

#endif
