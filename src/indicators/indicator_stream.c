// SPDX-License-Identifier: Apache-2.0
/* The stream driver: the same indicators, on blocks of one bar. */
#include "indicators/frame.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

struct px_feature_stream {
    pxi_column_set columns;
};

static px_status refuse_look_ahead(const px_config *config, px_error *err) {
    if (config->swing == PX_SWING_CENTERED)
        return pxi_fail(err, PX_EINPUT,
                        "swing=centered looks ahead and cannot be streamed; set swing=confirmed");
    if (config->vwap_fallback == PX_VWAP_DATASET)
        return pxi_fail(
            err, PX_EINPUT,
            "vwap_fallback=dataset looks ahead and cannot be streamed; set vwap_fallback=session");
    return PX_OK;
}

px_status px_feature_stream_new(const px_calendar *calendar, const px_config *config, px_feature_stream **out,
                                px_error *err) {
    const pxi_columns_setup setup = {.config = config, .calendar = calendar, .twap = true};
    px_status status = refuse_look_ahead(config, err);
    if (status)
        return status;
    px_feature_stream *stream = pxi_new_array(1, sizeof *stream);
    status =
        stream ? pxi_columns_open(&stream->columns, pxi_frame_columns, &setup, err) : pxi_fail_memory(err);
    if (status)
        px_feature_stream_free(&stream);
    else
        *out = stream;
    return status;
}

void px_feature_stream_free(px_feature_stream **stream) {
    if (!stream || !*stream)
        return;
    pxi_columns_close(&(*stream)->columns);
    free(*stream);
    *stream = NULL;
}

void px_features_step(px_feature_stream *stream, const px_bar *bar, double row[PX_N_FEATURES]) {
    px_bar b = *bar;
    const px_bars block = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    double *out[PX_N_FEATURES];
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        out[k] = &row[k];
    pxi_columns_run(&stream->columns, &block, out);
}
