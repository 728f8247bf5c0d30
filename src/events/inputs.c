// SPDX-License-Identifier: Apache-2.0
/* What a model sees of an event. */
#include "events/detect.h"

void pxi_inputs_compute(const px_calendar *calendar, int64_t ts_us, double close, double previous_ema20,
                        const double row[PX_N_FEATURES], double out[PX_N_INPUTS]) {
    const int minute = px_calendar_minute_of_day(calendar, ts_us);
    out[PX_INPUT_VWAP_DIST] = (close - row[PX_VWAP]) / row[PX_VWAP];
    out[PX_INPUT_EMA_SLOPE] = (row[PX_EMA20] - previous_ema20) / previous_ema20;
    out[PX_INPUT_ATR_PCT] = row[PX_ATR] / close;
    out[PX_INPUT_ADX] = row[PX_ADX];
    out[PX_INPUT_HOUR] = minute / 60;
    out[PX_INPUT_MINUTE] = minute % 60;
    out[PX_INPUT_VOL_Z] = row[PX_VOL_Z];
}

const char *px_input_name(size_t input) {
    static const char *const names[PX_N_INPUTS] = {
        [PX_INPUT_VWAP_DIST] = "vwap_dist", [PX_INPUT_EMA_SLOPE] = "ema_slope",
        [PX_INPUT_ATR_PCT] = "atr_pct",     [PX_INPUT_ADX] = "adx",
        [PX_INPUT_HOUR] = "hour",           [PX_INPUT_MINUTE] = "minute",
        [PX_INPUT_VOL_Z] = "vol_z",
    };
    return input < PX_N_INPUTS ? names[input] : NULL;
}
