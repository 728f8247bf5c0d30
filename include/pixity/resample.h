// SPDX-License-Identifier: Apache-2.0
/* Resampling to longer timeframes: bins count from the session's regular open (or, in `reference`, from 15
 * minutes after midnight), never span two sessions, and are named by their start. Input bars are inside their
 * sessions (px_bars_in_session). Empty bins are absent; a day's last bin may be short. */
#ifndef PX_RESAMPLE_H
#define PX_RESAMPLE_H

#include "pixity/bars.h"
#include "pixity/calendar.h"
#include "pixity/config.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_resample_state {
    px_session_cursor cursor;
    px_anchor anchor;
    int timeframe_minutes;
    int input_minutes;
    bool open; /* `bar` holds an unfinished bin */
    int64_t bin_begin_us, bin_end_us;
    px_bar bar;
} px_resample_state;

/* `input_minutes` divides `timeframe_minutes`. Errors: PX_EINPUT otherwise. */
PX_API PX_MUST_CHECK px_status px_resample_init(px_resample_state *state, const px_calendar *calendar,
                                                px_anchor anchor, int input_minutes, int timeframe_minutes,
                                                px_error *err);

/* Takes the next input bar and writes the bars that it finishes: the one before (it lies in a later bin) and
 * its own (it is the bin's or the session's last minute). Returns how many, 0 to 2. */
PX_API int px_resample_step(px_resample_state *state, const px_bar *bar, px_bar finished[2]);
/* Finishes the open bin: end of data, or the session's close is known to have passed. Returns 0 or 1. */
PX_API int px_resample_flush(px_resample_state *state, px_bar *finished);

/* All of `bars` at once, bit for bit as by steps and a last flush. *out from a zeroed struct. Errors:
 * PX_EINPUT, also where most bars of the result would need a part of a bar that begins before they end;
 * PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_bars_resample(const px_bars *bars, const px_calendar *calendar,
                                                px_anchor anchor, int input_minutes, int timeframe_minutes,
                                                px_bars *out, px_error *err);

/* The shorter bars inside longer ones: those of bar i are bars[first[i], first[i + 1]). */
typedef struct px_detail {
    px_bars bars;  /* n = 0: there is no detail */
    size_t *first; /* one more than there are longer bars */
    int minutes;   /* timeframe of `bars` */
} px_detail;
/* Finds the parts of bars that were resampled from `parts`, which *out takes over; on failure they stay the
 * caller's. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_detail_make(px_bars *parts, int minutes, const px_bars *bars,
                                              px_detail *out, px_error *err);
PX_API void px_detail_free(px_detail *detail); /* zeroes; NULL is fine */
static inline bool px_detail_is_present(const px_detail *detail) {
    return detail->first != NULL;
}
/* The parts of bar i, at least one; a view. */
static inline px_bars px_detail_at(const px_detail *detail, size_t i) {
    return px_bars_slice(&detail->bars, detail->first[i], detail->first[i + 1]);
}

#ifdef __cplusplus
}
#endif
#endif
