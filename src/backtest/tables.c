// SPDX-License-Identifier: Apache-2.0
#include "backtest/tables.h"

#include <endian.h>
#include <math.h>
#include <string.h>

#define N_COLUMNS(defs) (sizeof(defs) / sizeof(defs)[0])

/* ---- trades ------------------------------------------------------------------------------------------- */

enum {
    TRADE_ENTRY_TS,
    TRADE_EXIT_TS,
    TRADE_DIRECTION,
    TRADE_QTY,
    TRADE_ENTRY_PRICE,
    TRADE_EXIT_PRICE,
    TRADE_STOP,
    TRADE_TARGET,
    TRADE_PNL,
    TRADE_FEES,
    TRADE_PNL_NET,
    TRADE_BARS_HELD,
    TRADE_EXIT_REASON,
    TRADE_EVENT_TYPE,
    TRADE_PROBABILITY,
    TRADE_IN_SAMPLE,
    TRADE_SIGNAL_TS,
    TRADE_R,
    TRADE_R_NET,
    TRADE_MAE_R,
    TRADE_MFE_R,
    TRADE_AMBIGUOUS,
    TRADE_OVERNIGHT,
    TRADE_CAPPED_BY,
    TRADE_TAG,
};
static const px_column_def trade_columns[] = {
    [TRADE_ENTRY_TS] = {"entry_ts", PX_COLUMN_TIME},
    [TRADE_EXIT_TS] = {"exit_ts", PX_COLUMN_TIME},
    [TRADE_DIRECTION] = {"direction", PX_COLUMN_TEXT},
    [TRADE_QTY] = {"qty", PX_COLUMN_QUANTITY},
    [TRADE_ENTRY_PRICE] = {"entry_price", PX_COLUMN_F64},
    [TRADE_EXIT_PRICE] = {"exit_price", PX_COLUMN_F64},
    [TRADE_STOP] = {"stop", PX_COLUMN_F64},
    [TRADE_TARGET] = {"target", PX_COLUMN_F64},
    [TRADE_PNL] = {"pnl", PX_COLUMN_F64},
    [TRADE_FEES] = {"fees", PX_COLUMN_F64},
    [TRADE_PNL_NET] = {"pnl_net", PX_COLUMN_F64},
    [TRADE_BARS_HELD] = {"bars_held", PX_COLUMN_I64},
    [TRADE_EXIT_REASON] = {"exit_reason", PX_COLUMN_TEXT},
    [TRADE_EVENT_TYPE] = {"event_type", PX_COLUMN_TEXT},
    [TRADE_PROBABILITY] = {"probability", PX_COLUMN_F64},
    [TRADE_IN_SAMPLE] = {"in_sample", PX_COLUMN_FLAG},
    [TRADE_SIGNAL_TS] = {"signal_ts", PX_COLUMN_TIME},
    [TRADE_R] = {"r", PX_COLUMN_F64},
    [TRADE_R_NET] = {"r_net", PX_COLUMN_F64},
    [TRADE_MAE_R] = {"mae_r", PX_COLUMN_F64},
    [TRADE_MFE_R] = {"mfe_r", PX_COLUMN_F64},
    [TRADE_AMBIGUOUS] = {"ambiguous", PX_COLUMN_FLAG},
    [TRADE_OVERNIGHT] = {"overnight", PX_COLUMN_FLAG},
    [TRADE_CAPPED_BY] = {"capped_by", PX_COLUMN_TEXT},
    [TRADE_TAG] = {"tag", PX_COLUMN_TEXT},
};

static const char *event_type_text(int type) {
    return type < 0 ? NULL : px_event_type_name(type);
}

static px_status add_trade(px_table *table, const pxi_trade *trade, const px_model *model, px_error *err) {
    double risk_a_share = trade->risk / trade->quantity;
    px_status status = px_table_add_row(table, err);
    if (status)
        return status;
    px_table_set_i64(table, TRADE_ENTRY_TS, trade->entry_us);
    px_table_set_i64(table, TRADE_EXIT_TS, trade->exit_us);
    px_table_set_f64(table, TRADE_QTY, trade->quantity);
    px_table_set_f64(table, TRADE_ENTRY_PRICE, trade->entry_price);
    px_table_set_f64(table, TRADE_EXIT_PRICE, trade->exit_price);
    px_table_set_f64(table, TRADE_STOP, trade->levels.stop);
    px_table_set_f64(table, TRADE_TARGET, trade->levels.target);
    px_table_set_f64(table, TRADE_PNL, trade->pnl);
    px_table_set_f64(table, TRADE_FEES, trade->fees);
    px_table_set_f64(table, TRADE_PNL_NET, trade->pnl - trade->fees);
    px_table_set_i64(table, TRADE_BARS_HELD, trade->bars_held);
    px_table_set_f64(table, TRADE_PROBABILITY, trade->signal.probability);
    px_table_set_i64(table, TRADE_IN_SAMPLE, pxi_in_sample(trade, model));
    px_table_set_i64(table, TRADE_SIGNAL_TS, trade->signal.ts_us);
    px_table_set_f64(table, TRADE_R, trade->pnl / trade->risk);
    px_table_set_f64(table, TRADE_R_NET, (trade->pnl - trade->fees) / trade->risk);
    px_table_set_f64(table, TRADE_MAE_R, trade->mae / risk_a_share);
    px_table_set_f64(table, TRADE_MFE_R, trade->mfe / risk_a_share);
    px_table_set_i64(table, TRADE_AMBIGUOUS, trade->ambiguous);
    px_table_set_i64(table, TRADE_OVERNIGHT, trade->overnight);
    status = px_table_set_text(table, TRADE_DIRECTION, trade->side == PX_LONG ? "long" : "short", err);
    if (!status)
        status = px_table_set_text(table, TRADE_EXIT_REASON, px_exit_reason_name(trade->reason), err);
    if (!status)
        status = px_table_set_text(table, TRADE_EVENT_TYPE, event_type_text(trade->signal.event_type), err);
    if (!status)
        status = px_table_set_text(table, TRADE_CAPPED_BY, px_cap_name(trade->capped_by), err);
    if (!status)
        status = px_table_set_text(table, TRADE_TAG, trade->signal.tag, err);
    return status;
}

px_status pxi_trades_table(const pxi_journal *journal, const px_model *model, px_table *out, px_error *err) {
    px_status status = px_table_init(out, trade_columns, N_COLUMNS(trade_columns), err);
    for (size_t i = 0; i < journal->n_trades && !status; i++)
        status = add_trade(out, &journal->trades[i], model, err);
    return status;
}

/* ---- signals ------------------------------------------------------------------------------------------ */

enum {
    SIGNAL_TS,
    SIGNAL_SIDE,
    SIGNAL_EVENT_TYPE,
    SIGNAL_PROBABILITY,
    SIGNAL_OUTCOME,
    SIGNAL_QUANTITY,
    SIGNAL_CLOSE,
    SIGNAL_ATR,
    SIGNAL_CAPPED_BY,
    SIGNAL_TAG,
    SIGNAL_INPUTS, /* PX_N_INPUTS columns */
    N_SIGNAL_COLUMNS = SIGNAL_INPUTS + PX_N_INPUTS,
};

static px_status init_signals(px_table *out, px_error *err) {
    px_column_def columns[N_SIGNAL_COLUMNS] = {
        [SIGNAL_TS] = {"ts", PX_COLUMN_TIME},
        [SIGNAL_SIDE] = {"side", PX_COLUMN_TEXT},
        [SIGNAL_EVENT_TYPE] = {"event_type", PX_COLUMN_TEXT},
        [SIGNAL_PROBABILITY] = {"probability", PX_COLUMN_F64},
        [SIGNAL_OUTCOME] = {"fate", PX_COLUMN_TEXT},
        [SIGNAL_QUANTITY] = {"quantity", PX_COLUMN_QUANTITY},
        [SIGNAL_CLOSE] = {"entry_price_at_event", PX_COLUMN_F64},
        [SIGNAL_ATR] = {"atr_at_event", PX_COLUMN_F64},
        [SIGNAL_CAPPED_BY] = {"capped_by", PX_COLUMN_TEXT},
        [SIGNAL_TAG] = {"tag", PX_COLUMN_TEXT},
    };
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        columns[SIGNAL_INPUTS + k] = (px_column_def){px_input_name(k), PX_COLUMN_F64};
    return px_table_init(out, columns, N_SIGNAL_COLUMNS, err);
}

static px_status add_signal(px_table *table, const px_candidate *candidate, px_error *err) {
    const px_event *event = &candidate->event;
    px_status status = px_table_add_row(table, err);
    if (status)
        return status;
    px_table_set_i64(table, SIGNAL_TS, event->ts_us);
    px_table_set_f64(table, SIGNAL_PROBABILITY, candidate->probability);
    px_table_set_f64(table, SIGNAL_QUANTITY, candidate->quantity);
    px_table_set_f64(table, SIGNAL_CLOSE, event->close);
    px_table_set_f64(table, SIGNAL_ATR, event->atr);
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        px_table_set_f64(table, SIGNAL_INPUTS + k, event->inputs[k]);
    status = px_table_set_text(table, SIGNAL_SIDE, px_side_name(event->side), err);
    if (!status)
        status = px_table_set_text(table, SIGNAL_EVENT_TYPE, event_type_text(event->type), err);
    if (!status)
        status = px_table_set_text(table, SIGNAL_OUTCOME, px_outcome_name(candidate->outcome), err);
    if (!status)
        status = px_table_set_text(table, SIGNAL_CAPPED_BY, px_cap_name(candidate->capped_by), err);
    if (!status)
        status = px_table_set_text(table, SIGNAL_TAG, candidate->tag, err);
    return status;
}

px_status pxi_signals_table(const px_candidate_list *candidates, px_table *out, px_error *err) {
    px_status status = init_signals(out, err);
    for (size_t i = 0; i < candidates->n && !status; i++)
        status = add_signal(out, &candidates->items[i], err);
    return status;
}

/* ---- orders ------------------------------------------------------------------------------------------- */

enum { ORDER_TS, ORDER_SIDE, ORDER_QTY, ORDER_KIND, ORDER_STATUS, ORDER_DONE_TS };
static const px_column_def order_columns[] = {
    [ORDER_TS] = {"ts", PX_COLUMN_TIME},         [ORDER_SIDE] = {"side", PX_COLUMN_TEXT},
    [ORDER_QTY] = {"qty", PX_COLUMN_QUANTITY},   [ORDER_KIND] = {"kind", PX_COLUMN_TEXT},
    [ORDER_STATUS] = {"status", PX_COLUMN_TEXT}, [ORDER_DONE_TS] = {"done_ts", PX_COLUMN_TIME},
};

static px_status add_order(px_table *table, const pxi_order *order, px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (status)
        return status;
    px_table_set_i64(table, ORDER_TS, order->ts_us);
    px_table_set_f64(table, ORDER_QTY, order->quantity);
    px_table_set_i64(table, ORDER_DONE_TS, order->done_us);
    status = px_table_set_text(table, ORDER_SIDE, px_side_name(order->side), err);
    if (!status)
        status = px_table_set_text(table, ORDER_KIND, pxi_order_kind(order->reason, false), err);
    if (!status)
        status = px_table_set_text(table, ORDER_STATUS, pxi_order_status_name(order->status), err);
    return status;
}

px_status pxi_orders_table(const pxi_journal *journal, px_table *out, px_error *err) {
    px_status status = px_table_init(out, order_columns, N_COLUMNS(order_columns), err);
    for (size_t i = 0; i < journal->n_orders && !status; i++)
        status = add_order(out, &journal->orders[i], err);
    return status;
}

/* ---- fills -------------------------------------------------------------------------------------------- */

enum { FILL_TS, FILL_SIDE, FILL_QTY, FILL_PRICE, FILL_FEES, FILL_KIND, FILL_TRADE };
static const px_column_def fill_columns[] = {
    [FILL_TS] = {"ts", PX_COLUMN_TIME},       [FILL_SIDE] = {"side", PX_COLUMN_TEXT},
    [FILL_QTY] = {"qty", PX_COLUMN_QUANTITY}, [FILL_PRICE] = {"price", PX_COLUMN_F64},
    [FILL_FEES] = {"fees", PX_COLUMN_F64},    [FILL_KIND] = {"kind", PX_COLUMN_TEXT},
    [FILL_TRADE] = {"trade", PX_COLUMN_I64},
};

static px_status add_fill(px_table *table, const pxi_fill *fill, px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (status)
        return status;
    px_table_set_i64(table, FILL_TS, fill->ts_us);
    px_table_set_f64(table, FILL_QTY, fill->quantity);
    px_table_set_f64(table, FILL_PRICE, fill->price);
    px_table_set_f64(table, FILL_FEES, fill->fees);
    px_table_set_i64(table, FILL_TRADE, (int64_t)fill->trade);
    status = px_table_set_text(table, FILL_SIDE, px_side_name(fill->side), err);
    if (!status)
        status = px_table_set_text(table, FILL_KIND, pxi_order_kind(fill->reason, fill->carry), err);
    return status;
}

px_status pxi_fills_table(const pxi_journal *journal, px_table *out, px_error *err) {
    px_status status = px_table_init(out, fill_columns, N_COLUMNS(fill_columns), err);
    for (size_t i = 0; i < journal->n_fills && !status; i++)
        status = add_fill(out, &journal->fills[i], err);
    return status;
}

/* ---- hash --------------------------------------------------------------------------------------------- */

enum { HASH_BLOCK = 512 };

/* Whole quantities are hashed as the integers that they were before there were fractions, so that runs in
 * whole lots keep their fingerprints. */
static uint64_t bits_of(px_column_type type, double number) {
    uint64_t bits;
    if (isnan(number)) /* whatever its sign and payload */
        return (uint64_t)PX_NULL_I64;
    if (type == PX_COLUMN_QUANTITY && number == trunc(number) && fabs(number) < 1e15)
        return (uint64_t)(int64_t)number;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* Little-endian bits. */
static void hash_cells(pxi_hash *hash, px_column_type type, const void *cells, size_t n) {
    uint64_t block[HASH_BLOCK];
    const double *numbers = cells;
    memcpy(block, cells, n * sizeof *block);
    for (size_t i = 0; px_column_is_real(type) && i < n; i++)
        block[i] = bits_of(type, numbers[i]);
    for (size_t i = 0; i < n; i++)
        block[i] = htole64(block[i]);
    pxi_hash_bytes(hash, block, n * sizeof *block);
}

static void hash_numbers(pxi_hash *hash, const px_column *column, size_t n) {
    for (size_t begin = 0; begin < n; begin += HASH_BLOCK)
        hash_cells(hash, column->type, column->u.i64 + begin,
                   n - begin < HASH_BLOCK ? n - begin : HASH_BLOCK);
}

static void hash_texts(pxi_hash *hash, const px_table *table, size_t column) {
    for (size_t row = 0; row < table->n_rows; row++) {
        const char *text = px_table_text(table, column, row);
        pxi_hash_text(hash, text ? text : "");
    }
}

/* Flags are hashed as the numbers they are, quantities as bits_of says. */
static void hash_heading(pxi_hash *hash, const char *name, px_column_type type) {
    const bool whole = type == PX_COLUMN_FLAG || type == PX_COLUMN_QUANTITY;
    pxi_hash_text(hash, name);
    pxi_hash_i64(hash, (int64_t)(whole ? PX_COLUMN_I64 : type));
}

void pxi_hash_table(pxi_hash *hash, const px_table *table) {
    pxi_hash_i64(hash, (int64_t)table->n_rows);
    for (size_t c = 0; c < table->n_columns; c++) {
        hash_heading(hash, table->columns[c].name, table->columns[c].type);
        if (table->columns[c].type == PX_COLUMN_TEXT)
            hash_texts(hash, table, c);
        else
            hash_numbers(hash, &table->columns[c], table->n_rows);
    }
}

void pxi_hash_curve(pxi_hash *hash, const pxi_curve *curve) {
    int64_t cells[HASH_BLOCK];
    pxi_hash_i64(hash, (int64_t)(curve->end - curve->begin));
    for (size_t c = 0; c < PXI_N_EQUITY; c++) {
        pxi_curve_reader reader = pxi_curve_read(curve, c);
        hash_heading(hash, pxi_equity_defs[c].name, pxi_equity_defs[c].type);
        for (size_t n; reader.at < curve->end;) {
            n = curve->end - reader.at < HASH_BLOCK ? curve->end - reader.at : HASH_BLOCK;
            pxi_curve_next(&reader, n, cells);
            hash_cells(hash, pxi_equity_defs[c].type, cells, n);
        }
    }
}
