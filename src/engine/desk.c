// SPDX-License-Identifier: Apache-2.0
#include "engine/desk.h"

#include <math.h>
#include "config/products.h"
#include "engine/guards.h"
#include "exits/step.h"
#include "market/stretch.h"
#include "strategies/signal_levels.h"

static px_side opposite(px_side side) {
    return side == PX_LONG ? PX_SHORT : PX_LONG;
}

static const pxi_position *position_of(const pxi_desk *d) {
    return &d->account->holdings[d->k].position;
}

static void settle(pxi_desk *d, const px_signal *signal, px_outcome outcome) {
    if (signal->candidate < d->candidates->n)
        d->candidates->items[signal->candidate].outcome = outcome;
}

static void record_size(pxi_desk *d, const px_signal *signal, px_size size) {
    if (signal->candidate >= d->candidates->n)
        return;
    px_candidate *candidate = &d->candidates->items[signal->candidate];
    candidate->quantity = size.quantity;
    candidate->capped_by = size.capped_by;
}

/* ---- orders ------------------------------------------------------------------------------------------- */

/* Gives it its number. */
static pxi_order place_order(pxi_desk *d, const pxi_order *wanted) {
    pxi_order order = *wanted;
    order.desk = d->k;
    order.number = d->journal->next_order++;
    pxi_journal_order(d->journal, &order);
    return order;
}

static void finish_order(pxi_desk *d, pxi_order *order, pxi_order_status status) {
    order->status = status;
    order->done_us = d->bar.ts_us;
    pxi_journal_order(d->journal, order);
}

/* ---- fills -------------------------------------------------------------------------------------------- */

static void record_fill(pxi_desk *d, px_side side, double quantity, double price, double fees,
                        px_exit_reason reason, bool carry) {
    const pxi_fill fill = {
        .desk = d->k,
        .number = d->journal->next_fill++,
        .ts_us = d->bar.ts_us,
        .side = side,
        .quantity = quantity,
        .price = price,
        .fees = fees,
        .reason = reason,
        .carry = carry,
        .trade = d->trade.number,
    };
    pxi_journal_fill(d->journal, &fill);
}

static px_trading_unit unit_today(const pxi_desk *d) {
    return px_instrument_unit(d->instrument, d->session.session.date);
}

static double lot_today(const pxi_desk *d) {
    return px_config_lot(d->config, unit_today(d).lot_size);
}

static void see_bar(pxi_desk *d, const px_bar *bar) {
    px_bar b = *bar;
    const px_bars one = {1, 0, &b.ts_us, &b.open, &b.high, &b.low, &b.close, &b.volume};
    pxi_liquidity_see(&d->liquidity, &one);
}

/* Where all bars are there, those before the current one that were not looked at yet. */
static void see_bars_before(pxi_desk *d) {
    const size_t n = d->liquidity.n;
    if (!d->bars || !pxi_liquidity_asks(&d->liquidity) || n >= d->i)
        return;
    const px_bars before = {
        .n = d->i - n,
        .ts_us = d->bars->ts_us + n,
        .open = d->bars->open + n,
        .high = d->bars->high + n,
        .low = d->bars->low + n,
        .close = d->bars->close + n,
        .volume = d->bars->volume + n,
    };
    pxi_liquidity_see(&d->liquidity, &before);
}

/* A price at the market, or that itself where its slippage is unknown. */
static double slip(pxi_desk *d, double price, px_side side, double quantity, bool *known) {
    px_market_fill fill = {.price = price, .side = side, .quantity = quantity};
    if (d->liquidity.kind == PX_SLIPPAGE_TICKS)
        fill.tick = unit_today(d).tick;
    see_bars_before(d);
    pxi_liquidity_tell(&d->liquidity, d->bar.ts_us, &fill);
    const double slipped = px_slip(&fill, d->config);
    *known = !isnan(slipped);
    return *known ? slipped : price;
}

/* Every exit. A target is a limit order; everything else fills at the market. */
static void leave(pxi_desk *d, double price, px_exit_reason reason) {
    pxi_trade *trade = &d->trade;
    bool known = true;
    if (reason != PX_EXIT_TAKE_PROFIT)
        price = slip(d, price, opposite(trade->side), trade->quantity, &known);
    d->account->n_unslipped += !known;
    double fee;
    pxi_position closed = pxi_account_close(d->account, d->k, price, d->session.session.date, &fee);
    record_fill(d, opposite(trade->side), trade->quantity, price, fee, reason, false);
    trade->exit_bar = d->exit_bar = d->i;
    trade->exit_us = d->bar.ts_us;
    trade->exit_price = price;
    trade->reason = reason;
    trade->pnl = trade->side * trade->quantity * (price - trade->entry_price);
    trade->fees = closed.fees;
    trade->overnight = closed.overnight;
    trade->overnight_leverage = closed.overnight_leverage;
    trade->bars_held = d->barrier.watched;
    trade->ambiguous = d->barrier.ambiguous;
    trade->mae = px_barrier_mae(&d->barrier);
    trade->mfe = px_barrier_mfe(&d->barrier);
    pxi_journal_trade(d->journal, trade);
}

/* That levels are rounded to: the instrument's of the day, or 0.01 under the original rules. */
static double tick_today(const pxi_desk *d) {
    return d->config->profile == PX_PROFILE_REFERENCE ? 0.01 : unit_today(d).tick;
}

static px_levels levels_of(const pxi_desk *d, const px_signal *signal, double price) {
    return px_barrier_levels(signal->side, price, signal->stop, signal->target, tick_today(d));
}

/* A price asked for may lie behind the fill, beyond a gap. Where exits fill at levels such a level stands at
 * the fill: nobody leaves at a price that was gone before he came. */
static void pull_passed_levels(px_levels *levels, px_side side, double price) {
    if (side * (levels->stop - price) > 0.0)
        levels->stop = price;
    if (side * (price - levels->target) > 0.0)
        levels->target = price;
}

/* Of the order, what a delivery's cash pays for now: the fill may be dearer than the close that it was sized
 * at, and has its fee. Where equity is the initial one nobody asks what there is. */
static px_size payable(pxi_desk *d, const pxi_pending_entry *entry, double price) {
    const pxi_position wanted = {
        .side = entry->signal.side,
        .quantity = entry->order.quantity,
        .entry_price = price,
        .entry_date = d->session.session.date,
    };
    px_size size = {wanted.quantity, entry->capped_by};
    if (!pxi_product_of(d->config)->pays_cash || d->config->equity_cap == PX_EQUITY_INITIAL)
        return size;
    size.quantity = pxi_account_payable(d->account, &wanted, lot_today(d));
    if (size.quantity < wanted.quantity) {
        size.capped_by = PX_CAP_CASH;
        record_size(d, &entry->signal, size);
    }
    return size;
}

static void open_position(pxi_desk *d, const pxi_pending_entry *entry, double price, const px_levels *levels,
                          px_size size) {
    const px_signal *signal = &entry->signal;
    const double quantity = size.quantity;
    const pxi_position wanted = {
        .side = signal->side,
        .quantity = quantity,
        .entry_price = price,
        .entry_date = d->session.session.date,
    };
    d->barrier = px_barrier_open(signal->side, price, levels, d->config, signal->h_bars, &d->session.session);
    d->trade = (pxi_trade){
        .desk = d->k,
        .number = d->account->n_trades,
        .signal = *signal,
        .side = signal->side,
        .quantity = quantity,
        .capped_by = size.capped_by,
        .entry_bar = d->i,
        .entry_us = d->bar.ts_us,
        .entry_price = price,
        .levels = *levels,
        .risk = quantity * entry->risk,
    };
    const double fee = pxi_account_open(d->account, d->k, &wanted);
    record_fill(d, signal->side, quantity, price, fee, PX_EXIT_NONE, false);
}

/* The entry rule, on the signal's bar and the one that fills it; they are one where orders fill at the close.
 */
static px_entry_result find_entry(pxi_desk *d, const px_signal *signal, double *price) {
    int64_t ts_us[] = {signal->ts_us, d->bar.ts_us};
    double open[] = {NAN, d->bar.open}, close[] = {d->bar.close, NAN};
    const px_bars bars = {.n = 2, .ts_us = ts_us, .open = open, .close = close};
    px_entry_point entry;
    px_entry_result found =
        px_entry_find(&bars, d->fills_at_close ? 1 : 2, 0, px_config_entry_replay(d->config),
                      &d->entry_session, d->config, d->timeframe_minutes, &entry);
    if (found == PX_ENTRY_FOUND)
        *price = entry.price;
    return found;
}

static void stop_waiting(pxi_desk *d, pxi_order_status status) {
    d->entering.active = false;
    pxi_account_unorder(d->account, d->k);
    finish_order(d, &d->entering.order, status);
}

/* An order that does not become a position after all. */
static void cancel_entry(pxi_desk *d, px_outcome outcome) {
    stop_waiting(d, PXI_ORDER_CANCELLED);
    settle(d, &d->entering.signal, outcome);
}

static void fill_entry(pxi_desk *d) {
    const pxi_pending_entry *entry = &d->entering;
    double price;
    bool known;
    if (d->account->killed) { /* since it was ordered: this desk had no bar then, or others fell later */
        cancel_entry(d, PX_OUTCOME_KILL_SWITCH);
        return;
    }
    if (find_entry(d, &entry->signal, &price) != PX_ENTRY_FOUND) {
        cancel_entry(d, PX_OUTCOME_SESSION_END);
        return;
    }
    price = slip(d, price, entry->signal.side, entry->order.quantity, &known);
    px_levels levels = levels_of(d, &entry->signal, price);
    if (px_levels_below_tick(&levels, price, tick_today(d))) {
        cancel_entry(d, PX_OUTCOME_STOP_BELOW_TICK);
        return;
    }
    const px_size size = payable(d, entry, price);
    if (size.quantity <= 0.0) {
        cancel_entry(d, PX_OUTCOME_BELOW_ONE_LOT);
        return;
    }
    if (d->config->stop_fill == PX_STOP_FILL_LEVEL)
        pull_passed_levels(&levels, entry->signal.side, price);
    d->account->n_unslipped += !known;
    stop_waiting(d, PXI_ORDER_FILLED);
    open_position(d, entry, price, &levels, size);
}

/* The moment of filling: a bar's open, or its close. What leaves goes first, so that a reversal is one
 * moment. */
static void fill_orders(pxi_desk *d, double price, bool at_open) {
    if (d->leaving.active) {
        d->leaving.active = false;
        finish_order(d, &d->leaving.order, PXI_ORDER_FILLED);
        px_barrier_close(&d->barrier, price, at_open);
        leave(d, price, d->leaving.order.reason);
    }
    if (d->entering.active)
        fill_entry(d);
}

/* ---- decisions at the close --------------------------------------------------------------------------- */

static void schedule_exit(pxi_desk *d, int64_t ts_us, px_exit_reason reason) {
    if (d->leaving.active)
        return;
    const pxi_position *position = position_of(d);
    const pxi_order order = {
        .ts_us = ts_us,
        .reason = reason,
        .side = opposite(position->side),
        .quantity = position->quantity,
    };
    d->leaving = (pxi_pending_exit){true, place_order(d, &order)};
}

static void schedule_entry(pxi_desk *d, const px_signal *signal, px_size size) {
    const pxi_order order = {.ts_us = d->bar.ts_us, .side = signal->side, .quantity = size.quantity};
    d->entering = (pxi_pending_entry){
        .active = true,
        .order = place_order(d, &order),
        .signal = *signal,
        .capped_by = size.capped_by,
        .risk = pxi_signal_risk(signal, d->bar.close),
    };
    pxi_account_order(d->account, d->k, size.quantity * d->bar.close);
}

/* The part of equity that the rules of the account allot; 0 = they leave it to the risk. */
static double allotted(const pxi_desk *d) {
    const pxi_account_rules *rules = &d->account->rules;
    switch (rules->allocation) {
    case PXI_ALLOCATE_EQUAL:
        return 1.0 / (double)(rules->max_positions ? rules->max_positions : d->account->n);
    case PXI_ALLOCATE_FRACTION:
        return d->config->size_fraction;
    case PXI_ALLOCATE_RISK:
        break;
    }
    return 0.0;
}

static px_size size_of(const pxi_desk *d, const px_signal *signal) {
    px_size_request request = {
        .price = d->bar.close,
        .risk_distance = pxi_signal_risk(signal, d->bar.close),
        .equity = pxi_account_equity(d->account),
        .quantity = signal->quantity,
        .fraction = allotted(d),
        .lot_size = lot_today(d),
        .committed = pxi_account_committed(d->account, d->k),
        .max_gross = d->account->rules.max_gross,
    };
    return px_risk_size(&request, d->config);
}

/* Sizing, then an order. Where it fills at this close, the entry rule is asked at once. */
static px_outcome place_entry(pxi_desk *d, const px_signal *signal) {
    double price;
    const px_size size = size_of(d, signal);
    record_size(d, signal, size);
    if (size.quantity <= 0.0)
        return PX_OUTCOME_BELOW_ONE_LOT;
    if (d->fills_at_close && find_entry(d, signal, &price) != PX_ENTRY_FOUND)
        return PX_OUTCOME_SESSION_END;
    schedule_entry(d, signal, size);
    return PX_OUTCOME_EXECUTED;
}

static bool seen_before(pxi_desk *d, const px_signal *signal) {
    bool seen = false;
    if (!pxi_signal_set_add(&d->seen, signal, &seen))
        d->journal->failed = true;
    return seen;
}

/* Standard strategies know no candidates: each entry signal is one. */
static void add_candidate(pxi_desk *d, px_signal *signal) {
    px_candidate candidate = {
        .event = {.bar = signal->bar, .ts_us = signal->ts_us, .type = signal->event_type}};
    candidate.event.side = signal->side;
    candidate.event.close = d->bar.close;
    candidate.event.atr = signal->atr;
    candidate.event.h_bars = signal->h_bars;
    candidate.event.bar_minutes = d->timeframe_minutes;
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        candidate.event.inputs[k] = NAN;
    candidate.probability = signal->probability;
    candidate.quantity = NAN;
    candidate.tag = signal->tag;
    signal->candidate = d->candidates->n;
    if (px_candidate_list_add(d->candidates, &candidate, NULL))
        d->journal->failed = true;
}

static void consider_entry(pxi_desk *d, px_signal *signal) {
    if (signal->candidate == SIZE_MAX)
        add_candidate(d, signal);
    bool open = pxi_account_is_open(d->account, d->k);
    bool against = open && signal->side != position_of(d)->side;
    bool reverses = against && d->config->on_opposite == PX_OPPOSITE_REVERSE;
    pxi_guard_input input = {
        .signal = signal,
        .config = d->config,
        .duplicate = seen_before(d, signal),
        .held = d->held_bars > 0,
        .killed = d->account->killed,
        .in_position = d->entering.active || (open && !d->leaving.active && !reverses),
        .exit_bar = d->exit_bar,
        .session_entries = pxi_account_entries(d->account, d->session.session.date),
        .full = pxi_account_is_full(d->account, d->k),
        .close = d->bar.close,
    };
    px_outcome outcome = pxi_guards_check(&input);
    if (against && d->config->on_opposite != PX_OPPOSITE_IGNORE && !input.duplicate)
        schedule_exit(d, d->bar.ts_us, PX_EXIT_SIGNAL);
    if (outcome == PX_OUTCOME_EXECUTED)
        outcome = place_entry(d, signal);
    settle(d, signal, outcome);
}

static void consider_exit(pxi_desk *d, const px_signal *signal) {
    bool either = signal->action == PX_ACTION_CLOSE;
    bool leaves = pxi_account_is_open(d->account, d->k) && (either || position_of(d)->side == signal->side);
    if (leaves && !d->leaving.active) {
        schedule_exit(d, d->bar.ts_us, PX_EXIT_SIGNAL);
        return;
    }
    const pxi_order order = {
        .ts_us = d->bar.ts_us,
        .reason = PX_EXIT_SIGNAL,
        .side = opposite(signal->side),
        .status = PXI_ORDER_VOID,
        .done_us = d->bar.ts_us,
    };
    place_order(d, &order);
}

void pxi_desk_signal(pxi_desk *d, px_signal *signal) {
    if (signal->action == PX_ACTION_ENTER)
        consider_entry(d, signal);
    else
        consider_exit(d, signal);
}

/* ---- a bar -------------------------------------------------------------------------------------------- */

static void start_session(pxi_desk *d) {
    if (!px_session_advance(&d->session, d->bar.ts_us))
        return;
    const pxi_position *position = position_of(d);
    pxi_account_enter_session(d->account, d->session.session.date);
    double fee = pxi_account_carry(d->account, d->k, d->session.session.date);
    if (fee != 0.0)
        record_fill(d, position->side, 0.0, position->entry_price, fee, PX_EXIT_NONE, true);
}

static bool step_barrier(pxi_desk *d, const px_bars *parts, px_exit *exit) {
    const px_session *session = &d->session.session;
    if (parts)
        return pxi_barrier_step_detail(&d->barrier, parts, session, 1, exit);
    int64_t end_us = px_session_bar_end(session, d->bar.ts_us, d->timeframe_minutes);
    return px_barrier_step(&d->barrier, &d->bar, end_us, d->timeframe_minutes, exit);
}

/* After the current bar there is none, or a hole: nothing stays open or ordered. */
static void end_stretch(pxi_desk *d, px_exit_reason reason) {
    if (d->entering.active)
        cancel_entry(d, PX_OUTCOME_NO_NEXT_BAR);
    if (d->leaving.active)
        finish_order(d, &d->leaving.order, PXI_ORDER_CANCELLED);
    d->leaving.active = false;
    if (pxi_account_is_open(d->account, d->k)) {
        px_barrier_close(&d->barrier, d->bar.close, false);
        leave(d, d->bar.close, reason);
    }
}

/* Whether bar `i`, which begins, or one that was passed over since the current one has a hole before it. */
static bool crosses_hole(const pxi_desk *d, size_t i, int64_t ts_us) {
    if (!d->complete || !d->holes)
        return false;
    return d->bars ? pxi_next_hole(d->bars, d->i + 1, i + 1, d->holes) <= i
                   : pxi_is_hole(d->holes, d->bar.ts_us, ts_us);
}

static void cross_hole(pxi_desk *d) {
    end_stretch(d, PX_EXIT_DATA_HOLE);
    d->exit_bar = SIZE_MAX;
}

void pxi_desk_warm(pxi_desk *d, const px_bar *bar) {
    if (pxi_liquidity_asks(&d->liquidity))
        see_bar(d, bar);
}

void pxi_desk_open(pxi_desk *d, size_t i, int64_t ts_us, double open) {
    if (crosses_hole(d, i, ts_us))
        cross_hole(d);
    if (d->complete && !d->bars)
        pxi_desk_warm(d, &d->bar);
    d->complete = false;
    d->held_bars -= d->held_bars > 0;
    d->i = i;
    d->bar = (px_bar){.ts_us = ts_us, .open = open};
    start_session(d);
    fill_orders(
        d, open,
        true); /* where orders fill at the close: the exit of a desk without a bar when the switch fired */
}

void pxi_desk_watch(pxi_desk *d, const px_bar *bar, const px_bars *parts) {
    px_exit exit;
    d->bar = *bar;
    d->complete = true;
    d->account->holdings[d->k].close = bar->close;
    if (pxi_account_is_open(d->account, d->k) && step_barrier(d, parts, &exit))
        leave(d, exit.price, exit.reason);
}

void pxi_desk_kill(pxi_desk *d, int64_t ts_us) {
    if (pxi_account_is_open(d->account, d->k))
        schedule_exit(d, ts_us, PX_EXIT_KILL_SWITCH);
}

void pxi_desk_close(pxi_desk *d, bool last) {
    if (d->fills_at_close)
        fill_orders(d, d->bar.close, false);
    if (last)
        end_stretch(d, PX_EXIT_END_OF_DATA);
}

px_status pxi_desk_make(const px_dataset *data, pxi_account *account, pxi_journal *journal, pxi_desk *out,
                        px_error *err) {
    const px_config *config = account->config;
    *out = (pxi_desk){
        .config = config,
        .instrument = &data->instrument,
        .timeframe_minutes = data->timeframe_minutes,
        .account = account,
        .journal = journal,
        .holes = pxi_holes_by(config, data->calendar),
        .fills_at_close = px_config_entry_replay(config) == PX_ENTRY_SIGNAL_CLOSE,
        .session = px_session_cursor_make(data->calendar),
        .entry_session = px_session_cursor_make(data->calendar),
        .exit_bar = SIZE_MAX,
    };
    return pxi_liquidity_open(&out->liquidity, config, data->calendar, err);
}

void pxi_desk_free(pxi_desk *d) {
    pxi_signal_set_free(&d->seen);
    pxi_liquidity_close(&d->liquidity);
}
