// SPDX-License-Identifier: Apache-2.0
#include "exits/entry.h"

int64_t px_square_off_us(const px_session *session, const px_config *config) {
    const int minute = pxi_config_square_off(config);
    if (minute == PX_NO_TIME)
        return INT64_MAX;
    int64_t at_us = session->midnight_us + minute * PX_US_PER_MINUTE;
    return session->n_intervals > 0 && session->close_us < at_us ? session->close_us : at_us;
}

px_entry_result px_entry_find(const px_bars *bars, size_t end, size_t signal_bar, px_entry entry,
                              px_session_cursor *cursor, const px_config *config, int timeframe_minutes,
                              px_entry_point *out) {
    return pxi_entry_find(bars, end, signal_bar, entry, cursor, config, timeframe_minutes, out);
}
