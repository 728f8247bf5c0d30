// SPDX-License-Identifier: Apache-2.0
/* pixity events|labels: candidates of the window, and what became of them. */
#include "cli/frame/cli.h"

#include <math.h>

typedef struct research {
    px_dataset data;
    px_feature_frame frame;
    px_event_list events;
    px_label_list labels;
    px_table table;
} research;

static void close_research(research *r) {
    px_table_free(&r->table);
    px_label_list_free(&r->labels);
    px_event_list_free(&r->events);
    px_feature_frame_free(&r->frame);
    px_dataset_free(&r->data);
}

/* The stages up to the events of the window. */
static px_status find_events(cli_call *call, research *r, px_error *err) {
    px_dataset *data = &r->data;
    px_status status = cli_load_dataset(call, data, err);
    if (!status)
        status = px_features_compute(&data->bars, data->calendar, &call->config, &r->frame, err);
    if (!status)
        status = px_events_find(&data->bars, &r->frame, data->calendar, &call->config,
                                data->timeframe_minutes, data->begin, data->end, &r->events, err);
    return status;
}

/* ---- events ------------------------------------------------------------------------------------------- */

enum {
    EVENT_TIME,
    EVENT_SIDE,
    EVENT_TYPE,
    EVENT_INPUTS,
    EVENT_PRICE = EVENT_INPUTS + PX_N_INPUTS,
    EVENT_ATR,
    N_EVENT_COLUMNS
};

static px_status add_event(px_table *table, const px_event *event, px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, EVENT_SIDE, px_side_name(event->side), err);
    if (!status)
        status = px_table_set_text(table, EVENT_TYPE, px_event_type_name(event->type), err);
    if (status)
        return status;
    px_table_set_i64(table, EVENT_TIME, event->ts_us);
    for (size_t i = 0; i < PX_N_INPUTS; i++)
        px_table_set_f64(table, EVENT_INPUTS + i, event->inputs[i]);
    px_table_set_f64(table, EVENT_PRICE, event->close);
    px_table_set_f64(table, EVENT_ATR, event->atr);
    return PX_OK;
}

static px_status make_event_table(research *r, px_error *err) {
    px_column_def defs[N_EVENT_COLUMNS] = {
        [EVENT_TIME] = {"timestamp", PX_COLUMN_TIME},
        [EVENT_SIDE] = {"side", PX_COLUMN_TEXT},
        [EVENT_TYPE] = {"event_type", PX_COLUMN_TEXT},
        [EVENT_PRICE] = {"entry_price_at_event", PX_COLUMN_F64},
        [EVENT_ATR] = {"atr_at_event", PX_COLUMN_F64},
    };
    for (size_t i = 0; i < PX_N_INPUTS; i++)
        defs[EVENT_INPUTS + i] = (px_column_def){px_input_name(i), PX_COLUMN_F64};
    px_status status = px_table_init(&r->table, defs, N_EVENT_COLUMNS, err);
    for (size_t i = 0; !status && i < r->events.n; i++)
        status = add_event(&r->table, &r->events.items[i], err);
    return status;
}

static px_status run_events(cli_call *call, px_error *err) {
    research r = {0};
    px_status status = find_events(call, &r, err);
    if (!status)
        status = make_event_table(&r, err);
    if (!status)
        status = cli_print_table(call, &r.table, PX_TABLE_CSV, px_calendar_zone(r.data.calendar), err);
    close_research(&r);
    return status;
}

const cli_verb cli_events = {
    .name = "events",
    .arguments = "",
    .summary = "Print the candidate events of the window, with the inputs that a model sees",
    .details =
        "Columns: timestamp,side,event_type,vwap_dist,ema_slope,atr_pct,adx,hour,minute,vol_z,"
        "entry_price_at_event,atr_at_event; side BUY or SELL, type TREND or REVERSION. CSV by default.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run_events,
};

/* ---- labels ------------------------------------------------------------------------------------------- */

enum {
    LABEL_TIME,
    LABEL_SIDE,
    LABEL_TYPE,
    LABEL_ENTRY,
    LABEL_LABEL,
    LABEL_HIT,
    LABEL_EXIT_TIME,
    LABEL_EXIT_PRICE,
    LABEL_R,
    LABEL_MAE,
    LABEL_MFE,
    LABEL_END,
    N_LABEL_COLUMNS
};

static void set_bar_time(px_table *table, size_t column, const px_bars *bars, size_t bar) {
    if (bar != SIZE_MAX)
        px_table_set_i64(table, column, bars->ts_us[bar]);
}

static px_status add_label(px_table *table, const px_bars *bars, const px_event *event, const px_label *label,
                           px_error *err) {
    px_status status = px_table_add_row(table, err);
    if (!status)
        status = px_table_set_text(table, LABEL_SIDE, px_side_name(event->side), err);
    if (!status)
        status = px_table_set_text(table, LABEL_TYPE, px_event_type_name(event->type), err);
    if (!status)
        status = px_table_set_text(table, LABEL_HIT, px_label_hit_name(label->hit), err);
    if (status)
        return status;
    px_table_set_i64(table, LABEL_TIME, event->ts_us);
    px_table_set_f64(table, LABEL_ENTRY, label->entry_price);
    if (label->label != PX_LABEL_UNRESOLVED)
        px_table_set_i64(table, LABEL_LABEL, label->label);
    set_bar_time(table, LABEL_EXIT_TIME, bars, label->exit_bar);
    px_table_set_f64(table, LABEL_EXIT_PRICE, label->exit_price);
    px_table_set_f64(table, LABEL_R, label->realized_r);
    px_table_set_f64(table, LABEL_MAE, label->mae);
    px_table_set_f64(table, LABEL_MFE, label->mfe);
    set_bar_time(table, LABEL_END, bars, label->end_bar);
    return PX_OK;
}

static px_status make_label_table(research *r, px_error *err) {
    static const px_column_def defs[N_LABEL_COLUMNS] = {
        [LABEL_TIME] = {"timestamp", PX_COLUMN_TIME},
        [LABEL_SIDE] = {"side", PX_COLUMN_TEXT},
        [LABEL_TYPE] = {"event_type", PX_COLUMN_TEXT},
        [LABEL_ENTRY] = {"entry_price", PX_COLUMN_F64},
        [LABEL_LABEL] = {"label", PX_COLUMN_I64},
        [LABEL_HIT] = {"barrier_hit", PX_COLUMN_TEXT},
        [LABEL_EXIT_TIME] = {"exit_time", PX_COLUMN_TIME},
        [LABEL_EXIT_PRICE] = {"exit_price", PX_COLUMN_F64},
        [LABEL_R] = {"realized_R", PX_COLUMN_F64},
        [LABEL_MAE] = {"mae", PX_COLUMN_F64},
        [LABEL_MFE] = {"mfe", PX_COLUMN_F64},
        [LABEL_END] = {"ts_end", PX_COLUMN_TIME},
    };
    px_status status = px_table_init(&r->table, defs, N_LABEL_COLUMNS, err);
    for (size_t i = 0; !status && i < r->labels.n; i++) {
        const px_label *label = &r->labels.items[i];
        status = add_label(&r->table, &r->data.bars, &r->events.items[label->event], label, err);
    }
    return status;
}

static px_status run_labels(cli_call *call, px_error *err) {
    research r = {0};
    px_status status = find_events(call, &r, err);
    if (!status)
        status = px_labels_compute(&r.data, &r.events, &call->config, &r.labels, err);
    if (!status)
        status = make_label_table(&r, err);
    if (!status)
        status = cli_print_table(call, &r.table, PX_TABLE_CSV, px_calendar_zone(r.data.calendar), err);
    close_research(&r);
    return status;
}

const cli_verb cli_labels = {
    .name = "labels",
    .arguments = "",
    .summary = "Print the outcome of each event: which barrier was hit, when, at what price, in R",
    .details =
        "Columns: timestamp,side,event_type,entry_price,label,barrier_hit,exit_time,exit_price,realized_R,"
        "mae,mfe,ts_end; barrier_hit tp, sl, time, square_off or unresolved. Gross of costs. Only bars "
        "inside the window are looked at. CSV by default.",
    .groups = PX_GROUP_BARS | PX_GROUP_CONTINUOUS | PX_GROUP_INPUT | PX_GROUP_SETTINGS | PX_GROUP_OUTPUT,
    .run = run_labels,
};
