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

/* Event types are numbered as their table has them. */
#define PX_MAX_EVENT_TYPES 31
PX_API const char *px_event_type_name(int type); /* "TREND", "REVERSION"; NULL = no such type */

/* Model inputs, a row each: name, title, unit, and as specs the columns that it looks at, which its function
 * in src/events/inputs.c is given in this order; NULL = none. Rows of a model stand in this order. */
#define PX_INPUTS(X)                                                                                         \
    X(vwap_dist, "distance of the close from VWAP", "of VWAP", "vwap")                                       \
    X(ema_slope, "change of EMA(20) since the bar before", "of EMA(20)", "ema(20)")                          \
    X(atr_pct, "ATR over the close", "of the close", "atr(14)")                                              \
    X(adx, "ADX", "", "adx(14)")                                                                             \
    X(hour, "hour of the bar's local start", "hours", NULL)                                                  \
    X(minute, "minute of the bar's local start", "minutes", NULL)                                            \
    X(vol_z, "volume against mean and deviation of the last 100 bars", "deviations", "vol_z")
#define PX_COUNT_INPUT(...) +1
#define PX_N_INPUTS         (0 PX_INPUTS(PX_COUNT_INPUT))
PX_API const char *px_input_name(size_t input); /* NULL past the last */

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

/* All events on bars [begin, end) in order: time, then type, long before short. `frame`: the features of all
 * bars; columns that types and inputs name beyond them are made here. *out from a zeroed struct. Errors:
 * PX_ENOMEM, PX_EINPUT (a type or an input names a column that is none). */
PX_API PX_MUST_CHECK px_status px_events_find(const px_bars *bars, const px_feature_frame *frame,
                                              const px_calendar *calendar, const px_config *config,
                                              int timeframe_minutes, size_t begin, size_t end,
                                              px_event_list *out, px_error *err);

/* Stream: the events of one closed bar after the other, from their features. `calendar` and `config` are
 * borrowed. Errors: as of px_events_find. */
#define PX_EVENTS_PER_BAR (2 * PX_MAX_EVENT_TYPES)
typedef struct px_event_stream px_event_stream;
PX_API PX_MUST_CHECK px_status px_event_stream_new(const px_calendar *calendar, const px_config *config,
                                                   int timeframe_minutes, px_event_stream **out,
                                                   px_error *err);
PX_API void px_event_stream_free(px_event_stream **stream);
/* Returns how many, in the order of px_events_find. */
PX_API size_t px_events_step(px_event_stream *stream, const px_bar *bar, const double row[PX_N_FEATURES],
                             px_event out[PX_EVENTS_PER_BAR]);

#ifdef __cplusplus
}
#endif
#endif
