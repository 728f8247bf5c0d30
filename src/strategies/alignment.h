// SPDX-License-Identifier: Apache-2.0
/* Strategies that trade where trend, momentum and volume's average price agree: the signal of premium_tp_sl
 * and confluence. */
#ifndef PXI_ALIGNMENT_H
#define PXI_ALIGNMENT_H

#include "pixity/strategy.h"

/* What may be chosen of the rule; a strategy's own parameters stand behind these. */
enum { PXI_ALIGNMENT_RSI_FROM, PXI_ALIGNMENT_RSI_TO, PXI_ALIGNMENT_MIN_ADX, PXI_N_ALIGNMENT };
#define PXI_ALIGNMENT_PARAMETERS                                                                             \
    {                                                                                                        \
        .name = "rsi_from",                                                                                  \
        .title = "RSI above",                                                                                \
        .help = "a buy needs an RSI above this, a sell one below 100 less this",                             \
        .unit = "",                                                                                          \
        .minimum = 50,                                                                                       \
        .maximum = 99,                                                                                       \
        .step = 1,                                                                                           \
        .usual = 60,                                                                                         \
    },                                                                                                       \
        {                                                                                                    \
            .name = "rsi_to",                                                                                \
            .title = "RSI up to",                                                                            \
            .help = "a buy needs an RSI up to this, a sell one from 100 less this",                          \
            .unit = "",                                                                                      \
            .minimum = 51,                                                                                   \
            .maximum = 100,                                                                                  \
            .step = 1,                                                                                       \
            .usual = 70,                                                                                     \
        },                                                                                                   \
    {                                                                                                        \
        .name = "min_adx", .title = "ADX above", .help = "trends weaker than this are left alone",           \
        .unit = "", .minimum = 0, .maximum = 100, .step = 1, .usual = 25,                                    \
    }

typedef struct pxi_alignment {
    double rsi_from, rsi_to, min_adx;
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

px_status pxi_alignment_check(const double *parameters, px_error *err);
void pxi_alignment_init(void *alignment, const px_config *config, const double *parameters);
/* Buy: close > UT stop, MACD > its signal and its histogram above that of the bar before, RSI in (rsi_from,
 * rsi_to], close > VWAP, ADX > min_adx. Sell mirrors it, with RSI in [100 - rsi_to, 100 - rsi_from) and the
 * same ADX. Undefined values agree with nothing. Every bar that agrees enters; the first one against the last
 * signal's side leaves that side before. Returns how many signals were written; the last is the entry. */
int pxi_alignment_step(pxi_alignment *alignment, const px_bar *bar, const double *columns, px_signal *out);

#endif
