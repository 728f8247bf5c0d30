// SPDX-License-Identifier: Apache-2.0
/* What is known to be wrong with the bars of a request, as findings of the dataset. */
#ifndef PXI_DATASET_FINDINGS_H
#define PXI_DATASET_FINDINGS_H

#include "pixity/dataset.h"

/* Rows of one time and other values, of which the first is kept. PX_ENOMEM. */
px_status pxi_dataset_found_conflicts(size_t n, int64_t first_us, px_dataset *dataset, px_error *err);
/* Looks at the bars of the window as they were read and adjusted, before any is left out or made longer.
 * PX_ENOMEM. */
px_status pxi_dataset_look_at(const px_data_request *request, px_anchor anchor, int input_minutes,
                              px_dataset *dataset, px_error *err);
/* Adds what is known once the dataset is whole. Errors: PX_EINPUT for an error that the request does not
 * accept, PX_ENOMEM. */
px_status pxi_dataset_settle(const px_data_request *request, px_dataset *dataset, px_error *err);

#endif
