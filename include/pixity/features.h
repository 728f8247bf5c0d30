// SPDX-License-Identifier: Apache-2.0
/* Features: causal series over bars, each made by an indicator. Output has the length of the bars; index i is
 * bar i; undefined is NaN. The batch driver and the stream driver run the same indicators, on blocks of
 * different length. Formulas: SPEC section 3, docs/features.md. */
#ifndef PX_FEATURES_H
#define PX_FEATURES_H

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The features of the frame, in column order (what they are made of: src/indicators/definition.c). */
typedef enum px_feature {
    PX_EMA20,
    PX_EMA50,
    PX_ATR,
    PX_ADX,
    PX_VWAP,
    PX_VOL_Z,
    PX_SWING_HIGH,
    PX_SWING_LOW,
    PX_N_FEATURES,
} px_feature;

PX_API const char *px_feature_name(size_t feature);
/* Bars before the first defined value on ordinary data; the longest look-back is 49 bars plus sessions. */
PX_API size_t px_feature_lookback(size_t feature, const px_config *config);
/* SHA-256 (64 hex digits and NUL) over the feature definitions and the settings that they depend on: what a
 * model card stores and what serving compares. `timeframe_minutes` and anchor are bar rules, not part of it.
 */
PX_API void px_feature_definition_hash(const px_config *config, char out[65]);

/* A frame: one array of n doubles per column. */
typedef struct px_feature_frame {
    size_t n, n_columns;
    double **column; /* one allocation, with what it points to */
    size_t room;     /* its bytes */
} px_feature_frame;

/* Batch: the features, in column order. *out from a zeroed struct, or an earlier frame, whose memory is used
 * again where it is enough; after an error it is zeroed. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_features_compute(const px_bars *bars, const px_calendar *calendar,
                                                   const px_config *config, px_feature_frame *out,
                                                   px_error *err);
PX_API void px_feature_frame_free(px_feature_frame *frame);

/* Stream: one bar in, one row of PX_N_FEATURES out. Look-ahead settings (`swing=centered`,
 * `vwap_fallback=dataset`) are PX_EINPUT. `calendar` is borrowed. */
typedef struct px_feature_stream px_feature_stream;
PX_API PX_MUST_CHECK px_status px_feature_stream_new(const px_calendar *calendar, const px_config *config,
                                                     px_feature_stream **out, px_error *err);
PX_API void px_feature_stream_free(px_feature_stream **stream);
PX_API void px_features_step(px_feature_stream *stream, const px_bar *bar, double row[PX_N_FEATURES]);

#ifdef __cplusplus
}
#endif
#endif
