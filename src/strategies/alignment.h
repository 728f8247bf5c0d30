// SPDX-License-Identifier: Apache-2.0
/* Strategies that trade where trend, momentum and volume's average price agree: the signal of premium_tp_sl
 * and confluence. */
#ifndef PXI_ALIGNMENT_H
#define PXI_ALIGNMENT_H

#include "pixity/strategy.h"

typedef struct pxi_alignment {
    double histogram; /* of the bar before; NaN before the first */
    int side;         /* of the last signal; 0 before the first */
} pxi_alignment;

/* The columns that it reads, the first of its strategy. */
enum {
    PXI_ALIGNMENT_MACD,
    PXI_ALIGNMENT_MACD_SIGNAL,
    PXI_ALIGNMENT_HISTOGRAM,
    PXI_ALIGNMENT_RSI,
    PXI_ALIGNMENT_VWAP,
    PXI_ALIGNMENT_ADX,
    PXI_ALIGNMENT_UT_STOP,
    PXI_ALIGNMENT_N_COLUMNS,
};
#define PXI_ALIGNMENT_COLUMNS                                                                                \
    [PXI_ALIGNMENT_MACD] = "macd(12,26,9)", [PXI_ALIGNMENT_MACD_SIGNAL] = "macd(12,26,9).signal",            \
    [PXI_ALIGNMENT_HISTOGRAM] = "macd(12,26,9).histogram", [PXI_ALIGNMENT_RSI] = "rsi(14)",                  \
    [PXI_ALIGNMENT_VWAP] = "vwap", [PXI_ALIGNMENT_ADX] = "adx(14)", [PXI_ALIGNMENT_UT_STOP] = "ut_bot(10,2)"

void pxi_alignment_init(void *alignment, const px_config *config);
/* Buy: close > UT stop, MACD > its signal and its histogram above that of the bar before, RSI in (60, 70],
 * close > VWAP, ADX > 25. Sell mirrors it, with RSI in [30, 40) and the same ADX. Undefined values agree with
 * nothing. Every bar that agrees enters; the first one against the last signal's side leaves that side
 * before. Returns how many signals were written; the last is the entry. */
int pxi_alignment_step(pxi_alignment *alignment, const px_bar *bar, const double *columns, px_signal *out);

#endif
