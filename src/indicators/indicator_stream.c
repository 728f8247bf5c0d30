// SPDX-License-Identifier: Apache-2.0
/* The stream driver: the same kernels, on blocks of one bar. */
#include "indicators/kernel.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

struct px_feature_stream {
    pxi_kernel_set kernels;
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
    const pxi_kernel_setup setup = {config, calendar, .twap = true};
    px_status status = refuse_look_ahead(config, err);
    if (status)
        return status;
    px_feature_stream *stream = pxi_new_array(1, sizeof *stream);
    if (!stream || !pxi_kernel_set_init(&stream->kernels, pxi_frame_kernels, PXI_N_FRAME_KERNELS, &setup)) {
        px_feature_stream_free(&stream);
        return pxi_fail_memory(err);
    }
    *out = stream;
    return PX_OK;
}

void px_feature_stream_free(px_feature_stream **stream) {
    if (!stream || !*stream)
        return;
    pxi_kernel_set_free(&(*stream)->kernels);
    free(*stream);
    *stream = NULL;
}

void px_features_step(px_feature_stream *stream, const px_bar *bar, double row[PX_N_FEATURES]) {
    px_bar b = *bar;
    const px_bars block = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    double *out[PX_N_FEATURES];
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        out[k] = &row[k];
    pxi_kernel_set_run(&stream->kernels, &block, out);
}
