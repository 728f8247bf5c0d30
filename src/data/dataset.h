// SPDX-License-Identifier: Apache-2.0
#ifndef PXI_DATASET_H
#define PXI_DATASET_H

#include "pixity/dataset.h"

/* How the bars of a request are read in place. */
px_source_config pxi_source_config_of(const px_data_request *request, const px_calendar *calendar);

#endif
