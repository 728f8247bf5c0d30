// SPDX-License-Identifier: Apache-2.0
#include "base/parallel.h"

#include "base/error.h"
#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_THREADS = 256, ASK_EVERY_MS = 10 };

typedef struct crew {
    const pxi_parallel *all;
    atomic_size_t next;    /* job to begin */
    atomic_size_t n_done;  /* jobs that ended well */
    atomic_size_t failure; /* first job that failed; SIZE_MAX = none */
    atomic_bool stop;      /* the caller asked for it */
    pthread_mutex_t lock;  /* of the two below */
    px_status status;      /* of that job */
    px_error error;
    int ended[2]; /* a pipe: a byte for each thread that has no more to do */
} crew;

typedef struct member {
    crew *crew;
    int thread;
    size_t index; /* of its job */
} member;

int pxi_parallel_threads(const px_work *work, size_t n) {
    cpu_set_t set;
    int threads = work ? work->threads : 0;
    if (threads < 1)
        threads = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    if (threads > MOST_THREADS)
        threads = MOST_THREADS;
    return n < (size_t)threads ? n > 1 ? (int)n : 1 : threads;
}

/* A job whose result nobody will see need not go on. */
static bool is_wanted(const member *m) {
    return !atomic_load(&m->crew->stop) && m->index <= atomic_load(&m->crew->failure);
}

static void ask_caller(crew *c) {
    if (!atomic_load(&c->stop) &&
        pxi_work_tell(c->all->work, c->all->phase, atomic_load(&c->n_done), c->all->n, NULL) != PX_OK)
        atomic_store(&c->stop, true);
}

/* What a job asks; what it tells of itself is not the caller's phase. */
static bool answer(void *user, const char *phase, size_t done, size_t total) {
    const member *m = user;
    (void)phase, (void)done, (void)total;
    if (m->thread == 0)
        ask_caller(m->crew);
    return is_wanted(m);
}

static void note_failure(crew *c, size_t index, px_status status, const px_error *err) {
    pthread_mutex_lock(&c->lock);
    if (index < atomic_load(&c->failure)) {
        atomic_store(&c->failure, index);
        c->status = status;
        c->error = *err;
    }
    pthread_mutex_unlock(&c->lock);
}

static void take_jobs(member *m) {
    crew *c = m->crew;
    while ((m->index = atomic_fetch_add(&c->next, 1)) < c->all->n && is_wanted(m)) {
        px_error err = {0};
        const pxi_job job = {m->index, m->thread, {answer, m, 1}};
        const px_status status = c->all->run(c->all->user, &job, &err);
        if (status)
            note_failure(c, m->index, status, &err);
        else
            atomic_fetch_add(&c->n_done, 1);
        if (m->thread == 0)
            ask_caller(c);
    }
}

static void *run_member(void *user) {
    member *m = user;
    take_jobs(m);
    while (write(m->crew->ended[1], "", 1) < 0 && errno == EINTR)
        continue;
    return NULL;
}

/* The caller can stop the others while it has nothing more to do itself. */
static void wait_for(crew *c, int n_threads) {
    struct pollfd ended = {.fd = c->ended[0], .events = POLLIN};
    char byte;
    while (n_threads > 0) {
        if (poll(&ended, 1, ASK_EVERY_MS) > 0 && read(c->ended[0], &byte, 1) == 1)
            n_threads--;
        else
            ask_caller(c);
    }
}

static void run_threads(crew *c, int n_threads) {
    member members[MOST_THREADS];
    pthread_t ids[MOST_THREADS];
    int n = 1; /* the caller's is the first */
    for (int t = 0; t < n_threads; t++)
        members[t] = (member){c, t, 0};
    if (n_threads > 1 && pipe(c->ended) == 0) {
        while (n < n_threads && pthread_create(&ids[n], NULL, run_member, &members[n]) == 0)
            n++;
        take_jobs(&members[0]);
        wait_for(c, n - 1);
        for (int t = 1; t < n; t++)
            pthread_join(ids[t], NULL);
        close(c->ended[0]);
        close(c->ended[1]);
    } else
        take_jobs(&members[0]);
}

px_status pxi_parallel_run(const pxi_parallel *all, px_error *err) {
    crew c = {.all = all, .failure = SIZE_MAX, .lock = PTHREAD_MUTEX_INITIALIZER};
    ask_caller(&c);
    run_threads(&c, pxi_parallel_threads(all->work, all->n));
    pthread_mutex_destroy(&c.lock);
    if (atomic_load(&c.stop))
        return pxi_fail(err, PX_EINTERRUPTED, "interrupted");
    if (c.status && err)
        *err = c.error;
    return c.status;
}
