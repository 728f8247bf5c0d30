// SPDX-License-Identifier: Apache-2.0
/* The one entry rule, inlined for labels. px_entry_find is this function. */
#ifndef PXI_ENTRY_H
#define PXI_ENTRY_H

#include "config/products.h"
#include "pixity/exits.h"

/* True if the first watched bar would start in the session before the square-off and end by it. */
static inline bool pxi_can_watch(const px_session *session, const px_config *config, int64_t start_us,
                                 int timeframe_minutes) {
    int64_t cutoff_us = px_square_off_us(session, config);
    return start_us < cutoff_us && px_session_bar_end(session, start_us, timeframe_minutes) <= cutoff_us;
}

/* Timeframe of the bars that exits are looked for in. */
static inline int pxi_watch_minutes(const px_config *config, int timeframe_minutes) {
    return config->detail == PX_DETAIL_1M ? 1 : timeframe_minutes;
}

static inline px_entry_result pxi_entry_find(const px_bars *bars, size_t end, size_t signal_bar,
                                             px_entry entry, px_session_cursor *cursor,
                                             const px_config *config, int timeframe_minutes,
                                             px_entry_point *out) {
    const bool at_close = entry == PX_ENTRY_SIGNAL_CLOSE;
    const size_t bar = at_close ? signal_bar : signal_bar + 1;
    if (bar >= end)
        return PX_ENTRY_NO_NEXT_BAR;
    if (pxi_config_square_off(config) != PX_NO_TIME) {
        px_session_advance(cursor, bars->ts_us[signal_bar]);
        if (px_session_advance(cursor, bars->ts_us[bar]))
            return PX_ENTRY_SESSION_END;
        int64_t watch_us = at_close
                               ? px_session_bar_end(&cursor->session, bars->ts_us[bar], timeframe_minutes)
                               : bars->ts_us[bar];
        if (!pxi_can_watch(&cursor->session, config, watch_us, pxi_watch_minutes(config, timeframe_minutes)))
            return PX_ENTRY_SESSION_END;
    }
    out->bar = bar;
    out->price = at_close ? bars->close[bar] : bars->open[bar];
    out->first_watched = signal_bar + 1;
    return PX_ENTRY_FOUND;
}

#endif
