// SPDX-License-Identifier: Apache-2.0
/* End extension: all stages over bars that end with the window, and over bars that go on after it, with the
 * same window. */
#include "audit/audit.h"

enum { MADE_UP = 2000 }; /* bars that are added behind those that there are */

/* ---- bars after the window ---------------------------------------------------------------------------- */

/* The last bars once more, whole weeks later, at other prices and volumes: what is not looked at may be
 * anything. */
static px_status append_made_up(px_bars *bars, px_error *err) {
    const int64_t week = 7 * PX_US_PER_DAY;
    const size_t n = bars->n, first = n > MADE_UP ? n - MADE_UP : 0;
    const int64_t shift = ((bars->ts_us[n - 1] - bars->ts_us[first]) / week + 1) * week;
    px_status status = px_bars_reserve(bars, n + (n - first), err);
    for (size_t i = first; i < n && !status; i++) {
        px_bar bar = px_bars_at(bars, i);
        bar.ts_us += shift;
        bar.open *= 4.0;
        bar.high *= 4.0;
        bar.low *= 4.0;
        bar.close *= 4.0;
        bar.volume = 3.0 * bar.volume + 1.0;
        status = px_bars_append(bars, &bar, err);
    }
    return status;
}

static px_status copy_bars(const px_bars *from, px_bars *to, px_error *err) {
    px_status status = px_bars_reserve(to, from->n, err);
    for (size_t i = 0; i < from->n && !status; i++) {
        const px_bar bar = px_bars_at(from, i);
        status = px_bars_append(to, &bar, err);
    }
    return status;
}

/* ---- comparing ---------------------------------------------------------------------------------------- */

static void compare_features(pxi_audit *audit, const pxi_audit_pass *longer, pxi_audit_tally *tally) {
    const size_t n = audit->data.bars.n;
    for (size_t f = 0; f < PX_N_FEATURES; f++) {
        const double *cut = audit->run.found.frame.column[f], *with = longer->found.frame.column[f];
        tally->cases += (int64_t)n;
        for (size_t i = pxi_audit_first_difference(cut, with, 0, n); i < n;
             i = pxi_audit_first_difference(cut, with, i + 1, n)) {
            tally->cases--;
            pxi_audit_count(tally, audit, false, px_feature_name(f), audit->data.bars.ts_us[i], cut[i],
                            with[i]);
        }
    }
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

static void compare_labels(pxi_audit *audit, const pxi_audit_pass *longer, pxi_audit_tally *tally) {
    const px_label_list *a = &audit->run.found.labels, *b = &longer->found.labels;
    const int64_t last_us = audit->data.bars.ts_us[audit->data.end - 1];
    for (size_t i = 0; i < smaller(a->n, b->n); i++)
        pxi_audit_count(tally, audit, pxi_audit_same_label(&a->items[i], &b->items[i]), "label",
                        audit->run.found.events.items[a->items[i].event].ts_us, a->items[i].realized_r,
                        b->items[i].realized_r);
    pxi_audit_count_missing(tally, audit, "labels", a->n, b->n, last_us);
}

static void compare_signals(pxi_audit *audit, const pxi_audit_pass *longer, pxi_audit_tally *tally) {
    const px_candidate_list *a = &audit->run.made.candidates, *b = &longer->made.candidates;
    const int64_t last_us = audit->data.bars.ts_us[audit->data.end - 1];
    for (size_t i = 0; i < smaller(a->n, b->n); i++) {
        const px_candidate *x = &a->items[i], *y = &b->items[i];
        pxi_audit_count(tally, audit,
                        pxi_audit_same_event(&x->event, &y->event) && x->outcome == y->outcome &&
                            pxi_audit_same(x->probability, y->probability) &&
                            pxi_audit_same(x->quantity, y->quantity),
                        "signal", x->event.ts_us, x->quantity, y->quantity);
    }
    pxi_audit_count_missing(tally, audit, "signals", a->n, b->n, last_us);
}

static void compare_trades(pxi_audit *audit, const pxi_audit_pass *longer, pxi_audit_tally *tally) {
    const pxi_journal *a = &audit->run.journal, *b = &longer->journal;
    const int64_t last_us = audit->data.bars.ts_us[audit->data.end - 1];
    for (size_t i = 0; i < smaller(a->n_trades, b->n_trades); i++)
        pxi_audit_count(tally, audit, pxi_audit_same_trade(&a->trades[i], &b->trades[i]), "trade",
                        a->trades[i].entry_us, a->trades[i].pnl, b->trades[i].pnl);
    pxi_audit_count_missing(tally, audit, "trades", a->n_trades, b->n_trades, last_us);
}

static px_status compare(pxi_audit *audit, const px_dataset *longer, pxi_audit_tally *tally, px_error *err) {
    pxi_audit_pass pass = {0};
    px_status status = pxi_audit_compute(audit, longer, &pass, err);
    if (!status) {
        compare_features(audit, &pass, tally);
        compare_labels(audit, &pass, tally);
        compare_signals(audit, &pass, tally);
        compare_trades(audit, &pass, tally);
    }
    pxi_audit_pass_free(&pass);
    return status;
}

/* ---- the check ---------------------------------------------------------------------------------------- */

static px_status run(pxi_audit *audit, px_audit_check *check, px_error *err) {
    const size_t n_after = audit->all.bars.n - audit->all.end;
    px_dataset longer = pxi_audit_view(&audit->all, audit->data_at, audit->all.bars.n);
    px_bars bars = {0};
    pxi_audit_tally tally = pxi_audit_tally_make();
    px_status status = copy_bars(&longer.bars, &bars, err);
    if (!status)
        status = append_made_up(&bars, err);
    longer.bars = bars;
    if (!status)
        status = compare(audit, &longer, &tally, err);
    const size_t n_more = bars.n - audit->data.bars.n;
    px_bars_free(&bars);
    pxi_audit_conclude(check, &tally);
    pxi_audit_compared(check, "features, labels, signals, trades: without and with %zu bars after the window",
                       n_more);
    pxi_audit_detail(check, "%zu of the bars after it are there, the rest is made up.", n_after);
    if (tally.mismatches)
        pxi_audit_detail(check, "The first: %s (without and with them).", tally.first);
    return status;
}

const pxi_audit_kind pxi_audit_extension = {
    .name = "end extension",
    .proves = "bars after the window change no feature, label, signal or trade in it",
    .holds = "What happened after the window changed nothing in it.",
    .fails = "What happened after the window changes what happened in it.",
    .run = run,
};
