// SPDX-License-Identifier: Apache-2.0
/* Where a chart breaks: bars that are due and not there. */
#ifndef PXI_REPORT_HOLES_H
#define PXI_REPORT_HOLES_H

#include "pixity/report.h"

/* Fills holes of columns whose timeframe and bars_per_point are set, from their bars. Errors: PX_ENOMEM. */
px_status pxi_holes_find(const px_bars *bars, const px_calendar *calendar, px_columns *columns,
                         px_error *err);

#endif
