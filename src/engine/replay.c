// SPDX-License-Identifier: Apache-2.0
#include "engine/replay.h"

#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/mem.h"
#include "base/work.h"
#include "engine/clock.h"

/* A desk at a moment. */
typedef struct present {
    size_t desk;
    bool last;     /* it has no bar after this one */
    bool has_head; /* it has a signal left: */
    px_signal head;
} present;

struct pxi_replay {
    pxi_replay_setup in; /* `desks` aside: */
    pxi_replay_desk *given;
    pxi_account account;
    pxi_journal step; /* what came of it, not yet reported */
    size_t n_placed;  /* orders before it */
    size_t n;
    pxi_desk *desks;
    size_t n_present;           /* watched at this moment, not yet closed */
    present *present;           /* in the order of the desks */
    pxi_account_state state;    /* the last of all desks */
    bool wants_moments, closed; /* closed: the step ends a moment */
};
typedef struct pxi_replay replay;

pxi_replay *pxi_replay_new(const pxi_replay_setup *setup) {
    replay *r = pxi_new_array(1, sizeof *r);
    if (!r)
        return NULL;
    r->in = *setup;
    r->n = setup->n;
    r->wants_moments = pxi_sinks_want_moments(&setup->sinks);
    r->desks = pxi_new_array(r->n, sizeof *r->desks);
    r->present = pxi_new_array(r->n, sizeof *r->present);
    r->given = pxi_new_array(r->n, sizeof *r->given);
    if (!pxi_account_init(&r->account, r->n, setup->config, setup->fee_table) || !r->desks || !r->present ||
        !r->given) {
        pxi_replay_free(&r);
        return NULL;
    }
    r->account.rules = setup->rules;
    for (size_t k = 0; k < r->n; k++) {
        r->given[k] = setup->desks[k];
        if (pxi_desk_make(setup->desks[k].data, &r->account, &r->step, &r->desks[k], NULL)) {
            pxi_replay_free(&r);
            return NULL;
        }
        r->desks[k].k = k;
        r->desks[k].candidates = setup->desks[k].candidates;
    }
    return r;
}

void pxi_replay_free(pxi_replay **out) {
    replay *r = *out;
    if (!r)
        return;
    for (size_t k = 0; r->desks && k < r->n; k++)
        pxi_desk_free(&r->desks[k]);
    pxi_account_free(&r->account);
    pxi_journal_free(&r->step);
    free(r->desks);
    free(r->present);
    free(r->given);
    free(r);
    *out = NULL;
}

/* ---- signals ------------------------------------------------------------------------------------------ */

static void take_head(replay *r, present *p) {
    const pxi_signal_source *source = &r->given[p->desk].signals;
    p->has_head = source->next(source->state, r->desks[p->desk].i, &p->head);
}

/* What leaves goes first, then the higher probability; without one behind those with one. */
static bool goes_before(const px_signal *a, const px_signal *b) {
    const bool a_leaves = a->action != PX_ACTION_ENTER, b_leaves = b->action != PX_ACTION_ENTER;
    if (a_leaves != b_leaves)
        return a_leaves;
    return !a_leaves &&
           (a->probability > b->probability || (isnan(b->probability) && !isnan(a->probability)));
}

/* Each desk keeps its own order; of equals the first desk goes first. */
static present *first_of(replay *r) {
    present *first = NULL;
    for (size_t m = 0; m < r->n_present; m++) {
        present *p = &r->present[m];
        if (p->has_head && (!first || goes_before(&p->head, &first->head)))
            first = p;
    }
    return first;
}

static void consider_signals(replay *r) {
    for (size_t m = 0; m < r->n_present; m++)
        take_head(r, &r->present[m]);
    for (present *p; (p = first_of(r)); take_head(r, p))
        pxi_desk_signal(&r->desks[p->desk], &p->head);
}

/* ---- the account at the closes ------------------------------------------------------------------------ */

static bool is_same_account(const pxi_account_state *a, const pxi_account_state *b) {
    return a->cash == b->cash && a->realised_gross == b->realised_gross && a->fees_paid == b->fees_paid;
}

static bool is_same_position(const pxi_account_state *a, const pxi_account_state *b) {
    return a->position == b->position && a->entry_price == b->entry_price;
}

/* Where the account and its peak are what the last states make of these closes, nothing is written; what
 * moved is written with the desk that moved it, whatever other desks have a bar at this moment. */
static void record_state(replay *r, pxi_desk *desk, double equity) {
    const pxi_account_state now = pxi_account_state_at(&r->account, desk->k, desk->i);
    const bool moved = !is_same_account(&r->state, &now) || !is_same_position(&desk->state, &now);
    if (!desk->has_state || moved || fmax(r->state.peak, equity) != now.peak) {
        pxi_journal_state(&r->step, &now);
        desk->state = r->state = now;
    }
    r->account.holdings[desk->k].touched = false;
    desk->has_state = true;
}

static void record_states(replay *r) {
    for (size_t m = 0; m < r->n_present; m++) {
        pxi_desk *desk = &r->desks[r->present[m].desk];
        if (!desk->has_state || r->account.holdings[desk->k].touched)
            record_state(r, desk, pxi_account_equity(&r->account));
    }
    r->state.peak = r->account.peak;
}

static px_status tell_moment(const replay *r, px_error *err) {
    const pxi_account *account = &r->account;
    pxi_moment moment = {
        .ts_us = r->desks[r->present[0].desk].bar.ts_us,
        .equity = pxi_account_equity(account),
        .cash = account->cash,
        .realised_gross = account->realised_gross,
        .fees_paid = account->fees_paid,
        .peak = account->peak,
    };
    for (size_t k = 0; k < account->n; k++) {
        const pxi_holding *holding = &account->holdings[k];
        const double value = holding->position.quantity * holding->close;
        moment.gross_value += value;
        moment.net_value += holding->position.side * value;
    }
    return pxi_sinks_moment(&r->in.sinks, &moment, err);
}

/* ---- a moment ----------------------------------------------------------------------------------------- */

void pxi_replay_warm(pxi_replay *r, size_t desk, const px_bar *bar) {
    pxi_desk_warm(&r->desks[desk], bar);
}

void pxi_replay_open(pxi_replay *r, size_t desk, size_t i, int64_t ts_us, double open) {
    pxi_desk_open(&r->desks[desk], i, ts_us, open);
}

void pxi_replay_watch(pxi_replay *r, size_t desk, const px_bar *bar, const px_bars *parts, bool last) {
    present *p = &r->present[r->n_present++];
    p->desk = desk;
    p->last = last;
    pxi_desk_watch(&r->desks[desk], bar, parts);
}

/* The drawdown is looked at after the exits, and again with what filled at these closes: a switch that fires
 * then is acted on at the next moment. */
void pxi_replay_settle(pxi_replay *r) {
    const int64_t ts_us = r->desks[r->present[0].desk].bar.ts_us;
    pxi_account_watch(&r->account);
    for (size_t k = 0; r->account.killed && k < r->n; k++)
        pxi_desk_kill(&r->desks[k], ts_us);
    consider_signals(r);
    bool may_fill = false;
    for (size_t m = 0; m < r->n_present; m++) {
        const present *p = &r->present[m];
        pxi_desk *desk = &r->desks[p->desk];
        if (desk->fills_at_close || p->last) {
            pxi_desk_close(desk, p->last);
            may_fill = true;
        }
    }
    if (may_fill)
        pxi_account_watch(&r->account);
    pxi_account_reach_peak(&r->account);
    record_states(r);
    r->closed = true;
}

px_status pxi_replay_tell(pxi_replay *r, px_error *err) {
    px_status status = PX_OK;
    if (!pxi_journal_is_empty(&r->step)) {
        status = pxi_sinks_record(&r->in.sinks, &r->step, r->n_placed, err);
        r->n_placed = r->step.next_order;
        pxi_journal_clear(&r->step);
    }
    if (!status && r->closed && r->wants_moments)
        status = tell_moment(r, err);
    if (r->closed)
        r->n_present = 0;
    r->closed = false;
    return status;
}

px_status pxi_replay_end(pxi_replay *r, px_error *err) {
    return pxi_sinks_end(&r->in.sinks, &r->account, err);
}

pxi_account_state pxi_replay_state(const pxi_replay *r, size_t desk) {
    return pxi_account_state_at(&r->account, desk, r->desks[desk].i);
}

void pxi_replay_hold(pxi_replay *r, size_t desk, size_t n_bars) {
    r->desks[desk].held_bars = n_bars;
}

void pxi_replay_halt(pxi_replay *r) {
    r->account.killed = true;
}

void pxi_replay_resume(pxi_replay *r) {
    r->account.killed = false;
    r->account.peak = pxi_account_equity(&r->account);
    for (size_t k = 0; k < r->n; k++)
        r->account.holdings[k].touched = true;
}

/* ---- all bars ----------------------------------------------------------------------------------------- */

static void trade_moment(replay *r, const pxi_clock *clock) {
    for (size_t m = 0; m < clock->n_present; m++) {
        const size_t k = clock->present[m], i = clock->hands[k].at;
        pxi_replay_open(r, k, i, clock->now_us, r->given[k].data->bars.open[i]);
    }
    for (size_t m = 0; m < clock->n_present; m++) {
        const size_t k = clock->present[m], i = clock->hands[k].at;
        const px_dataset *data = r->given[k].data;
        const px_bar bar = px_bars_at(&data->bars, i);
        px_bars parts = {0};
        if (px_detail_is_present(&data->detail))
            parts = px_detail_at(&data->detail, i);
        pxi_replay_watch(r, k, &bar, parts.n ? &parts : NULL, i + 1 == data->end);
    }
    pxi_replay_settle(r);
}

/* A desk's next bar on which something can happen: where nothing is open or ordered there that takes a
 * signal, and what is written down of the bars between is what was written last. The last bar closes whatever
 * there is. */
static size_t next_busy_bar(const replay *r, size_t k, size_t i) {
    const px_dataset *data = r->given[k].data;
    const pxi_signal_source *source = &r->given[k].signals;
    const size_t following = i + 1;
    if (pxi_desk_is_busy(&r->desks[k]) || following >= data->end)
        return following;
    const size_t signal = source->peek(source->state, data->end), last = data->end - 1;
    return signal > last ? last : signal > following ? signal : following;
}

/* Signals before the window are passed over. */
static void start_hands(const replay *r, pxi_clock *clock) {
    px_signal ignored;
    for (size_t k = 0; k < r->n; k++) {
        const px_dataset *data = r->given[k].data;
        const pxi_signal_source *source = &r->given[k].signals;
        clock->hands[k] = (pxi_hand){data->bars.ts_us, data->begin, data->end};
        while (data->begin > 0 && source->next(source->state, data->begin - 1, &ignored))
            continue;
    }
}

static px_status run(replay *r, pxi_clock *clock, px_error *err) {
    px_status status = PX_OK;
    start_hands(r, clock);
    for (size_t k = 0; k < r->n; k++)
        r->desks[k].bars = &r->given[k].data->bars;
    for (size_t n = 1; !status && pxi_clock_next(clock); n++) {
        trade_moment(r, clock);
        status = pxi_replay_tell(r, err);
        for (size_t m = 0; m < clock->n_present; m++) {
            pxi_hand *hand = &clock->hands[clock->present[m]];
            hand->at = next_busy_bar(r, clock->present[m], hand->at);
        }
        if (!status && n % PXI_ASK_EVERY == 0)
            status = pxi_work_ask(r->in.work, err);
    }
    return status ? status : pxi_replay_end(r, err);
}

px_status pxi_replay_run(const pxi_replay_setup *setup, px_error *err) {
    pxi_clock clock = {0};
    replay *r = pxi_replay_new(setup);
    px_status status = r && pxi_clock_init(&clock, setup->n) ? run(r, &clock, err) : pxi_fail_memory(err);
    pxi_clock_free(&clock);
    pxi_replay_free(&r);
    return status;
}
