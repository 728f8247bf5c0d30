// SPDX-License-Identifier: Apache-2.0
/* Progress on standard error: a bar with rate and time left on a terminal, or one JSON object a line. */
#include "cli/frame/cli.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t bar_is_shown; /* a signal handler ends the line of the bar */

int64_t cli_clock_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * PX_US_PER_SECOND + now.tv_nsec / 1000;
}

static int64_t steady_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * PX_US_PER_SECOND + now.tv_nsec / 1000;
}

void cli_progress_end(void) {
    if (bar_is_shown)
        fputs("\r\033[K", stderr);
    bar_is_shown = 0;
}

void cli_progress_interrupted(void) {
    if (bar_is_shown && write(STDERR_FILENO, "\n", 1) < 0)
        return;
}

static void show_bar(const char *phase, size_t done, size_t total, double rate, double left_s) {
    enum { WIDTH = 24 };
    char bar[WIDTH + 1];
    size_t filled = total ? (size_t)((double)done / (double)total * WIDTH) : WIDTH;
    filled = filled < WIDTH ? filled : WIDTH;
    memset(bar, '.', WIDTH);
    memset(bar, '#', filled);
    bar[WIDTH] = '\0';
    bar_is_shown = 1;
    if (!total) { /* how long it takes is not known */
        fprintf(stderr, "\r\033[K%s ...", phase);
        return;
    }
    fprintf(stderr, "\r\033[K%-12s [%s] %3.0f %%  %.3g/s  %.0f s left", phase, bar,
            100 * (double)done / (double)total, rate, left_s);
}

static void show_json(const char *phase, size_t done, size_t total, double rate, double left_s) {
    json_t *line = json_pack("{s:s, s:I, s:I, s:f, s:f}", "phase", phase, "done", (json_int_t)done, "total",
                             (json_int_t)total, "rate", rate, "left_s", left_s);
    char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
    if (text)
        fprintf(stderr, "%s\n", text);
    free(text);
    json_decref(line);
}

static bool has_bar(const cli_call *call) {
    return call->progress_mode == CLI_PROGRESS_AUTO && call->log_level > CLI_LOG_ERROR &&
           isatty(STDERR_FILENO);
}

static void show(cli_call *call, const char *phase, size_t done, size_t total) {
    cli_progress *progress = &call->progress;
    int64_t now = steady_us();
    bool fresh = strncmp(progress->phase, phase, sizeof progress->phase - 1) != 0;
    if (fresh) {
        cli_log(call, CLI_LOG_DEBUG, "%s", phase);
        snprintf(progress->phase, sizeof progress->phase, "%s", phase);
        progress->begin_us = now;
    }
    bool due = fresh || (total && done >= total) || now - progress->shown_us >= PX_US_PER_SECOND / 10;
    const bool json = call->progress_mode == CLI_PROGRESS_JSON;
    if (!due || !(json || has_bar(call)))
        return;
    progress->shown_us = now;
    double seconds = (double)(now - progress->begin_us) / (double)PX_US_PER_SECOND;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    double left_s = rate > 0 && total > done ? (double)(total - done) / rate : 0;
    (json ? show_json : show_bar)(phase, done, total, rate, left_s);
}

bool cli_progress_show(void *call, const char *phase, size_t done, size_t total) {
    if (*phase)
        show(call, phase, done, total);
    return !cli_is_interrupted();
}

px_status cli_progress_step(cli_call *call, const char *phase, size_t done, size_t total, px_error *err) {
    return cli_progress_show(call, phase, done, total) ? PX_OK
                                                       : cli_fail(err, PX_EINTERRUPTED, "interrupted");
}
