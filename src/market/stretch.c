// SPDX-License-Identifier: Apache-2.0
#include "market/stretch.h"

#include "base/wide.h"
#include "market/bars.h"

/* Bars that are looked at together: one of them hardly ever lies days after the one before it. */
#define BLOCK 256

size_t pxi_hole_sessions(const px_calendar *calendar, int64_t before_us, int64_t after_us) {
    const size_t n = pxi_calendar_count_sessions(calendar, px_calendar_date(calendar, before_us) + 1,
                                                 px_calendar_date(calendar, after_us), SIZE_MAX);
    return n > PXI_SESSIONS_OF_HOLE ? n : 0;
}

/* Whether any of the n times behind the first lies days after the one before it. */
PXI_WIDE static bool has_gap(const int64_t *ts_us, size_t n) {
    const int64_t least_us = PXI_SESSIONS_OF_HOLE * PX_US_PER_DAY;
    int64_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= ts_us[i + 1] - ts_us[i] > least_us;
    return any != 0;
}

size_t pxi_next_hole(const px_bars *bars, size_t begin, size_t end, const px_calendar *calendar) {
    if (!calendar)
        return end;
    for (size_t i = begin ? begin : 1, stop; i < end; i = stop) {
        stop = end - i < BLOCK ? end : i + BLOCK;
        if (!has_gap(bars->ts_us + (i - 1), stop - i))
            continue;
        for (; i < stop; i++)
            if (pxi_is_hole(calendar, bars->ts_us[i - 1], bars->ts_us[i]))
                return i;
    }
    return end;
}
