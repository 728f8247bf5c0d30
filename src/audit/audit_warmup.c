// SPDX-License-Identifier: Apache-2.0
/* Warm-up: how far back the features of the window's first bars reach, and whether the run begins that early.
 */
#include "audit/audit.h"

#include <math.h>

enum {
    PROBE = 64,  /* bars that are looked at */
    MARGIN = 512 /* bars kept behind them, for settings that look ahead */
};
static const double tolerance = 1e-9; /* relative */

/* The probed bars, and their features with all the data there is before them. */
typedef struct probe {
    const pxi_audit *audit;
    size_t begin, n, end; /* in audit->all: [begin, begin + n), computed up to `end` */
    px_feature_frame truth;
} probe;

static double difference(double a, double b) {
    if (pxi_audit_same(a, b))
        return 0.0;
    return isnan(a) || isnan(b) ? INFINITY : fabs(a - b) / fmax(fabs(a), fabs(b));
}

static px_status compute(const probe *p, size_t first, px_feature_frame *out, px_error *err) {
    const px_bars bars = px_bars_slice(&p->audit->all.bars, first, p->end);
    return p->audit->drivers->stages.features(&bars, p->audit->all.calendar, &p->audit->config, out, err);
}

/* ---- the smallest warm-up ----------------------------------------------------------------------------- */

static px_status agrees(const probe *p, size_t f, size_t warmup, bool *out, px_error *err) {
    px_feature_frame frame = {0};
    px_status status = compute(p, p->begin - warmup, &frame, err);
    *out = true;
    for (size_t i = 0; i < p->n && !status && *out; i++)
        *out = difference(frame.column[f][warmup + i], p->truth.column[f][p->begin + i]) <= tolerance;
    px_feature_frame_free(&frame);
    return status;
}

/* By doubling, then by halves; with all bars it agrees by definition. */
static px_status find_smallest(const probe *p, size_t f, size_t *out, px_error *err) {
    bool enough = false;
    size_t low = 0, high = 0; /* below `low` it does not agree, at `high` it does */
    px_status status = agrees(p, f, 0, &enough, err);
    while (!status && !enough) {
        low = high + 1;
        high = high ? 2 * high : 1;
        high = high < p->begin ? high : p->begin;
        if (high == p->begin)
            break;
        status = agrees(p, f, high, &enough, err);
    }
    while (!status && low < high) {
        const size_t middle = low + (high - low) / 2;
        status = agrees(p, f, middle, &enough, err);
        if (enough)
            high = middle;
        else
            low = middle + 1;
    }
    *out = high;
    return status;
}

static size_t count_sessions(const probe *p, size_t warmup) {
    px_session_cursor cursor = px_session_cursor_make(p->audit->all.calendar);
    size_t n = 0;
    for (size_t i = p->begin - warmup; i < p->begin; i++)
        n += px_session_advance(&cursor, p->audit->all.bars.ts_us[i]);
    return n;
}

static px_status tell_smallest(const probe *p, px_audit_check *check, px_error *err) {
    char time[PX_TIME_TEXT_SIZE];
    size_t most = 0;
    px_status status = PX_OK;
    pxi_audit_detail(check, "Bars needed before %s for %g:",
                     px_time_format_local(p->audit->all.bars.ts_us[p->begin],
                                          px_calendar_zone(p->audit->all.calendar), time),
                     tolerance);
    for (size_t f = 0; f < PX_N_FEATURES && !status; f++) {
        size_t need = 0;
        status = find_smallest(p, f, &need, err);
        most = need > most ? need : most;
        pxi_audit_detail(check, "%s %zu%s", px_feature_name(f), need, f + 1 < PX_N_FEATURES ? "," : ";");
    }
    if (!status)
        pxi_audit_detail(check, "all of them %zu, which is %zu session%s.", most, count_sessions(p, most),
                         count_sessions(p, most) == 1 ? "" : "s");
    return status;
}

/* ---- what is there ------------------------------------------------------------------------------------ */

/* Features with `days` before the window, against those with everything before it. */
static px_status check_days(const probe *p, int days, const char *what, px_audit_check *check,
                            pxi_audit_tally *tally, px_error *err) {
    const pxi_audit *audit = p->audit;
    const px_dataset *all = &audit->all;
    px_feature_frame frame = {0};
    size_t first = 0;
    if (days >= 0 && audit->request->data.start_date != PX_NO_DATE)
        first = px_bars_lower_bound(
            &all->bars,
            px_calendar_session(all->calendar, audit->request->data.start_date - days).midnight_us);
    pxi_audit_detail(check, "%s begins %zu bars before the window%s.", what, all->begin - first,
                     first == 0 ? ", with the first bar there is" : "");
    px_status status = compute(p, first, &frame, err);
    for (size_t f = 0; f < PX_N_FEATURES && !status; f++)
        for (size_t i = p->begin; i < p->begin + p->n; i++) {
            const double have = frame.column[f][i - first], truth = p->truth.column[f][i];
            pxi_audit_count(tally, audit, difference(have, truth) <= tolerance, px_feature_name(f),
                            all->bars.ts_us[i], have, truth);
        }
    px_feature_frame_free(&frame);
    return status;
}

static px_status check_settings(const probe *p, px_audit_check *check, pxi_audit_tally *tally,
                                px_error *err) {
    const px_config *config = &p->audit->config;
    const int backtest = px_config_warmup_backtest(config), research = px_config_warmup_research(config);
    px_status status =
        check_days(p, backtest, backtest == research ? "The run" : "A backtest", check, tally, err);
    if (!status && backtest != research)
        status = check_days(p, research, "Training", check, tally, err);
    return status;
}

static probe place(const pxi_audit *audit, size_t begin) {
    const size_t n = audit->all.bars.n;
    probe p = {.audit = audit, .begin = begin};
    p.n = n - begin < PROBE ? n - begin : PROBE;
    p.end = n - begin < PROBE + MARGIN ? n : begin + PROBE + MARGIN;
    return p;
}

/* Where the window begins with the data, the need is measured further on: at a session near the middle. */
static size_t find_middle(const px_dataset *all) {
    const size_t middle = all->bars.n / 2;
    const px_session session =
        px_calendar_session(all->calendar, px_calendar_date(all->calendar, all->bars.ts_us[middle]));
    const size_t first = px_bars_lower_bound(&all->bars, session.midnight_us);
    return first ? first : middle;
}

static px_status measure(const pxi_audit *audit, px_audit_check *check, px_error *err) {
    probe p = place(audit, audit->all.begin ? audit->all.begin : find_middle(&audit->all));
    px_status status = pxi_work_ask(audit->work, err);
    if (!status)
        status = compute(&p, 0, &p.truth, err);
    if (!status)
        status = tell_smallest(&p, check, err);
    px_feature_frame_free(&p.truth);
    return status;
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    probe p = place(audit, audit->all.begin);
    pxi_audit_tally tally = pxi_audit_tally_make();
    px_status status = compute(&p, 0, &p.truth, err);
    if (!status)
        status = check_settings(&p, check, &tally, err);
    px_feature_frame_free(&p.truth);
    pxi_audit_conclude(check, &tally);
    pxi_audit_compared(check,
                       "features of the window's first %zu bars: with the warm-up of the settings, and "
                       "with all bars before the window",
                       p.n);
    if (!status && tally.mismatches)
        pxi_audit_detail(check, "Too short: %s (as set, and with all bars).", tally.first);
    return status ? status : measure(audit, check, err);
}

const pxi_audit_kind pxi_audit_warmup = {
    .name = "warm-up",
    .proves = "the features of the window's first bars do not depend on where the series begins",
    .holds = "The first signals do not hang on where the data begin.",
    .fails = "The first signals would be others with more history before them.",
    .run = run,
};
