// SPDX-License-Identifier: Apache-2.0
/* Determinism: the same backtest alone, and twice at once on two threads, has one fingerprint. */
#include "audit/audit.h"

#include <string.h>
#include "base/text.h"
#include "findings/findings.h"

/* One backtest from its request on: bars are read, model opened, everything computed anew. */
typedef struct attempt {
    const pxi_audit *audit;
    px_home *home;
    char fingerprint[65];
    px_findings found;
} attempt;

static px_status backtest(attempt *a, const px_work *work, px_error *err) {
    const pxi_audit *audit = a->audit;
    px_backtest_result *result = NULL;
    px_backtest_request request = {
        .data = audit->request->data,
        .strategy_id = audit->strategy->id,
        .parameters = audit->request->parameters,
        .model = audit->model ? audit->request->model : NULL,
        .run_id = "audit",
    };
    request.data.work = *work;
    px_status status = audit->drivers->backtest(a->home, &request, &audit->config, &result, err);
    if (!status) {
        a->found = result->run.findings;
        result->run.findings = (px_findings){0};
    }
    if (!status)
        pxi_copy(a->fingerprint, sizeof a->fingerprint, result->fingerprint);
    px_backtest_result_free(&result);
    return status;
}

/* The home of an attempt is its thread's as long as it runs. */
static px_status run_job(void *user, const pxi_job *job, px_error *err) {
    attempt *a = (attempt *)user + job->index;
    if (!a->home)
        return backtest(a, &job->work, err);
    const px_work before = px_home_set_work(a->home, &job->work);
    px_status status = backtest(a, &job->work, err);
    px_home_set_work(a->home, &before);
    return status;
}

/* One alone, then two at once: on two threads whatever the caller says, for this is what is shown here. */
static px_status backtest_all(attempt attempts[3], px_error *err) {
    const pxi_audit *audit = attempts->audit;
    px_work work = *audit->work;
    work.threads = 2;
    px_status status = pxi_parallel_run(&(pxi_parallel){1, run_job, attempts, &work, audit->phase}, err);
    return status ? status
                  : pxi_parallel_run(&(pxi_parallel){2, run_job, attempts + 1, &work, audit->phase}, err);
}

static void conclude(px_audit_check *check, const attempt *attempts, size_t n) {
    for (size_t i = 1; i < n; i++) {
        const bool same = !strcmp(attempts[0].fingerprint, attempts[i].fingerprint);
        check->cases++;
        check->mismatches += !same;
        if (!same)
            pxi_audit_detail(check, "Run 1 is %.16s, run %zu is %.16s.", attempts[0].fingerprint, i + 1,
                             attempts[i].fingerprint);
    }
    check->verdict = check->mismatches ? PX_AUDIT_FAIL : PX_AUDIT_PASS;
    if (!check->mismatches)
        pxi_audit_detail(check, "The fingerprint is %s.", attempts[0].fingerprint);
    pxi_audit_compared(check, "fingerprints of %zu backtests: one alone, two at once on two threads", n);
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    enum { N = 3 };
    attempt attempts[N] = {{.audit = audit, .home = audit->home}};
    attempts[1] = attempts[2] = attempts[0];
    px_home *second = NULL;
    px_status status = audit->home ? px_home_open(px_home_path(audit->home), &second, err) : PX_OK;
    attempts[2].home = second;
    if (!status)
        status = backtest_all(attempts, err);
    if (!status)
        conclude(check, attempts, N);
    if (!status) { /* those of the bars are among them */
        const px_findings of_bars = audit->findings;
        audit->findings = attempts[0].found;
        attempts[0].found = of_bars;
    }
    for (int i = 0; i < N; i++)
        pxi_findings_free(&attempts[i].found);
    px_home_close(&second);
    return status;
}

const pxi_audit_kind pxi_audit_determinism = {
    .name = "determinism",
    .proves = "the same request gives the same bytes, whatever else the machine does",
    .holds = "The same request gives the same result, always.",
    .fails = "The same request gave different results: no single one can be believed.",
    .run = run,
    .reads_journal_only = true,
};
