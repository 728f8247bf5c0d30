// SPDX-License-Identifier: Apache-2.0
/* martingale: the same settings where nothing can be earned. */
#include "audit/audit.h"
#include "audit/martingale.h"

#include <math.h>
#include <stdio.h>

static const char *cell_name(const pxi_cell *cell, char buf[40]) {
    if (cell->type < 0)
        return "all events";
    snprintf(buf, 40, "%s %s", px_event_type_name(cell->type), px_side_name((px_side)cell->side));
    return buf;
}

/* "TREND BUY +0.195 R (10.8 SE, 6939 events)": by how much the worse of its two means is off. */
static void tell_cell(const pxi_cell *cell, px_audit_check *check) {
    char name[40];
    const bool above = cell->mean_stop_first > 0;
    const double mean = above ? cell->mean_stop_first : cell->mean_target_first;
    const double se = above ? cell->se_stop_first : cell->se_target_first;
    pxi_audit_detail(check, "%s %+.3f R (%.1f SE, %zu events)%s;", cell_name(cell, name), mean,
                     fabs(mean) / se, cell->n, cell->judged ? "" : ", too few to judge");
}

static void conclude(const pxi_martingale *m, px_audit_check *check) {
    pxi_audit_compared(check, "mean R of %zu events on %d driftless walks with 0, by type and side",
                       m->n_events, m->n_seeds);
    check->verdict = PX_AUDIT_PASS;
    for (int i = 0; i < m->n_cells; i++) {
        check->cases += m->cells[i].judged;
        check->mismatches += m->cells[i].failed;
    }
    if (check->mismatches)
        check->verdict = PX_AUDIT_FAIL;
    for (int i = 0; i < m->n_cells; i++)
        if (m->cells[i].n && (check->mismatches == 0 || m->cells[i].failed))
            tell_cell(&m->cells[i], check);
    pxi_audit_detail(check, "smallest R that would show: %.3f.", m->detectable_r);
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    if (audit->strategy->on_bar) {
        pxi_audit_skip(check, "Strategy %s trades no labelled events.", audit->strategy->id);
        return PX_OK;
    }
    const pxi_martingale_limits limits = pxi_martingale_limits_default();
    pxi_martingale m;
    px_status status = pxi_martingale_run(&audit->config, audit->data.timeframe_minutes,
                                          &audit->drivers->stages, &limits, audit->work, &m, err);
    if (!status)
        conclude(&m, check);
    return status;
}

const pxi_audit_kind pxi_audit_martingale = {
    .name = "martingale",
    .proves = "on bars without drift the rules earn nothing",
    .holds = "On prices where nothing can be earned, these rules earn nothing.",
    .fails = "These rules earn where nothing can be earned, or lose where nothing can be lost: their result "
             "here is not believable.",
    .run = run,
    .reads_journal_only = true,
};
