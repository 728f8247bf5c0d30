// SPDX-License-Identifier: Apache-2.0
/* train = serve: the model's card against the settings and data at hand. */
#include "audit/audit.h"

#include <inttypes.h>

/* Trades of the run that lie inside the training window. */
static int64_t count_in_sample(const pxi_audit *audit) {
    const pxi_journal *journal = &audit->run.journal;
    int64_t n = 0;
    for (size_t i = 0; i < journal->n_trades; i++)
        n += journal->trades[i].entry_us >= audit->model->train_begin_us &&
             journal->trades[i].entry_us < audit->model->train_end_us;
    return n;
}

static void tell_sample(const pxi_audit *audit, px_audit_check *check) {
    const size_t n = audit->run.journal.n_trades;
    if (!px_model_knows_window(audit->model)) {
        pxi_audit_detail(
            check, "Its training window is unknown, and so is how many of the %zu trades lie in it.", n);
        return;
    }
    const int64_t inside = count_in_sample(audit);
    if (inside)
        pxi_audit_detail(check,
                         "IN SAMPLE: %" PRId64 " of %zu trades lie inside its training window; what they "
                         "earn proves nothing.",
                         inside, n);
    else
        pxi_audit_detail(check, "0 of %zu trades lie inside its training window.", n);
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    (void)err;
    if (audit->model) {
        pxi_audit_compared(
            check, "the card of model %s with instrument, timeframe, bar, feature, event and label rules",
            audit->model->name);
        check->cases = 1;
        check->verdict = PX_AUDIT_PASS;
        if (*audit->model->warning)
            pxi_audit_detail(check, "%s.", audit->model->warning);
        tell_sample(audit, check);
    } else if (audit->model_status == PX_OK || audit->model_status == PX_ENOTFOUND) {
        pxi_audit_skip(check, "No model is used: every event is taken.");
    } else {
        pxi_audit_compared(check, "the model's card with instrument, timeframe and rules");
        check->cases = check->mismatches = 1;
        check->verdict = PX_AUDIT_FAIL;
        pxi_audit_detail(check, "%s", audit->model_message);
    }
    return PX_OK;
}

const pxi_audit_kind pxi_audit_serve = {
    .name = "train = serve",
    .proves = "the model is asked what it was trained on, and not about what it has seen",
    .holds = "The model is asked what it was trained on; trades inside its training window prove nothing.",
    .fails = "The model is asked something else than it was trained on.",
    .run = run,
    .reads_journal_only = true,
};
