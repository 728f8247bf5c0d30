// SPDX-License-Identifier: Apache-2.0
/* What calendars are made of: rows of data. */
#ifndef PXI_EXCHANGES_H
#define PXI_EXCHANGES_H

#include "pixity/calendar.h"
#include "market/closed_days.h"

typedef struct pxi_interval {
    int begin, end; /* minutes after local midnight; {0, 0} ends a list */
} pxi_interval;

/* Trading on weekdays from a date on (year * 10000 + month * 100 + day). */
typedef struct pxi_hours_row {
    int32_t from;
    pxi_interval intervals[PX_SESSION_MAX_INTERVALS];
} pxi_hours_row;

/* Trading on one date, in place of its weekday's. */
typedef struct pxi_date_row {
    int32_t date;
    pxi_interval intervals[PX_SESSION_MAX_INTERVALS];
} pxi_date_row;

typedef struct pxi_exchange {
    const char *name, *zone;
    int days_per_year;
    unsigned weekdays;          /* bit 0 is Monday */
    const pxi_hours_row *hours; /* ascending; the first holds before its date too */
    size_t n_hours;
    const pxi_date_row *dates; /* ascending */
    size_t n_dates;
    pxi_day (*closed)(int32_t date); /* of a weekday that is none of `dates`; NULL = holidays are not known */
    const int32_t *kept; /* days with trading of which all bars are kept; 0 ends them; NULL = none */
    const pxi_interval
        *around;    /* trading before and after sessions that is known, and no part of them; NULL = none
                     */
    bool has_bands; /* a day moves a price by a fifth at most, whatever the news */
} pxi_exchange;

#define PXI_MAX_EXCHANGES 16
/* NULL past the end. */
const pxi_exchange *pxi_exchange_at(size_t i);

#endif
