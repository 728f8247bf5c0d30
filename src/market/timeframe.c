// SPDX-License-Identifier: Apache-2.0
/* Whether bars are of the timeframe that they are said to be. */
#include "pixity/bars.h"

#include "base/error.h"
#include "market/bars.h"
#include "pixity/time.h"

/* Fewer bars say nothing. */
#define LEAST_BARS  20
#define LEAST_DAILY 5
/* A day may lose an hour of daylight saving. */
#define LEAST_DAY_US (PX_US_PER_DAY - 60 * PX_US_PER_MINUTE)

/* How many bars follow the one before after exactly step_us, or after a multiple of it. */
static void count_steps(const px_bars *bars, int64_t step_us, size_t *n_equal, size_t *n_multiple) {
    *n_equal = *n_multiple = 0;
    for (size_t i = 1; i < bars->n; i++) {
        int64_t gap_us = bars->ts_us[i] - bars->ts_us[i - 1];
        *n_equal += gap_us == step_us;
        *n_multiple += gap_us == step_us || gap_us % step_us == 0;
    }
}

int px_bars_likely_timeframe(const px_bars *bars) {
    int64_t step_us = INT64_MAX;
    size_t n_equal, n_multiple;
    for (size_t i = 1; i < bars->n; i++) {
        int64_t gap_us = bars->ts_us[i] - bars->ts_us[i - 1];
        step_us = gap_us < step_us ? gap_us : step_us;
    }
    bool daily = step_us >= LEAST_DAY_US;
    if (bars->n < (daily ? LEAST_DAILY : LEAST_BARS) || step_us < PX_US_PER_MINUTE ||
        step_us % PX_US_PER_MINUTE)
        return 0;
    count_steps(bars, daily ? PX_US_PER_DAY : step_us, &n_equal, &n_multiple);
    /* Nights and weekends are multiples too, whatever the timeframe; a symbol that trades seldom has steps of
     * all lengths. */
    if (10 * n_multiple < 8 * (bars->n - 1) || (!daily && 10 * n_equal < 4 * (bars->n - 1)))
        return 0;
    return daily ? PX_TIMEFRAME_DAY : (int)(step_us / PX_US_PER_MINUTE);
}

/* Bars of usual lengths begin at whole lengths of the hour, or at what sessions that open at a quarter leave.
 */
static bool is_usual(const px_bars *bars, int minutes) {
    static const int usual[] = {3, 5, 10, 15, 30, 60, 120, 180, 240};
    bool found = false;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        found |= usual[i] == minutes;
    const int64_t grid_us = (minutes % 15 == 0 ? 15 : minutes % 5 == 0 ? 5 : 3) * PX_US_PER_MINUTE;
    for (size_t i = 0; i < bars->n && found; i++)
        found = bars->ts_us[i] % grid_us == 0;
    return found;
}

int pxi_bars_seen_timeframe(const px_bars *bars) {
    const int likely = px_bars_likely_timeframe(bars);
    int64_t step_us = INT64_MAX;
    size_t n_equal, n_multiple;
    if (likely || bars->n < 3 || bars->n >= LEAST_BARS)
        return likely;
    for (size_t i = 1; i < bars->n; i++) {
        const int64_t gap_us = bars->ts_us[i] - bars->ts_us[i - 1];
        step_us = gap_us < step_us ? gap_us : step_us;
    }
    const bool daily = step_us >= LEAST_DAY_US;
    count_steps(bars, daily ? PX_US_PER_DAY : step_us, &n_equal, &n_multiple);
    if (n_multiple < bars->n - 1)
        return 0;
    if (daily)
        return PX_TIMEFRAME_DAY;
    const int minutes = (int)(step_us / PX_US_PER_MINUTE);
    return 2 * n_equal >= bars->n - 1 && is_usual(bars, minutes) ? minutes : 0;
}

/* "weekly" or "monthly" where bars follow each other so, and never closer; NULL = they do not. */
static const char *longer_than_days(const px_bars *bars) {
    size_t n_weeks = 0, n_months = 0;
    if (bars->n < LEAST_DAILY)
        return NULL;
    for (size_t i = 1; i < bars->n; i++) {
        const int64_t days = (bars->ts_us[i] - bars->ts_us[i - 1] + PX_US_PER_DAY / 2) / PX_US_PER_DAY;
        if (days < 6)
            return NULL;
        n_weeks += days <= 8;
        n_months += days >= 28 && days <= 31;
    }
    return 10 * n_weeks >= 9 * (bars->n - 1)    ? "weekly"
           : 10 * n_months >= 9 * (bars->n - 1) ? "monthly"
                                                : NULL;
}

static px_status fail_longer(int likely, int timeframe_minutes, px_error *err) {
    char have[PX_TIMEFRAME_TEXT_SIZE], said[PX_TIMEFRAME_TEXT_SIZE];
    px_timeframe_format(likely, have);
    return pxi_fail(err, PX_EINPUT,
                    "these look like %s bars, not %s: they follow each other in such steps and never closer; "
                    "name the timeframe %s",
                    have, px_timeframe_format(timeframe_minutes, said), have);
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
    const char *longer = timeframe_minutes == PX_TIMEFRAME_DAY ? longer_than_days(bars) : NULL;
    if (longer)
        return pxi_fail(err, PX_EINPUT, "these look like %s bars; bars of a day at most are read", longer);
    if (bars->n < 2 || 2 * n_closer <= bars->n - 1) {
        int likely = px_bars_likely_timeframe(bars);
        return likely > timeframe_minutes ? fail_longer(likely, timeframe_minutes, err) : PX_OK;
    }
    return pxi_fail(err, PX_EINPUT,
                    "these are no %s bars: %zu of %zu follow the one before within less, down to %g minutes; "
                    "name the timeframe that they have",
                    px_timeframe_format(timeframe_minutes, wanted), n_closer, bars->n,
                    (double)shortest_us / (double)PX_US_PER_MINUTE);
}
