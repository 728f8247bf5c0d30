// SPDX-License-Identifier: Apache-2.0
/* Audit: proofs, on the user's own bars and settings, that training, backtest and live compute the same thing
 * and that nothing looks ahead. What each check compares and what it does not: docs/audit.md. */
#ifndef PX_AUDIT_H
#define PX_AUDIT_H

#include "pixity/config.h"
#include "pixity/dataset.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_audit_request {
    px_data_request data;
    const char *strategy_id; /* NULL = "pixityAI_meta" */
    const char *model;       /* NULL = by the rule of px_model_open, and no model where there is none */
    const char *parameters;  /* as px_backtest_request has them */
} px_audit_request;

typedef enum px_audit_verdict {
    PX_AUDIT_PASS,
    PX_AUDIT_FAIL,
    PX_AUDIT_SKIPPED, /* nothing to compare; the detail says why */
    PX_AUDIT_SHOWN,   /* for information: no right or wrong */
} px_audit_verdict;
PX_API const char *px_audit_verdict_name(px_audit_verdict verdict); /* "pass", "fail", "skipped", "shown" */

/* One check of the table in src/audit/audit.c. */
typedef struct px_audit_check {
    const char *name;   /* "batch = stream" */
    const char *proves; /* one line */
    char compared[160]; /* what was held against what */
    int64_t cases, mismatches;
    px_audit_verdict verdict;
    char detail[800]; /* a sentence or two; of a failure the first series and bar, local time */
    /* Of a failure the earliest difference: start of its bar, and what differs there ("ema20", "event",
     * "trade", "entry price"); PX_NULL_I64 and "" where none has a place in time. */
    int64_t first_us;
    char series[32];
    const char *plain; /* what a reader may believe of it, or may not, in words without terms of the trade */
} px_audit_check;

#define PX_AUDIT_MAX_CHECKS 16
typedef struct px_audit_report {
    size_t n, n_failed;
    char zone[64]; /* of the exchange: what its times are written in */
    px_audit_check checks[PX_AUDIT_MAX_CHECKS];
    px_findings findings; /* those of a backtest of the same request */
} px_audit_report;
PX_API void px_audit_report_free(px_audit_report *report); /* zeroes; NULL is fine */

/* Loads all that is stored of the request's series (bars before the window are warm-up, bars after it show
 * that they change nothing) and runs every check; one that fails does not end the audit. `home` may be NULL
 * where neither symbol nor model needs it; its folder is opened once more by the check of determinism. Same
 * request, same data: same report; free it with px_audit_report_free. Bars with error
 * findings are refused as by a backtest. Errors: as px_dataset_load, px_strategy_config_read, px_model_open
 * for a model that is named and absent; PX_EINPUT under 50 bars, and for a strategy that reads its signals;
 * PX_EINTERRUPTED. */
PX_API PX_MUST_CHECK px_status px_audit_run(px_home *home, const px_audit_request *request,
                                            const px_config *config, px_audit_report *out, px_error *err);
/* Columns: check,compared,cases,mismatches,verdict,detail,proves,series,first,plain. *out from a zeroed
 * struct. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_audit_table(const px_audit_report *report, px_table *out, px_error *err);

#ifdef __cplusplus
}
#endif
#endif
