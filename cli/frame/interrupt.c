// SPDX-License-Identifier: Apache-2.0
/* SIGINT, SIGTERM and SIGHUP ask the work to stop, through its progress. What is half-written lies beside the
 * finished files and is swept up by the next writer, so that leaving at once is safe at any moment: that is
 * what a second signal does, and the time that the work has to stop by itself. */
#include "cli/frame/cli.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GRACE_NS = 80000000 };

static atomic_int n_signals;
static atomic_bool is_told; /* the user has read why the program ends */
static timer_t grace;
static bool has_timer;

static void leave(void) {
    static const char message[] =
        "pixity: interrupted; what was finished is kept, and nothing half-written\n";
    cli_progress_interrupted();
    if (!atomic_load(&is_told) && write(STDERR_FILENO, message, sizeof message - 1) < 0)
        _exit(CLI_EXIT_INTERRUPTED);
    _exit(CLI_EXIT_INTERRUPTED);
}

static void on_signal(int number) {
    const struct itimerspec wait = {.it_value = {.tv_nsec = GRACE_NS}};
    if (number == SIGALRM || atomic_fetch_add(&n_signals, 1) > 0 || !has_timer ||
        timer_settime(grace, 0, &wait, NULL) != 0)
        leave();
}

void cli_interrupt_listen(void) {
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    has_timer = timer_create(CLOCK_MONOTONIC, &event, &grace) == 0;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    action.sa_handler = SIG_IGN; /* a closed pipe is an error of writing, seen on closing */
    sigaction(SIGPIPE, &action, NULL);
}

void cli_interrupt_end(void) {
    const struct itimerspec never = {0};
    if (has_timer)
        timer_settime(grace, 0, &never, NULL);
    atomic_store(&n_signals, 0);
}

bool cli_is_interrupted(void) {
    return atomic_load(&n_signals) > 0;
}

void cli_interrupt_told(void) {
    atomic_store(&is_told, true);
}
