// SPDX-License-Identifier: Apache-2.0
/* ambiguity and costs: how much of the result hangs on what a bar does not tell, and on what trading costs.
 */
#include "audit/audit.h"
#include "base/error.h"

#include <math.h>

/* Gross, rupees and R; R of trades with a stop. */
typedef struct totals {
    size_t n, n_ambiguous;
    double pnl, r, fees, turnover;
} totals;

/* With `target_first` an ambiguous exit is at its target instead. */
static totals add_up(const pxi_journal *journal, bool target_first) {
    totals sum = {0};
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        const bool other = target_first && trade->ambiguous;
        const double pnl =
            other ? trade->side * trade->quantity * (trade->levels.target - trade->entry_price) : trade->pnl;
        sum.n++;
        sum.n_ambiguous += trade->ambiguous;
        sum.pnl += pnl;
        sum.r += isnan(trade->risk) ? 0 : pnl / trade->risk;
        sum.fees += trade->fees;
        sum.turnover += trade->quantity * (trade->entry_price + trade->exit_price);
    }
    return sum;
}

/* ---- ambiguity ---------------------------------------------------------------------------------------- */

/* The same run with exits looked for in the minutes; false where there are none. */
static px_status run_detail(const pxi_audit *audit, totals *out, bool *found, px_error *err) {
    px_data_request data = audit->request->data;
    pxi_audit fine = *audit;
    pxi_audit_pass pass = {0};
    px_dataset loaded = {0};
    px_error why = {0};
    data.detail = fine.config.detail = PX_DETAIL_1M;
    px_status status = px_dataset_load(audit->home, &data, audit->config.resample_anchor,
                                       px_config_warmup_backtest(&audit->config), &loaded, &why);
    *found = !status && px_detail_is_present(&loaded.detail);
    if (status == PX_EINTERRUPTED)
        return pxi_fail(err, status, "%s", why.message);
    status = *found ? pxi_audit_compute(&fine, &loaded, &pass, err) : PX_OK;
    if (*found && !status)
        *out = add_up(&pass.journal, false);
    pxi_audit_pass_free(&pass);
    px_dataset_free(&loaded);
    return status;
}

static px_status run_ambiguity(pxi_audit *audit, px_audit_check *check, px_error *err) {
    const totals stop = add_up(&audit->run.journal, false), target = add_up(&audit->run.journal, true);
    totals fine = {0};
    bool found = false;
    px_status status = run_detail(audit, &fine, &found, err);
    if (status)
        return status;
    check->verdict = PX_AUDIT_SHOWN;
    check->cases = (int64_t)stop.n;
    check->mismatches = (int64_t)stop.n_ambiguous;
    pxi_audit_compared(
        check, "gross result of %zu trades with the stop first, the target first, minute by minute", stop.n);
    pxi_audit_detail(
        check,
        "%zu of %zu trades had stop and target inside one bar. Gross: stop first %.2f Rs (%+.2f R), "
        "target first %.2f Rs (%+.2f R).",
        stop.n_ambiguous, stop.n, stop.pnl, stop.r, target.pnl, target.r);
    if (found)
        pxi_audit_detail(check, "In the minutes %.2f Rs (%+.2f R) in %zu trades.", fine.pnl, fine.r, fine.n);
    else
        pxi_audit_detail(check, "There are no shorter bars to look into.");
    return PX_OK;
}

const pxi_audit_kind pxi_audit_ambiguity = {
    .name = "ambiguity",
    .proves = "how much hangs on the order of stop and target inside one bar",
    .holds =
        "How much of the result hangs on the order of prices inside single bars is known, and stands above.",
    .run = run_ambiguity,
    .reads_journal_only = true,
};

/* ---- costs -------------------------------------------------------------------------------------------- */

static px_status run_costs(pxi_audit *audit, px_audit_check *check, px_error *err) {
    const totals sum = add_up(&audit->run.journal, false);
    check->verdict = PX_AUDIT_SHOWN;
    check->cases = (int64_t)sum.n;
    pxi_audit_compared(check, "gross and net result of %zu trades", sum.n);
    if (sum.n == 0) {
        pxi_audit_skip(check, "There are no trades.");
        return PX_OK;
    }
    const double n = (double)sum.n;
    px_config said = audit->config;
    char slippage[64];
    said.slippage = px_config_slippage(&audit->config);
    px_status status = px_config_get(&said, "slippage", slippage, sizeof slippage, err);
    if (status)
        return status;
    pxi_audit_detail(
        check,
        "Gross %.2f Rs, fees %.2f Rs, net %.2f Rs, with slippage %s. Costs may be "
        "%.2f Rs a trade or %.2f bps of turnover before nothing is left; they are %.2f Rs and %.2f bps.",
        sum.pnl, sum.fees, sum.pnl - sum.fees, slippage, sum.pnl / n, 1e4 * sum.pnl / sum.turnover,
        sum.fees / n, 1e4 * sum.fees / sum.turnover);
    return PX_OK;
}

const pxi_audit_kind pxi_audit_costs = {
    .name = "costs",
    .proves = "what trading costs, and what it may cost",
    .holds = "What trading costs, and how much more it may cost, is known, and stands above.",
    .run = run_costs,
    .reads_journal_only = true,
};
