// SPDX-License-Identifier: Apache-2.0
/* sessions: nothing is traded outside the instrument's hours, and nothing fills where there is no bar. */
#include "audit/audit.h"

#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "market/bars.h"
#include "market/bins.h"

static bool is_inside(const px_session *session, int64_t ts_us, int timeframe_minutes) {
    return pxi_interval_at(session, ts_us, timeframe_minutes) >= 0;
}

/* Days of which no bar lies inside regular hours keep all of theirs: whether they were traded then is not
 * known. Their bars are no cases. */
typedef struct hours {
    size_t n_days, n_unknown;
    size_t *ends;
    unsigned char *unknown;
} hours;

/* The next day, which begins at this bar. */
static void count_day(const pxi_audit *audit, const px_session *session, size_t begin, hours *to,
                      pxi_audit_tally *tally) {
    const px_dataset *data = &audit->data;
    const size_t end = to->ends[to->n_days];
    size_t n_inside = 0;
    for (size_t i = begin; i < end; i++)
        n_inside += is_inside(session, data->bars.ts_us[i], data->timeframe_minutes);
    to->unknown[to->n_days++] = n_inside == 0;
    to->n_unknown += n_inside == 0;
    for (size_t i = begin; i < end && n_inside > 0; i++)
        pxi_audit_count(tally, audit, is_inside(session, data->bars.ts_us[i], data->timeframe_minutes), "bar",
                        data->bars.ts_us[i], NAN, NAN);
}

static px_status count_bars(const pxi_audit *audit, hours *out, pxi_audit_tally *tally, px_error *err) {
    const px_bars *bars = &audit->data.bars;
    px_session_cursor cursor = px_session_cursor_make(audit->data.calendar);
    size_t n_days = 0;
    if (pxi_session_ends(bars, audit->data.calendar, 0, bars->n, &out->ends, &n_days) ||
        !(out->unknown = calloc(n_days + 1, 1)))
        return pxi_fail_memory(err);
    for (size_t d = 0, begin = 0; d < n_days; begin = out->ends[d++]) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        count_day(audit, &cursor.session, begin, out, tally);
    }
    return PX_OK;
}

static void count_fills(const pxi_audit *audit, const hours *days, pxi_audit_tally *tally) {
    const px_dataset *data = &audit->data;
    const pxi_journal *journal = &audit->run.journal;
    px_session_cursor cursor = px_session_cursor_make(data->calendar);
    for (size_t i = 0, day = 0; i < journal->n_fills; i++) {
        const pxi_fill *fill = &journal->fills[i];
        const size_t at = px_bars_lower_bound(&data->bars, fill->ts_us);
        const bool has_bar = at < data->bars.n && data->bars.ts_us[at] == fill->ts_us;
        px_session_advance(&cursor, fill->ts_us);
        while (day + 1 < days->n_days && days->ends[day] <= at)
            day++;
        const bool inside = is_inside(&cursor.session, fill->ts_us, data->timeframe_minutes);
        pxi_audit_count(tally, audit, has_bar && (inside || days->unknown[day]), "fill", fill->ts_us, NAN,
                        NAN);
    }
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    pxi_audit_tally tally = pxi_audit_tally_make();
    hours days = {0};
    px_status status = count_bars(audit, &days, &tally, err);
    if (!status) {
        count_fills(audit, &days, &tally);
        pxi_audit_compared(check, "times of %zu bars and %zu fills with the hours of %s", audit->data.bars.n,
                           audit->run.journal.n_fills, px_calendar_name(audit->data.calendar));
        pxi_audit_conclude(check, &tally);
        if (tally.mismatches)
            pxi_audit_detail(check, "The first: %s.", tally.first);
        if (days.n_unknown)
            pxi_audit_detail(check, "Of %zu of %zu days the hours are not known: all their bars count.",
                             days.n_unknown, days.n_days);
    }
    free(days.ends);
    free(days.unknown);
    return status;
}

const pxi_audit_kind pxi_audit_sessions = {
    .name = "sessions",
    .proves = "nothing is traded outside the instrument's hours",
    .holds = "Every trade happened while the exchange was open.",
    .fails = "Some trades happened while the exchange was closed: they cannot be made.",
    .run = run,
};
