// SPDX-License-Identifier: Apache-2.0
/* Pieces of work that do not need each other, shared out to threads. Results are put by index and the first
 * error by index is the one that is reported, so that one thread gives what many give. */
#ifndef PXI_PARALLEL_H
#define PXI_PARALLEL_H

#include "base/work.h"

/* One piece. */
typedef struct pxi_job {
    size_t index;
    int thread;   /* of those that run, from 0 on: for what a thread keeps between its jobs */
    px_work work; /* a long job asks this whether to go on; threads is 1 */
} pxi_job;
typedef px_status (*pxi_job_fn)(void *user, const pxi_job *job, px_error *err);

typedef struct pxi_parallel {
    size_t n;
    pxi_job_fn run;
    void *user;
    const px_work *work; /* of the caller, who hears how many jobs are done; NULL = nobody hears */
    const char *phase;
} pxi_parallel;

/* How many threads n jobs run on, at least one. */
int pxi_parallel_threads(const px_work *work, size_t n);
/* Runs jobs 0 .. n - 1, begun in this order. The caller's thread takes part, and it alone calls the caller's
 * progress. After a failure no later job is begun; PX_EINTERRUPTED comes before any other. Where a thread
 * cannot be had, the others do its share. */
px_status pxi_parallel_run(const pxi_parallel *all, px_error *err);

#endif
