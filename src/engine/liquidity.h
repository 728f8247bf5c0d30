// SPDX-License-Identifier: Apache-2.0
/* What slippage asks of the bars before a fill: the range of the last one, its ATR and the mean volume of
 * twenty, none of them from before a hole. The same from all bars at once, block by block, and from one after
 * the other. */
#ifndef PXI_LIQUIDITY_H
#define PXI_LIQUIDITY_H

#include "indicators/column_set.h"
#include "pixity/risk.h"

#define PXI_LIQUIDITY_BARS 20

typedef struct pxi_liquidity {
    px_slippage_kind kind;    /* what it is kept for: NONE, BPS and TICKS ask for nothing */
    size_t n;                 /* bars seen */
    size_t begin;             /* the first of them behind the last hole */
    const px_calendar *holes; /* that they are counted by; NULL = they are run through */
    int64_t last_us;          /* of the last one, once one was seen */
    double range, atr;        /* of it */
    double volumes[PXI_LIQUIDITY_BARS];
    pxi_column_set columns; /* the ATR, where it is asked for */
} pxi_liquidity;

/* From a zeroed struct; close it in any case. Errors: PX_ENOMEM. */
px_status pxi_liquidity_open(pxi_liquidity *liquidity, const px_config *config, const px_calendar *calendar,
                             px_error *err);
void pxi_liquidity_close(pxi_liquidity *liquidity);
/* The next bars, any number. */
void pxi_liquidity_see(pxi_liquidity *liquidity, const px_bars *bars);
/* Whether bars need be shown at all. */
static inline bool pxi_liquidity_asks(const pxi_liquidity *liquidity) {
    return liquidity->kind == PX_SLIPPAGE_RANGE || liquidity->kind == PX_SLIPPAGE_VOLUME;
}
/* Fills in what is known of the market for a fill at ts_us. */
void pxi_liquidity_tell(const pxi_liquidity *liquidity, int64_t ts_us, px_market_fill *out);

#endif
