// SPDX-License-Identifier: Apache-2.0
/* Months in most of whose sessions a series has bars that go on, or begin, where the calendar says closed. */
#ifndef PXI_ODD_HOURS_H
#define PXI_ODD_HOURS_H

#include "pixity/calendar.h"

typedef struct pxi_odd_hours {
    int32_t first_date, last_date; /* of the month's sessions with bars */
    int64_t first_us;              /* the first bar outside */
    size_t n_sessions, n_odd;      /* with bars; with a stretch outside */
    size_t n_bars;                 /* of these stretches */
    int begin, end;                /* minutes of the local day, bars and hours together */
    int open, close;               /* of the calendar */
} pxi_odd_hours;

/* A stretch adjoins the session, lasts five minutes at least and is no print of one price; what the exchange
 * is known to have around its sessions (exchanges.c) is none. Sorted bars of one timeframe. *out is the
 * caller's to free. Errors: PX_ENOMEM. */
px_status pxi_odd_hours_find(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                             pxi_odd_hours **out, size_t *n);
/* Takes them as regular hours from now on. Before the calendar is shared. Errors: PX_ENOMEM. */
px_status pxi_calendar_take_hours(px_calendar *calendar, const pxi_odd_hours *hours, size_t n);
/* What an exchange is known to have before and after its sessions, as minutes of the day; false: nothing. */
bool pxi_calendar_is_around(const px_calendar *calendar, int minute);

#endif
