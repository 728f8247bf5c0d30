// SPDX-License-Identifier: Apache-2.0
/* Sinks: whom the engine gives what comes of it. The drivers (batch.h, stream.h) know no caller and no
 * caller takes a driver apart: a journal keeps everything, a stream's lines of text and the ledger of its
 * account are two more (live/), and an audit's stands beside a journal and compares (audit/audit_stream.c).
 *
 * Desks are numbered in the order of their symbols. What comes of a step is reported when the step is over,
 * in this order: what desks have seen, their candidates, orders that were waiting and are done, fills,
 * trades, orders that were placed, the account where it changed. */
#ifndef PXI_SINK_H
#define PXI_SINK_H

#include "engine/journal.h"

/* A complete bar in a stream: what the desk makes of it, and how it closes. */
typedef struct pxi_seen_bar {
    size_t desk, i; /* the desk's i-th bar */
    const px_bar *bar;
    const double *row;      /* of features: PX_N_FEATURES */
    const px_event *events; /* a strategy on bars looks for none, unless the stream was asked to */
    size_t n_events;
    const px_signal_list *signals;
    const pxi_account_state *state; /* NULL in the warm-up */
} pxi_seen_bar;

/* The account at the closes of a moment, whatever desks have a bar there. Moments at which nothing is open,
 * ordered or signalled are left out: they close as the one before did. */
typedef struct pxi_moment {
    int64_t ts_us;
    double equity, cash, realised_gross, fees_paid, peak; /* peak: of equity so far */
    double gross_value, net_value; /* of all positions at their last closes: absolute, and signed */
} pxi_moment;

/* Each may be NULL: not interested. What fails ends the run. */
typedef struct pxi_sink_kind {
    px_status (*warm)(void *user, const pxi_seen_bar *seen, px_error *err); /* in the warm-up */
    px_status (*seen)(void *user, const pxi_seen_bar *seen, px_error *err);
    /* With its outcome so far; once more where that changes at the next open. Of a batch: all, after `end`.
     */
    px_status (*candidate)(void *user, size_t desk, const px_candidate *candidate, px_error *err);
    px_status (*done)(void *user, const pxi_order *order, px_error *err); /* was reported before as pending */
    px_status (*fill)(void *user, const pxi_fill *fill, px_error *err);
    px_status (*trade)(void *user, const pxi_trade *trade, px_error *err);
    px_status (*order)(void *user, const pxi_order *order, px_error *err);         /* as the step leaves it */
    px_status (*state)(void *user, const pxi_account_state *state, px_error *err); /* changed */
    px_status (*moment)(void *user, const pxi_moment *moment, px_error *err);
    px_status (*end)(void *user, const pxi_account *account, px_error *err);
} pxi_sink_kind;

typedef struct pxi_sink {
    const pxi_sink_kind *kind;
    void *user;
} pxi_sink;
typedef struct pxi_sinks {
    const pxi_sink *items; /* borrowed */
    size_t n;
} pxi_sinks;

/* Keeps everything that orders, fills, trades and the account are; its user is a pxi_journal. */
extern const pxi_sink_kind pxi_journal_sink;

/* Each tells all of them, the first one first. */
px_status pxi_sinks_warm(const pxi_sinks *sinks, const pxi_seen_bar *seen, px_error *err);
px_status pxi_sinks_seen(const pxi_sinks *sinks, const pxi_seen_bar *seen, px_error *err);
px_status pxi_sinks_candidate(const pxi_sinks *sinks, size_t desk, const px_candidate *candidate,
                              px_error *err);
/* Of one step; orders from number `first_order` on were placed in it. PX_ENOMEM where the journal failed. */
px_status pxi_sinks_record(const pxi_sinks *sinks, const pxi_journal *step, size_t first_order,
                           px_error *err);
bool pxi_sinks_want_moments(const pxi_sinks *sinks);
px_status pxi_sinks_moment(const pxi_sinks *sinks, const pxi_moment *moment, px_error *err);
px_status pxi_sinks_end(const pxi_sinks *sinks, const pxi_account *account, px_error *err);

#endif
