// SPDX-License-Identifier: Apache-2.0
#ifndef COLUMNS_OF_H
#define COLUMNS_OF_H

#include "server/server.h"

/* As bytes or as JSON, by the Accept header. Frees the columns. */
px_status respond_columns(server_call *call, px_columns *columns, px_error *err);
/* timeframe, start, end, points, indicators; the texts are borrowed from the request. */
px_status query_columns(server_call *call, px_columns_request *out, px_error *err);
px_status query_points(server_call *call, size_t *points, px_error *err);

#endif
