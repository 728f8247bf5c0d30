// SPDX-License-Identifier: Apache-2.0
#include "engine/replay.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include "base/error.h"
#include "base/work.h"
#include "base/mem.h"
#include "engine/guards.h"
#include "engine/signal_id.h"
#include "exits/step.h"
#include "strategies/signal_levels.h"

/* Orders that wait for the next moment of filling: the next open, or this close. One of each at most. */
typedef struct pending_exit {
    bool active;
    px_exit_reason reason;
    size_t order; /* in the journal */
} pending_exit;

typedef struct pending_entry {
    bool active;
    px_signal signal;
    double quantity;
    double risk; /* rupees a share, as sized; NaN = no stop */
    size_t order;
} pending_entry;

struct pxi_replay {
    pxi_replay_setup in;
    const px_config *config;
    px_candidate_list *candidates;
    pxi_journal *journal;
    bool fills_at_close;
    size_t i; /* the current bar; of one that has only begun, time and open are known */
    px_bar bar;
    px_session_cursor session, entry_session;
    pxi_account account;
    double peak; /* of equity */
    bool has_state;
    pxi_account_state state; /* at the close of the last bar */
    pxi_signal_set seen;
    size_t exit_bar;
    int session_entries;
    pending_exit leaving;
    pending_entry entering;
    px_barrier barrier; /* of the open position, as is its trade so far */
    pxi_trade trade;
};
typedef struct pxi_replay replay;

static px_side opposite(px_side side) {
    return side == PX_LONG ? PX_SHORT : PX_LONG;
}

static void settle(replay *r, const px_signal *signal, px_outcome outcome) {
    if (signal->candidate < r->candidates->n)
        r->candidates->items[signal->candidate].outcome = outcome;
}

static void finish_order(replay *r, size_t order, pxi_order_status status) {
    if (order < r->journal->n_orders) {
        r->journal->orders[order].status = status;
        r->journal->orders[order].done_us = r->bar.ts_us;
    }
}

/* ---- fills -------------------------------------------------------------------------------------------- */

static void record_fill(replay *r, px_side side, double quantity, double price, double fees,
                        px_exit_reason reason, bool carry) {
    pxi_fill fill = {r->bar.ts_us, side, quantity, price, fees, reason, carry, r->journal->n_trades};
    pxi_journal_fill(r->journal, &fill);
}

/* Every exit. A target is a limit order; everything else fills at the market. */
static void leave(replay *r, double price, px_exit_reason reason) {
    pxi_trade *trade = &r->trade;
    if (reason != PX_EXIT_TAKE_PROFIT)
        price = px_slip(price, opposite(trade->side), r->config);
    double fee;
    pxi_position closed = pxi_account_close(&r->account, price, r->session.session.date, &fee);
    record_fill(r, opposite(trade->side), trade->quantity, price, fee, reason, false);
    trade->exit_bar = r->exit_bar = r->i;
    trade->exit_us = r->bar.ts_us;
    trade->exit_price = price;
    trade->reason = reason;
    trade->pnl = trade->side * trade->quantity * (price - trade->entry_price);
    trade->fees = closed.fees;
    trade->overnight = closed.overnight;
    trade->bars_held = r->barrier.watched;
    trade->ambiguous = r->barrier.ambiguous;
    trade->mae = px_barrier_mae(&r->barrier);
    trade->mfe = px_barrier_mfe(&r->barrier);
    pxi_journal_trade(r->journal, trade);
}

static px_trading_unit unit_today(const replay *r) {
    return px_instrument_unit(r->in.instrument, r->session.session.date);
}

/* That levels are rounded to: the instrument's of the day, or 0.01 under the original rules. */
static double tick_today(const replay *r) {
    return r->config->profile == PX_PROFILE_REFERENCE ? 0.01 : unit_today(r).tick;
}

static px_levels levels_of(const replay *r, const px_signal *signal, double price) {
    return px_barrier_levels(signal->side, price, signal->stop, signal->target, tick_today(r));
}

/* A price asked for may lie behind the fill, beyond a gap. Where exits fill at levels such a level stands at
 * the fill: nobody leaves at a price that was gone before he came. */
static void pull_passed_levels(px_levels *levels, px_side side, double price) {
    if (side * (levels->stop - price) > 0.0)
        levels->stop = price;
    if (side * (price - levels->target) > 0.0)
        levels->target = price;
}

static void open_position(replay *r, const pending_entry *entry, double price, const px_levels *levels) {
    const px_signal *signal = &entry->signal;
    double fee = pxi_account_open(&r->account, signal->side, entry->quantity, price, r->session.session.date);
    r->barrier = px_barrier_open(signal->side, price, levels, r->config, signal->h_bars, &r->session.session);
    r->trade = (pxi_trade){
        .signal = *signal,
        .side = signal->side,
        .quantity = entry->quantity,
        .entry_bar = r->i,
        .entry_us = r->bar.ts_us,
        .entry_price = price,
        .levels = *levels,
        .risk = entry->quantity * entry->risk,
    };
    r->session_entries++;
    record_fill(r, signal->side, entry->quantity, price, fee, PX_EXIT_NONE, false);
}

/* The entry rule, on the signal's bar and the one that fills it; they are one where orders fill at the close.
 */
static px_entry_result find_entry(replay *r, const px_signal *signal, double *price) {
    int64_t ts_us[] = {signal->ts_us, r->bar.ts_us};
    double open[] = {NAN, r->bar.open}, close[] = {r->bar.close, NAN};
    const px_bars bars = {.n = 2, .ts_us = ts_us, .open = open, .close = close};
    px_entry_point entry;
    px_entry_result found =
        px_entry_find(&bars, r->fills_at_close ? 1 : 2, 0, px_config_entry_replay(r->config),
                      &r->entry_session, r->config, r->in.timeframe_minutes, &entry);
    if (found == PX_ENTRY_FOUND)
        *price = entry.price;
    return found;
}

/* An order that does not become a position after all. */
static void cancel_entry(replay *r, px_outcome outcome) {
    r->entering.active = false;
    finish_order(r, r->entering.order, PXI_ORDER_CANCELLED);
    settle(r, &r->entering.signal, outcome);
}

static void fill_entry(replay *r) {
    pending_entry *entry = &r->entering;
    double price;
    if (find_entry(r, &entry->signal, &price) != PX_ENTRY_FOUND) {
        cancel_entry(r, PX_OUTCOME_SESSION_END);
        return;
    }
    price = px_slip(price, entry->signal.side, r->config);
    px_levels levels = levels_of(r, &entry->signal, price);
    if (px_levels_below_tick(&levels, price, tick_today(r))) {
        cancel_entry(r, PX_OUTCOME_STOP_BELOW_TICK);
        return;
    }
    if (r->config->stop_fill == PX_STOP_FILL_LEVEL)
        pull_passed_levels(&levels, entry->signal.side, price);
    entry->active = false;
    finish_order(r, entry->order, PXI_ORDER_FILLED);
    open_position(r, entry, price, &levels);
}

/* The moment of filling: a bar's open, or its close. What leaves goes first, so that a reversal is one
 * moment. */
static void fill_orders(replay *r, double price, bool at_open) {
    if (r->leaving.active) {
        r->leaving.active = false;
        finish_order(r, r->leaving.order, PXI_ORDER_FILLED);
        px_barrier_close(&r->barrier, price, at_open);
        leave(r, price, r->leaving.reason);
    }
    if (r->entering.active)
        fill_entry(r);
}

/* ---- decisions at the close --------------------------------------------------------------------------- */

static void schedule_exit(replay *r, px_exit_reason reason) {
    if (r->leaving.active)
        return;
    const pxi_position *position = &r->account.position;
    pxi_order order = {
        .ts_us = r->bar.ts_us,
        .reason = reason,
        .side = opposite(position->side),
        .quantity = position->quantity,
    };
    r->leaving = (pending_exit){true, reason, pxi_journal_order(r->journal, &order)};
}

static void schedule_entry(replay *r, const px_signal *signal, double quantity) {
    pxi_order order = {.ts_us = r->bar.ts_us, .side = signal->side, .quantity = quantity};
    r->entering = (pending_entry){
        .active = true,
        .signal = *signal,
        .quantity = quantity,
        .risk = pxi_signal_risk(signal, r->bar.close),
        .order = pxi_journal_order(r->journal, &order),
    };
}

static double size_of(const replay *r, const px_signal *signal) {
    px_size_request request = {
        .price = r->bar.close,
        .risk_distance = pxi_signal_risk(signal, r->bar.close),
        .equity = pxi_account_equity(&r->account, r->bar.close),
        .quantity = signal->quantity,
        .lot_size = unit_today(r).lot_size,
    };
    return px_risk_quantity(&request, r->config);
}

/* Sizing, then an order. Where it fills at this close, the entry rule is asked at once. */
static px_outcome place_entry(replay *r, const px_signal *signal) {
    double price, quantity = size_of(r, signal);
    if (signal->candidate < r->candidates->n)
        r->candidates->items[signal->candidate].quantity = quantity;
    if (quantity <= 0.0)
        return PX_OUTCOME_BELOW_ONE_LOT;
    if (r->fills_at_close && find_entry(r, signal, &price) != PX_ENTRY_FOUND)
        return PX_OUTCOME_SESSION_END;
    schedule_entry(r, signal, quantity);
    return PX_OUTCOME_EXECUTED;
}

static bool seen_before(replay *r, const px_signal *signal) {
    bool seen = false;
    if (!pxi_signal_set_add(&r->seen, signal, &seen))
        r->journal->failed = true;
    return seen;
}

/* Standard strategies know no candidates: each entry signal is one. */
static void add_candidate(replay *r, px_signal *signal) {
    px_candidate candidate = {
        .event = {.bar = signal->bar, .ts_us = signal->ts_us, .type = signal->event_type}};
    candidate.event.side = signal->side;
    candidate.event.close = r->bar.close;
    candidate.event.atr = signal->atr;
    candidate.event.h_bars = signal->h_bars;
    candidate.event.bar_minutes = r->in.timeframe_minutes;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        candidate.event.inputs[k] = NAN;
    candidate.probability = signal->probability;
    candidate.quantity = NAN;
    candidate.tag = signal->tag;
    signal->candidate = r->candidates->n;
    if (px_candidate_list_add(r->candidates, &candidate, NULL))
        r->journal->failed = true;
}

static void consider_entry(replay *r, px_signal *signal) {
    if (signal->candidate == SIZE_MAX)
        add_candidate(r, signal);
    bool open = pxi_account_is_open(&r->account);
    bool against = open && signal->side != r->account.position.side;
    bool reverses = against && r->config->on_opposite == PX_OPPOSITE_REVERSE;
    pxi_guard_input input = {
        .signal = signal,
        .config = r->config,
        .duplicate = seen_before(r, signal),
        .killed = r->journal->killed,
        .in_position = r->entering.active || (open && !r->leaving.active && !reverses),
        .exit_bar = r->exit_bar,
        .session_entries = r->session_entries + r->entering.active,
        .close = r->bar.close,
    };
    px_outcome outcome = pxi_guards_check(&input);
    if (against && r->config->on_opposite != PX_OPPOSITE_IGNORE && !input.duplicate)
        schedule_exit(r, PX_EXIT_SIGNAL);
    if (outcome == PX_OUTCOME_EXECUTED)
        outcome = place_entry(r, signal);
    settle(r, signal, outcome);
}

static void consider_exit(replay *r, const px_signal *signal) {
    bool either = signal->action == PX_ACTION_CLOSE;
    bool leaves = pxi_account_is_open(&r->account) && (either || r->account.position.side == signal->side);
    if (leaves && !r->leaving.active) {
        schedule_exit(r, PX_EXIT_SIGNAL);
        return;
    }
    pxi_order order = {
        .ts_us = r->bar.ts_us,
        .reason = PX_EXIT_SIGNAL,
        .side = opposite(signal->side),
        .status = PXI_ORDER_VOID,
        .done_us = r->bar.ts_us,
    };
    pxi_journal_order(r->journal, &order);
}

/* ---- a bar -------------------------------------------------------------------------------------------- */

static void start_session(replay *r) {
    if (px_session_advance(&r->session, r->bar.ts_us))
        r->session_entries = 0;
    const pxi_position *position = &r->account.position;
    double fee = pxi_account_carry(&r->account, r->session.session.date);
    if (fee != 0.0)
        record_fill(r, position->side, 0.0, position->entry_price, fee, PX_EXIT_NONE, true);
}

static bool step_barrier(replay *r, const px_bars *parts, px_exit *exit) {
    const px_session *session = &r->session.session;
    if (parts)
        return pxi_barrier_step_detail(&r->barrier, parts, session, 1, exit);
    int64_t end_us = px_session_bar_end(session, r->bar.ts_us, r->in.timeframe_minutes);
    return px_barrier_step(&r->barrier, &r->bar, end_us, r->in.timeframe_minutes, exit);
}

/* Looked at after the exits, and again with what filled at this close: a switch that fires then closes the
 * position at the next bar's close. */
static void watch_drawdown(replay *r) {
    double equity = pxi_account_equity(&r->account, r->bar.close);
    r->peak = fmax(r->peak, equity);
    if (equity <= r->peak * (1.0 - r->config->max_drawdown_limit))
        r->journal->killed = true;
}

static bool is_same_account(const pxi_account_state *a, const pxi_account_state *b) {
    return a->cash == b->cash && a->position == b->position && a->entry_price == b->entry_price &&
           a->realised_gross == b->realised_gross && a->fees_paid == b->fees_paid;
}

/* Where the account and its peak are what the last state makes of this close, nothing is written. */
static void record_state(replay *r) {
    const pxi_account_state now = pxi_account_state_at(&r->account, r->i, r->peak);
    const double peak = fmax(r->state.peak, pxi_equity_at(&now, r->bar.close));
    if (!r->has_state || peak != now.peak || !is_same_account(&r->state, &now))
        pxi_journal_state(r->journal, &now);
    r->has_state = true;
    r->state = now;
}

static void end_data(replay *r) {
    if (r->entering.active)
        cancel_entry(r, PX_OUTCOME_NO_NEXT_BAR);
    if (r->leaving.active)
        finish_order(r, r->leaving.order, PXI_ORDER_CANCELLED);
    r->leaving.active = false;
    if (pxi_account_is_open(&r->account)) {
        px_barrier_close(&r->barrier, r->bar.close, false);
        leave(r, r->bar.close, PX_EXIT_END_OF_DATA);
    }
}

void pxi_replay_open(pxi_replay *r, size_t i, int64_t ts_us, double open) {
    r->i = i;
    r->bar = (px_bar){.ts_us = ts_us, .open = open};
    start_session(r);
    fill_orders(r, open, true); /* none is left where orders fill at the close */
}

void pxi_replay_watch(pxi_replay *r, const px_bar *bar, const px_bars *parts) {
    px_exit exit;
    r->bar = *bar;
    if (pxi_account_is_open(&r->account) && step_barrier(r, parts, &exit))
        leave(r, exit.price, exit.reason);
    watch_drawdown(r);
    if (r->journal->killed && pxi_account_is_open(&r->account))
        schedule_exit(r, PX_EXIT_KILL_SWITCH);
}

void pxi_replay_signal(pxi_replay *r, px_signal *signal) {
    if (signal->action == PX_ACTION_ENTER)
        consider_entry(r, signal);
    else
        consider_exit(r, signal);
}

void pxi_replay_close(pxi_replay *r, bool last) {
    if (r->fills_at_close)
        fill_orders(r, r->bar.close, false);
    if (last)
        end_data(r);
    watch_drawdown(r);
    record_state(r);
    r->journal->rates_known_from = r->account.rates_known_from;
}

pxi_account_state pxi_replay_state(const pxi_replay *r) {
    return r->state;
}

void pxi_replay_halt(pxi_replay *r) {
    r->journal->killed = true;
}

void pxi_replay_resume(pxi_replay *r) {
    r->journal->killed = false;
    r->peak = pxi_account_equity(&r->account, r->bar.close);
}

pxi_replay *pxi_replay_new(const pxi_replay_setup *setup, px_candidate_list *candidates,
                           pxi_journal *journal) {
    replay *r = pxi_new_array(1, sizeof *r);
    if (!r)
        return NULL;
    *r = (replay){
        .in = *setup,
        .config = setup->config,
        .candidates = candidates,
        .journal = journal,
        .fills_at_close = px_config_entry_replay(setup->config) == PX_ENTRY_SIGNAL_CLOSE,
        .session = px_session_cursor_make(setup->calendar),
        .entry_session = px_session_cursor_make(setup->calendar),
        .account = pxi_account_make(setup->config, setup->fee_table),
        .peak = setup->config->capital,
        .exit_bar = SIZE_MAX,
    };
    return r;
}

void pxi_replay_free(pxi_replay **r) {
    if (!*r)
        return;
    pxi_signal_set_free(&(*r)->seen);
    free(*r);
    *r = NULL;
}

/* ---- all bars ----------------------------------------------------------------------------------------- */

static void trade_bar(replay *r, const px_dataset *data, size_t i, const pxi_signal_source *source) {
    px_signal signal;
    px_bar bar = px_bars_at(&data->bars, i);
    px_bars parts = {0};
    if (px_detail_is_present(&data->detail))
        parts = px_detail_at(&data->detail, i);
    pxi_replay_open(r, i, bar.ts_us, bar.open);
    pxi_replay_watch(r, &bar, parts.n ? &parts : NULL);
    while (source->next(source->state, i, &signal))
        pxi_replay_signal(r, &signal);
    pxi_replay_close(r, i + 1 == data->end);
}

/* The next bar on which something can happen: where nothing is open or ordered that takes a signal, and what
 * is written down of the bars between is what was written last. The last bar closes whatever there is. */
static size_t next_busy_bar(replay *r, const px_dataset *data, const pxi_signal_source *source) {
    const size_t following = r->i + 1;
    if (pxi_account_is_open(&r->account) || r->entering.active || r->leaving.active || following >= data->end)
        return following;
    const size_t signal = source->peek(source->state, data->end), last = data->end - 1;
    return signal > last ? last : signal > following ? signal : following;
}

px_status pxi_replay_run(const pxi_replay_setup *setup, const px_dataset *data,
                         const pxi_signal_source *source, px_candidate_list *candidates, pxi_journal *journal,
                         px_error *err) {
    px_signal ignored;
    replay *r = pxi_replay_new(setup, candidates, journal);
    if (!r)
        return pxi_fail_memory(err);
    while (data->begin > 0 && source->next(source->state, data->begin - 1, &ignored))
        continue;
    px_status status = PX_OK;
    size_t n = 0;
    for (size_t i = data->begin; i < data->end && !journal->failed && !status;
         i = next_busy_bar(r, data, source)) {
        trade_bar(r, data, i, source);
        if (++n % PXI_ASK_EVERY == 0)
            status = pxi_work_ask(setup->work, err);
    }
    pxi_replay_free(&r);
    return journal->failed ? pxi_fail_memory(err) : status;
}
