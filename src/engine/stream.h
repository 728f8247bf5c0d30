// SPDX-License-Identifier: Apache-2.0
/* The stream driver: one bar after the other through the flow, the same functions as the batch driver's on
 * blocks of one bar. Live trading and the proof that a stream makes what a batch makes are its callers.
 *
 * Of each moment a desk's bar begins and is complete, desks in their order; when all that have a bar there
 * are complete, the moment is settled. */
#ifndef PXI_STREAM_H
#define PXI_STREAM_H

#include "engine/flow.h"
#include "engine/signal_source.h"

/* A desk, and what its last bar showed. */
typedef struct pxi_stream_desk {
    pxi_flow flow;
    size_t n_bars; /* complete ones */
    px_bar bar;
    double row[PX_N_FEATURES];
    px_event events[PX_EVENTS_PER_BAR];
    size_t n_events;
    px_signal_list signals;
    pxi_listed_signals listed;    /* of these */
    px_candidate_list candidates; /* an outcome is settled at the next bar's open at the latest */
    bool complete;                /* its bar is, and the moment not settled */

    px_event_stream *event_stream; /* where events are looked for */
    px_feature_stream *features;   /* of a strategy on events */
    pxi_bar_signals shown;         /* of one that sees bars, and the features with them */
} pxi_stream_desk;

typedef struct pxi_stream {
    pxi_sinks sinks;
    bool sees_events;
    size_t n;
    pxi_stream_desk *desks;
    pxi_replay *replay;
} pxi_stream;

/* The desks are put in order, and copied. `sees_events`: events are there at each bar whatever the strategy
 * reads. *out is freed with pxi_stream_close, also after a failure. Errors: PX_ENOMEM, PX_EINPUT (settings
 * that look ahead; as pxi_desks_sort). */
px_status pxi_stream_open(pxi_stream *out, const pxi_desks *desks, bool sees_events, px_error *err);
void pxi_stream_close(pxi_stream *stream);

/* All of these: errors of the sinks, PX_ENOMEM. A bar of the warm-up: seen, not traded. */
px_status pxi_stream_warm(pxi_stream *stream, size_t desk, const px_bar *bar, px_error *err);
/* A bar begins: what was scheduled for its open fills. */
px_status pxi_stream_begin(pxi_stream *stream, size_t desk, int64_t ts_us, double open, px_error *err);
typedef struct pxi_stream_bar {
    const px_bar *bar;
    const px_bars *parts; /* its one-minute parts, or NULL */
    bool last;            /* the desk has none after it: nothing stays open */
} pxi_stream_bar;
/* It is complete: exits; what the strategy makes of it. Errors also as px_model_predict. */
px_status pxi_stream_complete(pxi_stream *stream, size_t desk, const pxi_stream_bar *bar, px_error *err);
/* So are all of the moment: orders. */
px_status pxi_stream_settle(pxi_stream *stream, px_error *err);

/* All bars of the desks' data sets, those before their windows as a warm-up; ends the sinks' run. */
px_status pxi_stream_run(pxi_stream *stream, px_error *err);

#endif
