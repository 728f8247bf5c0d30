// SPDX-License-Identifier: Apache-2.0
#include "live/lines.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/json.h"
#include "findings/findings.h"

/* ---- members ------------------------------------------------------------------------------------------ */

static void put(pxi_output *l, const char *text) {
    pxi_text_add(&l->text, text, strlen(text));
}

static void put_key(pxi_output *l, const char *key) {
    put(l, ",\"");
    put(l, key);
    put(l, "\":");
}

static void put_number(pxi_output *l, const char *key, double value) {
    char buf[PX_DOUBLE_TEXT_SIZE];
    put_key(l, key);
    if (!isfinite(value)) {
        put(l, "null");
        return;
    }
    pxi_text_add(&l->text, buf, px_double_format(value, buf));
}

static void put_text(pxi_output *l, const char *key, const char *value) {
    put_key(l, key);
    if (value)
        pxi_json_quote(&l->text, value);
    else
        put(l, "null");
}

static void put_time(pxi_output *l, const char *key, int64_t ts_us) {
    if (ts_us != l->formatted_us || !*l->stamp)
        px_time_format_iso(ts_us, l->zone, l->stamp);
    l->formatted_us = ts_us;
    put_key(l, key);
    put(l, "\"");
    put(l, l->stamp);
    put(l, "\"");
}

static void begin(pxi_output *l, const char *type) {
    put(l, "{\"type\":\"");
    put(l, type);
    put(l, "\"");
}

static void end(pxi_output *l) {
    put(l, "}\n");
}

static const char *event_type(int type) {
    return type < 0 ? NULL : px_event_type_name(type);
}

/* ---- lines -------------------------------------------------------------------------------------------- */

static void write_bar(pxi_output *l, const px_bar *bar) {
    begin(l, "bar");
    put_time(l, "timestamp", bar->ts_us);
    put_number(l, "open", bar->open);
    put_number(l, "high", bar->high);
    put_number(l, "low", bar->low);
    put_number(l, "close", bar->close);
    put_number(l, "volume", bar->volume);
    end(l);
}

static void write_feature(pxi_output *l, int64_t ts_us, const double row[PX_N_FEATURES]) {
    begin(l, "feature");
    put_time(l, "timestamp", ts_us);
    for (size_t k = 0; k < PX_N_FEATURES; k++)
        put_number(l, px_feature_name(k), row[k]);
    end(l);
}

static void write_event(pxi_output *l, const px_event *event) {
    begin(l, "event");
    put_time(l, "timestamp", event->ts_us);
    put_text(l, "side", px_side_name(event->side));
    put_text(l, "event_type", event_type(event->type));
    for (size_t k = 0; k < PX_N_INPUTS; k++)
        put_number(l, px_input_name(k), event->inputs[k]);
    put_number(l, "entry_price_at_event", event->close);
    put_number(l, "atr_at_event", event->atr);
    end(l);
}

static void write_signal(pxi_output *l, const px_candidate *candidate) {
    const px_event *event = &candidate->event;
    begin(l, "signal");
    put_time(l, "timestamp", event->ts_us);
    put_text(l, "side", px_side_name(event->side));
    put_text(l, "event_type", event_type(event->type));
    put_number(l, "probability", candidate->probability);
    put_text(l, "fate", px_outcome_name(candidate->outcome));
    put_number(l, "quantity", candidate->quantity);
    put_text(l, "capped_by", px_cap_name(candidate->capped_by));
    end(l);
}

static void write_order(pxi_output *l, const pxi_order *order) {
    begin(l, "order");
    put_time(l, "timestamp", order->ts_us);
    put_text(l, "side", px_side_name(order->side));
    put_number(l, "quantity", order->quantity);
    put_text(l, "kind", pxi_order_kind(order->reason, false));
    put_text(l, "status", pxi_order_status_name(order->status));
    end(l);
}

static void write_fill(pxi_output *l, const pxi_fill *fill) {
    begin(l, "fill");
    put_time(l, "timestamp", fill->ts_us);
    put_text(l, "side", px_side_name(fill->side));
    put_number(l, "quantity", fill->quantity);
    put_number(l, "price", fill->price);
    put_number(l, "fees", fill->fees);
    put_text(l, "kind", pxi_order_kind(fill->reason, fill->carry));
    end(l);
}

static void write_exit(pxi_output *l, const pxi_trade *trade) {
    begin(l, "exit");
    put_time(l, "timestamp", trade->exit_us);
    put_time(l, "entry_ts", trade->entry_us);
    put_text(l, "direction", trade->side == PX_LONG ? "long" : "short");
    put_number(l, "quantity", trade->quantity);
    put_number(l, "entry_price", trade->entry_price);
    put_number(l, "exit_price", trade->exit_price);
    put_number(l, "stop", trade->levels.stop);
    put_number(l, "target", trade->levels.target);
    put_number(l, "pnl_gross", trade->pnl);
    put_number(l, "fees", trade->fees);
    put_number(l, "pnl_net", trade->pnl - trade->fees);
    put_number(l, "bars_held", trade->bars_held);
    put_text(l, "exit_reason", px_exit_reason_name(trade->reason));
    put_text(l, "event_type", event_type(trade->signal.event_type));
    put_number(l, "probability", trade->signal.probability);
    end(l);
}

void pxi_line_warning(pxi_output *l, const char *kind, int64_t ts_us, size_t n, const char *message) {
    begin(l, "warning");
    put_time(l, "timestamp", ts_us);
    put_text(l, "kind", kind);
    if (n)
        put_number(l, "minutes", (double)n);
    put_text(l, "message", message);
    end(l);
}

void pxi_line_finding(pxi_output *l, const px_finding *finding, int64_t ts_us) {
    pxi_text text = {0};
    pxi_finding_text(finding, &text);
    l->text.failed |= text.failed;
    begin(l, "warning");
    put_time(l, "timestamp", ts_us);
    put_text(l, "kind", finding->code);
    put_text(l, "severity", px_severity_name(finding->severity));
    put_text(l, "message", text.data);
    put_text(l, "where", finding->where);
    put_number(l, "count", (double)finding->count);
    put_text(l, "effect", finding->effect);
    put_text(l, "remedy", finding->remedy);
    if (finding->severity == PX_SEVERITY_ERROR) {
        put_key(l, "accepted");
        put(l, finding->accepted ? "true" : "false");
    }
    end(l);
    pxi_text_free(&text);
}

/* ---- as a sink ---------------------------------------------------------------------------------------- */

static px_status say_seen(void *user, const pxi_seen_bar *seen, px_error *err) {
    (void)err;
    write_bar(user, seen->bar);
    write_feature(user, seen->bar->ts_us, seen->row);
    for (size_t k = 0; k < seen->n_events; k++)
        write_event(user, &seen->events[k]);
    return PX_OK;
}

static px_status say_candidate(void *user, size_t desk, const px_candidate *candidate, px_error *err) {
    (void)desk, (void)err;
    write_signal(user, candidate);
    return PX_OK;
}

/* A fill tells of itself. */
static px_status say_done(void *user, const pxi_order *order, px_error *err) {
    (void)err;
    if (order->status == PXI_ORDER_CANCELLED)
        write_order(user, order);
    return PX_OK;
}

static px_status say_fill(void *user, const pxi_fill *fill, px_error *err) {
    (void)err;
    write_fill(user, fill);
    return PX_OK;
}

static px_status say_trade(void *user, const pxi_trade *trade, px_error *err) {
    (void)err;
    write_exit(user, trade);
    return PX_OK;
}

static px_status say_order(void *user, const pxi_order *order, px_error *err) {
    (void)err;
    write_order(user, order);
    return PX_OK;
}

const pxi_sink_kind pxi_lines_sink = {
    .seen = say_seen,
    .candidate = say_candidate,
    .done = say_done,
    .fill = say_fill,
    .trade = say_trade,
    .order = say_order,
};
