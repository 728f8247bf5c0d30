// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Length of the UTF-8 character that begins here; 0 if none does (RFC 3629). */
static size_t character_length(const unsigned char *at) {
    const unsigned char first = at[0];
    size_t n = first < 0x80   ? 1
               : first < 0xc2 ? 0
               : first < 0xe0 ? 2
               : first < 0xf0 ? 3
               : first < 0xf5 ? 4
                              : 0;
    for (size_t i = 1; i < n; i++)
        if ((at[i] & 0xc0) != 0x80) /* a text's end is none */
            return 0;
    bool overlong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xf0 && at[1] < 0x90);
    bool beyond = (first == 0xed && at[1] > 0x9f) || (first == 0xf4 && at[1] > 0x8f);
    return overlong || beyond ? 0 : n;
}

/* Messages quote what users and files say, which may be any bytes, and may be cut inside a character. */
static void make_utf8(char *message) {
    for (size_t n; *message; message += n) {
        n = character_length((const unsigned char *)message);
        if (n == 0) {
            *message = '?';
            n = 1;
        }
    }
}

px_status pxi_fail(px_error *err, px_status code, const char *format, ...) {
    if (!err)
        return code;
    va_list args;
    va_start(args, format);
    err->code = code;
    vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    make_utf8(err->message);
    return code;
}

/* What is wrong with the name that was given, and not with the machine. */
static bool is_bad_path(int number) {
    return number == EISDIR || number == ENOTDIR || number == ENAMETOOLONG || number == ELOOP;
}

px_status pxi_fail_errno(px_error *err, const char *what, const char *path) {
    char reason[128];
    px_status code = is_bad_path(errno) ? PX_EINPUT : PX_EIO;
    const char *text = strerror_r(errno, reason, sizeof reason);
    return pxi_fail(err, code, "cannot %s %s: %s", what, path, text);
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
    make_utf8(err->message);
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
        [PX_EFAILED] = "failed",
    };
    size_t i = (size_t)status;
    return i < sizeof names / sizeof *names ? names[i] : "unknown";
}
