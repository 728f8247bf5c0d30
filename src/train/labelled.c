// SPDX-License-Identifier: Apache-2.0
/* The labelled events that a model was trained on, for the user's own research. */
#include "train/training.h"

#include "base/error.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

enum {
    TIMESTAMP,
    SIDE,
    EVENT_TYPE,
    INPUTS,
    ENTRY_PRICE_AT_EVENT = INPUTS + PX_N_INPUTS,
    ATR_AT_EVENT,
    ENTRY_PRICE,
    LABEL,
    BARRIER_HIT,
    EXIT_TIME,
    EXIT_PRICE,
    REALIZED_R,
    MAE,
    MFE,
    TS_END,
    FOLD,
    PROBABILITY,
    INSTRUMENT,
    SYMBOL,
    N_COLUMNS,
};

static px_status make_table(px_table *table, px_error *err) {
    px_column_def defs[N_COLUMNS] = {
        [TIMESTAMP] = {"timestamp", PX_COLUMN_TIME},
        [SIDE] = {"side", PX_COLUMN_TEXT},
        [EVENT_TYPE] = {"event_type", PX_COLUMN_TEXT},
        [ENTRY_PRICE_AT_EVENT] = {"entry_price_at_event", PX_COLUMN_F64},
        [ATR_AT_EVENT] = {"atr_at_event", PX_COLUMN_F64},
        [ENTRY_PRICE] = {"entry_price", PX_COLUMN_F64},
        [LABEL] = {"label", PX_COLUMN_I64},
        [BARRIER_HIT] = {"barrier_hit", PX_COLUMN_TEXT},
        [EXIT_TIME] = {"exit_time", PX_COLUMN_TIME},
        [EXIT_PRICE] = {"exit_price", PX_COLUMN_F64},
        [REALIZED_R] = {"realized_R", PX_COLUMN_F64},
        [MAE] = {"mae", PX_COLUMN_F64},
        [MFE] = {"mfe", PX_COLUMN_F64},
        [TS_END] = {"ts_end", PX_COLUMN_TIME},
        [FOLD] = {"fold", PX_COLUMN_I64},               /* that tests it; 0 = none, empty = not used */
        [PROBABILITY] = {"probability", PX_COLUMN_F64}, /* of that fold's model */
        [INSTRUMENT] = {"instrument", PX_COLUMN_TEXT},  /* its key */
        [SYMBOL] = {"symbol", PX_COLUMN_TEXT},
    };
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        defs[INPUTS + k] = (px_column_def){px_input_name(k), PX_COLUMN_F64};
    return px_table_init(table, defs, N_COLUMNS, err);
}

static px_status put_event(px_table *table, const px_event *event, px_error *err) {
    px_status status;
    if ((status = px_table_set_text(table, SIDE, px_side_name(event->side), err)) ||
        (status = px_table_set_text(table, EVENT_TYPE, px_event_type_name(event->type), err)))
        return status;
    px_table_set_i64(table, TIMESTAMP, event->ts_us);
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        px_table_set_f64(table, INPUTS + k, event->inputs[k]);
    px_table_set_f64(table, ENTRY_PRICE_AT_EVENT, event->close);
    px_table_set_f64(table, ATR_AT_EVENT, event->atr);
    return PX_OK;
}

static void put_bar(px_table *table, size_t column, const px_bars *bars, size_t bar) {
    if (bar != SIZE_MAX)
        px_table_set_i64(table, column, bars->ts_us[bar]);
}

static px_status put_label(px_table *table, const px_label *label, const px_bars *bars, px_error *err) {
    px_table_set_f64(table, ENTRY_PRICE, label->entry_price);
    if (label->label != PX_LABEL_UNRESOLVED)
        px_table_set_i64(table, LABEL, label->label);
    put_bar(table, EXIT_TIME, bars, label->exit_bar);
    px_table_set_f64(table, EXIT_PRICE, label->exit_price);
    px_table_set_f64(table, REALIZED_R, label->realized_r);
    px_table_set_f64(table, MAE, label->mae);
    px_table_set_f64(table, MFE, label->mfe);
    put_bar(table, TS_END, bars, label->end_bar);
    return px_table_set_text(table, BARRIER_HIT, px_label_hit_name(label->hit), err);
}

static px_status put_instrument(px_table *table, const px_instrument *instrument, px_error *err) {
    px_status status = px_table_set_text(table, INSTRUMENT, instrument->key, err);
    return status ? status : px_table_set_text(table, SYMBOL, instrument->symbol, err);
}

px_status pxi_training_table(const pxi_training *t, px_table *out, px_error *err) {
    px_table table = {0};
    px_status status = make_table(&table, err);
    size_t row = 0; /* of the training rows, which are a part of the labels in the same order */
    for (size_t i = 0; i < t->panel.n_labels && !status; i++) {
        const px_dataset *data = &t->panel.members[t->panel.labels[i].member].data;
        if ((status = px_table_add_row(&table, err)) ||
            (status = put_event(&table, pxi_panel_event(&t->panel, i), err)) ||
            (status = put_label(&table, pxi_panel_label(&t->panel, i), &data->bars, err)) ||
            (status = put_instrument(&table, &data->instrument, err)))
            break;
        if (row < t->rows.n && t->rows.label[row] == i) {
            px_table_set_i64(&table, FOLD, pxi_evaluation_fold(&t->evaluation, row));
            px_table_set_f64(&table, PROBABILITY, t->evaluation.p[row++]);
        }
    }
    if (status)
        px_table_free(&table);
    else
        *out = table;
    return status;
}
