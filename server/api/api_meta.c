// SPDX-License-Identifier: Apache-2.0
/* What the program knows: strategies, settings, metrics, and the description of this API. */
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char server_openapi[];
extern const size_t server_openapi_size;

/* api/openapi.json with the schemas of requests, which the table of fields tells. */
static px_status openapi(server_call *call, px_error *err) {
    char *text = NULL;
    px_status status = px_requests_schema(&text, err);
    if (status)
        return status;
    json_t *requests = json_loads(text, 0, NULL);
    json_t *document = json_loadb((const char *)server_openapi, server_openapi_size, 0, NULL);
    free(text);
    json_object_update(json_object_get(json_object_get(document, "components"), "schemas"), requests);
    json_decref(requests);
    return respond_json(call, 200, document, err);
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
