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

/* Rows of bars, not sorted yet, that repeat the time of another with other values. */
typedef struct pxi_conflicts {
    size_t n;
    int64_t first_us; /* the earliest */
} pxi_conflicts;
/* Adds those in [begin_us, end_us). Errors: PX_ENOMEM. */
px_status pxi_dataset_count_conflicts(const px_bars *bars, int64_t begin_us, int64_t end_us,
                                      pxi_conflicts *sum, px_error *err);
/* Their finding, where there are any. Errors: PX_ENOMEM. */
px_status pxi_dataset_found_conflicts(const pxi_conflicts *found, px_dataset *dataset, px_error *err);
/* Bars that look longer than they are named: whole files tell, whatever part of them is read. */
typedef struct pxi_longer {
    size_t n;
    int64_t first_us;
    int named, likely; /* minutes, of the first file: */
    const char *file;  /* borrowed */
    size_t n_files;
} pxi_longer;
/* Their finding, where there are any. Errors: PX_ENOMEM. */
px_status pxi_dataset_found_longer(const pxi_longer *found, px_dataset *dataset, px_error *err);
/* Looks at the times of bars before those outside of sessions are left out; where odd hours are accepted the
 * calendar of the dataset takes them as regular ones. Errors: PX_ENOMEM. */
px_status pxi_dataset_look_at_times(const px_data_request *request, const pxi_reading *reading,
                                    px_dataset *dataset, px_error *err);
/* Looks at the bars of the dataset, as they were read and adjusted, before they are made longer. The errors
 * are those of all bars, as indicators begin with the warm-up; the rest is of the window. PX_ENOMEM. */
px_status pxi_dataset_look_at(const px_data_request *request, px_anchor anchor, const pxi_reading *reading,
                              px_dataset *dataset, px_error *err);
/* Adds what is known once the dataset is whole. Errors: PX_EINPUT for an error that the request does not
 * accept, PX_ENOMEM. */
px_status pxi_dataset_settle(const px_data_request *request, px_dataset *dataset, px_error *err);

#endif
