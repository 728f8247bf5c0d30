// SPDX-License-Identifier: Apache-2.0
/* Bars: a structure of arrays, one element a bar, named by the bar's start. */
#ifndef PX_BARS_H
#define PX_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "pixity/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct px_bar {
    int64_t ts_us; /* start, UTC */
    double open, high, low, close;
    double volume; /* shares or contracts; 0 where the source has none */
} px_bar;

/* ts_us strictly increases. `capacity` 0 marks a view that does not own its arrays. */
typedef struct px_bars {
    size_t n, capacity;
    int64_t *ts_us;
    double *open, *high, *low, *close, *volume;
} px_bars;

/* Grows to hold at least `capacity` bars. Errors: PX_ENOMEM. Start from a zeroed struct. */
PX_API PX_MUST_CHECK px_status px_bars_reserve(px_bars *bars, size_t capacity, px_error *err);
/* A volume of -0 becomes 0: no two series differ in a sign that nobody sees. */
PX_API PX_MUST_CHECK px_status px_bars_append(px_bars *bars, const px_bar *bar, px_error *err);
/* The bars [begin, end) of another series behind those of this one. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_bars_append_range(px_bars *bars, const px_bars *from, size_t begin,
                                                    size_t end, px_error *err);
PX_API void px_bars_free(px_bars *bars); /* zeroes; NULL and views are fine */

static inline px_bar px_bars_at(const px_bars *bars, size_t i) {
    px_bar bar = {bars->ts_us[i], bars->open[i],  bars->high[i],
                  bars->low[i],   bars->close[i], bars->volume[i]};
    return bar;
}

/* A view of [begin, end). Valid as long as `bars` is not changed or freed. */
PX_API px_bars px_bars_slice(const px_bars *bars, size_t begin, size_t end);

/* Index of the first bar at or after ts_us (n if none). */
PX_API size_t px_bars_lower_bound(const px_bars *bars, int64_t ts_us);

/* Why a bar cannot be one ("high below low", "price not above zero", "volume below zero", ...), or NULL. */
PX_API const char *px_bar_defect(const px_bar *bar);

/* Raises the high and lowers the low to hold open and close where these miss by a rounding at most: one tick
 * of 0.05, but no more than half a per cent, or 1e-9 of the price. Returns whether it did. */
PX_API bool px_bar_widen(px_bar *bar);

/* A row of a bar file that is no bar. Of a file the first ones are kept. */
#define PX_MAX_REJECTIONS 20
typedef struct px_rejection {
    size_t line; /* 1-based line of a text file (header included), row of others */
    char reason[120];
} px_rejection;

/* Timeframes are minutes; a day is PX_TIMEFRAME_DAY whatever the session's length. */
#define PX_TIMEFRAME_DAY 1440
/* Parses "1m", "15m", "1h", "4h", "1d". Errors: PX_EINPUT. */
PX_API PX_MUST_CHECK px_status px_timeframe_parse(const char *text, int *minutes, px_error *err);
/* "15m", "1h", "1d"; returns buf. */
#define PX_TIMEFRAME_TEXT_SIZE 16
PX_API char *px_timeframe_format(int minutes, char buf[PX_TIMEFRAME_TEXT_SIZE]);

/* Sorts by time and drops repeats of equal bars. n_conflicts counts bars with one time and different values;
 * of those the first stays. Counts may be NULL. Errors: PX_ENOMEM. */
PX_API PX_MUST_CHECK px_status px_bars_normalize(px_bars *bars, size_t *n_duplicates, size_t *n_conflicts,
                                                 int64_t *first_conflict_us, px_error *err);
/* The same, but of bars with one time and different values the last stays; n_replaced counts the others. */
PX_API PX_MUST_CHECK px_status px_bars_normalize_to_last(px_bars *bars, size_t *n_duplicates,
                                                         size_t *n_replaced, px_error *err);

/* What becomes of sorted bars beside sorted ones that are there already. */
typedef struct px_bars_meeting {
    size_t n_new;               /* at times that have none yet */
    size_t n_equal;             /* there already */
    size_t n_different;         /* with other values than the bar that is there */
    int64_t first_different_us; /* 0 = none */
} px_bars_meeting;
PX_API px_bars_meeting px_bars_meet(const px_bars *there, const px_bars *given);

/* The timeframe, in minutes, that sorted bars have by their times: they follow each other in steps of it and
 * never closer. 0 where the times do not say, as of bars that are few, or of a symbol that trades seldom. */
PX_API int px_bars_likely_timeframe(const px_bars *bars);
/* Refuses sorted bars of another timeframe: most lie closer together (some may: a bin cut short by the
 * close), or they are likely of a longer one. Errors: PX_EINPUT with both timeframes. */
PX_API PX_MUST_CHECK px_status px_bars_check_timeframe(const px_bars *bars, int timeframe_minutes,
                                                       px_error *err);

#ifdef __cplusplus
}
#endif
#endif
