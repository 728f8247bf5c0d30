// SPDX-License-Identifier: Apache-2.0
/* The facts of one job, read from its folder (jobs.h tells which). */
#ifndef SERVER_JOB_FOLDER_H
#define SERVER_JOB_FOLDER_H

#include "server/jobs/jobs.h"

#include <sys/types.h>

typedef struct job_facts {
    job_state state;
    bool alive;  /* its supervisor lives */
    bool cancel; /* was asked for */
    pid_t group; /* of its processes, while it lives; else 0 */
    const job_kind *kind;
    json_t *request, *argv;
    char *created, *started, *ended; /* ISO 8601, UTC; NULL = not yet */
    int exit_status;                 /* -1 = none */
    char *message;                   /* why it failed; NULL */
    json_t *progress;                /* the last line of it; NULL = none yet */
    json_t *result;                  /* {"run_id": "..."}; NULL = none */
} job_facts;

/* Reads a folder; false where it is no job, and *facts is as it was. Else what was in it is freed. */
bool job_facts_read(const char *folder, job_facts *facts);
void job_facts_free(job_facts *facts);
/* Only what a running job changes: its progress. True if it did. */
bool job_facts_follow(const char *folder, job_facts *facts);
json_t *job_facts_document(const job_facts *facts, int64_t id);

/* Takes the lock that says that a supervisor is alive, on a descriptor that can be written to. False: another
 * has it. Looking at the lock never takes it, so that who looks keeps nobody from it. */
bool job_lock_take(int fd);
bool job_is_cancelled(const char *folder);
/* Writes one fact: a file beside, flushed, renamed. The path's folder exists. */
bool job_fact_write(const char *folder, const char *name, const json_t *document);
/* Removes a folder that holds nothing but files, a job's or an upload's; a link to one is left alone. */
void job_folder_remove(const char *folder);

#endif
