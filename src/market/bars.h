// SPDX-License-Identifier: Apache-2.0
/* Whole ranges of bars. */
#ifndef PXI_BARS_H
#define PXI_BARS_H

#include "pixity/bars.h"

/* Copies n bars from `from` + begin to `to` + at, where there is room; both may be one series. */
void pxi_bars_copy(px_bars *to, size_t at, const px_bars *from, size_t begin, size_t n);

#endif
