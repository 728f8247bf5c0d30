// SPDX-License-Identifier: Apache-2.0
/* Putting bars in order of time, each once. */
#include "pixity/store.h"

#include "base/error.h"
#include "base/mem.h"

#include <stdlib.h>

typedef struct place {
    int64_t ts_us;
    size_t at; /* ties keep the order of the source */
} place;

static int by_time(const void *a, const void *b) {
    const place *left = a, *right = b;
    if (left->ts_us != right->ts_us)
        return left->ts_us < right->ts_us ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

static bool strictly_increasing(const px_bars *bars) {
    for (size_t i = 1; i < bars->n; i++)
        if (bars->ts_us[i] <= bars->ts_us[i - 1])
            return false;
    return true;
}

static bool same_values(const px_bars *bars, size_t i, size_t j) {
    return bars->open[i] == bars->open[j] && bars->high[i] == bars->high[j] && bars->low[i] == bars->low[j] &&
           bars->close[i] == bars->close[j] && bars->volume[i] == bars->volume[j];
}

static void set_counts(size_t duplicates, size_t conflicts, int64_t first_us, size_t *n_duplicates,
                       size_t *n_conflicts, int64_t *first_conflict_us) {
    if (n_duplicates)
        *n_duplicates = duplicates;
    if (n_conflicts)
        *n_conflicts = conflicts;
    if (first_conflict_us)
        *first_conflict_us = first_us;
}

px_status px_bars_normalize(px_bars *bars, size_t *n_duplicates, size_t *n_conflicts,
                            int64_t *first_conflict_us, px_error *err) {
    size_t duplicates = 0, conflicts = 0, kept = 0;
    int64_t first_us = 0;
    px_bars sorted = {0};
    if (strictly_increasing(bars)) {
        set_counts(0, 0, 0, n_duplicates, n_conflicts, first_conflict_us);
        return PX_OK;
    }
    place *places = pxi_new_array(bars->n, sizeof *places);
    px_status status = places ? px_bars_reserve(&sorted, bars->n, err) : pxi_fail_memory(err);
    for (size_t i = 0; !status && i < bars->n; i++)
        places[i] = (place){bars->ts_us[i], i};
    if (!status)
        qsort(places, bars->n, sizeof *places, by_time);
    for (size_t i = 0; !status && i < bars->n; i++) {
        if (i > 0 && places[i].ts_us == places[i - 1].ts_us) {
            bool equal = same_values(bars, places[kept].at, places[i].at);
            if (!equal && conflicts++ == 0)
                first_us = places[i].ts_us;
            duplicates += equal;
            continue;
        }
        px_bar bar = px_bars_at(bars, places[i].at);
        status = px_bars_append(&sorted, &bar, err);
        kept = i;
    }
    free(places);
    if (status) {
        px_bars_free(&sorted);
        return status;
    }
    px_bars_free(bars);
    *bars = sorted;
    set_counts(duplicates, conflicts, first_us, n_duplicates, n_conflicts, first_conflict_us);
    return PX_OK;
}

px_status px_bars_check_timeframe(const px_bars *bars, int timeframe_minutes, px_error *err) {
    /* daily bars may be stamped at any time of the day, and a day may lose an hour */
    int64_t least_minutes = timeframe_minutes < PX_TIMEFRAME_DAY ? timeframe_minutes : PX_TIMEFRAME_DAY / 2;
    int64_t shortest_us = least_minutes * PX_US_PER_MINUTE;
    size_t n_closer = 0;
    char wanted[PX_TIMEFRAME_TEXT_SIZE];
    for (size_t i = 1; i < bars->n; i++) {
        int64_t gap_us = bars->ts_us[i] - bars->ts_us[i - 1];
        n_closer += gap_us < least_minutes * PX_US_PER_MINUTE;
        shortest_us = gap_us < shortest_us ? gap_us : shortest_us;
    }
    if (bars->n < 2 || 2 * n_closer <= bars->n - 1)
        return PX_OK;
    return pxi_fail(err, PX_EINPUT,
                    "these are no %s bars: %zu of %zu follow the one before within less, down to %g minutes; "
                    "name the timeframe that they have",
                    px_timeframe_format(timeframe_minutes, wanted), n_closer, bars->n,
                    (double)shortest_us / (double)PX_US_PER_MINUTE);
}
