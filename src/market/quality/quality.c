// SPDX-License-Identifier: Apache-2.0
/* The table of checks, and what is prepared for them: bars in order, cut into sessions. */
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

#define ERROR   PX_SEVERITY_ERROR
#define WARNING PX_SEVERITY_WARNING
#define INFO    PX_SEVERITY_INFO

static const struct {
    px_quality_info info;
    pxi_check_fn find;
} checks[PX_N_QUALITY_CHECKS] = {
    [PX_QUALITY_UNREADABLE] = {{"unreadable", ERROR, "A stored file is damaged.", "file",
                                "No other series is concerned."},
                               pxi_find_unreadable},
    [PX_QUALITY_REJECTED_ROW] = {{"rejected_row", ERROR, "Rows that are no bars.", "row",
                                  "Correct them at the source: every reader leaves them out."},
                                 pxi_find_rejected_rows},
    [PX_QUALITY_IMPOSSIBLE_BAR] = {{"impossible_bar", ERROR, "Values that no bar can have.", "bar",
                                    "Correct them at the source."},
                                   pxi_find_impossible_bars},
    [PX_QUALITY_BAD_PRICE] = {{"bad_price", ERROR,
                               "Prices jump to another level and back, as if they were another instrument's.",
                               "bar", "Import good bars in their place."},
                              pxi_find_bad_prices},
    [PX_QUALITY_CONFLICT] = {{"conflict", ERROR, "Bars of one time with different values.", "bar",
                              "Find out which are right."},
                             pxi_find_conflicts},
    [PX_QUALITY_TIMEFRAME] = {{"timeframe", ERROR, "Bars of a longer timeframe.", "bar",
                               "Import them as what they are."},
                              pxi_find_timeframe},
    [PX_QUALITY_FUTURE] = {{"future", ERROR, "Bars later than now.", "bar",
                            "Check zone and unit of the times."},
                           pxi_find_future},
    [PX_QUALITY_SPLIT] = {{"split", WARNING, "A jump overnight by a small ratio that stays.", "jump",
                           "Look up the split or bonus, and record it."},
                          pxi_find_splits},
    [PX_QUALITY_JUMP] = {{"jump", WARNING, "A jump beyond any daily price band that stays.", "jump",
                          "Look up that day's news."},
                         pxi_find_jumps},
    [PX_QUALITY_SPIKE] = {{"spike", WARNING, "A high or low far off the bars before and after.", "bar",
                           "Compare with another source."},
                          pxi_find_spikes},
    [PX_QUALITY_FROZEN] =
        {{"frozen", WARNING, "Bar after bar with the same four prices.", "bar",
          "Ask another source: the feed stood still, unless trading was halted or at its limit."},
         pxi_find_frozen},
    [PX_QUALITY_MISSING_DAYS] = {{"missing_days", WARNING, "A week or more without a session.", "trading day",
                                  "Import it, or work on one side of it."},
                                 pxi_find_missing_days},
    [PX_QUALITY_PARTIAL_SESSION] = {{"partial_session", WARNING, "Sessions that begin late or end early.",
                                     "missing bar", "Import the whole days."},
                                    pxi_find_partial_sessions},
    [PX_QUALITY_GAP] = {{"gap", WARNING, "Missing bars inside sessions.", "missing bar",
                         "Usual where a symbol trades seldom; else import the whole days."},
                        pxi_find_gaps},
    [PX_QUALITY_OUT_OF_SESSION] = {{"out_of_session", INFO, "Bars outside trading hours.", "bar",
                                    "Nothing to do: every stage leaves them out."},
                                   pxi_find_out_of_session},
    [PX_QUALITY_DUPLICATE] = {{"duplicate", INFO, "Bars that are there more than once.", "repeated bar",
                               "Nothing to do: each is taken once."},
                              pxi_find_duplicates},
    [PX_QUALITY_NO_VOLUME] = {{"no_volume", INFO, "Sessions without any volume.", "bar",
                               "VWAP is the mean price there, vol_z 0."},
                              pxi_find_no_volume},
    [PX_QUALITY_ZERO_VOLUME] = {{"zero_volume", INFO, "Bars without volume in sessions that have some.",
                                 "bar", "Usual where a symbol trades seldom."},
                                pxi_find_zero_volume},
};

/* ---- the series as the checks see it ------------------------------------------------------------------- */

static px_status cut_into_days(pxi_series_view *view, px_error *err) {
    const px_bars *bars = view->bars;
    px_session_cursor cursor = px_session_cursor_make(view->config->calendar);
    size_t capacity = 0;
    for (size_t i = 0; i < bars->n; i++) {
        if (px_session_advance(&cursor, bars->ts_us[i])) {
            if (!pxi_grow(&view->days, &capacity, view->n_days + 1, sizeof *view->days))
                return pxi_fail_memory(err);
            view->days[view->n_days++] = (pxi_day){.begin = i, .session = cursor.session};
        }
        pxi_day *day = &view->days[view->n_days - 1];
        day->end = i + 1;
        day->n_inside += pxi_interval_at(&day->session, bars->ts_us[i], view->config->timeframe_minutes) >= 0;
    }
    return PX_OK;
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
    if (!status)
        status = pxi_find_runs(view, err);
    return status;
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
    return checks[check].info;
}

const char *px_severity_name(px_severity severity) {
    static const char *const names[] = {"info", "warning", "error"};
    return names[severity];
}
