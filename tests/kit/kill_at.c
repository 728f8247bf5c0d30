// SPDX-License-Identifier: Apache-2.0
#include "kill_at.h"

#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_long calls_left = -1; /* negative: it lives */

void kill_at(long n) {
    atomic_store(&calls_left, n);
}

__attribute__((constructor)) static void read_environment(void) {
    const char *n = getenv("PIXITY_KILL_AT");
    if (n)
        kill_at(strtol(n, NULL, 10));
}

bool killed_at(long n, bool (*work)(long round), long round) {
    int status;
    pid_t child = fork();
    if (child == 0) {
        kill_at(n);
        bool done = work(round);
        kill_at(-1);
        _exit(done ? 0 : 1);
    }
    if (child < 0 || waitpid(child, &status, 0) != child)
        abort();
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
        return true;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        abort();
    return false;
}

static void count(void) {
    if (atomic_load(&calls_left) >= 0 && atomic_fetch_sub(&calls_left, 1) == 0)
        kill(getpid(), SIGKILL);
}

/* These stand before the C library's, for the program and every library it has loaded. */
#define COUNTED __attribute__((visibility("default")))

COUNTED int mkdir(const char *path, mode_t mode) {
    count();
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

COUNTED int rename(const char *from, const char *to) {
    count();
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

COUNTED int unlink(const char *path) {
    count();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

COUNTED int rmdir(const char *path) {
    count();
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

COUNTED int ftruncate64(int fd, off64_t length) {
    count();
    return (int)syscall(SYS_ftruncate, fd, length);
}

COUNTED ssize_t write(int fd, const void *bytes, size_t n) {
    count();
    return syscall(SYS_write, fd, bytes, n);
}

COUNTED ssize_t pwrite64(int fd, const void *bytes, size_t n, off64_t at) {
    count();
    return syscall(SYS_pwrite64, fd, bytes, n, at);
}

COUNTED int fsync(int fd) {
    count();
    return (int)syscall(SYS_fsync, fd);
}

COUNTED int fdatasync(int fd) {
    count();
    return (int)syscall(SYS_fdatasync, fd);
}
