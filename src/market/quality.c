// SPDX-License-Identifier: Apache-2.0
/* One function a check, each looking at one session at a time. */
#include "pixity/quality.h"

/* The widest daily price band of NSE's cash segment. */
#define MOST_CHANGE 0.20

/* What a check sees of a session. */
typedef struct day {
    const px_bars *bars;
    size_t begin, end; /* the date's bars */
    const px_session *session;
    int64_t step_us;
    size_t n_inside; /* bars inside the intervals */
} day;

static void add(px_quality_finding *f, int64_t ts_us) {
    if (f->count++ == 0)
        f->first_us = ts_us;
}

/* The interval a bar starts in, or -1. */
static int interval_at(const px_session *session, int64_t ts_us) {
    for (int i = 0; i < session->n_intervals; i++)
        if (ts_us >= session->intervals[i].begin_us && ts_us < session->intervals[i].end_us)
            return i;
    return -1;
}

static void find_partial_session(const day *d, px_quality_finding *f) {
    size_t due = 0;
    for (int i = 0; i < d->session->n_intervals; i++) {
        int64_t length_us = d->session->intervals[i].end_us - d->session->intervals[i].begin_us;
        due += (size_t)((length_us + d->step_us - 1) / d->step_us);
    }
    if (d->n_inside > 0 && d->n_inside < due)
        add(f, d->bars->ts_us[d->begin]);
}

static void find_gap(const day *d, px_quality_finding *f) {
    for (size_t i = d->begin + 1; i < d->end; i++) {
        int64_t ts_us = d->bars->ts_us[i], before_us = d->bars->ts_us[i - 1];
        int at = interval_at(d->session, ts_us);
        if (ts_us - before_us > d->step_us && at >= 0 && at == interval_at(d->session, before_us))
            add(f, before_us);
    }
}

static void find_zero_volume(const day *d, px_quality_finding *f) {
    for (size_t i = d->begin; i < d->end; i++)
        if (d->bars->volume[i] == 0)
            add(f, d->bars->ts_us[i]);
}

static void find_out_of_session(const day *d, px_quality_finding *f) {
    for (size_t i = d->begin; i < d->end && d->n_inside > 0; i++)
        if (interval_at(d->session, d->bars->ts_us[i]) < 0)
            add(f, d->bars->ts_us[i]);
}

static void find_spike(const day *d, px_quality_finding *f) {
    for (size_t i = d->begin ? d->begin : 1; i < d->end; i++) {
        double before = d->bars->close[i - 1];
        if (d->bars->high[i] > before * (1 + MOST_CHANGE) || d->bars->low[i] < before * (1 - MOST_CHANGE))
            add(f, d->bars->ts_us[i]);
    }
}

static const struct {
    const char *name, *help;
    void (*find)(const day *, px_quality_finding *);
} checks[PX_N_QUALITY_CHECKS] = {
    [PX_QUALITY_PARTIAL_SESSION] = {"partial_session", "sessions with missing bars", find_partial_session},
    [PX_QUALITY_GAP] = {"gap", "gaps inside sessions", find_gap},
    [PX_QUALITY_ZERO_VOLUME] = {"zero_volume", "bars without volume", find_zero_volume},
    [PX_QUALITY_OUT_OF_SESSION] = {"out_of_session", "bars outside trading hours", find_out_of_session},
    [PX_QUALITY_SPIKE] = {"spike", "bars more than 20 % off the close before", find_spike},
};

static day day_make(const px_bars *bars, size_t begin, const px_session *session, int64_t step_us) {
    day d = {.bars = bars, .begin = begin, .session = session, .step_us = step_us};
    px_bars rest = px_bars_slice(bars, begin, bars->n);
    d.end = begin + px_bars_lower_bound(&rest, session->next_midnight_us);
    for (size_t i = d.begin; i < d.end; i++)
        d.n_inside += interval_at(session, bars->ts_us[i]) >= 0;
    return d;
}

void px_quality_summary(const px_bars *bars, const px_calendar *calendar, int timeframe_minutes,
                        px_quality *out) {
    px_quality quality = {.n_bars = bars->n};
    px_session_cursor cursor = px_session_cursor_make(calendar);
    for (size_t begin = 0; begin < bars->n;) {
        px_session_advance(&cursor, bars->ts_us[begin]);
        day d = day_make(bars, begin, &cursor.session, timeframe_minutes * PX_US_PER_MINUTE);
        for (size_t i = 0; i < PX_N_QUALITY_CHECKS; i++)
            checks[i].find(&d, &quality.findings[i]);
        quality.n_sessions++;
        begin = d.end;
    }
    *out = quality;
}

const char *px_quality_check_name(px_quality_check check) {
    return checks[check].name;
}

const char *px_quality_check_help(px_quality_check check) {
    return checks[check].help;
}
