// SPDX-License-Identifier: Apache-2.0
/* Bars at times at which the calendar has no trading: by another zone, past the hours that it knows, on days
 * that it calls closed. */
#include "market/quality/quality.h"

#include "market/admission/admission.h"
#include "market/bars.h"
#include "market/bins.h"
#include "market/odd_hours.h"

#include <stdio.h>
#include <stdlib.h>

void pxi_find_zone(const pxi_series_view *view, pxi_findings *to) {
    char text[PX_FINDING_DETAIL_SIZE];
    const px_quality_config *config = view->config;
    if (view->bars->n &&
        pxi_zone_explains(config->calendar, config->timeframe_minutes, view->bars, text, sizeof text))
        pxi_finding_add(to, view->bars->ts_us[0], view->bars->n, "%s", text);
}

/* "15:30". */
static const char *minute_text(int minute, char buf[8]) {
    snprintf(buf, 8, "%02d:%02d", minute / 60 % 100, minute % 60);
    return buf;
}

void pxi_find_hours(const pxi_series_view *view, pxi_findings *to) {
    pxi_odd_hours *found = NULL;
    size_t n = 0;
    char begin[8], end[8], open[8], close[8];
    if (pxi_odd_hours_find(view->bars, view->config->calendar, view->config->timeframe_minutes, &found, &n)) {
        to->failed = true;
        return;
    }
    for (size_t i = 0; i < n; i++)
        pxi_finding_add(
            to, found[i].first_us, found[i].n_bars,
            "bars from %s to %s in %zu of %zu sessions of that month, where the table says %s to %s",
            minute_text(found[i].begin, begin), minute_text(found[i].end, end), found[i].n_odd,
            found[i].n_sessions, minute_text(found[i].open, open), minute_text(found[i].close, close));
    free(found);
}

void pxi_find_holidays(const pxi_series_view *view, pxi_findings *to) {
    static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
    for (size_t d = 0; d < view->n_days; d++) {
        const pxi_day *day = &view->days[d];
        if (pxi_calendar_is_closed(view->config->calendar, day->session.date))
            pxi_finding_add(to, view->bars->ts_us[day->begin], day->end - day->begin, "a %s without trading",
                            weekdays[px_date_weekday(day->session.date)]);
    }
}
