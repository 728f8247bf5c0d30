// SPDX-License-Identifier: Apache-2.0
/* What the program says when something is wrong. */
#include "cli/frame/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static PX_PRINTF(3, 0) px_status fill(px_error *err, px_status code, const char *format, va_list arguments) {
    if (err) {
        err->code = code;
        vsnprintf(err->message, sizeof err->message, format, arguments);
    }
    return code;
}

px_status cli_fail(px_error *err, px_status code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fill(err, code, format, arguments);
    va_end(arguments);
    return code;
}

px_status cli_fail_prefix(px_error *err, px_status code, const char *format, ...) {
    char rest[sizeof err->message];
    va_list arguments;
    if (!err)
        return code;
    memcpy(rest, err->message, sizeof rest);
    va_start(arguments, format);
    fill(err, code, format, arguments);
    va_end(arguments);
    size_t used = strlen(err->message);
    snprintf(err->message + used, sizeof err->message - used, ": %s", rest);
    return code;
}

px_status cli_fail_usage(cli_call *call, px_error *err, const char *format, ...) {
    va_list arguments;
    call->bad_usage = true;
    va_start(arguments, format);
    fill(err, PX_EINPUT, format, arguments);
    va_end(arguments);
    return PX_EINPUT;
}

const char *cli_hint(const char *word, const char *const *names, size_t n, char buf[CLI_HINT_SIZE]) {
    const char *nearest = px_name_nearest(word, names, n);
    buf[0] = '\0';
    if (nearest)
        snprintf(buf, CLI_HINT_SIZE, "; did you mean \"%s\"?", nearest);
    return buf;
}

void cli_log(const cli_call *call, cli_log_level level, const char *format, ...) {
    static const char *const names[] = {"", "warning: ", "", ""};
    va_list arguments;
    if (level > call->log_level)
        return;
    fprintf(stderr, "pixity: %s: %s", call->verb ? call->verb->name : "", names[level]);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void cli_warn_look_ahead(const cli_call *call) {
    if (px_config_looks_ahead(&call->config))
        cli_log(call, CLI_LOG_WARNING,
                "the settings look ahead (profile %s, swing or vwap_fallback): values use bars that were not "
                "known yet; not for live use",
                px_profile_name(call->config.profile));
}
