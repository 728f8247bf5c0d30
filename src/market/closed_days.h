// SPDX-License-Identifier: Apache-2.0
#ifndef PXI_CLOSED_DAYS_H
#define PXI_CLOSED_DAYS_H

#include <stdint.h>

typedef enum pxi_day { PXI_DAY_OPEN, PXI_DAY_CLOSED, PXI_DAY_UNKNOWN } pxi_day;
/* Whether NSE and BSE trade on a weekday; weekends are closed here: no contract expires on one. */
pxi_day pxi_day_of_india(int32_t date);

#endif
