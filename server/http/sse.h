// SPDX-License-Identifier: Apache-2.0
/* Server-sent events (HTML Living Standard, 9.2). */
#ifndef SERVER_SSE_H
#define SERVER_SSE_H

#include "server/server.h"

/* One job: `progress` with the byte offset in its progress file as id, `state`, and `end`, after which the
 * stream ends. Last-Event-ID goes on behind that offset. Errors: PX_ENOTFOUND. */
px_status sse_job(server_call *call, int64_t id, px_error *err);
/* All jobs: `job` on any change of one, and `runs` when the stored runs are others than before. */
px_status sse_all(server_call *call, px_error *err);

#endif
