// SPDX-License-Identifier: Apache-2.0
#include "server/answers/fail.h"

#include <stdarg.h>
#include <stdio.h>

px_status server_fail(px_error *err, px_status code, const char *format, ...) {
    va_list args;
    va_start(args, format);
    if (err) {
        err->code = code;
        vsnprintf(err->message, sizeof err->message, format, args);
    }
    va_end(args);
    return code;
}

px_status server_fail_unknown(const char *what, const char *word, const char *const *names, size_t n,
                              px_error *err) {
    const char *near = px_name_nearest(word, names, n);
    return server_fail(err, PX_EINPUT, "%s \"%.60s\"%s%s%s", what, word, near ? "; did you mean \"" : "",
                       near ? near : "", near ? "\"?" : "");
}
