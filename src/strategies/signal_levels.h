// SPDX-License-Identifier: Apache-2.0
/* The levels of a signal, as they are sized and guarded by. */
#ifndef PXI_SIGNAL_LEVELS_H
#define PXI_SIGNAL_LEVELS_H

#include "pixity/strategy.h"

/* What a share loses from the signal bar's close, where it is sized, to the stop, rupees: the distance asked
 * for, or that of the close to the price asked for. NaN without a stop. R is profit over this times quantity.
 */
double pxi_signal_risk(const px_signal *signal, double close);
/* False where a level is no distance above 0, or a price that the signal bar's close has reached already. */
bool pxi_signal_levels_valid(const px_signal *signal, double close);

#endif
