// SPDX-License-Identifier: Apache-2.0
/* Candidate events: what a closed bar says. One table of types (src/events/event_table.c), one file each.
 * Rules: SPEC section 4, docs/features.md. */
#ifndef PX_EVENTS_H
#define PX_EVENTS_H

#include "pixity/features.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum px_side { PX_SHORT = -1, PX_LONG = 1 } px_side;
PX_API const char *px_side_name(px_side side); /* "BUY", "SELL" */

/* Index into the table of event types. */
typedef enum px_event_type { PX_EVENT_TREND, PX_EVENT_REVERSION, PX_N_EVENT_TYPES } px_event_type;
PX_API const char *px_event_type_name(int type); /* "TREND", "REVERSION" */

/* Model inputs, in the order that models are trained with. */
typedef enum px_input {
    PX_INPUT_VWAP_DIST,
    PX_INPUT_EMA_SLOPE,
    PX_INPUT_ATR_PCT,
    PX_INPUT_ADX,
    PX_INPUT_HOUR, /* local start of the bar */
    PX_INPUT_MINUTE,
    PX_INPUT_VOL_Z,
    PX_N_INPUTS,
} px_input;
PX_API const char *px_input_name(size_t input);

/* Events need PX_EVENT_MIN_BAR bars before them. */
#define PX_EVENT_MIN_BAR 50

typedef struct px_event {
    size_t bar;
    int64_t ts_us;
    int type;
    px_side side;
    double inputs[PX_N_INPUTS];
    double close; /* entry_price_at_event */
    double atr;   /* atr_at_event */
    int h_bars;
    int bar_minutes;
} px_event;

typedef struct px_event_list {
    size_t n, capacity;
    px_event *items;
} px_event_list;
PX_API void px_event_list_free(px_event_list *list);

/* All events on bars [begin, end) in order: time, then type, long before short. *out from a zeroed struct.
 * Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_events_find(const px_bars *bars, const px_feature_frame *frame,
                                              const px_calendar *calendar, const px_config *config,
                                              int timeframe_minutes, size_t begin, size_t end,
                                              px_event_list *out, px_error *err);

/* Stream: the events of one closed bar. Zero the state, set the first three fields. */
#define PX_EVENTS_PER_BAR (2 * PX_N_EVENT_TYPES)
typedef struct px_event_state {
    const px_calendar *calendar;
    const px_config *config;
    int timeframe_minutes;
    size_t n_bars; /* seen so far */
    double previous_close, previous_ema20;
} px_event_state;
PX_API size_t px_events_step(px_event_state *state, const px_bar *bar, const double row[PX_N_FEATURES],
                             px_event out[PX_EVENTS_PER_BAR]);

#ifdef __cplusplus
}
#endif
#endif
