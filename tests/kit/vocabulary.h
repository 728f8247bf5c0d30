// SPDX-License-Identifier: Apache-2.0
/* Places in the tables of inputs and event types of what tests make by hand; test_events holds the names. */
#ifndef VOCABULARY_H
#define VOCABULARY_H

enum {
    KIT_INPUT_VWAP_DIST,
    KIT_INPUT_EMA_SLOPE,
    KIT_INPUT_ATR_PCT,
    KIT_INPUT_ADX,
    KIT_INPUT_HOUR,
    KIT_INPUT_MINUTE,
    KIT_INPUT_VOL_Z,
};

enum { KIT_TREND, KIT_REVERSION, KIT_N_TYPES };

#endif
