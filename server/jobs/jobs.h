// SPDX-License-Identifier: Apache-2.0
/* Jobs: long work in processes of its own. A job is a folder, HOME/jobs/<id>, in which each fact is a file
 * that is written once, beside and renamed, and the state follows from which of them are there. */
/* clang-format off */
/*   request.json    what was asked for: kind, created, request, argv    queued
 *   lock            held by its supervisor (pixity run-job)             running
 *   started.json    process and time of the supervisor                  with a free lock and no exit.json: it died
 *   progress.jsonl  standard error of the verb: progress, messages
 *   result.json     standard output of the verb: its document
 *   cancelled       a cancel was asked for                              cancelled, unless it was done already
 *   exit.json       exit status and time                                done or failed */
/* clang-format on */
/* So a job outlives the server, and the next server sees what is there: nothing is to be repaired. */
#ifndef SERVER_JOBS_H
#define SERVER_JOBS_H

#include "pixity/pixity.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum job_state { JOB_QUEUED, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED } job_state;
const char *job_state_name(job_state state);

/* A kind of job (job_kinds.c). */
typedef struct job_kind {
    const char *name;   /* "backtest", as px_field_is_member knows it */
    const char *verb;   /* words that its command line begins with */
    const char *result; /* member of the verb's document that names what it made, "run_id"; NULL = nothing */
    bool may_say_no;    /* exit status 1 with a document is an answer, not a failure */
    void (*done)(const char *home_path, const json_t *request); /* after it was done; NULL = nothing */
} job_kind;
/* The words of the command line, an array of texts; checks everything that can be checked at once. *argv is
 * the caller's. Errors: PX_EINPUT naming the member, PX_ENOTFOUND, PX_EEXISTS. */
px_status job_argv(const job_kind *kind, px_home *home, const char *home_path, const json_t *request,
                   json_t **argv, px_error *err);
/* The same checks of a request that is answered at once ("undo", as px_field_is_member knows it). */
px_status job_check_request(const char *name, px_home *home, const json_t *request, px_error *err);
extern const job_kind job_backtest, job_train, job_audit, job_check, job_import, job_verify;
const job_kind *job_kind_at(size_t i);           /* NULL past the end */
const job_kind *job_kind_find(const char *name); /* NULL = none */

typedef struct jobs jobs; /* any number of threads */
/* Reads what is there and goes on with it. One server a home: PX_EINPUT if another has it. */
px_status jobs_open(const char *home_path, int max_running, int max_queued, jobs **out, px_error *err);
/* Running ones go on without it. Returns how many. */
int jobs_close(jobs **handle);

/* Queues a job. *id > 0. With the queue full: PX_OK and *id = 0. Errors: PX_EIO, PX_ENOMEM. */
px_status jobs_add(jobs *own, const job_kind *kind, const json_t *request, const json_t *argv, int64_t *id,
                   px_error *err);
/* The documents of docs/http.md; new references. NULL: no such job, or no memory. */
json_t *jobs_show(jobs *own, int64_t id);
json_t *jobs_list(jobs *own); /* newest first */
/* Ends a job that waits or runs. *ended: it had ended already, and stays what it is. Errors: PX_ENOTFOUND,
 * PX_EIO. */
px_status jobs_cancel(jobs *own, int64_t id, bool *ended, px_error *err);
/* "HOME/jobs/17/result.json", malloc'ed. NULL: no memory. */
char *jobs_path(const jobs *own, int64_t id, const char *file);
/* Waits up to a second for a change of any job after `version`; gives the version now (0 is before all). */
uint64_t jobs_wait(jobs *own, uint64_t version);
/* The jobs that changed after `version`, oldest change first: an array, a new reference. */
json_t *jobs_changed(jobs *own, uint64_t version);
void jobs_stop_waiting(jobs *own); /* jobs_wait returns at once from now on */

#endif
