// SPDX-License-Identifier: Apache-2.0
/* What joins contracts, for who has them in a home folder. */
#ifndef PXI_CONTINUOUS_H
#define PXI_CONTINUOUS_H

#include "pixity/continuous.h"

/* How many contracts stand before the one that the series has. */
size_t pxi_continuous_ahead(const px_continuous_config *config);
/* Back-adjusts a series that was joined without: moves what lies before each roll. The last bar that a
 * difference leaves without a price above zero; SIZE_MAX = there is none. */
size_t pxi_continuous_adjust(px_back_adjust adjust, px_continuous *series);
/* PX_EINPUT: that this bar has no price. */
px_status pxi_continuous_fail_price(const px_calendar *calendar, const px_bars *bars, size_t bar,
                                    px_error *err);

#endif
