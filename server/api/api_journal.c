// SPDX-License-Identifier: Apache-2.0
/* The journal of stored bars: what changed them, and back again, away, another name. Each change of a
 * series is whole or not at all whenever the server ends; a request is checked by the table of fields, as
 * those of jobs are. */
#include "server/jobs/jobs.h"
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

/* ---- the log ------------------------------------------------------------------------------------------ */

/* Of the instrument that is named, else of all, with times as on NSE. */
static px_status show_log(server_call *call, px_error *err) {
    static const char *const read_already[] = {"symbol", "exchange", NULL};
    const char *symbol = http_query(call->request, "symbol");
    const char *exchange = http_query(call->request, "exchange");
    px_instrument instrument = {0};
    px_calendar *calendar = NULL;
    px_table table = {0};
    px_status status =
        exchange && !symbol
            ? server_fail(err, PX_EINPUT, "exchange goes with a symbol: name one, or leave it out")
            : server_home(call, err);
    if (!status && symbol)
        status = px_instrument_find(call->home, symbol, exchange, PX_NO_DATE, &instrument, err);
    if (!status)
        status = px_calendar_open(symbol ? instrument.exchange : NULL, &calendar, err);
    if (!status)
        status = px_candles_log(call->home, symbol ? &instrument : NULL, &table, err);
    if (!status)
        status = respond_rows_of(call, &table, px_calendar_zone(calendar), read_already, err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

/* ---- changes ------------------------------------------------------------------------------------------ */

/* A change that is asked for; the body is freed whatever becomes of it. */
typedef struct asked {
    json_t *body;
    px_instrument instrument;
} asked;

static const char *text_at(const asked *a, const char *name) {
    return json_string_value(json_object_get(a->body, name));
}

static px_status open_asked(server_call *call, const char *request, asked *a, px_error *err) {
    px_status status = read_json_body(call, &a->body, err);
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = job_check_request(request, call->home, a->body, err);
    if (!status)
        status = px_instrument_find(call->home, text_at(a, "symbol"), text_at(a, "exchange"), PX_NO_DATE,
                                    &a->instrument, err);
    return status;
}

/* 0 where none is named. */
static px_status timeframe_of(const asked *a, int *out, px_error *err) {
    const char *text = text_at(a, "timeframe");
    return text ? px_timeframe_parse(text, out, err) : PX_OK;
}

static px_status undo(server_call *call, px_error *err) {
    char timeframe[PX_TIMEFRAME_TEXT_SIZE];
    asked a = {0};
    px_candles_undone undone = {0};
    px_status status = open_asked(call, "undo", &a, err);
    if (!status)
        status = timeframe_of(&a, &undone.timeframe_minutes, err);
    if (!status) {
        undone.entry = (int)json_integer_value(json_object_get(a.body, "entry"));
        status =
            px_candles_undo(call->home, &a.instrument, &(px_moment){.at_us = server_now_us()}, &undone, err);
    }
    if (!status)
        status = respond_json(call, 200,
                              json_pack("{s:s, s:s, s:i, s:I, s:I}", "symbol", a.instrument.symbol,
                                        "timeframe", px_timeframe_format(undone.timeframe_minutes, timeframe),
                                        "entry", undone.entry, "removed", (json_int_t)undone.n_removed,
                                        "restored", (json_int_t)undone.n_restored),
                              err);
    json_decref(a.body);
    return status;
}

/* Days as the instants between them. */
static px_status window_of(const asked *a, px_candles_window *out, px_error *err) {
    const char *start = text_at(a, "start"), *end = text_at(a, "end");
    int32_t first = 0, last = 0;
    px_calendar *calendar = NULL;
    px_status status = px_calendar_open(a->instrument.exchange, &calendar, err);
    if (!status && start)
        status = px_date_parse(start, &first, err);
    if (!status && end)
        status = px_date_parse(end, &last, err);
    if (!status) {
        out->begin_us = start ? px_calendar_session(calendar, first).midnight_us : PX_TIME_MIN_US;
        out->end_us = end ? px_calendar_session(calendar, last).next_midnight_us : PX_TIME_MAX_US;
        status = timeframe_of(a, &out->timeframe_minutes, err);
    }
    px_calendar_close(&calendar);
    return status;
}

static px_status delete_bars(server_call *call, px_error *err) {
    asked a = {0};
    px_candles_window window = {0};
    char *report = NULL;
    px_status status = open_asked(call, "delete", &a, err);
    if (!status)
        status = window_of(&a, &window, err);
    if (!status) {
        const px_moment moment = {.at_us = server_now_us(),
                                  .forget = json_is_true(json_object_get(a.body, "forget"))};
        status = px_candles_delete(call->home, &a.instrument, &window, &moment, &report, err);
    }
    if (!status)
        status = respond_json_text(call, 200, report, strlen(report), err);
    json_decref(a.body);
    return status;
}

static px_status give_name(server_call *call, px_error *err) {
    asked a = {0};
    px_instrument renamed = {0};
    px_status status = open_asked(call, "rename", &a, err);
    if (!status)
        status =
            px_candles_rename(call->home, &a.instrument, text_at(&a, "name"), server_now_us(), &renamed, err);
    if (!status)
        status = respond_json(call, 200,
                              json_pack("{s:s, s:s, s:s}", "from", a.instrument.symbol, "symbol",
                                        renamed.symbol, "instrument_key", renamed.key),
                              err);
    json_decref(a.body);
    return status;
}

const server_route journal_routes[] = {
    {"GET", "/api/v1/data/log", show_log, 0},
    {"POST", "/api/v1/data/undo", undo, ROUTE_PLAIN},
    {"POST", "/api/v1/data/delete", delete_bars, ROUTE_PLAIN},
    {"POST", "/api/v1/data/rename", give_name, ROUTE_PLAIN},
    {0},
};
