// SPDX-License-Identifier: Apache-2.0
/* The strategies, one file each; src/strategies/table.c lists them. */
#ifndef PXI_STRATEGIES_H
#define PXI_STRATEGIES_H

#include "pixity/strategy.h"

extern const px_strategy pxi_pixityai_meta;
extern const px_strategy pxi_ehma_pivot;
extern const px_strategy pxi_ema_cross;
extern const px_strategy pxi_premium_tp_sl;
extern const px_strategy pxi_confluence;
extern const px_strategy pxi_precomputed;

#endif
