// SPDX-License-Identifier: Apache-2.0
/* Random bars for property tests: sessions of the exchange with everything that real and broken data hold.
 *
 *     for (uint64_t seed = 0; seed < 2000; seed++) {
 *         px_bars bars = series_make(seed, calendar);
 *         ... on a failure print the seed ...
 *         px_bars_free(&bars);
 *     }
 *
 * Each seed draws a mood for the whole series and one for each session, so that thousands of seeds meet all
 * of: gaps of minutes and days, late starts and early ends, one-bar sessions, evening sessions, flat bars,
 * whole flat sessions, zero volume (bar, session, series), huge and tiny volume, prices near zero, huge
 * prices, jumps. Bars are valid (px_bar_defect), start on minutes and lie inside their day's intervals, or
 * on an evening without any regular bar. */
#ifndef TESTS_SERIES_H
#define TESTS_SERIES_H

#include "base/rng.h"
#include "pixity/bars.h"
#include "pixity/calendar.h"

#include <math.h>
#include <stdlib.h>

typedef struct series_options {
    int timeframe_minutes; /* of the bars; they start on its bins counted from the open */
    size_t most_bars;      /* the series has 1 to this many */
} series_options;

typedef struct series_mood {
    double tick, jump, volume;            /* step of the lattice, typical move, typical volume */
    int gap_pct, flat_pct, no_volume_pct; /* chances in percent */
} series_mood;

static inline bool series_chance(pxi_rng *rng, int percent) {
    return pxi_rng_below(rng, 100) < (uint64_t)percent;
}

static inline double series_pick(pxi_rng *rng, const double *values, size_t n) {
    return values[pxi_rng_below(rng, n)];
}

/* A price on the lattice, kept above zero. */
static inline double series_price(double price, double tick) {
    double steps = floor(price / tick + 0.5);
    return steps < 1 ? tick : steps * tick;
}

static inline px_bar series_bar(pxi_rng *rng, const series_mood *mood, int64_t ts_us, double *price) {
    double from = *price, to = from, reach = mood->jump * from;
    if (!series_chance(rng, mood->flat_pct)) {
        if (series_chance(rng, 5)) /* the open leaves the last close */
            from = series_price(from + (pxi_rng_uniform(rng) - 0.5) * 8 * reach, mood->tick);
        to = series_price(from + (pxi_rng_uniform(rng) - 0.5) * 2 * reach, mood->tick);
    } else
        reach = 0;
    px_bar bar = {ts_us, from, fmax(from, to), fmin(from, to), to, 0};
    if (series_chance(rng, 80)) { /* wicks; without them open and close are the extremes */
        bar.high = series_price(bar.high + pxi_rng_uniform(rng) * reach, mood->tick);
        bar.low = fmin(bar.low, series_price(bar.low - pxi_rng_uniform(rng) * reach, mood->tick));
        bar.high = fmax(bar.high, fmax(from, to));
    }
    if (!series_chance(rng, mood->no_volume_pct))
        bar.volume = floor(1 + mood->volume * pxi_rng_uniform(rng) * (series_chance(rng, 2) ? 1e4 : 1));
    *price = to;
    return bar;
}

/* First and last minute of the day, drawn for one session. */
static inline void series_hours(pxi_rng *rng, const px_session *session, int64_t *begin_us, int64_t *end_us) {
    *begin_us = session->n_intervals ? session->intervals[0].begin_us : session->open_us;
    *end_us = session->n_intervals ? session->close_us : session->open_us + 375 * PX_US_PER_MINUTE;
    int64_t minutes = (*end_us - *begin_us) / PX_US_PER_MINUTE;
    switch (pxi_rng_below(rng, 12)) {
    case 0: /* late start */
        *begin_us += (int64_t)pxi_rng_below(rng, (uint64_t)minutes) * PX_US_PER_MINUTE;
        break;
    case 1: /* early end */
        *end_us -= (int64_t)pxi_rng_below(rng, (uint64_t)minutes) * PX_US_PER_MINUTE;
        break;
    case 2: /* one minute somewhere */
        *begin_us += (int64_t)pxi_rng_below(rng, (uint64_t)minutes) * PX_US_PER_MINUTE;
        *end_us = *begin_us + PX_US_PER_MINUTE;
        break;
    case 3: /* an evening after a holiday; on a date with hours of its own those are the evening */
        if (session->n_intervals && session->intervals[0].begin_us != session->open_us)
            break;
        *begin_us = session->open_us + 555 * PX_US_PER_MINUTE;
        *end_us = *begin_us + 60 * PX_US_PER_MINUTE;
        break;
    default:
        break;
    }
}

static inline series_mood series_mood_make(pxi_rng *rng, double price) {
    static const double jumps[] = {0.0002, 0.001, 0.01, 0.3};
    static const double volumes[] = {3, 1000, 1e5, 1e9, 1e14};
    static const int chances[] = {0, 0, 0, 3, 30, 95, 100};
    series_mood mood = {
        .tick = price < 1     ? 1e-4
                : price > 1e7 ? 1
                              : 0.05,
        .jump = series_pick(rng, jumps, 4),
        .volume = series_pick(rng, volumes, 5),
        .gap_pct = chances[pxi_rng_below(rng, 6)],
        .flat_pct = chances[pxi_rng_below(rng, 7)],
        .no_volume_pct = chances[pxi_rng_below(rng, 7)],
    };
    return mood;
}

/* Aborts on out of memory: a test has nothing else to do. */
static inline px_bars series_make_with(uint64_t seed, const px_calendar *calendar, series_options options) {
    static const double prices[] = {0.01, 3, 100, 2500, 50000, 1e9};
    px_bars bars = {0};
    pxi_rng rng;
    pxi_rng_seed(&rng, seed);
    double price = series_pick(&rng, prices, 6);
    series_mood whole = series_mood_make(&rng, price);
    size_t n = 1 + pxi_rng_below(&rng, options.most_bars);
    int32_t date = 14610 + (int32_t)pxi_rng_below(&rng, 6000); /* from 2010-01-01 */
    int64_t step_us = options.timeframe_minutes * PX_US_PER_MINUTE;
    while (bars.n < n) {
        px_session session = px_calendar_session(calendar, date);
        series_mood mood = series_chance(&rng, 30) ? series_mood_make(&rng, price) : whole;
        int64_t ts_us, end_us;
        series_hours(&rng, &session, &ts_us, &end_us);
        ts_us += ((session.open_us - ts_us) % step_us + step_us) % step_us;
        for (; ts_us < end_us && bars.n < n; ts_us += step_us) {
            bool inside = session.n_intervals < 2;
            for (int i = 0; i < session.n_intervals; i++)
                inside |= ts_us >= session.intervals[i].begin_us && ts_us < session.intervals[i].end_us;
            if (!inside || (mood.gap_pct < 100 && series_chance(&rng, mood.gap_pct)))
                continue;
            px_bar bar = series_bar(&rng, &mood, ts_us, &price);
            if (px_bars_append(&bars, &bar, NULL) != PX_OK)
                abort();
        }
        date += series_chance(&rng, 90) ? 1 : 1 + (int32_t)pxi_rng_below(&rng, 40);
    }
    return bars;
}

/* One-minute bars, 1 to 4000 of them. */
static inline px_bars series_make(uint64_t seed, const px_calendar *calendar) {
    series_options options = {1, 4000};
    return series_make_with(seed, calendar, options);
}

#endif
