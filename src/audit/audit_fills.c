// SPDX-License-Identifier: Apache-2.0
/* fills: whether the prices that the run got could be had, and what is left of the result where they come a
 * bar later or with more slippage. */
#include "audit/audit.h"

#include <math.h>

/* A fill beyond this share of its bar's volume moves the price. */
#define LARGE_SHARE 0.1
/* What a run without slippage is shown with. */
#define USUAL_BPS 5.0

/* The same run with another slippage. */
static px_status trade_with(const pxi_audit *audit, px_slippage slippage, pxi_audit_pass *out,
                            px_error *err) {
    pxi_audit other = *audit;
    other.config.slippage = slippage;
    other.config.slippage_bps = 0;
    return pxi_audit_trade_again(&other, out, err);
}

/* ---- price and volume --------------------------------------------------------------------------------- */

typedef struct volumes {
    size_t n, n_still, n_large; /* fills; in bars without volume; of more than LARGE_SHARE of it */
    double largest;
} volumes;

/* Slippage may lie outside the bar on purpose: the journal is of a run without. */
static void count_fills(const pxi_audit *audit, const pxi_journal *journal, volumes *to,
                        pxi_audit_tally *tally) {
    const px_bars *bars = &audit->data.bars;
    for (size_t i = 0; i < journal->n_fills; i++) {
        const pxi_fill *fill = &journal->fills[i];
        const size_t at = px_bars_lower_bound(bars, fill->ts_us);
        if (fill->carry)
            continue;
        if (at == bars->n || bars->ts_us[at] != fill->ts_us) {
            pxi_audit_count(tally, audit, false, "fill without a bar", fill->ts_us, NAN, NAN);
            continue;
        }
        const double rest = 1e-9 * fabs(fill->price);
        const double bound = fill->price > bars->high[at] ? bars->high[at] : bars->low[at];
        pxi_audit_count(tally, audit,
                        fill->price >= bars->low[at] - rest && fill->price <= bars->high[at] + rest,
                        "fill price", fill->ts_us, fill->price, bound);
        to->n++;
        to->n_still += !(bars->volume[at] > 0);
        const double share = bars->volume[at] > 0 ? fill->quantity / bars->volume[at] : 0;
        to->n_large += share > LARGE_SHARE;
        to->largest = share > to->largest ? share : to->largest;
    }
}

static void tell_volumes(px_audit_check *check, const volumes *found) {
    if (found->n == 0)
        return;
    if (found->n_still == found->n) {
        pxi_audit_detail(check, "The bars have no volume: what share of it was traded is not known.");
        return;
    }
    pxi_audit_detail(
        check,
        "%zu of %zu fills are in bars without volume. The largest is %.2f %% of its bar's volume; "
        "%zu are over %.0f %%.",
        found->n_still, found->n, 100 * found->largest, found->n_large, 100 * LARGE_SHARE);
}

/* ---- later, and dearer -------------------------------------------------------------------------------- */

/* What the result loses where each position is entered at the open of the bar after, and left as it was; one
 * that ended by then is not entered. */
static double delay_cost(const pxi_audit *audit, size_t *n_gone) {
    const px_bars *bars = &audit->data.bars;
    const pxi_journal *journal = &audit->run.journal;
    double cost = 0;
    for (size_t i = 0; i < journal->n_trades; i++) {
        const pxi_trade *trade = &journal->trades[i];
        const size_t later = trade->entry_bar + 1;
        const bool gone = later > trade->exit_bar || later >= bars->n;
        *n_gone += gone;
        cost += gone ? trade->pnl - trade->fees
                     : trade->side * trade->quantity * (bars->open[later] - trade->entry_price);
    }
    return cost;
}

static px_status tell_costs(const pxi_audit *audit, px_audit_check *check, px_error *err) {
    const px_slippage own = px_config_slippage(&audit->config);
    const bool none = own.amount == 0.0;
    const px_slippage more =
        none ? (px_slippage){PX_SLIPPAGE_BPS, USUAL_BPS} : (px_slippage){own.kind, 2 * own.amount};
    const double net = pxi_audit_net(&audit->run.journal);
    pxi_audit_pass dearer = {0};
    size_t n_gone = 0;
    px_status status = trade_with(audit, more, &dearer, err);
    if (status)
        return status;
    const double delay = delay_cost(audit, &n_gone);
    pxi_audit_detail(check, "Net %.2f Rs. With entries one bar later %.2f Rs (%zu trades ended before).", net,
                     net - delay, n_gone);
    if (none)
        pxi_audit_detail(check, "No slippage is set; with %g bps %.2f Rs.", USUAL_BPS,
                         pxi_audit_net(&dearer.journal));
    else
        pxi_audit_detail(check, "With twice the slippage %.2f Rs.", pxi_audit_net(&dearer.journal));
    pxi_audit_pass_free(&dearer);
    return PX_OK;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    pxi_audit_tally tally = pxi_audit_tally_make();
    pxi_audit_pass plain = {0};
    volumes found = {0};
    const bool slips = px_config_slippage(&audit->config).amount != 0.0;
    px_status status = slips ? trade_with(audit, (px_slippage){PX_SLIPPAGE_NONE, 0}, &plain, err) : PX_OK;
    if (status)
        return status;
    count_fills(audit, slips ? &plain.journal : &audit->run.journal, &found, &tally);
    pxi_audit_pass_free(&plain);
    pxi_audit_compared(check, "prices of %lld fills%s with lows and highs of their bars",
                       (long long)tally.cases, slips ? ", before slippage," : "");
    pxi_audit_conclude(check, &tally);
    if (tally.cases == 0) {
        pxi_audit_skip(check, "Nothing was traded.");
        return PX_OK;
    }
    if (tally.mismatches)
        pxi_audit_detail(check, "The first: %s (filled, and the bar's nearest price).", tally.first);
    tell_volumes(check, &found);
    return tell_costs(audit, check, err);
}

const pxi_audit_kind pxi_audit_fills = {
    .name = "fills",
    .proves = "every fill is at a price that its bar has seen; what a later or dearer one costs",
    .holds = "The prices that the run got were traded when it got them; what a bar's delay and more slippage "
             "leave of the result stands above.",
    .fails = "Some fills are at prices that were not traded: no broker could have given them.",
    .run = run,
};
