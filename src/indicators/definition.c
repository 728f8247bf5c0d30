// SPDX-License-Identifier: Apache-2.0
/* The columns of the frame, and what a model that was trained on them depends on. */
#include "indicators/frame.h"

#include "base/hash.h"

#include <stdio.h>

/* Raise with any change of any formula: models trained before are then refused. Version 2 has ties of
 * movements and compensated sums of VWAP; profile `reference` is pinned. */
#define FORMULA_VERSION   2
#define REFERENCE_VERSION 1

const char *const pxi_frame_columns[PX_N_FEATURES + 1] = {
    [PX_EMA20] = "ema20",
    [PX_EMA50] = "ema50",
    [PX_ATR] = "atr",
    [PX_ADX] = "adx",
    [PX_VWAP] = "vwap",
    [PX_VOL_Z] = "vol_z",
    [PX_SWING_HIGH] = "swing_high",
    [PX_SWING_LOW] = "swing_low",
};

const char *px_feature_name(size_t feature) {
    return feature < PX_N_FEATURES ? pxi_frame_columns[feature] : NULL;
}

size_t px_feature_lookback(size_t feature, const px_config *config) {
    pxi_column_spec spec;
    if (pxi_column_spec_parse(px_feature_name(feature), config, &spec, NULL) != PX_OK)
        return 0;
    const pxi_indicator *indicator = spec.indicator;
    const size_t ahead = indicator->bars_ahead ? indicator->bars_ahead(spec.values, config) : 0;
    return indicator->lookback ? indicator->lookback(spec.values) - ahead : 0;
}

void px_feature_definition_hash(const px_config *config, char out[65]) {
    static const char inputs[] = "vwap_dist,ema_slope,atr_pct,adx,hour,minute,vol_z";
    const bool reference = config->profile == PX_PROFILE_REFERENCE;
    char text[512];
    pxi_hash hash;
    snprintf(text, sizeof text,
             "formulas=%d inputs=%s swing=%s swing_period=%d vwap_fallback=%s short_series=%s",
             reference ? REFERENCE_VERSION : FORMULA_VERSION, inputs,
             config->swing == PX_SWING_CENTERED ? "centered" : "confirmed", config->swing_period,
             config->vwap_fallback == PX_VWAP_DATASET ? "dataset" : "session", reference ? "zero" : "nan");
    pxi_hash_init(&hash);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        pxi_hash_text(&hash, pxi_frame_columns[k]);
    pxi_hash_text(&hash, text);
    pxi_hash_hex(&hash, out);
}
