// SPDX-License-Identifier: Apache-2.0
/* corporate actions: a split or bonus changes no one's wealth, and so no feature, event or price on the way
 * over it. */
#include "audit/audit.h"

#include <math.h>
#include "base/error.h"

/* Below this a factor moves prices less than a day's news does. */
#define PLAIN_FACTOR 0.15
/* Features of prices that were divided and multiplied again differ in the last digits. */
#define TOLERANCE 1e-6

/* Whether a feature is in rupees, and grows with the price of a share. */
static const bool in_rupees[PX_N_FEATURES] = {
    [PX_EMA20] = true, [PX_EMA50] = true,      [PX_ATR] = true,
    [PX_VWAP] = true,  [PX_SWING_HIGH] = true, [PX_SWING_LOW] = true,
};

/* The first bar in the new shares; 0 or the number of bars where none, or all, are before. */
static size_t first_bar(const px_dataset *data, const px_adjustment *action) {
    return px_bars_lower_bound(&data->bars, px_calendar_session(data->calendar, action->ex_date).midnight_us);
}

/* A factor that is recorded the wrong way round, on another day or twice leaves a jump of its size or more.
 */
static void count_jump(const pxi_audit *audit, const px_adjustment *action, size_t at,
                       pxi_audit_tally *tally) {
    const px_bars *bars = &audit->data.bars;
    const double factor = fabs(log(action->factor)), jump = fabs(log(bars->open[at] / bars->close[at - 1]));
    const bool stays = factor > PLAIN_FACTOR && jump > 0.75 * factor;
    pxi_audit_count(tally, audit, !stays, "price", bars->ts_us[at], bars->close[at - 1], bars->open[at]);
}

/* ---- what a trader saw before it, in the old shares -----------------------------------------------------
 */

static px_status in_old_shares(const px_bars *bars, size_t n, double factor, px_bars *out, px_error *err) {
    px_status status = px_bars_reserve(out, n, err);
    for (size_t i = 0; i < n && !status; i++) {
        px_bar bar = px_bars_at(bars, i);
        bar.open *= factor;
        bar.high *= factor;
        bar.low *= factor;
        bar.close *= factor;
        bar.volume /= factor;
        status = px_bars_append(out, &bar, err);
    }
    return status;
}

static bool is_near(double a, double b) {
    return (isnan(a) && isnan(b)) || fabs(a - b) <= TOLERANCE * (1 + fmax(fabs(a), fabs(b)));
}

static void compare_features(const pxi_audit *audit, const px_feature_frame *old, size_t n, double factor,
                             pxi_audit_tally *tally) {
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const double *now = audit->run.found.frame.column[f];
        for (size_t i = 0; i < n; i++) {
            const double before = in_rupees[f] ? old->column[f][i] / factor : old->column[f][i];
            pxi_audit_count(tally, audit, is_near(before, now[i]), px_feature_name(f),
                            audit->data.bars.ts_us[i], before, now[i]);
        }
    }
}

static void compare_events(const pxi_audit *audit, const px_event_list *old, int64_t until_us,
                           pxi_audit_tally *tally) {
    const px_event_list *now = &audit->run.found.events;
    size_t n = 0;
    while (n < now->n && now->items[n].ts_us < until_us)
        n++;
    for (size_t i = 0; i < n && i < old->n; i++) {
        const px_event *a = &old->items[i], *b = &now->items[i];
        pxi_audit_count(tally, audit, a->ts_us == b->ts_us && a->type == b->type && a->side == b->side,
                        "event", b->ts_us, NAN, NAN);
    }
    pxi_audit_count_missing(tally, audit, "number of events", old->n, n, until_us);
}

/* Bars [0, at) as they were traded, through the stages. */
static px_status compare_before(const pxi_audit *audit, const px_adjustment *action, size_t at,
                                pxi_audit_tally *tally, px_error *err) {
    const px_dataset *data = &audit->data;
    const pxi_stages *stages = &audit->drivers->stages;
    const size_t end = at < data->end ? at : data->end;
    px_feature_frame frame = {0};
    px_event_list events = {0};
    px_bars old = {0};
    px_status status = in_old_shares(&data->bars, at, action->factor, &old, err);
    if (!status)
        status = stages->features(&old, data->calendar, &audit->config, &frame, err);
    if (!status)
        compare_features(audit, &frame, at, action->factor, tally);
    if (!status && data->begin < end) {
        status = stages->events(&old, &frame, data->calendar, &audit->config, data->timeframe_minutes,
                                data->begin, end, &events, err);
        if (!status)
            compare_events(audit, &events, data->bars.ts_us[at], tally);
    }
    px_event_list_free(&events);
    px_feature_frame_free(&frame);
    px_bars_free(&old);
    return status;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    const px_dataset *data = &audit->data;
    pxi_audit_tally tally = pxi_audit_tally_make();
    px_status status = PX_OK;
    size_t n = 0;
    for (size_t i = 0; i < data->adjustments.n && !status; i++) {
        const px_adjustment *action = &data->adjustments.items[i];
        const size_t at = first_bar(data, action);
        if (at == 0 || at >= data->bars.n)
            continue;
        n++;
        count_jump(audit, action, at, &tally);
        status = compare_before(audit, action, at, &tally, err);
    }
    if (status)
        return status;
    pxi_audit_compared(check,
                       "prices at %zu recorded splits and bonuses; features and events before them in old "
                       "and in new shares",
                       n);
    pxi_audit_conclude(check, &tally);
    if (n == 0)
        pxi_audit_skip(check, "No split or bonus is recorded inside these bars.");
    else if (tally.mismatches)
        pxi_audit_detail(check, "The first: %s.", tally.first);
    return PX_OK;
}

const pxi_audit_kind pxi_audit_actions = {
    .name = "corporate actions",
    .proves = "nothing changes at a recorded split",
    .holds = "Splits and bonuses make neither profit nor loss, nor signals.",
    .fails =
        "A split or bonus counts as profit or loss, or makes signals: it is recorded wrongly, or something "
        "depends on the price of a share.",
    .run = run,
};
