// SPDX-License-Identifier: Apache-2.0
/* Stretches of bars between holes. A hole is more than five sessions of the calendar in a row without bars:
 * what is computed of bars begins anew behind it, and nothing is held across it (docs/replay.md). */
#ifndef PXI_STRETCH_H
#define PXI_STRETCH_H

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"

/* So many sessions in a row without bars are no hole yet. */
#define PXI_SESSIONS_OF_HOLE 5

/* The calendar that holes are counted by: NULL where they are run through, and then there are none. */
static inline const px_calendar *pxi_holes_by(const px_config *config, const px_calendar *calendar) {
    return config->holes == PX_HOLES_IGNORE ? NULL : calendar;
}

/* Sessions without bars between two bars, where they are a hole; else 0. */
size_t pxi_hole_sessions(const px_calendar *calendar, int64_t before_us, int64_t after_us);

/* Whether two bars that follow each other have a hole between them. */
static inline bool pxi_is_hole(const px_calendar *calendar, int64_t before_us, int64_t after_us) {
    return after_us - before_us > PXI_SESSIONS_OF_HOLE * PX_US_PER_DAY && calendar &&
           pxi_hole_sessions(calendar, before_us, after_us) > 0;
}

/* The first of bars [begin, end) that has a hole before it, or end. Bar 0 has none. */
size_t pxi_next_hole(const px_bars *bars, size_t begin, size_t end, const px_calendar *calendar);

#endif
