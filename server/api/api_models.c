// SPDX-License-Identifier: Apache-2.0
/* Models: the list, a card. */
#include "server/server.h"

#include <string.h>

static px_status list(server_call *call, px_error *err) {
    return respond_stored(call, px_models_list, err);
}

static px_status show(server_call *call, px_error *err) {
    char *text = NULL;
    px_status status = px_model_check_name(call->parts[0], err); /* a path is none of ours */
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_model_card(call->home, call->parts[0], &text, err);
    return status ? status : respond_json_text(call, 200, text, strlen(text), err);
}

static px_status remove_model(server_call *call, px_error *err) {
    px_status status = px_model_check_name(call->parts[0], err);
    if (!status)
        status = server_home(call, err);
    if (!status)
        status = px_model_delete(call->home, call->parts[0], err);
    return status ? status : respond_nothing(call);
}

const server_route models_routes[] = {
    {"GET", "/api/v1/models", list, 0},
    {"GET", "/api/v1/models/{name}", show, ROUTE_PLAIN},
    {"DELETE", "/api/v1/models/{name}", remove_model, ROUTE_PLAIN},
    {0},
};
