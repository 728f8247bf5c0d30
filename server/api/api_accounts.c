// SPDX-License-Identifier: Apache-2.0
/* Paper accounts: what streams have traded; halt, resume, reset. Names are the library's to check. */
#include "server/server.h"

#include <string.h>

static px_status list(server_call *call, px_error *err) {
    return respond_stored(call, px_accounts_list, err);
}

static px_status respond_account(server_call *call, px_error *err) {
    char *text = NULL;
    px_status status = px_account_show(call->home, call->parts[0], &text, err);
    return status ? status : respond_json_text(call, 200, text, strlen(text), err);
}

static px_status show(server_call *call, px_error *err) {
    px_status status = server_home(call, err);
    return status ? status : respond_account(call, err);
}

static px_status respond_part(server_call *call, px_account_part part, px_error *err) {
    char exchange[16];
    px_table table = {0};
    px_calendar *calendar = NULL;
    px_status status = server_home(call, err);
    if (!status)
        status = px_account_exchange(call->home, call->parts[0], exchange, err);
    if (!status)
        status = px_calendar_open(exchange, &calendar, err);
    if (!status)
        status = px_account_table(call->home, call->parts[0], part, &table, err);
    if (!status)
        status = respond_table(call, &table, px_calendar_zone(calendar), err);
    px_table_free(&table);
    px_calendar_close(&calendar);
    return status;
}

static px_status trades(server_call *call, px_error *err) {
    return respond_part(call, PX_ACCOUNT_TRADES, err);
}

static px_status signals(server_call *call, px_error *err) {
    return respond_part(call, PX_ACCOUNT_SIGNALS, err);
}

static px_status orders(server_call *call, px_error *err) {
    return respond_part(call, PX_ACCOUNT_ORDERS, err);
}

static px_status fills(server_call *call, px_error *err) {
    return respond_part(call, PX_ACCOUNT_FILLS, err);
}

static px_status equity(server_call *call, px_error *err) {
    return respond_part(call, PX_ACCOUNT_EQUITY, err);
}

/* {"reason": "..."} */
static px_status halt(server_call *call, px_error *err) {
    json_t *body = NULL;
    px_status status = read_json_body(call, &body, err);
    if (status)
        return status;
    const char *reason = json_string_value(json_object_get(body, "reason"));
    if (json_object_size(body) != 1 || !reason || !*reason || strlen(reason) > 500)
        status = server_fail(err, PX_EINPUT,
                             "the body must have one member, \"reason\": why, a text of 1 to 500 bytes");
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_account_halt(call->home, call->parts[0], reason, err);
    json_decref(body);
    return status ? status : respond_account(call, err);
}

static px_status resume(server_call *call, px_error *err) {
    px_status status = server_home(call, err);
    if (!status)
        status = px_account_resume(call->home, call->parts[0], err);
    return status ? status : respond_account(call, err);
}

static px_status reset(server_call *call, px_error *err) {
    px_status status = server_home(call, err);
    if (!status)
        status = px_account_reset(call->home, call->parts[0], err);
    return status ? status : respond_nothing(call);
}

const server_route accounts_routes[] = {
    {"GET", "/api/v1/accounts", list, 0},
    {"GET", "/api/v1/accounts/{name}", show, ROUTE_PLAIN},
    {"DELETE", "/api/v1/accounts/{name}", reset, ROUTE_PLAIN},
    {"GET", "/api/v1/accounts/{name}/trades", trades, 0},
    {"GET", "/api/v1/accounts/{name}/signals", signals, 0},
    {"GET", "/api/v1/accounts/{name}/orders", orders, 0},
    {"GET", "/api/v1/accounts/{name}/fills", fills, 0},
    {"GET", "/api/v1/accounts/{name}/equity", equity, 0},
    {"POST", "/api/v1/accounts/{name}/halt", halt, ROUTE_PLAIN},
    {"POST", "/api/v1/accounts/{name}/resume", resume, ROUTE_PLAIN},
    {0},
};
