// SPDX-License-Identifier: Apache-2.0
/* pixity serve: the page and the HTTP API, until it is told to stop. */
#include "cli/frame/cli.h"
#include "server/serve.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

typedef struct serve_options {
    int64_t port; /* read as text, as 0 is fine */
    const char *bind;
    cli_texts hosts;
    int64_t jobs, queue;
    bool set_password, end_sessions;
} serve_options;

static px_status parse_port(const char *text, void *field, px_error *err) {
    uint64_t port;
    px_status status = cli_parse_seed(text, &port, err);
    if (!status && port > 65535)
        status = cli_fail(err, PX_EINPUT, "\"%s\" is no port: 0 to 65535", text);
    if (!status)
        *(int64_t *)field = (int64_t)port + 1; /* 0 = not given */
    return status;
}

/* As the Host header has it: a name or an address, and a port where browsers tell one. */
static px_status parse_host(const char *text, void *field, px_error *err) {
    if (!*text || strpbrk(text, "/ \t,@"))
        return cli_fail(err, PX_EINPUT, "\"%.100s\" is no host: give a name, such as bars.example.org", text);
    return cli_parse_texts(text, field, err);
}

static const cli_place serve_places[] = {
    {"port", .offset = offsetof(serve_options, port), parse_port},
    {"bind", .offset = offsetof(serve_options, bind)},
    {"host", .offset = offsetof(serve_options, hosts), parse_host},
    {"jobs", .offset = offsetof(serve_options, jobs)},
    {"queue", .offset = offsetof(serve_options, queue)},
    {"set-password", .offset = offsetof(serve_options, set_password)},
    {"end-sessions", .offset = offsetof(serve_options, end_sessions)},
    {0},
};

/* ---- the password ------------------------------------------------------------------------------------- */

enum { PASSWORD_SIZE = 1024 };

static volatile sig_atomic_t told_to_end;

static void note_end(int signal) {
    (void)signal;
    told_to_end = 1;
}

static void collect_ends(sigset_t *ends) {
    sigemptyset(ends);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGHUP);
}

/* A line of a terminal, or nothing where a signal came, however shortly before. */
static bool read_unless_told(char line[PASSWORD_SIZE]) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    sigset_t ends, before;
    collect_ends(&ends);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    bool ready =
        !told_to_end && ppoll(&input, 1, NULL, &before) > 0; /* signals come here, and nowhere else */
    ssize_t n = ready ? read(STDIN_FILENO, line, PASSWORD_SIZE - 1) : 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    line[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* A line that does not appear; a signal ends the reading, so that the terminal shows again what is typed. */
static bool read_hidden(const char *prompt, const struct termios *shown, char line[PASSWORD_SIZE]) {
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    enum { N_ENDS = sizeof ends / sizeof *ends };
    struct sigaction note = {.sa_handler = note_end}, before[N_ENDS];
    struct termios hidden = *shown;
    sigemptyset(&note.sa_mask);
    for (size_t i = 0; i < N_ENDS; i++)
        sigaction(ends[i], &note, &before[i]);
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    fputs(prompt, stderr);
    bool read = read_unless_told(line);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, shown);
    fputc('\n', stderr);
    for (size_t i = 0; i < N_ENDS; i++)
        sigaction(ends[i], &before[i], NULL);
    return read;
}

static px_status read_line(const char *prompt, char line[PASSWORD_SIZE], px_error *err) {
    struct termios shown;
    bool read = !tcgetattr(STDIN_FILENO, &shown) ? read_hidden(prompt, &shown, line)
                                                 : fgets(line, PASSWORD_SIZE, stdin) != NULL;
    if (told_to_end)
        return cli_fail(err, PX_EINTERRUPTED, "stopped; no password was set");
    if (!read)
        return cli_fail(err, PX_EINPUT,
                        "--set-password reads the password from standard input, which is empty");
    if (!strchr(line, '\n') && strlen(line) == PASSWORD_SIZE - 1)
        return cli_fail(err, PX_EINPUT, "the password is longer than %d characters", PASSWORD_SIZE - 2);
    line[strcspn(line, "\r\n")] = '\0';
    return PX_OK;
}

static px_status set_password(cli_call *call, px_error *err) {
    char password[PASSWORD_SIZE], again[PASSWORD_SIZE];
    px_status status = read_line("New password: ", password, err);
    if (!status && isatty(STDIN_FILENO))
        status = read_line("Once more: ", again, err);
    if (!status && isatty(STDIN_FILENO) && strcmp(password, again))
        status = cli_fail(err, PX_EINPUT, "the two passwords differ; nothing was changed");
    if (!status)
        status = server_set_password(call->home_path, password, err);
    if (!status)
        cli_log(call, CLI_LOG_INFO, "password set; every session has ended");
    explicit_bzero(password, sizeof password);
    explicit_bzero(again, sizeof again);
    return status;
}

/* ---- serving ------------------------------------------------------------------------------------------ */

static void log_line(void *user, const char *line) {
    cli_log(user, CLI_LOG_DEBUG, "%s", line);
}

/* Signals are waited for, so that answers under way are finished. */
static void block_signals(sigset_t *ends) {
    collect_ends(ends);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
}

static px_status print_link(server *running, px_error *err) {
    char link[SERVER_LINK_SIZE];
    server_link(running, link);
    if (printf("%s\n", link) < 0 || fflush(stdout))
        return cli_fail(err, PX_EIO, "the link could not be printed");
    return PX_OK;
}

static px_status serve(cli_call *call, const server_config *config, px_error *err) {
    server *running = NULL;
    sigset_t ends;
    int which;
    block_signals(&ends);
    px_status status = server_open(config, &running, err);
    if (!status && !server_is_loopback(config->bind))
        cli_log(call, CLI_LOG_WARNING,
                "%s can be reached from other machines and speaks plain HTTP: put a proxy with TLS in front "
                "of it, and "
                "name it with --host",
                config->bind);
    if (!status)
        status = print_link(running, err);
    if (!status) {
        cli_log(call, CLI_LOG_INFO, "open the link in a browser; it works once. Ctrl-C ends the server");
        sigwait(&ends, &which);
        pthread_sigmask(SIG_UNBLOCK, &ends, NULL); /* a second one ends at once */
        status = PX_EINTERRUPTED;
    }
    int going_on = server_close(&running);
    if (going_on)
        cli_log(call, CLI_LOG_WARNING, "%d running job%s: they go on, and the next pixity serve shows them",
                going_on, going_on == 1 ? "" : "s");
    if (status == PX_EINTERRUPTED)
        return cli_fail(err, status, "stopped");
    return status;
}

static px_status run(cli_call *call, px_error *err) {
    serve_options *own = call->own;
    if (own->set_password && own->end_sessions)
        return cli_fail_usage(call, err, "--set-password ends every session: no --end-sessions beside it");
    if (own->set_password)
        return set_password(call, err);
    if (own->end_sessions) {
        px_status status = cli_open_home_to_read(call, err);
        return status ? status : server_end_sessions(call->home_path, err);
    }
    const server_config config = {
        .home_path = call->home_path,
        .bind = own->bind ? own->bind : "127.0.0.1",
        .port = own->port ? (int)own->port - 1 : 8080,
        .hosts = own->hosts.items,
        .n_hosts = own->hosts.n,
        .max_running = own->jobs ? (int)own->jobs : 2,
        .max_queued = own->queue ? (int)own->queue : 32,
        .log = call->log_level >= CLI_LOG_DEBUG ? log_line : NULL,
        .log_user = call,
    };
    px_status status = serve(call, &config, err);
    free(own->hosts.items);
    return status;
}

const cli_verb cli_serve = {
    .name = "serve",
    .arguments = "",
    .summary = "Serve the page and the HTTP API on this machine",
    .details = "The first line on standard output is a link that opens the page in one browser, once. What "
               "the page can do, "
               "scripts can do: the API stands under /api/v1 and is described in docs/http.md and at "
               "/api/v1/openapi.json. Backtests, trainings, audits and imports run in processes of their "
               "own: they outlive "
               "the server, and the next one shows them.\n"
               "Only this machine can reach it, unless --bind says otherwise: then a password must be set "
               "(--set-password), "
               "and a proxy with TLS belongs in front, whose name goes to --host.",
    .places = serve_places,
    .own_size = sizeof(serve_options),
    .run = run,
};
