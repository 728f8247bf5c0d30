// SPDX-License-Identifier: Apache-2.0
#include "metrics/run_tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "market/bars.h"

/* ---- moments ------------------------------------------------------------------------------------------ */

/* A close of the present session, at the equity that was reported last. */
static void add_close(pxi_tally *t, size_t i) {
    const int64_t ts_us = t->timeline.ts_us[i], session = (int64_t)t->session + 1;
    pxi_drawdowns_add(&t->gross, t->equity_gross, ts_us, session);
    pxi_drawdowns_add(&t->net, t->equity_net, ts_us, session);
}

/* Sessions that end at or before a moment. */
static void end_sessions(pxi_tally *t, size_t moment) {
    const size_t *ends = t->timeline.session_ends;
    for (; t->session < t->timeline.n_sessions && ends[t->session] <= moment; t->session++) {
        t->session_gross[t->session] = t->equity_gross;
        t->session_net[t->session] = t->equity_net;
    }
}

/* Moments [at, end) close as the first of them did, which was reported: the first and the last say all of
 * drawdowns, and those between are as these are. */
static void pass_moments(pxi_tally *t, size_t end) {
    const size_t first = t->at, last = end - 1;
    if (end == first)
        return;
    add_close(t, first);
    end_sessions(t, last);
    if (last > first) {
        add_close(t, last);
        t->gross.n_below += t->gross.depth < 0.0 ? last - first - 1 : 0;
        t->net.n_below += t->net.depth < 0.0 ? last - first - 1 : 0;
        t->n_exposed += t->n_were_open ? last - first : 0;
    }
    end_sessions(t, end);
    t->at = end;
}

/* ---- as a sink ---------------------------------------------------------------------------------------- */

static px_status add_fill(void *user, const pxi_fill *fill, px_error *err) {
    pxi_tally *t = user;
    const bool enters = fill->reason == PX_EXIT_NONE && !fill->carry;
    (void)err;
    t->n_open += enters;
    t->entered |= enters;
    return PX_OK;
}

static px_status add_trade(void *user, const pxi_trade *trade, px_error *err) {
    pxi_tally *t = user;
    px_metrics *m = &t->m;
    const bool is_long = trade->side == PX_LONG;
    t->n_open--;
    t->n_left_before += trade->reason == PX_EXIT_DATA_HOLE;
    if (t->n_in_sample >= 0)
        t->n_in_sample += pxi_in_sample(trade, t->model);
    return pxi_trades_add(&t->trades, trade, &m->trades) &&
                   pxi_trades_add(is_long ? &t->longs : &t->shorts, trade, is_long ? &m->longs : &m->shorts)
               ? PX_OK
               : pxi_fail_memory(err);
}

static px_status add_moment(void *user, const pxi_moment *moment, px_error *err) {
    pxi_tally *t = user;
    size_t i = t->at;
    (void)err;
    while (i + 1 < t->timeline.n && t->timeline.ts_us[i] < moment->ts_us)
        i++;
    pass_moments(t, i);
    t->equity_net = moment->equity;
    t->equity_gross = moment->equity + moment->fees_paid;
    t->n_exposed += t->n_were_open > t->n_left_before || t->entered;
    t->n_were_open = t->n_open;
    t->n_left_before = 0;
    t->entered = false;
    return PX_OK;
}

const pxi_sink_kind pxi_tally_sink = {
    .fill = add_fill,
    .trade = add_trade,
    .moment = add_moment,
};

/* ---- beginning and end -------------------------------------------------------------------------------- */

int64_t pxi_in_sample(const pxi_trade *trade, const px_model *model) {
    if (!model || !px_model_knows_window(model))
        return PX_NULL_I64;
    return trade->entry_us >= model->train_begin_us && trade->entry_us < model->train_end_us;
}

/* The capital is the first peak: at the first moment, before the first session has ended. */
px_status pxi_tally_begin(pxi_tally *t, const pxi_timeline *timeline, double capital, const px_model *model,
                          px_error *err) {
    t->timeline = *timeline;
    t->capital = t->equity_net = t->equity_gross = capital;
    t->model = model;
    t->n_in_sample = model && px_model_knows_window(model) ? 0 : -1;
    t->net = t->gross = (pxi_drawdowns){.peak = capital, .peak_us = timeline->n ? timeline->ts_us[0] : 0};
    t->session_gross = pxi_new_array(timeline->n_sessions + 1, sizeof *t->session_gross);
    t->session_net = pxi_new_array(timeline->n_sessions + 1, sizeof *t->session_net);
    pxi_trades_begin(&t->m.trades);
    pxi_trades_begin(&t->m.longs);
    pxi_trades_begin(&t->m.shorts);
    return t->session_gross && t->session_net ? PX_OK : pxi_fail_memory(err);
}

/* The dates of the sessions, of which there is one at least, and the calendar's from the first to the last.
 */
static void count_sessions(const px_dataset *data, int32_t *dates, pxi_timeline *out) {
    const int64_t *ts_us = data->bars.ts_us + data->begin;
    for (size_t k = 0; k < out->n_sessions; k++) {
        dates[k] = px_calendar_date(data->calendar, ts_us[out->session_ends[k] - 1]);
        out->n_met += pxi_calendar_is_session(data->calendar, dates[k]);
    }
    out->n_due = (int64_t)pxi_calendar_count_sessions(data->calendar, dates[0],
                                                      dates[out->n_sessions - 1] + 1, SIZE_MAX);
    out->session_dates = dates;
}

px_status pxi_tally_open(pxi_tally *t, const px_dataset *data, double capital, const px_model *model,
                         px_error *err) {
    pxi_timeline timeline = {
        .ts_us = data->bars.ts_us + data->begin,
        .market = data->bars.close + data->begin,
        .n = data->end - data->begin,
        .days_per_year = px_calendar_days_per_year(data->calendar),
    };
    if (pxi_session_ends(&data->bars, data->calendar, data->begin, data->end, &t->own_ends,
                         &timeline.n_sessions))
        return pxi_fail_memory(err);
    for (size_t k = 0; k < timeline.n_sessions; k++)
        t->own_ends[k] -= data->begin;
    timeline.session_ends = t->own_ends;
    t->own_dates = pxi_new_array(timeline.n_sessions, sizeof *t->own_dates);
    if (!t->own_dates)
        return pxi_fail_memory(err);
    count_sessions(data, t->own_dates, &timeline);
    return pxi_tally_begin(t, &timeline, capital, model, err);
}

/* A few days say nothing of a year, and what is missing may be what would have been lost. */
static void ask_for_a_year(const pxi_timeline *in, char reason[PX_REASON_SIZE]) {
    if (in->n_sessions < PXI_LEAST_SESSIONS)
        snprintf(reason, PX_REASON_SIZE, "%zu session%s, and yearly figures need %d", in->n_sessions,
                 in->n_sessions == 1 ? "" : "s", PXI_LEAST_SESSIONS);
    else if (100 * in->n_met < PXI_LEAST_PERCENT_MET * in->n_due)
        snprintf(reason, PX_REASON_SIZE,
                 "bars in %" PRId64 " of the calendar's %" PRId64
                 " sessions, and yearly figures need %d %% of them",
                 in->n_met, in->n_due, PXI_LEAST_PERCENT_MET);
}

static void describe_equity(pxi_tally *t, double final_equity, pxi_drawdowns *d, px_equity_metrics *set) {
    set->final_equity = final_equity;
    set->return_pct = 100.0 * (final_equity / t->capital - 1.0);
    pxi_drawdowns_describe(d, &t->timeline, set);
}

px_status pxi_tally_end(pxi_tally *t, px_metrics *out, px_error *err) {
    const pxi_timeline *in = &t->timeline;
    px_metrics *m = &t->m;
    pass_moments(t, in->n);
    ask_for_a_year(in, m->not_annualised);
    pxi_trades_describe(&t->trades, &m->trades);
    pxi_trades_describe(&t->longs, &m->longs);
    pxi_trades_describe(&t->shorts, &m->shorts);
    describe_equity(t, t->equity_gross, &t->gross, &m->gross);
    describe_equity(t, t->equity_net, &t->net, &m->net);
    m->exposure_pct = 100.0 * pxi_ratio((double)t->n_exposed, (double)in->n);
    m->in_sample_pct =
        t->n_in_sample < 0 ? NAN : 100.0 * pxi_ratio((double)t->n_in_sample, (double)m->trades.n);
    m->duration_days = in->n ? (double)(in->ts_us[in->n - 1] - in->ts_us[0]) / PX_US_PER_DAY : NAN;
    m->buy_hold_pct = in->n ? 100.0 * (in->market[in->n - 1] / in->market[0] - 1.0) : NAN;
    const pxi_session_equity sessions = {t->session_gross, t->session_net, t->capital};
    px_status status = pxi_sessions_describe(in, &sessions, m, err);
    if (!status)
        *out = *m;
    return status;
}

void pxi_tally_free(pxi_tally *t) {
    free(t->own_ends);
    free(t->own_dates);
    free(t->trades.kept);
    free(t->longs.kept);
    free(t->shorts.kept);
    free(t->session_gross);
    free(t->session_net);
    *t = (pxi_tally){0};
}
