// SPDX-License-Identifier: Apache-2.0
/* A bar through the stream driver, whose sinks are the lines of text and, with an account, its ledger. */
#include "live/live.h"

px_status pxi_live_begin(px_live *live, int64_t ts_us, double open, px_error *err) {
    if (live->warming)
        return PX_OK;
    const size_t begin = live->lines.text.length;
    live->bar_open = true;
    px_status status = pxi_stream_begin(&live->stream, 0, ts_us, open, err);
    pxi_live_digest(live, begin);
    return status;
}

px_status pxi_live_complete(px_live *live, const px_bar *bar, px_error *err) {
    if (live->warming)
        return pxi_stream_warm(&live->stream, 0, bar, err);
    const size_t begin = live->lines.text.length;
    const pxi_stream_bar complete = {bar, live->parts.n ? &live->parts : NULL, false};
    px_status status = pxi_stream_complete(&live->stream, 0, &complete, err);
    if (!status)
        status = pxi_stream_settle(&live->stream, err);
    pxi_live_digest(live, begin);
    return status;
}
