// SPDX-License-Identifier: Apache-2.0
/* A first look at all bars, a block at a time, wide and without branches: which checks can pass a block over.
 * A mark too many costs a closer look, so that comparisons are as the checks make them or a little wider. */
#include "market/quality/quality.h"

#include "base/mem.h"
#include "base/wide.h"

#include <float.h>
#include <math.h>

/* What px_bar_defect could say something of. */
PXI_WIDE static bool some_unplain(const px_bars *bars, size_t begin, size_t end) {
    const double *restrict open = bars->open, *restrict high = bars->high, *restrict low = bars->low,
                           *restrict close = bars->close, *restrict volume = bars->volume;
    int64_t n = 0, n_times = 0;
    for (size_t i = begin; i < end; i++)
        n += (low[i] > 0) & (high[i] <= DBL_MAX) & (open[i] >= low[i]) & (open[i] <= high[i]) &
             (close[i] >= low[i]) & (close[i] <= high[i]) & (volume[i] >= 0) & (volume[i] <= DBL_MAX);
    for (size_t i = begin; i < end; i++)
        n_times += (bars->ts_us[i] >= PX_TIME_MIN_US) & (bars->ts_us[i] < PX_TIME_MAX_US);
    return (size_t)n < end - begin || (size_t)n_times < end - begin;
}

PXI_WIDE static bool some_still(const px_bars *bars, size_t begin, size_t end) {
    const double *restrict open = bars->open, *restrict high = bars->high, *restrict low = bars->low,
                           *restrict close = bars->close;
    int64_t n = 0;
    for (size_t i = begin; i < end; i++)
        n += (open[i] == open[i - 1]) & (high[i] == high[i - 1]) & (low[i] == low[i - 1]) &
             (close[i] == close[i - 1]);
    return n > 0;
}

/* By a factor from one close to the next. */
PXI_WIDE static bool some_moved(const px_bars *bars, size_t begin, size_t end, double factor) {
    const double *restrict close = bars->close;
    int64_t n = 0;
    for (size_t i = begin; i < end; i++)
        n += (close[i] > close[i - 1] * factor) | (close[i] * factor < close[i - 1]);
    return n > 0;
}

/* Away by a factor from the close before and the open after. */
PXI_WIDE static bool some_spiked(const px_bars *bars, size_t begin, size_t end, double factor) {
    const double *restrict open = bars->open, *restrict high = bars->high, *restrict low = bars->low,
                           *restrict close = bars->close;
    int64_t n = 0;
    for (size_t i = begin; i < end; i++)
        n += (!(high[i] <= close[i - 1] * factor) & !(high[i] <= open[i + 1] * factor)) |
             (!(low[i] * factor >= close[i - 1]) & !(low[i] * factor >= open[i + 1]));
    return n > 0;
}

bool pxi_screen(pxi_series_view *view) {
    const px_bars *bars = view->bars;
    const double factor = exp(view->usual_jump) * (1 - 1e-9);
    const size_t n_blocks = bars->n / PXI_SCREEN_BLOCK + 1;
    view->marks = pxi_new_array(n_blocks, sizeof *view->marks);
    for (size_t b = 0; view->marks && b < n_blocks; b++) {
        const size_t begin = b * PXI_SCREEN_BLOCK,
                     end = begin + PXI_SCREEN_BLOCK < bars->n ? begin + PXI_SCREEN_BLOCK : bars->n;
        const size_t second = begin ? begin : 1, inner = end < bars->n ? end : bars->n ? bars->n - 1 : 0;
        view->marks[b] =
            (unsigned char)((some_unplain(bars, begin, end) ? PXI_UNPLAIN : 0) |
                            (second < end && some_still(bars, second, end) ? PXI_STILL : 0) |
                            (second < end && some_moved(bars, second, end, factor) ? PXI_MOVED : 0) |
                            (second < inner && some_spiked(bars, second, inner, factor) ? PXI_SPIKED : 0));
    }
    return view->marks != NULL;
}
