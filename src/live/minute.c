// SPDX-License-Identifier: Apache-2.0
/* From minutes to bars of the timeframe. */
#include "live/live.h"

static bool keeps_parts(const px_live *live) {
    return live->config.detail == PX_DETAIL_1M && live->data.timeframe_minutes > 1;
}

static px_status complete(px_live *live, const px_bar *bar, px_error *err) {
    px_status status = live->bar_open ? PX_OK : pxi_live_begin(live, bar->ts_us, bar->open, err);
    if (!status)
        status = pxi_live_complete(live, bar, err);
    live->bar_open = false;
    live->parts.n = 0;
    return status;
}

/* A minute completes the bar before it (it lies in a later bin), its own bar (it is the last of its bin),
 * both, or neither. */
px_status pxi_live_minute(px_live *live, const px_bar *minute, px_error *err) {
    px_bar finished[2];
    px_resample_state *bins = &live->resample;
    const bool continues = bins->open && minute->ts_us < bins->bin_end_us;
    const int n = px_resample_step(bins, minute, finished);
    const int n_before = n - !bins->open;
    px_status status = n_before > 0 ? complete(live, &finished[0], err) : PX_OK;
    if (!status && !continues)
        status = pxi_live_begin(live, bins->bin_begin_us, minute->open, err);
    if (!status && keeps_parts(live))
        status = px_bars_append(&live->parts, minute, err);
    if (!status && !bins->open)
        status = complete(live, &finished[n - 1], err);
    return status;
}

px_status pxi_live_finish_bar(px_live *live, px_error *err) {
    px_bar finished;
    return px_resample_flush(&live->resample, &finished) ? complete(live, &finished, err) : PX_OK;
}
