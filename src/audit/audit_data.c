// SPDX-License-Identifier: Apache-2.0
/* data: what is known to be wrong with the bars themselves, before anything is made of them. */
#include "audit/audit.h"

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    const px_findings *findings = &audit->findings;
    size_t n_errors = 0, n_warnings = 0;
    (void)err;
    for (size_t i = 0; i < findings->n; i++) {
        n_errors += findings->items[i].severity == PX_SEVERITY_ERROR;
        n_warnings += findings->items[i].severity == PX_SEVERITY_WARNING;
    }
    check->cases = (int64_t)audit->data.bars.n;
    check->mismatches = (int64_t)n_errors;
    check->verdict = n_errors ? PX_AUDIT_FAIL : n_warnings ? PX_AUDIT_SHOWN : PX_AUDIT_PASS;
    pxi_audit_compared(check, "%zu bars with what is known to go wrong in bars", audit->data.bars.n);
    if (findings->n == 0)
        pxi_audit_detail(check, "Nothing was found.");
    for (size_t i = 0; i < findings->n; i++) {
        const px_finding *found = &findings->items[i];
        pxi_audit_detail(check, "%s %s: %.120s.",
                         found->accepted ? "ACCEPTED" : px_severity_name(found->severity), found->code,
                         found->what);
    }
    return PX_OK;
}

const pxi_audit_kind pxi_audit_data = {
    .name = "data",
    .proves = "the bars are such as trading makes them",
    .holds = "The bars have no fault that must not be traded on; what else is known of them stands above.",
    .fails = "The bars have faults that must not be traded on, and were accepted: what rests on them is not "
             "believable.",
    .run = run,
};
