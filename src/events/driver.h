// SPDX-License-Identifier: Apache-2.0
/* What the drivers share: marking bars, and describing the events of a marked one. */
#ifndef PXI_EVENT_DRIVER_H
#define PXI_EVENT_DRIVER_H

#include "events/event_columns.h"

/* What a driver looks for, and in which columns. */
typedef struct pxi_event_driver {
    const px_calendar *calendar;
    const px_config *config;
    int timeframe_minutes;
    int n_types;
    const pxi_event_kind *kind[PX_MAX_EVENT_TYPES + 1]; /* ended by NULL */
    pxi_event_columns columns;
    pxi_event_views views; /* pxi_event_views_make fills them once the columns have their places */
} pxi_event_driver;
/* Errors: as pxi_event_columns_find. */
px_status pxi_event_driver_init(pxi_event_driver *driver, const px_calendar *calendar,
                                const px_config *config, int timeframe_minutes, px_error *err);

/* Marks the events of elements [begin, begin + n) of the columns in a mask of zeros. */
static inline void pxi_events_mark(const pxi_event_driver *driver, size_t begin, size_t n,
                                   pxi_event_mask *mask) {
    for (int type = 0; type < driver->n_types; type++)
        driver->kind[type]->detect(&driver->views.type[type], driver->config, begin, n, PXI_LONG_BIT(type),
                                   PXI_SHORT_BIT(type), mask);
}

/* One marked bar: where it is, and element `at` of the columns. */
typedef struct pxi_event_place {
    size_t bar, at;
    int64_t ts_us;
} pxi_event_place;
/* Writes its events; returns how many: as many as the mask has bits. */
size_t pxi_events_describe(const pxi_event_driver *driver, const pxi_event_place *place, pxi_event_mask mask,
                           px_event *out);

#endif
