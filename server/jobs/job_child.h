// SPDX-License-Identifier: Apache-2.0
#ifndef SERVER_JOB_CHILD_H
#define SERVER_JOB_CHILD_H

#include "pixity/pixity.h"

#include <sys/types.h>

/* Starts the supervisor of a job: this program again, in a session of its own, with no descriptor of ours.
 * -1: it could not be started. */
#define JOB_NOT_STARTED 127 /* the exit status then */
pid_t job_child_start(const char *folder);
/* What the process that reads an upload may take; job_folder.c says which limit ended it. */
#define JOB_UPLOAD_SECONDS    900 /* of processor time */
#define JOB_UPLOAD_FILE_GIB   2
#define JOB_UPLOAD_MEMORY_GIB 4              /* of addresses */
void job_time(char text[PX_TIME_TEXT_SIZE]); /* now, in ISO 8601 and UTC */

#endif
