// SPDX-License-Identifier: Apache-2.0
/* The table of checks (what a check is called, and how bad it is, says the table of findings), and what is
 * prepared for them: bars in order, cut into sessions. */
#include "market/quality/quality.h"

#include "base/error.h"
#include "base/mem.h"
#include "market/bars.h"
#include "market/bins.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    px_finding_code code;
    const char *unit; /* what is counted */
    pxi_check_fn find;
} checks[PX_N_QUALITY_CHECKS] = {
    [PX_QUALITY_UNREADABLE] = {PX_FINDING_UNREADABLE, "file", pxi_find_unreadable},
    [PX_QUALITY_IMPOSSIBLE_BAR] = {PX_FINDING_IMPOSSIBLE_BAR, "bar", pxi_find_impossible_bars},
    [PX_QUALITY_BAD_PRICE] = {PX_FINDING_BAD_PRICE, "bar", pxi_find_bad_prices},
    [PX_QUALITY_CONFLICT] = {PX_FINDING_CONFLICT, "bar", pxi_find_conflicts},
    [PX_QUALITY_TIMEFRAME] = {PX_FINDING_TIMEFRAME, "bar", pxi_find_timeframe},
    [PX_QUALITY_FUTURE] = {PX_FINDING_FUTURE, "bar", pxi_find_future},
    [PX_QUALITY_HOURS] = {PX_FINDING_HOURS, "bar", pxi_find_hours},
    [PX_QUALITY_ZONE] = {PX_FINDING_ZONE, "bar", pxi_find_zone},
    [PX_QUALITY_SPLIT] = {PX_FINDING_SPLIT, "jump", pxi_find_splits},
    [PX_QUALITY_JUMP] = {PX_FINDING_JUMP, "jump", pxi_find_jumps},
    [PX_QUALITY_SPIKE] = {PX_FINDING_SPIKE, "bar", pxi_find_spikes},
    [PX_QUALITY_HOLIDAY] = {PX_FINDING_HOLIDAY, "bar", pxi_find_holidays},
    [PX_QUALITY_FROZEN] = {PX_FINDING_FROZEN, "bar", pxi_find_frozen},
    [PX_QUALITY_MISSING_DAYS] = {PX_FINDING_MISSING_DAYS, "trading day", pxi_find_missing_days},
    [PX_QUALITY_PARTIAL_SESSION] = {PX_FINDING_PARTIAL_SESSION, "missing bar", pxi_find_partial_sessions},
    [PX_QUALITY_GAP] = {PX_FINDING_GAP, "missing bar", pxi_find_gaps},
    [PX_QUALITY_REJECTED_ROW] = {PX_FINDING_REJECTED_ROW, "row", pxi_find_rejected_rows},
    [PX_QUALITY_OUT_OF_SESSION] = {PX_FINDING_OUT_OF_SESSION, "bar", pxi_find_out_of_session},
    [PX_QUALITY_DUPLICATE] = {PX_FINDING_DUPLICATE, "repeated bar", pxi_find_duplicates},
    [PX_QUALITY_NO_VOLUME] = {PX_FINDING_NO_VOLUME, "bar", pxi_find_no_volume},
    [PX_QUALITY_ZERO_VOLUME] = {PX_FINDING_ZERO_VOLUME, "bar", pxi_find_zero_volume},
};

/* ---- the series as the checks see it ------------------------------------------------------------------- */

/* Of a session's bars those inside the intervals: all, where the first and the last are in one. */
static size_t count_inside(const pxi_series_view *view, const pxi_day *day) {
    const int64_t *ts_us = view->bars->ts_us;
    const int minutes = view->config->timeframe_minutes;
    const int interval = pxi_interval_at(&day->session, ts_us[day->begin], minutes);
    size_t n = 0;
    if (interval >= 0 && interval == pxi_interval_at(&day->session, ts_us[day->end - 1], minutes))
        return day->end - day->begin;
    for (size_t i = day->begin; i < day->end; i++)
        n += pxi_interval_at(&day->session, ts_us[i], minutes) >= 0;
    return n;
}

static px_status cut_into_days(pxi_series_view *view, px_error *err) {
    const px_bars *bars = view->bars;
    px_session_cursor cursor = px_session_cursor_make(view->config->calendar);
    size_t *ends = NULL;
    if (pxi_session_ends(bars, view->config->calendar, 0, bars->n, &ends, &view->n_days))
        return pxi_fail_memory(err);
    view->days = pxi_new_array(view->n_days + 1, sizeof *view->days);
    for (size_t d = 0, begin = 0; view->days && d < view->n_days; begin = ends[d++]) {
        (void)px_session_advance(&cursor, bars->ts_us[begin]);
        view->days[d] = (pxi_day){.begin = begin, .end = ends[d], .session = cursor.session};
        view->days[d].n_inside = count_inside(view, &view->days[d]);
    }
    free(ends);
    return view->days ? PX_OK : pxi_fail_memory(err);
}

/* *once holds the bars where they had to be put in order. */
static px_status prepare(pxi_series_view *view, size_t **order, px_bars *once, px_error *err) {
    px_status status = pxi_bars_order(view->given, order, err);
    if (!status && *order) {
        status = px_bars_reserve(once, view->given->n, err);
        if (!status)
            pxi_bars_copy(once, 0, view->given, 0, view->given->n);
        if (!status) {
            once->n = view->given->n;
            status = px_bars_normalize(once, NULL, NULL, NULL, err);
        }
        view->bars = once;
    }
    view->order = *order;
    if (!status)
        status = cut_into_days(view, err);
    if (!status && view->config->part != PX_QUALITY_TIMES)
        status = pxi_find_runs(view, err);
    return status;
}

static bool looks_at_times(px_quality_check check) {
    return check == PX_QUALITY_HOURS || check == PX_QUALITY_ZONE || check == PX_QUALITY_HOLIDAY;
}

static bool is_of_part(px_quality_check check, px_quality_part part) {
    if (part == PX_QUALITY_TIMES)
        return looks_at_times(check);
    const bool is_error = px_quality_describe(check).severity == PX_SEVERITY_ERROR;
    return part == PX_QUALITY_ALL || is_error == (part == PX_QUALITY_ERRORS);
}

px_status px_quality_find(const px_quality_config *config, const px_bars *bars, px_quality *out,
                          px_error *err) {
    pxi_series_view view = {
        .config = config,
        .zone = px_calendar_zone(config->calendar),
        .step_us = config->timeframe_minutes * PX_US_PER_MINUTE,
        .given = bars,
        .bars = bars,
    };
    pxi_findings found = {0};
    px_bars once = {0};
    size_t *order = NULL;
    px_status status = prepare(&view, &order, &once, err);
    for (int i = 0; !status && i < PX_N_QUALITY_CHECKS; i++) {
        if (!is_of_part((px_quality_check)i, config->part))
            continue;
        found.check = (px_quality_check)i;
        checks[i].find(&view, &found);
        if (found.failed)
            status = pxi_fail_memory(err);
    }
    if (status)
        free(found.items);
    else
        *out = (px_quality){view.bars->n, view.n_days, found.n, found.items};
    free(view.runs);
    free(view.marks);
    free(view.days);
    free(order);
    px_bars_free(&once);
    return status;
}

void px_quality_free(px_quality *quality) {
    if (!quality)
        return;
    free(quality->findings);
    memset(quality, 0, sizeof *quality);
}

px_quality_sum px_quality_of(const px_quality *quality, px_quality_check check) {
    px_quality_sum sum = {0};
    while (sum.begin < quality->n && quality->findings[sum.begin].check < check)
        sum.begin++;
    for (sum.end = sum.begin; sum.end < quality->n && quality->findings[sum.end].check == check; sum.end++)
        sum.n_bars += quality->findings[sum.end].n_bars;
    return sum;
}

px_quality_info px_quality_describe(px_quality_check check) {
    assert((size_t)check < PX_N_QUALITY_CHECKS);
    const px_finding_kind *kind = px_finding_kind_at(checks[check].code);
    return (px_quality_info){
        .code = checks[check].code,
        .name = kind->code,
        .severity = kind->severity,
        .help = kind->meaning,
        .unit = checks[check].unit,
        .advice = kind->remedy,
    };
}
