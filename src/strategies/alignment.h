// SPDX-License-Identifier: Apache-2.0
/* Strategies that trade where trend, momentum and volume's average price agree: the signal of premium_tp_sl
 * and confluence. */
#ifndef PXI_ALIGNMENT_H
#define PXI_ALIGNMENT_H

#include "pixity/strategy.h"

/* What may be chosen of the rule; a strategy's own parameters stand behind these. */
enum {
    PXI_ALIGNMENT_RSI_FROM,
    PXI_ALIGNMENT_RSI_TO,
    PXI_ALIGNMENT_MIN_ADX,
    PXI_ALIGNMENT_MACD_FAST,
    PXI_ALIGNMENT_MACD_SLOW,
    PXI_ALIGNMENT_MACD_AVERAGE,
    PXI_ALIGNMENT_RSI_PERIOD,
    PXI_ALIGNMENT_ADX_PERIOD,
    PXI_ALIGNMENT_UT_PERIOD,
    PXI_ALIGNMENT_UT_ATRS,
    PXI_N_ALIGNMENT,
};
/* clang-format off */
#define PXI_ALIGNMENT_PARAMETERS                                                                             \
    [PXI_ALIGNMENT_RSI_FROM] = {"rsi_from", NULL, "RSI above", "",                                           \
        "a buy needs an RSI above this, a sell one below 100 less this", 50, 99, 1, 60, false},              \
    [PXI_ALIGNMENT_RSI_TO] = {"rsi_to", NULL, "RSI up to", "",                                               \
        "a buy needs an RSI up to this, a sell one from 100 less this", 51, 100, 1, 70, false},              \
    [PXI_ALIGNMENT_MIN_ADX] = {"min_adx", NULL, "ADX above", "",                                             \
        "trends weaker than this are left alone", 0, 100, 1, 25, false},                                     \
    [PXI_ALIGNMENT_MACD_FAST] = {"macd_fast", NULL, "MACD fast", "bars",                                     \
        "bars of MACD's fast average", 1, 10000, 1, 12, true},                                               \
    [PXI_ALIGNMENT_MACD_SLOW] = {"macd_slow", NULL, "MACD slow", "bars",                                     \
        "bars of MACD's slow average, more than of the fast one", 2, 10000, 1, 26, true},                    \
    [PXI_ALIGNMENT_MACD_AVERAGE] = {"macd_signal", NULL, "MACD signal", "bars",                              \
        "bars of the average of MACD", 1, 10000, 1, 9, true},                                                \
    [PXI_ALIGNMENT_RSI_PERIOD] = {"rsi_period", NULL, "RSI period", "bars",                                  \
        "bars of RSI's averages", 1, 10000, 1, 14, true},                                                    \
    [PXI_ALIGNMENT_ADX_PERIOD] = {"adx_period", NULL, "ADX period", "bars",                                  \
        "bars of ADX's averages", 1, 10000, 1, 14, true},                                                    \
    [PXI_ALIGNMENT_UT_PERIOD] = {"ut_period", NULL, "UT Bot period", "bars",                                 \
        "bars of the true range's average in UT Bot's stop", 1, 10000, 1, 10, true},                         \
    [PXI_ALIGNMENT_UT_ATRS] = {"ut_atrs", NULL, "UT Bot distance", "ATRs",                                   \
        "from the close to UT Bot's stop", 0.1, 100, 0.1, 2, false}
/* clang-format on */

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
    [PXI_ALIGNMENT_MACD] = "macd(macd_fast,macd_slow,macd_signal)",                                          \
    [PXI_ALIGNMENT_MACD_SIGNAL] = "macd(macd_fast,macd_slow,macd_signal).signal",                            \
    [PXI_ALIGNMENT_HISTOGRAM] = "macd(macd_fast,macd_slow,macd_signal).histogram",                           \
    [PXI_ALIGNMENT_RSI] = "rsi(rsi_period)", [PXI_ALIGNMENT_VWAP] = "vwap",                                  \
    [PXI_ALIGNMENT_ADX] = "adx(adx_period)", [PXI_ALIGNMENT_UT_STOP] = "ut_bot(ut_period,ut_atrs)"

px_status pxi_alignment_check(const double *parameters, px_error *err);
void pxi_alignment_init(void *alignment, const px_config *config, const double *parameters);
/* Buy: close > UT stop, MACD > its signal and its histogram above that of the bar before, RSI in (rsi_from,
 * rsi_to], close > VWAP, ADX > min_adx. Sell mirrors it, with RSI in [100 - rsi_to, 100 - rsi_from) and the
 * same ADX. Undefined values agree with nothing. Every bar that agrees enters; the first one against the last
 * signal's side leaves that side before. Returns how many signals were written; the last is the entry. */
int pxi_alignment_step(pxi_alignment *alignment, const px_bar *bar, const double *columns, px_signal *out);

#endif
