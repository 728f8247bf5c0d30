// SPDX-License-Identifier: Apache-2.0
/* label = exit: with fees and slippage 0, the outcome that a label records is the one that a trade realises.
 */
#include "audit/audit.h"

#include <math.h>

/* Every event that can be a trade becomes one, and money is no object. What labels depend on stays. */
static px_config free_of_cost(const px_config *config) {
    px_config free = *config;
    free.fees = PX_FEES_NONE;
    free.fee_table[0] = '\0';
    free.slippage = (px_slippage){PX_SLIPPAGE_NONE, 0};
    free.slippage_bps = 0;
    free.skip_meta_model = true;
    free.on_opposite = PX_OPPOSITE_IGNORE;
    free.cooldown_bars = 0;
    free.max_daily_trades = 1000000;
    free.max_drawdown_limit = 1;
    free.capital = free.risk_per_trade = 1e15;
    free.max_position_size = 10 * 1e6;
    free.equity_cap = PX_EQUITY_CURRENT;
    return free;
}

/* Settings by which labels and replay differ on purpose. */
static bool differs_by_design(const px_config *config) {
    return px_config_entry_labels(config) != px_config_entry_replay(config) ||
           config->label_from == PX_LABEL_FROM_BAR_AFTER_ENTRY || config->profile == PX_PROFILE_REFERENCE;
}

static void compare_trade(const pxi_audit *audit, const pxi_trade *trade, const px_label *label,
                          pxi_audit_tally *tally) {
    if (trade->reason == PX_EXIT_END_OF_DATA) { /* the data ended both */
        pxi_audit_count(tally, audit, label->label == PX_LABEL_UNRESOLVED, "outcome", trade->entry_us, NAN,
                        NAN);
        return;
    }
    const bool resolved = label->label != PX_LABEL_UNRESOLVED;
    pxi_audit_count(tally, audit, pxi_audit_same(trade->entry_price, label->entry_price), "entry price",
                    trade->entry_us, trade->entry_price, label->entry_price);
    pxi_audit_count(tally, audit, trade->reason == label->hit && resolved, "exit reason", trade->entry_us,
                    NAN, NAN);
    pxi_audit_count(tally, audit, pxi_audit_same(trade->exit_price, label->exit_price), "exit price",
                    trade->entry_us, trade->exit_price, label->exit_price);
    pxi_audit_count(tally, audit, resolved && trade->exit_bar == label->exit_bar, "exit bar", trade->entry_us,
                    NAN, NAN);
}

/* Labels come in the order of their events, trades in that of theirs. */
static void compare_all(const pxi_audit *audit, const pxi_audit_pass *pass, pxi_audit_tally *tally) {
    size_t at = 0;
    for (size_t i = 0; i < pass->journal.n_trades; i++) {
        const pxi_trade *trade = &pass->journal.trades[i];
        while (at < pass->found.labels.n && pass->found.labels.items[at].event < trade->signal.candidate)
            at++;
        if (at < pass->found.labels.n && pass->found.labels.items[at].event == trade->signal.candidate)
            compare_trade(audit, trade, &pass->found.labels.items[at], tally);
        else
            pxi_audit_count(tally, audit, false, "label", trade->entry_us, NAN, NAN);
    }
}

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    if (audit->strategy->on_bar) {
        pxi_audit_skip(check, "Strategy %s trades no labelled events.", audit->strategy->id);
        return PX_OK;
    }
    pxi_audit free = *audit;
    pxi_audit_pass pass = {0};
    pxi_audit_tally tally = pxi_audit_tally_make();
    free.config = free_of_cost(&audit->config);
    free.model = NULL;
    free.fee_table = NULL;
    px_status status = pxi_audit_compute(&free, &free.data, &pass, err);
    if (!status) {
        compare_all(&free, &pass, &tally);
        pxi_audit_compared(
            check, "entry, exit price, exit bar and reason of %zu trades at no cost with their labels",
            pass.journal.n_trades);
        pxi_audit_conclude(check, &tally);
        if (pass.journal.n_trades == 0)
            pxi_audit_skip(check, "No event of the window became a trade.");
        else if (tally.mismatches && differs_by_design(&audit->config))
            pxi_audit_detail(check,
                             "The settings entry, label_from or profile make labels and trades differ: a "
                             "model learns outcomes that no trade has.");
    }
    pxi_audit_pass_free(&pass);
    return status;
}

const pxi_audit_kind pxi_audit_label_exit = {
    .name = "label = exit",
    .proves = "the outcome that training learns from is the one that a trade realises",
    .holds = "The model learns what trades come to.",
    .fails = "The model learns outcomes that no trade has: its probabilities mean something else.",
    .run = run,
};
