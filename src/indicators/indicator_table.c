// SPDX-License-Identifier: Apache-2.0
/* The features of the frame: names, kernels, and what a model that was trained on them depends on. */
#include "indicators/kernel.h"

#include "base/hash.h"

#include <stdio.h>

const pxi_kernel *const pxi_frame_kernels[PXI_N_FRAME_KERNELS] = {
    &pxi_smoothed_kernel,
    &pxi_vwap_kernel,
    &pxi_vol_z_kernel,
    &pxi_swing_kernel,
};

/* Raise with any change of any formula: models trained before are then refused. */
#define FORMULA_VERSION 1

static const struct {
    const char *name;
    size_t lookback;
} features[PX_N_FEATURES] = {
    [PX_EMA20] = {"ema20", 0},
    [PX_EMA50] = {"ema50", 0},
    [PX_ATR] = {"atr", 13},
    [PX_ADX] = {"adx", 1},
    [PX_VWAP] = {"vwap", 0},
    [PX_VOL_Z] = {"vol_z", 0},
    [PX_SWING_HIGH] = {"swing_high", 0},
    [PX_SWING_LOW] = {"swing_low", 0},
};

const char *px_feature_name(size_t feature) {
    return feature < PX_N_FEATURES ? features[feature].name : NULL;
}

size_t px_feature_lookback(size_t feature, const px_config *config) {
    if (feature == PX_SWING_HIGH || feature == PX_SWING_LOW)
        return (size_t)config->swing_period * (config->swing == PX_SWING_CONFIRMED ? 2 : 1);
    return features[feature].lookback;
}

void px_feature_definition_hash(const px_config *config, char out[65]) {
    static const char inputs[] = "vwap_dist,ema_slope,atr_pct,adx,hour,minute,vol_z";
    char text[512];
    pxi_hash hash;
    snprintf(text, sizeof text,
             "formulas=%d inputs=%s swing=%s swing_period=%d vwap_fallback=%s short_series=%s",
             FORMULA_VERSION, inputs, config->swing == PX_SWING_CENTERED ? "centered" : "confirmed",
             config->swing_period, config->vwap_fallback == PX_VWAP_DATASET ? "dataset" : "session",
             config->profile == PX_PROFILE_REFERENCE ? "zero" : "nan");
    pxi_hash_init(&hash);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        pxi_hash_text(&hash, features[k].name);
    pxi_hash_text(&hash, text);
    pxi_hash_hex(&hash, out);
}
