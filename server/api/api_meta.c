// SPDX-License-Identifier: Apache-2.0
/* What the program knows: strategies, settings, metrics, and the description of this API. */
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char server_openapi[];
extern const size_t server_openapi_size;

static px_status openapi(server_call *call, px_error *err) {
    (void)err;
    call->response->status = 200;
    call->response->borrowed = server_openapi;
    call->response->length = server_openapi_size;
    http_set_header(call->response, "Content-Type", "application/json; charset=utf-8");
    return PX_OK;
}

static px_status respond_text(server_call *call, px_status (*make)(char **, px_error *), px_error *err) {
    char *text = NULL;
    px_status status = make(&text, err);
    return status ? status : respond_json_text(call, 200, text, strlen(text), err);
}

static px_status strategies(server_call *call, px_error *err) {
    return respond_text(call, px_strategies_document, err);
}

static px_status learners(server_call *call, px_error *err) {
    return respond_text(call, px_learners_document, err);
}

static px_status keys(server_call *call, px_error *err) {
    return respond_text(call, px_config_keys_document, err);
}

static px_status schema(server_call *call, px_error *err) {
    return respond_text(call, px_config_schema, err);
}

static px_status metrics(server_call *call, px_error *err) {
    return respond_text(call, px_metrics_document, err);
}

const server_route meta_routes[] = {
    {"GET", "/api/v1/openapi.json", openapi, ROUTE_PLAIN},
    {"GET", "/api/v1/strategies", strategies, ROUTE_PLAIN},
    {"GET", "/api/v1/learners", learners, ROUTE_PLAIN},
    {"GET", "/api/v1/config/keys", keys, ROUTE_PLAIN},
    {"GET", "/api/v1/config/schema", schema, ROUTE_PLAIN},
    {"GET", "/api/v1/metrics", metrics, ROUTE_PLAIN},
    {0},
};
