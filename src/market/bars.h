// SPDX-License-Identifier: Apache-2.0
/* Whole ranges of bars, and the sessions that they are of. */
#ifndef PXI_BARS_H
#define PXI_BARS_H

#include "pixity/bars.h"
#include "pixity/calendar.h"

/* Copies n bars from `from` + begin to `to` + at, where there is room; both may be one series. */
void pxi_bars_copy(px_bars *to, size_t at, const px_bars *from, size_t begin, size_t n);

/* The places of the bars by time, those of one time in their own order: malloc'ed, the caller frees. NULL
 * where the times increase strictly as they are. */
px_status pxi_bars_order(const px_bars *bars, size_t **out, px_error *err);
/* One past the last bar of each session of bars [begin, end): malloc'ed, the caller frees. Errors: PX_ENOMEM.
 */
px_status pxi_session_ends(const px_bars *bars, const px_calendar *calendar, size_t begin, size_t end,
                           size_t **out, size_t *n);
/* As px_bars_likely_timeframe; of three bars or more also where all follow each other in steps of one of the
 * usual timeframes. */
int pxi_bars_seen_timeframe(const px_bars *bars);
/* Whether a date has a session by the calendar: a weekday of the exchange that is no known holiday, or a
 * special date whose hours are known. */
bool pxi_calendar_is_session(const px_calendar *calendar, int32_t date);
/* The hours that the date would have if it were an ordinary day of the exchange. */
px_session pxi_calendar_ordinary_session(const px_calendar *calendar, int32_t date);
/* Whether the exchange has daily price bands. */
bool pxi_calendar_has_bands(const px_calendar *calendar);
/* Whether it is known that nothing is traded on a date. */
bool pxi_calendar_is_closed(const px_calendar *calendar, int32_t date);
/* Whether it knows on which dates trading is closed; else a date without bars may be a holiday. */
bool pxi_calendar_knows_holidays(const px_calendar *calendar);
/* Dates [begin, end) that have one; counting ends at `most`. */
size_t pxi_calendar_count_sessions(const px_calendar *calendar, int32_t begin, int32_t end, size_t most);
/* Whether two bars have the same values, whatever their times. */
bool pxi_bars_equal(const px_bars *bars, size_t i, size_t j);

#endif
