// SPDX-License-Identifier: Apache-2.0
/* Prices that stand still: bar after bar with the four prices of the one before. */
#include "market/quality/quality.h"

#include <math.h>

/* A stretch of bars [begin, end), each with the prices of bar begin - 1. */
typedef struct stretch {
    size_t begin, end;
} stretch;

static bool is_still(const px_bars *bars, size_t i) {
    return bars->open[i] == bars->open[i - 1] && bars->high[i] == bars->high[i - 1] &&
           bars->low[i] == bars->low[i - 1] && bars->close[i] == bars->close[i - 1];
}

/* The next one from bar `from` on; begin at or behind the last bar: there is none. */
static stretch next_stretch(const pxi_series_view *view, size_t from) {
    const px_bars *bars = view->bars;
    stretch s = {.begin = pxi_screen_next(view, PXI_STILL, from)};
    while (s.begin < bars->n && !is_still(bars, s.begin))
        s.begin = pxi_screen_next(view, PXI_STILL, s.begin + 1);
    for (s.end = s.begin; s.end < bars->n && is_still(bars, s.end); s.end++)
        ;
    return s;
}

/* How many bars on end must stand still to be no chance: of a symbol that trades seldom many do. How often a
 * stretch goes on is taken from all others of the series, and from some more that end at once, of which each
 * thousandth bar begins one; a chance of one in a million that any of them gets so long would be enough if
 * each bar were drawn by itself, and within sessions, which have their quiet hours, it takes twice the bars.
 */
static double length_of_frozen(const pxi_series_view *view) {
    const double n = (double)view->bars->n;
    const int minutes = view->config->timeframe_minutes;
    const double least = minutes < PX_TIMEFRAME_DAY ? 10 + 20.0 / minutes : 5;
    size_t n_stretches = 0, n_longer = 0;
    for (stretch s = next_stretch(view, 1); s.begin < view->bars->n; s = next_stretch(view, s.end)) {
        n_stretches++;
        n_longer += s.end - s.begin > 1;
    }
    const double share = n_longer ? ((double)n_longer - 1) / ((double)n_stretches + 4 + n / 1000) : 0;
    const double length = (log(n) + log(1e6)) / -log(share > 0.02 ? share : 0.02);
    const double needed = minutes < PX_TIMEFRAME_DAY ? 2 * length : length;
    return needed > least ? needed : least;
}

void pxi_find_frozen(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    if (bars->n < 2)
        return;
    const double least = length_of_frozen(view);
    for (stretch s = next_stretch(view, 1); s.begin < bars->n; s = next_stretch(view, s.end)) {
        char last[PX_TIME_TEXT_SIZE];
        if ((double)(s.end - s.begin) < least)
            continue;
        px_time_format_local(bars->ts_us[s.end - 1], view->zone, last);
        pxi_finding_add(to, bars->ts_us[s.begin], s.end - s.begin, "%g until %.16s", bars->close[s.begin],
                        last);
    }
}
