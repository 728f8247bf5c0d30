// SPDX-License-Identifier: Apache-2.0
/* Determinism: the same backtest alone, and twice at once on two threads, has one fingerprint. */
#include "audit/audit.h"

#include <pthread.h>
#include <string.h>
#include "base/text.h"

/* One backtest from its request on: bars are read, model opened, everything computed anew. */
typedef struct attempt {
    const pxi_audit *audit;
    px_home *home;
    char fingerprint[65];
    px_status status;
    px_error err;
} attempt;

static void *backtest(void *user) {
    attempt *a = user;
    const pxi_audit *audit = a->audit;
    px_backtest_result *result = NULL;
    const px_backtest_request request = {
        .data = audit->request->data,
        .strategy_id = audit->strategy->id,
        .parameters = audit->request->parameters,
        .model = audit->model ? audit->request->model : NULL,
        .run_id = "audit",
    };
    a->status = audit->drivers->backtest(a->home, &request, &audit->config, NULL, NULL, &result, &a->err);
    if (!a->status)
        pxi_copy(a->fingerprint, sizeof a->fingerprint, result->fingerprint);
    px_backtest_result_free(&result);
    return NULL;
}

/* Two at once; where there is no second thread, one after the other. */
static void backtest_both(attempt *here, attempt *beside) {
    pthread_t thread;
    const bool threaded = pthread_create(&thread, NULL, backtest, beside) == 0;
    backtest(here);
    if (threaded)
        pthread_join(thread, NULL);
    else
        backtest(beside);
}

static px_status report(const attempt *attempts, size_t n, px_error *err) {
    for (size_t i = 0; i < n; i++)
        if (attempts[i].status) {
            if (err)
                *err = attempts[i].err;
            return attempts[i].status;
        }
    return PX_OK;
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
    if (!status) {
        attempts[2].home = second;
        backtest(&attempts[0]);
        pxi_audit_tell(audit, 1, N);
        if (!attempts[0].status)
            backtest_both(&attempts[1], &attempts[2]);
        pxi_audit_tell(audit, N, N);
        status = report(attempts, N, err);
    }
    if (!status)
        conclude(check, attempts, N);
    px_home_close(&second);
    return status;
}

const pxi_audit_kind pxi_audit_determinism = {
    .name = "determinism",
    .proves = "the same request gives the same bytes, whatever else the machine does",
    .run = run,
    .reads_journal_only = true,
};
