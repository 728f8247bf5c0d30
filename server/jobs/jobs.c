// SPDX-License-Identifier: Apache-2.0
/* The queue: one thread starts what may run and looks at what runs. What it knows stands in the folders; here
 * is a copy for answers, and a count of changes for those who wait for them. */
#include "server/jobs/jobs.h"

#include "server/jobs/job_child.h"
#include "server/jobs/job_folder.h"
#include "server/server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 200, LOOK_MS = 100, WAIT_MS = 1000 };

typedef struct job {
    int64_t id;
    uint64_t version; /* of its last change */
    job_facts facts;
    pid_t supervisor; /* our child; 0 = an earlier server's, or none */
    bool signalled;   /* to end, by a signal */
} job;

struct jobs {
    char *home_path, *root; /* HOME/jobs */
    int max_running, max_queued, lock_file;
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t work, change;
    bool stopping, released;
    uint64_t version;
    size_t n, capacity;
    job *items; /* by id */
    int64_t last_id;
    pthread_t thread;
    bool has_thread;
};

/* ---- the list ----------------------------------------------------------------------------------------- */

char *jobs_path(const jobs *own, int64_t id, const char *file) {
    char *path;
    int used = asprintf(&path, "%s/%lld%s%s", own->root, (long long)id, file ? "/" : "", file ? file : "");
    return used < 0 ? NULL : path;
}

static job *find(jobs *own, int64_t id) {
    for (size_t i = own->n; i-- > 0;)
        if (own->items[i].id == id)
            return &own->items[i];
    return NULL;
}

static void touch(jobs *own, job *each) {
    each->version = ++own->version;
    pthread_cond_broadcast(&own->change);
}

static bool has_ended(const job *each) {
    return each->facts.state != JOB_QUEUED && each->facts.state != JOB_RUNNING;
}

/* Reads a folder again, and tells who waits if it says something new. */
static void look_again(jobs *own, job *each) {
    job_state before = each->facts.state;
    char *folder = jobs_path(own, each->id, NULL);
    bool known = each->facts.kind != NULL;
    if (folder && job_facts_read(folder, &each->facts) && (!known || each->facts.state != before)) {
        touch(own, each);
        if (known && each->facts.state == JOB_DONE && each->facts.kind->done)
            each->facts.kind->done(own->home_path, each->facts.request);
    }
    free(folder);
}

/* Appends; NULL: no memory. */
static job *append(jobs *own, int64_t id) {
    if (own->n == own->capacity) {
        size_t capacity = own->capacity ? 2 * own->capacity : 64;
        job *grown = realloc(own->items, capacity * sizeof *grown);
        if (!grown)
            return NULL;
        own->items = grown;
        own->capacity = capacity;
    }
    own->items[own->n] = (job){.id = id};
    own->last_id = id > own->last_id ? id : own->last_id;
    return &own->items[own->n++];
}

static void drop(jobs *own, size_t i) {
    job_facts_free(&own->items[i].facts);
    memmove(&own->items[i], &own->items[i + 1], (own->n - i - 1) * sizeof *own->items);
    own->n--;
}

/* The oldest that ended go. */
static void prune(jobs *own) {
    for (size_t i = 0; own->n > KEPT && i < own->n;) {
        if (!has_ended(&own->items[i])) {
            i++;
            continue;
        }
        char *folder = jobs_path(own, own->items[i].id, NULL);
        if (folder)
            job_folder_remove(folder);
        free(folder);
        drop(own, i);
    }
}

/* ---- the thread --------------------------------------------------------------------------------------- */

static bool occupies(const job *each) {
    return each->facts.state == JOB_RUNNING || each->supervisor > 0 ||
           (each->facts.state == JOB_QUEUED && each->facts.alive);
}

static void reap(job *each) {
    if (each->supervisor > 0 && waitpid(each->supervisor, NULL, WNOHANG) != 0)
        each->supervisor = 0;
}

/* A supervisor that is gone without having begun. Where even that cannot be written, as on a full disk, this
 * server alone knows, and the next one tries again. */
static void note_stillborn(jobs *own, job *each) {
    char *folder = jobs_path(own, each->id, NULL), now[PX_TIME_TEXT_SIZE];
    job_time(now);
    json_t *document = json_pack("{s:i, s:s}", "status", JOB_NOT_STARTED, "at", now);
    bool written = folder && document && job_fact_write(folder, "exit.json", document);
    json_decref(document);
    free(folder);
    if (written) {
        look_again(own, each);
        return;
    }
    each->facts.state = JOB_FAILED;
    each->facts.message =
        strdup("its process could not be started, and nothing be written: is the disk full?");
    touch(own, each);
}

/* Who was asked to end before it could hear is signalled now. */
static void tell_to_end(job *each) {
    if (each->facts.state != JOB_RUNNING || !each->facts.cancel || each->facts.group <= 0 || each->signalled)
        return;
    each->signalled = true;
    kill(-each->facts.group, SIGTERM);
}

static void look_at(jobs *own, job *each) {
    bool had_supervisor = each->supervisor > 0;
    reap(each);
    look_again(own, each);
    if (had_supervisor && !each->supervisor && each->facts.state == JOB_QUEUED && !each->facts.alive)
        note_stillborn(own, each);
    tell_to_end(each);
    char *folder = each->facts.state == JOB_RUNNING ? jobs_path(own, each->id, NULL) : NULL;
    if (folder && job_facts_follow(folder, &each->facts))
        touch(own, each);
    free(folder);
}

static void start(jobs *own, job *each) {
    char *folder = jobs_path(own, each->id, NULL);
    each->supervisor = folder ? job_child_start(folder) : -1;
    free(folder);
    if (each->supervisor <= 0) {
        each->supervisor = 0;
        note_stillborn(own, each);
    }
}

/* One round; how many run. */
static int go_round(jobs *own) {
    int running = 0;
    for (size_t i = 0; i < own->n; i++) {
        if (occupies(&own->items[i]))
            look_at(own, &own->items[i]);
        running += occupies(&own->items[i]);
    }
    for (size_t i = 0; i < own->n && running < own->max_running; i++)
        if (own->items[i].facts.state == JOB_QUEUED && !occupies(&own->items[i])) {
            start(own, &own->items[i]);
            running += occupies(&own->items[i]);
        }
    prune(own);
    return running;
}

static void wait_for(pthread_cond_t *condition, pthread_mutex_t *lock, int milliseconds) {
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += (milliseconds % 1000) * 1000000L;
    until.tv_sec += milliseconds / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_cond_timedwait(condition, lock, &until);
}

static void *work(void *user) {
    jobs *own = user;
    pthread_mutex_lock(&own->lock);
    while (!own->stopping) {
        if (go_round(own))
            wait_for(&own->work, &own->lock, LOOK_MS);
        else
            pthread_cond_wait(&own->work, &own->lock);
    }
    pthread_mutex_unlock(&own->lock);
    return NULL;
}

/* ---- opening and closing ------------------------------------------------------------------------------ */

static px_status take_home(jobs *own, px_error *err) {
    char *path;
    if (mkdir(own->root, 0700) && errno != EEXIST)
        return server_fail(err, PX_EIO, "cannot make the folder %s: %s", own->root, strerror(errno));
    if (asprintf(&path, "%s/.lock", own->root) < 0)
        return server_fail(err, PX_ENOMEM, "out of memory");
    own->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    free(path);
    if (own->lock_file < 0)
        return server_fail(err, PX_EIO, "cannot open %s/.lock: %s", own->root, strerror(errno));
    if (flock(own->lock_file, LOCK_EX | LOCK_NB))
        return server_fail(
            err, PX_EINPUT,
            "another pixity serve works on %s: use that one, or stop it first, or give another --home",
            own->home_path);
    return PX_OK;
}

static int compare_ids(const void *a, const void *b) {
    int64_t left = ((const job *)a)->id, right = ((const job *)b)->id;
    return (left > right) - (left < right);
}

static px_status read_all(jobs *own, px_error *err) {
    DIR *open = opendir(own->root);
    px_status status =
        open ? PX_OK : server_fail(err, PX_EIO, "cannot read %s: %s", own->root, strerror(errno));
    for (struct dirent *entry; !status && (entry = readdir(open));) {
        char *end;
        long long id = strtoll(entry->d_name, &end, 10);
        if (id <= 0 || *end)
            continue;
        job *each = append(own, id);
        if (!each)
            status = server_fail(err, PX_ENOMEM, "out of memory");
        else
            look_again(own, each);
        if (each && !each->facts.kind)
            own->n--; /* no job: half made, or of a newer program */
    }
    if (open)
        closedir(open);
    if (own->n)
        qsort(own->items, own->n, sizeof *own->items, compare_ids);
    return status;
}

static void init_locks(jobs *own) {
    pthread_condattr_t steady;
    pthread_mutex_init(&own->lock, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_cond_init(&own->work, &steady);
    pthread_cond_init(&own->change, &steady);
    pthread_condattr_destroy(&steady);
}

px_status jobs_open(const char *home_path, int max_running, int max_queued, jobs **out, px_error *err) {
    jobs *own = calloc(1, sizeof *own);
    if (!own)
        return server_fail(err, PX_ENOMEM, "out of memory");
    own->max_running = max_running;
    own->max_queued = max_queued;
    own->lock_file = -1;
    init_locks(own);
    bool named = (own->home_path = strdup(home_path)) && asprintf(&own->root, "%s/jobs", home_path) >= 0;
    px_status status = named ? take_home(own, err) : server_fail(err, PX_ENOMEM, "out of memory");
    if (!status)
        status = read_all(own, err);
    if (!status && !(own->has_thread = !pthread_create(&own->thread, NULL, work, own)))
        status = server_fail(err, PX_ENOMEM, "no thread for the jobs can be had");
    if (status)
        jobs_close(&own);
    else
        *out = own;
    return status;
}

void jobs_stop_waiting(jobs *own) {
    pthread_mutex_lock(&own->lock);
    own->released = true;
    pthread_cond_broadcast(&own->change);
    pthread_mutex_unlock(&own->lock);
}

int jobs_close(jobs **handle) {
    jobs *own = *handle;
    int running = 0;
    *handle = NULL;
    if (!own)
        return 0;
    pthread_mutex_lock(&own->lock);
    own->stopping = true;
    pthread_cond_signal(&own->work);
    pthread_mutex_unlock(&own->lock);
    if (own->has_thread)
        pthread_join(own->thread, NULL);
    for (size_t i = 0; i < own->n; i++) {
        running += occupies(&own->items[i]);
        job_facts_free(&own->items[i].facts);
    }
    if (own->lock_file >= 0)
        close(own->lock_file);
    pthread_cond_destroy(&own->work);
    pthread_cond_destroy(&own->change);
    pthread_mutex_destroy(&own->lock);
    free(own->items);
    free(own->root);
    free(own->home_path);
    free(own);
    return running;
}

/* ---- adding ------------------------------------------------------------------------------------------- */

/* The folder appears with its request in it, or not at all. */
static px_status make_folder(jobs *own, int64_t id, const json_t *document, px_error *err) {
    char *beside, *folder = jobs_path(own, id, NULL);
    if (!folder || asprintf(&beside, "%s/.new", own->root) < 0) {
        free(folder);
        return server_fail(err, PX_ENOMEM, "out of memory");
    }
    job_folder_remove(beside); /* of a server that was killed here */
    bool good =
        !mkdir(beside, 0700) && job_fact_write(beside, "request.json", document) && !rename(beside, folder);
    px_status status =
        good ? PX_OK
             : server_fail(err, PX_EIO, "the job could not be kept in %s: %s", own->root, strerror(errno));
    free(beside);
    free(folder);
    return status;
}

/* Which of those that wait start at once is the thread's to say, so that both are counted together. */
static int count_open(const jobs *own) {
    int n = 0;
    for (size_t i = 0; i < own->n; i++)
        n += !has_ended(&own->items[i]);
    return n;
}

static px_status add_locked(jobs *own, const json_t *document, int64_t *id, px_error *err) {
    *id = 0;
    if (count_open(own) >= own->max_running + own->max_queued)
        return PX_OK;
    px_status status = make_folder(own, own->last_id + 1, document, err);
    job *each = status ? NULL : append(own, own->last_id + 1);
    if (!status && !each)
        return server_fail(err, PX_ENOMEM, "out of memory");
    if (status)
        return status;
    look_again(own, each);
    *id = each->id;
    pthread_cond_signal(&own->work);
    return PX_OK;
}

px_status jobs_add(jobs *own, const job_kind *kind, const json_t *request, const json_t *argv, int64_t *id,
                   px_error *err) {
    char now[PX_TIME_TEXT_SIZE];
    job_time(now);
    json_t *document = json_pack("{s:s, s:s, s:O, s:O}", "kind", kind->name, "created", now, "request",
                                 request, "argv", argv);
    if (!document)
        return server_fail(err, PX_ENOMEM, "out of memory");
    pthread_mutex_lock(&own->lock);
    px_status status = add_locked(own, document, id, err);
    pthread_mutex_unlock(&own->lock);
    json_decref(document);
    return status;
}

/* ---- reading and cancelling --------------------------------------------------------------------------- */

json_t *jobs_show(jobs *own, int64_t id) {
    pthread_mutex_lock(&own->lock);
    job *each = find(own, id);
    json_t *document = each ? job_facts_document(&each->facts, id) : NULL;
    pthread_mutex_unlock(&own->lock);
    return document;
}

json_t *jobs_list(jobs *own) {
    json_t *list = json_array();
    pthread_mutex_lock(&own->lock);
    for (size_t i = own->n; i-- > 0 && list;)
        json_array_append_new(list, job_facts_document(&own->items[i].facts, own->items[i].id));
    pthread_mutex_unlock(&own->lock);
    return list;
}

static px_status cancel_locked(jobs *own, job *each, bool *ended, px_error *err) {
    if ((*ended = has_ended(each)))
        return PX_OK;
    char *folder = jobs_path(own, each->id, NULL), now[PX_TIME_TEXT_SIZE];
    job_time(now);
    json_t *document = json_pack("{s:s}", "at", now);
    bool again = folder && job_is_cancelled(folder);
    bool written = again || (folder && document && job_fact_write(folder, "cancelled", document));
    px_status status =
        written ? PX_OK : server_fail(err, PX_EIO, "the cancel could not be written: %s", strerror(errno));
    look_again(own, each); /* who runs is known anew */
    if (written && again && each->facts.state == JOB_RUNNING && each->facts.group > 0)
        kill(-each->facts.group, SIGKILL); /* asked twice: what does not listen is ended */
    tell_to_end(each);
    json_decref(document);
    free(folder);
    return status;
}

px_status jobs_cancel(jobs *own, int64_t id, bool *ended, px_error *err) {
    pthread_mutex_lock(&own->lock);
    job *each = find(own, id);
    px_status status = each ? cancel_locked(own, each, ended, err)
                            : server_fail(err, PX_ENOTFOUND, "no job %lld", (long long)id);
    pthread_cond_signal(&own->work);
    pthread_mutex_unlock(&own->lock);
    return status;
}

uint64_t jobs_wait(jobs *own, uint64_t version) {
    pthread_mutex_lock(&own->lock);
    if (own->version <= version && !own->released)
        wait_for(&own->change, &own->lock, WAIT_MS);
    uint64_t now = own->version;
    pthread_mutex_unlock(&own->lock);
    return now;
}

static int compare_versions(const void *a, const void *b) {
    const job *left = *(const job *const *)a, *right = *(const job *const *)b;
    return (left->version > right->version) - (left->version < right->version);
}

json_t *jobs_changed(jobs *own, uint64_t version) {
    json_t *list = json_array();
    pthread_mutex_lock(&own->lock);
    const job **order = calloc(own->n + 1, sizeof(const job *));
    size_t n = 0;
    for (size_t i = 0; i < own->n && order; i++)
        if (own->items[i].version > version)
            order[n++] = &own->items[i];
    if (n)
        qsort(order, n, sizeof(const job *), compare_versions);
    for (size_t i = 0; i < n && list; i++)
        json_array_append_new(list, job_facts_document(&order[i]->facts, order[i]->id));
    pthread_mutex_unlock(&own->lock);
    free(order);
    return list;
}
