// SPDX-License-Identifier: Apache-2.0
/* Requests to handlers. */
#ifndef SERVER_ROUTES_H
#define SERVER_ROUTES_H

#include "server/server.h"

/* `user` is the server: an http_handler's two steps. */
bool routes_begin(void *user, const http_request *request, http_body_policy *policy, http_response *response);
void routes_respond(void *user, const http_request *request, http_response *response);

#endif
