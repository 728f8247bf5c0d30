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

cli_progress cli_progress_begin(const cli_call *call) {
    cli_progress progress = {.call = call, .json = call->progress_mode == CLI_PROGRESS_JSON};
    progress.bar =
        call->progress_mode == CLI_PROGRESS_AUTO && call->log_level > CLI_LOG_ERROR && isatty(STDERR_FILENO);
    return progress;
}

static void clear_bar(void) {
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

void cli_progress_show(void *user, const char *phase, size_t done, size_t total) {
    cli_progress *progress = user;
    int64_t now = steady_us();
    bool fresh = strncmp(progress->phase, phase, sizeof progress->phase - 1) != 0;
    if (fresh) {
        cli_log(progress->call, CLI_LOG_DEBUG, "%s", phase);
        snprintf(progress->phase, sizeof progress->phase, "%s", phase);
        progress->begin_us = now;
    }
    bool due = fresh || (total && done >= total) || now - progress->shown_us >= PX_US_PER_SECOND / 10;
    if (!due || !(progress->bar || progress->json))
        return;
    progress->shown_us = now;
    double seconds = (double)(now - progress->begin_us) / (double)PX_US_PER_SECOND;
    double rate = seconds > 0 ? (double)done / seconds : 0;
    double left_s = rate > 0 && total > done ? (double)(total - done) / rate : 0;
    (progress->json ? show_json : show_bar)(phase, done, total, rate, left_s);
}

void cli_progress_end(cli_progress *progress) {
    (void)progress;
    clear_bar();
}
