// SPDX-License-Identifier: Apache-2.0
/* What a request must show before it gets to its route. */
#ifndef SERVER_GATE_H
#define SERVER_GATE_H

#include "server/server.h"

/* False, with the answer filled in: a Host that is not ours (421: another site's name may lead to this
 * address), an Origin or page that is not ours (403), no session (401), a change without the header token
 * (403). */
bool gate_pass(server *own, const http_request *request, const server_route *route, http_response *response);
/* Headers of every answer: nothing is framed, guessed at, sent elsewhere or kept in caches. */
void gate_guard(http_response *response);

#endif
