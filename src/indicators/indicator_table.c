// SPDX-License-Identifier: Apache-2.0
/* The indicators, and the names under which columns of theirs are shown and stored. */
#include "indicators/indicator.h"

#include <string.h>

/* One file and one line each. */
#define INDICATORS(X)                                                                                        \
    X(pxi_ema_indicator)                                                                                     \
    X(pxi_atr_indicator)                                                                                     \
    X(pxi_adx_indicator)                                                                                     \
    X(pxi_vwap_indicator)                                                                                    \
    X(pxi_vol_z_indicator)                                                                                   \
    X(pxi_swing_indicator)                                                                                   \
    X(pxi_rsi_indicator)                                                                                     \
    X(pxi_macd_indicator)                                                                                    \
    X(pxi_ut_bot_indicator)                                                                                  \
    X(pxi_ehma_indicator)                                                                                    \
    X(pxi_pivot_indicator)

/* Those that make columns of several in one loop. */
#define JOINT_INDICATORS(X) X(pxi_smoothed_indicator)

#define DECLARE(name) extern const pxi_indicator name;
INDICATORS(DECLARE)
JOINT_INDICATORS(DECLARE)

#define ADDRESS(name) &name,
static const pxi_indicator *const indicators[] = {INDICATORS(ADDRESS)};
static const pxi_indicator *const joint_indicators[] = {JOINT_INDICATORS(ADDRESS)};

static const struct {
    const char *name, *spec;
} aliases[] = {
    {"ema20", "ema(20)"},
    {"ema50", "ema(50)"},
    {"swing_high", "swing(swing_period).high"},
    {"swing_low", "swing(swing_period).low"},
    {"rsi14", "rsi(14)"},
    {"macd_signal", "macd(12,26,9).signal"},
    {"macd_histogram", "macd(12,26,9).histogram"},
    {"ut_stop", "ut_bot(10,2)"},
    {"ehma16", "ehma(16)"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const pxi_indicator *pxi_indicator_at(size_t i) {
    return i < COUNT(indicators) ? indicators[i] : NULL;
}

const pxi_indicator *pxi_joint_indicator_at(size_t i) {
    return i < COUNT(joint_indicators) ? joint_indicators[i] : NULL;
}

const char *pxi_column_alias_at(size_t i) {
    return i < COUNT(aliases) ? aliases[i].name : NULL;
}

const char *pxi_column_alias(const char *name) {
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (strcmp(aliases[i].name, name) == 0)
            return aliases[i].spec;
    return NULL;
}
