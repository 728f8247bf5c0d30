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
