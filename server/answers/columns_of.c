// SPDX-License-Identifier: Apache-2.0
/* Columns for charts: as float32 where the client asks for them so, else as JSON. */
#include "server/answers/columns_of.h"

#include <string.h>
#include <strings.h>

static const char BINARY_TYPE[] = "application/vnd.pixity.columns";

static bool wants_binary(const http_request *request) {
    const char *accept = http_header(request, "Accept");
    return accept && strcasestr(accept, BINARY_TYPE);
}

px_status respond_columns(server_call *call, px_columns *columns, px_error *err) {
    char *bytes = NULL;
    size_t length = 0;
    bool binary = wants_binary(call->request);
    px_status status = (binary ? px_columns_to_binary : px_columns_to_json)(columns, &bytes, &length, err);
    px_columns_free(columns);
    if (status)
        return status;
    return binary ? respond_bytes(call, BINARY_TYPE, bytes, length, err)
                  : respond_json_text(call, 200, bytes, length, err);
}

px_status query_points(server_call *call, size_t *points, px_error *err) {
    enum { MOST_POINTS = 1000000 };
    return query_count(call, "points", 0, MOST_POINTS, points, err);
}

px_status query_columns(server_call *call, px_columns_request *out, px_error *err) {
    *out = px_columns_request_default();
    px_status status = query_timeframe(call, "timeframe", 0, &out->timeframe_minutes, err);
    if (!status)
        status = query_date(call, "start", &out->start_date, err);
    if (!status)
        status = query_date(call, "end", &out->end_date, err);
    if (!status)
        status = query_points(call, &out->points, err);
    out->indicators = http_query(call->request, "indicators");
    return status;
}
