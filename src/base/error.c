// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

px_status pxi_fail(px_error *err, px_status code, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    err->code = code;
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    return code;
}

px_status pxi_fail_errno(px_error *err, const char *what, const char *path) {
    char reason[128];
    const char *text = strerror_r(errno, reason, sizeof reason);
    return pxi_fail(err, PX_EIO, "cannot %s %s: %s", what, path, text);
}

px_status pxi_fail_memory(px_error *err) {
    return pxi_fail(err, PX_ENOMEM, "out of memory");
}

px_status pxi_fail_prefix(px_error *err, px_status code, const char *format, ...) {
    if (!err)
        return code;
    char inner[sizeof err->message];
    memcpy(inner, err->message, sizeof inner);
    char prefix[sizeof err->message / 2];
    va_list args;
    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
    size_t room = sizeof err->message - strlen(prefix) - 3;
    snprintf(err->message, sizeof err->message, "%s: %.*s", prefix, (int)room, inner);
    err->code = code;
    return code;
}

int px_status_is_usage(px_status status) {
    switch (status) {
    case PX_EINPUT:
    case PX_ENOTFOUND:
    case PX_EEXISTS:
    case PX_EMISMATCH:
        return 1;
    default:
        return 0;
    }
}

const char *px_status_name(px_status status) {
    static const char *const names[] = {
        [PX_OK] = "ok",
        [PX_EINPUT] = "bad input",
        [PX_ENOTFOUND] = "not found",
        [PX_EEXISTS] = "exists already",
        [PX_EMISMATCH] = "mismatch",
        [PX_EIO] = "input/output error",
        [PX_ECORRUPT] = "damaged file",
        [PX_ENOMEM] = "out of memory",
        [PX_ELIBRARY] = "library error",
        [PX_EINTERRUPTED] = "interrupted",
    };
    size_t i = (size_t)status;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}
