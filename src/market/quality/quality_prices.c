// SPDX-License-Identifier: Apache-2.0
/* What the bars say: impossible values, prices at the level of something else, jumps, spikes. All moves are
 * logarithms of ratios, so that the way down counts as the way up. */
#include "market/quality/quality.h"

#include "base/error.h"
#include "base/mem.h"
#include "market/bars.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* NSE's widest daily price band lets a share lose 20 %, as much as it must gain to be back: 25 %. */
#define BAND (-log(0.80))
/* A move between two bars of a session, or a wick: so many times the usual range of a bar, within limits. On
 * real one-minute bars the largest wick that was traded is 5 %. */
#define RANGES_OF_JUMP 30
#define LEAST_JUMP     0.06
/* Prices that have jumped away come back within so many sessions, to this share of the jump. */
#define DAYS_AWAY  10
#define SHARE_BACK (1.0 / 3)
/* What is usual for a session is looked up in so many around it. */
#define DAYS_AROUND 10
/* An overnight jump is more than so many usual daily moves; their size is at least 1 %. */
#define MOVES_OF_JUMP 5
#define LEAST_MOVE    0.01
/* How near to a ratio a jump must be, and how quiet the sessions on either side: their range as a multiple of
 * the usual one. A collapse by news is not over in one night. */
#define LEAST_OFF   0.03
#define MOST_OFF    0.06
#define QUIET       3
#define LEAST_QUIET 0.06
/* News are traded for so many times the usual turnover, which so many sessions before tell at least; a split
 * stays for so many sessions after it. */
#define TURNOVERS_OF_NEWS 4
#define LEAST_TURNOVERS   5
#define DAYS_TO_STAY      5

static double log_ratio(double to, double from) {
    return to > 0 && from > 0 ? log(to / from) : 0;
}

/* From the close before. */
static double move_of(const px_bars *bars, size_t i) {
    return log_ratio(bars->close[i], bars->close[i - 1]);
}

/* A move further than this has a ratio outside of [1/factor, factor]: seen without a logarithm, and with a
 * little room, so that the logarithm decides. */
static double factor_of(double move) {
    return exp(move) * (1 - 1e-9);
}

static bool may_jump(const px_bars *bars, size_t i, double factor) {
    const double now = bars->close[i], before = bars->close[i - 1];
    return now > before * factor || now * factor < before;
}

static int compare_doubles(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* 0 of none. Sorts the values. */
static double median(double *values, size_t n) {
    if (!n)
        return 0;
    qsort(values, n, sizeof *values, compare_doubles);
    return values[n / 2];
}

void pxi_find_impossible_bars(const pxi_series_view *view, pxi_findings *to) {
    for (size_t i = 0; (i = pxi_screen_next(view, PXI_UNPLAIN, i)) < view->bars->n; i++) {
        px_bar bar = px_bars_at(view->bars, i);
        const char *defect = px_bar_defect(&bar);
        if (defect)
            pxi_finding_add(to, bar.ts_us, 1, "%s: o %g h %g l %g c %g v %g", defect, bar.open, bar.high,
                            bar.low, bar.close, bar.volume);
    }
}

/* From every so manyth bar, so that long series cost no more. */
static double usual_jump_of(const px_bars *bars) {
    double ranges[2048], jump;
    size_t n = 0, step = bars->n / 2048 + 1;
    for (size_t i = 0; i < bars->n; i += step) {
        ranges[n] = log_ratio(bars->high[i], bars->low[i]);
        n += ranges[n] > 0;
    }
    jump = RANGES_OF_JUMP * median(ranges, n);
    return jump < LEAST_JUMP ? LEAST_JUMP : jump > BAND ? BAND : jump;
}

static size_t day_of(const pxi_series_view *view, size_t bar) {
    size_t low = 0, high = view->n_days;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (view->days[middle].begin <= bar)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- what is usual for a session ------------------------------------------------------------------------
 */

static double day_move(const pxi_series_view *view, size_t d) {
    return log_ratio(view->bars->close[view->days[d].end - 1], view->bars->close[view->days[d - 1].end - 1]);
}

static double day_range(const pxi_series_view *view, size_t d) {
    const px_bars *bars = view->bars;
    const pxi_day *day = &view->days[d];
    double high = bars->high[day->begin], low = bars->low[day->begin];
    for (size_t i = day->begin + 1; i < day->end; i++) {
        high = bars->high[i] > high ? bars->high[i] : high;
        low = bars->low[i] < low ? bars->low[i] : low;
    }
    return log_ratio(high, low);
}

/* Median size of a measure over the sessions around session d, without it and the one before. */
static double usual_of(const pxi_series_view *view, size_t d,
                       double (*measure)(const pxi_series_view *, size_t)) {
    double values[2 * DAYS_AROUND + 1];
    size_t n = 0, begin = d > DAYS_AROUND ? d - DAYS_AROUND : 1;
    for (size_t i = begin; i < view->n_days && i <= d + DAYS_AROUND; i++)
        if (i != d && i + 1 != d)
            values[n++] = fabs(measure(view, i));
    return median(values, n);
}

/* A usual move over the days from the session before to session d: it grows with the root of time. */
static double usual_move(const pxi_series_view *view, size_t d) {
    double move = 1.4826 * usual_of(view, d, day_move); /* a standard deviation, if they were normal */
    int days = view->days[d].session.date - view->days[d - 1].session.date;
    return (move > LEAST_MOVE ? move : LEAST_MOVE) * sqrt(days > 3 ? days * 5.0 / 7 : 1);
}

/* A night that moves prices no further is one of this series: the band, or more where they are wild. */
static double usual_night(const pxi_series_view *view, size_t d) {
    const double wild = d > 0 ? MOVES_OF_JUMP * usual_move(view, d) : 0;
    return wild > BAND ? wild : BAND;
}

/* ---- prices at another level, and back ------------------------------------------------------------------
 */

/* The bar with which prices are back from a jump at bar i, or 0. What stays away over a night must have
 * jumped further than a night may move prices. */
static size_t find_return(const pxi_series_view *view, size_t i) {
    const px_bars *bars = view->bars;
    size_t day = day_of(view, i), last_day = day + DAYS_AWAY;
    size_t end = view->days[last_day < view->n_days ? last_day : view->n_days - 1].end;
    double before = bars->close[i - 1], out = move_of(bars, i);
    for (size_t j = i + 1; j < end; j++) {
        const bool same_day = j < view->days[day].end;
        double back = move_of(bars, j), need = same_day ? view->usual_jump : BAND;
        if (back * out < 0 && fabs(back) > need && fabs(out) > need &&
            fabs(log_ratio(bars->close[j], before)) <= SHARE_BACK * fabs(out) &&
            (same_day ||
             (fabs(out) > usual_night(view, day) && fabs(back) > usual_night(view, day_of(view, j)))))
            return j;
    }
    return 0;
}

/* Ten of the series' smallest steps; of a series that hardly moves at most half a rupee. */
static double few_ticks_of(const px_bars *bars) {
    double tick = 0.05;
    for (size_t i = 1; i < bars->n; i++) {
        const double step = fabs(bars->close[i] - bars->close[i - 1]);
        tick = step > 0 && step < tick ? step : tick;
    }
    return 10 * tick * (1 + 1e-9);
}

px_status pxi_find_runs(pxi_series_view *view, px_error *err) {
    view->usual_jump = usual_jump_of(view->bars);
    view->few_ticks = few_ticks_of(view->bars);
    const double factor = factor_of(view->usual_jump);
    if (!pxi_screen(view))
        return pxi_fail_memory(err);
    for (size_t i = 1; (i = pxi_screen_next(view, PXI_MOVED, i)) < view->bars->n; i++) {
        if (!may_jump(view->bars, i, factor) ||
            fabs(view->bars->close[i] - view->bars->close[i - 1]) <= view->few_ticks)
            continue;
        size_t back = fabs(move_of(view->bars, i)) > view->usual_jump ? find_return(view, i) : 0;
        if (!back)
            continue;
        if (!pxi_grow(&view->runs, &view->run_capacity, view->n_runs + 1, sizeof *view->runs))
            return pxi_fail_memory(err);
        view->runs[view->n_runs++] = (pxi_run){i, back};
        i = back;
    }
    return PX_OK;
}

static bool in_run(const pxi_series_view *view, size_t bar) {
    size_t low = 0, high = view->n_runs;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (view->runs[middle].end <= bar)
            low = middle + 1;
        else
            high = middle;
    }
    return low < view->n_runs && view->runs[low].begin <= bar;
}

/* One finding a session that the run touches. */
void pxi_find_bad_prices(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    char back[PX_TIME_TEXT_SIZE], first[PX_TIME_TEXT_SIZE];
    for (size_t r = 0; r < view->n_runs; r++) {
        const pxi_run *run = &view->runs[r];
        for (size_t begin = run->begin; begin < run->end;) {
            size_t end = view->days[day_of(view, begin)].end;
            end = end < run->end ? end : run->end;
            pxi_finding_add(to, bars->ts_us[begin], end - begin, "%.5s at %g, %g before; %.16s back at %g",
                            px_time_format_local(bars->ts_us[begin], view->zone, first) + 11,
                            bars->close[begin], bars->close[run->begin - 1],
                            px_time_format_local(bars->ts_us[run->end], view->zone, back),
                            bars->close[run->end]);
            begin = end;
        }
    }
}

void pxi_find_spikes(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    double factor = exp(view->usual_jump);
    for (size_t i = 1; (i = pxi_screen_next(view, PXI_SPIKED, i)) + 1 < bars->n; i++) {
        double before = bars->close[i - 1], after = bars->open[i + 1];
        double top = before > after ? before : after, bottom = before < after ? before : after;
        bool up = bars->high[i] > top * factor, down = bars->low[i] * factor < bottom;
        if ((up || down) && bottom > 0 && !in_run(view, i - 1) && !in_run(view, i) && !in_run(view, i + 1))
            pxi_finding_add(to, bars->ts_us[i], 1, "%s %g between %g and %g", up ? "high" : "low",
                            up ? bars->high[i] : bars->low[i], before, after);
    }
}

/* ---- jumps that stay ------------------------------------------------------------------------------------
 */

/* What prices are multiplied by on the ex-date of usual splits, bonuses and consolidations: to/from. */
static const struct {
    int to, from;
} ratios[] = {
    {1, 2}, {1, 3}, {2, 3},  {1, 4},  {3, 4},  {1, 5},  {2, 5},  {3, 5},  {1, 6},
    {1, 7}, {1, 8}, {1, 10}, {1, 15}, {1, 20}, {1, 25}, {1, 30}, {1, 50}, {1, 100},
    {2, 1}, {3, 1}, {3, 2},  {4, 1},  {4, 3},  {5, 1},  {5, 2},  {5, 3},  {6, 1},
    {7, 1}, {8, 1}, {10, 1}, {15, 1}, {20, 1}, {25, 1}, {30, 1}, {50, 1}, {100, 1},
};
#define N_RATIOS (sizeof ratios / sizeof *ratios)

/* The open of a session against the close before it. */
typedef struct night {
    size_t bar;   /* the session's first */
    double move;  /* a logarithm, 0 where it is usual */
    size_t ratio; /* the nearest; N_RATIOS where none fits */
} night;

static bool is_quiet(const pxi_series_view *view, size_t d) {
    double usual = QUIET * usual_of(view, d, day_range), most = usual > LEAST_QUIET ? usual : LEAST_QUIET;
    return day_range(view, d) <= most && day_range(view, d - 1) <= most;
}

static size_t nearest_ratio(double move, double most_off) {
    size_t best = N_RATIOS;
    for (size_t i = 0; i < N_RATIOS; i++) {
        double off = fabs(move - log((double)ratios[i].to / ratios[i].from));
        if (off <= most_off) {
            best = i;
            most_off = off;
        }
    }
    return best;
}

/* ---- what confirms a split ------------------------------------------------------------------------------
 *
 * Who holds two shares for one trades as much money as before; news that move a price so far are traded by
 * everybody, in shares and in money. (Sources that adjust one of the two leave the other.) */

typedef double measure_fn(const pxi_series_view *view, size_t d);

static double turnover_of(const pxi_series_view *view, size_t d) {
    double sum = 0;
    for (size_t i = view->days[d].begin; i < view->days[d].end; i++)
        sum += view->bars->close[i] * view->bars->volume[i];
    return sum;
}

static double volume_of(const pxi_series_view *view, size_t d) {
    double sum = 0;
    for (size_t i = view->days[d].begin; i < view->days[d].end; i++)
        sum += view->bars->volume[i];
    return sum;
}

/* A session's measure as a multiple of the median before it; NaN where that is not known. */
static double multiple_of(const pxi_series_view *view, size_t d, measure_fn *measure) {
    double values[DAYS_AROUND];
    size_t n = 0;
    for (size_t i = d > DAYS_AROUND ? d - DAYS_AROUND : 0; i < d; i++) {
        values[n] = measure(view, i);
        n += values[n] > 0;
    }
    const double now = measure(view, d);
    return n >= LEAST_TURNOVERS && now > 0 ? now / median(values, n) : NAN;
}

/* Half the way back within the next sessions, however slowly. */
static bool comes_back(const pxi_series_view *view, size_t d, double move) {
    const px_bars *bars = view->bars;
    const double before = bars->close[view->days[d].begin - 1];
    for (size_t i = d; i < view->n_days && i <= d + DAYS_TO_STAY; i++)
        if (fabs(log_ratio(bars->close[view->days[i].end - 1], before)) < fabs(move) / 2)
            return true;
    return false;
}

/* Where no band stops it, a price often opens lower by a quarter or a third: one share for another number
 * that is not one needs the turnover of a split for its proof. */
static bool is_confirmed(const pxi_series_view *view, size_t d, const night *found) {
    const bool is_whole = ratios[found->ratio].to == 1 || ratios[found->ratio].from == 1;
    const double multiple = fmin(multiple_of(view, d, turnover_of), multiple_of(view, d, volume_of));
    if (multiple > TURNOVERS_OF_NEWS || comes_back(view, d, found->move))
        return false;
    return is_whole || pxi_calendar_has_bands(view->config->calendar) || !isnan(multiple);
}

static night look_at_night(const pxi_series_view *view, size_t d) {
    const px_bars *bars = view->bars;
    night found = {view->days[d].begin, 0, N_RATIOS};
    double move = log_ratio(bars->open[found.bar], bars->close[found.bar - 1]);
    if (fabs(move) <= BAND || fabs(bars->open[found.bar] - bars->close[found.bar - 1]) <= view->few_ticks ||
        in_run(view, found.bar) || in_run(view, found.bar - 1))
        return found;
    double usual = usual_move(view, d), off = usual < LEAST_OFF ? LEAST_OFF : usual;
    if (fabs(move) <= MOVES_OF_JUMP * usual)
        return found;
    found.move = move;
    if (is_quiet(view, d))
        found.ratio = nearest_ratio(move, off < MOST_OFF ? off : MOST_OFF);
    if (found.ratio != N_RATIOS && !is_confirmed(view, d, &found))
        found.ratio = N_RATIOS;
    return found;
}

/* What one share became: the inverse of what its price did. */
static void write_factor(size_t ratio, char *buf, size_t size) {
    int to = ratios[ratio].to, from = ratios[ratio].from;
    if (to == 1)
        snprintf(buf, size, "%d", from);
    else
        snprintf(buf, size, "%d/%d", from, to);
}

void pxi_find_splits(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    for (size_t d = 1; d < view->n_days; d++) {
        night found = look_at_night(view, d);
        if (found.ratio == N_RATIOS)
            continue;
        pxi_finding_add(to, bars->ts_us[found.bar], 1, "opens at %g after %g: x %.4f, near %d/%d",
                        bars->open[found.bar], bars->close[found.bar - 1], exp(found.move),
                        ratios[found.ratio].to, ratios[found.ratio].from);
        if (!to->failed)
            write_factor(found.ratio, to->items[to->n - 1].factor, sizeof to->items->factor);
    }
}

static void add_jump(const pxi_series_view *view, size_t bar, double to_price, pxi_findings *to) {
    double before = view->bars->close[bar - 1];
    pxi_finding_add(to, view->bars->ts_us[bar], 1, "%g after %g: %+.1f %%", to_price, before,
                    100 * (to_price / before - 1));
}

void pxi_find_jumps(const pxi_series_view *view, pxi_findings *to) {
    const px_bars *bars = view->bars;
    const double factor = factor_of(BAND);
    for (size_t d = 0; d < view->n_days; d++) {
        const pxi_day *day = &view->days[d];
        night found = d ? look_at_night(view, d) : (night){.ratio = N_RATIOS};
        if (found.move != 0 && found.ratio == N_RATIOS)
            add_jump(view, found.bar, bars->open[found.bar], to);
        for (size_t i = day->begin + 1; (i = pxi_screen_next(view, PXI_MOVED, i)) < day->end; i++)
            if (may_jump(bars, i, factor) && fabs(move_of(bars, i)) > BAND && !in_run(view, i) &&
                !in_run(view, i - 1))
                add_jump(view, i, bars->close[i], to);
    }
}
