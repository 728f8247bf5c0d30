// SPDX-License-Identifier: Apache-2.0
/* The tally: a sink that keeps what a run comes to and nothing else of it. Trades and closes go into sums as
 * they are reported; what stays is three numbers a trade, again with its side, and two a session. */
#ifndef PXI_RUN_TALLY_H
#define PXI_RUN_TALLY_H

#include "engine/sink.h"
#include "metrics/metrics.h"
#include "pixity/model.h"

typedef struct pxi_tally {
    pxi_timeline timeline;
    double capital;
    const px_model *model; /* NULL = none */
    size_t *own_ends;      /* of pxi_tally_open */
    int32_t *own_dates;

    px_metrics m; /* so far */
    int64_t n_in_sample;
    pxi_trade_sums trades, longs, shorts;
    pxi_drawdowns gross, net;
    double *session_gross, *session_net; /* equity at the ends of the sessions */

    size_t at, session;              /* moments before `at` are counted; `session` is that of `at` */
    double equity_net, equity_gross; /* from there on */
    size_t n_open, n_exposed;        /* positions now; moments with one */
    size_t n_were_open;              /* at the last moment */
    size_t n_left_before;            /* of these, since, before the present moment: at a hole */
    bool entered;                    /* since the last moment */
} pxi_tally;

/* Of the timeline that an account of desks is looked at; it and the model are borrowed. From a zeroed struct;
 * freed with pxi_tally_free, also after a failure. Errors: PX_ENOMEM. */
px_status pxi_tally_begin(pxi_tally *tally, const pxi_timeline *timeline, double capital,
                          const px_model *model, px_error *err);
/* Of one instrument, which the account is held against itself. */
px_status pxi_tally_open(pxi_tally *tally, const px_dataset *data, double capital, const px_model *model,
                         px_error *err);
/* Its user is a pxi_tally. */
extern const pxi_sink_kind pxi_tally_sink;
/* Once no moment follows. Errors: PX_ENOMEM. */
px_status pxi_tally_end(pxi_tally *tally, px_metrics *out, px_error *err);
void pxi_tally_free(pxi_tally *tally);

/* 1 where a trade entered inside the model's training window, 0 where not, PX_NULL_I64 without a model or
 * where that window is unknown. */
int64_t pxi_in_sample(const pxi_trade *trade, const px_model *model);

#endif
