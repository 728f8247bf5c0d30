// SPDX-License-Identifier: Apache-2.0
#include "events/driver.h"

px_status pxi_event_driver_init(pxi_event_driver *driver, const px_calendar *calendar,
                                const px_config *config, int timeframe_minutes, px_error *err) {
    driver->calendar = calendar;
    driver->config = config;
    driver->timeframe_minutes = timeframe_minutes;
    driver->n_types = 0;
    while ((driver->kind[driver->n_types] = pxi_event_kind_at(driver->n_types)))
        driver->n_types++;
    return pxi_event_columns_find(config, &driver->columns, err);
}

size_t pxi_events_describe(const pxi_event_driver *driver, const pxi_event_place *place, pxi_event_mask mask,
                           px_event *out) {
    size_t n = 0;
    for (; mask; mask &= mask - 1) {
        const int bit = __builtin_ctzll((uint64_t)mask);
        px_event *event = &out[n++];
        if (n > 1) {
            *event = out[0];
        } else {
            event->bar = place->bar;
            event->ts_us = place->ts_us;
            event->close = driver->views.close[place->at];
            event->atr = driver->views.atr[place->at];
            event->h_bars = driver->config->time_stop_bars;
            event->bar_minutes = driver->timeframe_minutes;
            pxi_inputs_compute(&driver->views.inputs, place->at,
                               px_calendar_minute_of_day(driver->calendar, place->ts_us), event->inputs);
        }
        event->type = bit / 2;
        event->side = bit % 2 ? PX_SHORT : PX_LONG;
    }
    return n;
}
