// SPDX-License-Identifier: Apache-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

static const int thread_counts[] = {1, 2, 3, 7};
enum { N_COUNTS = sizeof thread_counts / sizeof *thread_counts, JOBS = 100 };

/* ---- results ------------------------------------------------------------------------------------------ */

static px_status square(void *user, const pxi_job *job, px_error *err) {
    (void)err;
    ((size_t *)user)[job->index] += job->index * job->index + 1;
    return PX_OK;
}

static void test_each_job_is_done_once(void **state) {
    (void)state;
    for (int c = 0; c < N_COUNTS; c++) {
        size_t results[JOBS] = {0};
        const px_work work = {.threads = thread_counts[c]};
        assert_int_equal(pxi_parallel_run(&(pxi_parallel){JOBS, square, results, &work, "x"}, NULL), PX_OK);
        for (size_t i = 0; i < JOBS; i++)
            assert_int_equal(results[i], i * i + 1);
    }
    assert_int_equal(pxi_parallel_run(&(pxi_parallel){0, square, NULL, NULL, "x"}, NULL), PX_OK);
}

static void test_threads_are_no_more_than_jobs(void **state) {
    (void)state;
    const px_work seven = {.threads = 7};
    assert_int_equal(pxi_parallel_threads(&seven, 3), 3);
    assert_int_equal(pxi_parallel_threads(&seven, 100), 7);
    assert_int_equal(pxi_parallel_threads(&seven, 0), 1);
    assert_true(pxi_parallel_threads(NULL, 1000) >= 1);
}

/* ---- what a thread keeps ------------------------------------------------------------------------------- */

typedef struct places {
    pthread_t owner[7];
    bool taken[7];
    pthread_mutex_t lock;
} places;

static px_status keep_place(void *user, const pxi_job *job, px_error *err) {
    places *p = user;
    (void)err;
    pthread_mutex_lock(&p->lock);
    const bool mine = !p->taken[job->thread] || pthread_equal(p->owner[job->thread], pthread_self());
    p->taken[job->thread] = true;
    p->owner[job->thread] = pthread_self();
    pthread_mutex_unlock(&p->lock);
    return mine && job->work.threads == 1 ? PX_OK : PX_EFAILED;
}

static void test_a_place_belongs_to_one_thread(void **state) {
    (void)state;
    places p = {.lock = PTHREAD_MUTEX_INITIALIZER};
    const px_work work = {.threads = 7};
    assert_int_equal(pxi_parallel_run(&(pxi_parallel){JOBS, keep_place, &p, &work, "x"}, NULL), PX_OK);
}

/* ---- failures ----------------------------------------------------------------------------------------- */

typedef struct failing {
    atomic_bool late_failed;
    atomic_size_t n_begun;
    bool waits; /* job 3 fails after job 5 has */
} failing;

static px_status fail_twice(void *user, const pxi_job *job, px_error *err) {
    failing *f = user;
    atomic_fetch_add(&f->n_begun, 1);
    while (job->index == 3 && f->waits && !atomic_load(&f->late_failed))
        sched_yield();
    if (job->index != 3 && job->index != 5)
        return PX_OK;
    px_status status = pxi_fail(err, PX_EINPUT, "job %zu", job->index);
    if (job->index == 5)
        atomic_store(&f->late_failed, true);
    return status;
}

static void test_the_first_error_by_index_is_told(void **state) {
    (void)state;
    for (int c = 0; c < N_COUNTS; c++) {
        px_error err = {0};
        failing f = {.waits = thread_counts[c] > 1};
        const px_work work = {.threads = thread_counts[c]};
        assert_int_equal(pxi_parallel_run(&(pxi_parallel){JOBS, fail_twice, &f, &work, "x"}, &err),
                         PX_EINPUT);
        assert_string_equal(err.message, "job 3");
        if (thread_counts[c] == 1)
            assert_int_equal(f.n_begun, 4);
        assert_true(f.n_begun < JOBS);
    }
}

/* ---- being stopped ------------------------------------------------------------------------------------- */

typedef struct caller {
    pthread_t thread;
    int calls, most; /* asks to stop at call number `most` */
    size_t done;     /* as last told */
} caller;

static bool tell(void *user, const char *phase, size_t done, size_t total) {
    caller *c = user;
    assert_true(pthread_equal(c->thread, pthread_self()));
    assert_string_equal(phase, "x");
    assert_int_equal(total, JOBS);
    assert_true(done >= c->done && done <= total);
    c->done = done;
    return ++c->calls < c->most;
}

static void test_the_caller_alone_is_asked_and_stops_all(void **state) {
    (void)state;
    for (int c = 0; c < N_COUNTS; c++)
        for (int most = 1; most < JOBS; most += 13) {
            size_t results[JOBS] = {0};
            px_error err = {0};
            caller who = {.thread = pthread_self(), .most = most};
            const px_work work = {tell, &who, thread_counts[c]};
            const px_status status =
                pxi_parallel_run(&(pxi_parallel){JOBS, square, results, &work, "x"}, &err);
            if (status == PX_OK) { /* others did the jobs while it was asked so few times */
                assert_true(thread_counts[c] > 1 && who.calls < most);
                continue;
            }
            assert_int_equal(status, PX_EINTERRUPTED);
            assert_string_equal(err.message, "interrupted");
            assert_int_equal(who.calls, most);
            if (thread_counts[c] == 1)
                assert_int_equal(who.done, most - 1);
        }
}

typedef struct endless {
    atomic_bool other_runs;
    atomic_size_t n_stopped;
    pthread_t caller;
} endless;

/* Jobs of other threads end when they are told to; the caller's ends by itself. */
static px_status run_endless(void *user, const pxi_job *job, px_error *err) {
    endless *e = user;
    if (pthread_equal(e->caller, pthread_self())) {
        while (!atomic_load(&e->other_runs))
            sched_yield();
        return PX_OK;
    }
    atomic_store(&e->other_runs, true);
    px_status status;
    while (!(status = pxi_work_ask(&job->work, err)))
        sched_yield();
    atomic_fetch_add(&e->n_stopped, 1);
    return status;
}

static bool stop_when_other_is_alone(void *user, const char *phase, size_t done, size_t total) {
    (void)user, (void)phase, (void)total;
    return done == 0;
}

static void test_a_waiting_caller_stops_the_others(void **state) {
    (void)state;
    endless e = {.caller = pthread_self()};
    const px_work work = {stop_when_other_is_alone, NULL, 2};
    assert_int_equal(pxi_parallel_run(&(pxi_parallel){2, run_endless, &e, &work, "x"}, NULL),
                     PX_EINTERRUPTED);
    assert_int_equal(e.n_stopped, 1);
}

/* A job whose result nobody will see is told so. */
static px_status fail_beside_endless(void *user, const pxi_job *job, px_error *err) {
    atomic_bool *runs = user;
    if (job->index == 0) {
        while (!atomic_load(runs))
            sched_yield();
        return pxi_fail(err, PX_EINPUT, "the first");
    }
    atomic_store(runs, true);
    px_status status;
    while (!(status = pxi_work_ask(&job->work, err)))
        sched_yield();
    return status;
}

static void test_a_failure_ends_later_jobs(void **state) {
    (void)state;
    atomic_bool runs = false;
    px_error err = {0};
    const px_work work = {.threads = 2};
    assert_int_equal(pxi_parallel_run(&(pxi_parallel){2, fail_beside_endless, &runs, &work, "x"}, &err),
                     PX_EINPUT);
    assert_string_equal(err.message, "the first");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_job_is_done_once),
        cmocka_unit_test(test_threads_are_no_more_than_jobs),
        cmocka_unit_test(test_a_place_belongs_to_one_thread),
        cmocka_unit_test(test_the_first_error_by_index_is_told),
        cmocka_unit_test(test_the_caller_alone_is_asked_and_stops_all),
        cmocka_unit_test(test_a_waiting_caller_stops_the_others),
        cmocka_unit_test(test_a_failure_ends_later_jobs),
    };
    return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
