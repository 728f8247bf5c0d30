// SPDX-License-Identifier: Apache-2.0
/* The processes of a job: the server starts a supervisor, in a session of its own, and that runs the verb. */
#include "server/jobs/job_child.h"

#include "server/jobs/job_folder.h"
#include "server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static const char SELF[] = "/proc/self/exe";

/* ---- the server's side -------------------------------------------------------------------------------- */

pid_t job_child_start(const char *folder) {
    char name[] = "pixity", verb[] = "run-job", *argv[] = {name, verb, (char *)(uintptr_t)folder, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    sigset_t none, all;
    pid_t pid = -1;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_addopen(&files, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_setsigmask(&how, &none);
    posix_spawnattr_setsigdefault(&how, &all);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (posix_spawn(&pid, SELF, &files, &how, argv, environ))
        pid = -1;
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return pid;
}

void job_time(char text[PX_TIME_TEXT_SIZE]) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    px_time_format_iso((int64_t)now.tv_sec * PX_US_PER_SECOND + now.tv_nsec / 1000, NULL, text);
}

/* ---- the supervisor ----------------------------------------------------------------------------------- */

static int open_in(const char *folder, const char *name, int flags) {
    char *path;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return -1;
    int fd = open(path, flags | O_CLOEXEC, 0666);
    free(path);
    return fd;
}

static void write_end(const char *folder, int status) {
    char now[PX_TIME_TEXT_SIZE];
    job_time(now);
    json_t *document = json_pack("{s:i, s:s}", "status", status, "at", now);
    job_fact_write(folder, "exit.json", document);
    json_decref(document);
}

static bool write_start(const char *folder) {
    char now[PX_TIME_TEXT_SIZE];
    job_time(now);
    json_t *document = json_pack("{s:i, s:s}", "pid", (int)getpid(), "at", now);
    bool good = document && job_fact_write(folder, "started.json", document);
    json_decref(document);
    return good;
}

/* A cancel goes to the group: the verb ends, and its supervisor writes so. Blocked in both until the verb is
 * itself, a signal is never lost between. */
static void block_signals(int how) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGHUP);
    sigprocmask(how, &ends, NULL);
}

/* Where memory runs out the system ends a job, not the server. */
static void offer_memory(void) {
    static const char score[] = "500";
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)!write(fd, score, sizeof score - 1);
    close(fd);
}

/* Sanitizers reserve far more addresses than they use; compilers tell of them in two ways. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RESERVES_MUCH
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RESERVES_MUCH
#endif
#endif

/* Who reads an upload reads what a stranger made: whatever it does, it takes no more than this. */
static void limit_resources(void) {
    const rlim_t most_written = (rlim_t)JOB_UPLOAD_FILE_GIB << 30;
#ifndef RESERVES_MUCH
    const rlim_t most_memory = (rlim_t)JOB_UPLOAD_MEMORY_GIB << 30;
    setrlimit(RLIMIT_AS, &(struct rlimit){most_memory, most_memory});
#endif
    /* At the first of the two it is told by a signal of its own, at the second it is killed. */
    setrlimit(RLIMIT_CPU, &(struct rlimit){JOB_UPLOAD_SECONDS, JOB_UPLOAD_SECONDS + 10});
    setrlimit(RLIMIT_FSIZE, &(struct rlimit){most_written, most_written});
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
}

/* The verb: it ends with its supervisor. */
static void become_verb(pid_t supervisor, int out, int messages, char **argv, bool reads_upload) {
    if (reads_upload)
        limit_resources();
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* nobody is left to hear what it says */
    offer_memory();
    block_signals(SIG_UNBLOCK);
    if (getppid() == supervisor && dup2(out, STDOUT_FILENO) >= 0 && dup2(messages, STDERR_FILENO) >= 0)
        execv(SELF, argv);
    _exit(JOB_NOT_STARTED);
}

/* Exit status as a shell tells it. */
static int run_verb(const char *folder, char **argv, bool reads_upload) {
    int status = 0;
    int out = open_in(folder, "result.json", O_WRONLY | O_CREAT | O_TRUNC);
    int messages = open_in(folder, "progress.jsonl", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
    if (out < 0 || messages < 0)
        return JOB_NOT_STARTED;
    pid_t own = getpid(),
          child = _Fork(); /* what libraries do on a fork is not for a child that only execs */
    if (child == 0)
        become_verb(own, out, messages, argv, reads_upload);
    close(out);
    close(messages);
    if (child < 0)
        return JOB_NOT_STARTED;
    if (job_is_cancelled(folder)) /* before there was a verb to hear of it */
        kill(child, SIGTERM);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return JOB_NOT_STARTED;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char **make_argv(const json_t *words) {
    size_t n = json_array_size(words);
    char **argv = calloc(n + 2, sizeof *argv);
    if (!argv)
        return NULL;
    argv[0] = (char *)(uintptr_t) "pixity";
    for (size_t i = 0; i < n; i++)
        argv[i + 1] = (char *)(uintptr_t)json_string_value(json_array_get(words, i));
    return argv;
}

static px_status supervise(const char *folder, const job_facts *facts, px_error *err) {
    char **argv = make_argv(facts->argv);
    if (!argv || !write_start(folder)) {
        free(argv);
        return server_fail(err, PX_EIO, "%s: the start of the job could not be written", folder);
    }
    write_end(folder, run_verb(folder, argv, facts->kind == &job_import));
    free(argv);
    return PX_OK;
}

px_status server_run_job(const char *folder, px_error *err) {
    job_facts facts = {0};
    block_signals(SIG_BLOCK);
    int lock = open_in(folder, "lock", O_RDWR | O_CREAT);
    if (lock < 0)
        return server_fail(err, PX_EINPUT, "%s is no job's folder: %s", folder, strerror(errno));
    px_status status = PX_OK;
    if (job_lock_take(lock)) {
        if (!job_facts_read(folder, &facts))
            status = server_fail(err, PX_EINPUT,
                                 "%s is no job's folder: it has no request.json that can be read", folder);
        else if (!facts.started && !facts.ended && facts.state != JOB_CANCELLED)
            status = supervise(folder, &facts, err);
    }
    job_facts_free(&facts);
    close(lock);
    return status;
}
