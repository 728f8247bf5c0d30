// SPDX-License-Identifier: Apache-2.0
/* What is known to be wrong with a training: of its bars, in the words of their findings, and of its events.
 */
#include "base/error.h"
#include "findings/findings.h"
#include "train/training.h"

#include <string.h>

/* ---- bars of several instruments ------------------------------------------------------------------------
 */

/* What the instruments have of one code: how many of them, with the first finding of the first one. */
typedef struct shared {
    const px_finding *first;
    const char *symbol;
    size_t n_instruments;
    int64_t count;
} shared;

static shared find_shared(const pxi_panel *panel, const char *code) {
    shared found = {0};
    for (size_t m = 0; m < panel->n; m++) {
        const px_dataset *data = &panel->members[m].data;
        bool has = false;
        for (size_t i = 0; i < data->findings.n; i++) {
            const px_finding *finding = &data->findings.items[i];
            if (strcmp(finding->code, code) != 0)
                continue;
            if (!found.first) {
                found.first = finding;
                found.symbol = data->instrument.symbol;
            }
            found.count += finding->count;
            has = true;
        }
        found.n_instruments += has;
    }
    return found;
}

/* One finding a code, however many instruments have it: the report has those of each. */
static void put_shared(const pxi_panel *panel, px_finding_code code, px_findings *to, bool *failed) {
    const shared found = find_shared(panel, px_finding_kind_at(code)->code);
    pxi_text what = {0};
    if (!found.first)
        return;
    pxi_text_printf(&what, "%s: %s", found.symbol, found.first->what);
    if (found.n_instruments > 1)
        pxi_text_printf(&what, "; and of %zu more instrument%s", found.n_instruments - 1,
                        found.n_instruments > 2 ? "s" : "");
    *failed |= what.failed;
    if (!what.failed)
        pxi_findings_put(to, code, found.count, found.first->where, what.data, failed);
    pxi_text_free(&what);
}

/* ---- symbols that are left out --------------------------------------------------------------------------
 */

/* The first few are named with their reason; `left_out` of the report has all. */
static void put_left_out(const pxi_panel *panel, px_findings *to, bool *failed) {
    const size_t n = panel->n_left_out, n_named = n > 5 ? 4 : n;
    for (size_t i = 0; i < n_named + (n_named < n); i++) {
        const pxi_left_out *left_out = &panel->left_out[i];
        pxi_text what = {0};
        if (i < n_named)
            pxi_text_printf(&what, "%s is left out of the training: %s", left_out->symbol,
                            left_out->reason.message);
        else
            pxi_text_printf(&what,
                            "%zu more symbols are left out of the training: left_out of --json tells why",
                            n - n_named);
        *failed |= what.failed;
        if (!what.failed)
            pxi_findings_put(to, PX_FINDING_LEFT_OUT, (int64_t)(i < n_named ? 1 : n - n_named), NULL,
                             what.data, failed);
        pxi_text_free(&what);
    }
}

/* ---- the whole ------------------------------------------------------------------------------------------
 */

px_status pxi_training_find(pxi_training *t, const char *accept, px_error *err) {
    const pxi_panel *panel = &t->panel;
    px_findings *to = &t->findings;
    char name[1024];
    bool failed = false;
    if (panel->n == 1 && panel->n_left_out == 0)
        pxi_findings_join(to, &panel->members[0].data.findings, &failed);
    else
        for (int code = 0; code < PX_N_FINDING_CODES; code++)
            put_shared(panel, (px_finding_code)code, to, &failed);
    if (px_config_looks_ahead(t->config))
        pxi_findings_put(to, PX_FINDING_LOOK_AHEAD, 0, NULL,
                         "the settings look ahead (swing centered or vwap_fallback dataset): no number here "
                         "can be reached by trading",
                         &failed);
    put_left_out(panel, to, &failed);
    if (failed)
        return pxi_fail_memory(err);
    return pxi_findings_settle(to, accept, pxi_panel_name(panel, name, sizeof name), err);
}

px_status pxi_training_find_unscored(pxi_training *t, px_error *err) {
    const pxi_evaluation *evaluation = &t->evaluation;
    const size_t due = t->rows.n - evaluation->folds[0].fold.test_begin;
    bool failed = false;
    if (evaluation->overall.n < due)
        pxi_findings_put(&t->findings, PX_FINDING_UNSCORED_FOLD, (int64_t)(due - evaluation->overall.n), NULL,
                         "a fold had no training event left after purging: its events are not scored",
                         &failed);
    return failed ? pxi_fail_memory(err) : PX_OK;
}
