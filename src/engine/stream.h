// SPDX-License-Identifier: Apache-2.0
/* The stream driver: one bar after the other through the flow, the same functions as the batch driver's on
 * blocks of one bar. Live trading and the proof that a stream makes what a batch makes are its callers. */
#ifndef PXI_STREAM_H
#define PXI_STREAM_H

#include "engine/flow.h"
#include "engine/signal_source.h"

typedef struct pxi_stream {
    pxi_flow flow;
    size_t n_bars; /* complete ones */

    /* Of the last bar. A strategy on bars looks for no events, unless `sees_events`. */
    double row[PX_N_FEATURES];
    px_event events[PX_EVENTS_PER_BAR];
    size_t n_events;
    px_signal_list signals;
    px_candidate_list candidates; /* a outcome is settled at the next bar's open at the latest */
    pxi_journal journal;          /* grows from bar to bar, but for its states: the last bar's */
    pxi_replay *replay;

    bool sees_events;
    px_feature_stream *features;
    px_event_stream *event_stream;
    pxi_bar_signals shown; /* of a strategy that sees bars, not events */
} pxi_stream;

/* `sees_events`: features and events are there at each bar whatever the strategy reads. *out is freed with
 * pxi_stream_close, also after a failure. Errors: PX_ENOMEM, PX_EINPUT (settings that look ahead). */
px_status pxi_stream_open(pxi_stream *out, const pxi_flow *flow, bool sees_events, px_error *err);
void pxi_stream_close(pxi_stream *stream);
/* A bar of the warm-up: seen, not traded. Errors: PX_ENOMEM. */
px_status pxi_stream_warm(pxi_stream *stream, const px_bar *bar, px_error *err);
/* A bar begins: what was scheduled for its open fills. */
void pxi_stream_begin(pxi_stream *stream, int64_t ts_us, double open);
/* It is complete: exits, in its one-minute parts unless that is NULL; what the strategy makes of it; orders.
 * After the last bar there is, nothing stays open. Errors: as px_model_predict, PX_ENOMEM. */
px_status pxi_stream_complete(pxi_stream *stream, const px_bar *bar, const px_bars *parts, bool last,
                              px_error *err);

#endif
