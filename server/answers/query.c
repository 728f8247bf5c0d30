// SPDX-License-Identifier: Apache-2.0
/* Parameters of a query. */
#include "server/server.h"

#include <stdlib.h>
#include <string.h>

px_status query_count(server_call *call, const char *name, size_t fallback, size_t most, size_t *out,
                      px_error *err) {
    const char *text = http_query(call->request, name);
    size_t length = text ? strlen(text) : 0;
    *out = fallback;
    if (!text)
        return PX_OK;
    unsigned long long value = strtoull(text, NULL, 10);
    if (length == 0 || length > 15 || strspn(text, "0123456789") != length || value > most)
        return server_fail(err, PX_EINPUT, "%s: \"%.60s\" is no whole number from 0 to %zu", name, text,
                           most);
    *out = (size_t)value;
    return PX_OK;
}

px_status query_date(server_call *call, const char *name, int32_t *out, px_error *err) {
    const char *text = http_query(call->request, name);
    px_error inner = {0};
    *out = PX_NO_DATE;
    px_status status = text && *text ? px_date_parse(text, out, &inner) : PX_OK;
    return status ? server_fail(err, status, "%s: %.900s", name, inner.message) : PX_OK;
}

px_status query_timeframe(server_call *call, const char *name, int fallback, int *out, px_error *err) {
    const char *text = http_query(call->request, name);
    px_error inner = {0};
    *out = fallback;
    px_status status = text && *text ? px_timeframe_parse(text, out, &inner) : PX_OK;
    return status ? server_fail(err, status, "%s: %.900s", name, inner.message) : PX_OK;
}

typedef struct checking {
    const char *const *names;
    px_error *err;
    px_status status;
} checking;

static bool check_one(void *user, const char *name, const char *value) {
    checking *own = user;
    size_t n = 0;
    (void)value;
    for (; own->names[n]; n++)
        if (!strcmp(own->names[n], name))
            return true;
    own->status = server_fail_unknown("unknown parameter", name, own->names, n, own->err);
    return false;
}

px_status query_check(server_call *call, const char *const *names, px_error *err) {
    checking own = {names, err, PX_OK};
    http_each_query(call->request, check_one, &own);
    return own.status;
}
